"""A whole round of a council played through HTTP, each person in a browser session of their own.

Everybody only presses what a page has: forms are posted to the addresses the pages name. What each judge gives is fixed
by the judge's and the entry's number, so that each run ends alike. The people are invented.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from core.judging.council_models import Seat
from core.judging.models import Judge
from core.kernel.db import session
from core.people.models import Account
from core.plugin_api import Round
from tests.support.app import client_of
from tests.support.councils import with_fields
from tests.support.entries import make_entry
from tests.support.factories import NOW, TenantFacts, World, make_account, set_clock, view
from tests.support.people import sign_in
from tests.support.voting import in_tenant

ROUND = "so_khao"
FIELDS = ("cntt", "co_khi", "vat_lieu", "nong_nghiep", "y_duoc")
GROUPS = {
    "Nhóm Kỹ thuật": ("cntt", "co_khi"),
    "Nhóm Vật liệu và nông nghiệp": ("vat_lieu", "nong_nghiep"),
    "Nhóm Y dược": ("y_duoc",),
}
ENTRIES = 200
JUDGES = 15
OFFICE = "btc@example.vn"
SECRETARY = "thu-ky@example.vn"
RESERVE = "du-khuyet@example.vn"


def judge_email(number: int) -> str:
    """The address of the judge who is invited as the `number`th; 1 is the chair, 2 the vice-chair."""
    return f"hoi-dong-{number}@example.vn"


def people() -> list[tuple[str, str]]:
    """Address and name of everybody on the council, who all have an account already."""
    judges = [(judge_email(number), f"Ủy viên Diễn Tập {number}") for number in range(1, JUDGES + 1)]
    return [*judges, (SECRETARY, "Thư ký Diễn Tập"), (RESERVE, "Dự khuyết Diễn Tập")]


@dataclass
class Rehearsal:
    """The council's round as its people know it: a session for each, and the codes by field."""

    world: World
    codes: dict[str, list[str]] = field(default_factory=dict)
    round: Round | None = None
    _clients: dict[str, FlaskClient] = field(default_factory=dict)

    @property
    def facts(self) -> TenantFacts:
        """The tenant whose council it is."""
        return self.world.first

    def client(self, email: str) -> FlaskClient:
        """The session of one person, signed in."""
        if email not in self._clients:
            client = client_of(self.world.app, self.facts.slug)
            sign_in(client, email)
            self._clients[email] = client
        return self._clients[email]

    def get(self, email: str, address: str) -> str:
        """What the person reads there."""
        answer = self.client(email).get(address)
        assert answer.status_code == 200, f"GET {address}: {answer.status_code}"
        return answer.get_data(as_text=True)

    def post(self, email: str, address: str, data: Mapping[str, Any] | None = None) -> TestResponse:
        """What the person sends there; a page that takes it leads on."""
        answer = self.client(email).post(address, data=dict(data or {}))
        assert answer.status_code == 303, f"POST {address}: {answer.status_code} {_said(answer)}"
        return answer

    def prepare(self) -> None:
        """Accepted entries in five fields, and the clock within the time of judging."""
        with in_tenant(self.world, self.facts) as plain:
            edition = with_fields(self.facts, plain)
            set_clock(edition.id, NOW)
            owners = [
                make_account(f"chu-ho-so-{one}@example.vn", name="Tác giả Diễn Tập") for one in range(20)
            ]
            for email, name in people():
                make_account(email, name=name)
            for number in range(ENTRIES):
                one = FIELDS[number % len(FIELDS)]
                made = make_entry(
                    edition, owners[number % 20], title=f"Giải pháp diễn tập số {number}", field=one
                )
                self.codes.setdefault(one, []).append(made.code or "")
        with in_tenant(self.world, self.facts):
            self.round = next(one for one in view(self.facts).rules.rounds() if one.key == ROUND)

    def seat_council(self) -> None:
        """The committee makes the council of the decision, groups it and invites; everybody accepts and signs."""
        page = f"/btc/cham-thi/hoi-dong/{ROUND}"
        decision = {
            "name": "Hội đồng chấm sơ khảo",
            "decision": "12/QĐ-BTC",
            "decided_on": "2025-11-01",
            "pledge_required": "1",
        }
        self.post(OFFICE, f"{page}/thong-tin", decision)
        for number in range(1, JUDGES + 1):
            role = {1: "chair", 2: "vice_chair"}.get(number, "member")
            self._invite(page, judge_email(number), role)
        self._invite(page, SECRETARY, "secretary")
        self._invite(page, RESERVE, "reserve")
        seats = self._seats()
        for place, (name, fields) in enumerate(GROUPS.items()):
            members = [seats[judge_email(number)] for number in self.of_group(place)]
            chosen = {"name": name, "fields": list(fields), "seats": [*members, seats[RESERVE]]}
            self.post(OFFICE, f"{page}/nhom/moi", chosen)
        for email, seat in seats.items():
            self.post(email, f"/hoi-dong/loi-moi/{seat}/nhan-loi")
            read = hidden(self.get(email, f"/hoi-dong/cam-ket/{ROUND}"), "read")
            self.post(email, f"/hoi-dong/cam-ket/{ROUND}", {"read": read, "agreed": "1"})

    def of_group(self, place: int) -> range:
        """The judges (by number of invitation) of the first, second or third group: five each."""
        return range(5 * place + 1, 5 * place + 6)

    def codes_of_group(self, place: int) -> list[str]:
        """The entries of a group's fields."""
        return sorted(code for one in list(GROUPS.values())[place] for code in self.codes[one])

    def open_round(self) -> None:
        """The committee opens the round, three judges an entry by the plan that it looks at and issues."""
        plan = f"/btc/cham-thi/vong/{ROUND}/phan-cong"
        chosen = {"way": "plan", "k": "3", "least": "0", "most": "", "seed": "7", "next_by": "code"}
        self.post(OFFICE, plan, chosen)
        self.post(OFFICE, f"/btc/cham-thi/vong/{ROUND}/mo")
        self.post(OFFICE, plan, {**chosen, "then": "propose"})
        self.post(OFFICE, f"{plan}/giao", {"revision": hidden(self.get(OFFICE, plan), "revision")})

    def queue(self, email: str) -> list[str]:
        """The codes in a judge's queue, as the page has them."""
        found = re.findall(
            rf'href="/cham-thi/{ROUND}/([A-Z0-9-]+)"', self.get(email, f"/cham-thi/?vong={ROUND}")
        )
        return sorted(set(found))

    def score(self, email: str, codes: Iterable[str], level: Mapping[str, int]) -> None:
        """The judge fills the sheets; `level` is how many per cent of the maximum an entry gets."""
        assert self.round is not None
        for code in codes:
            points = {
                f"score_{one.key}": str(int(one.maximum * level[code] / 100)) for one in self.round.criteria
            }
            self.post(email, f"/cham-thi/{ROUND}/{code}", {**points, "revision": "0"})

    def lock_all(self, email: str) -> None:
        """The judge reads all whole sheets again and locks them together."""
        address = f"/cham-thi/{ROUND}/khoa-tat-ca"
        seen = re.findall(r'name="seen" value="([^"]+)"', self.get(email, address))
        self.post(email, address, {"seen": seen})

    def decide_conflict(self, code: str, verdict: str) -> None:
        """The committee confirms or dismisses what was declared about an entry."""
        page = self.get(OFFICE, "/btc/cham-thi/xung-dot")
        row = next(one for one in page.split("<tr")[1:] if code in one)
        pick = re.search(r'name="pick" value="([^"]+)"', row)
        assert pick is not None
        typed = {"pick": [pick.group(1)], "do": verdict, "reason": "Đã đối chiếu hồ sơ"}
        self.post(OFFICE, "/btc/cham-thi/xung-dot", typed)

    def codes_in(self, email: str, address: str) -> list[str]:
        """The codes of dossiers that a person reads on a page."""
        return sorted(set(re.findall(r"\bTT-K1-\d{4}\b", self.get(email, address))))

    def choices(self, email: str, address: str, name: str) -> list[str]:
        """The values that a form offers for a field."""
        inputs = re.findall(rf'<input[^>]*name="{name}"[^>]*>', self.get(email, address))
        return [found.group(1) for one in inputs if (found := re.search(r'value="([^"]+)"', one))]

    def points_of(self, email: str, code: str) -> dict[str, int]:
        """What a judge's sheet has, by criterion."""
        page = self.get(email, f"/cham-thi/{ROUND}/{code}")
        found = re.findall(r'<input[^>]*name="score_(\w+)"[^>]*value="(\d+)"', page)
        return {key: int(points) for key, points in found}

    def change_points(self, email: str, code: str, points: Mapping[str, int], reason: str) -> None:
        """A judge changes a locked sheet in a deliberation."""
        address = f"/hoi-dong/{ROUND}/thao-luan/{code}/sua-diem"
        typed = {f"score_{key}": str(value) for key, value in points.items()}
        revision = hidden(self.get(email, address), "revision")
        self.post(email, address, {**typed, "reason": reason, "revision": revision})

    def number_of(self, email: str) -> str:
        """The pseudonym (J1) under which a person judges."""
        with in_tenant(self.world, self.facts) as edition:
            ask = select(Judge.number).join(Account, Account.id == Judge.account_id)
            return session().scalars(ask.where(Account.email == email, Judge.edition_id == edition.id)).one()

    def seat_of(self, email: str) -> str:
        """The id of a person's seat."""
        return self._seats()[email]

    def _invite(self, page: str, email: str, role: str) -> None:
        self.post(OFFICE, f"{page}/moi", {"email": email, "name": dict(people())[email], "role": role})

    def _seats(self) -> dict[str, str]:
        with in_tenant(self.world, self.facts):
            ask = (
                select(Account.email, Seat.id)
                .join(Seat, Seat.account_id == Account.id)
                .order_by(Seat.position)
            )
            return {email or "": str(seat) for email, seat in session().execute(ask)}


def level_of(number: int, code: str) -> int:
    """What the `number`th judge gives an entry: from 60 to 83 per cent, the judges at most seven apart."""
    return 60 + int(code[-4:]) * 7 % 17 + number * 3 % 8


def hidden(page: str, name: str) -> str:
    """The value of a hidden input."""
    found = re.search(rf'name="{name}" value="([^"]+)"', page)
    assert found is not None, f"no hidden input {name}"
    return found.group(1)


def _said(answer: TestResponse) -> str:
    """The refusal in a page, for who reads why a rehearsal stopped."""
    text = re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True))
    return re.sub(r"\s+", " ", text)[:600]
