"""The virus scanner: a real clamd, with a signature of our own."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from core.kernel.antivirus import Scanner, ScannerUnavailable, is_scanner_url
from tests.support.clamav import EICAR, Clamd
from tests.support.live import free_port


def test_a_clean_content_is_clean_and_read_from_its_start(clamd: Clamd) -> None:
    stream = io.BytesIO(b"x" * 200_000)
    stream.seek(100)

    verdict = Scanner(clamd.url).scan(stream)

    assert (verdict.is_clean, verdict.found, stream.tell()) == (True, "", 0)


def test_the_test_virus_is_found_and_named(clamd: Clamd) -> None:
    verdict = Scanner(clamd.url).scan(io.BytesIO(EICAR))

    assert (verdict.is_clean, verdict.found) == (False, "Thu.Eicar.UNOFFICIAL")


def test_it_is_asked_over_tcp_too(clamd: Clamd) -> None:
    assert not Scanner(clamd.tcp_url).scan(io.BytesIO(EICAR)).is_clean
    assert Scanner(clamd.tcp_url).version().startswith("ClamAV ")


def test_what_is_too_large_for_the_scanner_is_not_called_clean(clamd: Clamd) -> None:
    """StreamMaxLength of the tests' clamd is 4 MB."""
    with pytest.raises(ScannerUnavailable):
        Scanner(clamd.url).scan(io.BytesIO(bytes(6 * 1024 * 1024)))


def test_a_scanner_that_is_not_there_gives_no_verdict(tmp_path: Path) -> None:
    for url in (f"tcp://127.0.0.1:{free_port()}", f"unix:{tmp_path / 'khong-co.sock'}"):
        with pytest.raises(ScannerUnavailable):
            Scanner(url).scan(io.BytesIO(b"x"))
        with pytest.raises(ScannerUnavailable):
            Scanner(url).version()


@pytest.mark.parametrize(
    ("url", "good"),
    [
        ("tcp://127.0.0.1:3310", True),
        ("tcp://clamav", True),
        ("unix:/run/clamav/clamd.ctl", True),
        ("unix:run/clamd.ctl", False),
        ("http://clamav:3310", False),
        ("clamav:3310", False),
        ("tcp://clamav:nhieu", False),
    ],
)
def test_an_address_has_one_of_two_forms(url: str, good: bool) -> None:
    assert is_scanner_url(url) is good
