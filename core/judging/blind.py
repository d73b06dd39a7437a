"""Blind rounds as everything else asks about them: which rounds are blind, and who reads which dossier blind.

Blind is what the rules or the committee say of a round. A judge who is to judge a dossier in a blind round reads it
blind wherever he meets it, in other rounds too, and never its original files. What he reads is what an officer
approved, and nothing that was not (`BlindDossier.shown`): a dossier without that does not exist for him.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, case, exists, func, literal, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from core.contests.values import EditionView
from core.entries.forms import questions
from core.entries.models import Entry
from core.judging.blind_models import BlindDossier, BlindRound
from core.judging.models import Assignment
from core.kernel.db import session
from core.kernel.text import fold
from core.plugin_api import FormField

_ABOUT_PEOPLE = re.compile(
    r"ho (va )?ten|tac gia|dien thoai|e-?mail|thu dien tu|lien he|tai khoan|can cuoc|cccd|ngay sinh|nam sinh"
    r"|(don vi|co quan|noi) (cong tac|hoc tap|lam viec)|chu don|dia chi"
)


def blind_by_rules(edition: EditionView) -> frozenset[str]:
    """The rounds of which the rules themselves say that they are blind. No query."""
    return frozenset(one.key for one in edition.rules.rounds() if one.blind)


def is_blind(edition: EditionView, round_key: str) -> bool:
    """Whether the judges of the round read dossiers without names. One query at most."""
    if round_key in blind_by_rules(edition):
        return True
    ask = select(BlindRound.id).where(
        BlindRound.edition_id == edition.id, BlindRound.round == round_key, BlindRound.is_on.is_(True)
    )
    return session().scalars(ask).one_or_none() is not None


def choice_of(edition: EditionView, round_key: str) -> BlindRound | None:
    """The committee's choice for a round, if it made one. One query."""
    ask = select(BlindRound).where(BlindRound.edition_id == edition.id, BlindRound.round == round_key)
    return session().scalars(ask).one_or_none()


def is_about_people(asked: FormField) -> bool:
    """Whether a question asks for a person or where to find one by its words: its answer is never shown blind."""
    return not asked.blind and _ABOUT_PEOPLE.search(fold(asked.label.vi)) is not None


def shown_questions(edition: EditionView, chosen: BlindRound | None) -> frozenset[str]:
    """The keys of the questions whose answers judges of a blind round may read: as the committee ticked them, else
    those that the form declares fit. A question that neither names is not shown."""
    asked = {one.key: one for one in questions(edition)}
    keys = {one.key for one in asked.values() if one.blind} if chosen is None else set(chosen.questions)
    return frozenset(key for key in keys if key in asked and not is_about_people(asked[key]))


def reads_blind(
    judges: Collection[UUID | InstrumentedAttribute[UUID]] | Select[UUID],
    by_rules: Collection[str],
    round_key: str | None = None,
) -> ColumnElement[bool]:
    """The condition on `Entry` that one of `judges` (their ids, or the judge of an `Assignment` of the query) is to
    judge it in a blind round; with `round_key` also that this round is blind. `by_rules` are the rounds that the rules
    make blind.
    """
    if round_key is not None and round_key in by_rules:
        return literal(True)
    task, chosen, here = aliased(Assignment), aliased(BlindRound), aliased(BlindRound)
    in_blind_round = exists().where(
        chosen.tenant_id == task.tenant_id,
        chosen.edition_id == task.edition_id,
        chosen.round == task.round,
        chosen.is_on.is_(True),
    )
    assigned = exists().where(
        task.tenant_id == Entry.tenant_id,
        task.entry_id == Entry.id,
        task.ended_at.is_(None),
        task.judge_id.in_(judges),
        or_(task.round.in_(sorted(by_rules)), in_blind_round.correlate(task)),
    )
    is_assigned = assigned.correlate(Entry, Assignment)
    if round_key is None:
        return is_assigned
    is_here = exists().where(
        here.tenant_id == Entry.tenant_id,
        here.edition_id == Entry.edition_id,
        here.round == round_key,
        here.is_on.is_(True),
    )
    return or_(is_assigned, is_here.correlate(Entry))


