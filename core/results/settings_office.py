"""The committee's pages that change the rules of an edition: a plugin's settings, and the reopening of frozen rules.

They stand in this room, and not in the edition's own, because they show what a change would do to results.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.contests import rules
from core.contests.current import current_edition
from core.contests.lint.panel import LintRow, lint_rows
from core.contests.policies import ReopeningRefused, SettingsMoved
from core.contests.queries import latest_reopening
from core.contests.settings import plugin_of, source_words, value_words
from core.contests.settings_form import (
    SettingField,
    errors_at,
    given_by,
    is_marked,
    setting_fields,
    typed_of,
)
from core.contests.settings_plan import CONFIRMED, Change, changes, digest_of
from core.contests.values import EditionView
from core.judging.criteria import changes_between, document_of
from core.judging.criteria_words import change_sentences
from core.kernel.errors import DomainError, Invalid
from core.kernel.i18n import locale
from core.kernel.web import Access, allows, current_actor, now
from core.plugin_api import Plugin, Text
from core.plugin_host import SettingsInvalid, dump_one, rules_for
from core.results.queries import publication_of
from core.results.settings_effect import effect_of

blueprint = Blueprint("results_settings", __name__, url_prefix="/btc/ky-thi")

Answer = Response | str | tuple[str, int]
Errors = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class FieldRow:
    """A setting in the form: its control, what is typed in it, and what holds now."""

    field: SettingField
    typed: str
    is_ticked: bool
    now: str
    default: str
    source: str
    is_illustration: bool


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One change in words; the marks say whether the value is shown with "minh họa" before and after."""

    label: Text
    before: str
    after: str
    was_marked: bool
    is_marked: bool


@blueprint.get("/cai-dat/<plugin>")
@allows(Access.COMMITTEE)
def form(plugin: str) -> Answer:
    """The settings of one plugin as a form made from its schema; only read when the rules are frozen."""
    edition = current_edition()
    found = plugin_of(edition, plugin)
    asked = setting_fields(found, locale())
    return _form_page(edition, found, typed_of(asked, edition.values.settings[plugin]))


@blueprint.post("/cai-dat/<plugin>")
@allows(Access.COMMITTEE)
def preview(plugin: str) -> Answer:
    """What the typed settings would change, before anything is saved; back to the form with `back`."""
    edition = current_edition()
    found = plugin_of(edition, plugin)
    typed = _typed(setting_fields(found, locale()))
    if "back" in request.form or edition.is_frozen:
        return _form_page(edition, found, typed)
    return _preview_page(edition, found, typed)


@blueprint.post("/cai-dat/<plugin>/luu")
@allows(Access.COMMITTEE)
def save(plugin: str) -> Answer:
    """Keep the settings that were previewed, with the reason."""
    edition = current_edition()
    found = plugin_of(edition, plugin)
    asked = setting_fields(found, locale())
    typed = _typed(asked)
    try:
        wanted = given_by(found, asked, typed, dump_one(plugin, edition.values.settings[plugin]))
        changed = rules.change_settings(
            edition,
            plugin,
            wanted,
            request.form.get("reason", ""),
            seen=request.form.get("seen", ""),
            actor=current_actor(),
            now=now(),
        )
    except SettingsMoved as error:
        return _form_page(edition, found, typed, refused=error.message), error.status
    except SettingsInvalid as error:
        return _form_page(edition, found, typed, errors_at(error.errors)), 422
    except Invalid as error:
        if "reason" in error.errors:
            return _preview_page(edition, found, typed, error.errors)
        return _form_page(edition, found, typed, error.errors), 422
    except DomainError as error:
        return _form_page(edition, found, typed, refused=error.message), error.status
    if changed:
        flash(_("Đã lưu cài đặt. Giá trị cũ, giá trị mới và lý do được ghi vào nhật ký."), "success")
    else:
        flash(_("Cài đặt đã đúng như bạn chọn, không có gì thay đổi."), "info")
    return redirect(url_for("contests_office.index", _anchor=f"quy-tac-{plugin}"))


@blueprint.get("/mo-lai")
@allows(Access.COMMITTEE)
def reopening() -> Answer:
    """Where the reopening of frozen rules stands, and what this officer may do."""
    return _reopening_page(current_edition())


@blueprint.post("/mo-lai/de-nghi")
@allows(Access.COMMITTEE)
def ask() -> Answer:
    """Ask that the rules be reopened."""
    edition = current_edition()
    reason = request.form.get("reason", "")
    try:
        rules.ask_reopening(edition, reason, actor=current_actor(), now=now())
    except Invalid as error:
        return _reopening_page(edition, reason=reason, errors=error.errors), error.status
    except DomainError as error:
        return _reopening_page(edition, reason=reason, refused=error.message), error.status
    flash(_("Đã ghi đề nghị. Một cán bộ khác của Ban Tổ chức cần đồng ý trong bảy ngày."), "success")
    return redirect(url_for("results_settings.reopening"))


@blueprint.post("/mo-lai/dong-y")
@allows(Access.COMMITTEE)
def agree() -> Answer:
    """Agree, as the second officer, to the request that the page showed."""
    edition = current_edition()
    try:
        rules.agree_reopening(edition, _asked_id(), actor=current_actor(), now=now())
    except DomainError as error:
        return _reopening_page(edition, refused=error.message), error.status
    flash(_("Quy tắc đã được mở lại. Sửa xong, bạn hãy chốt lại."), "success")
    return redirect(url_for("contests_office.index", _anchor="quy-tac"))


