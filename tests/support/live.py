"""A real server for tests: gunicorn on a free port of this machine, over a database and a folder of its own."""

from __future__ import annotations

import http.client
import json
import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

from flask import Flask

from core.cli.serve import gunicorn_command
from core.kernel.config import HOUSE, Config
from tests.support.app import client_of
from tests.support.people import sign_in

STARTING = 40.0


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer of the server."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()

    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class Site:
    """A running server."""

    port: int
    process: subprocess.Popen[bytes]
    log: Path

    def url(self, slug: str, path: str = "/") -> str:
        """An address of the tenant `slug` ("" is the bare host), for a browser."""
        return f"http://{slug}.localhost:{self.port}{path}" if slug else f"http://localhost:{self.port}{path}"

    def ask(
        self,
        slug: str,
        path: str,
        method: str = "GET",
        *,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """One request of a program."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        host = f"{slug}.localhost:{self.port}" if slug else f"localhost:{self.port}"
        try:
            connection.request(method, path, body, {"Host": host, **(headers or {})})
            answer = connection.getresponse()
            return Reply(answer.status, dict(answer.getheaders()), answer.read())
        finally:
            connection.close()

    def signed_in(self, slug: str, cookie: str) -> dict[str, str]:
        """The headers of a signed-in program: its cookie and the token that deeds must carry."""
        held = self.ask(slug, "/api/v1/session", headers={"Cookie": f"bv={cookie}"})
        given = SimpleCookie(held.headers.get("Set-Cookie", ""))
        value = given["bv"].value if "bv" in given else cookie
        return {"Cookie": f"bv={value}", "X-CSRFToken": held.json()["csrf_token"]}

    def kill(self) -> None:
        """End the server and its workers at once, as a power cut would."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(timeout=10)

    def stop(self) -> None:
        """End the server as an operator would; killed when it does not listen."""
        if self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.kill()


def start(
    environment: Mapping[str, str],
    *,
    workers: int = 1,
    threads: int = 4,
    largest_file: int | None = None,
    port: int | None = None,
) -> Site:
    """Start the application with `environment`; with `largest_file`, no file of it may grow beyond (bytes). On `port`,
    else a free one."""
    port = port or free_port()
    var = Path(environment["BANGVANG_VAR"])
    var.mkdir(parents=True, exist_ok=True)
    log = var / "server.log"
    with log.open("ab") as target:
        process = subprocess.Popen(
            gunicorn_command(port, workers=workers, threads=threads),
            env={**plain_environment(), **environment, "PORT": str(port)},
            cwd=HOUSE,
            stdout=target,
            stderr=target,
            start_new_session=True,
            preexec_fn=_limited(largest_file),  # noqa: PLW1509 - sets a limit and does nothing else
        )
    site = Site(port, process, log)
    try:
        _wait(site)
    except BaseException:
        site.stop()
        raise
    return site


@contextmanager
def running(environment: Mapping[str, str], **more: Any) -> Iterator[Site]:
    """The server of `start`, stopped at the end."""
    site = start(environment, **more)
    try:
        yield site
    finally:
        site.stop()


def fill_demonstration(var: Path) -> None:
    """Fill the folder `var` with the demonstration that `bangvang demo` shows."""
    done = subprocess.run(
        [sys.executable, "-m", "core.cli", "demo", "--fill-only"],
        env={**plain_environment(), "BANGVANG_VAR": str(var)},
        cwd=HOUSE,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"the demonstration was not filled:\n{done.stdout[-2000:]}{done.stderr[-4000:]}")


def rehearse(var: Path, slug: str, edition: str) -> Path:
    """The folder that a rehearsal of an edition left: played to its published result. `var` gets the bundle."""
    sizes = ("--entries", "24", "--judges", "5", "--voters", "80", "--seed", "7")
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "core.cli",
            "rehearse",
            slug,
            "--edition",
            edition,
            *sizes,
            "--keep",
            "--json",
        ],
        env={**plain_environment(), "BANGVANG_VAR": str(var)},
        cwd=HOUSE,
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )
    return Path(json.loads(done.stdout)["kept"]["folder"])


def copy_demonstration(filled: Path, var: Path) -> None:
    """A demonstration of one's own from one filled earlier: its database is not open while it is copied."""
    shutil.copytree(filled, var, dirs_exist_ok=True)


def plain_environment() -> dict[str, str]:
    """This process's environment without what configures an installation."""
    own = (
        *("DATABASE_URL", "DATABASE_OWNER_URL", "SECRET_KEY", "REDIS_URL", "STORAGE_URL", "SMTP_URL", "PORT"),
        "CLAMAV_URL",
    )
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BANGVANG_")}
    return {name: value for name, value in kept.items() if name not in own}


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _limited(largest_file: int | None) -> Callable[[], None] | None:
    if largest_file is None:
        return None
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, largest_file))


def _wait(site: Site) -> None:
    until = time.monotonic() + STARTING
    while time.monotonic() < until:
        try:
            site.process.wait(timeout=0.05)
            break
        except subprocess.TimeoutExpired:
            pass
        with suppress(OSError):
            if site.ask("", "/healthz").status == 200:
                return
    raise RuntimeError(f"the server did not start:\n{site.log.read_text()[-4000:]}")


def environment_of(config: Config) -> dict[str, str]:
    """The environment that makes a server of the installation that `config` describes."""
    return {
        "BANGVANG_VAR": str(config.var),
        "DATABASE_URL": config.database_url,
        "DATABASE_OWNER_URL": config.owner_url,
        "SECRET_KEY": config.secret_key,
        "BANGVANG_MODE": config.mode,
    }


def cookie_of(app: Flask, slug: str, email: str) -> str:
    """The session cookie of an account, good at any server with the same secret and database."""
    client = client_of(app, slug)
    sign_in(client, email)
    [cookie] = [one for one in (client._cookies or {}).values() if one.key == "bv"]
    return cookie.value
