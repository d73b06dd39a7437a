"""Casting, cancelling and freezing votes.

What keeps a vote out of a frozen count: a vote writes its line to the audit log last and then looks for the freeze;
the freeze writes a line first and then counts. Both hold the log's head from their line to their commit, so a vote
either is in the count or finds the freeze and is undone. Everyone takes the tally's row before the log's head, so
nobody who holds the head ever waits for a tally.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import BindParameter, Integer, Uuid, bindparam, exists, func, select

from core.contests.models import Edition
from core.contests.values import EditionView
from core.kernel import audit
from core.kernel.actor import Actor
from core.kernel.canonical import sha256_of
from core.kernel.db import is_postgresql, lock_row, session
from core.kernel.errors import Invalid, NotFound
from core.kernel.i18n import locale
from core.kernel.ids import spoken_code, token, uuid7
from core.kernel.prepared import Outcome, Prepared, PreparedFor, insert_for, together
from core.kernel.text import clean
from core.people.models import Account
from core.tenancy.scope import touch_public
from core.voting import policies
from core.voting.models import Vote, VoteFreeze, VoteTally
from core.voting.policies import (
    NotVerified,
    Votable,
    VoteCancelled,
    VoteLimit,
    VotesFrozen,
    VotingStillOpen,
    require_manager,
    require_votable,
    require_voting_open,
)
from core.voting.queries import counted_votes, freeze_of, kept_votes
from core.voting.values import FreezeView, VoteReceipt

# The log shows that a vote was cast and when, never by whom; the vote's own row knows.
_VOTER = Actor(id=None, name="Người bình chọn")

# A vote is the busiest deed of all: its statements are built once.
_verified_at = Prepared(
    lambda tenant: select(Account.verified_at).where(
        Account.tenant_id == tenant, Account.id == bindparam("account", type_=Uuid())
    )
)


def _inserting(tenant: BindParameter[UUID], dialect: str) -> Any:
    """Inserts a vote (parameters `vote_` and the column) and gives its id; nothing when the voter has one already."""
    columns = Vote.__table__.c
    row = {name: bindparam(f"vote_{name}", type_=columns[name].type) for name in _VOTE}
    new = insert_for(dialect)(Vote).values(tenant_id=tenant, **row)
    return new.on_conflict_do_nothing(index_elements=["tenant_id", "entry_id", "account_id"]).returning(
        Vote.id
    )


def _counting(tenant: BindParameter[UUID], dialect: str, vote: Any = None) -> Any:
    """Counts the vote `vote_id` up or down by `step`, and gives the new count; nothing when there is no such vote."""
    columns = ("tenant_id", "id", "edition_id", "entry_id", "votes")
    ids = [bindparam(name, type_=Uuid()) for name in ("tally_id", "vote_edition_id", "vote_entry_id")]
    ask = select(tenant, *ids, bindparam("step", type_=Integer()))
    if vote is None:
        ask = ask.where(
            exists().where(Vote.tenant_id == tenant, Vote.id == bindparam("vote_id", type_=Uuid()))
        )
    else:
        ask = ask.select_from(vote)
    new = insert_for(dialect)(VoteTally).from_select(columns, ask)
    grown = {"votes": VoteTally.votes + new.excluded.votes}
    counted = new.on_conflict_do_update(index_elements=["tenant_id", "entry_id"], set_=grown)
    return counted.returning(VoteTally.votes)


def _casting(tenant: BindParameter[UUID], dialect: str) -> Any:
    """Both; on PostgreSQL in one statement."""
    return _counting(tenant, dialect, vote=_inserting(tenant, dialect).cte("vote_cast"))


_VOTE = (
    "id",
    "edition_id",
    "entry_id",
    "account_id",
    "cast_at",
    "receipt",
    "nonce",
    "commitment",
    "address_digest",
)
_insert, _count, _cast = PreparedFor(_inserting), PreparedFor(_counting), PreparedFor(_casting)
_appender = audit.Appender(
    lambda tenant: select(
        exists().where(
            VoteFreeze.tenant_id == tenant,
            VoteFreeze.edition_id == bindparam("vote_edition_id", type_=Uuid()),
        )
    )
)


def cast_vote(
    edition: EditionView, entry: Votable, *, voter: Actor, now: datetime, address: str | None
) -> VoteReceipt:
    """Record one vote of `voter` for `entry` and give the receipt.

    One account has one vote an entry: casting it again gives the first receipt with `is_new` False. `address` is
    kept only as a keyed digest. Raises PhaseClosed (with the dates) outside the voting phase, VotesFrozen after the
    freeze, NotVotable, NotVerified, VoteLimit, VoteCancelled.
    """
    policy = require_voting_open(edition, now)
    require_votable(entry, edition)
    voter_id = _verified(voter)
    if policy.max_entries is not None:
        _require_room(edition, entry, voter_id, policy.max_entries)
    receipt, nonce = spoken_code(), token()
    commitment = commitment_of(edition.key, entry.code or "", voter_id, receipt, nonce)
    vote = {
        "id": uuid7(),
        "edition_id": edition.id,
        "entry_id": entry.id,
        "account_id": voter_id,
        "cast_at": now,
        "receipt": receipt,
        "nonce": nonce,
        "commitment": commitment,
        "address_digest": digest_of(address, edition),
    }
    is_new, held = _add_vote({f"vote_{name}": value for name, value in vote.items()})
    if not is_new:
        return _first_receipt(edition, entry, voter_id)
    code, line = entry.code or "", {"commitment": commitment}
    _seq, frozen = _appender.append(
        held, "vote.cast", code, line, actor=_VOTER, now=now, vote_edition_id=edition.id
    )
    _require_not_frozen(frozen=frozen)
    return VoteReceipt(receipt, code, commitment, now, is_new=True)


def _add_vote(vote: dict[str, Any]) -> tuple[bool, Outcome]:
    """Whether the vote is new (it is then stored and counted), and the log's head, held."""
    tally = {"tally_id": uuid7(), "step": 1}
    if is_postgresql():
        counted, held = together(_cast.given(**vote, **tally), audit.take_head())
    else:
        of = {name: vote[name] for name in ("vote_id", "vote_edition_id", "vote_entry_id")}
        _added, counted, held = together(
            _insert.given(**vote), _count.given(**of, **tally), audit.take_head()
        )
    return bool(counted.rows), held


