"""The lint of the editions in a tenant's folder, without a database."""

from __future__ import annotations

from collections.abc import Iterator

from core.contests.lint.edition import lint_edition
from core.contests.lint.values import LintFinding
from core.contests.values import PhaseKind, PhaseView
from core.plugin_api import Edition
from core.plugin_host import layers_for, plugin_refs, resolve_settings, rules_for
from core.tenancy.package_values import EditionPackage, TenantPackage


def lint_package(package: TenantPackage) -> Iterator[tuple[str, tuple[LintFinding, ...]]]:
    """The key and the findings of each edition; SettingsInvalid or PluginUnavailable when its rules cannot run."""
    for one in package.editions:
        layers = layers_for(package.plugins, package.settings, one.settings)
        edition = Edition(
            tenant=package.slug,
            key=one.key,
            name=one.name,
            years=one.years,
            ordinal=one.ordinal,
            plugins=plugin_refs(package.plugins),
            settings=resolve_settings(package.plugins, layers.merged()),
        )
        yield one.key, lint_edition(rules_for(edition), _phases(one))


def _phases(edition: EditionPackage) -> tuple[PhaseView, ...]:
    return tuple(
        PhaseView(PhaseKind(one.kind.value), one.name, one.opens.instant, one.closes.instant, {})
        for one in edition.phases
    )
