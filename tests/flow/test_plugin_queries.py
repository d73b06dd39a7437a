"""Plugins cost a public page no query, however many a tenant enables."""

from __future__ import annotations

import pytest

from core.kernel.held import Held
from core.plugin_api import Clause, NavItem, Notice, Text, hookimpl
from tests.support.app import client_of
from tests.support.factories import World
from tests.support.failing_plugins import install
from tests.support.plugins import enable
from tests.support.queries import count_queries
from tests.unit.plugin_host.samples import sample

PAGES = ("/", "/the-le", "/bai-du-thi", "/binh-chon", "/ket-qua", "/tin-tuc", "/tai-lieu")


def _install_talkative(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """A plugin with something to say on every page."""

    @hookimpl
    def navigation() -> tuple[NavItem, ...]:
        return (NavItem(Text(f"Mục {name}", f"Item {name}"), f"/tin-tuc?{name}", 500),)

    @hookimpl
    def clauses() -> tuple[Clause, ...]:
        return (
            Clause(f"dieu_{name}", Text("Thể lệ", "Rules"), Text("Điều 1", "Article 1"), Text(name, name)),
        )

    @hookimpl
    def lifecycle_notices() -> tuple[Notice, ...]:
        return (Notice(name, "submission", Text(name, name), Text(name, name), "everyone"),)

    install(monkeypatch, sample(name, navigation, clauses, lifecycle_notices))


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("is_warm", [False, True], ids=["first", "again"])
def test_five_plugins_need_the_queries_of_one(
    world: World, monkeypatch: pytest.MonkeyPatch, path: str, is_warm: bool
) -> None:
    one = _queries(world, path, is_warm)
    for name in ("p1", "p2", "p3", "p4"):
        _install_talkative(monkeypatch, name)
        with world.app.app_context():
            enable(world.first, name)
    five = _queries(world, path, is_warm)

    assert five == one
    assert "Mục p4" in client_of(world.app, "motmot").get(path).text


def _queries(world: World, path: str, is_warm: bool) -> int:
    Held.forget_all()
    client = client_of(world.app, "motmot")
    if is_warm:
        client.get(f"{path}?x=1")
    with count_queries(world.app) as counted:
        assert client.get(path).status_code == 200
    return counted.count
