"""Similar dossiers of the tenant, over all its editions: found by a job at handing in, read by the office."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, and_, delete, exists, func, or_, select
from sqlalchemy.orm import aliased, defer

from core.contests.models import Edition
from core.contests.values import EditionView
from core.entries.models import Entry, EntryVersion
from core.entries.policies import access_entry_office
from core.entries.screening.models import EntryPrint, ScreeningDigest, SimilarPair
from core.entries.screening.similarity import Likeness, compare, fingerprints, titles_like
from core.kernel import audit
from core.kernel.actor import Actor, Role
from core.kernel.db import session
from core.kernel.errors import Forbidden, Invalid, NotFound
from core.kernel.prepared import insert_once
from core.kernel.text import clean
from core.plugin_host.core_settings import NAME as CORE

# What a job keeps: less than any setting asks for, so that a setting holds at once.
KEPT_TEXT, KEPT_TITLE = 10, 70
MOST_CANDIDATES, MOST_TITLES = 20, 10
LEAST_SHARED = 2
# A fingerprint of more dossiers than this, and of more than this share of all, is a phrase that many write.
COMMON_COUNT, COMMON_PERCENT = 5, 5
MOST_CAUGHT_UP = 300
# Answers shorter than this are names, places and dates.
LEAST_ANSWER = 40
MOST_TEXT = 60_000
# A dismissal speaks of a text that was read; when this much more of it agrees, it is looked at again.
GROWN = 10


@dataclass(frozen=True, slots=True)
class SimilarRow:
    """A dossier that reads like the one in hand."""

    code: str
    title: str
    state: str
    edition: Mapping[str, str]
    is_same_edition: bool
    is_same_owner: bool
    text_percent: int
    title_percent: int
    dismissal: str
    dismissed_name: str
    dismissed_at: datetime | None


@dataclass(frozen=True, slots=True)
class SideBySide:
    """Two dossiers as they were handed in, and where they agree."""

    other: Entry
    likeness: Likeness
    pair: SimilarPair | None


def find_similar(entry: Entry, *, now: datetime) -> int:
    """Renew fingerprints and likenesses of the newest version of `entry`; how many dossiers read alike.

    Running it again changes nothing. A dozen statements and an exact comparison with each candidate, MOST_CANDIDATES
    + MOST_TITLES at most.
    """
    mine = _texts([entry.id]).get(entry.id)
    if mine is None:
        return 0
    _catch_up(entry)
    session().execute(delete(EntryPrint).where(EntryPrint.entry_id == entry.id))
    _print(entry.id, mine[1])
    session().flush()
    common = _common(entry.id)
    known = {_other(pair, entry.id): pair for pair in session().scalars(_pairs(entry.id))}
    wanted = {*_by_text(entry.id, common), *_by_title(entry), *known}
    found = 0
    for other_id, text in _texts(wanted).items():
        likeness = compare(mine, text, common)
        if likeness.text_percent >= KEPT_TEXT or likeness.title_percent >= KEPT_TITLE:
            _keep(entry.id, other_id, likeness, known.get(other_id), now)
            found += 1
        elif other_id in known and not known[other_id].dismissal:
            session().delete(known[other_id])
    session().flush()
    return found


def reads_alike(edition: EditionView) -> ColumnElement[bool]:
    """Whether a pair passes the thresholds of the edition's settings and nobody dismissed it."""
    return and_(_passes(edition), SimilarPair.dismissal == "")


def similar_to(entry: Entry, edition: EditionView) -> list[SimilarRow]:
    """The dossiers that read like `entry`, by the thresholds of the edition, the most alike first. One query."""
    other = aliased(Entry)
    ask = (
        select(SimilarPair, other, Edition)
        .join(
            other, or_(_is_pair(entry.id, other.id, SimilarPair), _is_pair(other.id, entry.id, SimilarPair))
        )
        .join(Edition, Edition.id == other.edition_id)
        .where(_passes(edition))
        .options(defer(other.facts), defer(other.folded))
        .order_by(SimilarPair.text_percent.desc(), SimilarPair.title_percent.desc(), other.code)
    )
    return [
        SimilarRow(
            code=one.code or one.ref,
            title=one.title,
            state=one.state,
            edition=held.short_name,
            is_same_edition=held.id == entry.edition_id,
            is_same_owner=one.owner_id == entry.owner_id,
            text_percent=pair.text_percent,
            title_percent=pair.title_percent,
            dismissal=pair.dismissal,
            dismissed_name=pair.dismissed_name,
            dismissed_at=pair.dismissed_at,
        )
        for pair, one, held in session().execute(ask)
    ]


