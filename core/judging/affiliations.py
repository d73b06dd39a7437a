"""Where people of councils and of the office work, as they say themselves: compared with dossiers and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import or_, select

from core.judging.conflict_models import Affiliation
from core.judging.conflict_policies import require_person
from core.judging.conflict_values import LOOK
from core.judging.council_models import Council, Seat
from core.judging.models import Judge
from core.judging.seats import ON_COUNCIL
from core.kernel import audit
from core.kernel.actor import Actor, Role
from core.kernel.db import lock_row, session
from core.kernel.errors import Invalid, NotFound
from core.kernel.jobs import enqueue
from core.kernel.prepared import insert_once
from core.kernel.text import clean_line
from core.people.models import Account
from core.people.units import unit_choices

WORKPLACE_CHARS = 300


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody said of where he works; empty where he said nothing."""

    unit_id: UUID | None = None
    workplace: str = ""


def access_affiliation(actor: Actor) -> Said:
    """The actor's own words of where he works; NotFound for who is on no council and not of the office. Two queries."""
    person = require_person(actor)
    judges = select(Judge.account_id).where(Judge.is_active.is_(True))
    sits = select(Seat.account_id).where(Seat.state.in_(ON_COUNCIL))
    belongs = select(Account.id).where(
        Account.id == person, or_(Account.id.in_(judges), Account.id.in_(sits))
    )
    if not actor.is_(Role.COMMITTEE) and session().scalars(belongs).one_or_none() is None:
        raise NotFound(_("Trang này dành cho người trong hội đồng và Ban Tổ chức."))
    ask = select(Affiliation.unit_id, Affiliation.workplace).where(Affiliation.account_id == person)
    row = session().execute(ask).one_or_none()
    return Said() if row is None else Said(*row)


def say_affiliation(unit: str, workplace: str, *, actor: Actor, now: datetime) -> bool:
    """Keep where the actor works, `unit` an id of the tenant's list or "", and look for what it ties him to after the
    request. Returns whether anything changed. Raises NotFound, Invalid at `unit` or `workplace`.
    """
    before = access_affiliation(actor)
    person = require_person(actor)
    known = {str(one.id): one.id for one in unit_choices()}
    workplace = clean_line(workplace)
    if unit and unit not in known:
        raise Invalid.one("unit", _("Bạn hãy chọn một đơn vị trong danh sách."))
    if len(workplace) > WORKPLACE_CHARS:
        raise Invalid.one("workplace", _("Tối đa %(count)s ký tự.", count=WORKPLACE_CHARS))
    said = Said(known.get(unit), workplace)
    if said == before:
        return False
    insert_once(Affiliation, ("account_id",), {"account_id": person, "workplace": "", "at": now})
    row = lock_row(Affiliation, Affiliation.account_id == person)
    row.unit_id, row.workplace, row.at = said.unit_id, said.workplace, now
    session().flush()
    audit.append("account.affiliation_said", str(person), {}, actor=actor, now=now)
    for edition_id in _editions_with_council():
        payload = {"edition": str(edition_id), "account": str(person)}
        enqueue(LOOK, payload, dedupe=f"{edition_id.hex}:{person.hex}:{now:%Y%m%d%H%M%S%f}")
    return True


def _editions_with_council() -> list[UUID]:
    found = set(session().scalars(select(Judge.edition_id).distinct()))
    return sorted(found | set(session().scalars(select(Council.edition_id).distinct())))
