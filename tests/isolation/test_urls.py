"""Wall 4: every address of the application, asked as a stranger, as the wrong tenant, without the right, with it.

A rule with arguments that `ARGUMENTS` does not know fails: whoever adds an address says here what names its thing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from core.kernel.web import Access, is_platform_view
from tests.support import handbook
from tests.support.app import client_of
from tests.support.factories import World
from tests.support.people import sign_in
from tests.support.plugins import enable, installed
from tests.support.urls import (
    BLIND,
    EVERYBODY,
    NOBODY,
    OWNER,
    PUBLISHED,
    SHARED,
    Twin,
    Twins,
    access_of,
    build_twins,
    leaked,
    path_of,
    platform_rules_of,
    rules_of,
)

SHEET = {"round_key": "round", "code": "entry_code"}
DRAW = {"round_key": "round", "number": "draw_number"}
MINUTES = {"round_key": "round", "number": "minutes_number"}
VISIT = {"round_key": "round", "number": "visit_number"}
BALLOT = {"round_key": "round", "number": "ballot_number"}
BLIND_SHEET = {"round_key": "round", "code": "blind_code"}
TALK = {"round_key": "round", "code": "published_code"}
BLIND_FILE = {**BLIND_SHEET, "file_id": "blind_file_id"}
# What an address's arguments name: endpoint → argument → the twin's name for it.
ARGUMENTS: Mapping[str, Mapping[str, str]] = {
    "clock.tell": {"key": "edition"},
    "contests_office.phase": {"kind": "phase"},
    "contests_office.phase_send": {"kind": "phase"},
    "councils.accept": {"seat_id": "seat_id"},
    "councils.decline": {"seat_id": "seat_id"},
    "councils.invitation": {"seat_id": "seat_id"},
    "councils.leave": {"seat_id": "seat_id"},
    "councils.pledge": {"round_key": "round"},
    "councils.sign": {"round_key": "round"},
    "councils_office.ask": {"round_key": "round"},
    "councils_office.drop_group": {"round_key": "round", "group_id": "judging_group_id"},
    "councils_office.facts": {"round_key": "round"},
    "councils_office.give_role": {"round_key": "round", "seat_id": "seat_id"},
    "councils_office.group": {"round_key": "round", "group_id": "judging_group_id"},
    "councils_office.like_before": {"round_key": "round"},
    "councils_office.new_group": {"round_key": "round"},
    "councils_office.remind_all": {"round_key": "round"},
    "councils_office.replace": {"round_key": "round"},
    "councils_office.seat": {"round_key": "round", "seat_id": "seat_id"},
    "councils_office.show": {"round_key": "round"},
    "councils_office.take_off": {"round_key": "round", "seat_id": "seat_id"},
    "council_hub.index": {"round_key": "round"},
    "ballots.begin": {"round_key": "round"},
    "ballots.count": BALLOT,
    "ballots.index": {"round_key": "round"},
    "ballots.new": {"round_key": "round"},
    "ballots.show": BALLOT,
    "ballots.stop": BALLOT,
    "ballots.vote": BALLOT,
    "draws.index": {"round_key": "round"},
    "draws.make": DRAW,
    "draws.new": {"round_key": "round"},
    "draws.order": {"round_key": "round"},
    "draws.order_script": DRAW,
    "draws.script": DRAW,
    "draws.share": DRAW,
    "draws.show": DRAW,
    "minutes.facts": MINUTES,
    "minutes.fix": MINUTES,
    "minutes.index": {"round_key": "round"},
    "minutes.new": {"round_key": "round"},
    "minutes.paper": {**MINUTES, "kind": "paper_kind"},
    "minutes.refresh": MINUTES,
    "minutes.scan": MINUTES,
    "minutes.scanned": {**MINUTES, "sha256": "minutes_scan"},
    "minutes.section": {**MINUTES, "key": "minutes_section"},
    "minutes.settle": {**MINUTES, "key": "minutes_section"},
    "minutes.show": MINUTES,
    "blind_desk.file": {**BLIND_SHEET, "number": "blind_file"},
    "blind_files.boxes": BLIND_FILE,
    "blind_files.copy": BLIND_FILE,
    "blind_files.own": BLIND_FILE,
    "blind_files.page": BLIND_FILE,
    "blind_files.picture": {**BLIND_FILE, "number": "blind_page"},
    "blind_office.approve": BLIND_SHEET,
    "blind_office.choose": BLIND_SHEET,
    "blind_office.dossier": BLIND_SHEET,
    "blind_office.index": {"round_key": "round"},
    "blind_office.more": BLIND_SHEET,
    "blind_office.save": {"round_key": "round"},
    "blind_office.scan": BLIND_SHEET,
    "blind_office.scan_all": {"round_key": "round"},
    "blind_office.withdraw": BLIND_SHEET,
    "conflicts_desk.declare_in_council": {"round_key": "round"},
    "conflicts_desk.declare_own": {"round_key": "round"},
    "desk.autosave": SHEET,
    "figures.rank": {"round_key": "round"},
    "figures.rank_csv": {"round_key": "round"},
    "figures.rank_workbook": {"round_key": "round"},
    "deliberations.change": TALK,
    "deliberations.close": TALK,
    "deliberations.index": {"round_key": "round"},
    "deliberations.room": TALK,
    "deliberations.show": TALK,
    "deliberations.shown": TALK,
    "deliberations.start": TALK,
    "deliberations.stream": TALK,
    "figures.statistics": {"round_key": "round"},
    "figures.papers": {"round_key": "round"},
    "figures.print_papers": {"round_key": "round"},
    "figures.paper": {"round_key": "round", "code": "paper_code"},
    "figures.key_paper": {"round_key": "round", "code": "paper_code"},
    "figures.paper_answer": {"round_key": "round", "code": "paper_code"},
    "figures.paper_take_over": {"round_key": "round", "code": "paper_code"},
    "figures.paper_scan": {"round_key": "round", "code": "paper_code"},
    "figures.paper_scan_send": {"round_key": "round", "code": "paper_code"},
    "paper_desk.scan": {"round_key": "round", "code": "own_paper_code"},
    "paper_desk.send": {"round_key": "round", "code": "own_paper_code"},
    "paper_desk.show": {"round_key": "round", "code": "own_paper_code"},
    "own_figures.own": {"round_key": "round"},
    "desk.decline": SHEET,
    "desk.decline_for_good": SHEET,
    "desk.lock": SHEET,
    "desk.lock_all": {"round_key": "round"},
    "desk.resume": SHEET,
    "desk.save": SHEET,
    "desk.sheet": SHEET,
    "desk.take_up_again": SHEET,
    "desk_files.copy_page": {**BLIND_SHEET, "digest": "blind_digest", "number": "blind_page"},
    "desk_files.page": SHEET | {"file_id": "judged_file_id", "number": "version"},
    "entries.check_page": {"ref": "draft_ref"},
    "entries.compare": {"ref": "submitted_ref", "older": "version", "newer": "version"},
    "entries.compare_draft": {"ref": "submitted_ref", "older": "version"},
    "entries.compare_unsent": {"ref": "submitted_ref", "older": "version"},
    "entries.document": {"ref": "draft_ref", "key": "own_paper"},
    "entries.edit": {"ref": "draft_ref"},
    "entries.edit_step": {"ref": "draft_ref", "step": "step"},
    "entries.file": {"file_id": "private_file_id"},
    "entries.hand_in": {"ref": "draft_ref"},
    "entries.save_part": {"ref": "draft_ref"},
    "entries.keep_page": {"ref": "submitted_ref"},
    "entries.receipt": {"ref": "submitted_ref", "number": "version"},
    "entries.receipt_file": {"ref": "submitted_ref", "number": "version"},
    "entries.revise_page": {"ref": "submitted_ref"},
    "entries.show": {"ref": "draft_ref"},
    "entries.version": {"ref": "submitted_ref", "number": "version"},
    "entries.version_file": {"ref": "submitted_ref", "number": "version", "sha256": "private_sha256"},
    "entries.withdraw_page": {"ref": "submitted_ref"},
    "entry_papers.cover": {"ref": "submitted_ref", "number": "version", "kind": "paper_kind"},
    "entry_papers.office": {"name": "waiting_code", "key": "own_paper", "kind": "paper_kind"},
    "entry_papers.own": {"ref": "draft_ref", "key": "own_paper", "kind": "paper_kind"},
    "entries_api.entry": {"code": "entry_code"},
    "entries_api.hand_in": {"code": "draft_ref"},
    "entries_api.save": {"code": "draft_ref"},
    "entries_office.bulk_go_on": {"token": "bulk_token"},
    "entries_office.bulk_shown": {"token": "bulk_token"},
    "entries_office.claim": {"name": "waiting_code"},
    "entries_office.decide": {"name": "waiting_code"},
    "entries_office.detail": {"name": "waiting_code"},
    "entries_office.document": {"name": "waiting_code", "key": "own_paper"},
    "entries_office.eligible_issue": {"number": "list_number"},
    "entries_office.eligible_print": {"number": "list_number"},
    "entries_office.judge_similar": {"name": "waiting_code", "other": "entry_code"},
    "entries_office.publish_one": {"name": "entry_code"},
    "entries_versions.compare": {"name": "waiting_code", "older": "version", "newer": "version"},
    "entries_versions.version": {"name": "waiting_code", "number": "version"},
    "entries_versions.version_file": {
        "name": "waiting_code",
        "number": "version",
        "sha256": "private_sha256",
    },
    "entries_office.similar": {"name": "waiting_code", "other": "entry_code"},
    "entries_office.tick": {"name": "waiting_code"},
    "entries_organisations.give": {"organisation_id": "organisation_id"},
    "entries_organisations.index": {"organisation_id": "organisation_id"},
    "entries_organisations.read": {"organisation_id": "organisation_id", "ref": "draft_ref"},
    "entries_organisations.release": {"organisation_id": "organisation_id"},
    "entries_organisations.take_over": {"organisation_id": "organisation_id"},
    "extensions.page": {"plugin": "handbook", "rest": "plugin_page"},
    "files.content": {"file_id": "private_file_id"},
    "files.kept": {"ref": "draft_ref", "field": "file_field"},
    "files.preview": {"file_id": "private_file_id"},
    "files.remove": {"ref": "draft_ref", "file_id": "draft_file_id"},
    "entry_asks.answer": {"author_id": "author_id"},
    "entry_asks.show": {"author_id": "author_id"},
    "entry_authors.answer": {"token": "invitation"},
    "entry_authors.answer_own": {"ref": "draft_ref"},
    "entry_authors.ask": {"ref": "draft_ref"},
    "entry_authors.hand_over_page": {"ref": "draft_ref"},
    "entry_authors.hand_over_send": {"ref": "draft_ref"},
    "entry_authors.invitation": {"token": "invitation"},
    "entry_authors.page": {"ref": "draft_ref"},
    "entry_authors.rights": {"ref": "draft_ref"},
    "entry_authors.save": {"ref": "draft_ref"},
    "gallery.entry": {"code": "entry_code"},
    "gallery.file": {"code": "entry_code", "sha8": "paper_sha8"},
    "gallery.picture": {"code": "entry_code", "sha8": "public_sha8"},
    "intake.record": {"name": "waiting_code"},
    "intake.scan": {"receipt": "entry_receipt"},
    "intake.scanned": {"name": "waiting_code", "scan_id": "scan_id"},
    "intake.show": {"name": "waiting_code"},
    "intake.take_back": {"name": "waiting_code", "arrival_id": "arrival_id"},
    "guardians.index": {"ref": "young_ref"},
    "guardians.record": {"ref": "young_ref", "position": "position"},
    "guardians.withdraw": {"ref": "young_ref", "position": "position"},
    "imports_office.annotated": {"run_id": "import_id"},
    "imports_office.confirm": {"run_id": "import_id"},
    "imports_office.show": {"run_id": "import_id"},
    "imports_office.undo": {"run_id": "import_id"},
    "judging_office.entries": {"round_key": "round"},
    "judging_office.start": {"round_key": "round"},
    "judging_office.withdraw": {"number": "judge"},
    "judging_finalists.selection": {"round_key": "round"},
    "judging_finalists.decide": SHEET,
    "judging_progress.end": {"round_key": "round"},
    "judging_progress.index": {"round_key": "round"},
    "judging_progress.remind": {"round_key": "round"},
    "judging_progress.schedule": {"round_key": "round"},
    "material_office.show": {"round_key": "round"},
    "material_office.save": {"round_key": "round"},
    "material.page": {"ref": "finalist_ref"},
    "material.send": {"ref": "finalist_ref"},
    "material.file": {"file_id": "material_file_id"},
    "material.kept": {"ref": "finalist_ref", "field": "material_field"},
    "material.remove": {"ref": "finalist_ref", "file_id": "material_file_id"},
    "material_uploads.cancel": {"ref": "finalist_ref", "upload_id": "material_upload_id"},
    "material_uploads.create": {"ref": "finalist_ref"},
    "material_uploads.receive": {"ref": "finalist_ref", "upload_id": "material_upload_id"},
    "material_uploads.show": {"ref": "finalist_ref", "upload_id": "material_upload_id"},
    "judging_plan.index": {"round_key": "round"},
    "judging_plan.issue": {"round_key": "round"},
    "judging_plan.judge_fields": {"number": "judge"},
    "judging_plan.move": SHEET,
    "judging_plan.propose": {"round_key": "round"},
    "judging_plan.save": {"round_key": "round"},
    "messages_office.resend": {"mail_id": "mail_id"},
    "messages_office.show": {"mail_id": "mail_id"},
    "messages_office.text": {"key": "letter"},
    "my_letters.own_calendar": {"secret": "calendar_secret"},
    "office.edit_news": {"key": "news"},
    "office.edit_news_send": {"key": "news"},
    "outreach_office.assign": {"name": "waiting_code"},
    "outreach_office.report": {"code": "unit_code", "month": "month"},
    "outreach_office.report_reopen": {"code": "unit_code", "month": "month"},
    "outreach_office.show": {"code": "unit_code"},
    "own_draws.script": {"ref": "finalist_ref", **DRAW},
    "own_draws.show": {"ref": "finalist_ref", **DRAW},
    "people.consent": {"purpose": "purpose"},
    "people.end_device": {"sign_in_id": "sign_in_id"},
    "people.officer_hand_over": {"organisation_id": "organisation_id"},
    "people.officer_invite": {"organisation_id": "organisation_id"},
    "people.oidc_begin": {"provider": "provider"},
    "people.oidc_callback": {"provider": "provider"},
    "people.organisation": {"organisation_id": "organisation_id"},
    "people.rescue_stop": {"rescue_id": "rescue_id", "seal": "rescue_seal"},
    "people.rescue_stop_send": {"rescue_id": "rescue_id", "seal": "rescue_seal"},
    "people_office.change_role": {"account_id": "account_id"},
    "people_rescues.ask": {"account_id": "account_id"},
    "offline.begin": {"round_key": "round"},
    "offline.dossier": SHEET,
    "offline.file": {**SHEET, "key": "carried_file"},
    "offline.listed": {"round_key": "round"},
    "offline.picture": {**SHEET, "key": "carried_file"},
    "offline.take": {"round_key": "round"},
    "people_rescues.code": {"account_id": "account_id"},
    "people_rescues.confirm": {"account_id": "account_id"},
    "people_rescues.end": {"account_id": "account_id"},
    "people_rescues.show": {"account_id": "account_id"},
    "people_office.show": {"account_id": "account_id"},
    "privacy.copy": {"copy_id": "copy_id"},
    "privacy.show": {"code": "request_code"},
    "privacy.take_back": {"code": "request_code"},
    "privacy_office.decide": {"code": "request_code"},
    "privacy_office.erase": {"code": "request_code"},
    "privacy_office.show": {"code": "request_code"},
    "publishing.news_item": {"key": "news"},
    "publishing.page": {"key": "page"},
    "publishing.paper": {"key": "paper"},
    "results_settings.form": {"plugin": "plugin"},
    "results_settings.preview": {"plugin": "plugin"},
    "results_settings.save": {"plugin": "plugin"},
    "unit.poster": {"code": "unit_code"},
    "unit.report": {"month": "month"},
    "unit.report_paper": {"month": "month"},
    "unit.report_put": {"month": "month"},
    "unit.report_reopen": {"month": "month"},
    "unit.show": {"code": "unit_code"},
    "uploads.cancel": {"ref": "draft_ref", "upload_id": "upload_id"},
    "uploads.create": {"ref": "draft_ref"},
    "uploads.receive": {"ref": "draft_ref", "upload_id": "upload_id"},
    "uploads.show": {"ref": "draft_ref", "upload_id": "upload_id"},
    "visits.change": VISIT,
    "visits.file": {**VISIT, "sha256": "minutes_scan"},
    "visits.fix": VISIT,
    "visits.index": {"round_key": "round"},
    "visits.move": VISIT,
    "visits.new": {"round_key": "round"},
    "visits.paper": {**VISIT, "kind": "paper_kind"},
    "visits.plan": {"round_key": "round"},
    "visits.record": VISIT,
    "visits.show": VISIT,
    "visits.sign": VISIT,
    "visits.stop": VISIT,
    "visits.waive": VISIT,
    "voting.ask": {"code": "entry_code"},
    "voting.cast": {"code": "entry_code"},
    "voting.receipt": {"code": "vote_receipt"},
    "voting_api.vote": {"code": "entry_code"},
    "voting_office.cancel_many": {"digest": "voters_digest"},
    "voting_office.cluster": {"digest": "voters_digest"},
    "voting_office.vote": {"receipt": "vote_receipt"},
}
# What stands in another edition than the running one: the one that is published, the one with a blind round.
EDITION: Mapping[str, str] = {
    **dict.fromkeys(("results.bundle", "results.index", "results_api.results"), PUBLISHED),
    **dict.fromkeys((endpoint for endpoint, names in ARGUMENTS.items() if names is TALK), PUBLISHED),
    **dict.fromkeys(
        (
            "blind_desk.file",
            "desk_files.copy_page",
            *(f"blind_files.{one}" for one in ("boxes", "copy", "own", "page", "picture")),
            *(f"blind_office.{one}" for one in ("approve", "choose", "dossier", "more", "scan", "withdraw")),
        ),
        BLIND,
    ),
}
# The person who may, where who has every role may not: dossiers are their owner's.
OWN: Mapping[str, str] = dict.fromkeys(
    (
        "material.kept",
        "material.page",
        "material.remove",
        "material.send",
        "own_draws.script",
        "own_draws.show",
        "material_uploads.cancel",
        "material_uploads.create",
        "material_uploads.receive",
        "material_uploads.show",
        "entries.check_page",
        "entries.compare",
        "entries.compare_draft",
        "entries.compare_unsent",
        "entries.document",
        "entries.edit",
        "entries.edit_step",
        "entries.hand_in",
        "entries.save_part",
        "entries.keep_page",
        "entries.receipt",
        "entries.receipt_file",
        "entries.revise_page",
        "entries.show",
        "entries.version",
        "entries.version_file",
        "entries.withdraw_page",
        "entries_api.hand_in",
        "entries_api.save",
        "entry_papers.cover",
        "entry_papers.own",
        "files.kept",
        "files.remove",
        "uploads.cancel",
        "uploads.create",
        "uploads.receive",
        "uploads.show",
        "entry_asks.answer",
        "entry_asks.show",
        "entry_authors.answer",
        "entry_authors.answer_own",
        "entry_authors.ask",
        "entry_authors.hand_over_page",
        "entry_authors.hand_over_send",
        "entry_authors.invitation",
        "entry_authors.page",
        "entry_authors.rights",
        "entry_authors.save",
        "guardians.index",
        "guardians.record",
        "guardians.withdraw",
    ),
    OWNER,
) | {"deliberations.change": "gk1@example.vn"}
# What a deed needs to be told before it asks for its thing at all.
FORMS: Mapping[str, Mapping[str, str]] = {
    "blind_office.choose": {"key": "title", "do": "hide"},
    "entry_authors.ask": {"do": "none", "author": "00000000-0000-7000-8000-000000000000"},
    "contests_office.make_current": {"key": "k1"},
    "people_office.change_role": {"give": "judge"},
    "intake.record": {"arrived_on": "2025-11-10", "way": "post", "items": "mo-ta"},
    "intake.take_back": {"reason": "Nhầm"},
    "privacy_office.decide": {"do": "acknowledge"},
}
# Things of one person, which do not exist for any other account of the same tenant.
PERSONAL = {
    "organisation_id",
    "draft_ref",
    "submitted_ref",
    "private_file_id",
    "vote_receipt",
    "sign_in_id",
    "request_code",
    "copy_id",
    "draft_file_id",
    "upload_id",
    "material_upload_id",
}
# Deeds that take away what other addresses need come last.
LAST: set[str] = {
    "blind_office.withdraw",
    "material.remove",
    "material_uploads.cancel",
    "people.sign_out",
    "uploads.cancel",
}
PLATFORM_NAMES: Mapping[str, str] = {"slug": "motmot", "key": "k1"}
READABLE = {
    "text/html",
    "text/css",
    "text/plain",
    "text/csv",
    "application/json",
    "image/svg+xml",
    "application/xml",
}


@pytest.fixture
def twins(world: World) -> Iterator[Twins]:
    """Both tenants, filled alike, and with the same plugins."""
    with installed(handbook.plugin):
        with world.app.app_context():
            enable(world.first, handbook.NAME)
            enable(world.second, handbook.NAME)
        yield build_twins(world)


def names_of(rule: Rule) -> Mapping[str, str]:
    """What the arguments of `rule` name."""
    return ARGUMENTS.get(rule.endpoint, {})


def known(app: Flask) -> list[tuple[Rule, str]]:
    """The rules whose arguments `ARGUMENTS` knows; the first test names the others."""
    return [(rule, method) for rule, method in rules_of(app) if set(rule.arguments) == set(names_of(rule))]


def address(rule: Rule, twin: Twin) -> str:
    """The address of the twin's own thing."""
    path = path_of(rule, {name: twin.names[thing] for name, thing in names_of(rule).items()})
    return f"{path}?ky={EDITION[rule.endpoint]}" if rule.endpoint in EDITION else path


