"""The authors of a dossier: the list, who confirms, who may do what; and the page behind an invitation's link."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from core.contests.current import edition_of
from core.contests.values import EditionView
from core.entries import author_form as form
from core.entries import author_pages as made
from core.entries import words
from core.entries.content import authors_of
from core.entries.forms import AUTHORS
from core.entries.invitation_page import OFTEN, invitation_page, refused_invitation
from core.entries.models import Entry, EntryAuthor
from core.entries.policies import access_entry, access_invitation, is_owner, may_edit, may_invite, right_of
from core.entries.rights import Right
from core.entries.services import (
    check,
    confirm_by_link,
    confirm_own,
    decline_by_link,
    decline_own,
    hand_over,
    invite_all,
    invite_author,
    open_invitation,
    record_paper,
    save_authors,
    set_right,
    take_back,
)
from core.entries.services.author_invitations import InvitationEnded, NotTheInvited, TermsChanged
from core.entries.services.author_rows import invitations_of, lines_with, stamp_of, terms_of
from core.entries.services.authors import ListChanged
from core.entries.steps import way_of
from core.kernel import uow
from core.kernel.errors import Invalid, NotFound
from core.kernel.limits import limiter
from core.kernel.text import clean_line
from core.kernel.web import Access, allows, current_actor, now
from core.people.reauth import require_fresh_proof

blueprint = Blueprint("entry_authors", __name__, url_prefix="/du-thi")

NO_RIGHT = "none"
_ASKING = ("invite", "back", "paper", "unpaper")


@blueprint.get("/<ref>/tac-gia")
@allows(Access.ACCOUNT)
def page(ref: str) -> str:
    """The list of authors: a form for who writes the dossier, to read for others; one's own line to confirm."""
    entry = access_entry(current_actor(), ref)
    return _page(entry, edition_of(entry.edition_id))


@blueprint.post("/<ref>/tac-gia")
@allows(Access.ACCOUNT)
@limiter.limit(OFTEN)
def save(ref: str) -> Any:
    """Save the list as typed, then do what the pressed button says; what does not pass is told at its field."""
    entry = access_entry(current_actor(), ref)
    edition = edition_of(entry.edition_id)
    action, place = form.pressed(request.form.get("do", "save"))
    rows = form.changed(form.read_rows(request.form), action, place)
    try:
        asked_again = save_authors(
            entry,
            edition,
            rows,
            stamp=request.form.get("stamp", "")[:80],
            actor=current_actor(),
            now=now(),
        )
    except Invalid as invalid:
        return _page(entry, edition, rows, invalid.errors), invalid.status
    except ListChanged as changed:
        return _page(entry, edition, rows, told=changed.message, theirs=True), changed.status
    if asked_again:
        told = ngettext(
            "Đã gửi thư mời %(num)s tác giả xác nhận lại.",
            "Đã gửi thư mời %(num)s tác giả xác nhận lại.",
            asked_again,
        )
        flash(told, "success")
    return _after_save(entry, edition, rows, action, place)


@blueprint.post("/<ref>/tac-gia/moi")
@allows(Access.ACCOUNT)
@limiter.limit(OFTEN)
def ask(ref: str) -> Any:
    """Invite one author, take the invitation back, or record a signature on paper, where the list is not a form."""
    entry = access_entry(current_actor(), ref)
    edition = edition_of(entry.edition_id)
    try:
        _ask_one(entry, edition, _uuid(request.form.get("author", "")), request.form.get("do", ""))
    except Invalid as invalid:
        told = " ".join(sentence for sentences in invalid.errors.values() for sentence in sentences)
        return _page(entry, edition, told=told), invalid.status
    return _back(entry)


@blueprint.post("/<ref>/tac-gia/xac-nhan")
@allows(Access.ACCOUNT)
def answer_own(ref: str) -> Any:
    """Confirm or refuse one's own line of the list."""
    entry = access_entry(current_actor(), ref)
    edition = edition_of(entry.edition_id)
    actor = current_actor()
    try:
        if request.form.get("do") == "decline":
            reason = request.form.get("reason", "")[:5000]
            decline_own(entry, edition, reason, actor=actor, now=now())
            flash(_("Đã ghi nhận bạn từ chối; chủ hồ sơ được báo bằng thư."), "success")
        else:
            confirm_own(entry, seen=request.form.get("seen", ""), actor=actor, now=now())
            flash(_("Cảm ơn bạn đã xác nhận."), "success")
    except Invalid as invalid:
        return _page(entry, edition, errors=invalid.errors), invalid.status
    except TermsChanged as changed:
        return _page(entry, edition, told=changed.message), changed.status
    return _back(entry)


@blueprint.post("/<ref>/tac-gia/quyen")
@allows(Access.ACCOUNT)
def rights(ref: str) -> Any:
    """Give and take the rights of co-authors, all in one form."""
    entry = access_entry(current_actor(), ref)
    edition_of(entry.edition_id)
    changed = 0
    for name, level in request.form.items():
        if name.startswith("right."):
            wanted = None if level == NO_RIGHT else _right(level)
            account_id = _uuid(name.removeprefix("right."))
            changed += set_right(entry, account_id, wanted, actor=current_actor(), now=now())
    if changed:
        flash(_("Đã lưu quyền của các đồng tác giả."), "success")
    return _back(entry, "quyen")