def approved_title(round_key: str) -> ScalarSelect[str | None]:
    """The title of an `Entry` as it was approved for judges, as a column; null while nothing is approved.

    Approved for `round_key` goes before approved for another round; what was approved of an older version is not.
    """
    own = aliased(BlindDossier)
    here_first = case((own.round == round_key, 0), else_=1)
    return (
        select(own.title)
        .where(own.entry_id == Entry.id, own.tenant_id == Entry.tenant_id)
        .where(own.approved_at.is_not(None), own.version == Entry.version)
        .order_by(here_first, own.round)
        .limit(1)
        .correlate(Entry)
        .scalar_subquery()
    )


def reads_its_judge_blind(edition: EditionView, round_key: str) -> ColumnElement[bool]:
    """The condition on an `Assignment` of the round, joined to its `Entry`, that its judge reads the entry blind.

    Whether any round of the edition is blind is asked once, before each assignment is.
    """
    by_rules = blind_by_rules(edition)
    here = reads_blind([Assignment.judge_id], by_rules, round_key)
    chosen = aliased(BlindRound)
    any_chosen = select(chosen.id).where(chosen.edition_id == edition.id, chosen.is_on.is_(True)).exists()
    return here if by_rules else and_(any_chosen, here)


def waits_for_approval(edition: EditionView, round_key: str) -> ColumnElement[bool]:
    """The condition on an `Assignment` of the round, joined to its `Entry`, that its judge cannot open the entry yet:
    he reads it blind, and nothing is approved."""
    is_blind_there = reads_its_judge_blind(edition, round_key)
    return and_(is_blind_there, approved_title(round_key).is_(None))


def title_shown(edition: EditionView, round_key: str, judge_id: UUID | None = None) -> ColumnElement[str]:
    """The title of an `Entry`, as a column, on what the council of a round reads together.

    Where the round is blind, or `judge_id` is to judge the entry in another round that is: what was approved, and the
    code alone while nothing is.
    """
    own = [] if judge_id is None else [judge_id]
    is_read_blind = reads_blind(own, blind_by_rules(edition), round_key)
    return case(
        (is_read_blind, func.coalesce(approved_title(round_key), Entry.code)),
        else_=Entry.title,
    )


def approved_dossier(entry: Entry, round_key: str) -> BlindDossier | None:
    """What was approved of the dossier as it is now, for `round_key` or else another blind round. One query."""
    here_first = case((BlindDossier.round == round_key, 0), else_=1)
    ask = (
        select(BlindDossier)
        .where(BlindDossier.entry_id == entry.id, BlindDossier.approved_at.is_not(None))
        .where(BlindDossier.version == entry.version)
        .order_by(here_first, BlindDossier.round)
        .limit(1)
    )
    return session().scalars(ask).one_or_none()


def blind_titles(edition: EditionView, round_key: str) -> Mapping[str, str] | None:
    """Code → the title that was approved, of each dossier of a blind round; None where the round is not blind.

    For pages that name dossiers to who is no officer: a code that is not among these has no title to be shown. Two
    queries at most.
    """
    if not is_blind(edition, round_key):
        return None
    ask = (
        select(Entry.code, BlindDossier.title)
        .join(BlindDossier, BlindDossier.entry_id == Entry.id)
        .where(BlindDossier.edition_id == edition.id, BlindDossier.round == round_key)
        .where(BlindDossier.approved_at.is_not(None), BlindDossier.version == Entry.version)
    )
    return {row[0]: row[1] for row in session().execute(ask) if row[0] is not None}


def waiting_dossiers(edition: EditionView, round_key: str, entry_ids: Collection[UUID]) -> frozenset[UUID]:
    """Those of the dossiers of which nothing is approved for the round as they are now. One query."""
    ask = (
        select(BlindDossier.entry_id)
        .join(Entry, Entry.id == BlindDossier.entry_id)
        .where(BlindDossier.edition_id == edition.id, BlindDossier.round == round_key)
        .where(BlindDossier.approved_at.is_not(None), BlindDossier.version == Entry.version)
    )
    return frozenset(entry_ids) - set(session().scalars(ask))
