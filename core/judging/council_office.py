"""The committee's page of a council: as on the decision, with answers, groups, reserves; and what to do next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from core.contests.current import current_edition
from core.contests.values import EditionView
from core.judging.council_forms import read_facts, read_group, read_id, read_role, typed_of
from core.judging.council_notes import entries_by_field, notes_on
from core.judging.errors import CouncilRefused
from core.judging.pledges import PLEDGE
from core.judging.policies import round_of
from core.judging.queries import open_rounds
from core.judging.seating import council_of, group_rows, seat_rows
from core.judging.seats import SeatRole, SeatState, role_words, state_words
from core.judging.services import (
    GroupFacts,
    access_council,
    change_role,
    freed_work,
    invite_like,
    invite_to_council,
    is_closed,
    remind,
    remove_group,
    save_council,
    save_group,
    step_in,
    unseat,
)
from core.kernel.errors import DomainError, Invalid, NotFound
from core.kernel.web import Access, allows, current_actor, now
from core.people.queries import account_by_email
from core.people.schemas import InviteForm, load
from core.people.services import invite
from core.plugin_api import Round

blueprint = Blueprint("councils_office", __name__, url_prefix="/btc/cham-thi/hoi-dong")

Answer = Response | str | tuple[str, int]


@blueprint.get("/<round_key>")
@allows(Access.COMMITTEE)
def show(round_key: str) -> Answer:
    """The council of a round as on its decision, or how to make one."""
    return _show(current_edition(), round_key)


@blueprint.route("/<round_key>/thong-tin", methods=["GET", "POST"])
@allows(Access.COMMITTEE)
def facts(round_key: str) -> Answer:
    """What the decision says, and the settings of the council."""
    edition = current_edition()
    judging_round = round_of(edition, round_key)
    council = council_of(edition.id, round_key)
    typed, errors = typed_of(council), {}
    if request.method == "POST":
        typed = {key: request.form.get(key, "") for key in typed}
        try:
            save_council(edition, round_key, read_facts(typed), actor=current_actor(), now=now())
        except Invalid as wrong:
            errors = wrong.errors
        else:
            flash(_("Đã lưu thông tin hội đồng."), "success")
            return redirect(url_for("councils_office.show", round_key=round_key), 303)
    page = render_template(
        "councils_office/facts.html",
        judging_round=judging_round,
        council=council,
        typed=typed,
        errors=errors,
        platform_pledge=PLEDGE,
        terms=edition.rules.terms(),
        is_open=any(one.key == round_key for one in open_rounds(edition)),
    )
    return (page, 422) if errors else page


@blueprint.post("/<round_key>/moi")
@allows(Access.COMMITTEE)
def ask(round_key: str) -> Answer:
    """Invite somebody by e-mail; an account that exists is taken as it is."""
    edition = current_edition()
    typed = {key: request.form.get(key, "") for key in ("email", "name", "role")}
    groups = [one for one in (read_id(text) for text in request.form.getlist("groups")) if one]
    try:
        role = read_role(typed["role"])
        form = load(InviteForm(), {"email": typed["email"], "name": typed["name"]})
        account_id = _account(form["email"], form["name"])
        invite_to_council(
            edition, round_key, account_id, role, groups=groups, actor=current_actor(), now=now()
        )
    except Invalid as wrong:
        return _show(edition, round_key, typed=typed, errors=wrong.errors), 422
    flash(_("Đã gửi lời mời đến %(email)s.", email=form["email"]), "success")
    return redirect(url_for("councils_office.show", round_key=round_key), 303)


@blueprint.post("/<round_key>/nhac")
@allows(Access.COMMITTEE)
def remind_all(round_key: str) -> Answer:
    """Write again to who has not answered."""
    sent = remind(current_edition(), round_key, actor=current_actor(), now=now())
    if sent:
        flash(ngettext("Đã gửi thư nhắc %(num)s người.", "Đã gửi thư nhắc %(num)s người.", sent), "success")
    else:
        flash(_("Mỗi người chỉ được nhắc một lần trong một ngày; hôm nay chưa cần nhắc thêm ai."), "info")
    return redirect(url_for("councils_office.show", round_key=round_key), 303)


@blueprint.post("/<round_key>/nhu-vong-truoc")
@allows(Access.COMMITTEE)
def like_before(round_key: str) -> Answer:
    """Invite who sits on the council of the round before."""
    edition = current_edition()
    earlier = _earlier(edition, round_key)
    if earlier is None:
        raise CouncilRefused(_("Không có vòng chấm trước vòng này."))
    seats = invite_like(edition, round_key, earlier.key, actor=current_actor(), now=now())
    flash(
        ngettext("Đã gửi lời mời đến %(num)s người.", "Đã gửi lời mời đến %(num)s người.", len(seats)),
        "success",
    )
    return redirect(url_for("councils_office.show", round_key=round_key), 303)


@blueprint.get("/<round_key>/thanh-vien/<uuid:seat_id>")
@allows(Access.COMMITTEE)
def seat(round_key: str, seat_id: UUID) -> Answer:
    """One member: the part in the council, and leaving it."""
    return _seat(current_edition(), round_key, seat_id)


@blueprint.post("/<round_key>/thanh-vien/<uuid:seat_id>/nhiem-vu")
@allows(Access.COMMITTEE)
def give_role(round_key: str, seat_id: UUID) -> Answer:
    """Give a member another part."""
    edition = current_edition()
    try:
        role = read_role(request.form.get("role", ""))
        change_role(edition, round_key, seat_id, role, actor=current_actor(), now=now())
    except Invalid as wrong:
        return _seat(edition, round_key, seat_id, errors=wrong.errors), 422
    flash(_("Đã đổi nhiệm vụ trong hội đồng."), "success")
    return redirect(url_for("councils_office.show", round_key=round_key), 303)


@blueprint.post("/<round_key>/thanh-vien/<uuid:seat_id>/thoi")
@allows(Access.COMMITTEE)
def take_off(round_key: str, seat_id: UUID) -> Answer:
    """Take a member off the council, with the reason."""
    edition = current_edition()
    reason = request.form.get("reason", "")
    try:
        unseat(edition, round_key, seat_id, reason, actor=current_actor(), now=now())
    except Invalid as wrong:
        return _seat(edition, round_key, seat_id, errors=wrong.errors, reason=reason), 422
    flash(_("Đã ghi nhận người này thôi tham gia hội đồng."), "success")
    return redirect(url_for("councils_office.show", round_key=round_key), 303)


@blueprint.post("/<round_key>/thay")
@allows(Access.COMMITTEE)
def replace(round_key: str) -> Answer:
    """Let a reserve take over what a judge left unfinished."""
    edition, number = current_edition(), request.form.get("number", "")
    seat_id = read_id(request.form.get("seat", ""))
    try:
        if seat_id is None:
            raise CouncilRefused(_("Bạn hãy chọn người dự khuyết."))
        count = step_in(edition, round_key, number, seat_id, actor=current_actor(), now=now())
    except DomainError as refused:
        if isinstance(refused, NotFound):
            raise
        flash(refused.message, "error")
    else:
        flash(
            ngettext(
                "Người dự khuyết đã nhận %(num)s hồ sơ thay %(number)s.",
                "Người dự khuyết đã nhận %(num)s hồ sơ thay %(number)s.",
                count,
                number=number,
            ),
            "success",
        )
    return redirect(url_for("councils_office.show", round_key=round_key), 303)


@blueprint.route("/<round_key>/nhom/moi", methods=["GET", "POST"])
@allows(Access.COMMITTEE)
def new_group(round_key: str) -> Answer:
    """A judging group to be made."""
    return _group(round_key, None)


@blueprint.route("/<round_key>/nhom/<uuid:group_id>", methods=["GET", "POST"])
@allows(Access.COMMITTEE)
def group(round_key: str, group_id: UUID) -> Answer:
    """A judging group: its name, the fields that it merges, who sits in it."""
    return _group(round_key, group_id)


@blueprint.post("/<round_key>/nhom/<uuid:group_id>/bo")
@allows(Access.COMMITTEE)
def drop_group(round_key: str, group_id: UUID) -> Answer:
    """Take a group away before the round is open."""
    remove_group(current_edition(), round_key, group_id, actor=current_actor(), now=now())
    flash(_("Đã bỏ nhóm chấm."), "success")
    return redirect(url_for("councils_office.show", round_key=round_key), 303)


def _group(round_key: str, group_id: UUID | None) -> Answer:
    edition = current_edition()
    council, judging_round = access_council(edition, round_key), round_of(edition, round_key)
    found = next((one for one in group_rows(council) if one.id == group_id), None)
    if group_id is not None and found is None:
        raise NotFound(_("Không có nhóm chấm này."))
    typed = (
        GroupFacts("", frozenset(), frozenset())
        if found is None
        else GroupFacts(found.name, frozenset(found.fields), found.seats)
    )
    errors: Mapping[str, list[str]] = {}
    refusal, status = "", 200
    if request.method == "POST":
        typed = read_group(request.form)
        try:
            save_group(edition, round_key, group_id, typed, actor=current_actor(), now=now())
        except Invalid as wrong:
            errors, status = wrong.errors, wrong.status
        except DomainError as refused:
            refusal, status = refused.message, refused.status
        else:
            flash(_("Đã lưu nhóm chấm."), "success")
            return redirect(url_for("councils_office.show", round_key=round_key), 303)
    page = render_template(
        "councils_office/group.html",
        judging_round=judging_round,
        group=found,
        typed=typed,
        errors=errors,
        refusal=refusal,
        fields=[(one.key, one.name) for one in edition.rules.entry_fields()],
        members=[(str(one.id), one.name) for one in seat_rows(council) if one.is_judging],
        chosen=[str(one) for one in typed.seats],
        is_open=any(one.key == round_key for one in open_rounds(edition)),
    )
    return page, status


def _show(
    edition: EditionView,
    round_key: str,
    *,
    typed: dict[str, str] | None = None,
    errors: Mapping[str, list[str]] | None = None,
) -> str:
    judging_round = round_of(edition, round_key)
    council = council_of(edition.id, round_key)
    common: dict[str, Any] = {
        "judging_round": judging_round,
        "rounds": edition.rules.rounds(),
        "council": council,
        "terms": edition.rules.terms(),
    }
    if council is None:
        return render_template("councils_office/none.html", **common)
    seats, groups = seat_rows(council), group_rows(council)
    names = {one.key: one.name for one in edition.rules.entry_fields()}
    counts = entries_by_field(edition)
    return render_template(
        "councils_office/show.html",
        **common,
        seats=[(row, role_words(row.role), state_words(row.state)) for row in seats if row.is_on],
        gone=[(row, role_words(row.role), state_words(row.state)) for row in seats if not row.is_on],
        waiting=sum(row.state is SeatState.INVITED for row in seats),
        groups=[
            {
                "id": one.id,
                "name": one.name,
                "fields": [names.get(key, key) for key in one.fields],
                "members": [row.name for row in seats if row.id in one.seats and row.is_judging],
                "entries": sum(counts.get(key, 0) for key in one.fields),
            }
            for one in groups
        ],
        of_groups=_group_names(groups),
        fields=names,
        notes=notes_on(edition, seats, groups, counts),
        is_open=any(one.key == round_key for one in open_rounds(edition)),
        is_closed=is_closed(edition, round_key, now()),
        freed=freed_work(edition, round_key),
        reserves=[row for row in seats if row.role is SeatRole.RESERVE and row.state is SeatState.ACCEPTED],
        earlier=_earlier(edition, round_key),
        roles=_role_choices(),
        group_choices=[(str(one.id), one.name) for one in groups],
        typed=typed or {"role": SeatRole.MEMBER.value},
        errors=errors or {},
    )


def _seat(
    edition: EditionView,
    round_key: str,
    seat_id: UUID,
    *,
    errors: Mapping[str, list[str]] | None = None,
    reason: str = "",
) -> str:
    council = access_council(edition, round_key)
    row = next((one for one in seat_rows(council) if one.id == seat_id), None)
    if row is None:
        raise NotFound(_("Không có thành viên này."))
    return render_template(
        "councils_office/seat.html",
        judging_round=round_of(edition, round_key),
        row=row,
        role=role_words(row.role),
        state=state_words(row.state),
        roles=_role_choices(),
        chosen=request.form.get("role", row.role.value),
        is_closed=is_closed(edition, round_key, now()),
        reason=reason,
        errors=errors or {},
    )


def _earlier(edition: EditionView, round_key: str) -> Round | None:
    rounds = edition.rules.rounds()
    place = [one.key for one in rounds].index(round_of(edition, round_key).key)
    return rounds[place - 1] if place else None


def _group_names(groups: list[Any]) -> dict[UUID, str]:
    """Each seat with the names of its groups."""
    found: dict[UUID, list[str]] = {}
    for one in groups:
        for seat_id in one.seats:
            found.setdefault(seat_id, []).append(one.name)
    return {key: ", ".join(names) for key, names in found.items()}


def _role_choices() -> list[tuple[str, str]]:
    return [(one.value, role_words(one)) for one in SeatRole]


def _account(email: str, name: str) -> UUID:
    """The verified account of the address; else one that is made, with a letter that holds the code to come in."""
    found = account_by_email(email)
    if found is not None and found.is_verified:
        return found.id
    site = request.host_url.rstrip("/")
    return invite(email, name, None, site=site, actor=current_actor(), now=now())
