"""A real clamd for the tests: Debian's own, with one signature that is written here (no virus database is fetched)."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from core.entries.packages import EICAR as _EICAR
from core.kernel.antivirus import Scanner, ScannerUnavailable
from tests.support.engines import CLAMAV, missing, used
from tests.support.live import free_port

EICAR: Final = _EICAR
STARTING: Final = 30.0
_PLACES: Final = ("/usr/sbin/clamd", "/usr/local/sbin/clamd")


@dataclass(frozen=True, slots=True)
class Clamd:
    """A running clamd: by a socket, and by a port of this machine."""

    url: str
    tcp_url: str
    version: str


def find_clamd() -> str | None:
    """The program, on the path or where Debian puts it; None where it is not installed."""
    return shutil.which("clamd") or next((place for place in _PLACES if Path(place).exists()), None)


@pytest.fixture(scope="session")
def clamd_of_run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clamd | None]:
    """One clamd a worker, or None where the machine has none; tests use `clamd`."""
    program = find_clamd()
    if program is None:
        yield None
        return
    folder = tmp_path_factory.mktemp("clamav")
    (folder / "thu.ndb").write_text(f"Thu.Eicar:0:*:{EICAR.hex()}\n")
    port = free_port()
    settings = folder / "clamd.conf"
    # A path of a socket may have 107 letters; a folder of the tests has more.
    with _short_folder() as short:
        settings.write_text(
            f"DatabaseDirectory {folder}\nLocalSocket {short}/s\nTCPSocket {port}\nTCPAddr 127.0.0.1\nForeground yes\n"
            f"StreamMaxLength 4M\nPidFile {folder}/pid\nLogFile {folder}/log\nTemporaryDirectory {folder}\n"
        )
        with (folder / "said").open("wb") as said:
            process = subprocess.Popen([program, f"--config-file={settings}"], stdout=said, stderr=said)
        try:
            url, tcp_url = f"unix:{short}/s", f"tcp://127.0.0.1:{port}"
            yield Clamd(url, tcp_url, _version_of(process, Scanner(url), folder))
        finally:
            process.terminate()
            process.wait(timeout=20)


@pytest.fixture
def clamd(request: pytest.FixtureRequest, clamd_of_run: Clamd | None) -> Clamd:
    """The scanner; the test is noted as run on it."""
    if clamd_of_run is None:
        missing(request, CLAMAV, "no clamd found; on Debian: apt-get install clamav-daemon")
    used(request, CLAMAV, clamd_of_run.version)
    return clamd_of_run


@contextmanager
def _short_folder() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="bv-", dir="/tmp") as folder:
        yield folder


def _version_of(process: subprocess.Popen[bytes], scanner: Scanner, folder: Path) -> str:
    """Its version once it answers."""
    for _try in range(int(STARTING / 0.1)):
        try:
            return scanner.version().removeprefix("ClamAV ").partition("/")[0]
        except ScannerUnavailable:
            pass
        try:
            process.wait(timeout=0.1)
            break
        except subprocess.TimeoutExpired:
            pass
    raise RuntimeError(f"clamd did not start:\n{(folder / 'said').read_text()[-2000:]}")
