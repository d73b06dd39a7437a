"""Each change of the criteria is a version that is kept and announced: the listeners that write it, and its reads.

Once a sheet of the edition is locked a change is refused, on whichever way it comes; `criteria_guard` sees to it that
none is locked by criteria that are no version.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import case, func, select

from core.contests.events import RulesFrozen, SettingsChanging, TenantSynced
from core.contests.models import Edition
from core.contests.queries import layers_of, rules_values, tenant_settings
from core.contests.values import EditionView
from core.entries.models import Entry
from core.judging.assigning import is_running, of_sheet
from core.judging.blind import blind_by_rules, reads_blind
from core.judging.criteria import changes_between, document_of
from core.judging.criteria_words import change_sentences
from core.judging.errors import SheetsAreLocked
from core.judging.models import Assignment, Judge, Sheet, SheetScore
from core.judging.round_models import CriteriaSeen, CriteriaVersion
from core.judging.states import SheetState
from core.judging.values import JudgeView
from core.kernel import audit
from core.kernel.actor import SYSTEM, Actor
from core.kernel.db import session
from core.kernel.errors import NotFound
from core.kernel.events import listens_to
from core.kernel.prepared import insert_once
from core.letters.post import Reader, bound_tenant, language_for, send_letter, site_address
from core.people.models import Account
from core.people.services.mails import reached_at
from core.plugin_api import Edition as RulesEdition
from core.plugin_host import PluginFailed, PluginUnavailable, SettingsInvalid, rules_for


@dataclass(frozen=True, slots=True)
class OverMaximum:
    """Points on a draft that no longer fit: kept as they were typed; `most` None where the criterion is gone."""

    round: str
    code: str
    title: str
    criterion: str
    points: Decimal
    most: Decimal | None


@dataclass(frozen=True, slots=True)
class _Deed:
    """A change of an edition's rules: what they are after it, why, by whom and when."""

    edition_id: UUID
    after: RulesEdition
    reason: str
    actor: Actor
    now: datetime


@listens_to(SettingsChanging)
def keep_version(event: SettingsChanging) -> None:
    """Write the version that a change of settings or plugins makes, and tell the judges.

    Raises SheetsAreLocked when a sheet of the edition is locked and a criterion of any round would change.
    """
    locked = locked_sheets_of(event.edition_id)
    try:
        old, new = (document_of(rules_for(one).rounds()) for one in (event.before, event.after))
    except PluginFailed:
        if locked:
            raise
        return  # rules that do not run have no criteria, and nobody scores by them
    if locked and old != new:
        raise SheetsAreLocked(
            _(
                "Giám khảo đã khóa %(count)s phiếu theo tiêu chí hiện nay (tên, điểm tối đa, bước điểm, các mức điểm), "
                "nên tiêu chí không thay đổi được nữa.",
                count=locked,
            )
        )
    _write(_Deed(event.edition_id, event.after, event.reason, event.actor, event.now), old, new)


@listens_to(RulesFrozen)
def keep_first_version(event: RulesFrozen) -> None:
    """What judging begins by is kept, so that a later change can be told from it.

    Rules that are frozen again may stand on another version of a plugin than before. Raises SheetsAreLocked when that
    brought other criteria and a sheet is locked.
    """
    row = session().scalars(select(Edition).where(Edition.id == event.edition_id)).one()
    found = _compared(row)
    if found is None:
        return
    values, old, new = found
    if changes_between(old, new):
        require_none_locked(row.id)
    _write(_Deed(row.id, values, "", SYSTEM, event.now), old, new)


@listens_to(TenantSynced)
def keep_synced_versions(event: TenantSynced) -> None:
    """The tenant's folder may have brought other criteria; while judging has begun it has no say in them."""
    ask = select(Edition).where(Edition.id.in_(list(event.editions.values()))).order_by(Edition.key)
    for row in session().scalars(ask):
        found = _compared(row)
        if found is None:
            continue
        values, old, new = found
        has_begun = row.frozen is not None or row.reopened_at is not None
        if has_begun and changes_between(old, new):
            event.differences.append(
                f"{row.key}: tiêu chí của bộ quy tắc đang cài khác tiêu chí đã công bố cho giám khảo; xem trang Chấm "
                f"điểm, mục Thay đổi tiêu chí"
            )
            new = old
        _write(_Deed(row.id, values, "Nạp lại hồ sơ cấu hình của tỉnh.", SYSTEM, event.now), old, new)


