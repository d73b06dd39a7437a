"""What a judge's device is given to work without a network: the batch of a round, and the package of one dossier.

All that a package says of a dossier comes from `shown_to_judge`, and its files are sent by way of the package, so that
what the judge of a place may not know is on no device either.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from flask import current_app, render_template
from flask_babel import gettext as _
from sqlalchemy import func, select

from core.contests.policies import require_open
from core.contests.values import EditionView, PhaseKind
from core.entries.models import Attachment, Entry
from core.entries.states import Scan
from core.judging.assigning import is_running
from core.judging.dossiers import ShownDossier, shown_to_judge
from core.judging.errors import RoundNotOpen
from core.judging.models import Assignment, Sheet, SheetScore
from core.judging.points import levels_of, points_text
from core.judging.queries import desk_queue, is_later_round_open, sheet_of
from core.judging.states import SheetState
from core.judging.values import JudgeView, Queue, SheetPlace
from core.kernel import audit
from core.kernel.actor import Actor
from core.kernel.db import session
from core.kernel.errors import NotFound
from core.kernel.formats import deadline
from core.kernel.i18n import locale
from core.kernel.security import keyed_digest
from core.plugin_api import Round

LARGEST_FILE = 40 * 1024 * 1024
"""A larger file stays at the server: a telephone has to decrypt it as a whole."""
_OWNER = "offline-owner"


class ShownFile(Protocol):
    """A file as a judge is shown it, whether it is the entrant's own or a copy in its place."""

    @property
    def name(self) -> str:
        """The name that is shown."""

    @property
    def sha256(self) -> str:
        """Where its content lies."""

    @property
    def media_type(self) -> str:
        """What it is."""

    @property
    def size(self) -> int:
        """Bytes."""

    @property
    def preview(self) -> str | None:
        """Where its small picture lies, if there is one."""

    @property
    def scan(self) -> str:
        """Whether it may be opened."""


@dataclass(frozen=True, slots=True)
class Load:
    """What is to be carried: the codes of the dossiers that are still to be finished, the most bytes of each."""

    bytes_of: Mapping[str, int]

    @property
    def count(self) -> int:
        """How many dossiers."""
        return len(self.bytes_of)

    @property
    def bytes(self) -> int:
        """How many bytes of files they have, at most."""
        return sum(self.bytes_of.values())


def owner_of(account_id: UUID) -> str:
    """The name under which a device keeps what is the account's: it says nothing to who reads the device."""
    return keyed_digest(f"{session().tenant_id}:{account_id}", _OWNER)[:32]


def expires_at(edition: EditionView, days: int) -> datetime | None:
    """Until when a device may keep what it took: `days` after the end of judging."""
    phase = edition.phase(PhaseKind.JUDGING)
    return None if phase is None else phase.closes_at + timedelta(days=days)


def require_takeable(edition: EditionView, judging_round: Round, now: datetime) -> None:
    """Return while dossiers of the round may be taken along; raises PhaseClosed, RoundNotOpen."""
    require_open(edition, PhaseKind.JUDGING, now)
    if is_later_round_open(edition, judging_round.key):
        raise RoundNotOpen(
            _("%(round)s đã kết thúc vì vòng sau đã mở.", round=judging_round.name.in_(locale()))
        )


def may_be_taken(edition: EditionView, queue: Queue, now: datetime) -> bool:
    """Whether the queue's page offers to take it along: the installation does, judging is open, something is left."""
    days = current_app.config["BANGVANG"].offline_days
    return days is not None and edition.is_open(PhaseKind.JUDGING, now) and queue.done < len(queue.rows)


def load_of(judge: JudgeView, judging_round: Round, codes: Iterable[str]) -> Load:
    """How much the dossiers `codes` of the judge weigh. One query."""
    wanted = list(codes)
    ask = (
        select(Entry.code, func.sum(Attachment.size))
        .join(Assignment, Assignment.entry_id == Entry.id)
        .join(Attachment, Attachment.entry_id == Entry.id)
        .where(Assignment.judge_id == judge.id, Assignment.round == judging_round.key, is_running())
        .where(Attachment.scan == Scan.CLEAN, Attachment.size <= LARGEST_FILE)
        .group_by(Entry.code)
    )
    found = {code: int(size) for code, size in session().execute(ask)}
    return Load({code: found.get(code, 0) for code in wanted})


