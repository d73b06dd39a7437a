"""`bangvang demo` as a process: it fills, serves, tells how to come in, and stops when asked."""

from __future__ import annotations

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.rehearsal import TENANTS


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def inherited() -> dict[str, str]:
    """The environment without another database."""
    return {key: value for key, value in os.environ.items() if not key.startswith("DATABASE")}


@contextmanager
def demonstration(folder: Path, port: int) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """The running command over one small tenant, and the lines it printed until it was ready."""
    tenants = folder / "tenants"
    shutil.copytree(TENANTS / "backan", tenants / "backan")
    own = {"BANGVANG_VAR": str(folder / "var"), "BANGVANG_TENANTS": str(tenants), "PORT": str(port)}
    process = subprocess.Popen(
        [sys.executable, "-m", "core.cli", "demo"],
        env={**inherited(), **own},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    lines: list[str] = []
    try:
        for line in process.stdout:
            lines.append(line.rstrip("\n"))
            if "Ctrl+C" in line:
                break
        yield process, lines
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.stdout.close()
        process.wait()


def status_of(port: int, host: str, path: str = "/") -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", path, headers={"Host": f"{host}:{port}"})
        return connection.getresponse().status
    finally:
        connection.close()


def test_it_serves_its_tenants_tells_the_accounts_and_stops_when_asked(tmp_path: Path) -> None:
    port = free_port()
    with demonstration(tmp_path, port) as (process, lines):
        statuses = [
            status_of(port, host) for host in ("localhost", "backan.localhost", "thainguyen.localhost")
        ]
        process.send_signal(signal.SIGINT)
        code = process.wait(timeout=60)

    assert statuses == [200, 200, 404]
    assert "Filling the demonstration: backan 8" in lines
    assert f"  http://backan.localhost:{port}".ljust(40) + " Hội thi Sáng tạo Kỹ thuật tỉnh Bắc Kạn" in lines
    assert "Demonstration accounts, all with the password: xin moi dung thu" in lines
    assert "  btc@backan.demo              Organising committee (Ban Tổ chức)" in lines
    assert code == 0
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


def test_a_second_start_does_not_fill_again(tmp_path: Path) -> None:
    tenants = tmp_path / "tenants"
    shutil.copytree(TENANTS / "backan", tenants / "backan")
    own = {"BANGVANG_VAR": str(tmp_path / "var"), "BANGVANG_TENANTS": str(tenants)}
    command = [sys.executable, "-m", "core.cli", "demo", "--fill-only"]
    first, second = (
        subprocess.run(command, env={**inherited(), **own}, capture_output=True, text=True, check=True)
        for _ in range(2)
    )

    assert first.stdout == "Filling the demonstration: backan 8\n"
    assert second.stdout == ""