@blueprint.get("/<ref>/tac-gia/chuyen")
@allows(Access.ACCOUNT)
def hand_over_page(ref: str) -> Any:
    """To whom the dossier can be handed over, and what that means."""
    entry = access_entry(current_actor(), ref)
    edition_of(entry.edition_id)
    if not is_owner(current_actor(), entry):
        flash(_("Chỉ chủ hồ sơ trao được quyền và chuyển được hồ sơ."), "warning")
        return _back(entry)
    return _hand_over_page(entry, {})


@blueprint.post("/<ref>/tac-gia/chuyen")
@allows(Access.ACCOUNT)
@require_fresh_proof
def hand_over_send(ref: str) -> Any:
    """Hand the dossier over to a co-author who was chosen and ticked."""
    entry = access_entry(current_actor(), ref)
    edition = edition_of(entry.edition_id)
    chosen, errors = request.form.get("account", ""), {}
    if not chosen:
        errors["account"] = [_("Bạn hãy chọn người nhận hồ sơ.")]
    if request.form.get("sure") != "1":
        errors["sure"] = [_("Bạn hãy đánh dấu vào ô này nếu chắc chắn.")]
    if is_owner(current_actor(), entry) and errors:
        return _hand_over_page(entry, errors), 422
    owner = hand_over(entry, edition, _uuid(chosen), actor=current_actor(), now=now())
    flash(_("Đã chuyển hồ sơ cho %(name)s. Bạn vẫn xem và sửa được hồ sơ.", name=owner.name), "success")
    return redirect(url_for("entries.show", ref=entry.ref), 303)


@blueprint.get("/loi-moi/<token>")
@allows(Access.PUBLIC)
def invitation(token: str) -> Any:
    """What an invitation asks: for a stranger the way to sign in, for the invited the answer."""
    return _invitation(token, {})


@blueprint.post("/loi-moi/<token>")
@allows(Access.ACCOUNT)
@limiter.limit(OFTEN)
def answer(token: str) -> Any:
    """Confirm or refuse by the link."""
    entry = access_invitation(token)[0]
    edition = edition_of(entry.edition_id)
    try:
        if request.form.get("do") == "decline":
            reason = request.form.get("reason", "")[:5000]
            decline_by_link(token, edition, reason, actor=current_actor(), now=now())
            return render_template("entries/authors_answered.html", entry=entry, edition_name=edition.name)
        confirm_by_link(token, seen=request.form.get("seen", ""), actor=current_actor(), now=now())
    except (InvitationEnded, NotTheInvited) as refused:
        return refused_invitation(refused)
    except Invalid as invalid:
        return _invitation(token, invalid.errors)[0], invalid.status
    except TermsChanged as changed:
        return _invitation(token, {"": [changed.message]})[0], changed.status
    flash(_("Cảm ơn bạn đã xác nhận. Hồ sơ này nay có trong “Hồ sơ của tôi” của bạn."), "success")
    return redirect(url_for("entries.show", ref=entry.ref), 303)


def _invitation(token: str, errors: Mapping[str, Sequence[str]]) -> tuple[str, int]:
    edition = edition_of(
        access_invitation(token)[0].edition_id
    )  # its clock says whether the link still holds
    try:
        entry, author, _held = open_invitation(token, actor=g.actor, now=now())
    except (InvitationEnded, NotTheInvited) as refused:
        return refused_invitation(refused)
    here = url_for("entry_authors.invitation", token=token)
    return invitation_page(entry, author, edition, here=here, actor=g.actor, errors=errors), 200


