"""Rehearsals in scratch databases beside the test's own."""

from __future__ import annotations

from pathlib import Path

from core.app import create_app
from core.kernel.db import db
from core.kernel.scratch import scratch_installation
from core.rehearsal.plan import Size
from core.rehearsal.rehearsal import Rehearsal, rehearse
from core.tenancy.package import load_tenant_package
from tests.support.app import test_config
from tests.support.postgres import DatabaseUrls

TENANTS = Path(__file__).parents[2] / "tenants"


def play(urls: DatabaseUrls, folder: Path, slug: str, key: str, size: Size) -> Rehearsal:
    """A rehearsal on the engine of `urls`, in a database that is gone afterwards."""
    with scratch_installation(test_config(urls, folder)) as scratch:
        app = create_app(scratch)
        with app.app_context():
            try:
                return rehearse(load_tenant_package(TENANTS / slug), key, size)
            finally:
                db.session.remove()
                db.engine.dispose()
