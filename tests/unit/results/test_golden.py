"""Whole editions, kept as files: the same inputs give the same outputs, today and in a year."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.results.formats import readable_text
from core.results.verify import verify_bytes
from tests.golden.refresh import EDITIONS, inputs_of, outputs_of
from tests.support.app import test_config
from tests.support.factories import build_world
from tests.support.postgres import DatabaseUrls
from tests.support.results import computed, judge_edition
from tests.support.results_bundle import make_bundle
from tests.support.results_inputs import run


@pytest.mark.parametrize("name", EDITIONS)
def test_the_outputs_are_the_golden_ones(name: str) -> None:
    assert readable_text(run(inputs_of(name)).document()) == outputs_of(name)


@pytest.mark.parametrize("name", EDITIONS)
def test_a_bundle_of_the_golden_edition_holds(name: str) -> None:
    assert str(verify_bytes(make_bundle(inputs_of(name)))).startswith("Đúng: ")


def digest_on(urls: DatabaseUrls, var: Path) -> str:
    """The outputs of one judged edition on a database."""
    from core.app import create_app
    from core.kernel.db import db, tenant_scope

    app = create_app(test_config(urls, var))
    world = build_world(app)
    with app.app_context():
        with tenant_scope(world.first.id):
            digest = computed(judge_edition(world.first)).outputs_sha256
        db.engine.dispose()
    return digest


def test_both_databases_give_the_same_outputs(
    sqlite_database: DatabaseUrls, postgres_database: DatabaseUrls, tmp_path: Path
) -> None:
    assert digest_on(sqlite_database, tmp_path / "a") == digest_on(postgres_database, tmp_path / "b")
