"""Ballots of a council: what is asked, who may vote, and the counts.

Of a secret ballot no row holds a person and a choice together: `BallotVoter` says who has voted, without a time and
without a choice; `BallotOption.votes` and `Ballot.blank` are counts, and each vote writes all of them at once, so that
no row's age tells which one was meant.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Integer, String, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, TenantOwned, owned_args, owned_key
from core.kernel.types import JsonDoc, UtcInstant


class Ballot(TenantOwned, Base):
    """A question put to the vote in a round; `number` counts them there. `state` is open, closed or cancelled.

    `entries` are the codes of all dossiers that question or options name: who has a conflict with one of them neither
    votes nor sees the ballot. `quorum`, `majority` and `basis` are values of `tally`. `blank` counts a secret ballot's
    blank votes; 0 in an open one. `outcome` is the frozen result of the one count, None until it is closed; `reason` is
    why it was cancelled. `form_token` makes the same form one ballot.
    """

    __tablename__ = "council_ballot"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "edition_id", "round", "number"),
        UniqueConstraint("tenant_id", "form_token"),
        owned_key("edition_id", "edition"),
        owned_key("opened_by", "account"),
        owned_key("closed_by", "account"),
    )

    edition_id: Mapped[UUID] = mapped_column(Uuid)
    round: Mapped[str] = mapped_column(String(20))
    number: Mapped[int] = mapped_column(Integer)
    form_token: Mapped[str] = mapped_column(String(64))
    question: Mapped[str] = mapped_column(String(500))
    is_secret: Mapped[bool] = mapped_column(Boolean)
    quorum: Mapped[str] = mapped_column(String(12))
    majority: Mapped[str] = mapped_column(String(12))
    basis: Mapped[str] = mapped_column(String(5), default="valid")
    blank: Mapped[int] = mapped_column(Integer, default=0)
    entries: Mapped[list[str]] = mapped_column(JsonDoc, default=list)
    state: Mapped[str] = mapped_column(String(10), default="open")
    opened_by: Mapped[UUID | None] = mapped_column(Uuid)
    opened_name: Mapped[str] = mapped_column(String(200))
    opened_at: Mapped[datetime] = mapped_column(UtcInstant)
    closed_by: Mapped[UUID | None] = mapped_column(Uuid)
    closed_name: Mapped[str] = mapped_column(String(200), default="")
    closed_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    reason: Mapped[str] = mapped_column(Text, default="")
    outcome: Mapped[dict[str, Any] | None] = mapped_column(JsonDoc(none_as_null=True))


class BallotOption(TenantOwned, Base):
    """One option; `entry_id` where it is a dossier. `votes` counts a secret ballot's votes; 0 in an open one."""

    __tablename__ = "council_ballot_option"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "ballot_id", "position"),
        owned_key("ballot_id", "council_ballot"),
        owned_key("entry_id", "entry"),
    )

    ballot_id: Mapped[UUID] = mapped_column(Uuid)
    position: Mapped[int] = mapped_column(Integer)
    words: Mapped[str] = mapped_column(String(400))
    entry_id: Mapped[UUID | None] = mapped_column(Uuid)
    votes: Mapped[int] = mapped_column(Integer, default=0)


class BallotVoter(TenantOwned, Base):
    """Somebody who may vote, as fixed at the opening. `choice` (a position, 0 for a blank vote) is kept in open ballots
    alone."""

    __tablename__ = "council_ballot_voter"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "ballot_id", "account_id"),
        owned_key("ballot_id", "council_ballot"),
        owned_key("account_id", "account"),
    )

    ballot_id: Mapped[UUID] = mapped_column(Uuid)
    account_id: Mapped[UUID] = mapped_column(Uuid)
    name: Mapped[str] = mapped_column(String(200))
    has_voted: Mapped[bool] = mapped_column(Boolean, default=False)
    choice: Mapped[int | None] = mapped_column(Integer)
