"""The committee's views of one dossier in hand: claims, ticks, similar dossiers; and the officer's saved views."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from core.contests.current import current_edition, edition_of
from core.entries import words
from core.entries.errors import MoveRefused
from core.entries.models import Entry
from core.entries.policies import access_entry_office
from core.entries.screening import claims
from core.entries.screening.checklist import save_marks
from core.entries.screening.jobs import prepare_all
from core.entries.screening.likeness import dismiss, side_by_side
from core.entries.screening.pages import (
    Told,
    asked_filters,
    detail_of,
    query_of,
    ticks_typed,
    way_back,
)
from core.entries.screening.queue import drop_view, save_view
from core.entries.screening.similarity import marked
from core.kernel.errors import Invalid
from core.kernel.web import Access, allows, current_actor, now


def register(blueprint: Blueprint) -> None:
    """Put these views under the office's addresses of dossiers."""
    blueprint.add_url_rule("/bo-loc", view_func=views_save, methods=["POST"])
    blueprint.add_url_rule("/bo-loc/xoa", view_func=views_drop, methods=["POST"])
    blueprint.add_url_rule("/tim-giong", view_func=search_similar, methods=["POST"])
    blueprint.add_url_rule("/<name>/nhan", view_func=claim, methods=["POST"])
    blueprint.add_url_rule("/<name>/doi-chieu", view_func=tick, methods=["POST"])
    blueprint.add_url_rule("/<name>/giong/<other>", view_func=similar, methods=["GET"])
    blueprint.add_url_rule("/<name>/giong/<other>", view_func=judge_similar, methods=["POST"])


@allows(Access.COMMITTEE)
def claim(name: str) -> Any:
    """Take the dossier in hand, take it over from another officer, or let it go."""
    entry = access_entry_office(current_actor(), name)
    edition_of(entry.edition_id)
    do = request.form.get("do", "claim")
    try:
        if do == "release":
            claims.release(entry, actor=current_actor(), now=now())
            flash(_("Bạn đã trả hồ sơ %(code)s về danh sách chung.", code=entry.code), "success")
        else:
            claims.claim(entry, actor=current_actor(), now=now(), take_over=do == "take-over")
            flash(_("Bạn đang xử lý hồ sơ %(code)s. Người khác thấy điều này.", code=entry.code), "success")
    except (claims.ClaimedByOther, MoveRefused) as refused:
        return _detail_page(entry, Told({}, {}, refused.message)), refused.status
    return redirect(way_back(_page_of(entry)), 303)


@allows(Access.COMMITTEE)
def tick(name: str) -> Any:
    """Keep the ticks of the checklist."""
    entry = access_entry_office(current_actor(), name)
    edition = edition_of(entry.edition_id)
    typed = ticks_typed()
    sent = request.form.get("round", "")
    round_ = int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 7 else 0
    try:
        changed = save_marks(entry, edition, typed, round_=round_, actor=current_actor(), now=now())
    except Invalid as invalid:
        return _detail_page(entry, Told(invalid.errors, {}), ticks=typed), invalid.status
    except (claims.ClaimedByOther, MoveRefused) as refused:
        return _detail_page(entry, Told({}, {}, refused.message), ticks=typed), refused.status
    if changed:
        flash(_("Đã lưu phần đối chiếu của hồ sơ %(code)s.", code=entry.code), "success")
    else:
        flash(_("Phần đối chiếu không có gì thay đổi."), "info")
    return redirect(way_back(f"{_page_of(entry)}#xet"), 303)


@allows(Access.COMMITTEE)
def similar(name: str, other: str) -> Any:
    """Two dossiers side by side, the passages and words that agree marked."""
    return _similar_page(access_entry_office(current_actor(), name), other, {}, "")


@allows(Access.COMMITTEE)
def judge_similar(name: str, other: str) -> Any:
    """Record why the two are not the same, or take that back."""
    entry = access_entry_office(current_actor(), name)
    reason = request.form.get("dismissal", "")
    takes_back = request.form.get("do") == "take-back"
    if not takes_back and not reason.strip():
        errors = {"dismissal": [_("Bạn hãy ghi vì sao hai hồ sơ không trùng nhau.")]}
        return _similar_page(entry, other, errors, reason), 422
    edition_of(entry.edition_id)
    try:
        dismiss(entry, other, "" if takes_back else reason, actor=current_actor(), now=now())
    except Invalid as invalid:
        return _similar_page(entry, other, invalid.errors, reason), invalid.status
    flash(_("Đã ghi nhận xét về hai hồ sơ."), "success")
    return redirect(_page_of(entry), 303)


@allows(Access.COMMITTEE)
def search_similar() -> Any:
    """Ask for the likenesses and warnings of all dossiers of the edition anew."""
    count = prepare_all(current_edition())
    flash(
        _("Đang tìm lại hồ sơ giống nhau và điểm cần xem cho %(count)s hồ sơ; vài phút nữa bạn tải lại trang.",
          count=count),
        "info",
    )  # fmt: skip
    return redirect(way_back(url_for("entries_office.index")), 303)


@allows(Access.COMMITTEE)
def views_save() -> Any:
    """Keep the filters of the list under a name."""
    asked = asked_filters(request.form)
    back = url_for("entries_office.index", **asked)
    try:
        made = save_view(request.form.get("name", ""), query_of(asked), actor=current_actor(), now=now())
    except Invalid as invalid:
        flash(" ".join(sentence for said in invalid.errors.values() for sentence in said), "warning")
        return redirect(back, 303)
    flash(_("Đã lưu bộ lọc “%(name)s”.", name=made.name), "success")
    return redirect(back, 303)


@allows(Access.COMMITTEE)
def views_drop() -> Any:
    """Forget one of the officer's saved views."""
    name = request.form.get("name", "")
    if drop_view(name, actor=current_actor(), now=now()):
        flash(_("Đã xóa bộ lọc “%(name)s”.", name=name), "success")
    return redirect(url_for("entries_office.index", **asked_filters(request.form)), 303)


def _detail_page(entry: Entry, told: Told, ticks: Any = None) -> str:
    return render_template("entries_office/detail.html", **detail_of(entry, told), typed_ticks=ticks)


def _similar_page(entry: Entry, other: str, errors: Any, typed: str) -> str:
    found = side_by_side(entry, other, current_actor())
    edition = edition_of(found.other.edition_id)
    other_edition = edition.short_name
    edition_of(entry.edition_id)
    return render_template(
        "entries_office/similar.html",
        entry=entry,
        other=found.other,
        other_edition=other_edition,
        other_badge=words.state_badge(found.other.state),
        likeness=found.likeness,
        pair=found.pair,
        matches=[
            (
                marked(one.left.text, one.right.text),
                marked(one.right.text, one.left.text),
                one.percent,
            )
            for one in found.likeness.matches
        ],
        errors=errors,
        typed=typed,
    )


def _page_of(entry: Entry) -> str:
    return url_for("entries_office.detail", name=entry.code or entry.ref)
