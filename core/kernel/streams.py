"""Server-sent events that hold no thread of the web server while they wait.

A gunicorn worker has a few threads, and twenty people who watch a page must not take them from the site. So a view
answers with `HeldStream`: the thread that got the request writes the head of the answer and then hands the connection
over, and one thread of this worker writes to all that were handed over. It looks several times a second, with one
small query for each tenant, whether something has grown a new version; between two looks it holds no transaction and no
connection of the database.

A stream lives for about a minute; the browser then connects again (`Last-Event-ID`) and goes through the whole door of
the site anew. Until then each listener is asked about again and again (`Source.told`), and one who may not listen any
more is cut off. Where a connection cannot be handed over (another server, encrypted by gunicorn itself, HTTP/2) or too
many are held, the view says so and the page asks by itself from time to time.
"""

from __future__ import annotations

import os
import secrets
import socket
import ssl
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from threading import Condition, Thread
from time import monotonic
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

import structlog
from flask import Flask, Response

from core.kernel.db import set_write_intent, tenant_scope

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

log = structlog.get_logger(__name__)

LOOK_EVERY = 0.1  # seconds between two looks for new versions
ASK_EVERY = 2.0  # seconds after which a listener is asked about again
BEAT_EVERY = 15.0  # seconds after which a comment keeps a proxy from closing a quiet stream
LIFE = 50.0  # seconds a stream lives, and up to ten more, so that not all come back at once
RETRY = 1000  # milliseconds after which a browser comes back
MOST = 200  # streams of a worker
PROTOCOL = "SERVER_PROTOCOL"  # of the WSGI environment
MOST_EACH = 6  # streams of one person; the oldest goes


class Listener(Protocol):
    """Who listens to what, hashable: `topic` has a version, `who` is the person."""

    @property
    def tenant_id(self) -> UUID:
        """The tenant of the topic."""

    @property
    def topic(self) -> UUID:
        """What is listened to."""

    @property
    def who(self) -> UUID:
        """The account."""


class Source(Protocol):
    """Where a stream's events come from. Called with the session bound to the listeners' tenant."""

    def heads(self, topics: Collection[UUID]) -> Mapping[UUID, int]:
        """The version of each topic, in one query."""

    def told(self, listeners: Sequence[Any]) -> Mapping[Any, tuple[int, str] | None]:
        """Version and data (one line) for each listener; None for one who may not listen any more."""


@dataclass(slots=True, eq=False)
class _Held:
    """A connection that was handed over; `spare` is the far end of what the server was given in its place."""

    connection: socket.socket
    spare: socket.socket
    is_chunked: bool
    listener: Any
    seen: int
    until: float
    beat_at: float
    asked_at: float = 0.0


