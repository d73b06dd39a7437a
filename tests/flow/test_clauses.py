"""Every value that the rules give leads to its clause, and every clause tells what it is used for."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from html import unescape
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException

from core.kernel.db import tenant_scope
from core.plugin_api import Clause, Entry, Text
from core.plugin_host import Role, Rules, citations, findings_on_probes, walk
from core.plugin_host.probes import probe_scores
from core.publishing.clause_uses import uses_of
from core.voting.policies import VoteLimit
from tests.flow.test_results import published
from tests.support.app import client_of
from tests.support.entries import account, make_entry
from tests.support.factories import TenantFacts, World, make_edition, make_tenant, view
from tests.support.judging import make_round
from tests.support.people import sign_in
from tests.support.queries import count_queries

FAMILIES = (("thainguyen_innovation",), ("stkt_base", "backan_stkt"), ("stkt_base", "bacgiang_stkt"))
READERS = ("", "tacgia@example.vn", "giamkhao@example.vn", "donvi@example.vn", "btc@example.vn")
STARTS = (
    "/",
    "/the-le",
    "/du-thi/",
    "/cham-thi/",
    "/don-vi/",
    "/btc/",
    "/btc/ho-so/",
    "/btc/ky-thi/",
    "/btc/ket-qua/",
)
VISITS = 2  # of one view; more of them show other rows of the same kind


def with_pages(app: Flask, client: FlaskClient) -> Iterator[tuple[str, str]]:
    """The address and text of every kind of page that links lead to, each view asked a few times."""
    views, waiting, known = Counter[str](), list(STARTS), set(STARTS)
    urls = app.url_map.bind(client.environ_base["HTTP_HOST"])
    while waiting:
        path = waiting.pop(0)
        try:
            endpoint, _arguments = urls.match(urlsplit(path).path, method="GET")
        except HTTPException:
            continue
        if views[endpoint] >= VISITS or endpoint == "static":
            continue
        views[endpoint] += 1
        answer = client.get(path)
        if answer.status_code in (301, 302, 303):
            waiting.append(urlsplit(urljoin(path, answer.location)).path)
            continue
        if answer.mimetype != "text/html" or answer.status_code != 200:
            continue
        yield path, answer.text
        for found in hrefs(answer.text):
            local = urldefrag(urljoin(path, found)).url
            if (
                local.startswith("/")
                and not local.startswith("//")
                and "lang=" not in local
                and local not in known
            ):
                known.add(local)
                waiting.append(local)


def hrefs(page: str) -> list[str]:
    return [unescape(found) for found in re.findall(r'<a [^>]*?href="([^"]*)"', page)]


def ids(page: str) -> list[str]:
    return re.findall(r' id="([^"]+)"', page)


def clause_links(page: str) -> set[str]:
    """The clauses of /the-le that a page leads to."""
    split = (urlsplit(found) for found in hrefs(page))
    return {one.fragment for one in split if one.path == "/the-le" and one.fragment}


def running(world: World) -> None:
    """A judge with a sheet to fill, a blank draft, and an entry that can be voted for."""
    with world.app.app_context(), tenant_scope(world.first.id) as current:
        edition = view(world.first)
        make_round(edition, entries=1)
        make_entry(edition, account(), state="draft")
        current.commit()


def test_every_cited_clause_is_linked_and_no_link_leads_nowhere(world: World) -> None:
    running(world)
    published(world, world.second)
    linked: set[str] = set()
    for facts in (world.first, world.second):
        known = set(ids(client_of(world.app, facts.slug).get("/the-le").text))
        for reader in READERS:
            client = client_of(world.app, facts.slug)
            if reader:
                sign_in(client, reader)
            for path, page in with_pages(world.app, client):
                asked = clause_links(page)
                assert asked <= known, f"{reader} {path}"
                if path != "/the-le":
                    linked |= asked
    with world.app.app_context(), tenant_scope(world.first.id):
        cited = {one.clause for one in citations(view(world.first).rules) if one.role is not Role.STEP}
    assert cited - linked == set()


def edition_of(app: Flask, plugins: tuple[str, ...]) -> TenantFacts:
    with app.app_context():
        facts = make_tenant("baba")
        with tenant_scope(facts.id) as current:
            make_edition(plugins=plugins)
            current.commit()
    return facts


@pytest.mark.parametrize("plugins", FAMILIES, ids="+".join)
def test_an_article_lists_everything_in_the_rules_that_names_it(app: Flask, plugins: tuple[str, ...]) -> None:
    facts = edition_of(app, plugins)
    with app.test_request_context("http://baba.localhost/"), tenant_scope(facts.id):
        rules = view(facts).rules
        named = named_in(rules)
        uses = uses_of(rules)
    page = client_of(app, "baba").get("/the-le").text

    assert {key for key, found in uses.items() if found} == named
    for key, found in uses.items():
        article = page.split(f'<article class="provision" id="{key}">')[1].split("</article>")[0]
        assert [unescape(one) for one in re.findall(r'<li><a href="[^"]+">(.*?)</a></li>', article)] == [
            one.text for one in found
        ]


def named_in(rules: Rules) -> set[str]:
    """The clause keys that stand anywhere in what the rules answer, found without knowing what is what."""
    answers = (
        rules.dossier_form(),
        rules.author_policy(),
        rules.rounds(),
        rules.vote_policy(),
        rules.award_scheme(),
        rules.decision_rule(),
        findings_on_probes(rules),
        rules.check_entries((Entry("-", None, ""),)),
        probe_scores(rules).answers,
    )
    return {value.clause for value in walk(answers) if getattr(value, "clause", None)}  # type: ignore[attr-defined]


@pytest.mark.parametrize("plugins", FAMILIES, ids="+".join)
def test_the_uses_lead_to_what_exists_on_the_rules_page(app: Flask, plugins: tuple[str, ...]) -> None:
    edition_of(app, plugins)
    page = client_of(app, "baba").get("/the-le").text
    known = ids(page)
    inside = {found[1:] for found in hrefs(page) if found.startswith("#")}

    assert inside <= set(known)
    assert [key for key, times in Counter(known).items() if times > 1] == []


def test_a_clause_that_only_people_apply_says_so(app: Flask) -> None:
    edition_of(app, ("stkt_base", "backan_stkt"))

    page = client_of(app, "baba").get("/the-le").text

    article = page.split('id="doi_tuong">')[1].split("</article>")[0]
    assert "Do con người xem xét; hệ thống không tự kiểm tra." in article
    assert "Điều này được dùng ở:" not in article


def test_a_convention_that_the_rules_replace_says_that_it_is_not_used(world: World) -> None:
    page = client_of(world.app, "motmot").get("/the-le").text

    article = page.split('id="quy_uoc_bieu_quyet">')[1].split("</article>")[0]
    assert "Kỳ này không dùng đến: thể lệ đã có quy định riêng." in article


def test_the_rules_page_asks_one_question_more_than_a_page_of_words_whether_criteria_changed(
    world: World,
) -> None:
    client = client_of(world.app, "motmot")
    client.get("/the-le")
    sign_in(client, "cutri@example.vn")
    with count_queries(world.app) as news:
        client.get("/tai-lieu")
    with count_queries(world.app) as asked:
        client.get("/the-le")

    assert asked.count == news.count + 1, asked


# A refusal explains itself


def test_a_refused_vote_shows_its_clause_in_words_and_as_a_link(world: World) -> None:
    made = published(world)
    client = client_of(world.app, "motmot")
    sign_in(client, "cutri@example.vn")

    answer = client.post(f"/bai-du-thi/{made.codes[0]}/binh-chon")

    assert answer.status_code == 409
    assert 'href="/the-le#binh_chon"' in answer.text


def test_a_refused_vote_names_its_clause_to_programs(world: World) -> None:
    made = published(world)
    client = client_of(world.app, "motmot")
    sign_in(client, "cutri@example.vn")

    answer = client.post(f"/api/v1/entries/{made.codes[0]}/vote")

    assert answer.status_code == 409
    assert answer.get_json()["clause"]["key"] == "binh_chon"
    assert answer.get_json()["clause"]["href"] == "http://motmot.localhost/the-le#binh_chon"
    assert set(answer.get_json()["clause"]) == {"key", "document", "article", "href"}


def test_a_dossier_that_is_not_ready_names_the_clause_of_what_stops_it(world: World) -> None:
    with world.app.app_context(), tenant_scope(world.first.id) as current:
        draft = make_entry(view(world.first), account(), state="draft")
        ref = draft.ref
        current.commit()
    client = client_of(world.app, "motmot")
    sign_in(client, "tacgia@example.vn")

    answer = client.post(f"/api/v1/entries/{ref}/submit")

    assert answer.status_code == 422
    assert answer.get_json()["clause"]["key"] in ("da_trien_khai", "ho_so")


def test_an_error_page_leads_to_the_clause_behind_it(world: World) -> None:
    words = (Text("Thể lệ", "Rules"), Text("Điều 1", "Article 1"), Text("Một phiếu.", "One vote."))
    refusal = VoteLimit("Hết phiếu.").under(Clause("binh_chon", *words))
    with world.app.test_request_context("http://motmot.localhost/"), tenant_scope(world.first.id):
        world.app.preprocess_request()
        answer = world.app.make_response(world.app.handle_user_exception(refusal))

    assert answer.status_code == 409
    page = answer.get_data(as_text=True)
    assert 'href="/the-le#binh_chon"' in page
    assert "Một phiếu." in page
