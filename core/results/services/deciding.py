"""The committee's decision."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import delete, select

from core.contests.models import Edition
from core.contests.values import EditionView
from core.entries.barring import barred_entries
from core.entries.models import Entry
from core.kernel import audit
from core.kernel.actor import Actor
from core.kernel.canonical import sha256_of
from core.kernel.clock import local
from core.kernel.db import lock_row, session
from core.kernel.errors import Forbidden, Invalid
from core.kernel.text import clean, clean_line
from core.results import policies
from core.results.decisions import (
    TIER,
    DecidedItem,
    closed_places,
    document_of,
    faults_of_items,
    proposed_of,
    shortfall,
    standing_items,
)
from core.results.errors import NotReady
from core.results.models import Computation, Decision, DecisionItem
from core.results.queries import decided_items, decision_of, latest_computation, outputs_of
from core.results.services.computing import require_unpublished


def record_decision(  # noqa: PLR0913, PLR0917 - the parts of one decision
    edition: EditionView,
    computation: Computation,
    items: Sequence[DecidedItem],
    members: int,
    agreed: int,
    held_on: date,
    number: str = "",
    *,
    actor: Actor,
    now: datetime,
) -> Decision:
    """Keep what the committee decided on `computation`: one decision an edition, changed freely until published.

    Proposals without an item stand as proposed; an item's own `proposed` is not trusted but read from the outputs.
    Of dossiers that the actor is kept from everything stays as it stands, whether he names them or not.
    Raises Forbidden for who would change something of those; Invalid (`tier_<code>`, `reason_<code>`,
    `reason_<award>_<code>`, `agreed`, `members`, `held_on`, `number`) when too few agreed, a departure has no reason,
    or a tier does not exist; NotReady when the computation is not the newest; AlreadyPublished.
    """
    policies.require_manager(actor)
    lock_row(Edition, Edition.id == edition.id)
    require_unpublished(edition)
    latest = latest_computation(edition.id)
    if latest is None or latest.id != computation.id:
        raise NotReady(_("Kết quả đã được tính lại: bạn hãy xem bản mới rồi ghi quyết định."))
    outputs = outputs_of(computation)
    scheme = edition.rules.award_scheme()
    proposed = proposed_of(outputs, (award.key for award in scheme.specials))
    complete = _complete(_apart(edition, items, proposed, actor), proposed)
    number = clean_line(number)
    errors = {field_of(place): [told] for place, told in faults_of_items(complete, outputs, scheme).items()}
    errors |= _share_errors(edition, members, agreed)
    if held_on > local(now).date():
        errors["held_on"] = [_("Ngày họp không thể ở tương lai.")]
    if len(number) > 80:
        errors["number"] = [_("Số văn bản không quá 80 ký tự.")]
    if errors:
        rule = edition.rules.decision_rule()
        raise Invalid(errors).under(edition.rules.clause(rule.clause) if "agreed" in errors else None)
    decision = _stored(edition, computation, actor, now)
    decision.held_on, decision.number = held_on, number
    decision.members, decision.agreed = members, agreed
    session().flush()
    kept = [item for item in complete if item.tier is not None or item.proposed is not None]
    _store_items(decision.id, kept, _ids(edition, [item.entry for item in kept]))
    document = document_of(
        kept,
        outputs_sha256=computation.outputs_sha256,
        number=number,
        held_on=held_on.isoformat(),
        members=members,
        agreed=agreed,
    )
    line = {
        "decisions_sha256": sha256_of(document),
        "outputs_sha256": computation.outputs_sha256,
        "members": members,
        "agreed": agreed,
        "departures": sum(item.departs for item in kept),
    }
    audit.append("result.decided", edition.key, line, actor=actor, now=now)
    return decision


def field_of(place: tuple[str, str]) -> str:
    """The form field at which a fault of (entry, award) is told."""
    entry, award = place
    return f"reason_{entry}" if award == TIER else f"reason_{award}_{entry}"


def _apart(
    edition: EditionView, items: Sequence[DecidedItem], proposed: dict[tuple[str, str], str], actor: Actor
) -> list[DecidedItem]:
    """The items, those that are closed to the actor as they stand. Three queries at most."""
    names = {one.code for one in barred_entries(actor) if one.edition_id == edition.id and one.code}
    if not names:
        return list(items)
    earlier = decision_of(edition.id)
    stands = standing_items(decided_items(earlier.id) if earlier is not None else (), proposed)
    given = {(item.entry, item.award): item for item in items}
    closed = closed_places(stands, given, names)
    for place in closed & given.keys():
        stood = stands.get(place)
        if given[place].tier != (None if stood is None else stood.tier):
            raise Forbidden(
                _(
                    "Bạn có liên quan đến một hồ sơ trong quyết định này nên không đổi được phần của hồ sơ đó. "
                    "Bạn hãy để phần đó như đang có, hoặc để cán bộ khác ghi quyết định."
                )
            )
    kept = [stands[place] for place in sorted(closed & stands.keys())]
    return [item for place, item in given.items() if place not in closed] + kept


def _complete(items: Iterable[DecidedItem], proposed: dict[tuple[str, str], str]) -> list[DecidedItem]:
    given: dict[tuple[str, str], DecidedItem] = {}
    for item in items:
        told = proposed.get((item.entry, item.award))
        # A reason belongs to a departure; beside an item that stands as proposed it would say nothing.
        reason = clean(item.reason) if item.tier != told else ""
        given[item.entry, item.award] = DecidedItem(item.entry, item.award, item.tier, told, reason)
    for (entry, award), tier in proposed.items():
        given.setdefault((entry, award), DecidedItem(entry, award, tier, tier))
    return [given[place] for place in sorted(given)]


def _share_errors(edition: EditionView, members: int, agreed: int) -> dict[str, list[str]]:
    if not 1 <= members <= 1000:
        return {"members": [_("Số thành viên Ban Tổ chức từ 1 đến 1.000.")]}
    short = shortfall(edition.rules.decision_rule(), agreed, members)
    return {"agreed": [short]} if short is not None else {}


def _stored(edition: EditionView, computation: Computation, actor: Actor, now: datetime) -> Decision:
    decision = decision_of(edition.id)
    if decision is None:
        decision = Decision(edition_id=edition.id, held_on=local(now).date(), members=0, agreed=0, number="")
        session().add(decision)
    decision.computation_id = computation.id
    decision.at, decision.by_name = now, actor.name
    return decision


def _ids(edition: EditionView, codes: Sequence[str]) -> dict[str, UUID]:
    ask = select(Entry.code, Entry.id).where(Entry.edition_id == edition.id, Entry.code.in_(codes))
    return {code: entry_id for code, entry_id in session().execute(ask) if code is not None}


def _store_items(decision_id: UUID, items: Sequence[DecidedItem], ids: dict[str, UUID]) -> None:
    session().execute(delete(DecisionItem).where(DecisionItem.decision_id == decision_id))
    for item in items:
        session().add(
            DecisionItem(
                decision_id=decision_id,
                entry_id=ids[item.entry],
                kind=item.award,
                tier=item.tier,
                proposed=item.proposed,
                reason=item.reason,
            )
        )
    session().flush()
