"""The guard lets loopback through and names whatever else was tried."""

from __future__ import annotations

import socket

import pytest

from tests.support.network import OutsideConnection, is_loopback


@pytest.mark.parametrize("host", ["localhost", "thainguyen.localhost", "127.0.0.1", "127.8.8.8", "::1"])
def test_this_machine_is_loopback(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host", ["10.0.0.1", "192.0.2.1", "2001:db8::1", "localhost.example", "example.org", ""]
)
def test_every_other_machine_is_not(host: str) -> None:
    assert not is_loopback(host)


def test_a_connection_elsewhere_is_refused_before_it_is_tried() -> None:
    with socket.socket() as sock, pytest.raises(OutsideConnection, match=r"192\.0\.2\.1:80"):
        sock.connect(("192.0.2.1", 80))


def test_a_connection_to_this_machine_goes_through() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket() as client:
        client.connect(server.getsockname())
        assert client.getpeername() == server.getsockname()
