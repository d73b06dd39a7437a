"""Asking ClamAV about a file: its INSTREAM protocol over TCP or a local socket (clamd(8)), where one is configured."""

from __future__ import annotations

import socket
import struct
from dataclasses import dataclass
from typing import IO
from urllib.parse import urlsplit

from flask import current_app

CHUNK = 64 * 1024
CONNECTING = 5.0
ANSWERING = 60.0
DEFAULT_PORT = 3310


class ScannerUnavailable(Exception):
    """The scanner gave no verdict; the text says why, for logs and operators."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the scanner says of a content; `found` names the signature that met, "" when it is clean."""

    found: str = ""

    @property
    def is_clean(self) -> bool:
        """Whether no signature met."""
        return not self.found


@dataclass(frozen=True, slots=True)
class Scanner:
    """A clamd at `tcp://host:port` or `unix:/path`."""

    url: str

    def scan(self, stream: IO[bytes]) -> Verdict:
        """The verdict over `stream`, which is read in pieces from its start and rewound after.

        Raises ScannerUnavailable: what was not looked at is never called clean.
        """
        stream.seek(0)
        try:
            with self._connected() as connection:
                reply = _streamed(connection, stream)
        except OSError as error:
            raise ScannerUnavailable(f"{self.url}: {error}") from error
        finally:
            stream.seek(0)
        _name, _sep, said = reply.partition(": ")
        if said == "OK":
            return Verdict()
        if said.endswith(" FOUND"):
            return Verdict(said.removesuffix(" FOUND"))
        raise ScannerUnavailable(f"{self.url}: {reply or 'no answer'}")

    def version(self) -> str:
        """What the scanner calls itself, with the date of its signatures; raises ScannerUnavailable."""
        try:
            with self._connected() as connection:
                connection.sendall(b"zVERSION\0")
                said = _reply(connection)
        except OSError as error:
            raise ScannerUnavailable(f"{self.url}: {error}") from error
        if not said.startswith("ClamAV"):
            raise ScannerUnavailable(f"{self.url}: {said or 'no answer'}")
        return said

    def _connected(self) -> socket.socket:
        if self.url.startswith("unix:"):
            connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            connection.settimeout(CONNECTING)
            try:
                connection.connect(self.url.removeprefix("unix:"))
            except OSError:
                connection.close()
                raise
        else:
            parts = urlsplit(self.url)
            address = (parts.hostname or "localhost", parts.port or DEFAULT_PORT)
            connection = socket.create_connection(address, timeout=CONNECTING)
        connection.settimeout(ANSWERING)
        return connection


def is_scanner_url(url: str) -> bool:
    """Whether `url` has one of the two forms."""
    if url.startswith("unix:"):
        return url.removeprefix("unix:").startswith("/")
    try:
        parts = urlsplit(url)
        return parts.scheme == "tcp" and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def scanner() -> Scanner | None:
    """The scanner of this application; None where none is configured."""
    url: str = current_app.config.get("CLAMAV_URL", "")
    return Scanner(url) if url else None


def _streamed(connection: socket.socket, stream: IO[bytes]) -> str:
    try:
        connection.sendall(b"zINSTREAM\0")
        while chunk := stream.read(CHUNK):
            connection.sendall(struct.pack("!L", len(chunk)) + chunk)
        connection.sendall(struct.pack("!L", 0))
    except (BrokenPipeError, ConnectionResetError):
        # It has closed its ear: what it says tells why (beyond StreamMaxLength, say).
        return _reply(connection)
    return _reply(connection)


def _reply(connection: socket.socket) -> str:
    parts: list[bytes] = []
    while not parts or not parts[-1].endswith(b"\0"):
        part = connection.recv(4096)
        if not part:
            break
        parts.append(part)
    return b"".join(parts).rstrip(b"\0").decode("utf-8", "replace").strip()
