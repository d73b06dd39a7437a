"""Collectors of a person's copy, by key: each gathers one part and says which columns it shows.

A part is written as JSON in plain words, with the files that belong to it. It holds what is about the person alone: of
co-authors only what the public may know (name and role), of those who worked on a dossier only their part, never a
name. A room, or a plugin's host, adds what it holds with `@collects`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from core.people.models import Account

Json = Any
"""Plain JSON: mappings, lists, text, whole numbers, true and false, null."""


@dataclass(frozen=True, slots=True)
class HeldFile:
    """A stored file that goes into the copy under `path`."""

    path: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Part:
    """What one collector found: `data` for its JSON file, and files beside it."""

    data: Json
    files: tuple[HeldFile, ...] = ()


Collect = Callable[[Account], Part]
ForOthers = Callable[[Account, Collection[UUID]], Collection[UUID]]


@dataclass(frozen=True, slots=True)
class Collector:
    """A registered collector: `key` names its file in the copy, `title` says in words what it gathers.

    `shows` are the columns ("table.column") by which it finds the person's rows or whose content it writes out.
    """

    key: str
    title: str
    shows: frozenset[str]
    collect: Collect


_collectors: dict[str, Collector] = {}
_for_others: list[ForOthers] = []


def collects(key: str, title: str, shows: str) -> Callable[[Collect], Collect]:
    """Register the function that gathers one part of a person's copy; a second one of the same key replaces it.

    `shows` lists its columns: "sign_in: account_id device; consent: account_id".
    """

    def register(function: Collect) -> Collect:
        _collectors[key] = Collector(key, title, frozenset(columns_in(shows)), function)
        return function

    return register


def collectors() -> tuple[Collector, ...]:
    """Every registered collector, in the order they registered."""
    return tuple(_collectors.values())


def columns_in(listed: str) -> set[str]:
    """The columns of a list such as "sign_in: account_id device; consent: account_id"."""
    found = set()
    for table in filter(str.strip, listed.split(";")):
        name, _colon, columns = table.partition(":")
        found |= {f"{name.strip()}.{column}" for column in columns.split()}
    return found


def keeps_for_others(function: ForOthers) -> ForOthers:
    """Register what knows of dossiers that an account owns for other people, as an officer keys paper in."""
    _for_others.append(function)
    return function


def kept_for_others(account: Account, entry_ids: Collection[UUID]) -> frozenset[UUID]:
    """Which of the account's dossiers are other people's: their content is not in this person's copy."""
    return frozenset(one for asked in _for_others for one in asked(account, entry_ids))
