"""Plugins of the tests, put into the installation's host for as long as a test runs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import select

from core.contests.models import Edition
from core.kernel.db import tenant_scope
from core.kernel.held import Held
from core.plugin_api import Plugin
from core.plugin_host import Host, default_host
from core.tenancy.scope import touch_public
from tests.support.factories import TenantFacts


@contextmanager
def installed(*plugins: Plugin) -> Iterator[Host]:
    """The host of this process with `plugins` beside what is installed; as it was when the block ends."""
    host = default_host()
    before, given = dict(host._installed), Host.of(*plugins)
    host._installed.update(given._installed)
    try:
        yield host
    finally:
        host._installed.clear()
        host._installed.update(before)
        for names in [names for names in host._managers if not set(names) <= set(before)]:
            del host._managers[names]
        Held.forget_all()


def upgrade(host: Host, plugin: Plugin) -> None:
    """Put another version of an installed plugin into the host, as an operator does between two starts."""
    host._installed.update(Host.of(plugin)._installed)
    for names in [names for names in host._managers if plugin.info.name in names]:
        del host._managers[names]
    Held.forget_all()


def enable(facts: TenantFacts, *names: str) -> None:
    """Put the plugins at the end of the list of the tenant's edition; committed. Needs an application context."""
    with tenant_scope(facts.id) as current:
        edition = current.scalars(select(Edition).where(Edition.key == facts.edition_key)).one()
        edition.plugins = [*edition.plugins, *names]
        touch_public()
        current.commit()
