"""Letters to a judge whose paper sheet was locked in his name, and whose objection was answered."""

from __future__ import annotations

from datetime import datetime

from core.contests.values import EditionView
from core.judging.queries.papers import Paper
from core.kernel.db import session
from core.letters.post import Reader, send_letter, site_address
from core.people.models import Account
from core.people.services.mails import reached_at
from core.plugin_api import Round


def send_paper_locked(edition: EditionView, found: Paper, judging_round: Round, *, now: datetime) -> None:
    """Tell the judge, who can object until the judging ends. The points are not in it: they are on the page."""
    _send("paper-sheet-locked", edition, found, judging_round, once=f"{found.stored.id}", now=now)


def send_objection_answered(
    edition: EditionView, found: Paper, judging_round: Round, *, once: str, now: datetime
) -> None:
    """Tell the judge that his objection was answered; the answer is on the page."""
    _send("paper-objection-answered", edition, found, judging_round, once=once, now=now)


def _send(
    kind: str, edition: EditionView, found: Paper, judging_round: Round, *, once: str, now: datetime
) -> None:
    account = session().get_one(Account, (session().tenant_id, found.judge.account_id))
    language = account.language or "vi"
    values = {
        "ma_ho_so": found.entry_code,
        "vong": judging_round.name.in_(language),
        "ky_thi": edition.name.in_(language),
        "ban_to_chuc": edition.rules.terms().committee.in_(language),
        "dia_chi": f"{site_address()}/cham-thi/{judging_round.key}/phieu-giay/{found.stored.code}",
    }
    send_letter(
        kind,
        Reader(reached_at(account), account.name, account.language),
        values,
        about=found.entry_code,
        once=once,
        now=now,
    )
