"""A tenant's package as the plain JSON that the database keeps (`core.tenancy.profile` says what the profile holds)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from core.plugin_api import Text
from core.tenancy.package_values import (
    Boundary,
    DocumentPackage,
    EditionPackage,
    MergerPackage,
    Palette,
    TenantPackage,
)


def words(text: Text | None) -> dict[str, str] | None:
    """The two languages of a text."""
    return None if text is None else {"vi": text.vi, "en": text.en}


def profile_document(package: TenantPackage) -> dict[str, Any]:
    """What `Tenant.profile` keeps of a package."""
    contact = package.contact
    light, dark = _palette(package.light), _palette(package.dark)
    emblem = package.emblem.read_text("utf-8")
    return {
        "slug": package.slug,
        "code_prefix": package.code_prefix,
        "current_edition": max(package.editions, key=lambda one: one.ordinal).key,
        "province": words(package.province),
        "name": words(package.name),
        "short_name": words(package.short_name),
        "language": package.language,
        "contact": {
            "agency": words(contact.agency),
            "office": words(contact.office),
            "address": words(contact.address),
            "phone": contact.phone,
            "email": contact.email,
            "website": contact.website,
            "source": words(contact.source),
        },
        "merger": _merger(package.merger),
        "light": light,
        "dark": dark,
        "documents": [_document(document) for document in package.documents],
        "settings": _settings(package.settings),
        "emblem": emblem,
        "theme_version": hashlib.sha256(json.dumps([light, dark, emblem]).encode()).hexdigest()[:12],
    }


def edition_document(package: TenantPackage, edition: EditionPackage) -> dict[str, Any]:
    """The columns of `Edition` that a package sets."""
    demonstration = edition.demonstration
    return {
        "ordinal": edition.ordinal,
        "name": words(edition.name),
        "short_name": words(edition.short_name),
        "years": list(edition.years),
        "code_prefix": f"{package.code_prefix}-{edition.key}",
        "plugins": list(package.plugins),
        "settings": _settings(edition.settings),
        "committee_size": edition.committee.size,
        "notes": {
            "lead": words(edition.lead),
            "committee": {
                "mark": str(edition.committee.mark),
                "source": words(edition.committee.source),
            },
            "report": None
            if edition.report is None
            else {
                "before_day": edition.report.before_day,
                "mark": str(edition.report.mark),
                "source": words(edition.report.source),
            },
            "demonstration": {
                "starts_at": demonstration.starts_at.isoformat(),
                "shows": words(demonstration.shows),
                "entries": demonstration.entries,
                "judges": demonstration.judges,
                "voters": demonstration.voters,
                "seed": demonstration.seed,
            },
        },
    }


def phase_documents(edition: EditionPackage) -> dict[str, dict[str, Any]]:
    """Phase kind → name, ends (ISO, UTC) and the facts about each end."""
    return {
        str(phase.kind): {
            "name": words(phase.name),
            "opens_at": phase.opens.instant.isoformat(),
            "closes_at": phase.closes.instant.isoformat(),
            "facts": {"opens": _boundary(phase.opens), "closes": _boundary(phase.closes)},
        }
        for phase in edition.phases
    }


def _settings(given: Mapping[str, Mapping[str, object]]) -> dict[str, Any]:
    return {name: plain(dict(values)) for name, values in given.items()}


def plain(value: Any) -> Any:
    """A settings value as JSON: decimals as text, tuples as lists."""
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return value


def _boundary(end: Boundary) -> dict[str, Any]:
    return {"mark": str(end.mark), "source": words(end.source)}


def _palette(palette: Palette) -> dict[str, str]:
    return {
        "accent": palette.accent,
        "accent_strong": palette.accent_strong,
        "accent_soft": palette.accent_soft,
        "on_accent": palette.on_accent,
    }


def _merger(merger: MergerPackage | None) -> dict[str, Any] | None:
    if merger is None:
        return None
    return {
        "on": merger.on.isoformat(),
        "into": words(merger.into),
        "note": words(merger.note),
        "source": words(merger.source),
    }


def _document(document: DocumentPackage) -> dict[str, Any]:
    return {
        "key": document.key,
        "kind": words(document.kind),
        "number": document.number,
        "issued": None if document.issued is None else document.issued.isoformat(),
        "date_note": words(document.date_note),
        "issuer": words(document.issuer),
        "title": words(document.title),
        "editions": list(document.editions),
        "official": document.official,
        "legal_basis": document.legal_basis,
        "source": words(document.source),
        "url": document.url,
    }
