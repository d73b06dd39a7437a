"""Builders for the vote: voters, and votes cast through the service.

The tenant must be bound; nothing is committed here.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from core.contests.values import EditionView
from core.entries.models import Entry
from core.kernel.db import session, tenant_scope
from core.people.models import Account
from core.plugin_api import Plugin, PluginInfo, PluginRef, Text, VotePolicy, hookimpl
from core.plugin_host import rules_for
from core.plugin_host.host import Host
from core.voting.models import Vote, VoteTally
from core.voting.services import cast_vote
from core.voting.values import VoteReceipt
from tests.support.entries import account, make_entry
from tests.support.factories import NOW, TenantFacts, World, actor_of, make_account, view

ADDRESS = "203.0.113.7"


@contextmanager
def in_tenant(world: World, facts: TenantFacts) -> Iterator[EditionView]:
    """The application context with the tenant bound; what was done is committed at the end."""
    with world.app.app_context(), tenant_scope(facts.id) as current:
        yield view(facts)
        current.commit()


def make_voters(count: int) -> list[Account]:
    """Verified accounts `voter1@example.vn` and on."""
    return [
        make_account(f"voter{number}@example.vn", name=f"Cử tri {number}") for number in range(1, count + 1)
    ]


def make_entries(edition: EditionView, count: int) -> list[Entry]:
    """Published entries of the test world's author."""
    owner = account()
    return [make_entry(edition, owner, title=f"Máy sấy chè {number}") for number in range(1, count + 1)]


def cast(
    edition: EditionView, entry: Entry, voter: Account, *, now: datetime = NOW, address: str | None = ADDRESS
) -> VoteReceipt:
    """One vote through the service."""
    return cast_vote(edition, entry, voter=actor_of(voter), now=now, address=address)


def vote_count() -> int:
    """How many votes the bound tenant has, cancelled ones too."""
    return session().scalars(select(func.count()).select_from(Vote)).one()


def tally_of(entry_id: UUID) -> int:
    """The running tally of an entry; 0 when it has none yet."""
    return session().scalars(select(VoteTally.votes).where(VoteTally.entry_id == entry_id)).one_or_none() or 0


def stored_vote(receipt: str) -> Vote:
    """The stored vote with this receipt code."""
    return session().scalars(select(Vote).where(Vote.receipt == receipt)).one()


class _Limited:
    """A plugin's rules: an account votes for at most `most` entries."""

    def __init__(self, most: int) -> None:
        self.most = most

    @hookimpl
    def vote_policy(self) -> VotePolicy:
        """One vote an entry, for at most `most` entries."""
        return VotePolicy(enabled=True, max_entries=self.most)


def limited(edition: EditionView, most: int) -> EditionView:
    """The same edition under rules that let an account vote for at most `most` entries."""
    info = PluginInfo("limited", "1.0.0", Text("Hạn số phiếu", "Limited"), ("1.0", "2.0"))
    host = Host.of(Plugin(info, hooks=(_Limited(most),)))
    values = replace(edition.values, plugins=(PluginRef("limited", "1.0.0"),), settings={})
    made = replace(edition, values=values)
    made.__dict__["rules"] = rules_for(values, host=host)
    return made
