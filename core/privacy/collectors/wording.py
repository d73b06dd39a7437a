"""How a copy says things: dates, answers, authors, names of files."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from core.contests.values import EditionView
from core.entries.forms import answer_text
from core.entries.words import role_name
from core.kernel.db import ALL_TENANTS, session
from core.kernel.formats import datetime_
from core.kernel.text import fold
from core.people.models import Account
from core.plugin_host import PluginFailed
from core.tenancy.models import Tenant


def is_same_person(account: Account, name: str) -> bool:
    """Whether a name in a dossier is that of the person whose copy this is."""
    return fold(name) == fold(account.name)


def author_words(account: Account, row: Mapping[str, Any]) -> dict[str, Any]:
    """An author as a snapshot or an import keeps one: of anybody else name and role alone."""
    shown = {"họ tên": row.get("name"), "vai trò": str(role_name(row.get("role", "")))}
    if not is_same_person(account, row.get("name", "")):
        return shown
    return shown | {"năm sinh": row.get("birth_year"), "nơi công tác": row.get("workplace")}


def at(instant: datetime | None) -> str | None:
    """An instant in words; None stays None."""
    return None if instant is None else datetime_(instant)


def safe_name(name: str) -> str:
    """A file's name that stays within its folder of the zip."""
    return name.replace("/", "_").replace("\\", "_")


def bound_slug() -> str:
    """The bound tenant's short name. One query."""
    ask = select(Tenant.slug).where(Tenant.id == session().tenant_id)
    return session().scalars(ask, execution_options=ALL_TENANTS).one()


def answers_words(edition: EditionView, facts: Mapping[str, Any]) -> dict[str, str]:
    """Questions in words with the answers in words; a plugin that fails must not keep a person from their data."""
    try:
        asked = [one for section in edition.rules.dossier_form() for one in section.fields]
    except PluginFailed:
        asked = []
    told = {one.label.vi: answer_text(one, facts[one.key], "vi") for one in asked if one.key in facts}
    known = {one.key for one in asked}
    return told | {key: str(value) for key, value in facts.items() if key not in known}