def cancel_vote(vote: Vote, reason: str, *, actor: Actor, now: datetime) -> None:
    """Take a vote out of the count, for a reason that is kept with it; before the freeze only.

    A vote that is cancelled already stays as it is. Raises Invalid without a reason, VotesFrozen after the freeze.
    """
    require_manager(actor)
    reason = clean(reason)
    if not reason:
        raise Invalid.one("reason", _("Cần ghi lý do hủy phiếu."))
    if len(reason) > 1000:
        raise Invalid.one("reason", _("Dài quá %(most)s ký tự, bạn hãy viết ngắn hơn.", most=1000))
    held = lock_row(Vote, Vote.id == vote.id)
    if held is None:
        raise NotFound(_("Không có phiếu bình chọn này."))
    session().refresh(held)
    if held.cancelled_at is not None:
        return
    held.cancelled_at = now
    held.cancel_reason = reason
    session().flush()
    counted = _count.given(
        vote_id=held.id,
        vote_edition_id=held.edition_id,
        vote_entry_id=held.entry_id,
        tally_id=uuid7(),
        step=-1,
    )
    _counted, head = together(counted, audit.take_head())
    line = {"reason": reason}
    _seq, frozen = _appender.append(
        head, "vote.cancelled", held.commitment, line, actor=actor, now=now, vote_edition_id=held.edition_id
    )
    _require_not_frozen(frozen=frozen)


