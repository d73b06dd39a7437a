"""Asking authors to confirm, and what they answer: by a link of their own, by their account, or on paper."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from core.contests.values import EditionView
from core.entries.author_asks import Ask, access_ask
from core.entries.errors import MoveRefused
from core.entries.events import StakeTaken
from core.entries.letters_authors import send_declined, send_invitation_letter
from core.entries.models import AuthorInvitation, Entry, EntryAuthor, EntryRight
from core.entries.policies import (
    access_author,
    access_invitation,
    email_digest,
    has_right,
    is_owner,
    may_invite,
    token_digest,
)
from core.entries.receipt_letters import send_receipt_to_author
from core.entries.rights import Right
from core.entries.services.author_rows import BY_ACCOUNT, ON_PAPER, terms_of
from core.entries.services.moves import fresh
from core.entries.states import State
from core.kernel import audit
from core.kernel.actor import Actor
from core.kernel.db import session
from core.kernel.errors import DomainError, Forbidden, Invalid, NotFound
from core.kernel.events import emit
from core.kernel.ids import token as new_token
from core.kernel.prepared import insert_once
from core.kernel.text import clean
from core.people.models import Account

INVITATION_LIFE = timedelta(days=30)
# Pressing the button twice sends one letter.
RESENT_AFTER = timedelta(minutes=2)
LONGEST_REASON = 1000


class InvitationEnded(DomainError):
    """The link was good once: it is too old, or was answered with a refusal."""

    status = 410
    kind = "invitation-ended"


class NotTheInvited(DomainError):
    """The link was sent to another address than that of the account that opened it."""

    status = 403
    kind = "not-the-invited"


class TermsChanged(DomainError):
    """Name, role or share changed between the page that was read and the answer."""

    status = 409
    kind = "terms-changed"


def invite_author(
    entry: Entry, edition: EditionView, author_id: UUID, *, actor: Actor, now: datetime
) -> bool:
    """Send an author the letter with a link to confirm; a link sent before ends. Returns whether a letter went out.

    None goes to who has confirmed with an account, nor within two minutes of the last. Raises Forbidden without the
    right to write the dossier, MoveRefused for a closed one, NotFound, Invalid at `email` without an address.
    """
    require_inviter(fresh(entry), actor)
    author = access_author(entry, author_id)
    held = _reached(author)
    if held is None:
        raise Invalid.one(
            "email", _("Bạn hãy ghi thư điện tử của %(name)s rồi mời xác nhận.", name=author.name)
        )
    if author.confirmed_how == BY_ACCOUNT:
        return False
    if held.digest is not None and held.sent_at is not None and now - held.sent_at < RESENT_AFTER:
        return False
    send_invitation(entry, edition, author, actor=actor, now=now)
    return True


def send_invitation(
    entry: Entry, edition: EditionView, author: EntryAuthor, *, actor: Actor, now: datetime
) -> bool:
    """Give the author a new link and send it; False for who has no address. The caller has looked at rights."""
    held = _reached(author)
    if held is None:
        return False
    token = new_token()
    held.digest = token_digest(token)
    held.sent_at, held.expires_at = now, now + INVITATION_LIFE
    author.declined_at, author.decline_reason = None, ""
    session().flush()
    _log("entry.author_invited", entry, author, actor=actor, now=now)
    send_invitation_letter(entry, edition, author, held, token, inviter=actor.name, now=now)
    held.asked_again = False
    session().flush()
    return True


def take_back(entry: Entry, author_id: UUID, *, actor: Actor, now: datetime) -> None:
    """End the link that was sent to an author; a confirmation already given stays."""
    require_inviter(fresh(entry), actor)
    author = access_author(entry, author_id)
    held = _reached(author)
    if held is None or held.digest is None or author.confirmed_at is not None:
        return
    held.digest = held.expires_at = None
    session().flush()
    _log("entry.author_uninvited", entry, author, actor=actor, now=now)


def record_paper(entry: Entry, author_id: UUID, *, signed: bool, actor: Actor, now: datetime) -> None:
    """Record that an author signed on paper, or take that record back; for who has no e-mail.

    A confirmation that the author gave with an account is not touched.
    """
    require_inviter(fresh(entry), actor)
    author = access_author(entry, author_id)
    if author.confirmed_how == BY_ACCOUNT or (author.confirmed_how == ON_PAPER) == signed:
        return
    author.declined_at, author.decline_reason = None, ""
    author.confirmed_at, author.confirmed_how = (now, ON_PAPER) if signed else (None, None)
    session().flush()
    action = "entry.author_on_paper" if signed else "entry.author_off_paper"
    _log(action, entry, author, actor=actor, now=now)


def open_invitation(
    token: str, *, actor: Actor | None, now: datetime
) -> tuple[Entry, EntryAuthor, AuthorInvitation]:
    """What the link leads to, for a page: for a stranger to sign in, for the invited to answer.

    Raises NotFound for an unknown link, InvitationEnded for one that is too old or was refused, NotTheInvited for an
    account with another address.
    """
    entry, author, held = access_invitation(token)
    _require_open(entry, author, held, now)
    if actor is not None:
        _require_invited(author, held, actor)
    return entry, author, held


def confirm_by_link(token: str, *, seen: str, actor: Actor, now: datetime) -> EntryAuthor:
    """Confirm name, role and share as the link's page showed them (`seen` is their `terms_of`).

    The account is tied to the author and gets the right to view the dossier. Confirming again gives the same.
    Raises what `open_invitation` raises, and TermsChanged.
    """
    entry, author = _locked(token, actor=actor, now=now)
    return _confirm(entry, author, seen, actor=actor, now=now)


def decline_by_link(
    token: str, edition: EditionView, reason: str, *, actor: Actor, now: datetime
) -> EntryAuthor:
    """Refuse to be named so, with the reason for the owner; ends the link. Raises as above, Invalid at `reason`."""
    entry, author = _locked(token, actor=actor, now=now)
    return _decline(entry, author, edition, reason, actor=actor, now=now)


def confirm_own(entry: Entry, *, seen: str, actor: Actor, now: datetime) -> EntryAuthor:
    """The same on the dossier's page, for an author whose account is tied to the list. Raises NotFound for others."""
    author = _own(fresh(entry), actor)
    return _confirm(entry, author, seen, actor=actor, now=now)


