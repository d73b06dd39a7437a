"""Providers of OpenID Connect for tests: real HTTP servers, each a process of its own on this machine."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import requests


def start_provider(folder: Path, name: str) -> tuple[subprocess.Popen[bytes], str]:
    """A provider of its own process that demands a nonce; its issuer."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), "--require-nonce", "true"]
    with (folder / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
    issuer = f"http://127.0.0.1:{port}"
    for _try in range(400):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5):
            return process, issuer
        assert process.poll() is None, (folder / f"{name}.log").read_text()
        time.sleep(0.05)
    raise AssertionError("the provider did not start")


def authorize(address: str, subject: str) -> str:
    """Say yes at the provider's page as `subject`; the path and query of the callback that it sends back to."""
    answer = requests.post(address, data={"sub": subject}, allow_redirects=False, timeout=10)
    assert answer.status_code == 302, answer.text
    parts = urlsplit(answer.headers["Location"])
    return f"{parts.path}?{parts.query}"
