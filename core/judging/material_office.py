"""The committee asks the entries of a round for more material, and sees what came."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from core.contests.current import current_edition
from core.contests.schemas import parse_closing, parse_opening, typed_closing, typed_opening
from core.contests.values import EditionView
from core.judging.material import Asked, call_of, questions_of, sent_rows
from core.judging.material_late import locked_before
from core.judging.material_models import MaterialCall
from core.judging.policies import round_of
from core.judging.services.material_asking import MOST_QUESTIONS, CallFacts, QuestionFacts, save_call
from core.kernel.errors import DomainError, Invalid
from core.kernel.web import Access, allows, current_actor, now

blueprint = Blueprint("material_office", __name__, url_prefix="/btc/cham-thi")

Errors = Mapping[str, Sequence[str]]


@blueprint.get("/vong/<round_key>/tai-lieu")
@allows(Access.COMMITTEE)
def show(round_key: str) -> str:
    """What is asked of the round's entries, and what came."""
    return _page(current_edition(), round_key)


@blueprint.post("/vong/<round_key>/tai-lieu")
@allows(Access.COMMITTEE)
def save(round_key: str) -> Any:
    """Ask for it, or move its end; whoever was not told gets a letter."""
    edition = current_edition()
    try:
        wanted = _read(request.form, call_of(edition.id, round_key))
        told = save_call(edition, round_key, wanted, actor=current_actor(), now=now())
    except Invalid as wrong:
        return _page(edition, round_key, typed=request.form, errors=wrong.errors), wrong.status
    except DomainError as refused:
        return _page(edition, round_key, typed=request.form, refusal=refused.message), refused.status
    flash(
        ngettext(
            "Đã lưu. %(num)s hồ sơ của vòng được báo bằng thư, mỗi hồ sơ một lần.",
            "Đã lưu. %(num)s hồ sơ của vòng được báo bằng thư, mỗi hồ sơ một lần.",
            told,
        ),
        "success",
    )
    return redirect(url_for("material_office.show", round_key=round_key), 303)


def _page(
    edition: EditionView,
    round_key: str,
    *,
    typed: Mapping[str, str] | None = None,
    errors: Errors | None = None,
    refusal: str = "",
) -> str:
    judging_round = round_of(edition, round_key)
    call = call_of(edition.id, round_key)
    return render_template(
        "judging_office/material.html",
        judging_round=judging_round,
        call=call,
        has_opened=call is not None and call.opens_at <= now(),
        now=now(),
        questions=questions_of(call.id) if call else [],
        rows=sent_rows(edition, call) if call else [],
        early=locked_before(edition, round_key) if call else {},
        typed=typed or _typed_of(call),
        numbers=range(1, MOST_QUESTIONS + 1),
        kinds=[(Asked.FILES.value, _("Tệp")), (Asked.TEXT.value, _("Văn bản"))],
        errors=errors or {},
        refusal=refusal,
        terms=edition.rules.terms(),
    )


def _read(form: Mapping[str, str], call: MaterialCall | None) -> CallFacts:
    """What was typed. Raises Invalid with all that is no date and no number."""
    wrong: dict[str, list[str]] = {}

    def instant(read: Any, name: str) -> Any:
        try:
            return read(form.get(name, ""), form.get(f"{name}_time", ""), name)
        except Invalid as bad:
            wrong.update(bad.errors)
            return None

    has_opened = call is not None and call.opens_at <= now()
    opens_at = call.opens_at if call is not None and has_opened else instant(parse_opening, "opens")
    closes_at = instant(parse_closing, "closes")
    questions = []
    for number in range(1, MOST_QUESTIONS + 1):
        title = form.get(f"title_{number}", "").strip()
        if not title:
            continue
        most = form.get(f"max_files_{number}", "").strip() or "1"
        if not (most.isascii() and most.isdigit()):
            wrong[f"max_files_{number}"] = [_("Hãy ghi một số nguyên, ví dụ 3.")]
            most = "1"
        questions.append(
            QuestionFacts(
                title=title,
                help=form.get(f"help_{number}", ""),
                kind=Asked.TEXT if form.get(f"kind_{number}") == Asked.TEXT else Asked.FILES,
                max_files=int(most[:4]),
                is_required=form.get(f"required_{number}") == "1",
            )
        )
    if wrong or opens_at is None or closes_at is None:
        raise Invalid(wrong)
    revision = form.get("revision", "0")
    return CallFacts(
        opens_at=opens_at,
        closes_at=closes_at,
        questions=tuple(questions),
        note=form.get("note", ""),
        revision=int(revision) if revision.isdigit() else 0,
    )


def _typed_of(call: MaterialCall | None) -> dict[str, str]:
    if call is None:
        return {"revision": "0", "required_1": "1", "max_files_1": "1", "kind_1": Asked.FILES.value}
    opens, opens_time = typed_opening(call.opens_at)
    closes, closes_time = typed_closing(call.closes_at)
    typed = {
        "opens": opens,
        "opens_time": opens_time,
        "closes": closes,
        "closes_time": closes_time,
        "note": call.note,
        "revision": str(call.revision),
    }
    for one in questions_of(call.id):
        typed |= {
            f"title_{one.position}": one.title,
            f"help_{one.position}": one.help,
            f"kind_{one.position}": one.kind,
            f"max_files_{one.position}": str(one.max_files),
            f"required_{one.position}": "1" if one.is_required else "",
        }
    return typed