def _page(
    entry: Entry,
    edition: EditionView,
    rows: Sequence[Mapping[str, str]] | None = None,
    errors: Mapping[str, Sequence[str]] | None = None,
    *,
    told: str = "",
    theirs: bool = False,
) -> str:
    actor, errors = current_actor(), errors or {}
    authors = authors_of([entry.id])[entry.id]
    reached = invitations_of(entry)
    lines = lines_with(authors, reached)
    policy = edition.rules.author_policy()
    can_edit, owns = may_edit(actor, entry), is_owner(actor, entry)
    typed = [made.typed_of(one) for one in lines] if rows is None else rows
    extra = 1 if request.args.get("them") == "1" and request.method == "GET" else 0
    own = next((one for one in authors if one.account_id == actor.id), None)
    held = None if owns else right_of(actor, entry)
    way = way_of(entry, edition, check(entry, edition)) if can_edit else None
    here = way.step(AUTHORS) if way else None
    return render_template(
        "entries/authors.html",
        entry=entry,
        way=way,
        here=here,
        number=way.steps.index(here) + 1 if way and here else 0,
        previous=way.before(here) if way and here else None,
        following=way.after(here) if way and here else None,
        rows=made.form_rows(
            typed,
            {str(one.id): one for one in authors},
            reached,
            errors,
            wanted=len(typed) + extra,
            account_id=actor.id,
            now=now(),
        ),
        listed=made.listed(authors, reached, now()),
        theirs=made.listed(authors, reached, now()) if theirs else [],
        stamp=stamp_of(lines),
        errors=errors,
        labels=form.labels(len(typed) + extra),
        told=told,
        roles=words.role_choices(),
        policy=policy,
        clause=edition.rules.clause(policy.clause),
        has_shares=policy.shares or any(one.share is not None for one in authors),
        total=made.sum_words([one.share for one in authors]),
        may_add=len(typed) < form.most_of(policy),
        can_edit=can_edit,
        can_invite=may_invite(actor, entry),
        waiting=sum(1 for one in authors if one.confirmed_at is None and one.id in reached),
        own=own,
        own_state=None if own is None else made.state_of(own, reached.get(own.id), now()),
        own_role="" if own is None else words.role_name(own.role),
        own_share="" if own is None or own.share is None else words.share_text(own.share),
        seen="" if own is None else terms_of(own),
        owns=owns,
        my_right="" if held is None else words.right_name(held),
        people=made.right_rows(entry, authors) if owns else [],
        levels=[(NO_RIGHT, _("Không có quyền")), *((str(one), words.right_name(one)) for one in Right)],
    )


def _hand_over_page(entry: Entry, errors: Mapping[str, Sequence[str]]) -> str:
    people = made.right_rows(entry, authors_of([entry.id])[entry.id])
    return render_template(
        "entries/authors_hand_over.html",
        entry=entry,
        people=[(str(one.account_id), one.name) for one in people],
        chosen=request.form.get("account", ""),
        errors=errors,
    )


def _after_save(
    entry: Entry, edition: EditionView, rows: Sequence[Mapping[str, str]], action: str, place: int | None
) -> Any:
    actor = current_actor()
    if action == "add":
        return redirect(url_for("entry_authors.page", ref=entry.ref, them=1, _anchor="them"), 303)
    if action in ("next", "back"):
        return redirect(_step_beside(entry, edition, action), 303)
    if action == "invite-all":
        sent = invite_all(entry, edition, actor=actor, now=now())
        told = ngettext("Đã gửi %(num)s thư mời xác nhận.", "Đã gửi %(num)s thư mời xác nhận.", sent)
        flash(told if sent else _("Không còn ai cần mời."), "success")
        return _back(entry)
    if action in _ASKING and place is not None and place < len(rows):
        author = _saved(entry, rows, place)
        try:
            _ask_one(entry, edition, author.id, action)
        except Invalid as invalid:
            uow.keep_on_error()
            errors = {f"authors.{place}.{path}": said for path, said in invalid.errors.items()}
            return _page(entry, edition, rows, errors), invalid.status
        return _back(entry, f"tac-gia-{author.position}")
    flash(_("Đã lưu danh sách tác giả."), "success")
    return _back(entry)


def _step_beside(entry: Entry, edition: EditionView, action: str) -> str:
    """The address of the step of the form after the authors, or before them."""
    flash(_("Đã lưu danh sách tác giả."), "success")
    way = way_of(entry, edition, ())
    here = way.step(AUTHORS)
    beside = way.after(here) if action == "next" else way.before(here)
    return beside.href if beside else way.check_href


def _saved(entry: Entry, rows: Sequence[Mapping[str, str]], place: int) -> EntryAuthor:
    """The author whom the row at `place` became: rows without any word were left out."""
    authors = authors_of([entry.id])[entry.id]
    before = sum(1 for row in rows[:place] if clean_line(row["name"]))
    if not clean_line(rows[place]["name"]) or before >= len(authors):
        raise NotFound(_("Không còn tác giả này trong danh sách."))
    return authors[before]


def _ask_one(entry: Entry, edition: EditionView, author_id: UUID, action: str) -> None:
    actor = current_actor()
    if action == "invite":
        sent = invite_author(entry, edition, author_id, actor=actor, now=now())
        flash(
            _("Đã gửi thư mời xác nhận.") if sent else _("Thư mời vừa được gửi, hoặc người này đã xác nhận."),
            "success",
        )
    elif action == "back":
        take_back(entry, author_id, actor=actor, now=now())
        flash(_("Đã thu hồi lời mời; liên kết trong thư không dùng được nữa."), "success")
    elif action in ("paper", "unpaper"):
        record_paper(entry, author_id, signed=action == "paper", actor=actor, now=now())
        done = _("Đã ghi nhận chữ ký trên bản giấy.")
        flash(done if action == "paper" else _("Đã bỏ ghi nhận chữ ký trên bản giấy."), "success")
    else:
        raise Invalid.one("", _("Bạn hãy chọn việc cần làm."))


def _back(entry: Entry, anchor: str | None = None) -> Response:
    return redirect(url_for("entry_authors.page", ref=entry.ref, _anchor=anchor), 303)


def _right(level: str) -> Right:
    try:
        return Right(level)
    except ValueError:
        raise NotFound from None


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound from None
