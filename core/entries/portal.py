"""The entrant's pages: my dossiers, the form, a dossier, its papers and files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from core.contests.current import current_edition, edition_of
from core.contests.queries import UnitRow, unit_by_code
from core.contests.values import PhaseKind
from core.entries import deadlines, forms, pages, wizard, words
from core.entries.area import blueprint
from core.entries.downloads import file_link
from core.entries.filers import organisations_by_entry
from core.entries.models import Entry
from core.entries.organisations import start_for_organisation
from core.entries.papers import dossier_paper, papers_of
from core.entries.paperwork import description_title, paper_wanted, wants_paper
from core.entries.policies import access_attachment, access_entry, is_owner, may_edit, right_of
from core.entries.queries import (
    account_of,
    dossier_of,
    history_of,
    last_screening,
    unsent_of,
    versions_of,
)
from core.entries.services import start_draft
from core.entries.states import By, Move, State, moves
from core.entries.todo import cards, mine_of, shown, todos_of
from core.kernel.clock import real_now
from core.kernel.errors import Invalid, NotFound
from core.kernel.formats import left
from core.kernel.i18n import locale
from core.kernel.ids import token
from core.kernel.web import Access, allows, current_actor, now
from core.people.organisations import OrganisationRow, organisations_of
from core.tenancy.profile import tenant_view

# What the form of a new dossier says for "in my own name".
PERSONAL = "personal"
# One form carries all files of a dossier; who is not signed in never gets this far (the guard runs first).
MAX_UPLOAD = 256 * 1024 * 1024


@blueprint.url_value_preprocessor
def make_room_for_files(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Let the dossier form be larger than other requests, before anything reads its body."""
    if endpoint in ("entries.edit", "entries.edit_step"):
        request.max_content_length = MAX_UPLOAD


@blueprint.get("/")
@allows(Access.ACCOUNT)
def index() -> str:
    """What I have to do, then my dossiers."""
    edition = current_edition()
    mine = mine_of(current_actor(), g.editions)
    phase = edition.phase(PhaseKind.SUBMISSION)
    return render_template(
        "entries/index.html",
        cards=cards(mine),
        organisations=organisations_by_entry([one.id for one in mine.entries]),
        todo=shown(todos_of(mine), now(), locale()),
        is_open=edition.is_open(PhaseKind.SUBMISSION, now()),
        submission=phase,
        left_text=left(phase.closes_at, now(), locale()) if phase else "",
    )


@blueprint.route("/moi", methods=["GET", "POST"])
@allows(Access.ACCOUNT)
def new() -> Any:
    """Begin a dossier; `?don-vi=<code>` names the unit that sent the entrant, `?to-chuc=<id>` an own organisation."""
    unit = unit_by_code(request.values.get("don-vi", "")[:80])
    own = organisations_of(_account_id())
    if request.method == "GET":
        return _new(unit, own)
    try:
        entry = _begun(unit, own)
    except Invalid as error:
        if "filed_for" not in error.errors:
            raise
        return _new(unit, own, error), error.status
    return redirect(url_for("entries.edit_step", ref=entry.ref, step=forms.GENERAL), 303)


def _begun(unit: UnitRow | None, own: Sequence[OrganisationRow]) -> Entry:
    """The dossier just begun: the reader's own, or of the organisation that they chose. Raises Invalid."""
    chosen = request.form.get("filed_for", "" if own else PERSONAL)
    found = next((one for one in own if str(one.id) == chosen), None)
    if found is None and chosen != PERSONAL:
        raise Invalid.one("filed_for", _why_chosen_again(chosen, own))
    edition, actor, at = current_edition(), current_actor(), now()
    owner, form_token = account_of(_account_id()), request.form.get("form_token", "")
    code = unit.code if unit else None
    if found is None:
        return start_draft(edition, owner=owner, form_token=form_token, unit_code=code, actor=actor, now=at)
    return start_for_organisation(
        edition, found.id, owner=owner, form_token=form_token, unit_code=code, actor=actor, now=at
    )


def _why_chosen_again(chosen: str, own: Sequence[OrganisationRow]) -> str:
    """What is wrong with the choice; the same words for an organisation that was left and one never the reader's."""
    if not chosen:
        return str(_("Bạn hãy chọn nộp thay mặt ai."))
    if own:
        return str(_("Bạn không phải là cán bộ của tổ chức đó. Bạn hãy chọn lại."))
    return str(_("Bạn không phải là cán bộ của tổ chức đó. Bấm “Tạo bản nháp” thì hồ sơ là của riêng bạn."))


