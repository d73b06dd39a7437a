"""The office's page of a shadow run over HTTP: typed values, what would change, and that the result does not."""

from __future__ import annotations

import json
import re

import pytest
from flask.testing import FlaskClient

from core.kernel import audit
from core.kernel.db import session, tenant_scope
from core.results.models import Computation
from core.results.services import publish
from tests.support.app import client_of
from tests.support.factories import TenantFacts, World
from tests.support.people import sign_in
from tests.support.queries import count_queries
from tests.support.results import LATER, OFFICER, SCORES, VOTES, computed, decide, judge_edition

PAGE = "/btc/ket-qua/chay-thu"
PLUGIN = "thainguyen_innovation"
# A box that is not sent is an empty one, so the form sends the one of the core's settings that stands ticked.
VOTES_COUNT_LESS = {
    f"{PLUGIN}.s_points_binh_chon": "1",
    "core.s_deliberation_remarks": "1",
    "plugins": PLUGIN,
    "show": "changed",
}


def calculated(world: World, facts: TenantFacts | None = None, **how: object) -> None:
    """An edition with a computation, stored."""
    facts = facts or world.first
    with world.app.app_context(), tenant_scope(facts.id) as current:
        computed(judge_edition(facts, **how))  # type: ignore[arg-type]
        current.commit()


def officer(world: World, facts: TenantFacts | None = None) -> FlaskClient:
    client = client_of(world.app, (facts or world.first).slug)
    sign_in(client, "btc@example.vn")
    return client


def stored_texts(world: World, facts: TenantFacts) -> list[tuple[int, str, str]]:
    with world.app.app_context(), tenant_scope(facts.id):
        rows = session().query(Computation).all()
        return [(row.number, row.inputs, row.outputs) for row in rows]


def test_before_a_computation_the_page_says_what_comes_first(world: World) -> None:
    client = officer(world)
    page = client.get(PAGE)
    assert page.status_code == 200
    assert "Chưa có gì để chạy thử" in page.text
    assert client.post(PAGE, data=VOTES_COUNT_LESS).status_code == 409
    assert PAGE not in client.get("/btc/ket-qua/").text


def test_the_form_holds_the_frozen_values_and_the_page_of_results_leads_to_it(world: World) -> None:
    calculated(world)
    client = officer(world)
    assert f'href="{PAGE}"' in client.get("/btc/ket-qua/").text
    page = client.get(PAGE).text
    assert "Chạy thử, không phải kết quả chính thức" in page
    assert control(page, f"{PLUGIN}.s_points_binh_chon") == "20"
    assert control(page, f"{PLUGIN}.s_score_step") == "0,5"
    assert control(page, "core.s_score_places") == "2"


def test_a_run_shows_who_rises_and_falls_and_keeps_what_was_typed(world: World) -> None:
    calculated(world)
    page = officer(world).post(PAGE, data=VOTES_COUNT_LESS)
    assert page.status_code == 200
    assert "1 hồ sơ lên hạng: TT-K1-0001 từ hạng 2 lên 1." in page.text
    assert "lên 1 hạng" in page.text
    assert "xuống 1 hạng" in page.text
    assert control(page.text, f"{PLUGIN}.s_points_binh_chon") == "1"
    assert codes(page.text) == ["TT-K1-0002", "TT-K1-0001", "TT-K1-0004"]


def test_only_changed_entries_are_listed_until_all_are_asked_for(world: World) -> None:
    calculated(world)
    client = officer(world)
    same = {"plugins": PLUGIN, "show": "changed"}
    assert codes(client.post(PAGE, data=same).text) == []
    assert "Không có gì thay đổi" in client.post(PAGE, data=same).text
    everything = client.post(PAGE, data={**same, "show": "all"}).text
    assert codes(everything) == ["TT-K1-0002", "TT-K1-0001", "TT-K1-0003", "TT-K1-0004"]


@pytest.mark.parametrize(
    ("name", "typed", "told"),
    [
        (f"{PLUGIN}.s_points_binh_chon", "1001", "Điểm tối đa từ 1 đến 100."),
        (f"{PLUGIN}.s_points_binh_chon", "hai mươi", "Viết một số."),
        (f"{PLUGIN}.s_quota_nhat", "1,5", "Viết một số nguyên."),
        ("core.s_score_places", "", "Cài đặt này cần có giá trị."),
    ],
)
def test_a_refused_value_is_told_at_its_field_and_kept(
    world: World, name: str, typed: str, told: str
) -> None:
    calculated(world)
    answer = officer(world).post(PAGE, data={**VOTES_COUNT_LESS, name: typed})
    assert answer.status_code == 422
    assert f'id="e-{name}"' in answer.text
    assert told in answer.text
    assert control(answer.text, name) == typed
    assert 'id="ket-qua-thu"' not in answer.text


def test_without_any_plugin_nothing_is_run(world: World) -> None:
    calculated(world)
    answer = officer(world).post(PAGE, data={"show": "changed"})
    assert answer.status_code == 422
    assert "Chọn ít nhất một bộ quy tắc." in answer.text


