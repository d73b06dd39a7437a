"""The committee's page of a shadow run: other settings or plugins beside the official result, which stays as it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from flask import Blueprint, Response, g, render_template, request
from flask_babel import gettext as _
from marshmallow import ValidationError
from werkzeug.wrappers import Response as BaseResponse

from core.contests.current import current_edition
from core.contests.settings import value_words
from core.contests.values import EditionView
from core.entries.barring import left_out_count
from core.kernel.errors import DomainError, Invalid
from core.kernel.i18n import locale
from core.kernel.web import Access, allows, current_actor, now
from core.plugin_api import Text, settings_fields
from core.plugin_host import PluginUnavailable, default_host
from core.results import services
from core.results.formats import readable_text
from core.results.models import Computation
from core.results.queries import inputs_of, latest_computation
from core.results.shadow_form import TriedForm, blank_form, change_of, typed_form
from core.results.shadow_run import SettingChange, ShadowReport
from core.results.shadow_words import difference_words, place_words

blueprint = Blueprint("shadow_office", __name__, url_prefix="/btc/ket-qua")

MOST_ROWS: Final = 500
"""The most rows of the table; the file holds them all."""

Answer = BaseResponse | str | tuple[str, int]


@blueprint.get("/chay-thu")
@allows(Access.COMMITTEE)
def index() -> Answer:
    """The form with the settings as they were frozen."""
    edition = current_edition()
    official = latest_computation(edition.id)
    return _page(official, None if official is None else _form(inputs_of(official)))


@blueprint.post("/chay-thu")
@allows(Access.COMMITTEE)
def run() -> Answer:
    """Compute beside the official result; what was typed stays. `show` is "changed", "all" or "file"."""
    edition = current_edition()
    official = latest_computation(edition.id)
    if official is None:
        return _page(None, None), 409
    document = inputs_of(official)
    form = typed_form(_form(document), request.form, request.form.getlist("plugins"))
    if left_out_count():
        refused = _("Bạn có liên quan với một hồ sơ của kỳ này: cần một cán bộ khác chạy thử.")
        return _page(official, form, refused=refused), 409
    try:
        change = change_of(form, document["rules"])
        official, report = services.shadow_run(edition, change, actor=current_actor(), now=now())
    except Invalid as error:
        return _page(official, replace(form, errors=error.errors)), 422
    except PluginUnavailable as error:
        return _page(official, replace(form, errors={"plugins": [error.message]})), 422
    except DomainError as error:
        return _page(official, form, refused=error.message), 422
    if request.form.get("show") == "file":
        return _file(edition, report)
    titles = {entry["code"]: entry["title"] for entry in document["entries"]}
    return _page(official, form, shown=_shown(report, titles))


def _form(document: Mapping[str, Any]) -> TriedForm:
    """The plugins of the tenant: those of the official computation, and those that its editions name now."""
    named = (ref.name for edition in g.editions for ref in edition.values.plugins)
    return blank_form(document["rules"], named, locale())


def _shown(report: ShadowReport, titles: Mapping[str, str]) -> dict[str, Any]:
    """What the page tells of a run; the table holds the entries that change, or every one when asked."""
    everything = request.form.get("show") == "all"
    entries = report.difference.entries if everything else report.difference.changed
    return {
        "report": report,
        "everything": everything,
        "words": difference_words(report.difference, report.awards),
        "settings": [_setting(one) for one in report.settings],
        "rows": [(one, titles.get(one.entry, ""), place_words(one)) for one in entries[:MOST_ROWS]],
        "left": max(len(entries) - MOST_ROWS, 0),
        "changed": len(report.difference.changed),
        "total": len(report.difference.entries),
    }


def _setting(one: SettingChange) -> tuple[Text, str, str, bool]:
    """A setting with its two values in words, and whether no document gives it."""
    try:
        declared = settings_fields(default_host().plugin(one.plugin).settings).get(one.key)
    except PluginUnavailable:
        declared = None
    if declared is None:
        label, official = Text(f"{one.plugin}.{one.key}"), True
    else:
        label, official = declared.metadata["label"], declared.metadata["official"]
    return label, _value(declared, one.official), _value(declared, one.shadow), not official


def _value(declared: Any, value: Any) -> str:
    """A JSON value in words; what the installed schema does not take is shown as it is stored."""
    try:
        loaded = value if declared is None or value is None else declared.deserialize(value)
    except ValidationError:
        loaded = value
    return value_words(loaded, locale())


def _file(edition: EditionView, report: ShadowReport) -> BaseResponse:
    """The report as `bangvang.shadow/1`, to keep."""
    answer = Response(readable_text(report.document()), mimetype="application/json")
    name = f"chay-thu-{edition.tenant}-{edition.key}.json"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _page(
    official: Computation | None,
    form: TriedForm | None,
    *,
    shown: Mapping[str, Any] | None = None,
    refused: str | None = None,
) -> str:
    return render_template(
        "results_office/shadow.html",
        official=official,
        form=form,
        shown=shown,
        refused=refused,
        actor=current_actor(),
        at=now(),
    )
