"""Builders for judging: a council, an open round, filled and locked sheets through the services.

The tenant must be bound; nothing is committed here.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select

from core.contests.values import EditionView
from core.entries.models import Entry
from core.judging.commitments import commitment_of
from core.judging.models import Sheet, SheetScore
from core.judging.policies import access_sheet
from core.judging.queries import sheet_of
from core.judging.queries.sheets import scores_of
from core.judging.services import appoint_judge, lock_sheet, open_round, save_scores
from core.judging.values import JudgeView, SheetPlace, SheetView
from core.kernel import audit
from core.kernel.actor import SYSTEM, Actor
from core.kernel.db import session
from core.kernel.ids import token
from core.people.models import Account
from tests.support.entries import account, make_entry
from tests.support.factories import NOW, actor_of, make_account

ROUND = "hoi_dong"
WHOLE = {"doi_moi": "18.5", "hieu_qua": "27", "kha_nang": "25"}
JUDGE = "giamkhao@example.vn"


def make_council(edition: EditionView, *, judges: int = 1) -> list[JudgeView]:
    """Judges J1 and on: the test world's judge, then `giamkhao2@example.vn` and on."""
    more = range(2, judges + 1)
    accounts = [account(JUDGE)]
    accounts += [make_account(f"giamkhao{one}@example.vn", name=f"Giám khảo {one}") for one in more]
    return [appoint_judge(edition, one.id, actor=SYSTEM, now=NOW) for one in accounts]


def make_round(
    edition: EditionView, *, entries: int = 1, judges: int = 1, round_key: str = ROUND
) -> list[Entry]:
    """A council, accepted entries of the test world's author, and the first round opened over them."""
    owner = account()
    made = [make_entry(edition, owner, title=f"Máy sấy chè {number}") for number in range(1, entries + 1)]
    make_council(edition, judges=judges)
    open_round(edition, round_key, actor=SYSTEM, now=NOW)
    return made


def judge_actor(number: int = 1) -> Actor:
    """The account of the judge J<number> as an actor."""
    return actor_of(judge_account(number))


def judge_account(number: int = 1) -> Account:
    """The account of the judge J<number>."""
    return account(JUDGE if number == 1 else f"giamkhao{number}@example.vn")


def place_of(edition: EditionView, entry: Entry, *, number: int = 1, round_key: str = ROUND) -> SheetPlace:
    """Where J<number>'s sheet for `entry` belongs."""
    return access_sheet(edition, judge_actor(number), round_key, entry.code or "")


def points(texts: Mapping[str, str]) -> dict[str, Decimal | None]:
    """Criterion → points out of texts such as "18.5"."""
    return {key: Decimal(text) for key, text in texts.items()}


def fill(
    edition: EditionView,
    entry: Entry,
    *,
    number: int = 1,
    scores: Mapping[str, str] = WHOLE,
    round_key: str = ROUND,
    now: datetime = NOW,
) -> SheetView:
    """J<number>'s draft for `entry` with these points."""
    place = place_of(edition, entry, number=number, round_key=round_key)
    held = sheet_of(place)
    saved = save_scores(
        edition, place, points(scores), None, held.revision, actor=judge_actor(number), now=now
    )
    return saved.sheet


def lock(
    edition: EditionView,
    entry: Entry,
    *,
    number: int = 1,
    scores: Mapping[str, str] = WHOLE,
    round_key: str = ROUND,
    now: datetime = NOW,
) -> SheetView:
    """J<number>'s sheet for `entry`, filled and locked."""
    drafted = fill(edition, entry, number=number, scores=scores, round_key=round_key, now=now)
    place = place_of(edition, entry, number=number, round_key=round_key)
    return lock_sheet(edition, place, drafted.revision, actor=judge_actor(number), now=now)


def lock_in_first_form(edition: EditionView, entry: Entry, *, number: int = 1) -> Sheet:
    """J<number>'s sheet, locked as sheets were before their commitment named judge and remark."""
    fill(edition, entry, number=number)
    place = place_of(edition, entry, number=number)
    ask = select(Sheet).where(Sheet.judge_id == place.judge.id, Sheet.entry_id == entry.id)
    sheet = session().scalars(ask).one()
    given = scores_of(sheet.id)
    sheet.nonce = token()
    sheet.commitment = commitment_of(edition.key, ROUND, entry.code or "", given, sheet.nonce)
    sheet.state, sheet.locked_at = "locked", NOW
    session().flush()
    line = {"round": ROUND, "commitment": sheet.commitment}
    audit.append("sheet.locked", entry.code or "", line, actor=judge_actor(number), now=NOW)
    return sheet


def edit_by_hand(sheet: Sheet, points: str = "1") -> None:
    """Other points into a sheet that is locked, as somebody with the database would write them: no line in the log."""
    of_sheet = (SheetScore.sheet_id == sheet.id) & (SheetScore.criterion == "doi_moi")
    session().scalars(select(SheetScore).where(of_sheet)).one().points = Decimal(points)
    session().flush()


def stored_sheets() -> list[Sheet]:
    """Every stored sheet of the bound tenant."""
    return list(session().scalars(select(Sheet)))