def similar_counts(ids: Iterable[UUID], edition: EditionView) -> dict[UUID, int]:
    """How many dossiers read like each of these and were not dismissed. One query."""
    wanted = set(ids)
    ask = select(SimilarPair.first_id, SimilarPair.second_id).where(
        or_(SimilarPair.first_id.in_(wanted), SimilarPair.second_id.in_(wanted)), reads_alike(edition)
    )
    counts: dict[UUID, int] = {}
    for pair in session().execute(ask):
        for one in pair:
            if one in wanted:
                counts[one] = counts.get(one, 0) + 1
    return counts


def side_by_side(entry: Entry, other_name: str, actor: Actor) -> SideBySide:
    """`entry` and the dossier with the other name, compared exactly; raises NotFound."""
    other = access_entry_office(actor, other_name)
    texts = _texts([entry.id, other.id])
    if other.id == entry.id or len(texts) != 2:
        raise NotFound(_("Không tìm thấy hai hồ sơ để so sánh."))
    pair = session().scalars(_pair(entry.id, other.id)).one_or_none()
    return SideBySide(other, compare(texts[entry.id], texts[other.id], _common(entry.id)), pair)


def dismiss(entry: Entry, other_name: str, reason: str, *, actor: Actor, now: datetime) -> None:
    """Record why two dossiers are not the same after all; an empty `reason` takes the dismissal back.

    Raises NotFound for a pair that nobody found alike, Forbidden for others than the committee.
    """
    if not actor.is_(Role.COMMITTEE):
        raise Forbidden(_("Chỉ Ban Tổ chức được làm việc này."))
    other = access_entry_office(actor, other_name)
    pair = session().scalars(_pair(entry.id, other.id).with_for_update()).one_or_none()
    if pair is None:
        raise NotFound(_("Không tìm thấy hai hồ sơ để so sánh."))
    words = clean(reason)
    if len(words) > 2000:
        raise Invalid.one("dismissal", _("Lý do dài quá 2.000 ký tự."))
    pair.dismissal = words
    pair.dismissed_name = actor.name if words else ""
    pair.dismissed_at = now if words else None
    session().flush()
    data = {"other": other.code or other.ref, "is_dismissed": bool(words)}
    audit.append("screening.likeness_judged", entry.code or entry.ref, data, actor=actor, now=now)


def text_of(snapshot: Mapping[str, Any]) -> str:
    """The long answers of a handed-in version, one after the other: what two dossiers are compared by."""
    facts: Mapping[str, Any] = snapshot.get("facts", {})
    long = [value for value in facts.values() if isinstance(value, str) and len(value) >= LEAST_ANSWER]
    return "\n".join(long)[:MOST_TEXT]


def _texts(ids: Iterable[UUID]) -> dict[UUID, tuple[str, str]]:
    """Title and text of the newest handed-in version of each. One query."""
    ask = (
        select(EntryVersion.entry_id, EntryVersion.snapshot)
        .join(Entry, and_(Entry.id == EntryVersion.entry_id, Entry.version == EntryVersion.number))
        .where(EntryVersion.entry_id.in_(list(ids)))
        .order_by(EntryVersion.entry_id)
    )
    return {
        entry_id: (str(snapshot.get("title", "")), text_of(snapshot))
        for entry_id, snapshot in session().execute(ask)
    }


def _print(entry_id: UUID, text: str) -> None:
    session().add_all([EntryPrint(entry_id=entry_id, print=one) for one in sorted(fingerprints(text))])


