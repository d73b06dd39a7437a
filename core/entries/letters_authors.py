"""Letters to authors who are asked to confirm, and to owners about what they answered."""

from __future__ import annotations

from datetime import datetime

from flask_babel import force_locale
from flask_babel import gettext as _

from core.contests.values import EditionView
from core.entries.letters import owner_of, send_entry_letter
from core.entries.models import AuthorInvitation, Entry, EntryAuthor
from core.entries.words import role_name, share_text
from core.kernel.formats import datetime_
from core.letters.post import Reader, bound_tenant, language_for, site_address
from core.people.models import Account
from core.people.services.mails import reached_at


def send_invitation_letter(
    entry: Entry,
    edition: EditionView,
    author: EntryAuthor,
    invitation: AuthorInvitation,
    token: str,
    *,
    inviter: str,
    now: datetime,
) -> None:
    """Ask an author to confirm name, role and share; the letter alone holds the link."""
    to = Reader(invitation.email, author.name)
    language = language_for(to.language, bound_tenant().profile)
    with force_locale(language):
        stated = [
            _("Họ và tên: %(name)s", name=author.name),
            _("Vai trò: %(role)s", role=role_name(author.role)),
        ]
        if author.share is not None:
            stated.append(_("Tỷ lệ đóng góp: %(share)s", share=share_text(author.share)))
        if invitation.asked_again:
            stated.append(_("Vai trò hoặc tỷ lệ vừa thay đổi so với lần xác nhận trước."))
    until = invitation.expires_at
    values = {
        "nguoi_moi": inviter,
        "noi_dung": "\n".join(stated),
        "dung_den": "" if until is None else datetime_(until, language),
        "dia_chi": f"{site_address()}/du-thi/loi-moi/{token}",
    }
    send_entry_letter("author-invitation", entry, edition, to, values, now=now)


def send_declined(entry: Entry, edition: EditionView, author: EntryAuthor, *, now: datetime) -> None:
    """Tell the owner who declined and why, and what to do."""
    values = {
        "tac_gia": author.name,
        "ly_do": author.decline_reason,
        "dia_chi": f"{site_address()}/du-thi/{entry.ref}/tac-gia",
    }
    send_entry_letter("author-declined", entry, edition, owner_of(entry), values, now=now)


def send_handed_over(
    entry: Entry, edition: EditionView, owner: Account, giver: str, *, now: datetime
) -> None:
    """Tell an account that a dossier is its own from now on."""
    to = Reader(reached_at(owner), owner.name, owner.language)
    send_entry_letter("dossier-handed-over", entry, edition, to, {"nguoi_giao": giver}, now=now)