def ask(client: FlaskClient, path: str, method: str, form: Mapping[str, str] | None = None) -> TestResponse:
    """Send one request; a file's answer is read to its end and closed. The edition it chose is not remembered."""
    answer = client.open(path, method=method, data=form, buffered=True)
    client.delete_cookie("ky", domain=str(client.environ_base["HTTP_HOST"]))
    return answer


def names_a_thing(rule: Rule) -> bool:
    """Whether the address names something that belongs to one tenant."""
    return any(thing not in SHARED for thing in names_of(rule).values())


def test_every_rule_with_arguments_says_what_they_name(app: Flask) -> None:
    unknown = sorted(
        f"{rule.endpoint} {rule.rule}"
        for rule, _method in rules_of(app)
        if set(rule.arguments) != set(names_of(rule))
    )
    assert unknown == []


def test_no_recipe_is_left_of_a_rule_that_is_gone(app: Flask) -> None:
    endpoints = {rule.endpoint for rule, _method in rules_of(app)}
    assert sorted({*ARGUMENTS, *EDITION, *OWN} - endpoints) == []


def test_strangers_see_what_is_public_and_are_sent_to_sign_in_for_the_rest(twins: Twins) -> None:
    client, wrong = client_of(twins.app, twins.first.facts.slug), []
    for rule, method in known(twins.app):
        access = access_of(twins.app, rule)
        if access is Access.PUBLIC and method != "GET":
            continue  # a stranger's own forms; their rooms test them
        answer = ask(client, address(rule, twins.first), method)
        if not _fits_a_stranger(access, rule, answer):
            wrong.append(f"{method} {rule.rule}: {answer.status_code} {answer.headers.get('Location', '')}")
    assert not wrong, "\n".join(wrong)