def versions_of(edition_id: UUID) -> list[CriteriaVersion]:
    """The versions of an edition, the newest first. One query."""
    ask = select(CriteriaVersion).where(CriteriaVersion.edition_id == edition_id)
    return list(session().scalars(ask.order_by(CriteriaVersion.number.desc())))


def newest_version(edition_id: UUID) -> CriteriaVersion | None:
    """The criteria as they were announced last; None before anything was kept. One query."""
    ask = select(CriteriaVersion).where(CriteriaVersion.edition_id == edition_id)
    ask = ask.order_by(CriteriaVersion.number.desc()).limit(1)
    return session().scalars(ask.execution_options(populate_existing=True)).first()


def changed_versions(edition_id: UUID) -> list[CriteriaVersion]:
    """The versions that changed something, the newest first. One query."""
    ask = select(CriteriaVersion).where(CriteriaVersion.edition_id == edition_id, CriteriaVersion.number > 1)
    return list(session().scalars(ask.order_by(CriteriaVersion.number.desc())))


def unread_versions(edition_id: UUID, judge: JudgeView) -> list[CriteriaVersion]:
    """Changes announced to a judge that he has not said to have read, the oldest first. One query."""
    read = (
        select(func.max(CriteriaVersion.number))
        .join(CriteriaSeen, CriteriaSeen.version_id == CriteriaVersion.id)
        .where(CriteriaVersion.edition_id == edition_id, CriteriaSeen.judge_id == judge.id)
        .scalar_subquery()
    )
    ask = (
        select(CriteriaVersion)
        .where(CriteriaVersion.edition_id == edition_id, CriteriaVersion.number > func.coalesce(read, 1))
        .order_by(CriteriaVersion.number)
    )
    return [one for one in session().scalars(ask) if judge.number in one.told]


def readers_of(edition_id: UUID) -> dict[int, set[str]]:
    """Number of a version → numbers of the judges who said that they read it. One query."""
    ask = (
        select(CriteriaVersion.number, Judge.number)
        .join(CriteriaSeen, CriteriaSeen.version_id == CriteriaVersion.id)
        .join(Judge, Judge.id == CriteriaSeen.judge_id)
        .where(CriteriaVersion.edition_id == edition_id)
    )
    found: dict[int, set[str]] = {}
    for version, judge in session().execute(ask):
        found.setdefault(version, set()).add(judge)
    return found


def acknowledge(edition: EditionView, judge: JudgeView, number: int, *, now: datetime) -> None:
    """The judge says that he has read a version; saying it again changes nothing. Raises NotFound."""
    ask = select(CriteriaVersion.id).where(
        CriteriaVersion.edition_id == edition.id, CriteriaVersion.number == number
    )
    version_id = session().scalars(ask).one_or_none()
    if version_id is None:
        raise NotFound(_("Không có lần thay đổi tiêu chí này."))
    insert_once(
        CriteriaSeen, ("version_id", "judge_id"), {"version_id": version_id, "judge_id": judge.id, "at": now}
    )


def over_maximum(edition: EditionView, judge: JudgeView) -> list[OverMaximum]:
    """Points on the judge's drafts that the criteria no longer allow, by round and code. One query."""
    most = {
        (one.key, criterion.key): criterion for one in edition.rules.rounds() for criterion in one.criteria
    }
    is_read_blind = reads_blind([judge.id], blind_by_rules(edition))
    title = case((is_read_blind, Entry.code), else_=Entry.title)
    ask = (
        select(Sheet.round, Entry.code, title, SheetScore.criterion, SheetScore.points)
        .join(SheetScore, SheetScore.sheet_id == Sheet.id)
        .join(Entry, Entry.id == Sheet.entry_id)
        .join(Assignment, of_sheet())
        .where(Sheet.edition_id == edition.id, Sheet.judge_id == judge.id, is_running())
        .where(Sheet.state == SheetState.DRAFT)
        .order_by(Sheet.round, Entry.code, SheetScore.criterion)
    )
    found = []
    for key, code, named, criterion, points in session().execute(ask):
        allowed = most.get((key, criterion))
        if allowed is None or points > allowed.maximum:
            found.append(
                OverMaximum(key, code or "", named, criterion, points, allowed.maximum if allowed else None)
            )
    return found


