"""What a tenant decides about personal data: days off, and how long each class of data is kept. One row a tenant.

No law gives these lengths for a contest: they are defaults of this software ("minh họa") until the committee sets them.
Drafts of past editions are kept until somebody decides otherwise: what a person typed is not deleted by a default.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from core.contests.lint.accepted import answers_doubt
from core.contests.lint.dossier import ID_IMAGE
from core.kernel.db import session
from core.privacy.due import Holidays, yearly
from core.privacy.models import PrivacySettings

YEARLY = ("1/1", "30/4", "1/5", "2/9")
"""Holidays with a fixed date (Labour Code 2019, article 112); those of Tết and Giỗ Tổ differ and are dated."""
EXPORT_DAYS = 7


class DataClass(StrEnum):
    """A class of data that has a time of its own."""

    DRAFTS = "drafts"
    SIGN_INS = "sign_ins"
    TRIES = "tries"
    CODES = "codes"
    LETTERS = "letters"
    MESSAGES = "messages"
    OPENINGS = "openings"


DEFAULT_DAYS: Mapping[DataClass, int | None] = {
    DataClass.DRAFTS: None,
    DataClass.SIGN_INS: 180,
    DataClass.TRIES: 30,
    DataClass.CODES: 30,
    DataClass.LETTERS: 365,
    DataClass.MESSAGES: 365,
    DataClass.OPENINGS: 1825,
}


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings in force. `days`: how long a class is kept, None for ever; `decided`: what the tenant set itself.

    `id_images_reason`: why the tenant collects pictures of identity papers, "" when it does not.
    """

    yearly: tuple[str, ...]
    dated: tuple[date, ...]
    days: Mapping[DataClass, int | None]
    id_images_reason: str
    decided: frozenset[str]

    @property
    def holidays(self) -> Holidays:
        """The days off."""
        return Holidays(yearly(self.yearly), frozenset(self.dated))


def current_settings() -> Settings:
    """The settings of the bound tenant. One query."""
    row = session().scalars(select(PrivacySettings)).one_or_none()
    return settings_of({} if row is None else row.values)


def settings_of(values: Mapping[str, Any]) -> Settings:
    """Stored values over the defaults."""
    days = {one: values.get("days", {}).get(one, DEFAULT_DAYS[one]) for one in DataClass}
    return Settings(
        yearly=tuple(values.get("yearly", YEARLY)),
        dated=tuple(date.fromisoformat(one) for one in values.get("dated", ())),
        days=days,
        id_images_reason=values.get("id_images_reason", ""),
        decided=frozenset(values) | frozenset(values.get("days", {})),
    )


def _accepted_questions() -> tuple[str, ...]:
    return ("*",) if current_settings().id_images_reason else ()


answers_doubt(ID_IMAGE, _accepted_questions)
