"""Screens that follow a deliberation over the network: each reads one stream of events as a browser does."""

from __future__ import annotations

import http.client
import json
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Thread
from typing import Any
from urllib.parse import urlencode

from flask import Flask

from core.kernel.db import session, tenant_scope
from tests.support.deliberations import OFFICER, differing, opened
from tests.support.factories import TenantFacts, view
from tests.support.judging import ROUND, judge_account
from tests.support.live import Site, cookie_of

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass(slots=True)
class Screen:
    """One screen: what it was told, with when (monotonic seconds)."""

    port: int
    host: str
    path: str
    cookie: str
    status: int = 0
    events: list[tuple[float, str, dict[str, Any]]] = field(default_factory=list)
    is_over: bool = False
    _connection: http.client.HTTPConnection | None = None
    _socket: socket.socket | None = None
    _thread: Thread | None = None

    def open(self, *, last: str = "") -> None:
        """Connect (again) and read from now on; returns once the head of the answer has come."""
        self.close()
        self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"Host": self.host, "Cookie": self.cookie, "Accept": "text/event-stream"}
        if last:
            headers["Last-Event-ID"] = last
        self._connection.request("GET", self.path, headers=headers)
        self._socket = self._connection.sock
        answer = self._connection.getresponse()
        self.is_over = False
        self.status = answer.status
        self._thread = Thread(target=self._read, args=(answer,), daemon=True)
        self._thread.start()

    def _read(self, answer: http.client.HTTPResponse) -> None:
        event = ""
        with suppress(OSError, http.client.HTTPException, ValueError, AttributeError):
            while line := answer.readline():
                text = line.decode().rstrip("\n")
                if text.startswith("event: "):
                    event = text.removeprefix("event: ")
                elif text.startswith("data: "):
                    self.events.append((time.monotonic(), event, json.loads(text.removeprefix("data: "))))
        answer.close()
        self.is_over = True

    def close(self) -> None:
        """Leave."""
        if self._socket is not None:
            with suppress(OSError):  # closing alone would wait for who reads
                self._socket.shutdown(socket.SHUT_RDWR)
        if self._thread is not None:
            self._thread.join(10)
        if self._connection is not None:
            self._connection.close()
        if self._socket is not None:
            self._socket.close()


@dataclass(frozen=True, slots=True)
class Room:
    """A served deliberation: who leads and who follow, by their cookies."""

    slug: str
    code: str
    leader: str
    judges: tuple[str, ...]

    @property
    def address(self) -> str:
        """The room's page."""
        return f"/hoi-dong/{ROUND}/thao-luan/{self.code}"

    def screens(self, site: Site) -> list[Screen]:
        """A screen of each judge, not yet open."""
        host = f"{self.slug}.localhost:{site.port}"
        path = f"{self.address}/luong?tu=1"
        return [Screen(site.port, host, path, f"bv={cookie}") for cookie in self.judges]

    def show(self, site: Site, criterion: str, headers: dict[str, str]) -> float:
        """The leader shows a criterion; gives when he pressed the button."""
        body = urlencode({"tieu-chi": criterion, "csrf_token": headers["X-CSRFToken"]}).encode()
        pressed = time.monotonic()
        answer = site.ask(
            self.slug, f"{self.address}/dieu-khien", "POST", body=body, headers={**headers, **FORM}
        )
        assert answer.status == 303, (answer.status, answer.text[:300])
        return pressed


def make_room(app: Flask, facts: TenantFacts, *, judges: int) -> Room:
    """A deliberation of the whole council about one entry that all have judged; stored."""
    with app.app_context(), tenant_scope(facts.id) as current:
        edition = view(facts)
        entry = differing(edition, judges=judges)
        opened(edition, entry)
        emails = [judge_account(number).email or "" for number in range(1, judges + 1)]
        code = entry.code or ""
        current.commit()
    cookies = tuple(cookie_of(app, facts.slug, email) for email in emails)
    with app.app_context(), tenant_scope(facts.id):
        session().rollback()
    return Room(facts.slug, code, cookie_of(app, facts.slug, OFFICER), cookies)


@contextmanager
def followed(site: Site, room: Room) -> Iterator[list[Screen]]:
    """Every judge's screen, open until the end."""
    screens = room.screens(site)
    try:
        for one in screens:
            one.open()
        yield screens
    finally:
        for one in screens:
            one.close()


def wait_until(holds: Callable[[], bool], *, seconds: float = 10.0) -> bool:
    """Whether `holds` came true within `seconds`; looks a hundred times a second."""
    until = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > until:
            return False
        time.sleep(0.01)
    return True


def last_reached(screens: Sequence[Screen], criterion: str) -> float | None:
    """When the last of the screens was told to show `criterion`; None while one is missing."""
    found = [
        next((at for at, kind, told in one.events if kind == "show" and told["criterion"] == criterion), None)
        for one in screens
    ]
    return None if any(at is None for at in found) else max(at for at in found if at is not None)