def _compared(row: Edition) -> tuple[RulesEdition, list[dict[str, Any]], list[dict[str, Any]]] | None:
    """The stored edition as rules see it, the criteria of its newest version (or as they are, before the first) and as
    they are; None where its rules do not run.
    """
    try:
        values = rules_values(row, bound_tenant().slug, layers_of(row, tenant_settings()))
        document = document_of(rules_for(values).rounds())
    except (PluginFailed, PluginUnavailable, SettingsInvalid):
        return None  # nothing to keep: such an edition is told of where plugins are looked after
    newest = newest_version(row.id)
    return values, document if newest is None else newest.criteria, document


def _write(deed: _Deed, old: Sequence[dict[str, Any]], new: Sequence[dict[str, Any]]) -> None:
    changes = changes_between(old, new)
    newest = versions_of(deed.edition_id)
    number = newest[0].number if newest else 1
    if not newest:
        first = CriteriaVersion(edition_id=deed.edition_id, number=1, criteria=list(old), changes=[], told=[])
        first.by_name, first.at = SYSTEM.name, deed.now
        session().add(first)
        session().flush()
    if not changes:
        return
    ask = (
        select(Judge.number, Account)
        .join(Account, Account.id == Judge.account_id)
        .where(Judge.edition_id == deed.edition_id, Judge.is_active.is_(True))
        .order_by(Judge.number)
    )
    judges = [(row[0], row[1]) for row in session().execute(ask)]
    version = CriteriaVersion(
        edition_id=deed.edition_id,
        number=number + 1,
        criteria=list(new),
        changes=changes,
        told=[judge for judge, _account in judges],
        reason=deed.reason,
        by_id=deed.actor.id,
        by_name=deed.actor.name,
        at=deed.now,
    )
    session().add(version)
    session().flush()
    kept = ("round", "criterion", "what", "before", "after")
    line = {
        "version": version.number,
        "changes": [{key: one[key] for key in kept} for one in changes],
        "judges": len(judges),
    }
    audit.append("criteria.changed", deed.after.key, line, actor=deed.actor, now=deed.now)
    for judge, account in judges:
        _tell(deed, account, changes, f"criteria:{deed.edition_id}:{version.number}:{judge}")


def _tell(deed: _Deed, account: Account, changes: Sequence[dict[str, Any]], once: str) -> None:
    language = language_for(account.language, bound_tenant().profile)
    with force_locale(language):
        sentences = "\n".join(change_sentences(changes))
    values = {
        "thay_doi": sentences,
        "ly_do": deed.reason,
        "dia_chi": f"{site_address()}/cham-thi/tieu-chi",
        "ban_to_chuc": rules_for(deed.after).terms().committee.in_(language),
        "ky_thi": deed.after.name.in_(language),
    }
    reader = Reader(reached_at(account), account.name, account.language)
    send_letter("criteria-changed", reader, values, once=once, now=deed.now)


def locked_sheets_of(edition_id: UUID) -> int:
    """How many sheets of an edition are locked. One query."""
    ask = select(func.count()).select_from(Sheet)
    return (
        session().scalars(ask.where(Sheet.edition_id == edition_id, Sheet.state == SheetState.LOCKED)).one()
    )


def require_none_locked(edition_id: UUID) -> None:
    """Raise SheetsAreLocked, for criteria that came with a version of a plugin, when a sheet is locked. One query."""
    locked = locked_sheets_of(edition_id)
    if locked:
        raise SheetsAreLocked(
            _(
                "Giám khảo đã khóa %(count)s phiếu, mà bộ quy tắc đang cài có tiêu chí khác với tiêu chí của các phiếu "
                "đó. Bạn hãy nhờ người vận hành cài lại phiên bản bộ quy tắc lúc chốt, rồi làm lại.",
                count=locked,
            )
        )
