"""Who goes on from round to round, as it stands: what the committee set and decided, over the locked sheets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from core.contests.values import EditionView
from core.entries.barring import is_kept_from_some
from core.entries.models import Entry
from core.entries.states import State
from core.judging.errors import RoundUnfinished, StillDeliberated
from core.judging.figures_door import OwnSheetsOpen, own_sheets_left
from core.judging.finalists import Candidate, Choice, Judged, Selection, Ties, Verdict, sort_out
from core.judging.models import RoundEntry
from core.judging.queries import locked_sheets, outstanding_sheets
from core.judging.queries.deliberations import not_deliberated, open_deliberations
from core.judging.queries.planning import unassigned_entries
from core.judging.round_models import FinalistChoice, FinalistRule
from core.judging.values import LockedSheet
from core.kernel.actor import Actor
from core.kernel.db import session
from core.kernel.errors import Forbidden
from core.kernel.i18n import locale
from core.plugin_api import Round
from core.plugin_api import Sheet as RulesSheet


def round_before(edition: EditionView, judging_round: Round) -> Round | None:
    """The round from which entries come into this one; None for the first."""
    rounds = edition.rules.rounds()
    place = [one.key for one in rounds].index(judging_round.key)
    return rounds[place - 1] if place else None


def selection_of(edition_id: UUID, round_key: str) -> Selection:
    """How the committee lets entries into a round. One query."""
    found = stored_rule(edition_id, round_key)
    if found is None:
        return Selection()
    return Selection(found.most, found.by_field, Ties(found.ties), found.sheets, found.basis, found.revision)


def stored_rule(edition_id: UUID, round_key: str) -> FinalistRule | None:
    """The row of `selection_of`. One query."""
    ask = select(FinalistRule).where(FinalistRule.edition_id == edition_id, FinalistRule.round == round_key)
    return session().scalars(ask.execution_options(populate_existing=True)).one_or_none()


def candidates(edition: EditionView, judging_round: Round) -> tuple[Candidate, ...]:
    """The entries of the round before, best first, with what becomes of each. Five queries; none for the first."""
    earlier = round_before(edition, judging_round)
    if earlier is None:
        return ()
    sheets = locked_sheets(edition, round_key=earlier.key)
    totals = edition.rules.aggregate_sheets(earlier, _for_rules(sheets)).totals
    numbers: dict[str, int] = {}
    for sheet in sheets:
        numbers[sheet.entry] = numbers.get(sheet.entry, 0) + 1
    ask = (
        select(Entry.code, Entry.title, Entry.field)
        .join(RoundEntry, RoundEntry.entry_id == Entry.id)
        .where(RoundEntry.edition_id == edition.id, RoundEntry.round == earlier.key)
        .where(Entry.state == State.ACCEPTED)
    )
    rows = [
        Judged(code or "", title, field, totals.get(code or ""), numbers.get(code or "", 0))
        for code, title, field in session().execute(ask)
    ]
    selection = selection_of(edition.id, judging_round.key)
    return sort_out(rows, selection, earlier.threshold, choices_of(edition.id, judging_round.key))


def choices_of(edition_id: UUID, round_key: str) -> dict[str, Choice]:
    """Code → what the committee decided on who comes into a round. One query."""
    ask = (
        select(FinalistChoice, Entry.code)
        .join(Entry, Entry.id == FinalistChoice.entry_id)
        .where(FinalistChoice.edition_id == edition_id, FinalistChoice.round == round_key)
    )
    return {
        code or "": Choice(Verdict(one.verdict), one.reason, one.by_name, one.at, one.revision)
        for one, code in session().execute(ask)
    }


def require_finished(edition: EditionView, earlier: Round) -> None:
    """Raise RoundUnfinished while sheets of the earlier round are open or entries of it assigned to nobody, and
    StillDeliberated while the council talks about some: points may still change.
    """
    left = outstanding_sheets(edition, earlier.key)
    if left:
        raise RoundUnfinished(
            _(
                "%(round)s còn %(left)s phiếu chưa khóa. Giám khảo cần khóa hoặc từ chối chấm các phiếu đó; nếu không "
                "thể, Ban Tổ chức thôi phân công giám khảo ấy rồi mở vòng sau.",
                round=earlier.name.in_(locale()),
                left=left,
            )
        )
    waiting = unassigned_entries(edition.id, earlier.key, but_abstained=True)
    if waiting:
        raise RoundUnfinished(
            _(
                "%(round)s còn %(waiting)s hồ sơ chưa giao cho giám khảo nào. Hãy giao phương án phân công, chờ các "
                "phiếu được khóa rồi mở vòng sau.",
                round=earlier.name.in_(locale()),
                waiting=waiting,
            )
        )
    talks = open_deliberations(edition.id, earlier.key)
    if talks:
        raise StillDeliberated(
            ngettext(
                "%(round)s còn %(num)s hồ sơ đang thảo luận. Người chủ trì kết thúc thảo luận rồi mới mở vòng sau, vì "
                "vòng sau mở thì điểm không sửa được nữa.",
                "%(round)s còn %(num)s hồ sơ đang thảo luận. Người chủ trì kết thúc thảo luận rồi mới mở vòng sau, vì "
                "vòng sau mở thì điểm không sửa được nữa.",
                talks,
                round=earlier.name.in_(locale()),
            )
        )


def finalists(edition: EditionView, judging_round: Round) -> tuple[Candidate, ...]:
    """Who goes on to the round. Raises RoundUnfinished while the committee has to decide on entries that tie."""
    found = candidates(edition, judging_round)
    waiting = sum(1 for one in found if one.goes_on is None)
    if waiting:
        raise RoundUnfinished(
            _(
                "%(count)s hồ sơ bằng điểm ở suất cuối cần Ban Tổ chức quyết định từng hồ sơ rồi mới mở vòng.",
                count=waiting,
            )
        )
    return tuple(one for one in found if one.goes_on)


def coming_in(edition: EditionView, judging_round: Round, actor: Actor) -> dict[str, Any]:
    """What the page that opens a round shows of who comes into it: a fixed number of queries."""
    earlier = round_before(edition, judging_round)
    if earlier is None:
        return {"earlier": None, "rows": (), "inside": frozenset(), "unfinished": "", "apart": ()}
    unfinished, is_talking = "", False
    try:
        require_finished(edition, earlier)
        require_own_finished(actor, edition, earlier)
    except (RoundUnfinished, OwnSheetsOpen) as waits:
        unfinished, is_talking = waits.message, isinstance(waits, StillDeliberated)
    ask = (
        select(Entry.code)
        .join(RoundEntry, RoundEntry.entry_id == Entry.id)
        .where(RoundEntry.edition_id == edition.id, RoundEntry.round == judging_round.key)
    )
    inside = frozenset(session().scalars(ask))
    selection = selection_of(edition.id, judging_round.key)
    is_apart = is_kept_from_some(actor, edition.id)
    is_hidden = bool(unfinished) or (is_apart and selection.most is not None)
    found = () if is_hidden else candidates(edition, judging_round)
    return {
        "earlier": earlier,
        "rows": sorted(found, key=lambda one: one.goes_on is not None),
        "inside": inside,
        "unfinished": unfinished,
        "is_talking": is_talking,
        "apart": () if unfinished or inside else not_deliberated(edition, earlier),
        "selection": selection,
        "is_apart": is_apart,
        "fields": {one.key: one.name for one in edition.rules.entry_fields()},
    }


def require_whole_view(actor: Actor, edition_id: UUID) -> None:
    """Raise Forbidden for who may not see every dossier: choosing among them is for another officer."""
    if is_kept_from_some(actor, edition_id):
        raise Forbidden(
            _(
                "Bạn có liên quan đến một hồ sơ của kỳ này nên việc chọn hồ sơ vào vòng sau do cán bộ khác làm."
            )
        )


def went_on(edition: EditionView, sheets: Sequence[LockedSheet]) -> Mapping[str, list[str]]:
    """Round → codes that went on from it, where these are others than the rules' threshold alone lets through.

    `sheets` are all that are locked. One query at most.
    """
    rounds = edition.rules.rounds()
    if len(rounds) == 1:
        return {}
    ask = (
        select(RoundEntry.round, Entry.code)
        .join(Entry, Entry.id == RoundEntry.entry_id)
        .where(RoundEntry.edition_id == edition.id, Entry.state == State.ACCEPTED)
    )
    codes: dict[str, set[str]] = {one.key: set() for one in rounds}
    for key, code in session().execute(ask):
        if key in codes:
            codes[key].add(code or "")
    found: dict[str, list[str]] = {}
    for earlier, later in pairwise(rounds):
        if earlier.deciding or not codes[later.key]:
            continue
        own = _for_rules(
            [one for one in sheets if one.round == earlier.key and one.entry in codes[earlier.key]]
        )
        totals = edition.rules.aggregate_sheets(earlier, own).totals
        least = earlier.threshold
        passed = {code for code, total in totals.items() if least is None or total >= least}
        if codes[later.key] != passed:
            found[earlier.key] = sorted(codes[later.key])
    return found


def _for_rules(sheets: Sequence[LockedSheet]) -> list[RulesSheet]:
    return [RulesSheet(one.round, one.judge, one.entry, one.scores) for one in sheets]


def require_own_finished(actor: Actor, edition: EditionView, earlier: Round) -> None:
    """Raise OwnSheetsOpen for an officer who may still score in the earlier round: points are not for him yet."""
    left = 0 if actor.id is None else own_sheets_left(edition, actor.id, earlier.key)
    if left:
        raise OwnSheetsOpen(earlier.key, left)