class Hub:
    """The streams of this worker from one source."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._held: list[_Held] = []
        self._changed = Condition()
        self._thread: Thread | None = None

    def has_room(self) -> bool:
        """Whether one more stream may be held."""
        return len(self._held) < MOST

    def take(self, app: Flask, given: socket.socket, listener: Any, seen: int, *, is_chunked: bool) -> None:
        """Take the connection `given` out of the server's hands.

        The server keeps its number for the socket, under which it finds an idle one: what it still writes there goes
        nowhere, and it closes that one and not ours.
        """
        ours = socket.socket(fileno=os.dup(given.fileno()))
        idle, spare = socket.socketpair()
        os.dup2(idle.fileno(), given.fileno(), inheritable=False)
        idle.close()
        ours.setblocking(False)
        with suppress(OSError):  # a socket of the file system has no such delay
            ours.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        now = monotonic()
        until = now + LIFE + secrets.randbelow(10_000) / 1000
        with self._changed:
            self._held.append(_Held(ours, spare, is_chunked, listener, seen, until, now + BEAT_EVERY))
            own = [one for one in self._held if one.listener.who == listener.who]
            for old in own[:-MOST_EACH]:
                old.until = 0.0
            if self._thread is None:
                self._thread = Thread(target=self._run, args=(app,), name="streams", daemon=True)
                self._thread.start()
            self._changed.notify()

    def _run(self, app: Flask) -> None:
        set_write_intent(writes=False)  # on SQLite a look must not wait for who writes, nor keep him waiting
        while True:
            with self._changed:
                if not self._held:
                    self._thread = None
                    return
                held = list(self._held)
            try:
                self._look(app, held)
            except Exception:  # whatever it was, the browsers come back, and the site answers them as it can
                log.exception("streams cut")
                for one in held:
                    self._drop(one)
            with self._changed:
                self._changed.wait(LOOK_EVERY)

    def _look(self, app: Flask, held: Sequence[_Held]) -> None:
        now = monotonic()
        by_tenant: dict[UUID, list[_Held]] = defaultdict(list)
        for one in held:
            if now >= one.until or _has_left(one.connection):
                self._end(one)
            else:
                by_tenant[one.listener.tenant_id].append(one)
        for tenant_id, own in by_tenant.items():
            with app.app_context(), tenant_scope(tenant_id):
                heads = self._source.heads({one.listener.topic for one in own})
                due = [one for one in own if heads.get(one.listener.topic) != one.seen]
                if any(now - one.asked_at >= ASK_EVERY for one in own):
                    due = own  # one question for all of them costs what one for a single listener does
                told = self._source.told([one.listener for one in due]) if due else {}
            for one in due:
                one.asked_at = now
                self._tell(one, told.get(one.listener))
        for one in held:
            if now >= one.beat_at:
                self._send(one, b":\n\n")

    def _tell(self, one: _Held, told: tuple[int, str] | None) -> None:
        if told is None:
            self._send(one, b"event: cut\ndata: {}\n\n")
            self._end(one)
        elif told[0] != one.seen:
            one.seen = told[0]
            self._send(one, f"id: {told[0]}\nevent: show\ndata: {told[1]}\n\n".encode())

    def _send(self, one: _Held, data: bytes) -> None:
        one.beat_at = monotonic() + BEAT_EVERY
        framed = b"%x\r\n%b\r\n" % (len(data), data) if one.is_chunked else data
        try:
            is_whole = one.connection.send(framed) == len(framed)
        except OSError:
            is_whole = False
        if not is_whole:  # who does not read gets nothing more; the browser comes back and is told the newest
            self._drop(one)

    def _end(self, one: _Held) -> None:
        if one.is_chunked:
            with suppress(OSError):
                one.connection.send(b"0\r\n\r\n")
        self._drop(one)

    def _drop(self, one: _Held) -> None:
        with self._changed:
            if one not in self._held:
                return
            self._held.remove(one)
        one.connection.close()
        one.spare.close()


def can_hold(environ: Mapping[str, Any]) -> bool:
    """Whether the connection of a request can be handed over: a plain HTTP/1 one of gunicorn's."""
    given = environ.get("gunicorn.socket")
    return (
        isinstance(given, socket.socket)
        and not isinstance(given, ssl.SSLSocket)
        and environ.get(PROTOCOL) in ("HTTP/1.0", "HTTP/1.1")
    )


class HeldStream(Response):
    """An answer whose connection is handed to `hub` once its head is written; `seen` is the version known there."""

    def __init__(self, app: Flask, hub: Hub, listener: Listener, seen: int) -> None:
        super().__init__(mimetype="text/event-stream")
        self.headers["Cache-Control"] = "no-store"
        self.headers["X-Accel-Buffering"] = "no"
        self._handed = (app, hub, listener, seen)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Any:
        """The answer to the server, as any other; its body is what hands over."""
        self.response = self._handing(environ)
        return super().__call__(environ, start_response)

    def _handing(self, environ: WSGIEnvironment) -> Iterator[bytes]:
        app, hub, listener, seen = self._handed
        yield f"retry: {RETRY}\n\n".encode()
        # Asked for more, the server has written the head and the line above.
        is_chunked = environ[PROTOCOL] == "HTTP/1.1"
        hub.take(app, environ["gunicorn.socket"], listener, seen, is_chunked=is_chunked)


def _has_left(connection: socket.socket) -> bool:
    try:
        return connection.recv(4096) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True
