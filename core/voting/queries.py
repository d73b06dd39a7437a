"""Reads of the vote: what can be voted for, receipts, counts."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import bindparam, func, select

from core.entries.models import Entry
from core.entries.states import State
from core.kernel.audit import AuditRecord
from core.kernel.db import session
from core.kernel.errors import NotFound
from core.kernel.prepared import Prepared
from core.voting.models import Vote, VoteFreeze, VoteTally
from core.voting.values import FreezeView, ReceiptView, VotableRow

_by_code = Prepared(
    lambda tenant: select(
        Entry.id, Entry.code, Entry.title, Entry.edition_id, Entry.state, Entry.published_at
    ).where(Entry.tenant_id == tenant, Entry.code == bindparam("code"), Entry.published_at.is_not(None))
)


def access_votable(code: str) -> VotableRow:
    """The published entry `code` of this tenant; NotFound for any other. One query."""
    rows = _by_code.rows(code=code)
    if not rows:
        raise NotFound(_("Không có bài dự thi này trong danh sách bình chọn."))
    return VotableRow(*rows[0])


def access_vote(receipt: str) -> Vote:
    """The vote with this receipt code, for the committee; NotFound for any other."""
    found = session().scalars(select(Vote).where(Vote.receipt == receipt)).one_or_none()
    if found is None:
        raise NotFound(_("Không có phiếu bình chọn này."))
    return found


def voted_entries(account_id: UUID, entry_ids: Sequence[UUID]) -> frozenset[UUID]:
    """Those of `entry_ids` that the account has a vote for, standing or cancelled."""
    ask = select(Vote.entry_id).where(Vote.account_id == account_id, Vote.entry_id.in_(entry_ids))
    return frozenset(session().scalars(ask))


def votes_of(account_id: UUID, edition_id: UUID) -> dict[UUID, str]:
    """Entry → receipt code of the account's standing votes in an edition."""
    ask = select(Vote.entry_id, Vote.receipt).where(Vote.account_id == account_id)
    rows = session().execute(ask.where(Vote.edition_id == edition_id, Vote.cancelled_at.is_(None)))
    return {row.entry_id: row.receipt for row in rows}


def receipt_of(receipt: str, account_id: UUID) -> ReceiptView:
    """The account's own receipt; NotFound for any other."""
    owner = session().scalars(select(Vote.account_id).where(Vote.receipt == receipt)).one_or_none()
    found = receipt_by_code(receipt) if owner == account_id else None
    if found is None:
        raise NotFound(_("Không có phiếu bình chọn này."))
    return found


def receipt_by_code(receipt: str) -> ReceiptView | None:
    """What anyone may learn who holds the code (typed in any case, blanks and dashes ignored); None when unknown."""
    wanted = "".join(receipt.split()).replace("-", "").upper()
    ask = select(
        Vote.receipt,
        Vote.edition_id,
        Entry.code,
        Entry.title,
        Vote.cast_at,
        Vote.commitment,
        Vote.cancelled_at,
        Vote.cancel_reason,
    ).join(Entry, Entry.id == Vote.entry_id)
    row = session().execute(ask.where(Vote.receipt == wanted)).one_or_none()
    if row is None:
        return None
    logged = select(AuditRecord.seq, AuditRecord.data).where(
        AuditRecord.subject == row.code, AuditRecord.action == "vote.cast", AuditRecord.at == row.cast_at
    )
    lines = session().execute(logged)
    number = next((line.seq for line in lines if line.data.get("commitment") == row.commitment), None)
    return ReceiptView(
        code=row.receipt,
        edition_id=row.edition_id,
        entry=row.code or "",
        title=row.title,
        cast_at=row.cast_at,
        commitment=row.commitment,
        cancelled_at=row.cancelled_at,
        cancel_reason=row.cancel_reason,
        log_number=number,
    )


def freeze_of(edition_id: UUID) -> FreezeView | None:
    """The frozen counts of an edition, or None before the freeze."""
    row = session().scalars(select(VoteFreeze).where(VoteFreeze.edition_id == edition_id)).one_or_none()
    if row is None:
        return None
    return FreezeView(row.at, row.by_name, row.votes, row.sha256, sum(row.votes.values()))


def frozen_votes(edition_id: UUID) -> dict[str, int] | None:
    """Entry code → votes as frozen; None before the freeze. What the results are computed from."""
    found = freeze_of(edition_id)
    return None if found is None else dict(found.votes)


def counted_votes(edition_id: UUID) -> dict[str, int]:
    """Entry code → standing votes, counted from the votes themselves; every votable entry, zeros too. One query."""
    standing = (
        select(Vote.entry_id, func.count().label("votes"))
        .where(Vote.edition_id == edition_id, Vote.cancelled_at.is_(None))
        .group_by(Vote.entry_id)
        .subquery()
    )
    ask = (
        select(Entry.code, func.coalesce(standing.c.votes, 0))
        .outerjoin(standing, standing.c.entry_id == Entry.id)
        .where(Entry.edition_id == edition_id, Entry.published_at.is_not(None), Entry.state == State.ACCEPTED)
        .order_by(Entry.code)
    )
    return {str(code): int(votes) for code, votes in session().execute(ask)}


def kept_votes(edition_id: UUID) -> dict[str, int]:
    """Entry code → the running tally of every votable entry. One query."""
    ask = (
        select(Entry.code, func.coalesce(VoteTally.votes, 0))
        .outerjoin(VoteTally, VoteTally.entry_id == Entry.id)
        .where(Entry.edition_id == edition_id, Entry.published_at.is_not(None), Entry.state == State.ACCEPTED)
        .order_by(Entry.code)
    )
    return {str(code): int(votes) for code, votes in session().execute(ask)}