def _new(unit: UnitRow | None, own: Sequence[OrganisationRow], error: Invalid | None = None) -> str:
    edition = current_edition()
    return render_template(
        "entries/new.html",
        unit=unit,
        form_token=request.form.get("form_token") or token(),
        submission=edition.phase(PhaseKind.SUBMISSION),
        is_open=edition.is_open(PhaseKind.SUBMISSION, now()),
        sections=edition.rules.dossier_form(),
        needed=[one for one in forms.questions(edition) if one.required],
        clauses={one.key: one for one in edition.rules.clauses()},
        for_whom=_for_whom(own) if own else [],
        filed_for=request.form.get("filed_for") or request.args.get("to-chuc", "")[:40],
        errors={} if error is None else error.errors,
    )


def _for_whom(own: Sequence[OrganisationRow]) -> list[tuple[str, str, str]]:
    """The choices of whom a dossier is filed for: value, label, what it means."""
    note = _(
        "Bạn phụ trách hồ sơ; các cán bộ khác thấy hồ sơ trong danh sách của tổ chức. Nếu bạn không phải là tác giả, "
        "hãy sửa danh sách tác giả sau khi tạo bản nháp."
    )
    named = [(str(one.id), _("Thay mặt %(organisation)s", organisation=one.name), note) for one in own]
    return [(PERSONAL, _("Tôi nộp với tư cách cá nhân"), ""), *named]


# The form: an overview, a page a step, and the saving of single fields.
blueprint.add_url_rule("/<ref>/sua", "edit", wizard.edit, methods=["GET", "POST"])
blueprint.add_url_rule("/<ref>/sua/<step>", "edit_step", wizard.edit_step, methods=["GET", "POST"])
blueprint.add_url_rule("/<ref>/muc", "save_part", wizard.save_field, methods=["POST"])


@blueprint.get("/<ref>")
@allows(Access.ACCOUNT)
def show(ref: str) -> str:
    """One of my dossiers: where it stands, what happened, what is in it."""
    entry = access_entry(current_actor(), ref)
    edition = edition_of(entry.edition_id)
    dossier = dossier_of(entry)
    screening = last_screening(entry)
    decided = screening if screening and screening.outcome != Move.ACCEPT else None
    told = entry.state in (State.RETURNED, State.REFUSED, State.WITHDRAWN)
    owns, right = is_owner(current_actor(), entry), right_of(current_actor(), entry)
    ends = deadlines.asked_by(entry, edition, now())
    return render_template(
        "entries/show.html",
        entry=entry,
        dossier=dossier,
        badge=words.state_badge(entry.state, is_published=entry.published_at is not None),
        holder=words.holder_of(entry.state, owns=owns),
        next_step=words.next_step(entry.state, right, on_paper=wants_paper(edition)),
        organisation=organisations_by_entry([entry.id]).get(entry.id, ""),
        shared="" if right is None else words.right_name(right),
        field_name=words.field_name(edition, entry.field),
        authors=words.named_authors(dossier.authors),
        groups=pages.answers(dossier, edition),
        versions=versions_of(entry),
        happened=pages.timeline(history_of(entry), edition),
        screening=decided if told else None,
        cited=edition.rules.clause(decided.clause) if decided else None,
        can_edit=may_edit(current_actor(), entry),
        can_revise=owns
        and Move.REVISE in moves(entry.state, By.OWNER)
        and deadlines.is_in_time(entry, edition, now()),
        unsent=unsent_of(entry),
        can_withdraw=owns and Move.WITHDRAW in moves(entry.state, By.OWNER),
        deadline=ends,
        papers=papers_of(edition),
        on_paper=paper_wanted(edition, tenant_view(g.tenant), ends),
        description=description_title(edition),
    )


@blueprint.get("/<ref>/giay-to/<key>")
@allows(Access.ACCOUNT)
def document(ref: str, key: str) -> str:
    """A document of the contest filled from one of my dossiers, to print and sign."""
    entry = access_entry(current_actor(), ref)
    edition = edition_of(entry.edition_id)
    return render_template(
        "extensions/paper.html",
        paper=dossier_paper(dossier_of(entry), edition, key, now(), locale()),
        frame="base.html",
        is_form=True,
        way=[
            (_("Hồ sơ của tôi"), url_for("entries.index")),
            (entry.code or _("Bản nháp"), url_for("entries.show", ref=entry.ref)),
        ],
    )


@blueprint.get("/tep/<uuid:file_id>")
@allows(Access.ACCOUNT)
def file(file_id: UUID) -> BaseResponse:
    """The way to a file of a dossier, for those who may read it: its owner, the committee, its judges."""
    _entry, attachment = access_attachment(current_actor(), file_id)
    return redirect(file_link(attachment, actor=current_actor(), now=real_now()))


def _account_id() -> UUID:
    account_id = current_actor().id
    if account_id is None:
        raise NotFound
    return account_id