@blueprint.post("/mo-lai/rut")
@allows(Access.COMMITTEE)
def withdraw() -> Answer:
    """Take one's own request back."""
    edition = current_edition()
    try:
        rules.withdraw_reopening(edition, _asked_id(), actor=current_actor(), now=now())
    except DomainError as error:
        return _reopening_page(edition, refused=error.message), error.status
    flash(_("Đã rút đề nghị mở lại quy tắc."), "success")
    return redirect(url_for("results_settings.reopening"))


@blueprint.post("/mo-lai/chot-lai")
@allows(Access.COMMITTEE)
def freeze() -> Answer:
    """Freeze reopened rules again, as they are now."""
    edition = current_edition()
    try:
        rules.freeze_again(edition, actor=current_actor(), now=now())
    except DomainError as error:
        return _reopening_page(edition, refused=error.message), error.status
    flash(_("Đã chốt lại phiên bản và cài đặt của các bộ quy tắc."), "success")
    return redirect(url_for("contests_office.index", _anchor="quy-tac"))


def _asked_id() -> UUID:
    try:
        return UUID(request.form.get("request", ""))
    except ValueError:
        raise ReopeningRefused(_("Chưa rõ đề nghị nào: bạn hãy mở lại trang này rồi bấm lại.")) from None


def _typed(asked: Sequence[SettingField]) -> dict[str, str]:
    typed = {one.name: request.form.get(one.name, "") for one in asked}
    return {**typed, CONFIRMED: " ".join(request.form.getlist(CONFIRMED))}


def _form_page(
    edition: EditionView,
    plugin: Plugin,
    typed: Mapping[str, str],
    errors: Errors | None = None,
    *,
    refused: str | None = None,
) -> str:
    name = plugin.info.name
    values = edition.values.settings[name]
    asked = setting_fields(plugin, locale())
    ticked = set(typed[CONFIRMED].split())
    rows = [
        FieldRow(
            field=one,
            typed=typed[one.name],
            is_ticked=one.key in ticked,
            now=value_words(values.get(one.key), locale()),
            default=value_words(one.default, locale()),
            source=source_words(edition, name, one.key),
            is_illustration=is_marked(plugin, values, one.key),
        )
        for one in asked
    ]
    return render_template(
        "results_office/settings.html",
        plugin=plugin.info,
        rows=rows,
        errors=errors or {},
        labels={one.name: one.label for one in asked},
        refused=refused,
    )


def _preview_page(
    edition: EditionView, plugin: Plugin, typed: Mapping[str, str], errors: Errors | None = None
) -> Answer:
    name = plugin.info.name
    before = edition.values.settings[name]
    asked = setting_fields(plugin, locale())
    try:
        wanted = given_by(plugin, asked, typed, dump_one(name, before))
        planned = rules.plan_settings(edition, name, wanted)
    except SettingsInvalid as error:
        return _form_page(edition, plugin, typed, errors_at(error.errors)), 422
    except Invalid as error:
        return _form_page(edition, plugin, typed, error.errors), 422
    changed = changes(before, planned.after.settings[name])
    page = render_template(
        "results_office/settings_preview.html",
        plugin=plugin.info,
        rows=_change_rows(plugin, before, planned.after.settings[name], changed),
        effect=effect_of(edition, planned) if changed else None,
        lint=_new_findings(edition, planned) if changed else [],
        criteria=_criteria_changes(planned) if changed else [],
        typed=[(key, value) for key, value in typed.items() if key != CONFIRMED],
        ticked=typed[CONFIRMED].split(),
        seen=request.form.get("seen") or digest_of(name, before),
        reason=request.form.get("reason", ""),
        errors=errors or {},
    )
    return (page, 422) if errors else page


def _new_findings(edition: EditionView, planned: rules.Planned) -> list[LintRow]:
    """What makes no sense with the new values and made sense before."""
    known = lint_rows(edition)
    return [one for one in lint_rows(replace(edition, values=planned.after)) if one not in known]


def _criteria_changes(planned: rules.Planned) -> list[str]:
    """What the new values make of the criteria, in sentences: the judges and the public will read them."""
    before, after = (rules_for(one).rounds() for one in (planned.before, planned.after))
    return change_sentences(changes_between(document_of(before), document_of(after)))


def _change_rows(
    plugin: Plugin, before: Mapping[str, Any], after: Mapping[str, Any], changed: Sequence[Change]
) -> list[ChangeRow]:
    """The values that change, then those of which only the mark does."""
    keys = [one.key for one in changed if one.key != CONFIRMED]
    touched = set(before[CONFIRMED]) ^ set(after[CONFIRMED])
    declared = plugin.settings().fields
    keys += [key for key in declared if key in touched and key not in keys]
    return [
        ChangeRow(
            declared[key].metadata["label"],
            value_words(before[key], locale()),
            value_words(after[key], locale()),
            is_marked(plugin, before, key),
            is_marked(plugin, after, key),
        )
        for key in keys
    ]


def _reopening_page(
    edition: EditionView, *, reason: str = "", errors: Errors | None = None, refused: str | None = None
) -> str:
    newest = latest_reopening(edition.id)
    waits = newest is not None and rules.is_waiting(newest, now())
    return render_template(
        "results_office/reopening.html",
        newest=newest,
        waits=waits,
        until=newest.asked_at + rules.REOPENING_LASTS if newest is not None else None,
        is_own=newest is not None and newest.asked_by == current_actor().id,
        is_published=publication_of(edition.id) is not None,
        drift=edition.rules.version_drift(),
        reason=reason,
        errors=errors or {},
        refused=refused,
    )
