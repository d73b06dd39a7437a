"""Who has a dossier in hand, so that two officers do not do the same one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import Select, delete, select

from core.entries.errors import MoveRefused
from core.entries.models import Entry
from core.entries.policies import side_of
from core.entries.screening.models import ScreeningClaim
from core.entries.states import By, State
from core.kernel import audit
from core.kernel.actor import Actor
from core.kernel.db import session
from core.kernel.errors import DomainError, Forbidden
from core.kernel.formats import time
from core.kernel.i18n import locale
from core.kernel.prepared import insert_once

LASTS = timedelta(minutes=30)
CLAIMABLE = frozenset({State.SUBMITTED, State.RETURNED})


class ClaimedByOther(DomainError):
    """Another officer has the dossier in hand; the sentence names them and says until when."""

    kind = "claimed-by-other"


@dataclass(frozen=True, slots=True)
class ClaimView:
    """A claim that has not lapsed."""

    officer_id: UUID
    name: str
    since: datetime
    until: datetime

    def is_of(self, actor: Actor) -> bool:
        """Whether it is the actor's own."""
        return self.officer_id == actor.id


def claim(entry: Entry, *, actor: Actor, now: datetime, take_over: bool = False) -> ScreeningClaim:
    """Take the dossier in hand for LASTS; one's own claim is prolonged, a lapsed one replaced.

    Raises ClaimedByOther while another officer has it, unless `take_over` says that this is meant; MoveRefused for
    what is not screened, or is the actor's own dossier.
    """
    person = _require_screener(entry, actor)
    values = {
        "entry_id": entry.id,
        "officer_id": person,
        "officer_name": actor.name,
        "since": now,
        "until": now + LASTS,
    }
    if insert_once(ScreeningClaim, ("entry_id",), values):
        _log("claimed", entry, actor, now)
        return _locked(entry)
    held = _locked(entry)
    if held.officer_id == person:
        held.until = now + LASTS
        session().flush()
        return held
    has_lapsed = held.until <= now
    if not has_lapsed and not take_over:
        raise ClaimedByOther(taken_words(held.officer_name, held.until))
    held.officer_id, held.officer_name, held.since, held.until = person, actor.name, now, now + LASTS
    session().flush()
    _log("claimed" if has_lapsed else "taken_over", entry, actor, now)
    return held


def release(entry: Entry, *, actor: Actor, now: datetime) -> bool:
    """Let go of one's own claim; returns whether there was one."""
    gone = session().execute(
        delete(ScreeningClaim).where(
            ScreeningClaim.entry_id == entry.id, ScreeningClaim.officer_id == actor.id
        )
    )
    is_gone = bool(gone.rowcount)  # type: ignore[attr-defined]
    if is_gone:
        _log("released", entry, actor, now)
    return is_gone


def require_free(entry: Entry, *, actor: Actor, now: datetime) -> None:
    """Return unless another officer has the dossier in hand (ClaimedByOther). One's own claim is prolonged."""
    held = session().scalars(_asked(entry)).one_or_none()
    if held is None:
        return
    if held.officer_id == actor.id:
        held.until = now + LASTS
    elif held.until > now:
        raise ClaimedByOther(taken_words(held.officer_name, held.until))


def drop(entry: Entry) -> None:
    """End any claim of the dossier: it was decided."""
    session().execute(delete(ScreeningClaim).where(ScreeningClaim.entry_id == entry.id))


def claims_of(ids: Iterable[UUID], now: datetime) -> dict[UUID, ClaimView]:
    """The claims of these dossiers that have not lapsed, by entry. One query."""
    ask = select(ScreeningClaim).where(ScreeningClaim.entry_id.in_(list(ids)), ScreeningClaim.until > now)
    return {
        one.entry_id: ClaimView(one.officer_id, one.officer_name, one.since, one.until)
        for one in session().scalars(ask)
    }


def taken_words(name: str, until: datetime) -> str:
    """The sentence about a dossier that `name` has in hand."""
    return str(
        _(
            "%(name)s đang xử lý hồ sơ này đến %(until)s. Nếu cần làm thay, bạn hãy bấm “Nhận thay” trước.",
            name=name,
            until=time(until, locale()),
        )
    )


def _require_screener(entry: Entry, actor: Actor) -> UUID:
    side = side_of(actor, entry)
    if side is None or actor.id is None:
        raise Forbidden(_("Bạn không có quyền với hồ sơ này."))
    if side is By.OWNER:
        raise MoveRefused(_("Bạn là người nộp hồ sơ này nên không tự xét; xin chuyển cho thành viên khác."))
    if State(entry.state) not in CLAIMABLE:
        raise MoveRefused(
            _("Hồ sơ %(code)s không còn chờ xét nên không cần nhận xử lý.", code=entry.code or entry.ref)
        )
    return actor.id


def _asked(entry: Entry) -> Select[ScreeningClaim]:
    return (
        select(ScreeningClaim)
        .where(ScreeningClaim.entry_id == entry.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def _locked(entry: Entry) -> ScreeningClaim:
    return session().scalars(_asked(entry)).one()


def _log(what: str, entry: Entry, actor: Actor, now: datetime) -> None:
    audit.append(f"screening.{what}", entry.code or entry.ref, {}, actor=actor, now=now)
