"""The edition that a rule speaks about, its entries, and what a check finds in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as part
from enum import StrEnum
from typing import TypeVar

from core.plugin_api.values.words import Text

_Kind = TypeVar("_Kind")


@dataclass(frozen=True, slots=True)
class PluginRef:
    """A plugin and the version of it that an edition runs on."""

    name: str
    version: str


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition of one tenant's contest: whose rules, in which order, with which settings.

    `years` are the contest years, first to last; `ordinal` is the number of the edition ("lần thứ 8"), if it
    has one. `settings` holds, for each plugin, its complete validated settings (see `PluginSettings`).
    """

    tenant: str
    key: str
    name: Text
    years: tuple[int, ...]
    ordinal: int | None
    plugins: tuple[PluginRef, ...]
    settings: Mapping[str, Mapping[str, object]] = part(default_factory=dict, hash=False)

    def setting(self, plugin: str, key: str) -> object:
        """The value of `plugin`'s setting `key`; KeyError that names both when the edition does not hold it."""
        try:
            return self.settings[plugin][key]
        except KeyError:
            raise KeyError(f"{self.tenant}/{self.key}: không có cài đặt {plugin}.{key}") from None

    def setting_as(self, plugin: str, key: str, kind: type[_Kind]) -> _Kind:
        """The value of a setting when it is a `kind` (Decimal, int, str); TypeError that names it when it is not."""
        value = self.setting(plugin, key)
        if not isinstance(value, kind):
            raise TypeError(f"{self.tenant}/{self.key}: cài đặt {plugin}.{key} phải là {kind.__name__}")
        return value


class AuthorRole(StrEnum):
    """The part an author has in an entry."""

    CHIEF = "chief"
    CO_CHIEF = "co_chief"
    MEMBER = "member"


@dataclass(frozen=True, slots=True)
class Author:
    """One author of an entry; `ref` is a pseudonym that holds within the edition, `birth_year` may be unknown."""

    ref: str
    role: str
    """"chief", "co_chief" or "member" (see `AuthorRole`)."""
    birth_year: int | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as the rules see it; `facts` holds the answers to the dossier form by field key."""

    code: str
    field: str | None
    title: str
    unit: str | None = None
    authors: tuple[Author, ...] = ()
    facts: Mapping[str, object] = part(default_factory=dict, hash=False)


class Severity(StrEnum):
    """How much a finding weighs: BLOCK stops the submission, WARN only tells."""

    BLOCK = "block"
    WARN = "warn"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found in an entry; `field` is the key of the form field to mend, `clause` of the rule behind it."""

    entry: str
    check: str
    severity: Severity
    message: Text
    clause: str | None = None
    field: str | None = None
