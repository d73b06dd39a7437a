"""A round of 200 entries judged from the decision to the minutes, through HTTP."""

from __future__ import annotations

from collections import Counter
from hashlib import sha256
from io import BytesIO

from pypdf import PdfReader

from core.judging.deviation import divergences, to_deliberate
from core.judging.draw import drawn_order
from core.judging.meeting.ballots import ballots_of, outcome_of
from core.judging.meeting.draws import draws_of, inputs_of
from core.judging.queries import locked_sheets
from core.judging.queries.proofs import sheets_unlike_their_commitment
from core.kernel import audit
from core.kernel.actor import SYSTEM
from tests.support.council_rehearsal import (
    JUDGES,
    OFFICE,
    RESERVE,
    ROUND,
    SECRETARY,
    Rehearsal,
    hidden,
    judge_email,
    level_of,
)
from tests.support.factories import World
from tests.support.voting import in_tenant

CONFLICTED, LEAVER, HARSH = 4, 8, 13
CHAIR = judge_email(1)
ROOM = f"/hoi-dong/{ROUND}"


def test_a_round_goes_from_the_decision_to_the_minutes(world: World) -> None:
    played = Rehearsal(world)
    played.prepare()
    played.seat_council()
    played.open_round()
    kept_away = _conflicts(played)
    _judge(played, kept_away)
    _leave(played)
    _everything_is_judged(played, kept_away)
    talked = _deliberate(played)
    order = _draw(played)
    _vote(played)
    _minutes(played, talked, order)


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


def _deliberate(played: Rehearsal) -> str:
    """The last group's entries are on the list; the chair opens one, the harsh judge comes down with a reason."""
    listed = played.codes_in(CHAIR, f"{ROOM}/chenh-lech")
    with in_tenant(played.world, played.facts) as edition:
        found = divergences(edition.rules.rounds()[0], locked_sheets(edition, round_key=ROUND))
        expected = sorted(one.entry for one in to_deliberate(found, 20))
    assert listed == expected
    assert expected
    assert set(expected) <= set(played.codes_of_group(2))
    code = next(one for one in expected if one in played.queue(judge_email(HARSH)))
    played.post(CHAIR, f"{ROOM}/chenh-lech/{code}/mo", {"scope": "entry"})
    harsh = judge_email(HARSH)
    before = played.points_of(harsh, code)
    lower = {key: points - 3 for key, points in before.items()}
    address = f"{ROOM}/thao-luan/{code}"
    played.post(CHAIR, f"{address}/dieu-khien", {"tieu-chi": next(iter(before))})
    played.change_points(harsh, code, lower, "Nghe trao đổi, thấy đã tính trùng hiệu quả")
    other = next(
        judge_email(one)
        for one in played.of_group(2)
        if one != HARSH and code in played.queue(judge_email(one))
    )
    assert played.client(judge_email(1)).get(f"{address}/sua-diem").status_code == 404
    assert "tính trùng hiệu quả" in played.get(other, address)
    played.post(CHAIR, f"{address}/ket-thuc", {"outcome": "Thống nhất mức điểm"})
    assert played.client(harsh).post(f"{address}/sua-diem", data={"reason": "Nữa"}).status_code in {409, 422}
    assert played.points_of(harsh, code) == lower
    with in_tenant(played.world, played.facts) as edition:
        assert sheets_unlike_their_commitment(edition) == []
        assert len(audit.records(actions=["sheet.changed"])) == 1
    return code


def _draw(played: Rehearsal) -> list[str]:
    """The order of a group is drawn and computed again from what the page shows, by the pure function alone."""
    scope = next(iter(played.choices(CHAIR, f"{ROOM}/boc-tham", "scope")))
    played.post(CHAIR, f"{ROOM}/boc-tham", {"scope": scope, "source": "Giải đặc biệt xổ số miền Bắc tối nay"})
    played.post(CHAIR, f"{ROOM}/boc-tham/1", {"said": "48213"})
    with in_tenant(played.world, played.facts) as edition:
        [drawn] = draws_of(edition, ROUND, actor=None)
        again = drawn_order(inputs_of(edition, drawn), drawn.entries)
    order = [place.code for place in drawn.places]
    assert order == list(again)
    assert sorted(order) == sorted(drawn.entries)
    assert order != sorted(order)
    return order


def _vote(played: Rehearsal) -> None:
    """A secret ballot of the judging seats; the one who left has no vote, and the count is told once it is closed."""
    page = f"{ROOM}/bieu-quyet/moi"
    voters = played.choices(CHAIR, page, "voters")
    assert len(voters) == JUDGES - 1
    asked = {
        "question": "Chọn hồ sơ nào trong hai hồ sơ bằng điểm?",
        "options": "Hồ sơ thứ nhất\nHồ sơ thứ hai",
        "secret": "1",
        "quorum": "two_thirds",
        "majority": "half",
        "voters": voters,
        "form_token": "dien-tap",
    }
    played.post(CHAIR, page, asked)
    for number in range(1, JUDGES + 1):
        if number != LEAVER:
            choice = {"choice": "1" if number % 3 else "2"}
            played.post(judge_email(number), f"{ROOM}/bieu-quyet/1", choice)
    told = played.get(CHAIR, f"{ROOM}/bieu-quyet/1")
    assert "Hồ sơ thứ nhất" in told
    with in_tenant(played.world, played.facts) as edition:
        [ballot] = ballots_of(edition, ROUND, actor=SYSTEM)
        outcome = outcome_of(ballot)
        assert outcome is not None
        assert outcome.counts == (9, 5)


def _minutes(played: Rehearsal, talked: str, order: list[str]) -> None:
    """The secretary fixes minutes that tell all of it; the PDF is read back with the head of the log as a QR code."""
    played.post(SECRETARY, f"{ROOM}/bien-ban")
    page = played.get(SECRETARY, f"{ROOM}/bien-ban/1")
    for words in (
        "Thảo luận lại lần 1",
        f"1. {order[0]}",
        "Biểu quyết lần 1",
        "tính trùng hiệu quả",
    ):
        assert words in page
    played.post(SECRETARY, f"{ROOM}/bien-ban/1/chot", {"seen": hidden(page, "seen")})
    answer = played.client(SECRETARY).get(f"{ROOM}/bien-ban/1/bien-ban.pdf")
    text = "\n".join(one.extract_text() for one in PdfReader(BytesIO(answer.data)).pages)
    assert talked in text
    with in_tenant(played.world, played.facts):
        [fixed] = audit.records(actions=["minutes.fixed"])
        assert sha256(answer.data).hexdigest() in str(fixed.data)
