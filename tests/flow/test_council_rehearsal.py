"""A round of 200 entries judged from the decision to the minutes, through HTTP."""

from __future__ import annotations

from collections import Counter

from core.judging.queries import locked_sheets
from core.judging.queries.proofs import sheets_unlike_their_commitment
from tests.support.council_rehearsal import (
    JUDGES,
    OFFICE,
    RESERVE,
    ROUND,
    Rehearsal,
    judge_email,
    level_of,
)
from tests.support.factories import World
from tests.support.voting import in_tenant

CONFLICTED, LEAVER, HARSH = 4, 8, 13


def test_a_round_goes_from_the_decision_to_the_minutes(world: World) -> None:
    played = Rehearsal(world)
    played.prepare()
    played.seat_council()
    played.open_round()
    kept_away = _conflicts(played)
    _judge(played, kept_away)
    _leave(played)
    _everything_is_judged(played, kept_away)


def _conflicts(played: Rehearsal) -> list[str]:
    """A judge declares two dossiers of his queue: gone at once; the office confirms one and dismisses the other."""
    email = judge_email(CONFLICTED)
    first, second = played.queue(email)[:2]
    typed = {"entries": [first, second], "kinds": ["unit"], "words": "Cùng cơ quan"}
    played.post(email, f"/cham-thi/{ROUND}/lien-quan", typed)
    assert not {first, second} & set(played.queue(email))
    assert played.client(email).get(f"/cham-thi/{ROUND}/{first}").status_code == 404
    for code, verdict in ((first, "confirm"), (second, "dismiss")):
        played.decide_conflict(code, verdict)
    assert first not in played.queue(email)
    assert second in played.queue(email)
    return [first]


def _judge(played: Rehearsal, kept_away: list[str]) -> None:
    """Everybody scores and locks; one judge only half; one gives the last group far more than the others do."""
    for number in range(1, JUDGES + 1):
        email = judge_email(number)
        codes = played.queue(email)
        assert not (number == CONFLICTED and set(codes) & set(kept_away))
        if number == LEAVER:
            codes = codes[: len(codes) // 2]
        more = 15 if number == HARSH else 0
        played.score(email, codes, {code: level_of(number, code) + more for code in codes})
        played.lock_all(email)


def _leave(played: Rehearsal) -> None:
    """The judge who did half leaves with a reason; the reserve takes over what was not done, and only that."""
    email = judge_email(LEAVER)
    left = len(played.queue(email))
    played.post(email, f"/hoi-dong/loi-moi/{played.seat_of(email)}/thoi", {"reason": "Đi công tác dài ngày"})
    taken = {"number": played.number_of(email), "seat": played.seat_of(RESERVE)}
    played.post(OFFICE, f"/btc/cham-thi/hoi-dong/{ROUND}/thay", taken)
    free = {"number": played.number_of(judge_email(CONFLICTED)), "seat": played.seat_of(RESERVE)}
    played.client(OFFICE).post(f"/btc/cham-thi/hoi-dong/{ROUND}/thay", data=free)
    codes = played.queue(RESERVE)
    assert left > len(codes) > 0
    played.score(RESERVE, codes, {code: level_of(16, code) for code in codes})
    played.lock_all(RESERVE)


def _everything_is_judged(played: Rehearsal, kept_away: list[str]) -> None:
    away = played.number_of(judge_email(CONFLICTED))
    with in_tenant(played.world, played.facts) as edition:
        sheets = locked_sheets(edition, round_key=ROUND)
        by_entry = Counter(one.entry for one in sheets)
        assert (len(by_entry), set(by_entry.values())) == (200, {3})
        assert not [one for one in sheets if one.entry in kept_away and one.judge == away]
        assert sheets_unlike_their_commitment(edition) == []
