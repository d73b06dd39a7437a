"""From a host to a tenant: exact or nothing."""

from __future__ import annotations

import pytest

from core.tenancy.resolver import PLATFORM, slug_of


@pytest.mark.parametrize(
    "host",
    [
        "thainguyen.localhost",
        "thainguyen.localhost:8000",
        "THAINGUYEN.LocalHost",
        "thainguyen.localhost.",
        "thainguyen.localhost.:8000",
    ],
)
def test_a_tenants_host_names_it(host: str) -> None:
    assert slug_of(host, "localhost") == "thainguyen"


@pytest.mark.parametrize("host", ["localhost", "localhost:8000", "LOCALHOST."])
def test_the_bare_host_is_the_platform(host: str) -> None:
    assert slug_of(host, "localhost") == PLATFORM


@pytest.mark.parametrize(
    "host",
    [
        "",
        "thainguyen.localhost.evil.com",
        "thainguyen.localhost.evil.com:80",
        "evil.com",
        "thainguyen",
        "a.thainguyen.localhost",
        ".localhost",
        "thainguyen..localhost",
        "thainguyen.localhost..",
        "127.0.0.1",
        "127.0.0.1:8000",
        "[::1]:8000",
        "2130706433",
        "thainguyen.localhost:port",
        "thainguyen.localhost:8000:9000",
        "thainguyen.localhost/evil",
        "thainguyen.localhost@evil.com",
        "-.localhost",
        "xn--thinguyn-h1a6d.localhost..",
        "thai nguyen.localhost",
        "tháinguyên.localhost",
        "notlocalhost",
        "xlocalhost:8000",
    ],
)
def test_any_other_host_is_nobodys(host: str) -> None:
    assert slug_of(host, "localhost") is None