def _catch_up(besides: Entry) -> None:
    """Fingerprints of dossiers whose own job has not come yet: what is common is known from all together."""
    has_prints = exists().where(EntryPrint.tenant_id == Entry.tenant_id, EntryPrint.entry_id == Entry.id)
    has_digest = exists().where(
        ScreeningDigest.tenant_id == Entry.tenant_id, ScreeningDigest.entry_id == Entry.id
    )
    ask = select(Entry.id).where(Entry.version > 0, Entry.id != besides.id, ~has_prints, ~has_digest)
    ids = list(session().scalars(ask.order_by(Entry.id).limit(MOST_CAUGHT_UP).with_for_update()))
    for entry_id, (_title, text) in _texts(ids).items():
        _print(entry_id, text)


def _common(entry_id: UUID) -> frozenset[int]:
    """The fingerprints of a dossier that so many others share that they say nothing. Two queries."""
    every = session().scalars(select(func.count()).select_from(Entry).where(Entry.version > 0)).one()
    most = max(COMMON_COUNT, every * COMMON_PERCENT // 100)
    mine, theirs = aliased(EntryPrint), aliased(EntryPrint)
    ask = (
        select(mine.print)
        .join(theirs, and_(theirs.tenant_id == mine.tenant_id, theirs.print == mine.print))
        .where(mine.entry_id == entry_id)
        .group_by(mine.print)
        .having(func.count() > most)
    )
    return frozenset(session().scalars(ask))


def _by_text(entry_id: UUID, common: frozenset[int]) -> list[UUID]:
    mine, theirs = aliased(EntryPrint), aliased(EntryPrint)
    shared = func.count()
    ask = (
        select(theirs.entry_id)
        .join(mine, and_(mine.tenant_id == theirs.tenant_id, mine.print == theirs.print))
        .where(mine.entry_id == entry_id, theirs.entry_id != entry_id, mine.print.not_in(common))
        .group_by(theirs.entry_id)
        .having(shared >= LEAST_SHARED)
        .order_by(shared.desc(), theirs.entry_id)
        .limit(MOST_CANDIDATES)
    )
    return list(session().scalars(ask))


def _by_title(entry: Entry) -> list[UUID]:
    ask = select(Entry.id, Entry.title).where(Entry.version > 0, Entry.id != entry.id)
    titles = {other: title for other, title in session().execute(ask)}  # noqa: C416 - rows, not pairs
    return titles_like(entry.title, titles, KEPT_TITLE, MOST_TITLES)


def _keep(
    entry_id: UUID, other_id: UUID, likeness: Likeness, known: SimilarPair | None, now: datetime
) -> None:
    first, second = sorted((entry_id, other_id))
    scores = {"text_percent": likeness.text_percent, "title_percent": likeness.title_percent}
    if known is None:
        blank = {"dismissal": "", "dismissed_name": ""}
        values = {"first_id": first, "second_id": second, "at": now, **scores, **blank}
        insert_once(SimilarPair, ("first_id", "second_id"), values)
        return
    if known.dismissal and likeness.text_percent >= known.text_percent + GROWN:
        known.dismissal, known.dismissed_name, known.dismissed_at = "", "", None
    known.text_percent, known.title_percent, known.at = likeness.text_percent, likeness.title_percent, now


def _passes(edition: EditionView) -> ColumnElement[bool]:
    text = edition.values.setting_as(CORE, "similar_text", int)
    title = edition.values.setting_as(CORE, "similar_title", int)
    return or_(SimilarPair.text_percent >= text, SimilarPair.title_percent >= title)


def _is_pair(first: Any, second: Any, pair: Any) -> ColumnElement[bool]:
    return and_(pair.first_id == first, pair.second_id == second)


def _pair(one: UUID, other: UUID) -> Select[SimilarPair]:
    first, second = sorted((one, other))
    return select(SimilarPair).where(_is_pair(first, second, SimilarPair))


def _pairs(entry_id: UUID) -> Select[SimilarPair]:
    return select(SimilarPair).where(or_(SimilarPair.first_id == entry_id, SimilarPair.second_id == entry_id))


def _other(pair: SimilarPair, entry_id: UUID) -> UUID:
    return pair.second_id if pair.first_id == entry_id else pair.first_id