def freeze_votes(edition: EditionView, *, actor: Actor, now: datetime) -> FreezeView:
    """End the vote: count the standing votes of every entry in the gallery (zeros too), fix the counts and hash them.

    The count is of the votes themselves; where the running tally says otherwise, `differences` and the log tell.
    Freezing again gives the first freeze. Raises VotingStillOpen before the voting phase has ended.
    """
    require_manager(actor)
    # Not a plain FOR UPDATE: a vote about to commit looks at the edition's key while it holds the log's head.
    held = select(Edition.id).where(Edition.id == edition.id).with_for_update(key_share=True)
    session().execute(held)
    earlier = freeze_of(edition.id)
    if earlier is not None:
        return earlier
    if not policies.voting_is_over(edition, now):
        raise VotingStillOpen(
            _(
                "Chưa hết thời gian bình chọn (%(window)s) nên chưa chốt phiếu được.",
                window=policies.window_of(edition),
            )
        )
    audit.append("votes.closing", edition.key, {}, actor=actor, now=now)
    votes = counted_votes(edition.id)
    found = policies.differences(kept_votes(edition.id), votes)
    digest = sha256_of(votes)
    frozen = VoteFreeze(edition_id=edition.id, at=now, by_name=actor.name, votes=votes, sha256=digest)
    session().add(frozen)
    session().flush()
    told = {code: {"kept": kept, "counted": counted} for code, (kept, counted) in found.items()}
    line = {"sha256": digest, "total": sum(votes.values()), "entries": len(votes), "differences": told}
    audit.append("votes.frozen", edition.key, line, actor=actor, now=now)
    touch_public()
    return FreezeView(now, actor.name, votes, digest, sum(votes.values()), found)


def commitment_of(edition_key: str, entry_code: str, voter_id: UUID, receipt: str, nonce: str) -> str:
    """What the log holds of a vote: SHA-256 over the nonce, edition, entry, account and receipt, one a line."""
    return audit.commitment(nonce, [edition_key, entry_code, str(voter_id), receipt])


def digest_of(address: str | None, edition: EditionView) -> str | None:
    """A keyed digest of a voter's address, different in every edition: it groups votes and names nobody."""
    if not address:
        return None
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(key, f"vote:{edition.id}:{address}".encode(), hashlib.sha256).hexdigest()


def _verified(voter: Actor) -> UUID:
    if voter.id is not None and voter.is_verified:
        return voter.id
    rows = _verified_at.rows(account=voter.id) if voter.id is not None else []
    if voter.id is None or not rows or rows[0][0] is None:
        raise NotVerified(_("Bạn cần xác nhận địa chỉ thư điện tử của tài khoản trước khi bình chọn."))
    return voter.id


def _require_room(edition: EditionView, entry: Votable, voter_id: UUID, most: int) -> None:
    """The account's row is held, so that two votes at once do not both take the last place."""
    session().execute(select(Account.id).where(Account.id == voter_id).with_for_update(key_share=True))
    ask = select(func.count()).select_from(Vote).where(Vote.account_id == voter_id)
    others = ask.where(Vote.edition_id == edition.id, Vote.entry_id != entry.id, Vote.cancelled_at.is_(None))
    if session().scalars(others).one() >= most:
        word = edition.rules.terms().entries_lower.in_(locale())
        raise VoteLimit(
            _(
                "Mỗi tài khoản bình chọn cho tối đa %(most)s %(entries)s; bạn đã dùng hết số phiếu của mình.",
                most=most,
                entries=word,
            )
        ).under(policies.clause_of(edition))


def _first_receipt(edition: EditionView, entry: Votable, voter_id: UUID) -> VoteReceipt:
    ask = select(Vote.receipt, Vote.commitment, Vote.cast_at, Vote.cancelled_at)
    row = session().execute(ask.where(Vote.entry_id == entry.id, Vote.account_id == voter_id)).one()
    if row.cancelled_at is not None:
        sentence = _("Ban Tổ chức đã hủy phiếu của bạn ở mục này nên không bình chọn lại được.")
        raise VoteCancelled(sentence).under(policies.clause_of(edition))
    return VoteReceipt(row.receipt, entry.code or "", row.commitment, row.cast_at, is_new=False)


def _require_not_frozen(*, frozen: bool) -> None:
    if frozen:
        raise VotesFrozen(_("Phiếu bình chọn của kỳ này đã được chốt, không thay đổi được nữa."))