def decline_own(
    entry: Entry, edition: EditionView, reason: str, *, actor: Actor, now: datetime
) -> EntryAuthor:
    """Refuse on the dossier's page. Raises NotFound for who has no line in it, Invalid at `reason`."""
    author = _own(fresh(entry), actor)
    return _decline(entry, author, edition, reason, actor=actor, now=now)


def open_ask(author_id: UUID, *, actor: Actor, now: datetime) -> Ask:
    """What the actor is asked to confirm in the line `author_id`, for a page. Raises NotFound, InvitationEnded."""
    ask = access_ask(actor, author_id)
    _require_asked(ask, now)
    return ask


def confirm_asked(author_id: UUID, *, seen: str, actor: Actor, now: datetime) -> Ask:
    """The same as `confirm_by_link` for who is signed in with the invited address, or has confirmed before.

    Raises what `open_ask` raises, and TermsChanged.
    """
    ask = _locked_ask(author_id, actor=actor, now=now)
    _confirm(ask.entry, ask.author, seen, actor=actor, now=now)
    return ask


def decline_asked(author_id: UUID, edition: EditionView, reason: str, *, actor: Actor, now: datetime) -> Ask:
    """The same as `decline_by_link` by that way. Raises what `open_ask` raises, Invalid at `reason`."""
    ask = _locked_ask(author_id, actor=actor, now=now)
    _decline(ask.entry, ask.author, edition, reason, actor=actor, now=now)
    return ask


def require_inviter(entry: Entry, actor: Actor) -> None:
    """Return when `actor` may ask the authors to confirm; else Forbidden or MoveRefused."""
    if may_invite(actor, entry):
        return
    if has_right(actor, entry, Right.EDIT):
        raise MoveRefused(_("Hồ sơ đã khép lại nên không mời xác nhận được nữa."))
    raise Forbidden(_("Bạn không có quyền sửa danh sách tác giả của hồ sơ này."))


def _locked(token: str, *, actor: Actor, now: datetime) -> tuple[Entry, EntryAuthor]:
    """Entry and author behind the link, read again under the dossier's lock: two answers come one after the other."""
    entry, author, _held = access_invitation(token)
    fresh(entry)
    session().expire(author)
    session().expire(_held)
    entry, author, held = access_invitation(token)
    _require_open(entry, author, held, now)
    _require_invited(author, held, actor)
    return entry, author


def _locked_ask(author_id: UUID, *, actor: Actor, now: datetime) -> Ask:
    fresh(access_ask(actor, author_id).entry)
    ask = access_ask(actor, author_id)
    _require_asked(ask, now)
    return ask


def _require_asked(ask: Ask, now: datetime) -> None:
    if ask.held is None or ask.is_tied:
        _require_taking_part(ask.entry, ask.author)
    else:
        _require_open(ask.entry, ask.author, ask.held, now)


def _require_taking_part(entry: Entry, author: EntryAuthor) -> None:
    if author.confirmed_how == BY_ACCOUNT:
        return  # whoever comes back by the link is told that it is done
    if State(entry.state) in (State.REFUSED, State.WITHDRAWN):
        raise InvitationEnded(_("Hồ sơ này không còn dự thi nên không cần xác nhận nữa."))
    if author.declined_at is not None:
        raise InvitationEnded(
            _("Bạn đã từ chối xác nhận. Nếu muốn xác nhận, bạn hãy nhờ người nộp hồ sơ mời lại.")
        )


