"""A small load generator: connections that are kept open and send one request after another for some seconds."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

RequestMaker = Callable[[int], bytes]


@dataclass
class Load:
    """What a run saw: seconds it took, answers by status, and the time of each answer in milliseconds."""

    seconds: float = 0.0
    statuses: Counter[int] = field(default_factory=Counter)
    milliseconds: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Answers a second."""
        return sum(self.statuses.values()) / self.seconds

    def percentile(self, share: float) -> float:
        """The time in milliseconds within which `share` (0 to 1) of the answers came."""
        ordered = sorted(self.milliseconds)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def get(path: str, host: str, cookie: str = "") -> bytes:
    """The bytes of a GET."""
    line = f"Cookie: {cookie}\r\n" if cookie else ""
    return f"GET {path} HTTP/1.1\r\nHost: {host}\r\nAccept: */*\r\n{line}\r\n".encode()


def post(path: str, host: str, cookie: str, body: str) -> bytes:
    """The bytes of a form POST."""
    return (
        f"POST {path} HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\n\r\n{body}"
    ).encode()


def post_json(path: str, host: str, cookie: str, csrf: str, body: object) -> bytes:
    """The bytes of a POST as a script of ours sends it."""
    sent = json.dumps(body).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\nX-CSRFToken: {csrf}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(sent)}\r\n\r\n"
    )
    return head.encode() + sent


def run(port: int, make: RequestMaker, *, seconds: float, connections: int = 8, most: int = 10**9) -> Load:
    """Send `make(0)`, `make(1)`, … for `seconds`, or until `most` were sent, over `connections` connections."""
    return asyncio.run(_run(port, make, seconds, connections, most))


async def _run(port: int, make: RequestMaker, seconds: float, connections: int, most: int) -> Load:
    load = Load()
    numbers = iter(range(most))
    started = time.perf_counter()
    until = started + seconds
    await asyncio.gather(*(_connection(port, make, until, numbers, load) for _ in range(connections)))
    load.seconds = time.perf_counter() - started
    return load


async def _connection(port: int, make: RequestMaker, until: float, numbers: object, load: Load) -> None:
    reader: asyncio.StreamReader | None = None
    writer: asyncio.StreamWriter | None = None
    for number in numbers:  # type: ignore[attr-defined]
        if time.perf_counter() >= until:
            break
        if writer is None:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
        assert reader is not None
        began = time.perf_counter()
        writer.write(make(number))
        status, closes = await _answer(reader)
        load.milliseconds.append((time.perf_counter() - began) * 1000)
        load.statuses[status] += 1
        if closes:
            writer.close()
            writer = None
    if writer is not None:
        writer.close()


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bool]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    status = int(head.split(" ", 2)[1])
    lowered = head.lower()
    if "content-length:" in lowered:
        length = int(lowered.split("content-length:", 1)[1].split("\r\n", 1)[0])
        await reader.readexactly(length)
    elif "transfer-encoding: chunked" in lowered:
        while size := int((await reader.readline()).strip() or b"0", 16):
            await reader.readexactly(size + 2)
        await reader.readline()
    return status, "connection: close" in lowered
