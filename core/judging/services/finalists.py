"""The committee's say in who goes on to a round: how many, and what it lets in or leaves out, with the reason."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from core.contests.values import EditionView
from core.entries.models import Entry
from core.entries.states import State
from core.judging.errors import FinalistsMoved, RoundNotOpen
from core.judging.finalists import Selection, Verdict
from core.judging.going_on import require_finished, require_whole_view, round_before, stored_rule
from core.judging.models import RoundEntry
from core.judging.policies import require_manager, round_of
from core.judging.queries import is_later_round_open
from core.judging.round_models import FinalistChoice, FinalistRule
from core.judging.services.council import held_edition
from core.kernel import audit
from core.kernel.actor import Actor
from core.kernel.db import session
from core.kernel.errors import Invalid, NotFound
from core.kernel.i18n import locale
from core.kernel.text import clean, clean_line
from core.plugin_api import Round

REASON_CHARS, BASIS_CHARS, MOST = 1000, 300, 10_000


def save_selection(
    edition: EditionView, round_key: str, wanted: Selection, *, actor: Actor, now: datetime
) -> bool:
    """Set how entries come into a round; `wanted.revision` is the one that was read. Gives whether anything changed.

    Once the round is open it stands. Raises Forbidden, NotFound for the first round, RoundNotOpen, FinalistsMoved,
    Invalid at `most`, `sheets`, `basis`.
    """
    judging_round, _earlier = _later(edition, round_key, actor)
    basis = clean_line(wanted.basis)
    wrong: dict[str, list[str]] = {}
    if wanted.most is not None and not 1 <= wanted.most <= MOST:
        wrong["most"] = [_("Hãy ghi một số nguyên từ %(least)s đến %(most)s.", least=1, most=MOST)]
    if not 1 <= wanted.sheets <= 30:
        wrong["sheets"] = [_("Hãy ghi một số nguyên từ %(least)s đến %(most)s.", least=1, most=30)]
    if len(basis) > BASIS_CHARS:
        wrong["basis"] = [_("Dài quá %(most)s ký tự, bạn hãy viết ngắn hơn.", most=BASIS_CHARS)]
    if wrong:
        raise Invalid(wrong)
    if _has_begun(edition, round_key):
        raise RoundNotOpen(_("%(round)s đã mở nên cách chọn không đổi nữa.", round=_name(judging_round)))
    stored = stored_rule(edition.id, round_key)
    values = (wanted.most, wanted.by_field, wanted.ties.value, wanted.sheets, basis)
    if stored is None:
        if wanted == Selection(revision=wanted.revision):
            return False
        stored = FinalistRule(edition_id=edition.id, round=round_key, revision=0)
    elif values == (stored.most, stored.by_field, stored.ties, stored.sheets, stored.basis):
        return False
    if stored.revision != wanted.revision:
        raise FinalistsMoved(_("Cách chọn vừa được người khác đổi. Bạn hãy xem lại rồi sửa nếu vẫn cần."))
    stored.most, stored.by_field, stored.ties, stored.sheets, stored.basis = values
    stored.revision += 1
    session().add(stored)
    session().flush()
    line = {
        "round": round_key,
        "most": wanted.most,
        "by_field": wanted.by_field,
        "ties": wanted.ties.value,
        "sheets": wanted.sheets,
        "basis": basis,
    }
    audit.append("finalists.set", f"{edition.key}/{round_key}", line, actor=actor, now=now)
    return True


def choose(
    edition: EditionView,
    round_key: str,
    code: str,
    verdict: Verdict,
    reason: str,
    *,
    seen: int,
    actor: Actor,
    now: datetime,
) -> bool:
    """Let an entry of the round before go on, leave it out, or leave it to the rules again; the reason is kept.

    `seen` is the revision of the decision that was read, 0 for none. Gives whether anything changed. Raises Forbidden
    (also for who may not see every dossier), NotFound, Invalid at `reason`, RoundUnfinished while the round before is
    judged, RoundNotOpen for leaving out what is in the round already, FinalistsMoved.
    """
    judging_round, earlier = _later(edition, round_key, actor)
    require_whole_view(actor, edition.id)
    ask = (
        select(Entry.id)
        .join(RoundEntry, RoundEntry.entry_id == Entry.id)
        .where(RoundEntry.edition_id == edition.id, RoundEntry.round == earlier.key)
        .where(Entry.code == code, Entry.state == State.ACCEPTED)
    )
    entry_id = session().scalars(ask).one_or_none()
    if entry_id is None:
        raise NotFound(_("Không có hồ sơ này trong %(round)s.", round=_name(earlier)))
    require_finished(edition, earlier)
    reason = clean(reason)
    if not reason:
        raise Invalid.one("reason", _("Bạn hãy ghi lý do; lý do được giữ cùng danh sách."))
    if len(reason) > REASON_CHARS:
        raise Invalid.one("reason", _("Dài quá %(most)s ký tự, bạn hãy viết ngắn hơn.", most=REASON_CHARS))
    ask_in = select(RoundEntry.id).where(RoundEntry.entry_id == entry_id, RoundEntry.round == round_key)
    if verdict is not Verdict.IN and session().scalars(ask_in).first() is not None:
        raise RoundNotOpen(
            _("%(code)s đã vào %(round)s nên không đưa ra được nữa.", code=code, round=_name(judging_round))
        )
    held = select(FinalistChoice).where(
        FinalistChoice.entry_id == entry_id, FinalistChoice.round == round_key
    )
    stored = session().scalars(held.execution_options(populate_existing=True)).one_or_none()
    if stored is None:
        if verdict is Verdict.RULES:
            return False
        stored = FinalistChoice(edition_id=edition.id, entry_id=entry_id, round=round_key, revision=0)
    elif (stored.verdict, stored.reason) == (verdict.value, reason):
        return False
    if stored.revision != seen:
        raise FinalistsMoved(_("Quyết định về %(code)s vừa được người khác đổi. Bạn hãy xem lại.", code=code))
    stored.verdict, stored.reason = verdict.value, reason
    stored.by_id, stored.by_name, stored.at = actor.id, actor.name, now
    stored.revision += 1
    session().add(stored)
    session().flush()
    line = {"round": round_key, "verdict": verdict.value, "reason": reason}
    audit.append("finalists.chosen", code, line, actor=actor, now=now)
    return True


def _later(edition: EditionView, round_key: str, actor: Actor) -> tuple[Round, Round]:
    """The round and the one before it, for who may decide on it while no later one is open; the edition is held until
    the transaction ends, so that none is opened meanwhile."""
    require_manager(actor)
    judging_round = round_of(edition, round_key)
    earlier = round_before(edition, judging_round)
    if earlier is None:
        raise NotFound(_("Vòng đầu nhận mọi hồ sơ được chấp nhận."))
    held_edition(edition.id)
    if is_later_round_open(edition, round_key):
        raise RoundNotOpen(_("Vòng sau đã mở nên không thêm hồ sơ vào vòng này được nữa."))
    return judging_round, earlier


def _has_begun(edition: EditionView, round_key: str) -> bool:
    ask = select(RoundEntry.id).where(RoundEntry.edition_id == edition.id, RoundEntry.round == round_key)
    return session().scalars(ask.limit(1)).first() is not None


def _name(judging_round: Round) -> str:
    return judging_round.name.in_(locale())
