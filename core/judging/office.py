"""The committee's view of the council: who judges, how far everybody is, opening of rounds. Never a score."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from core.contests.current import current_edition
from core.contests.values import EditionView, PhaseKind
from core.entries.pages import page_hrefs, page_number
from core.judging.conflict_values import ConflictState
from core.judging.council_notes import council_notes
from core.judging.criteria_guard import drifted_criteria
from core.judging.going_on import coming_in
from core.judging.office_rooms import office_rooms
from core.judging.outlook_words import outlook_sentence
from core.judging.policies import round_of
from core.judging.queries import (
    abstentions,
    conflict_counts,
    entry_progress,
    judge_progress,
    open_rounds,
    round_standings,
)
from core.judging.queries.blinding import blind_waiting
from core.judging.queries.planning import unassigned_entries
from core.judging.queries.progress import round_outlook
from core.judging.queries.standings import PER_PAGE
from core.judging.seating import council_of, has_councils, waiting_answers
from core.judging.services import appoint_judge, open_round, withdraw_judge
from core.judging.values import RoundStanding
from core.kernel import charts
from core.kernel.actor import Role
from core.kernel.errors import DomainError, Invalid, NotFound
from core.kernel.i18n import locale
from core.kernel.web import Access, allows, current_actor, now
from core.people.schemas import InviteForm, load
from core.people.services import invite
from core.plugin_api import Round

blueprint = Blueprint("judging_office", __name__, url_prefix="/btc/cham-thi")


@blueprint.get("")
@allows(Access.COMMITTEE)
def index() -> str:
    """The council, its progress in the round that runs, and what to do next."""
    return _index_page(current_edition())


@blueprint.post("/giam-khao")
@allows(Access.COMMITTEE)
def appoint() -> Any:
    """Invite somebody by e-mail (an account that exists is taken as it is) and put him into the council."""
    edition = current_edition()
    typed = {"email": request.form.get("email", ""), "name": request.form.get("name", "")}
    try:
        form = load(InviteForm(), typed)
        if has_councils(edition.id):
            raise Invalid.one(
                "email", _("Kỳ này đã lập hội đồng: bạn hãy mời thêm người ở trang hội đồng của vòng.")
            )
        account_id = invite(
            form["email"],
            form["name"],
            Role.JUDGE,
            site=request.host_url.rstrip("/"),
            actor=current_actor(),
            now=now(),
        )
        judge = appoint_judge(edition, account_id, actor=current_actor(), now=now())
    except Invalid as wrong:
        return _index_page(edition, typed=typed, errors=wrong.errors), 422
    told = _("Đã thêm %(name)s vào hội đồng, số hiệu %(number)s.", name=form["name"], number=judge.number)
    flash(told, "success")
    return redirect(url_for("judging_office.index"), 303)


@blueprint.route("/giam-khao/<number>/thoi", methods=["GET", "POST"])
@allows(Access.COMMITTEE)
def withdraw(number: str) -> Any:
    """Take a judge out of the council, with the reason."""
    edition = current_edition()
    council = judge_progress(edition, edition.rules.deciding_round().key)
    judge = next((row for row in council if row.number == number), None)
    if judge is None:
        raise NotFound(_("Không có giám khảo này."))
    errors: dict[str, list[str]] = {}
    reason = request.form.get("reason", "")
    if request.method == "POST":
        try:
            withdraw_judge(edition, number, reason, actor=current_actor(), now=now())
        except Invalid as wrong:
            errors = wrong.errors
        else:
            flash(_("Đã thôi phân công %(name)s (%(number)s).", name=judge.name, number=number), "success")
            return redirect(url_for("judging_office.index"), 303)
    page = render_template("judging_office/withdraw.html", judge=judge, reason=reason, errors=errors)
    return (page, 422) if errors else page


@blueprint.route("/vong/<round_key>/mo", methods=["GET", "POST"])
@allows(Access.COMMITTEE)
def start(round_key: str) -> Any:
    """Before a round opens: what will be judged and what opening means; then open it."""
    edition = current_edition()
    judging_round = round_of(edition, round_key)
    refusal, status = "", 200
    errors: dict[str, list[str]] = {}
    reason = request.form.get("reason", "")
    if request.method == "POST":
        try:
            seen = request.form.getlist("seen") if "shown" in request.form else None
            added = open_round(edition, round_key, seen=seen, reason=reason, actor=current_actor(), now=now())
        except Invalid as wrong:
            errors, status = wrong.errors, wrong.status
        except DomainError as refused:
            refusal, status = refused.message, refused.status
        else:
            if added:
                flash(_("Đã đưa %(count)s hồ sơ vào vòng chấm.", count=added), "success")
            else:
                flash(_("Vòng này đã mở và có đủ hồ sơ: không thêm hồ sơ nào."), "info")
            return redirect(url_for("judging_office.index", vong=round_key), 303)
    council = council_of(edition.id, round_key)
    page = render_template(
        "judging_office/open.html",
        judging_round=judging_round,
        **coming_in(edition, judging_round, current_actor()),
        standings={one.round.key: one for one in round_standings(edition)},
        terms=edition.rules.terms(),
        is_frozen=edition.is_frozen,
        reason=reason,
        errors=errors,
        refusal=refusal,
        council=council,
        council_notes=council_notes(edition, council) if council else [],
        blind_waiting=blind_waiting(edition, round_key),
    )
    return page, status


@blueprint.get("/vong/<round_key>")
@allows(Access.COMMITTEE)
def entries(round_key: str) -> str:
    """How complete every entry of a round is, and who abstained from what."""
    edition = current_edition()
    judging_round = round_of(edition, round_key)
    only_open = "con-thieu" in request.args
    page = page_number(request.args.get("trang"))
    rows, total = entry_progress(edition, round_key, page=page, only_open=only_open)
    pages = max(1, -(-total // PER_PAGE))
    kept = {"con-thieu": "1"} if only_open else {}
    hrefs = page_hrefs("judging_office.entries", page, pages, {**kept, "round_key": round_key})
    return render_template(
        "judging_office/entries.html",
        judging_round=judging_round,
        rows=rows,
        total=total,
        page=page,
        pages=pages,
        hrefs=hrefs,
        only_open=only_open,
        abstained=abstentions(edition, round_key=round_key),
        blind_waiting=blind_waiting(edition, round_key),
        fields={one.key: one.name for one in edition.rules.entry_fields()},
        terms=edition.rules.terms(),
    )


def _index_page(
    edition: EditionView,
    *,
    typed: dict[str, str] | None = None,
    errors: dict[str, list[str]] | None = None,
) -> str:
    standings = round_standings(edition)
    shown = _shown_round(edition)
    council = judge_progress(edition, shown.key)
    active = [row for row in council if row.is_active]
    bars = charts.bars(
        [(f"{row.number} · {row.name}", row.done, f"{row.done}/{row.total}") for row in active],
        maximum=max((row.total for row in active), default=1) or 1,
    )
    standing = next(one for one in standings if one.round.key == shown.key)
    return render_template(
        "judging_office/index.html",
        standings=standings,
        shown=shown,
        standing=standing,
        council=council,
        rooms=office_rooms(shown.key, is_open=standing.is_open),
        active=len(active),
        bars=bars,
        outlook_sentence=outlook_sentence(round_outlook(edition, shown.key, now())),
        done=sum(row.done for row in active),
        expected=sum(row.total for row in active),
        todo=_todo(
            standings,
            len(active),
            shown,
            unassigned=unassigned_entries(edition.id, shown.key),
            answers=waiting_answers(edition),
            conflicts=conflict_counts(edition, current_actor()),
            has_drifted=bool(drifted_criteria(edition)),
        ),
        has_councils=has_councils(edition.id),
        phase=edition.phase(PhaseKind.JUDGING),
        is_open=edition.is_open(PhaseKind.JUDGING, now()),
        terms=edition.rules.terms(),
        typed=typed or {},
        errors=errors or {},
        now=now(),
    )


def _shown_round(edition: EditionView) -> Round:
    asked = request.args.get("vong")
    if asked:
        return round_of(edition, asked)
    opened = open_rounds(edition)
    return opened[-1] if opened else edition.rules.rounds()[0]


def _todo(
    standings: tuple[RoundStanding, ...],
    judges: int,
    shown: Round,
    *,
    unassigned: int,
    answers: dict[str, tuple[int, int]],
    conflicts: dict[ConflictState, int],
    has_drifted: bool,
) -> list[dict[str, Any]]:
    """What waits for the committee here, for `ui.todo`; `answers` as `waiting_answers` gives them."""
    items: list[dict[str, Any]] = [
        {
            "label": _("Lập hội đồng"),
            "href": url_for("councils_office.show", round_key=standings[0].round.key),
            "done": judges > 0,
            "note": _("Đã có %(count)s giám khảo", count=judges) if judges else _("Chưa có giám khảo nào"),
        }
    ]
    if has_drifted:
        items.append(
            {
                "label": _("Xem tiêu chí đang cài khác tiêu chí đã công bố"),
                "href": url_for("judging_criteria.kept"),
                "done": False,
                "note": _("Giám khảo chưa khóa phiếu được cho đến khi hai bên giống nhau"),
            }
        )
    for one in standings:
        name = one.round.name.in_(locale())
        waiting, gone = answers.get(one.round.key, (0, 0))
        href = url_for("councils_office.show", round_key=one.round.key)
        if waiting:
            note = ngettext("%(num)s người chưa trả lời", "%(num)s người chưa trả lời", waiting)
            label = _("Theo dõi lời mời vào hội đồng “%(name)s”", name=name)
            items.append({"label": label, "href": href, "done": False, "note": note})
        if gone:
            note = ngettext("%(num)s người từ chối hoặc đã thôi", "%(num)s người từ chối hoặc đã thôi", gone)
            label = _("Tìm người thay trong hội đồng “%(name)s”", name=name)
            items.append({"label": label, "href": href, "done": False, "note": note})
        note = _("%(entries)s hồ sơ, đã khóa %(locked)s phiếu", entries=one.entries, locked=one.locked)
        items.append(
            {
                "label": _("Mở vòng “%(name)s”", name=name),
                "href": url_for("judging_office.start", round_key=one.round.key),
                "done": one.is_open,
                "note": note if one.is_open else _("Chưa mở"),
            }
        )
        if one.round.key == shown.key and unassigned:
            items.append(
                {
                    "label": _("Giao hồ sơ của vòng “%(name)s” cho giám khảo", name=name),
                    "href": url_for("judging_plan.index", round_key=one.round.key),
                    "done": False,
                    "note": _("%(count)s hồ sơ chưa giao cho ai", count=unassigned),
                }
            )
        if one.unlike or one.false_line is not None:
            said = _("%(name)s: %(count)s phiếu không còn như lúc khóa", name=name, count=one.unlike)
            items.append(
                {
                    "label": _("Xem phiếu chấm khác với nhật ký"),
                    "href": url_for("proofs_office.index"),
                    "done": False,
                    "note": said if one.unlike else _("Chính nhật ký đã bị sửa ngoài hệ thống"),
                }
            )
    waiting = conflicts[ConflictState.OPEN]
    items.append(
        {
            "label": _("Xem xung đột lợi ích"),
            "href": url_for("conflicts_office.index"),
            "done": not waiting,
            "note": _("%(count)s xung đột chờ xem", count=waiting) if waiting else _("Không có gì chờ xem"),
        }
    )
    return items
