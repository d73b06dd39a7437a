"""The office's page and the public page, over HTTP: from frozen votes to a bundle that verifies."""

from __future__ import annotations

import io
import re

from flask.testing import FlaskClient
from sqlalchemy import select

from core.entries.models import Entry, EntryVersion
from core.kernel.db import session, tenant_scope
from core.results.verify import verify_bytes
from core.voting.models import Vote
from tests.support.app import client_of
from tests.support.factories import TenantFacts, World
from tests.support.people import sign_in
from tests.support.queries import count_queries
from tests.support.results import LATER, OFFICER, Judged, computed, decide, judge_edition

DECISION = {"computation": "1", "members": "15", "agreed": "10", "held_on": "2025-11-22", "number": "15/BB"}


def judged(world: World, facts: TenantFacts | None = None, **how: object) -> Judged:
    """A judged edition, stored."""
    facts = facts or world.first
    with world.app.app_context(), tenant_scope(facts.id) as current:
        made = judge_edition(facts, **how)  # type: ignore[arg-type]
        current.commit()
    return made


def published(world: World, facts: TenantFacts | None = None, **how: object) -> Judged:
    """A published edition, stored."""
    from core.results.services import publish

    made = judged(world, facts, **how)
    with world.app.app_context(), tenant_scope((facts or world.first).id) as current:
        decide(made, computed(made))
        publish(made.edition, actor=OFFICER, now=LATER)
        current.commit()
    return made


def officer(world: World) -> FlaskClient:
    client = client_of(world.app, world.first.slug)
    sign_in(client, "btc@example.vn")
    return client


def test_the_committee_is_led_from_the_freeze_to_the_published_page(world: World) -> None:
    judged(world, freeze=False)
    client = officer(world)
    assert "Chốt phiếu bình chọn của" in client.get("/btc/ket-qua/").text
    assert client.post("/btc/ket-qua/chot-phieu").status_code == 302
    assert client.post("/btc/ket-qua/tinh").status_code == 302
    page = client.get("/btc/ket-qua/").text
    assert "Cần ít nhất 10 trên 15 người đồng ý (ít nhất 2/3)." in page
    assert client.post("/btc/ket-qua/quyet-dinh", data=DECISION).status_code == 302
    assert client.post("/btc/ket-qua/cong-bo").status_code == 302
    public = client_of(world.app, world.first.slug)
    told = public.get("/ket-qua").text
    assert "Bảng vàng" in told
    assert "Trần Thị Sáng Kiến 2" in told
    assert "20 × 3 lượt ÷ 5 lượt cao nhất = 12,0 điểm" in told
    bundle = public.get("/ket-qua/goi.zip")
    assert bundle.mimetype == "application/zip"
    assert verify_bytes(bundle.data).holds


def test_a_departure_without_a_reason_is_told_at_its_row_and_keeps_what_was_typed(world: World) -> None:
    judged(world)
    client = officer(world)
    client.post("/btc/ket-qua/tinh")
    typed = {**DECISION, "tier_TT-K1-0001": "khuyen_khich", "reason_TT-K1-0002": "giữ lại chữ này"}
    answer = client.post("/btc/ket-qua/quyet-dinh", data=typed)
    assert answer.status_code == 422
    assert 'id="e-reason_TT-K1-0001"' in answer.text
    assert "Khác với đề xuất: cần ghi lý do." in answer.text
    assert "giữ lại chữ này" in answer.text
    assert '<option value="khuyen_khich" selected>' in answer.text


def test_a_departure_with_a_reason_is_on_the_public_page(world: World) -> None:
    judged(world)
    client = officer(world)
    client.post("/btc/ket-qua/tinh")
    why = "Trùng một phần với công trình đã công bố."
    typed = {**DECISION, "tier_TT-K1-0001": "khuyen_khich", "reason_TT-K1-0001": why}
    assert client.post("/btc/ket-qua/quyet-dinh", data=typed).status_code == 302
    client.post("/btc/ket-qua/cong-bo")
    assert why in client_of(world.app, world.first.slug).get("/ket-qua").text


def test_one_vote_short_of_two_thirds_is_refused_in_words(world: World) -> None:
    judged(world)
    client = officer(world)
    client.post("/btc/ket-qua/tinh")
    answer = client.post("/btc/ket-qua/quyet-dinh", data={**DECISION, "agreed": "9"})
    assert answer.status_code == 422
    assert "Mới có 9/15 thành viên Ban Tổ chức đồng ý; cần ít nhất 10/15" in answer.text


def test_a_meeting_that_is_not_filled_in_is_told_at_its_fields(world: World) -> None:
    judged(world)
    client = officer(world)
    client.post("/btc/ket-qua/tinh")
    answer = client.post(
        "/btc/ket-qua/quyet-dinh", data={"computation": "1", "agreed": "mười", "held_on": ""}
    )
    assert answer.status_code == 422
    assert "Cần một số nguyên." in answer.text
    assert "Ngày họp chưa đúng." in answer.text


def test_a_step_out_of_order_is_refused_in_words(world: World) -> None:
    judged(world)
    client = officer(world)
    early = client.post("/btc/ket-qua/cong-bo")
    assert early.status_code == 409
    assert "Chưa tính kết quả nên chưa công bố được." in early.text
    client.post("/btc/ket-qua/tinh")
    assert "Chưa có quyết định của Ban Tổ chức" in client.post("/btc/ket-qua/cong-bo").text