def test_a_plugin_that_the_tenant_does_not_have_cannot_be_chosen(world: World) -> None:
    calculated(world)
    client = officer(world)
    assert "backan_stkt" not in client.get(PAGE).text
    answer = client.post(PAGE, data={"plugins": ["stkt_base", "backan_stkt"], "show": "changed"})
    assert answer.status_code == 422
    assert "Chọn ít nhất một bộ quy tắc." in answer.text


def test_points_that_the_locked_sheets_exceed_are_refused_in_words(world: World) -> None:
    calculated(world)
    answer = officer(world).post(PAGE, data={**VOTES_COUNT_LESS, f"{PLUGIN}.s_points_doi_moi": "10"})
    assert answer.status_code == 422
    assert "không hợp với những gì đang thử: điểm 18.5 vượt điểm tối đa 10." in answer.text
    assert control(answer.text, f"{PLUGIN}.s_points_doi_moi") == "10"


def test_the_comparison_as_a_file(world: World) -> None:
    calculated(world)
    answer = officer(world).post(PAGE, data={**VOTES_COUNT_LESS, "show": "file"})
    assert answer.mimetype == "application/json"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="chay-thu-motmot-k1.json"'
    document = json.loads(answer.data)
    assert (document["format"], document["tenant"], document["same"]) == (
        "bangvang.shadow/1",
        "motmot",
        False,
    )


def test_a_run_after_publication_changes_nothing_that_the_public_sees(world: World) -> None:
    with world.app.app_context(), tenant_scope(world.first.id) as current:
        judged = judge_edition(world.first)
        decide(judged, computed(judged))
        publish(judged.edition, actor=OFFICER, now=LATER)
        current.commit()
    public = client_of(world.app, world.first.slug)
    before, bundle = public.get("/ket-qua").text, public.get("/ket-qua/goi.zip").data
    texts = stored_texts(world, world.first)
    assert officer(world).post(PAGE, data=VOTES_COUNT_LESS).status_code == 200
    again = client_of(world.app, world.first.slug)
    assert without_nonce(again.get("/ket-qua").text) == without_nonce(before)
    assert again.get("/ket-qua/goi.zip").data == bundle
    assert stored_texts(world, world.first) == texts


def test_each_run_is_a_line_of_the_log_and_a_refused_one_is_none(world: World) -> None:
    calculated(world)
    client = officer(world)
    client.post(PAGE, data={**VOTES_COUNT_LESS, f"{PLUGIN}.s_points_binh_chon": "x"})
    client.post(PAGE, data=VOTES_COUNT_LESS)
    with world.app.app_context(), tenant_scope(world.first.id):
        lines = audit.records(actions=["shadow.run"])
        assert [line.data["settings"] for line in lines] == [{f"{PLUGIN}.points_binh_chon": "1"}]


def test_the_twin_tenant_sees_its_own_entries_alone(world: World) -> None:
    calculated(world)
    assert "Chưa có gì để chạy thử" in officer(world, world.second).get(PAGE).text
    calculated(world, world.second, votes=(9, 0, 0, 0))
    mine = officer(world).post(PAGE, data={**VOTES_COUNT_LESS, "show": "file"})
    theirs = officer(world, world.second).post(PAGE, data={**VOTES_COUNT_LESS, "show": "file"})
    assert [json.loads(one.data)["tenant"] for one in (mine, theirs)] == ["motmot", "haihai"]
    assert json.loads(mine.data)["official"] != json.loads(theirs.data)["official"]


def test_strangers_and_judges_do_not_get_in(world: World) -> None:
    calculated(world)
    assert client_of(world.app, world.first.slug).get(PAGE).status_code == 302
    judge = client_of(world.app, world.first.slug)
    sign_in(judge, "gk1@example.vn")
    assert judge.get(PAGE).status_code == 403
    assert judge.post(PAGE, data=VOTES_COUNT_LESS).status_code == 403


def test_the_page_asks_as_many_questions_for_28_entries_as_for_4(world: World) -> None:
    calculated(world)
    calculated(world, world.second, scores=SCORES * 7, votes=VOTES * 7)
    asked = []
    for facts in (world.first, world.second):
        client = officer(world, facts)
        with count_queries(world.app) as queries:
            answer = client.post(PAGE, data={**VOTES_COUNT_LESS, "show": "all"})
        asked.append((len(codes(answer.text)), queries.count))
    assert asked == [(4, asked[0][1]), (28, asked[0][1])]
    assert asked[0][1] <= 11


def test_the_page_in_english(world: World) -> None:
    calculated(world)
    client = officer(world)
    client.get("/?lang=en")
    page = client.post(f"{PAGE}?lang=en", data=VOTES_COUNT_LESS).text
    assert "A trial run, not the official result" in page
    assert "1 entry would rise: TT-K1-0001 from 2 to 1." in page


def control(page: str, name: str) -> str:
    """What stands in the control of that name."""
    found = re.search(rf'<input[^>]*name="{re.escape(name)}"[^>]*value="([^"]*)"', page)
    assert found is not None, name
    return found[1]


def codes(page: str) -> list[str]:
    """The entries of the table, in their order."""
    return re.findall(r'<span class="cellnote">(TT-[^<]*)</span>', page)


def without_nonce(page: str) -> str:
    return re.sub(r'(nonce|value|content)="[^"]*"', "", page)
