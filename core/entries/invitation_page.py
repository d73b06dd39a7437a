"""The page on which an author confirms or declines, behind a letter's link or opened from the list of things to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import render_template, request

from core.contests.values import EditionView
from core.entries.content import authors_of
from core.entries.models import Entry, EntryAuthor
from core.entries.policies import has_right
from core.entries.rights import Right
from core.entries.services.author_invitations import InvitationEnded, NotTheInvited
from core.entries.services.author_rows import ON_PAPER, terms_of
from core.entries.words import role_name, share_text
from core.kernel.actor import Actor

# Letters go to addresses that somebody typed: enough for thirty authors and their second letters, no mail gun.
OFTEN = "240 per hour"


def invitation_page(
    entry: Entry,
    author: EntryAuthor,
    edition: EditionView,
    *,
    here: str,
    actor: Actor | None,
    errors: Mapping[str, Sequence[str]],
) -> str:
    """What the author is asked; the answer is sent to `here`. A stranger (no actor) is led to signing in."""
    return render_template(
        "entries/authors_invitation.html",
        entry=entry,
        author=author,
        contest=edition.name,
        role=role_name(author.role),
        share=_share(author),
        others=[(one, role_name(one.role), _share(one)) for one in authors_of([entry.id])[entry.id]],
        is_done=author.confirmed_at is not None and author.confirmed_how != ON_PAPER,
        is_stranger=actor is None,
        may_open=actor is not None and has_right(actor, entry, Right.VIEW),
        here=here,
        seen=terms_of(author),
        errors=errors,
        typed=request.form.get("reason", ""),
    )


def refused_invitation(refused: InvitationEnded | NotTheInvited) -> tuple[str, int]:
    """The page that tells why an invitation cannot be answered."""
    is_other = isinstance(refused, NotTheInvited)
    page = render_template("entries/authors_refused.html", message=refused.message, is_other=is_other)
    return page, refused.status


def _share(author: EntryAuthor) -> str:
    return "" if author.share is None else share_text(author.share)
