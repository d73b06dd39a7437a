"""Plugins that fail: what their tenant's people see, what is stored, and that the other tenant sees nothing of it."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from flask import g
from flask.testing import FlaskClient
from sqlalchemy import func, select
from structlog.testing import capture_logs
from werkzeug.test import TestResponse

from core.contests.models import Edition, Unit
from core.entries.models import Entry
from core.kernel.db import session, tenant_scope
from core.kernel.web import Access, allows
from core.plugin_api import HookInfo, Policy, hook_infos
from core.plugin_host import default_host
from core.publishing.operators import plugin_rows, tenant_rows
from core.tenancy.scope import touch_public
from tests.support.app import client_of
from tests.support.entries import account, complete_draft
from tests.support.factories import World, make_unit, view
from tests.support.failing_plugins import SECRET, any_arguments, failing, install, install_broken
from tests.support.people import sign_in
from tests.support.plugins import enable
from tests.unit.plugin_host.samples import sample

HOOKS = tuple(hook_infos().values())
STRICT = tuple(info for info in HOOKS if info.policy is Policy.STRICT)
COLLECT = tuple(info for info in HOOKS if info.policy is Policy.COLLECT)
PAGES = (
    "/",
    "/the-le",
    "/bai-du-thi",
    "/binh-chon",
    "/ket-qua",
    "/tin-tuc",
    "/tai-lieu",
    "/du-thi/",
    "/khong-co",
)
OFFICE = ("/btc/", "/btc/ho-so/", "/btc/cham-diem/", "/btc/ket-qua/", "/btc/ky-thi/", "/btc/don-vi/")
OFFICER = "btc@example.vn"

# Deeds whose views the tests put their own into: the page of a browser and the API of a program.
DEEDS = {
    "page": ("voting.cast", "/bai-du-thi/X/binh-chon"),
    "api": ("voting_api.vote", "/api/v1/entries/X/vote"),
}


def _named(info: HookInfo) -> str:
    return info.name


def _deed_that_asks(info: HookInfo) -> Callable[..., str]:
    """A view that stores a unit and then asks a hook."""

    @allows(Access.PUBLIC)
    def deed(**_: str) -> str:
        make_unit(f"don-vi-{info.name}")
        arguments = any_arguments(info)
        is_enabled = any(ref.name == "hong" for ref in g.edition.values.plugins)
        if is_enabled or not arguments:  # the defaults can make nothing of arguments that are nothing
            default_host().call(g.edition.values, info.name, arguments)
        return "xong"

    return deed


def _stored_units(world: World) -> list[int]:
    """How many units each of the two tenants has beside its first."""
    counts = []
    for facts in (world.first, world.second):
        with world.app.app_context(), tenant_scope(facts.id):
            counts.append((session().scalar(select(func.count()).select_from(Unit)) or 0) - 1)
    return counts


@pytest.fixture
def enabled(world: World, monkeypatch: pytest.MonkeyPatch) -> Callable[[HookInfo], None]:
    """Enables a plugin that fails in one hook, for the first tenant alone."""

    def enable_failing(info: HookInfo) -> None:
        install(monkeypatch, sample("hong", failing(info.name)))
        with world.app.app_context():
            enable(world.first, "hong")

    return enable_failing


@pytest.mark.parametrize("kind", DEEDS)
@pytest.mark.parametrize("info", STRICT, ids=_named)
def test_failing_strict_hook_undoes_the_deed_and_is_named(
    world: World,
    monkeypatch: pytest.MonkeyPatch,
    enabled: Callable[[HookInfo], None],
    info: HookInfo,
    kind: str,
) -> None:
    endpoint, path = DEEDS[kind]
    monkeypatch.setitem(world.app.view_functions, endpoint, _deed_that_asks(info))
    enabled(info)

    with capture_logs() as recorded:
        answer = client_of(world.app, "motmot").post(path)
        other = client_of(world.app, "haihai").post(path)

    assert (answer.status_code, other.status_code) == (500, 200)
    assert _stored_units(world) == [0, 1]
    assert SECRET not in answer.text
    sentence = f"Plugin hong không thực hiện được {info.name}."
    if kind == "api":
        assert answer.mimetype == "application/problem+json"
        assert json.loads(answer.text)["title"] == sentence
    else:
        assert answer.mimetype == "text/html"
        assert sentence in answer.text
    failures = [row for row in recorded if row["event"] == "request_failed"]
    assert [SECRET in row["error"] for row in failures] == [True]


@pytest.mark.parametrize("info", COLLECT, ids=_named)
def test_failing_collected_hook_is_recorded_and_the_deed_done(
    world: World, monkeypatch: pytest.MonkeyPatch, enabled: Callable[[HookInfo], None], info: HookInfo
) -> None:
    endpoint, path = DEEDS["page"]
    monkeypatch.setitem(world.app.view_functions, endpoint, _deed_that_asks(info))
    enabled(info)

    with capture_logs() as recorded:
        answers = [client_of(world.app, slug).post(path).status_code for slug in ("motmot", "haihai")]

    assert answers == [200, 200]
    assert _stored_units(world) == [1, 1]
    failures = [row for row in recorded if row["event"] == "plugin_hook_failed"]
    assert [(row["plugin"], row["hook"], row["tenant"]) for row in failures] == [
        ("hong", info.name, "motmot")
    ]


@pytest.mark.parametrize("info", HOOKS, ids=_named)
def test_pages_of_a_tenant_whose_plugin_fails(
    world: World, enabled: Callable[[HookInfo], None], info: HookInfo
) -> None:
    sound = [_seen(world, slug) for slug in ("motmot", "haihai")]
    assert sound[0] == sound[1]
    enabled(info)

    with capture_logs():
        first = _seen(world, "motmot", info)
    assert _seen(world, "haihai") == sound[1]

    if info.policy is Policy.COLLECT:
        assert first == sound[0]
    else:
        assert {path for path in first if first[path] != sound[0][path]} == {
            path for path in first if first[path] == 500
        }


def _seen(world: World, slug: str, failing_hook: HookInfo | None = None) -> dict[str, int]:
    """The status of each page of a tenant; one that cannot be served names plugin and hook and nothing else."""
    stranger, officer = client_of(world.app, slug), client_of(world.app, slug)
    sign_in(officer, OFFICER)
    statuses = {}
    for client, paths in ((stranger, PAGES), (officer, OFFICE)):
        for path in paths:
            answer = client.get(path)
            statuses[path] = answer.status_code
            assert SECRET not in answer.text
            assert "Traceback" not in answer.text
            if answer.status_code >= 500:
                assert failing_hook is not None
                assert f"Plugin hong không thực hiện được {failing_hook.name}." in answer.text
    return statuses


def test_dossier_whose_check_fails_is_not_handed_in(
    world: World, enabled: Callable[[HookInfo], None]
) -> None:
    refs = {}
    for facts in (world.first, world.second):
        with world.app.app_context(), tenant_scope(facts.id) as current:
            refs[facts.slug] = complete_draft(view(facts), account()).ref
            current.commit()
    enabled(hook_infos()["check_entries"])

    with capture_logs():
        answers = {slug: _hand_in(world, slug, ref) for slug, ref in refs.items()}

    assert answers == {"motmot": 500, "haihai": 303}
    assert _states_of_dossiers(world) == ["draft", "submitted"]


def _hand_in(world: World, slug: str, ref: str) -> int:
    client = client_of(world.app, slug)
    sign_in(client, "tacgia@example.vn")
    return client.post(f"/du-thi/{ref}/nop").status_code


def _states_of_dossiers(world: World) -> list[str]:
    states = []
    for facts in (world.first, world.second):
        with world.app.app_context(), tenant_scope(facts.id) as current:
            states.append(str(current.scalars(select(Entry.state)).one()))
    return states


def test_failing_menu_is_recorded_on_every_page_and_not_kept(
    world: World, enabled: Callable[[HookInfo], None]
) -> None:
    enabled(hook_infos()["navigation"])

    with capture_logs() as recorded:
        answers = [client_of(world.app, "motmot").get("/") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert [row["event"] for row in recorded] == ["plugin_hook_failed"] * 2


# A plugin that is not there


def test_tenant_whose_plugin_is_broken_pauses_and_the_others_serve(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = [_seen(world, slug) for slug in ("motmot", "haihai")]  # the pages are kept by now
    install_broken(monkeypatch, "vo")
    with world.app.app_context():
        enable(world.first, "vo")

    with capture_logs() as recorded:
        for client in (client_of(world.app, "motmot"), _officer(world)):
            for path in (*PAGES, *OFFICE):
                _is_paused(client.get(path))
        _is_paused(client_of(world.app, "motmot").post("/bai-du-thi/X/binh-chon"))

    assert _seen(world, "haihai") == before[1]
    assert {(row["event"], row["kind"]) for row in recorded} == {("request_failed", "plugin-unavailable")}
    assert all("Plugin vo không dùng được" in row["error"] for row in recorded)


def _officer(world: World) -> FlaskClient:
    client = client_of(world.app, "motmot")
    sign_in(client, OFFICER)
    return client


def _is_paused(answer: TestResponse) -> None:
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "300"
    assert answer.mimetype == "text/html"
    assert "Cuộc thi đang tạm dừng" in answer.text
    assert "Plugin vo" not in answer.text
    assert SECRET not in answer.text
    assert "Traceback" not in answer.text


def test_programs_are_told_of_the_pause_by_a_problem_document(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    install_broken(monkeypatch, "vo")
    with world.app.app_context():
        enable(world.first, "vo")

    with capture_logs():
        answer = client_of(world.app, "motmot").get("/api/v1/entries")
        other = client_of(world.app, "haihai").get("/api/v1/entries")

    assert (answer.status_code, answer.mimetype) == (503, "application/problem+json")
    assert answer.headers["Retry-After"] == "300"
    assert answer.json["type"].endswith("/plugin-unavailable")  # type: ignore[index]
    assert SECRET not in answer.text
    assert other.status_code == 200


def test_pause_is_told_in_english_too(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    install_broken(monkeypatch, "vo")
    with world.app.app_context():
        enable(world.first, "vo")

    with capture_logs():
        answer = client_of(world.app, "motmot").get("/?lang=en")

    assert "This contest is paused" in answer.text
    assert '<html lang="en">' in answer.text


def test_plugin_that_is_mended_serves_again_at_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as while_broken:
        install_broken(while_broken, "vo")
        with world.app.app_context():
            enable(world.first, "vo")
        with capture_logs():
            assert client_of(world.app, "motmot").get("/").status_code == 503

    install(monkeypatch, sample("vo"))

    assert client_of(world.app, "motmot").get("/").status_code == 200


def test_plugin_that_is_not_installed_pauses_its_tenant_too(world: World) -> None:
    with world.app.app_context():
        enable(world.first, "chua_co")

    with capture_logs():
        assert client_of(world.app, "motmot").get("/").status_code == 503
    assert client_of(world.app, "haihai").get("/").status_code == 200


def test_settings_that_a_changed_plugin_refuses_pause_the_tenant(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(monkeypatch, sample("doi"))
    with world.app.app_context(), tenant_scope(world.first.id) as current:
        for edition in current.scalars(select(Edition)):
            edition.plugins = [*edition.plugins, "doi"]
            edition.settings = {**edition.settings, "doi": {"cu": 1}}
        touch_public()
        current.commit()

    with capture_logs():
        assert client_of(world.app, "motmot").get("/").status_code == 503
    assert client_of(world.app, "haihai").get("/").status_code == 200


def test_front_page_of_the_platform_says_which_contest_is_paused(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "đang tạm dừng" not in client_of(world.app, "").get("/").text
    install_broken(monkeypatch, "vo")
    with world.app.app_context():
        enable(world.first, "vo")

    answer = client_of(world.app, "").get("/")

    assert answer.status_code == 200
    assert answer.text.count("đang tạm dừng") == 1
    assert "Cuộc thi thử motmot" in answer.text


def test_console_shows_which_plugin_is_broken_and_who_needs_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    install_broken(monkeypatch, "vo")
    with world.app.app_context():
        enable(world.first, "vo")
        enable(world.second, "chua_co")
    world.app.config["OPERATOR_PASSWORD"] = "năm từ rất dài đây"
    client = client_of(world.app, "")
    client.post("/quan-tri/dang-nhap", data={"password": "năm từ rất dài đây"})

    with world.app.app_context():
        rows = {row.name: (row.error, row.tenants) for row in plugin_rows()}
        troubles = {row.slug: row.troubles for row in tenant_rows()}
    overview, detail = client.get("/quan-tri/").text, client.get("/quan-tri/motmot").text

    assert rows["vo"] == (f"không nạp được: RuntimeError: {SECRET}", ("motmot",))
    assert rows["chua_co"] == ("chưa được cài đặt", ("haihai",))
    assert rows["thainguyen_innovation"] == (None, ("haihai", "motmot"))
    assert troubles["motmot"] == (f"Plugin vo không dùng được: không nạp được: RuntimeError: {SECRET}.",)
    assert overview.count("đang tạm dừng (503)") == 2
    assert SECRET in overview
    assert SECRET in detail
