"""What plugins keep under a person's reference is in that person's copy, and in nobody else's."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from core.extensions.persons import person_ref
from core.extensions.tables import stores_of
from core.kernel.db import session, tenant_scope
from core.plugin_api import Column, ColumnKind, Plugin, Table
from tests.support.databases import Template
from tests.support.entries import account
from tests.support.factories import World
from tests.support.plugin_tables import note_plugin, own_copy, packaged, raise_tables
from tests.support.plugins import installed
from tests.support.postgres import DatabaseUrls, PostgresServer
from tests.unit.privacy.test_copy_whole import OTHER, PERSON, copy_of

REMARK = Table(
    "remark", (Column("who", length=40), Column("words"), Column("at", ColumnKind.INSTANT, optional=True))
)


@pytest.fixture
def postgres_database(postgres_server: PostgresServer, template: Template) -> Iterator[DatabaseUrls]:
    """A database that the test may give tables."""
    yield from own_copy(postgres_server, postgres_server.template(*template))


@pytest.fixture
def plugin(tmp_path: Path) -> Iterator[Plugin]:
    """A plugin that keeps who remarked what; its table is not raised yet."""
    yield from packaged(note_plugin("nhan_xet", REMARK), tmp_path)


def remark(plugin: Plugin, email: str, words: str) -> None:
    """A remark of the person in the bound tenant."""
    stores_of(plugin)["remark"].add({"who": person_ref(plugin, account(email).id), "words": words})


def test_a_row_under_the_persons_reference_is_in_their_copy_alone(
    world: World, plugin: Plugin, database: DatabaseUrls
) -> None:
    assert raise_tables(plugin, database) == ()
    with installed(plugin), world.app.app_context():
        for facts, words in ((world.second, "ở tỉnh khác"), (world.first, "của tôi")):
            with tenant_scope(facts.id):
                remark(plugin, PERSON, words)
                remark(plugin, OTHER, f"của người khác {words}")
                session().commit()
        with tenant_scope(world.first.id):
            shown = json.loads(copy_of(world, PERSON).read("phan-bo-sung.json"))
    assert shown == [
        {"phần bổ sung": "Ghi chú", "bảng": "remark", "nội dung": {"words": "của tôi", "at": None}}
    ]


def test_a_plugin_whose_table_is_not_there_keeps_nobody_from_their_copy(
    app: Flask, world: World, plugin: Plugin
) -> None:
    with installed(plugin), app.app_context(), tenant_scope(world.first.id):
        assert json.loads(copy_of(world, PERSON).read("phan-bo-sung.json")) == []
