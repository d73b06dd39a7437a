"""The committee's pages for who goes on to a round: how many, and entries it lets in or leaves out with a reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from core.contests.current import current_edition
from core.contests.values import EditionView
from core.entries.policies import access_entry_office
from core.judging.finalists import Candidate, Selection, Ties, Verdict
from core.judging.going_on import (
    candidates,
    choices_of,
    require_own_finished,
    require_whole_view,
    round_before,
    selection_of,
)
from core.judging.policies import round_of
from core.judging.queries import open_rounds
from core.judging.services.finalists import choose, save_selection
from core.kernel.errors import DomainError, Invalid, NotFound
from core.kernel.web import Access, allows, current_actor, now
from core.plugin_api import Round

blueprint = Blueprint("judging_finalists", __name__, url_prefix="/btc/cham-thi")

Errors = Mapping[str, Sequence[str]]


@blueprint.route("/vong/<round_key>/cach-chon", methods=["GET", "POST"])
@allows(Access.COMMITTEE)
def selection(round_key: str) -> Any:
    """How many go on to the round, from where, and what becomes of ties."""
    edition = current_edition()
    judging_round = round_of(edition, round_key)
    earlier = round_before(edition, judging_round)
    if earlier is None:
        return _to_first(judging_round)
    errors: Errors = {}
    refusal, status = "", 200
    typed: Mapping[str, str] = _typed_of(selection_of(edition.id, round_key))
    if request.method == "POST":
        typed = request.form
        try:
            wanted = _read(request.form)
            changed = save_selection(edition, round_key, wanted, actor=current_actor(), now=now())
        except Invalid as wrong:
            errors, status = wrong.errors, wrong.status
        except DomainError as refused:
            refusal, status = refused.message, refused.status
        else:
            flash(_("Đã lưu cách chọn hồ sơ.") if changed else _("Cách chọn đã đúng như vậy."), "success")
            return redirect(url_for("judging_office.start", round_key=round_key), 303)
    page = render_template(
        "judging_office/selection.html",
        judging_round=judging_round,
        earlier=earlier,
        typed=typed,
        errors=errors,
        refusal=refusal,
        has_fields=bool(edition.rules.entry_fields()),
        is_begun=any(one.key == round_key for one in open_rounds(edition)),
    )
    return page, status


@blueprint.route("/vong/<round_key>/chon/<code>", methods=["GET", "POST"])
@allows(Access.COMMITTEE)
def decide(round_key: str, code: str) -> Any:
    """Let one entry go on, or not, with the reason."""
    edition = current_edition()
    judging_round = round_of(edition, round_key)
    earlier = round_before(edition, judging_round)
    access_entry_office(current_actor(), code)
    if earlier is None:
        return _to_first(judging_round)
    require_whole_view(current_actor(), edition.id)
    require_own_finished(current_actor(), edition, earlier)
    errors: Errors = {}
    refusal, status = "", 200
    if request.method == "POST":
        try:
            changed = choose(
                edition,
                round_key,
                code,
                _verdict(request.form.get("verdict", "")),
                request.form.get("reason", ""),
                seen=request.form.get("seen", -1, type=int),
                actor=current_actor(),
                now=now(),
            )
        except Invalid as wrong:
            errors, status = wrong.errors, wrong.status
        except NotFound:
            raise
        except DomainError as refused:
            refusal, status = refused.message, refused.status
        else:
            flash(
                _("Đã ghi quyết định về %(code)s.", code=code) if changed else _("Không có gì thay đổi."),
                "success",
            )
            return redirect(url_for("judging_office.start", round_key=round_key, _anchor="danh-sach"), 303)
    found = _candidate(edition, judging_round, code)
    held = choices_of(edition.id, round_key).get(code)
    page = render_template(
        "judging_office/finalist.html",
        judging_round=judging_round,
        earlier=earlier,
        row=found,
        seen=held.revision if held else 0,
        verdict=request.form.get("verdict", found.choice.verdict.value if found.choice else ""),
        reason=request.form.get("reason", found.choice.reason if found.choice else ""),
        errors=errors,
        refusal=refusal,
    )
    return page, status


def _to_first(judging_round: Round) -> Any:
    """Into the first round nobody is chosen."""
    flash(_("Vòng đầu nhận mọi hồ sơ được chấp nhận, không phải chọn."), "info")
    return redirect(url_for("judging_office.start", round_key=judging_round.key), 303)


def _candidate(edition: EditionView, judging_round: Round, code: str) -> Candidate:
    found = next((one for one in candidates(edition, judging_round) if one.judged.code == code), None)
    if found is None:
        raise NotFound(_("Không có hồ sơ này ở vòng trước."))
    return found


def _verdict(typed: str) -> Verdict:
    if typed not in {one.value for one in Verdict}:
        raise Invalid.one("verdict", _("Bạn hãy chọn cho hồ sơ vào vòng hay không."))
    return Verdict(typed)


def _read(form: Mapping[str, str]) -> Selection:
    """What was typed. Raises Invalid with everything that is wrong."""
    wrong: dict[str, list[str]] = {}

    def number(name: str, otherwise: int | None) -> int | None:
        typed = form.get(name, "").strip()
        if not typed:
            return otherwise
        if typed.isascii() and typed.isdigit():
            return int(typed[:9])
        wrong[name] = [_("Hãy ghi một số nguyên, ví dụ 30.")]
        return otherwise

    most, sheets, revision = number("most", None), number("sheets", 1), number("revision", 0)
    if form.get("ties", "") not in {one.value for one in Ties}:
        wrong["ties"] = [_("Bạn hãy chọn cách xử lý khi bằng điểm.")]
    if wrong:
        raise Invalid(wrong)
    return Selection(
        most=most,
        by_field=form.get("by_field") == "1",
        ties=Ties(form["ties"]),
        sheets=1 if sheets is None else sheets,
        basis=form.get("basis", ""),
        revision=revision or 0,
    )


def _typed_of(selection: Selection) -> dict[str, str]:
    return {
        "most": "" if selection.most is None else str(selection.most),
        "by_field": "1" if selection.by_field else "",
        "ties": selection.ties.value,
        "sheets": str(selection.sheets),
        "basis": selection.basis,
        "revision": str(selection.revision),
    }