def _fits_a_stranger(access: Access, rule: Rule, answer: TestResponse) -> bool:
    if access in (Access.PUBLIC, Access.ASSET):
        return answer.status_code in (200, 302, 303)
    if rule.rule.startswith("/api/"):
        return answer.status_code == 403 and answer.mimetype == "application/problem+json"
    return answer.status_code == 302 and answer.headers["Location"].startswith("/tai-khoan/dang-nhap?next=")


def test_the_wrong_tenant_has_none_of_the_others_things(twins: Twins) -> None:
    """Who may do everything at one tenant asks for each thing of the other by its name: it does not exist."""
    client, wrong = client_of(twins.app, twins.second.facts.slug), []
    sign_in(client, EVERYBODY)
    for rule, method in known(twins.app):
        if not names_a_thing(rule):
            continue
        path = address(rule, twins.first)
        answer = ask(client, path, method, FORMS.get(rule.endpoint))
        told = leaked(answer.text, [secret for secret in twins.first.secrets if secret not in path])
        if answer.status_code != 404 or told:
            wrong.append(f"{method} {rule.rule}: {answer.status_code} {told}")
    assert not wrong, "\n".join(wrong)


def test_a_stranger_at_the_wrong_tenant_learns_nothing_either(twins: Twins) -> None:
    """404, or the way to sign in that every address has; a thing that exists elsewhere answers as one that does not."""
    client, wrong = client_of(twins.app, twins.second.facts.slug), []
    for rule, method in known(twins.app):
        if not names_a_thing(rule):
            continue
        answer = ask(client, address(rule, twins.first), method)
        public = access_of(twins.app, rule) in (Access.PUBLIC, Access.ASSET)
        if answer.status_code not in ((404,) if public else (302, 403)):
            wrong.append(f"{method} {rule.rule}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)


def test_an_account_without_the_role_is_refused(twins: Twins) -> None:
    client, wrong = client_of(twins.app, twins.first.facts.slug), []
    sign_in(client, NOBODY)
    for rule, method in known(twins.app):
        access = access_of(twins.app, rule)
        if access not in (Access.COMMITTEE, Access.JUDGE, Access.UNIT, Access.COUNCIL):
            continue
        answer = ask(client, address(rule, twins.first), method)
        if answer.status_code != (404 if access is Access.COUNCIL else 403):
            wrong.append(f"{method} {rule.rule}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)


def test_what_is_one_persons_does_not_exist_for_another(twins: Twins) -> None:
    client, wrong = client_of(twins.app, twins.first.facts.slug), []
    sign_in(client, NOBODY)
    for rule, method in known(twins.app):
        if access_of(twins.app, rule) is not Access.ACCOUNT or not PERSONAL & set(names_of(rule).values()):
            continue
        answer = ask(client, address(rule, twins.first), method)
        if answer.status_code != 404:
            wrong.append(f"{method} {rule.rule}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)


def test_who_has_the_right_is_let_in_and_sees_nothing_of_the_other_tenant(twins: Twins) -> None:
    """The other side of the walls above: each address does answer, so that a 404 there says something."""
    people, wrong = signed_in(twins, twins.second), []
    for rule, method in sorted(known(twins.app), key=lambda pair: pair[0].endpoint in LAST):
        client = people[OWN.get(rule.endpoint, EVERYBODY)]
        answer = ask(client, address(rule, twins.second), method, FORMS.get(rule.endpoint))
        fine = answer.status_code in (
            (200, 204, 302, 303) if method == "GET" else (200, 201, 204, 302, 303, 400, 409, 412, 422)
        )
        told = leaked(answer.text, twins.first.secrets) if answer.mimetype in READABLE else []
        if not fine or told:
            wrong.append(f"{method} {rule.rule}: {answer.status_code} {told}")
    assert not wrong, "\n".join(wrong)


def test_a_cookie_of_one_tenant_is_a_strangers_at_the_other(twins: Twins) -> None:
    home, away = (client_of(twins.app, twin.facts.slug) for twin in (twins.first, twins.second))
    sign_in(home, EVERYBODY)
    assert ask(home, "/tai-khoan/", "GET").status_code == 200
    [cookie] = [one for one in (home._cookies or {}).values() if one.key == "bv"]
    away.set_cookie("bv", cookie.value, domain=twins.second.host)
    answer = ask(away, "/tai-khoan/", "GET")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/tai-khoan/dang-nhap?next=/tai-khoan/")


def test_the_platform_has_no_page_of_a_tenant_and_a_tenant_none_of_the_platform(twins: Twins) -> None:
    bare, wrong = client_of(twins.app, ""), []
    for rule, method in known(twins.app):
        if access_of(twins.app, rule) is Access.ASSET:
            continue
        answer = ask(bare, address(rule, twins.first), method)
        shared = rule.rule in {one.rule for one, _method in platform_rules_of(twins.app)}
        if answer.status_code != 404 and not shared:
            wrong.append(f"bare {method} {rule.rule}: {answer.status_code}")
    client = client_of(twins.app, twins.first.facts.slug)
    sign_in(client, EVERYBODY)
    own = {rule.rule for rule, _method in known(twins.app)}
    for rule, method in platform_rules_of(twins.app):
        if rule.rule in own:
            continue
        answer = ask(client, path_of(rule, PLATFORM_NAMES), method)
        if answer.status_code != 404:
            wrong.append(f"tenant {method} {rule.rule}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)


def signed_in(twins: Twins, twin: Twin) -> dict[str, FlaskClient]:
    """A client for each person whom `OWN` names, and for who has every role."""
    people = {}
    for email in {EVERYBODY, *OWN.values()}:
        people[email] = client_of(twins.app, twin.facts.slug)
        sign_in(people[email], email)
    return people


def test_no_two_views_answer_at_one_address(app: Flask) -> None:
    at: dict[tuple[bool, str, str], list[str]] = {}
    for rule in app.url_map.iter_rules():
        place = re.sub(r"<[^>]+>", "<>", rule.rule)
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            at.setdefault((is_platform_view(app, rule.endpoint), place, method), []).append(rule.endpoint)
    assert [sorted(one) for one in at.values() if len(one) > 1] == []