def _require_open(entry: Entry, author: EntryAuthor, held: AuthorInvitation, now: datetime) -> None:
    _require_taking_part(entry, author)
    if author.confirmed_how == BY_ACCOUNT:
        return
    if held.expires_at is None or now >= held.expires_at:
        raise InvitationEnded(
            _("Lời mời đã quá 30 ngày nên không dùng được nữa. Bạn hãy nhờ người nộp hồ sơ gửi lại.")
        )


def _require_invited(author: EntryAuthor, held: AuthorInvitation, actor: Actor) -> None:
    if actor.id is not None and author.account_id == actor.id:
        return
    account = None if actor.id is None else session().get(Account, (session().tenant_id, actor.id))
    if (
        account is None
        or account.verified_at is None
        or email_digest(account.email or "") != held.email_digest
    ):
        raise NotTheInvited(
            _(
                "Lời mời này gửi đến một địa chỉ thư khác với tài khoản bạn đang dùng. Bạn hãy đăng xuất rồi mở lại "
                "liên kết và đăng nhập bằng đúng địa chỉ đã nhận thư, hoặc nhờ người nộp hồ sơ mời địa chỉ bạn đang "
                "dùng."
            )
        )


def _own(entry: Entry, actor: Actor) -> EntryAuthor:
    ask = select(EntryAuthor).where(EntryAuthor.entry_id == entry.id, EntryAuthor.account_id == actor.id)
    found = (
        session()
        .scalars(ask.order_by(EntryAuthor.position).execution_options(populate_existing=True))
        .first()
    )
    if actor.id is None or found is None:
        raise NotFound(_("Tài khoản của bạn không gắn với tác giả nào trong danh sách này."))
    return found


def _confirm(entry: Entry, author: EntryAuthor, seen: str, *, actor: Actor, now: datetime) -> EntryAuthor:
    if author.confirmed_how == BY_ACCOUNT:
        return author
    if seen != terms_of(author):
        raise TermsChanged(
            _("Danh sách tác giả vừa được sửa. Bạn hãy đọc lại vai trò và tỷ lệ mới rồi xác nhận.")
        )
    is_first = author.account_id is None
    author.account_id = actor.id
    author.declined_at, author.decline_reason = None, ""
    author.confirmed_at, author.confirmed_how = now, BY_ACCOUNT
    held = _reached(author)
    if held is not None:
        held.asked_again = False
    session().flush()
    _log("entry.author_confirmed", entry, author, actor=actor, now=now)
    if is_first and actor.id is not None and not is_owner(actor, entry):
        _let_view(entry, actor.id, actor=actor, now=now)
    if is_first:
        emit(StakeTaken(entry.edition_id, entry.id, actor.id, now))
    if entry.version > 0:
        send_receipt_to_author(entry, author)
    return author


def _let_view(entry: Entry, account_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Who confirms may read what they stand for; the owner may give more, or take it."""
    values = {
        "entry_id": entry.id,
        "account_id": account_id,
        "level": str(Right.VIEW),
        "given_by": entry.owner_id,
        "given_at": now,
    }
    if insert_once(EntryRight, ("entry_id", "account_id"), values):
        data = {"account": str(account_id), "right": str(Right.VIEW)}
        audit.append("entry.right_given", entry.code or entry.ref, data, actor=actor, now=now)


def _decline(
    entry: Entry, author: EntryAuthor, edition: EditionView, reason: str, *, actor: Actor, now: datetime
) -> EntryAuthor:
    words = clean(reason)
    if author.declined_at is not None:
        return author
    if not words:
        raise Invalid.one("reason", _("Bạn hãy ghi lý do để người nộp hồ sơ biết mà sửa."))
    if len(words) > LONGEST_REASON:
        raise Invalid.one(
            "reason", _("Lý do dài %(count)s ký tự, tối đa %(most)s.", count=len(words), most=LONGEST_REASON)
        )
    author.confirmed_at = author.confirmed_how = None
    author.declined_at, author.decline_reason = now, words
    session().flush()
    _log("entry.author_declined", entry, author, actor=actor, now=now)
    send_declined(entry, edition, author, now=now)
    return author


def _reached(author: EntryAuthor) -> AuthorInvitation | None:
    ask = select(AuthorInvitation).where(AuthorInvitation.author_id == author.id)
    return session().scalars(ask).one_or_none()


def _log(action: str, entry: Entry, author: EntryAuthor, *, actor: Actor, now: datetime) -> None:
    """The log names the author by the row alone: no name, no address."""
    audit.append(action, entry.code or entry.ref, {"author": str(author.id)}, actor=actor, now=now)
