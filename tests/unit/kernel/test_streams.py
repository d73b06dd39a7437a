"""Streams that hold no thread of the server: what goes to which connection, and who is let go of."""

from __future__ import annotations

import socket
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from uuid import UUID

import pytest
from flask import Flask

from core.kernel.ids import uuid7
from core.kernel.streams import MOST_EACH, Hub, can_hold

TENANT, TOPIC = uuid7(), uuid7()


@dataclass(frozen=True, slots=True)
class Ear:
    """A listener."""

    who: UUID
    topic: UUID = TOPIC
    tenant_id: UUID = TENANT


class Board:
    """A source that the test writes on."""

    def __init__(self) -> None:
        self.version = 1
        self.shut_out: set[UUID] = set()

    def heads(self, topics: Collection[UUID]) -> Mapping[UUID, int]:
        """The version."""
        return dict.fromkeys(topics, self.version)

    def told(self, listeners: Sequence[Ear]) -> Mapping[Ear, tuple[int, str] | None]:
        """The version in words, to who is not shut out."""
        return {
            one: None if one.who in self.shut_out else (self.version, f'{{"at":{self.version}}}')
            for one in listeners
        }


class Line:
    """Both ends of a connection: what the server was given, and what a browser reads."""

    def __init__(self, stack: ExitStack) -> None:
        self.server, self.browser = (stack.enter_context(one) for one in socket.socketpair())
        self.browser.settimeout(10)

    def read(self, wanted: bytes) -> bytes:
        """What arrives until `wanted` has come or the other end is closed."""
        got = b""
        while wanted not in got and (part := self.browser.recv(4096)):
            got += part
        return got


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    """Closes what the test opened."""
    with ExitStack() as opened:
        yield opened


def test_a_listener_is_told_the_newest_and_the_server_has_its_number_back(
    app: Flask, stack: ExitStack
) -> None:
    board, line = Board(), Line(stack)
    hub = Hub(board)
    hub.take(app, line.server, Ear(uuid7()), 0, is_chunked=True)

    line.server.sendall(b"0\r\n\r\n")  # what the server still writes goes nowhere
    got = line.read(b'{"at":1}\n\n\r\n')

    assert got == b'22\r\nid: 1\nevent: show\ndata: {"at":1}\n\n\r\n'
    board.version = 2
    assert b'id: 2\nevent: show\ndata: {"at":2}' in line.read(b'{"at":2}\n\n\r\n')


def test_who_may_not_listen_any_more_is_told_and_cut_off(app: Flask, stack: ExitStack) -> None:
    board, line, who = Board(), Line(stack), uuid7()
    board.shut_out.add(who)
    hub = Hub(board)

    hub.take(app, line.server, Ear(who), 1, is_chunked=True)

    assert line.read(b"nothing").endswith(b"event: cut\ndata: {}\n\n\r\n0\r\n\r\n")
    assert hub.has_room()


def test_the_oldest_of_one_persons_many_streams_goes(app: Flask, stack: ExitStack) -> None:
    board, who = Board(), uuid7()
    hub = Hub(board)
    lines = [Line(stack) for _ in range(MOST_EACH + 1)]
    for line in lines:
        hub.take(app, line.server, Ear(who), 1, is_chunked=False)

    assert lines[0].read(b"nothing") in (b"", b":\n\n")
    board.version = 2
    assert all(b"id: 2" in line.read(b"data: ") for line in lines[1:])
    board.shut_out.add(who)
    assert all(b"cut" in line.read(b"nothing") for line in lines[1:])


def test_who_left_is_let_go_of_and_the_others_go_on(app: Flask, stack: ExitStack) -> None:
    board, gone, stays, who = Board(), Line(stack), Line(stack), uuid7()
    hub = Hub(board)
    hub.take(app, gone.server, Ear(uuid7()), 1, is_chunked=False)
    hub.take(app, stays.server, Ear(who), 1, is_chunked=False)

    gone.browser.close()
    board.version = 2

    assert b"id: 2" in stays.read(b"data: ")
    assert [one.listener.who for one in hub._held] == [who]
    board.shut_out.add(who)
    assert b"cut" in stays.read(b"nothing")


@pytest.mark.parametrize(
    "environ",
    [{}, {"SERVER_PROTOCOL": "HTTP/1.1"}, {"gunicorn.socket": "no socket", "SERVER_PROTOCOL": "HTTP/1.1"}],
)
def test_other_servers_hand_nothing_over(environ: Mapping[str, object]) -> None:
    assert not can_hold(environ)


def test_a_plain_connection_is_handed_over_and_http_2_is_not(stack: ExitStack) -> None:
    line = Line(stack)
    assert can_hold({"gunicorn.socket": line.server, "SERVER_PROTOCOL": "HTTP/1.1"})
    assert not can_hold({"gunicorn.socket": line.server, "SERVER_PROTOCOL": "HTTP/2"})
