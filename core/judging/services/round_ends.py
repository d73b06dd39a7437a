"""Setting until when a round should be judged."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _

from core.contests.values import EditionView, PhaseKind
from core.judging.policies import require_manager, round_of
from core.judging.round_ends import stored_end
from core.judging.round_models import RoundEnd
from core.judging.services.council import held_edition
from core.kernel import audit
from core.kernel.actor import Actor
from core.kernel.db import session
from core.kernel.errors import Invalid
from core.kernel.formats import datetime_, deadline
from core.kernel.i18n import locale
from core.kernel.text import clean_line

BASIS_CHARS = 300


def save_round_end(
    edition: EditionView,
    round_key: str,
    closes_at: datetime | None,
    basis: str,
    *,
    actor: Actor,
    now: datetime,
) -> bool:
    """Set until when the round should be judged, within the judging phase; None takes it back to the end of the phase.

    Gives whether anything changed. Raises Forbidden, NotFound, Invalid at `closes`, `basis`.
    """
    require_manager(actor)
    round_of(edition, round_key)
    basis = clean_line(basis)
    phase = edition.phase(PhaseKind.JUDGING)
    wrong: dict[str, list[str]] = {}
    if len(basis) > BASIS_CHARS:
        wrong["basis"] = [_("Dài quá %(most)s ký tự, bạn hãy viết ngắn hơn.", most=BASIS_CHARS)]
    if closes_at is not None and phase is None:
        wrong["closes"] = [_("Kỳ thi chưa có thời gian chấm.")]
    elif closes_at is not None and phase is not None and not phase.opens_at < closes_at <= phase.closes_at:
        wrong["closes"] = [
            _(
                "Hạn của vòng phải nằm trong thời gian chấm, từ %(opens)s đến %(until)s.",
                opens=datetime_(phase.opens_at, locale()),
                until=deadline(phase.closes_at, locale()),
            )
        ]
    if wrong:
        raise Invalid(wrong)
    held_edition(edition.id)
    stored = stored_end(edition.id, round_key)
    if closes_at is None:
        if stored is None:
            return False
        session().delete(stored)
        basis = ""
    elif stored is not None and (stored.closes_at, stored.basis) == (closes_at, basis):
        return False
    else:
        stored = stored or RoundEnd(edition_id=edition.id, round=round_key)
        stored.closes_at, stored.basis = closes_at, basis
        session().add(stored)
    session().flush()
    line = {"round": round_key, "until": closes_at and closes_at.isoformat(), "basis": basis}
    audit.append("rounds.end_set", f"{edition.key}/{round_key}", line, actor=actor, now=now)
    return True
