"""Pages of a person on a council: the invitation and the answer, leaving, and the pledge to sign."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.contests.current import current_edition
from core.contests.values import PhaseKind
from core.judging.affiliations import Said, access_affiliation, say_affiliation
from core.judging.council_letters import dossiers_about
from core.judging.errors import CouncilRefused
from core.judging.policies import round_of
from core.judging.seats import SeatRole, SeatState, role_words, state_words
from core.judging.services import (
    accept_seat,
    access_own_seat,
    decline_seat,
    is_closed,
    leave_seat,
    own_seat_in,
    pledge_of,
    pledge_of_seat,
    sign_pledge,
)
from core.kernel.errors import Invalid
from core.kernel.web import Access, allows, current_actor, now
from core.people.devices import this_place
from core.people.reauth import require_fresh_proof
from core.people.units import unit_choices

blueprint = Blueprint("councils", __name__, url_prefix="/hoi-dong")

Answer = Response | str | tuple[str, int]


@blueprint.get("/loi-moi/<uuid:seat_id>")
@allows(Access.ACCOUNT)
def invitation(seat_id: UUID) -> Answer:
    """What is asked, by when, how many dossiers about; and the answer."""
    return _invitation(seat_id)


@blueprint.post("/loi-moi/<uuid:seat_id>/nhan-loi")
@allows(Access.ACCOUNT)
def accept(seat_id: UUID) -> Answer:
    """Accept the invitation; where the person works is kept first, so that no colleague's dossier is assigned."""
    access_own_seat(current_edition(), current_actor(), seat_id)
    typed = {key: request.form.get(key, "") for key in ("unit", "workplace")}
    try:
        if "unit" in request.form or "workplace" in request.form:
            say_affiliation(**typed, actor=current_actor(), now=now())
        accept_seat(current_edition(), seat_id, actor=current_actor(), now=now())
    except Invalid as wrong:
        return _invitation(seat_id, typed=typed, errors=wrong.errors), 422
    flash(_("Bạn đã nhận lời tham gia hội đồng. Cảm ơn bạn."), "success")
    return redirect(url_for("councils.invitation", seat_id=seat_id), 303)


@blueprint.post("/loi-moi/<uuid:seat_id>/tu-choi")
@allows(Access.ACCOUNT)
def decline(seat_id: UUID) -> Answer:
    """Decline it; a reason is welcome."""
    return _told(seat_id, decline_seat, _("Đã báo Ban Tổ chức rằng bạn không tham gia."))


@blueprint.post("/loi-moi/<uuid:seat_id>/thoi")
@allows(Access.ACCOUNT)
def leave(seat_id: UUID) -> Answer:
    """Leave after accepting, with the reason."""
    return _told(seat_id, leave_seat, _("Đã báo Ban Tổ chức rằng bạn thôi tham gia."))


@blueprint.get("/cam-ket/<round_key>")
@allows(Access.ACCOUNT)
def pledge(round_key: str) -> Answer:
    """The appointment and the pledge to read, or what was signed."""
    return _pledge(round_key)


@blueprint.post("/cam-ket/<round_key>")
@allows(Access.ACCOUNT)
@require_fresh_proof
def sign(round_key: str) -> Answer:
    """Sign what was read."""
    form = request.form
    try:
        sign_pledge(
            current_edition(),
            round_key,
            form.get("read", ""),
            agreed=bool(form.get("agreed")),
            device=this_place().device,
            actor=current_actor(),
            now=now(),
        )
    except Invalid as wrong:
        return _pledge(round_key, errors=wrong.errors), 422
    except CouncilRefused as refused:
        return _pledge(round_key, refusal=refused.message), refused.status
    flash(_("Bạn đã ký cam kết."), "success")
    return redirect(url_for("councils.pledge", round_key=round_key), 303)


def _told(seat_id: UUID, deed: Callable[..., None], said: str) -> Answer:
    reason = request.form.get("reason", "")
    try:
        deed(current_edition(), seat_id, reason, actor=current_actor(), now=now())
    except Invalid as wrong:
        return _invitation(seat_id, reason=reason, errors=wrong.errors), 422
    flash(said, "success")
    return redirect(url_for("councils.invitation", seat_id=seat_id), 303)


def _invitation(
    seat_id: UUID,
    *,
    reason: str = "",
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, list[str]] | None = None,
) -> str:
    edition = current_edition()
    council, seat = access_own_seat(edition, current_actor(), seat_id)
    is_asked = seat.state == SeatState.INVITED
    said = access_affiliation(current_actor()) if is_asked else Said()
    role = SeatRole(seat.role)
    return render_template(
        "councils/invitation.html",
        edition=edition,
        council=council,
        seat=seat,
        judging_round=round_of(edition, council.round),
        role=role_words(role),
        judges=role.judges,
        state=state_words(SeatState(seat.state)),
        what=_what(role),
        dossiers=dossiers_about(edition, seat),
        phase=edition.phase(PhaseKind.JUDGING),
        is_closed=is_closed(edition, council.round, now()),
        owes_pledge=council.pledge_required and pledge_of(seat) is None,
        terms=edition.rules.terms(),
        reason=reason,
        typed=typed or {"unit": str(said.unit_id or ""), "workplace": said.workplace},
        units=[(str(one.id), one.name) for one in unit_choices()] if is_asked else [],
        errors=errors or {},
    )


def _pledge(round_key: str, *, refusal: str = "", errors: Mapping[str, list[str]] | None = None) -> str:
    edition, actor = current_edition(), current_actor()
    council, seat = own_seat_in(edition, actor, round_key)
    common: dict[str, Any] = {
        "judging_round": round_of(edition, round_key),
        "council": council,
        "judges": SeatRole(seat.role).judges or SeatRole(seat.role) is SeatRole.RESERVE,
    }
    signed = pledge_of(seat)
    if signed is not None:
        return render_template("councils/signed.html", signed=signed, **common)
    text = pledge_of_seat(edition, council, seat, actor)
    return render_template("councils/pledge.html", text=text, refusal=refusal, errors=errors or {}, **common)


def _what(role: SeatRole) -> str:
    """What somebody in this part is asked to do."""
    words: dict[SeatRole, str] = {
        SeatRole.CHAIR: _("Chấm điểm các hồ sơ được phân công và điều hành hội đồng."),
        SeatRole.VICE_CHAIR: _("Chấm điểm các hồ sơ được phân công và giúp Chủ tịch điều hành hội đồng."),
        SeatRole.SECRETARY: _("Giúp việc hội đồng và ghi biên bản; không chấm điểm."),
        SeatRole.MEMBER: _("Chấm điểm các hồ sơ được phân công."),
        SeatRole.RESERVE: _(
            "Sẵn sàng chấm thay khi một thành viên không tham gia được; trước đó chưa có hồ sơ."
        ),
    }
    return words[role]