def batch(
    edition: EditionView, judge: JudgeView, judging_round: Round, days: int, *, now: datetime
) -> dict[str, Any]:
    """The judge's round as a device keeps it: the sheet's form, what is to be judged, how his own sheets stand.

    `left_ms` is how long the device may keep it, whatever its own clock says. Five queries.
    """
    queue = desk_queue(edition, judge, judging_round)
    load = load_of(judge, judging_round, (row.code for row in queue.rows if not row.is_done))
    sheets = _own_sheets(judge, judging_round)
    until = expires_at(edition, days)
    language = locale()
    return {
        "edition": edition.key,
        "edition_name": edition.short_name.in_(language),
        "round": judging_round.key,
        "name": judging_round.name.in_(language),
        "owner": owner_of(judge.account_id),
        "number": judge.number,
        "maximum": points_text(judging_round.maximum),
        "criteria": [
            {
                "key": one.key,
                "name": one.name.in_(language),
                "maximum": points_text(one.maximum),
                "step": points_text(one.step),
            }
            for one in judging_round.criteria
        ],
        "form": render_template(
            "offline/_criteria.html",
            criteria=judging_round.criteria,
            clauses={one.key: one for one in edition.rules.clauses()},
            levels=levels_of(judging_round),
        ),
        "rows": [
            {
                "code": row.code,
                "state": row.state,
                "bytes": load.bytes_of.get(row.code, 0),
                "sheet": sheets.get(row.code, _BLANK),
            }
            for row in queue.rows
        ],
        "until": deadline(until, language) if until else "",
        "left_ms": int((until - now).total_seconds() * 1000) if until else 0,
    }


def package(edition: EditionView, place: SheetPlace) -> dict[str, Any]:
    """One dossier as its judge may read it, with his own sheet; the bytes of `files` have addresses of their own."""
    dossier = shown_to_judge(edition, place)
    held = sheet_of(place)
    return {
        "code": dossier.code,
        "title": dossier.title,
        "dossier": render_template(
            "offline/_dossier.html",
            dossier=dossier,
            carried={one: key for key, one in files_of(dossier).items() if is_carried(one)},
        ),
        "files": [
            {
                "id": key,
                "name": one.name,
                "type": one.media_type,
                "size": one.size,
                "has_picture": one.preview is not None,
            }
            for key, one in files_of(dossier).items()
            if is_carried(one)
        ],
        "sheet": {
            "state": held.state,
            "revision": held.revision,
            "scores": {key: points_text(points) for key, points in held.scores.items()},
            "remark": held.remark,
        },
    }


def shown_file(edition: EditionView, place: SheetPlace, key: str) -> ShownFile:
    """A file of the dossier that its judge is shown and that may be carried; raises NotFound for any other."""
    found = files_of(shown_to_judge(edition, place)).get(key)
    if found is None or not is_carried(found):
        raise NotFound(_("Không tìm thấy tệp này."))
    return found


def files_of(dossier: ShownDossier) -> dict[str, ShownFile]:
    """The files in what a judge reads of a dossier, under the name that a device knows them by: the place among them
    and the beginning of the digest, so that pieces of two files are never put together."""
    shown = [one for group in dossier.groups for answer in group.answers for one in answer.files]
    return {f"{number}-{one.sha256[:12]}": one for number, one in enumerate(shown, start=1)}


def is_carried(file: ShownFile) -> bool:
    """Whether a device takes the file along: clean, and not too large for a telephone."""
    return file.scan == Scan.CLEAN and file.size <= LARGEST_FILE


def note_taken(
    edition: EditionView, judging_round: Round, load: Load, *, actor: Actor, now: datetime
) -> None:
    """Put into the log that a judge takes dossiers onto a device. Raises PhaseClosed, RoundNotOpen."""
    require_takeable(edition, judging_round, now)
    line = {"round": judging_round.key, "count": load.count}
    audit.append("offline.taken", f"{edition.key}/{judging_round.key}", line, actor=actor, now=now)


_BLANK: dict[str, Any] = {"state": SheetState.DRAFT.value, "revision": 0, "scores": {}, "remark": ""}


def _own_sheets(judge: JudgeView, judging_round: Round) -> dict[str, dict[str, Any]]:
    """Entry code → the judge's own sheet as it is stored. Two queries."""
    ask = (
        select(Entry.code, Sheet.id, Sheet.state, Sheet.revision, Sheet.remark)
        .join(Entry, Entry.id == Sheet.entry_id)
        .where(Sheet.judge_id == judge.id, Sheet.round == judging_round.key)
    )
    found: dict[UUID, tuple[str, dict[str, Any]]] = {
        sheet_id: (code or "", {"state": state, "revision": revision, "scores": {}, "remark": remark})
        for code, sheet_id, state, revision, remark in session().execute(ask)
    }
    points = (
        select(SheetScore.sheet_id, SheetScore.criterion, SheetScore.points)
        .join(Sheet, Sheet.id == SheetScore.sheet_id)
        .where(Sheet.judge_id == judge.id, Sheet.round == judging_round.key)
    )
    for sheet_id, criterion, value in session().execute(points):
        found[sheet_id][1]["scores"][criterion] = points_text(value)
    return dict(found.values())
