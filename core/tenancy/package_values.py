"""What a tenant's folder says, as frozen values.

Every instant is aware UTC; a phase is half open: it holds `opens.instant` and not `closes.instant`.
Every date that the published documents do not give carries a mark and a sentence about where it comes from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path

from core.plugin_api.values import Text


class PackageError(ValueError):
    """One Vietnamese sentence that names the file and the path of the wrong value."""


class Mark(StrEnum):
    """How much a fact weighs: read in a document, drawn from documents, or chosen for the demonstration."""

    EXACT = "exact"
    INFERRED = "inferred"
    ILLUSTRATION = "illustration"


class PhaseKind(StrEnum):
    """The phases of an edition, in the order in which they open."""

    SUBMISSION = "submission"
    SCREENING = "screening"
    VOTING = "voting"
    JUDGING = "judging"
    RESULTS = "results"


@dataclass(frozen=True, slots=True)
class Boundary:
    """One end of a phase: the UTC instant, and the local day or time as the source writes it.

    `until_end_of` is the inclusive last day ("hết ngày") when the source gives one; the instant is then
    the local midnight after that day.
    """

    instant: datetime
    mark: Mark
    source: Text
    until_end_of: date | None = None


@dataclass(frozen=True, slots=True)
class PhasePackage:
    """One phase of an edition: open while opens.instant <= now < closes.instant."""

    kind: PhaseKind
    name: Text
    opens: Boundary
    closes: Boundary


@dataclass(frozen=True, slots=True)
class DocumentPackage:
    """A published document: number, date and issuer as printed; what no source gives is None.

    `date_note` says what is known of the date then (a month, or that it was not found).
    `editions` are the keys of the editions it belongs to.
    """

    key: str
    kind: Text
    number: str | None
    issued: date | None
    date_note: Text | None
    issuer: Text
    title: Text
    editions: tuple[str, ...]
    official: bool
    legal_basis: bool
    source: Text
    url: str | None


@dataclass(frozen=True, slots=True)
class ContactPackage:
    """The standing agency and how to reach it. No private person; what is not published is None."""

    agency: Text
    office: Text | None
    address: Text | None
    phone: str | None
    email: str | None
    website: str | None
    source: Text


@dataclass(frozen=True, slots=True)
class Palette:
    """The four colours a tenant sets for one scheme, as `#rrggbb`.

    accent: links, buttons and progress; accent_strong: the same under the pointer; accent_soft: tinted
    grounds; on_accent: letters on the accent.
    """

    accent: str
    accent_strong: str
    accent_soft: str
    on_accent: str


@dataclass(frozen=True, slots=True)
class MergerPackage:
    """The note of an administrative merger: from which day, into which province, and what is kept."""

    on: date
    into: Text
    note: Text
    source: Text


@dataclass(frozen=True, slots=True)
class DemonstrationPackage:
    """Where the demonstration clock of an edition starts, and what a visitor sees then."""

    starts_at: datetime
    shows: Text
    entries: int
    judges: int
    voters: int
    seed: int


@dataclass(frozen=True, slots=True)
class CommitteePackage:
    """Number of members of the organising committee, for the two-thirds rule."""

    size: int
    mark: Mark
    source: Text


@dataclass(frozen=True, slots=True)
class ReportPackage:
    """Units report every month before day `before_day` of the month (1 to 31)."""

    before_day: int
    mark: Mark
    source: Text


@dataclass(frozen=True, slots=True)
class EditionPackage:
    """One edition: key, ordinal, names, dates, the plugins' settings and its demonstration."""

    key: str
    ordinal: int
    name: Text
    short_name: Text
    years: tuple[int, ...]
    lead: Text
    phases: tuple[PhasePackage, ...]
    settings: Mapping[str, Mapping[str, object]]
    committee: CommitteePackage
    report: ReportPackage | None
    demonstration: DemonstrationPackage

    def phase(self, kind: PhaseKind) -> PhasePackage | None:
        """The phase of that kind, or None when the edition has none (no public vote, say)."""
        return next((phase for phase in self.phases if phase.kind is kind), None)


@dataclass(frozen=True, slots=True)
class PagePackage:
    """A page of words: Markdown in both languages, without its first heading, which is the title."""

    slug: str
    order: int
    title: Text
    body: Text


@dataclass(frozen=True, slots=True)
class NewsPackage:
    """A dated news item. `month_only`: the source gives month and year, `on` is the first of the month."""

    slug: str
    on: date
    month_only: bool
    edition: str
    title: Text
    body: Text
    source: Text


@dataclass(frozen=True, slots=True)
class TargetPackage:
    """How many entries units are asked to mobilise in an edition; `joint`: the group's units together."""

    edition: str
    minimum: int
    joint: bool
    mark: Mark
    source: Text
    note: Text | None


@dataclass(frozen=True, slots=True)
class UnitSeed:
    """A unit to create: `target` is its own minimum in `target_edition`, None when it has none of its own.

    It exists from `since` (None: from before the first edition) up to, not including, `until`.
    `official_code` is the code of the commune in the national list (five digits), when it is one.
    """

    code: str
    name: str
    kind: str
    group: str
    target: int | None
    target_edition: str | None
    since: date | None
    until: date | None
    official_code: str | None = None


@dataclass(frozen=True, slots=True)
class UnitGroupPackage:
    """A group of units of one kind; `province_code` asks for the communes of that province at sync time."""

    key: str
    name: Text
    kind: str
    order: int
    mark: Mark
    source: Text
    target: TargetPackage | None
    province_code: int | None
    since: date | None
    until: date | None
    units: tuple[UnitSeed, ...]


@dataclass(frozen=True, slots=True)
class TenantPackage:
    """A province as its folder describes it. `settings` hold for every edition that says nothing nearer.

    `language` is that of letters to people who have not chosen one.
    """

    slug: str
    code_prefix: str
    province: Text
    name: Text
    short_name: Text
    host_label: str
    contact: ContactPackage
    light: Palette
    dark: Palette
    merger: MergerPackage | None
    plugins: tuple[str, ...]
    editions: tuple[EditionPackage, ...]
    documents: tuple[DocumentPackage, ...]
    pages: tuple[PagePackage, ...]
    news: tuple[NewsPackage, ...]
    unit_groups: tuple[UnitGroupPackage, ...]
    emblem: Path
    folder: Path
    settings: Mapping[str, Mapping[str, object]] = field(default_factory=dict, hash=False)
    language: str = "vi"

    def edition(self, key: str) -> EditionPackage:
        """The edition of that key; KeyError when the tenant has none."""
        for edition in self.editions:
            if edition.key == key:
                return edition
        raise KeyError(key)
