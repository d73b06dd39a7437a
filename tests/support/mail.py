"""A real mail server on loopback that keeps what arrives and answers as a test tells it."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from email import message_from_bytes
from email.message import Message
from typing import Any

import pytest
from aiosmtpd.controller import Controller


class Post:
    """The server: `messages` and `envelopes` that arrived; `answers` are given to DATA one by one, then "250 OK".

    `refused` maps a recipient to the answer its RCPT gets; `on_data` is called with each message before the answer.
    """

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.envelopes: list[tuple[str, list[str]]] = []
        self.answers: list[str] = []
        self.refused: dict[str, str] = {}
        self.on_data: Callable[[], None] | None = None
        self.port = 0

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        """Answer one recipient."""
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        """Keep one message unless the test has another answer; "cut" closes the connection without one."""
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer.startswith("250"):
            self.messages.append(message_from_bytes(envelope.content))
            self.envelopes.append((envelope.mail_from, envelope.rcpt_tos))
        if self.on_data is not None:
            self.on_data()
        if answer == "cut":
            server.transport.abort()
            return "421 cut"
        return answer


def free_port() -> int:
    """A port that is free now on loopback."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def post() -> Iterator[Post]:
    """A mail server on loopback and what it has received."""
    made = Post()
    controller = Controller(made, hostname="127.0.0.1", port=free_port())
    controller.start()
    made.port = controller.port
    yield made
    controller.stop()
