"""Councils as their decisions have them: seats, judging groups, signed pledges, and who stepped in for whom."""

from __future__ import annotations

import datetime as dt
from datetime import datetime
from uuid import UUID

from sqlalchemy import Boolean, Date, Integer, String, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, TenantOwned, owned_args, owned_key
from core.kernel.types import UtcInstant


class Council(TenantOwned, Base):
    """The council of a round. What the committee does not know of the decision stays empty.

    `pledge` is the committee's own wording, "" for the platform's. `reserves_step_in` lets a reserve take over by
    himself, without an officer's button, when a judge leaves.
    """

    __tablename__ = "council"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "edition_id", "round"), owned_key("edition_id", "edition")
    )

    edition_id: Mapped[UUID] = mapped_column(Uuid)
    round: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(200), default="")
    decision: Mapped[str] = mapped_column(String(60), default="")
    decided_on: Mapped[dt.date | None] = mapped_column(Date)
    answer_by: Mapped[datetime | None] = mapped_column(UtcInstant)
    pledge_required: Mapped[bool] = mapped_column(Boolean, default=True)
    pledge: Mapped[str] = mapped_column(Text, default="")
    reserves_step_in: Mapped[bool] = mapped_column(Boolean, default=False)
    made_at: Mapped[datetime] = mapped_column(UtcInstant)


class Seat(TenantOwned, Base):
    """A person on a council: `role` and `state` as in `core.judging.seats`; `position` is the place in the list.

    `reason` is why the person declined or left.
    """

    __tablename__ = "council_seat"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "council_id", "account_id"),
        owned_key("council_id", "council"),
        owned_key("account_id", "account"),
    )

    council_id: Mapped[UUID] = mapped_column(Uuid)
    account_id: Mapped[UUID] = mapped_column(Uuid)
    position: Mapped[int] = mapped_column(Integer)
    role: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(10), default="invited")
    invited_at: Mapped[datetime] = mapped_column(UtcInstant)
    reminded_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    answered_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    reason: Mapped[str] = mapped_column(Text, default="")


class Group(TenantOwned, Base):
    """A judging group of a council: it takes some of the contest's fields, and some of the seats sit in it."""

    __tablename__ = "council_group"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "council_id", "name"), owned_key("council_id", "council")
    )

    council_id: Mapped[UUID] = mapped_column(Uuid)
    name: Mapped[str] = mapped_column(String(120))


class GroupField(TenantOwned, Base):
    """A field that a group takes; a field is in one group of a council at most."""

    __tablename__ = "council_group_field"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "council_id", "field"),
        owned_key("council_id", "council"),
        owned_key("group_id", "council_group"),
    )

    council_id: Mapped[UUID] = mapped_column(Uuid)
    group_id: Mapped[UUID] = mapped_column(Uuid)
    field: Mapped[str] = mapped_column(String(40))


class GroupSeat(TenantOwned, Base):
    """A seat that sits in a group; one may sit in several."""

    __tablename__ = "council_group_seat"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "group_id", "seat_id"),
        owned_key("group_id", "council_group"),
        owned_key("seat_id", "council_seat"),
    )

    group_id: Mapped[UUID] = mapped_column(Uuid)
    seat_id: Mapped[UUID] = mapped_column(Uuid)


class Pledge(TenantOwned, Base):
    """What a seat signed: the whole text as it was read, its version and SHA-256, when, and on which device."""

    __tablename__ = "council_pledge"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "seat_id"), owned_key("seat_id", "council_seat")
    )

    seat_id: Mapped[UUID] = mapped_column(Uuid)
    version: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text)
    text_sha256: Mapped[str] = mapped_column(String(64))
    signed_at: Mapped[datetime] = mapped_column(UtcInstant)
    device: Mapped[str] = mapped_column(String(200), default="")


class StandIn(TenantOwned, Base):
    """A reserve who judges an entry in the place of a judge who left it or has a conflict."""

    __tablename__ = "council_stand_in"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "judge_id", "entry_id", "round"),
        owned_key("edition_id", "edition"),
        owned_key("judge_id", "judge"),
        owned_key("entry_id", "entry"),
        owned_key("reserve_id", "judge"),
    )

    edition_id: Mapped[UUID] = mapped_column(Uuid)
    judge_id: Mapped[UUID] = mapped_column(Uuid)
    entry_id: Mapped[UUID] = mapped_column(Uuid)
    round: Mapped[str] = mapped_column(String(20))
    reserve_id: Mapped[UUID] = mapped_column(Uuid)
    at: Mapped[datetime] = mapped_column(UtcInstant)
