"""Extensions through the browser's eyes: propose with a preview, confirm as a second officer, read it everywhere."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from core.entries.models import Extension
from core.kernel.actor import Role
from core.kernel.db import session, tenant_scope
from tests.flow.test_entries_way import OFFICER, client_for, text_of
from tests.support.app import client_of
from tests.support.entries import account, complete_draft, make_entry
from tests.support.factories import NOW, World, make_account, view
from tests.support.queries import count_queries

PAGE = "/btc/ky-thi/gia-han"
SECOND = "btc2@example.vn"


def form(**changes: str) -> dict[str, str]:
    """A proposal for all, as it is typed."""
    return {
        "scope": "all",
        "dossier": "",
        "until": "20/12/2025",
        "until_time": "17:00",
        "reason": "Do bão.",
    } | changes


@pytest.fixture(autouse=True)
def second(world: World) -> None:
    with world.app.app_context(), tenant_scope(world.first.id):
        make_account(SECOND, name="Cán bộ Hai", roles=[Role.COMMITTEE])
        session().commit()


def waiting(world: World) -> str:
    """The id of the only proposal."""
    with world.app.app_context(), tenant_scope(world.first.id):
        return str(session().scalars(select(Extension.id)).one())


def test_two_officers_give_everybody_more_time_and_the_home_page_tells(app: Flask, world: World) -> None:
    with app.app_context(), tenant_scope(world.first.id):
        complete_draft(view(world.first), account())
        session().commit()
    first, other = client_for(app, OFFICER), client_for(app, SECOND)

    shown = text_of(first.post(f"{PAGE}/xem-truoc", data=form()))
    assert "Hạn cũ 10:00 ngày 12/12/2025 Hạn mới 17:00 ngày 20/12/2025" in shown
    assert "1 bản nháp chưa nộp" in shown
    assert first.post(PAGE, data=form()).status_code == 303
    assert "Cần một cán bộ khác của Ban Tổ chức xác nhận" in text_of(first.get(PAGE))
    assert "Xem đề nghị gia hạn nộp hồ sơ" in text_of(other.get("/btc/"))
    assert "Hạn nộp hiện nay: 10:00 ngày 12/12/2025." in text_of(other.get(PAGE))

    assert other.post(f"{PAGE}/xac-nhan", data={"extension": waiting(world)}).status_code == 303

    assert "Hạn nộp hiện nay: 17:00 ngày 20/12/2025." in text_of(other.get(PAGE))
    home = text_of(client_of(app, "motmot").get("/"))
    assert "Gia hạn nhận hồ sơ đến 17:00 ngày 20/12/2025" in home


def test_the_proposer_cannot_confirm_and_reads_why(app: Flask, world: World) -> None:
    first = client_for(app, OFFICER)
    first.post(PAGE, data=form())

    answer = first.post(f"{PAGE}/xac-nhan", data={"extension": waiting(world)})

    assert answer.status_code == 409
    assert "cần một cán bộ khác của Ban Tổ chức xác nhận" in text_of(answer)


def test_a_draft_is_named_by_its_ref_and_shows_nothing_but_its_entrant(app: Flask, world: World) -> None:
    with app.app_context(), tenant_scope(world.first.id):
        ref = complete_draft(view(world.first), account()).ref
        session().commit()

    page = client_for(app, OFFICER).post(f"{PAGE}/xem-truoc", data=form(scope="one", dossier=ref.lower()))

    words = text_of(page)
    assert page.status_code == 200
    assert f"Gia hạn cho {ref} Người nộp" in words
    assert "Máy sấy chè" not in words


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"until": "32/12/2025"}, "Ngày chưa đúng. Viết như 20/11/2025."),
        ({"until": "01/12/2025"}, "Hạn mới phải sau hạn hiện nay (10:00 ngày 12/12/2025) và sau lúc này."),
        ({"reason": ""}, "Bạn hãy nêu lý do; lý do được công khai khi gia hạn."),
        ({"scope": "one"}, "Bạn hãy ghi mã hồ sơ, hoặc chọn gia hạn cho mọi hồ sơ."),
        ({"scope": "one", "dossier": "KHONGCO"}, "Không tìm thấy hồ sơ này."),
    ],
)
@pytest.mark.parametrize("path", [PAGE, f"{PAGE}/xem-truoc"])
def test_what_is_wrong_is_told_at_its_place_and_what_was_typed_stays(
    app: Flask, wrong: dict[str, Any], sentence: str, path: str
) -> None:
    answer = client_for(app, OFFICER).post(path, data=form(**wrong))

    assert answer.status_code == 422
    assert sentence in text_of(answer)
    if "reason" not in wrong:
        assert re.search(r"<textarea[^>]*>\s*Do bão\.", answer.text)


def test_the_page_asks_as_often_for_one_proposal_as_for_thirty(app: Flask, world: World) -> None:
    client, counts = client_for(app, OFFICER), []
    for rows in (1, 29):
        with app.app_context(), tenant_scope(world.first.id):
            edition, officer = view(world.first), account(OFFICER)
            for _row in range(rows):
                entry = make_entry(edition, account(), state="submitted")
                session().add(
                    Extension(
                        edition_id=edition.id,
                        entry_id=entry.id,
                        ended=NOW,
                        until=NOW,
                        reason="Do bão.",
                        asked_by=officer.id,
                        asked_name="Cán bộ Một",
                        asked_at=NOW,
                    )
                )
            session().commit()
        client.get(PAGE)
        with count_queries(app) as counted:
            assert client.get(PAGE).status_code == 200
        counts.append(counted.count)

    assert counts == [5, 5]
