"""Who has a conflict with a dossier changes nothing of it and is told nothing by a refusal: every address that writes.

Asked as officer, judge and chair with a conflict, with forms that could pass and forms that cannot; the dossier and all
that hangs on it are compared before and after. The same walk by people without a conflict must tell of it and change
it, so that what could leak is there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from core.entries.barring import is_barred
from core.entries.models import Entry
from core.entries.screening.models import BulkRun
from core.judging.assigning import standing_conflicts
from core.judging.conflict_models import Conflict
from core.judging.models import Judge, Sheet
from core.judging.plan_models import PlanProposal
from core.judging.services import appoint_judge, planning
from core.judging.setups import Assigned, Setup
from core.kernel.actor import SYSTEM
from core.kernel.clock import real_now
from core.kernel.db import Base, session, tenant_scope
from core.kernel.web import Access
from core.people.models import Account
from core.privacy.models import DossierOpening
from core.privacy.services import ask as ask_request
from core.voting.models import Vote
from tests.isolation.test_conflicts import (
    CODE,
    CONFLICTED,
    FREE,
    REF,
    _things,
    _told,
    conflicted_twins,
)
from tests.isolation.test_urls import address, known
from tests.support.app import client_of
from tests.support.factories import NOW, World, actor_of, make_account, view
from tests.support.people import sign_in
from tests.support.urls import Twin, Twins, access_of

ROUND = "hoi_dong"
OFFICE = frozenset({Access.COMMITTEE, Access.JUDGE, Access.COUNCIL})
Forms = Mapping[str, Mapping[str, Any]]
# Fields that many forms have, filled so that no form can pass.
WRONG = {
    "do": "x", "way": "x", "reason": "", "words": "", "revision": "99", "k": "abc", "members": "", "agreed": "0",
    "seen": "x", "computation": "1", "outcome": "x", "verdict": "x", "due": "x", "day": "x", "hour": "x",
    "comes": "J99", "most": "x", "days": "x", "scope": "x", "body": "", "title_1": "x",
}  # fmt: skip
# After these deeds the dossier is no longer what the other forms ask for.
LAST = frozenset({"entries_office.bulk_run", "entries_office.publish_one", "entries_office.decide"})
# Deeds for a whole round or edition, which name no dossier and need no form: everybody's who holds the office.
WHOLE = frozenset(
    {
        "judging_plan.propose",
        "conflicts_office.search",
        "blind_office.scan_all",
        "entries_office.search_similar",
    }
)


@pytest.fixture
def twins(world: World) -> Iterator[Twins]:
    """As for the walk of what reads; the dossier's owner has asked for his data, and somebody voted for it."""
    with conflicted_twins(world) as made:
        yield made


@pytest.mark.parametrize("email", CONFLICTED)
def test_who_has_a_conflict_changes_nothing_and_is_told_nothing(twins: Twins, email: str) -> None:
    prepared = _prepared(twins)
    before, wrong = _about(twins), []

    for path, status, told in _walk(twins, email, *prepared):
        if told or status >= 500:
            wrong.append(f"{path}: {status} {told}")

    assert not wrong, "\n".join(wrong)
    after = _about(twins)
    assert sorted(name for name in before if before[name] != after[name]) == []


@pytest.mark.parametrize(
    ("email", "places", "changes"),
    [
        (
            FREE[0],
            {
                f"/btc/ho-so/{CODE}/xet", f"/btc/ban-giay/{CODE}", "/btc/cham-thi/xung-dot", "/btc/ho-so/hang-loat",
                f"/btc/cham-thi/vong/{ROUND}/phan-cong", f"/btc/cham-thi/vong/{ROUND}/phan-cong/giao",
                f"/btc/cham-thi/vong/{ROUND}/phan-cong/{CODE}", "/btc/du-lieu-ca-nhan",
            },
            {"Entry", "PaperArrival", "PlanProposal", "Vote", "Conflict", "AuditRecord"},
        ),
        (FREE[1], set(), set()),
    ],
)  # fmt: skip
def test_who_has_none_is_told_of_it_and_can_change_it(
    twins: Twins, email: str, places: set[str], changes: set[str]
) -> None:
    prepared = _prepared(twins)
    before = _about(twins)

    told = {path for path, status, found in _walk(twins, email, *prepared) if found and status < 500}

    after = _about(twins)
    named = {path.rsplit("/", 1)[0] if path.startswith("/btc/du-lieu-ca-nhan/") else path for path in told}
    assert places <= named, sorted(named)
    changed = {name for name in before if before[name] != after[name]}
    assert changes <= changed, sorted(changed)


