"""The committee's views of one deed for many dossiers: what is meant, confirmed; then what became of each."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from core.contests.current import current_edition, edition_of
from core.contests.values import EditionView, PhaseKind
from core.entries.barring import barred_names, hide_barred
from core.entries.screening import bulk
from core.entries.screening.due import default_due
from core.entries.screening.pages import Told, asked_filters, day_of, due_typed, filters_of, reader
from core.entries.screening.queue import queue_names
from core.kernel.clock import local
from core.kernel.errors import Invalid
from core.kernel.ids import token as new_token
from core.kernel.web import Access, allows, current_actor, now


def register(blueprint: Blueprint) -> None:
    """Put these views under the office's addresses of dossiers."""
    blueprint.add_url_rule("/hang-loat", view_func=bulk_confirm, methods=["POST"])
    blueprint.add_url_rule("/hang-loat/lam", view_func=bulk_run, methods=["POST"])
    blueprint.add_url_rule("/hang-loat/<token>", view_func=bulk_shown, methods=["GET"])
    blueprint.add_url_rule("/hang-loat/<token>", view_func=bulk_go_on, methods=["POST"])


@allows(Access.COMMITTEE)
def bulk_confirm() -> Any:
    """Which dossiers, what is done to them, with which words; nothing is changed yet."""
    hide_barred()
    edition = current_edition()
    asked = asked_filters()
    action = request.form.get("do", "")
    names = _chosen(edition, asked)
    if action not in bulk.ACTIONS or not names or len(names) > bulk.MAX_BULK:
        said = _("Mỗi lần làm tối đa 500 hồ sơ. Bạn hãy lọc bớt.") if names else _("Bạn chưa chọn hồ sơ nào.")
        flash(said, "warning")
        return redirect(url_for("entries_office.index", **asked), 303)
    typed = {"do": action, "token": new_token(), "reason": "", "due": day_of(default_due(edition, now()))}
    return _confirm_page(edition, names, Told({}, typed), asked)


@allows(Access.COMMITTEE)
def bulk_run() -> Any:
    """Do it, each dossier by itself; sent twice it is done once."""
    edition = current_edition()
    asked = asked_filters()
    form = request.form
    names, action, token = form.getlist("pick"), form.get("do", ""), form.get("token", "")[:64]
    typed = {
        "do": action,
        "token": token or new_token(),
        **{key: form.get(key, "") for key in ("reason", "due")},
    }
    due = due_typed(typed["due"]) if action == bulk.RETURN else None
    try:
        if action == bulk.RETURN and (due is None or due <= now()):
            raise Invalid.one("due", _("Bạn hãy chọn hạn bổ sung từ hôm nay trở đi."))
        if not token:
            raise Invalid.one("do", _("Bạn hãy chọn việc cần làm."))
        run = bulk.start_run(
            edition, names, action, token=token, reason=typed["reason"], due_at=due,
            actor=current_actor(), now=now(),
        )  # fmt: skip
    except Invalid as invalid:
        return _confirm_page(edition, names, Told(invalid.errors, typed), asked), 422
    bulk.go_on(run.token, edition, actor=current_actor(), now=now())
    return redirect(url_for("entries_office.bulk_shown", token=token, **asked), 303)


@allows(Access.COMMITTEE)
def bulk_shown(token: str) -> Any:
    """What became of each dossier of a run."""
    run = bulk.access_run(current_actor(), token)
    edition_of(run.edition_id)
    kept_away = barred_names()
    outcomes = [one for one in bulk.outcomes_of(run) if one.name not in kept_away]
    return render_template(
        "entries_office/bulk_done.html",
        run=run,
        action_word=action_word(run.action),
        outcomes=outcomes,
        known=bulk.entries_named(run.names),
        done=sum(1 for one in outcomes if one.is_done is True),
        failed=sum(1 for one in outcomes if one.is_done is False),
        left=sum(1 for one in outcomes if one.is_done is None),
        asked=asked_filters(),
    )


@allows(Access.COMMITTEE)
def bulk_go_on(token: str) -> Any:
    """Go on with a run that stopped."""
    run = bulk.access_run(current_actor(), token)
    edition = edition_of(run.edition_id)
    bulk.go_on(token, edition, actor=current_actor(), now=now())
    return redirect(url_for("entries_office.bulk_shown", token=token, **asked_filters()), 303)


def action_word(action: str) -> str:
    """What is done, as the button says it."""
    words = {
        bulk.ACCEPT: _("Chấp nhận"),
        bulk.RETURN: _("Trả lại để bổ sung"),
        bulk.CLAIM: _("Nhận xử lý"),
        bulk.PUBLISH: _("Công bố để bình chọn"),
        bulk.UNPUBLISH: _("Gỡ khỏi trang công khai"),
    }
    return str(words.get(action, action))


def _chosen(edition: EditionView, asked: dict[str, Any]) -> list[str]:
    """What is ticked, or all that the filters let through when that was asked for; one more than is allowed at most."""
    if request.form.get("tat-ca-dang-loc"):
        return queue_names(edition, filters_of(asked), reader(), bulk.MAX_BULK + 1)
    return list(dict.fromkeys(request.form.getlist("pick")))


def _confirm_page(edition: EditionView, names: list[str], told: Told, asked: dict[str, Any]) -> str:
    """The page before the deed; `told.typed` holds do, token, reason and due."""
    action = told.typed["do"]
    return render_template(
        "entries_office/bulk.html",
        names=names,
        known=bulk.entries_named(names),
        action=action,
        action_word=action_word(action),
        token=told.typed["token"],
        typed=told.typed,
        errors=told.errors,
        asked=asked,
        is_screening=edition.is_open(PhaseKind.SCREENING, now()),
        today=local(now()).date().isoformat(),
    )
