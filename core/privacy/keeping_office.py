"""The committee's page for times of keeping and days off: what is due, before it goes."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.kernel.clock import real_now
from core.kernel.errors import Invalid
from core.kernel.web import Access, allows, current_actor
from core.privacy import queries, services
from core.privacy.services.keeping import HOUR, RAN
from core.privacy.settings import DataClass, current_settings
from core.privacy.words import class_name

blueprint = Blueprint("privacy_keeping", __name__, url_prefix="/btc/du-lieu-ca-nhan/luu-giu")

Answer = Response | str | tuple[str, int]


@blueprint.get("")
@allows(Access.COMMITTEE)
def index() -> Answer:
    """What is kept how long, and how much the next run would remove."""
    return _page()


@blueprint.post("")
@allows(Access.COMMITTEE)
def save() -> Answer:
    """Change the settings; what was typed stays when something cannot be read."""
    try:
        services.change_settings(request.form.to_dict(), actor=current_actor(), now=real_now())
    except Invalid as error:
        return _page(error)
    flash(_("Đã lưu thời gian lưu giữ và ngày nghỉ."), "success")
    return redirect(url_for("privacy_keeping.index"), 303)


def _page(error: Invalid | None = None) -> tuple[str, int]:
    settings = current_settings()
    due = services.due_now(settings, real_now())
    shown = {f"days_{one}": settings.days[one] for one in DataClass}
    values = {
        **{key: "" if days is None else str(days) for key, days in shown.items()},
        "yearly": ", ".join(settings.yearly),
        "id_images_reason": settings.id_images_reason,
        "dated": "\n".join(day.strftime("%d/%m/%Y") for day in settings.dated),
    }
    if error is not None:
        values |= {key: request.form.get(key, "") for key in values}
    page = render_template(
        "privacy_office/keeping.html",
        rows=[(one, class_name(one), due[one], one not in settings.decided) for one in DataClass],
        names={f"days_{one}": class_name(one) for one in DataClass}
        | {"yearly": _("Ngày nghỉ cố định hằng năm"), "dated": _("Ngày nghỉ của từng năm")}
        | {"id_images_reason": _("Lý do thu ảnh giấy tờ tùy thân")},
        values=values,
        runs=[
            (run.at, [(class_name(DataClass(key)), number) for key, number in run.data.items() if number])
            for run in queries.last_runs(RAN)
        ],
        hour=HOUR,
        is_default="yearly" not in settings.decided,
        errors={} if error is None else error.errors,
    )
    return page, 200 if error is None else error.status