def _walk(
    twins: Twins, email: str, named: Mapping[str, str], valid: Forms
) -> Iterator[tuple[str, int, list[str]]]:
    """Every address that writes, with what could pass where it names a dossier, and with what cannot: where, how, what
    it told."""
    client = client_of(twins.app, twins.first.facts.slug)
    sign_in(client, email)
    of_it = Twin(twins.first.facts, {**twins.first.names, **named})
    rules = [
        (rule.endpoint, method, address(rule, of_it))
        for rule, method in known(twins.app)
        if method != "GET" and access_of(twins.app, rule) in OFFICE and rule.endpoint not in WHOLE
    ]
    could = [one for one in rules if one[0] in valid]
    for endpoint, method, path in could:
        if endpoint not in LAST:
            yield path, *_asked(client, path, method, valid[endpoint])
    for _endpoint, method, path in rules:
        yield path, *_asked(client, path, method, WRONG)
    for endpoint, method, path in could:
        if endpoint in LAST:
            yield path, *_asked(client, path, method, valid[endpoint])


def _asked(client: FlaskClient, path: str, method: str, form: Mapping[str, Any]) -> tuple[int, list[str]]:
    """The status and what was told: in the answer, or on the page that it leads to. What was typed is no secret."""
    answer = client.open(path, method=method, data=form, buffered=True)
    typed = f"{path} {form}"
    told = _told(answer.data, typed)
    where = answer.headers.get("Location", "")
    if answer.status_code in (302, 303) and where.startswith("/"):
        told += _told(client.get(where, buffered=True).data, typed + where)
    client.delete_cookie("ky", domain=str(client.environ_base["HTTP_HOST"]))  # back to the running edition
    return answer.status_code, told


