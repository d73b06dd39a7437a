"""Requests: asked once, acknowledged, extended once, answered; encrypted, and without words in logs and letters."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, make_url, select

from core.kernel import audit
from core.kernel.actor import Actor
from core.kernel.db import session, tenant_scope
from core.kernel.errors import Forbidden, Invalid, NotFound
from core.kernel.ids import token
from core.kernel.mail import Mail
from core.people import services as people
from core.people.consents import NEWS, PUBLISH_PERSON
from core.privacy import queries, services
from core.privacy.errors import RequestMoved
from core.privacy.models import DataRequest
from core.privacy.policies import access_own_request, access_request_office
from core.privacy.states import Kind, State
from tests.support.entries import account
from tests.support.factories import World, actor_of
from tests.support.people import last_letter

pytestmark = pytest.mark.usefixtures("tenant")

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # a Monday, 9:00 in Viet Nam
SECRET = "Năm sinh của tôi ghi sai, đúng ra là 1979"


def person() -> Actor:
    return actor_of(account())


def officer() -> Actor:
    return actor_of(account("btc@example.vn"))


def asked(kind: Kind = Kind.CORRECT, text: str = SECRET) -> DataRequest:
    return services.ask(kind, text, form_token=token(), actor=person(), now=NOW)


def count() -> int:
    return session().scalars(select(func.count()).select_from(DataRequest)).one()


def test_a_request_has_its_terms_and_is_told_to_its_person() -> None:
    made = asked()

    assert (made.state, made.kind, made.text) == ("received", "correct", SECRET)
    assert made.acknowledge_by == datetime(2026, 11, 25, 17, 0, tzinfo=UTC)
    assert made.due_at == datetime(2026, 12, 3, 17, 0, tzinfo=UTC)
    letter = last_letter("tacgia@example.vn")
    assert letter.subject == f"Yêu cầu {made.code} về dữ liệu cá nhân: đã nhận"
    assert "hết ngày 03/12/2026" in letter.body
    (line,) = audit.records(subject=made.code)
    assert (line.action, line.data) == ("data_request.received", {"kind": "correct", "purpose": None})


def test_the_same_form_sent_twice_is_one_request_and_one_letter() -> None:
    form = token()
    first = services.ask(Kind.SEE, "Cho tôi xem", form_token=form, actor=person(), now=NOW)
    second = services.ask(Kind.SEE, "Cho tôi xem", form_token=form, actor=person(), now=NOW)

    assert (first.id, count()) == (second.id, 1)
    assert len(session().scalars(select(Mail)).all()) == 1


@pytest.mark.parametrize(
    ("kind", "text", "field"),
    [("", "x", "kind"), ("withdraw", "x", "kind"), ("see", "  ", "text"), ("see", "x" * 5001, "text")],
)
def test_what_is_missing_or_too_long_is_told_at_its_place(kind: str, text: str, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        services.ask(kind, text, form_token=token(), actor=person(), now=NOW)
    assert list(refused.value.errors) == [field]
    assert count() == 0


def test_a_form_of_somebody_else_is_no_way_to_their_request() -> None:
    form = token()
    services.ask(Kind.SEE, "Của tôi", form_token=form, actor=person(), now=NOW)
    with pytest.raises(Invalid):
        services.ask(Kind.SEE, "x", form_token=form, actor=actor_of(account("cutri@example.vn")), now=NOW)


def test_the_twenty_first_open_request_waits() -> None:
    for _number in range(20):
        asked(Kind.SEE, "Cho tôi xem")
    with pytest.raises(Invalid) as refused:
        asked(Kind.SEE, "Cho tôi xem")
    assert list(refused.value.errors) == [""]


def test_a_request_is_acknowledged_extended_once_and_done() -> None:
    made = asked()

    services.acknowledge(made, actor=officer(), now=NOW + timedelta(hours=1))
    services.acknowledge(made, actor=officer(), now=NOW + timedelta(hours=2))
    assert (made.state, made.acknowledged_at) == ("acknowledged", NOW + timedelta(hours=1))

    services.extend(made, reason="Cần hỏi đơn vị công tác", actor=officer(), now=NOW + timedelta(days=9))
    assert (made.state, made.due_at) == ("extended", datetime(2026, 12, 13, 17, 0, tzinfo=UTC))
    with pytest.raises(RequestMoved):
        services.extend(made, reason="Lần nữa", actor=officer(), now=NOW + timedelta(days=10))

    services.finish(made, answer="Đã sửa năm sinh", actor=officer(), now=NOW + timedelta(days=12))
    assert (made.state, made.answer, made.closed_at) == (
        "done",
        "Đã sửa năm sinh",
        NOW + timedelta(days=12),
    )
    assert [step.words for step in queries.steps_of(made)] == [
        "Yêu cầu được gửi",
        "Ban Tổ chức xác nhận đã nhận",
        "Gia hạn một lần",
        "Đã thực hiện",
    ]
    assert len(session().scalars(select(Mail)).all()) == 4


def test_a_refusal_needs_its_reason() -> None:
    made = asked()
    with pytest.raises(Invalid) as refused:
        services.refuse(made, answer="  ", actor=officer(), now=NOW)
    assert list(refused.value.errors) == ["words"]
    assert made.state == State.RECEIVED
    assert services.refuse(made, answer="Hồ sơ đã có kết quả", actor=officer(), now=NOW).state == "refused"


def test_what_is_closed_moves_no_more() -> None:
    made = asked()
    services.take_back(made, actor=person(), now=NOW)
    services.take_back(made, actor=person(), now=NOW)
    with pytest.raises(RequestMoved):
        services.finish(made, answer="x", actor=officer(), now=NOW)
    assert made.state == State.TAKEN_BACK


def test_only_the_committee_answers() -> None:
    made = asked()
    for deed in (services.acknowledge,):
        with pytest.raises(Forbidden):
            deed(made, actor=person(), now=NOW)
    with pytest.raises(Forbidden):
        services.refuse(made, answer="x", actor=actor_of(account("giamkhao@example.vn")), now=NOW)


def test_a_request_does_not_exist_for_another_person_or_tenant(tenant: World) -> None:
    made = asked()
    code = made.code
    with pytest.raises(NotFound):
        access_own_request(actor_of(account("cutri@example.vn")), code)
    with pytest.raises(NotFound):
        access_request_office(person(), code)
    session().commit()
    with tenant_scope(tenant.second.id):
        with pytest.raises(NotFound):
            access_request_office(officer(), code)
        assert queries.requests_page("mo", NOW).total == 0


def test_words_lie_encrypted_and_stand_in_no_letter_and_no_log(tenant: World) -> None:
    made = asked()
    services.extend(made, reason="Lý do kín đáo một", actor=officer(), now=NOW)
    services.finish(made, answer="Trả lời kín đáo hai", actor=officer(), now=NOW)
    session().commit()

    told = "".join(one.subject + one.body for one in session().scalars(select(Mail)))
    logged = "".join(str(one.data) for one in audit.records())
    hidden = (SECRET, "Lý do kín đáo một", "Trả lời kín đáo hai")
    assert [words for words in hidden if words in told + logged] == []
    url = make_url(tenant.app.config["BANGVANG"].database_url)
    if url.get_backend_name() == "sqlite":
        file = Path(str(url.database))
        stored = b"".join(one.read_bytes() for one in file.parent.glob(f"{file.name}*"))
        assert made.code.encode() in stored
        assert [words for words in hidden if words.encode() in stored] == []


def test_a_withdrawn_consent_to_publish_asks_the_committee_to_take_it_down() -> None:
    people.agree(PUBLISH_PERSON, actor=person(), now=NOW)

    people.withdraw_consent(PUBLISH_PERSON, actor=person(), now=NOW)
    people.withdraw_consent(PUBLISH_PERSON, actor=person(), now=NOW)

    (made,) = queries.requests_of(account().id)
    assert (made.kind, made.purpose, made.due_at) == (
        "withdraw",
        PUBLISH_PERSON,
        datetime(2026, 12, 8, 17, 0, tzinfo=UTC),
    )


def test_a_consent_withdrawn_for_news_asks_nobody() -> None:
    people.agree(NEWS, actor=person(), now=NOW)
    people.withdraw_consent(NEWS, actor=person(), now=NOW)
    assert count() == 0


def test_the_history_tells_each_consent_in_its_own_words() -> None:
    people.agree(NEWS, actor=person(), now=NOW)
    people.withdraw_consent(NEWS, actor=person(), now=NOW + timedelta(days=1))
    people.agree(NEWS, actor=person(), now=NOW + timedelta(days=2))

    lines = queries.consent_lines(account().id)

    assert [(one.version, one.given_at, one.withdrawn_at) for one in lines] == [
        ("2026-01", NOW + timedelta(days=2), None),
        ("2026-01", NOW, NOW + timedelta(days=1)),
    ]
    assert all(one.text is not None and one.text.text.vi.startswith("Tôi đồng ý nhận thư") for one in lines)


def test_what_waits_is_counted_by_what_is_due_next() -> None:
    late = asked()
    asked(Kind.DELETE)
    services.acknowledge(late, actor=officer(), now=NOW)
    services.take_back(asked(Kind.SEE), actor=person(), now=NOW)

    found = queries.waiting(NOW + timedelta(days=3))

    assert (found.open, found.overdue, found.closed) == (2, 1, 1)
    assert found.next_due == datetime(2026, 11, 25, 17, 0, tzinfo=UTC)
    assert [row.kind for row in queries.requests_page("mo", NOW).rows] == ["delete", "correct"]
    assert [row.kind for row in queries.requests_page("qua-han", NOW + timedelta(days=3)).rows] == ["delete"]
