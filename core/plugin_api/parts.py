"""What a plugin may bring beside its rules: pages, tables and jobs of its own.

Views and jobs are given values and stores that are bound to the tenant and the edition; they never see a request, a
session or another tenant. Rules stay pure: no hook is given a store.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from core.plugin_api.values import Edition, Text

Value = str | int | bool | Decimal | datetime | None
"""What a column of a plugin's table holds."""

# -- tables --


class ColumnKind(StrEnum):
    """What a column holds: str, int, Decimal with a fixed number of places, aware UTC datetime, bool."""

    WORDS = "words"
    WHOLE = "whole"
    EXACT = "exact"
    INSTANT = "instant"
    YES_NO = "yes_no"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a plugin's table. `length` is the most characters of WORDS, `places` the decimals of EXACT."""

    name: str
    kind: ColumnKind = ColumnKind.WORDS
    length: int = 200
    places: int = 2
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the plugin, `p_<plugin>_<name>` in the database; tenant, id and row-level security are the core's.

    `unique` and `indexes` are lists of column names; a unique key holds within one tenant.
    """

    name: str
    columns: tuple[Column, ...]
    unique: tuple[tuple[str, ...], ...] = ()
    indexes: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """A stored row: its id and its values by column."""

    id: str
    values: Mapping[str, Value]


class Rows(Protocol):
    """The rows of one table of the plugin in the tenant at hand; nothing else can be reached through it."""

    def add(self, values: Mapping[str, Value]) -> str:
        """Store a row and return its id; ValueError for an unknown column or a value that does not fit."""

    def add_once(self, conflict: Sequence[str], values: Mapping[str, Value]) -> bool:
        """Store a row unless one with the same unique key `conflict` stands; whether it is new."""

    def get(self, row_id: str) -> Row | None:
        """The row, or None: also for an id of another tenant, or one that is no id."""

    def find(
        self,
        where: Mapping[str, Value] | None = None,
        *,
        order_by: Sequence[str] = (),
        limit: int = 100,
        offset: int = 0,
    ) -> tuple[Row, ...]:
        """The rows whose columns equal `where`, in the order of columns (`-name` from high to low), then as added."""

    def count(self, where: Mapping[str, Value] | None = None) -> int:
        """How many rows there are whose columns equal `where`."""

    def change(self, row_id: str, values: Mapping[str, Value]) -> bool:
        """Change columns of a row; whether there is such a row."""

    def remove(self, row_id: str) -> bool:
        """Delete a row; whether there was one."""


# -- pages --


class PageAccess(StrEnum):
    """Who may open a page: anybody, who is signed in, or who has the role."""

    PUBLIC = "public"
    ACCOUNT = "account"
    JUDGE = "judge"
    UNIT = "unit"
    COMMITTEE = "committee"


@dataclass(frozen=True, slots=True)
class Person:
    """Who asks: an opaque reference that stays the same in this tenant, the name, and the roles."""

    ref: str
    name: str
    roles: frozenset[str]


class JobQueue(Protocol):
    """Asks for the plugin's own jobs."""

    def add(self, job: str, payload: Mapping[str, Value] | None = None, *, once: str | None = None) -> bool:
        """Ask for a job, run once this deed is stored; no second with the same `once` is made. Whether it is new."""


@dataclass(frozen=True, slots=True)
class PageRequest:
    """What a page is asked: the edition at hand, the instant by its clock (UTC), and what came in the address or form.

    `path` holds the parts of the address by the names in `Page.path`; `form` is empty unless the method is POST.
    """

    edition: Edition
    now: datetime
    locale: str
    method: str
    path: Mapping[str, str]
    query: Mapping[str, str]
    form: Mapping[str, str]
    person: Person | None
    tables: Mapping[str, Rows]
    jobs: JobQueue


@dataclass(frozen=True, slots=True)
class Rendered:
    """A page made from a template of the plugin (`templates/` in its package) with `values`."""

    template: str
    values: Mapping[str, object] = field(default_factory=dict)
    status: int = 200


@dataclass(frozen=True, slots=True)
class Redirect:
    """On to another page of the plugin, with a word for the reader."""

    path: str
    notice: Text | None = None


@dataclass(frozen=True, slots=True)
class Download:
    """A file."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Missing:
    """There is no such page."""


PageAnswer = Rendered | Redirect | Download | Missing


@dataclass(frozen=True, slots=True)
class Page:
    """A page under `/p/<plugin>/`. `path` is "" or like "phieu/<ref>"; a page that declares no `access` is refused.

    What a view stores is stored when its answer is good (status below 400), and undone otherwise.
    """

    path: str
    title: Text
    view: Callable[[PageRequest], PageAnswer]
    access: PageAccess | None = None
    methods: tuple[str, ...] = ("GET",)


# -- jobs --


@dataclass(frozen=True, slots=True)
class JobRequest:
    """What a job is given: the tenant's present edition, the instant by its clock (UTC), and its payload."""

    edition: Edition
    now: datetime
    payload: Mapping[str, Value]
    tables: Mapping[str, Rows]
    jobs: JobQueue


@dataclass(frozen=True, slots=True)
class Job:
    """Work outside a request: at least once, so it must bear being run again. `every`: also by itself, that often."""

    name: str
    run: Callable[[JobRequest], None]
    every: timedelta | None = None