def _prepared(twins: Twins) -> tuple[dict[str, str], Forms]:
    """Names of the dossier's things for addresses, and forms that could pass, by endpoint."""
    things = _things(twins)
    with twins.app.app_context(), tenant_scope(twins.first.facts.id) as current:
        edition = view(twins.first.facts)
        entry = session().scalars(select(Entry).where(Entry.ref == REF)).one()
        owner = session().scalars(select(Account).where(Account.id == entry.owner_id)).one()
        asked = ask_request(
            "see", "Xin xem dữ liệu", form_token="A" * 43, actor=actor_of(owner), now=real_now()
        )
        receipt = session().scalars(select(Vote.receipt).where(Vote.entry_id == entry.id)).one()
        other = session().scalars(select(Entry.code).where(Entry.code != CODE, Entry.version > 0)).first()
        for email in ("them1@example.vn", "them2@example.vn"):
            appoint_judge(edition, make_account(email).id, actor=SYSTEM, now=NOW)
        planning.save_setup(edition, ROUND, Setup(way=Assigned.PLAN, k=5), actor=SYSTEM, now=NOW)
        proposal = planning.propose(edition, ROUND, actor=SYSTEM, now=NOW)
        scored = (
            select(Judge.number).join(Sheet, Sheet.judge_id == Judge.id).where(Sheet.entry_id == entry.id)
        )
        done = set(session().scalars(scored))
        leaves = next(number for code, number in proposal.pairs if code == CODE and number not in done)
        numbers = session().scalars(
            select(Judge.number).where(Judge.is_active.is_(True)).order_by(Judge.number)
        )
        kept = standing_conflicts(edition.id)
        ids = {one.number: one.id for one in session().scalars(select(Judge))}
        comes = next(
            one for one in numbers if [CODE, one] not in proposal.pairs and (ids[one], entry.id) not in kept
        )
        judge = session().scalars(select(Account).where(Account.email == FREE[1])).one()
        conflict = session().scalars(
            select(Conflict).join(Account, Account.id == Conflict.account_id).where(Account.email == CONFLICTED[1])
        ).one()  # fmt: skip
        assert is_barred(
            actor_of(session().scalars(select(Account).where(Account.email == CONFLICTED[0])).one()), entry.id
        )
        pick = f"{conflict.id}:{conflict.revision}"
        goer, request_code = str(judge.id), asked.code
        current.commit()
    reason = {"reason": "Vì lý do thử"}
    given = {"doi_moi": "10", "hieu_qua": "10", "kha_nang": "10"}
    valid: Forms = {
        "judging_plan.move": {"revision": "0", "leaves": leaves, "comes": comes, "confirm": "1"},
        "judging_plan.save": {"way": "plan", "k": "0"},
        "entries_office.claim": {"do": "claim"},
        "entries_office.judge_similar": {"dismissal": "Khác nhau"},
        "entries_office.bulk_confirm": {"do": "claim", "pick": CODE},
        "entries_office.bulk_run": {"do": "unpublish", "pick": CODE, "token": "t" * 43},
        "entries_office.publish_one": {"do": "unpublish"},
        "entries_office.decide": {"do": "return", "due": "2025-11-20", **reason},
        "intake.record": {"items": ["mo-ta"], "way": "post", "arrived_on": "2025-11-12", "form_token": "b" * 43},
        "outreach_office.assign": {"unit": twins.first.names["unit_code"], **reason},
        "voting_office.vote": reason,
        "voting_office.cancel_many": {"pick": receipt, **reason},
        "results_office.decide": {
            "computation": "1", "members": "15", "agreed": "12", "held_on": "2025-11-12", "number": "1",
            f"tier_{CODE}": "nhat", f"reason_{CODE}": "Hay",
        },
        "desk.save": {"revision": "0", **{f"score_{key}": value for key, value in given.items()}},
        "desk.lock": {"revision": "0", **{f"score_{key}": value for key, value in given.items()}},
        "desk.decline": {**reason},
        "conflicts_desk.declare_own": {"entries": CODE, "kinds": "family"},
        "conflicts_office.send": {"do": "confirm", "pick": pick, **reason},
        "deliberations.start": {"scope": "entry", **reason},
        "deliberations.close": {"outcome": "kept"},
        "deliberations.show": {"ho-so": CODE},
        "deliberations.change": {"revision": "1", **{f"score_{key}": value for key, value in given.items()}, **reason},
        "visits.plan": {
            "code": CODE, "day": "2025-11-20", "hour": "09:00", "place": "Xưởng", "members": goer,
            "form_token": "c" * 43,
        },
        "visits.stop": reason,
        "ballots.stop": reason,
        "judging_finalists.decide": {"verdict": "out", "seen": "0", **reason},
        "figures.print_papers": {"judge": "J1"},
        "figures.key_paper": {f"score_{key}": value for key, value in given.items()},
        "shadow_office.run": {"show": "all"},
        "imports_office.undo": {},
    }  # fmt: skip
    named = {
        "entry_code": CODE, "waiting_code": CODE, "submitted_ref": REF, "draft_ref": REF, "vote_receipt": receipt,
        "request_code": request_code, "other": other or "", **things,
    }  # fmt: skip
    return named, valid


def _about(twins: Twins) -> dict[str, list[str]]:
    """Every row that names the dossier or a sheet of it, by table; of a plan its pairs.

    Not who opened it, and not what an officer typed into his own bulk run.
    """
    with twins.app.app_context(), tenant_scope(twins.first.facts.id):
        entry = session().scalars(select(Entry).where(Entry.ref == REF)).one()
        sheets = session().scalars(select(Sheet.id).where(Sheet.entry_id == entry.id)).all()
        names = [REF, CODE, *(repr(one) for one in (entry.id, *sheets)), *map(str, (entry.id, *sheets))]
        found: dict[str, list[str]] = {}
        for mapper in Base.registry.mappers:
            kind: Any = mapper.class_
            if not hasattr(kind, "tenant_id") or kind in (DossierOpening, BulkRun):
                continue
            rows = [_row(kind, mapper.column_attrs.keys(), one) for one in session().scalars(select(kind))]
            found[kind.__name__] = sorted(row for row in rows if any(name in row for name in names))
        return found


def _row(kind: type[Any], columns: list[str], row: Any) -> str:
    if kind is PlanProposal:
        return repr((row.number, [pair for pair in row.pairs if pair[0] == CODE], row.revision))
    return repr({name: getattr(row, name) for name in columns})
