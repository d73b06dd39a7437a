"""What an account is asked to confirm: its lines in lists of authors, known by its address or because it confirmed
before. The way there without the letter and its link.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import Select, and_, select, union

from core.entries.models import AuthorInvitation, Entry, EntryAuthor
from core.entries.policies import email_digest
from core.entries.states import State
from core.kernel.actor import Actor
from core.kernel.db import session
from core.kernel.errors import NotFound
from core.people.models import Account


@dataclass(frozen=True, slots=True)
class Ask:
    """A line of an author, in whose list it stands, and the invitation that was sent; None where there was none.

    `is_tied`: the account has confirmed this line before, so that it needs no link.
    """

    entry: Entry
    author: EntryAuthor
    held: AuthorInvitation | None
    is_tied: bool

    @property
    def is_closed(self) -> bool:
        """Whether there is nothing left to answer: it was answered, or the dossier takes no part any more."""
        is_answered = self.author.confirmed_at is not None or self.author.declined_at is not None
        return is_answered or State(self.entry.state) in (State.REFUSED, State.WITHDRAWN)

    @property
    def lapses_at(self) -> datetime | None:
        """Until when an invitation can be answered (exclusive); None for a tied line, which lapses never."""
        return None if self.is_tied or self.held is None else self.held.expires_at

    def is_open(self, now: datetime) -> bool:
        """Whether the account can answer at `now`."""
        return not self.is_closed and (self.lapses_at is None or now < self.lapses_at)


def asks_of(actor: Actor) -> list[Ask]:
    """Every line that the actor is asked about, answered ones too, newest dossiers first. Two queries."""
    account = _account_of(actor)
    if account is None:
        return []
    ask = _statement(account).order_by(Entry.created_at.desc(), EntryAuthor.position)
    return [Ask(*row, row[1].account_id == account.id) for row in session().execute(ask).all()]


def access_ask(actor: Actor, author_id: UUID) -> Ask:
    """The line with this id, for the account that is asked about it; raises NotFound. Two queries."""
    account = _account_of(actor)
    found = None
    if account is not None:
        statement = _statement(account).where(EntryAuthor.id == author_id)
        found = session().execute(statement.execution_options(populate_existing=True)).one_or_none()
    if account is None or found is None:
        raise NotFound(_("Không có lời mời xác nhận nào ở đây cho tài khoản của bạn."))
    return Ask(*found, found[1].account_id == account.id)


def _account_of(actor: Actor) -> Account | None:
    return None if actor.id is None else session().get(Account, (session().tenant_id, actor.id))


def _statement(account: Account) -> Select[Entry, EntryAuthor, AuthorInvitation]:
    """A link that was sent and not taken back asks whoever proved to own its address; a tied account needs none."""
    lines = [select(EntryAuthor.id).where(EntryAuthor.account_id == account.id)]
    if account.email and account.verified_at is not None:
        is_invited = AuthorInvitation.email_digest == email_digest(account.email)
        lines.append(
            select(AuthorInvitation.author_id).where(is_invited, AuthorInvitation.digest.is_not(None))
        )
    return (
        select(Entry, EntryAuthor, AuthorInvitation)
        .join(
            EntryAuthor,
            and_(EntryAuthor.tenant_id == Entry.tenant_id, EntryAuthor.entry_id == Entry.id),
        )
        .outerjoin(
            AuthorInvitation,
            and_(
                AuthorInvitation.tenant_id == EntryAuthor.tenant_id,
                AuthorInvitation.author_id == EntryAuthor.id,
            ),
        )
        .where(EntryAuthor.id.in_(union(*lines)))
    )
