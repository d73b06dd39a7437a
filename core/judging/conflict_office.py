"""The committee's page of conflicts: open ones first, each with its evidence; confirmed or dismissed with a reason."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from core.contests.current import current_edition
from core.entries.pages import page_hrefs, page_number
from core.entries.policies import access_entry_office
from core.judging import conflict_words
from core.judging.conflict_facts import shared_domains
from core.judging.conflict_values import ConflictState
from core.judging.queries import conflict_counts, conflict_page
from core.judging.queries.conflicts import PER_PAGE, Narrow, conflict_people
from core.judging.services import decide, declare, suspect
from core.judging.services.conflict_settings import share_domains
from core.judging.services.conflicts import ConflictMoved
from core.kernel.errors import Invalid, NotFound
from core.kernel.text import clean_line
from core.kernel.web import Access, allows, current_actor, now

blueprint = Blueprint("conflicts_office", __name__, url_prefix="/btc/cham-thi/xung-dot")

FILTERS = {
    "cho-xem": ConflictState.OPEN,
    "xac-nhan": ConflictState.CONFIRMED,
    "da-bac": ConflictState.DISMISSED,
}
MOST_TYPED = 20_000
VERDICTS = {"confirm": ConflictState.CONFIRMED, "dismiss": ConflictState.DISMISSED}


@blueprint.get("")
@allows(Access.COMMITTEE)
def index() -> str:
    """What waits first, each with why."""
    return _page()


@blueprint.post("")
@allows(Access.COMMITTEE)
def send() -> Any:
    """Confirm or dismiss what was ticked, for one reason."""
    verdict = VERDICTS.get(request.form.get("do", ""))
    reason = request.form.get("reason", "")
    picked = request.form.getlist("pick")
    try:
        if verdict is None:
            raise Invalid.one("reason", _("Bạn hãy chọn xác nhận hoặc bác."))
        done = decide(_seen(picked), verdict, reason, actor=current_actor(), now=now())
    except Invalid as wrong:
        return _page(errors=wrong.errors, reason=reason, picked=picked), 422
    except ConflictMoved as moved:
        return _page(errors={"pick": [moved.message]}, reason=reason, picked=picked), moved.status
    if verdict is ConflictState.CONFIRMED:
        told = ngettext("Đã xác nhận %(num)s xung đột.", "Đã xác nhận %(num)s xung đột.", done)
    else:
        told = ngettext("Đã bác %(num)s xung đột.", "Đã bác %(num)s xung đột.", done)
    flash(told, "success")
    return redirect(url_for("conflicts_office.index"), 303)


@blueprint.post("/toi")
@allows(Access.COMMITTEE)
def declare_own() -> Any:
    """An officer says that he has to do with a dossier himself."""
    typed = {"code": request.form.get("code", "").strip()[:40], "words": request.form.get("words", "")}
    kinds = request.form.getlist("kinds")
    try:
        try:
            entry = access_entry_office(current_actor(), typed["code"])
        except NotFound:
            raise Invalid.one("code", _("Không có hồ sơ nào mang mã này.")) from None
        declare([entry], kinds, typed["words"], actor=current_actor(), now=now())
    except Invalid as wrong:
        return _page(errors=wrong.errors, typed=typed, kinds=kinds), 422
    flash(_("Đã ghi nhận. Từ nay bạn không thấy và không xử lý hồ sơ đó."), "success")
    return redirect(url_for("conflicts_office.index"), 303)


@blueprint.post("/ten-mien")
@allows(Access.COMMITTEE)
def domains() -> Any:
    """Keep the domains of mail that many houses share, and look again at once."""
    typed = request.form.get("domains", "")[:MOST_TYPED]
    try:
        changed = share_domains(typed, actor=current_actor(), now=now())
    except Invalid as wrong:
        return _page(errors=wrong.errors, domains=typed), 422
    if changed:
        suspect(current_edition().id, now=now())
    flash(_("Đã lưu tên miền thư dùng chung."), "success")
    return redirect(url_for("conflicts_office.index"), 303)


@blueprint.post("/tim")
@allows(Access.COMMITTEE)
def search() -> Any:
    """Compare people and dossiers again, now."""
    done = suspect(current_edition().id, now=now())
    new = done["opened"] + done["confirmed"]
    told = ngettext("Tìm thấy %(num)s dấu hiệu mới.", "Tìm thấy %(num)s dấu hiệu mới.", new)
    flash(told if new else _("Không có dấu hiệu nào mới."), "success")
    return redirect(url_for("conflicts_office.index"), 303)


def _seen(picked: list[str]) -> dict[UUID, int]:
    """What was ticked, as id and revision."""
    found = {}
    for one in picked[:PER_PAGE]:
        key, _mark, revision = one.partition(":")
        try:
            found[UUID(key)] = int(revision)
        except ValueError:
            raise NotFound(_("Không tìm thấy xung đột này.")) from None
    return found


def _page(
    *,
    errors: dict[str, list[str]] | None = None,
    reason: str = "",
    picked: list[str] | None = None,
    typed: dict[str, str] | None = None,
    kinds: list[str] | None = None,
    domains: str | None = None,
) -> str:
    edition, actor = current_edition(), current_actor()
    chosen = request.args.get("trang-thai", "")
    state = FILTERS.get(chosen)
    narrow = _narrow()
    counts = conflict_counts(edition, actor, narrow)
    total = counts[state] if state is not None else sum(counts.values())
    pages = max(1, -(-total // PER_PAGE))
    page = min(page_number(request.args.get("trang")), pages)
    looked_for: dict[str, Any] = {
        key: value
        for key, value in (
            ("nguoi", str(narrow.person or "")),
            ("q", narrow.search),
            ("dau-hieu", narrow.why),
        )
        if value
    }
    kept = looked_for | ({"trang-thai": chosen} if state is not None else {})
    return render_template(
        "judging_office/conflicts.html",
        rows=conflict_page(edition, actor, state=state, page=page, narrow=narrow),
        narrow=narrow,
        people=conflict_people(edition, actor),
        reasons=conflict_words.reasons(),
        chosen=chosen if state is not None else "",
        domains="\n".join(sorted(shared_domains())) if domains is None else domains,
        total=total,
        page=page,
        pages=pages,
        hrefs=page_hrefs("conflicts_office.index", page, pages, kept),
        chips=_chips(counts, chosen, looked_for),
        why=conflict_words.why,
        state_word=conflict_words.state_word,
        parts_of=conflict_words.parts_of,
        choices=conflict_words.kinds(),
        errors=errors or {},
        reason=reason,
        picked=picked or [],
        typed=typed or {},
        kinds=kinds or [],
        terms=edition.rules.terms(),
    )


def _narrow() -> Narrow:
    """What the address looks for; what makes no sense is left out."""
    try:
        person = UUID(request.args.get("nguoi", ""))
    except ValueError:
        person = None
    known = {code for code, _word in conflict_words.reasons()}
    reason = request.args.get("dau-hieu", "")
    search = clean_line(request.args.get("q", ""))[:100]
    return Narrow(person, search, reason if reason in known else "")


def _chips(counts: dict[ConflictState, int], chosen: str, kept: dict[str, Any]) -> list[dict[str, Any]]:
    labels = {"cho-xem": _("Chờ xem"), "xac-nhan": _("Đã xác nhận"), "da-bac": _("Đã bác")}
    return [
        {
            "label": labels[key],
            "href": url_for("conflicts_office.index", **kept, **_filter("" if key == chosen else key)),
            "on": key == chosen,
            "count": counts[state],
        }
        for key, state in FILTERS.items()
    ]


def _filter(chosen: str) -> dict[str, Any]:
    return {"trang-thai": chosen} if chosen else {}
