"""Where keying in a paper sheet is stuck, and where its judge does not agree: taking over a turn, answering."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from core.contests.values import EditionView
from core.judging.paper_letters import send_objection_answered
from core.judging.paper_models import PaperAnswer, PaperKeying, PaperSheet
from core.judging.queries.papers import Paper, paper_by_code
from core.judging.services.paper import OBJECTION_CHARS, require_usable
from core.kernel import audit
from core.kernel.actor import Actor
from core.kernel.db import lock_row, session
from core.kernel.errors import Forbidden, Invalid
from core.kernel.text import clean
from core.plugin_api import Round


def take_over_turn(
    edition: EditionView, found: Paper, judging_round: Round, turn: int, *, actor: Actor, now: datetime
) -> None:
    """Give the turn of somebody who cannot go on to the actor, who reads the paper anew: what was keyed in goes.

    Taken over already by the actor, it changes nothing. Raises Forbidden for who has the other turn: both readings
    would be his; SheetLocked, SheetAbstained, NotFound as `key_in`; Invalid at `turn` for one that nobody began.
    """
    if actor.id is None:
        raise Forbidden(_("Cần đăng nhập để nhập phiếu."))
    held = lock_row(PaperSheet, PaperSheet.id == found.stored.id)
    found = paper_by_code(edition, judging_round.key, held.code) or found
    require_usable(found)
    ask = select(PaperKeying).where(PaperKeying.paper_id == held.id, PaperKeying.turn == turn)
    row = session().scalars(ask).one_or_none()
    if row is None:
        raise Invalid.one("turn", _("Chưa có ai nhập lần này."))
    if row.account_id == actor.id:
        return
    if any(one.account_id == actor.id for one in found.keyings):
        raise Forbidden(_("Bạn đã nhập một lần; lần kia phải do người khác nhập."))
    line = {
        "round": judging_round.key,
        "paper": held.code,
        "turn": turn,
        "from": str(row.account_id),
        "account": str(actor.id),
    }
    row.account_id, row.scores, row.remark, row.is_done, row.at = actor.id, {}, "", False, now
    session().flush()
    audit.append("paper.taken_over", found.entry_code, line, actor=actor, now=now)


def settle_objection(
    edition: EditionView,
    found: Paper,
    judging_round: Round,
    words: str,
    *,
    seen: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Answer the judge's objection; he is told by letter, and what was answered is kept with what he had said.

    `seen` are the words of the objection that was read. Raises Invalid at `answer` without words, with too many, where
    nothing waits (any more), or where the judge says something else meanwhile.
    """
    words = clean(words)
    if not words:
        raise Invalid.one("answer", _("Bạn hãy ghi trả lời để giám khảo đọc."))
    if len(words) > OBJECTION_CHARS:
        raise Invalid.one("answer", _("Dài quá %(most)s ký tự, bạn hãy viết ngắn hơn.", most=OBJECTION_CHARS))
    held = lock_row(PaperSheet, PaperSheet.id == found.stored.id)
    if actor.id is None or held.objected_at is None or held.settled_at is not None:
        raise Invalid.one("answer", _("Ý kiến này đã được trả lời. Bạn hãy đọc trả lời ở trang này."))
    if held.objection.split() != seen.split():
        raise Invalid.one("answer", _("Giám khảo vừa ghi lại ý kiến. Bạn hãy đọc ý kiến mới rồi trả lời."))
    answer = PaperAnswer(
        paper_id=held.id, account_id=actor.id, at=now, objection=held.objection, answer=words
    )
    session().add(answer)
    held.settled_at = now
    session().flush()
    line = {"round": judging_round.key, "paper": held.code}
    audit.append("paper.settled", found.entry_code, line, actor=actor, now=now)
    send_objection_answered(edition, found, judging_round, once=str(answer.id), now=now)