def test_double_clicks_change_nothing(world: World) -> None:
    judged(world)
    client = officer(world)
    for address, data in (
        ("tinh", None),
        ("tinh", None),
        ("quyet-dinh", DECISION),
        ("quyet-dinh", DECISION),
        ("cong-bo", None),
        ("cong-bo", None),
    ):
        assert client.post(f"/btc/ket-qua/{address}", data=data).status_code == 302
    assert "Lần 1," in client.get("/btc/ket-qua/").text


def test_an_unpublished_result_is_seen_by_nobody_but_the_committee(world: World) -> None:
    made = judged(world)
    with world.app.app_context(), tenant_scope(world.first.id) as current:
        decide(made, computed(made))
        current.commit()
    for email in ("", "tacgia@example.vn", "giamkhao@example.vn", "donvi@example.vn"):
        client = client_of(world.app, world.first.slug)
        if email:
            sign_in(client, email)
        page = client.get("/ket-qua")
        assert "Kết quả chưa được công bố." in page.text
        assert "89,50" not in page.text
        assert client.get("/ket-qua/goi.zip").status_code == 404
        assert client.get("/api/v1/results").status_code == 404
        assert client.get("/btc/ket-qua/").status_code in (302, 403)


def test_the_other_tenant_has_no_result(world: World) -> None:
    published(world)
    other = client_of(world.app, world.second.slug)
    assert "Kết quả chưa được công bố." in other.get("/ket-qua").text
    assert other.get("/ket-qua/goi.zip").status_code == 404
    assert other.get("/api/v1/results").status_code == 404


def test_the_api_gives_outputs_decision_and_hashes(world: World) -> None:
    published(world)
    told = client_of(world.app, world.first.slug).get("/api/v1/results").json
    assert told is not None
    assert told["outputs"]["format"] == "bangvang.outputs/1"
    assert told["decision"] == {"held_on": "2025-11-22", "number": "15/BB-BTC", "members": 15, "agreed": 12}
    assert told["awards"][0] == {
        "entry": "TT-K1-0001",
        "award": "tier",
        "tier": "nhi",
        "proposed": "nhi",
        "reason": "",
    }
    assert re.fullmatch(r"[0-9a-f]{64}", told["bundle"]["sha256"])


def test_a_receipt_says_only_that_it_exists_for_which_entry_and_when(world: World) -> None:
    judged(world)
    with world.app.app_context(), tenant_scope(world.first.id):
        ask = select(EntryVersion.receipt).join(Entry, Entry.id == EntryVersion.entry_id)
        submitted = session().scalars(ask.where(Entry.code == "TT-K1-0001")).one()
        cast = session().scalars(select(Vote.receipt)).first()
    client = client_of(world.app, world.first.slug)
    page = client.post("/xac-minh", data={"code": f" {submitted.lower()} "}).text
    assert "Biên nhận nộp hồ sơ, mã hồ sơ TT-K1-0001" in page
    assert "Sáng Kiến" not in page
    assert "Biên nhận bình chọn cho hồ sơ TT-K1-" in client.get(f"/xac-minh?ma={cast}").text
    other = client_of(world.app, world.second.slug).post("/xac-minh", data={"code": submitted})
    assert other.status_code == 422
    assert "Không có biên nhận nào mang mã này." in other.text


def test_an_uploaded_bundle_gets_a_verdict(world: World) -> None:
    published(world)
    client = client_of(world.app, world.first.slug)
    whole = client.get("/ket-qua/goi.zip").data

    def verdict(content: bytes, slug: str = world.first.slug) -> str:
        data = {"bundle": (io.BytesIO(content), "goi.zip")}
        return client_of(world.app, slug).post("/xac-minh", data=data).text

    assert "Gói còn nguyên vẹn và tính lại khớp hoàn toàn" in verdict(whole)
    assert "không do trang này ký" in verdict(whole, world.second.slug)
    changed = whole.replace(b'"doi_moi":"18.5"', b'"doi_moi":"19.5"', 1)
    assert "inputs.json: nội dung bị hỏng hoặc đã bị thay đổi." in verdict(changed)
    assert "Tệp không phải là gói .zip còn nguyên vẹn." in verdict(b"hello")


def test_an_empty_form_is_told_what_to_do(world: World) -> None:
    answer = client_of(world.app, world.first.slug).post("/xac-minh", data={})
    assert answer.status_code == 422
    assert "Bạn hãy nhập mã biên nhận hoặc chọn gói kết quả." in answer.text


def test_pages_take_the_same_queries_for_1_and_for_30_entries(world: World) -> None:
    counts = []
    for facts, number in ((world.first, 1), (world.second, 30)):
        published(world, facts, scores=(("18.5", "27", "25"),) * number, votes=(), judges=1)
        client = client_of(world.app, facts.slug)
        sign_in(client, "btc@example.vn")
        with count_queries(world.app) as public:
            assert client.get("/ket-qua").status_code == 200
        with count_queries(world.app) as office:
            assert client.get("/btc/ket-qua/").status_code == 200
        counts.append((public.count, office.count))
    assert counts[0] == counts[1]
