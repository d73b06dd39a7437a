"""An import's deeds: a workbook taken in, read, imported, taken back. Jobs go on where they stopped."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import delete, func, select, update

from core.contests.policies import require_open
from core.contests.queries import active_units, editions
from core.contests.values import EditionView, PhaseKind
from core.entries.barring import barred_entries
from core.entries.models import Entry, EntryAuthor
from core.imports.columns import layout_of
from core.imports.making import make_row, take_back
from core.imports.models import ImportRow, ImportRun
from core.imports.reading import LARGEST, Unreadable, read_sheets
from core.imports.rows import ReadRow, Workbook, read_workbook, row_token
from core.imports.states import Outcome, Owners, RunState, may_move
from core.imports.words import unreadable
from core.kernel import audit, uow
from core.kernel.actor import Actor, Role
from core.kernel.clock import local
from core.kernel.db import everything_found, session
from core.kernel.errors import DomainError, Forbidden, Invalid, NotFound
from core.kernel.files import file_key, file_store
from core.kernel.jobs import enqueue, handler
from core.kernel.prepared import insert_once
from core.kernel.text import clean_line, fold
from core.letters.post import bound_tenant

CHUNK = 50
TOLD = 500


class ImportRefused(DomainError):
    """The import does not stand where this could be done."""

    kind = "import-refused"


def start_run(
    edition: EditionView,
    *,
    content: bytes,
    file_name: str,
    owners: Owners,
    form_token: str,
    actor: Actor,
    now: datetime,
) -> ImportRun:
    """Take a workbook in and ask for its reading; the same `form_token` gives the same import.

    Raises Forbidden, Invalid at `file`, PhaseClosed when invited people could no longer hand in.
    """
    _require_officer(actor)
    if not content:
        raise Invalid.one("file", _("Bạn hãy chọn một tệp bảng tính."))
    if len(content) > LARGEST:
        raise Invalid.one("file", unreadable("large"))
    phase = edition.phase(PhaseKind.SUBMISSION)
    if owners is Owners.INVITE and (phase is None or now >= phase.closes_at):
        require_open(edition, PhaseKind.SUBMISSION, now)
    digest = hashlib.sha256(content).hexdigest()
    file_store().put(file_key(session().tenant_id, digest), io.BytesIO(content))
    values = {
        "edition_id": edition.id,
        "form_token": form_token,
        "by_id": actor.id,
        "by_name": actor.name,
        "at": now,
        "file_name": clean_line(file_name.replace("\\", "/").rpartition("/")[2])[:255] or "bang-tinh",
        "sha256": digest,
        "owners": str(owners),
        "state": str(RunState.READING),
        "done": 0,
        "total": 0,
    }
    is_new = insert_once(ImportRun, ("form_token",), values)
    run = session().scalars(select(ImportRun).where(ImportRun.form_token == form_token)).one()
    if is_new:
        audit.append("import.started", str(run.id), {"owners": str(owners)}, actor=actor, now=now)
        enqueue("imports.read", {"id": str(run.id)}, dedupe=f"read:{run.id.hex}")
    return run


def access_run(actor: Actor, run_id: UUID) -> ImportRun:
    """An import of the tenant, for the committee; raises NotFound."""
    found = session().scalars(select(ImportRun).where(ImportRun.id == run_id)).one_or_none()
    if found is None or not actor.is_(Role.COMMITTEE):
        raise NotFound(_("Không tìm thấy lần nhập này."))
    return found


def import_rows(run: ImportRun, *, only_good: bool, actor: Actor, now: datetime) -> ImportRun:
    """Begin to make the dossiers of a workbook that was read; a second press changes nothing.

    With errors in the workbook nothing is imported unless `only_good`. Raises Forbidden, ImportRefused.
    """
    _require_officer(actor)
    _locked(run)
    if run.state in (RunState.IMPORTING, RunState.DONE):
        return run
    _require_move(run, RunState.IMPORTING)
    counts = outcome_counts(run.id)
    if counts[Outcome.BAD] and not only_good:
        raise ImportRefused(
            _("Bảng tính còn lỗi: bạn hãy sửa rồi tải lên lại, hoặc chọn chỉ nhập các dòng đúng.")
        )
    if not counts[Outcome.NEW]:
        raise ImportRefused(_("Không có dòng nào để nhập."))
    run.state, run.done, run.total = str(RunState.IMPORTING), 0, counts[Outcome.NEW]
    session().flush()
    data = {"rows": run.total, "left_out": counts[Outcome.BAD]}
    audit.append("import.confirmed", str(run.id), data, actor=actor, now=now)
    enqueue("imports.make", {"id": str(run.id)}, dedupe=f"make:{run.id.hex}:0")
    return run


def undo_run(run: ImportRun, *, actor: Actor, now: datetime) -> ImportRun:
    """Take back everything the import made, as long as nobody has touched any of it; a second press changes nothing.

    Raises Forbidden, ImportRefused with the dossiers that were touched, or when the actor is kept from one of them.
    """
    _require_officer(actor)
    _locked(run)
    if run.state in (RunState.UNDOING, RunState.UNDONE):
        return run
    _require_move(run, RunState.UNDOING)
    made = select(ImportRow.entry_ref).where(
        ImportRow.run_id == run.id, ImportRow.outcome == Outcome.MADE, ImportRow.entry_ref.is_not(None)
    )
    with everything_found(session()):
        refs = set(session().scalars(made))
    if refs & {one.ref for one in barred_entries(actor)}:
        raise ImportRefused(
            _("Lần nhập này có hồ sơ mà bạn có liên quan nên bạn không hoàn tác được: hãy nhờ cán bộ khác.")
        )
    touched = touched_entries(run.id)
    if touched:
        names = "; ".join(touched[:5])
        raise ImportRefused(
            _("Không hoàn tác được vì đã có người mở và sửa: %(names)s.", names=names)
            if len(touched) <= 5
            else _(
                "Không hoàn tác được vì đã có người mở và sửa: %(names)s và %(more)s hồ sơ khác.",
                names=names,
                more=len(touched) - 5,
            )
        )
    run.state, run.done, run.total = str(RunState.UNDOING), 0, outcome_counts(run.id)[Outcome.MADE]
    session().flush()
    audit.append("import.undone", str(run.id), {"rows": run.total}, actor=actor, now=now)
    enqueue("imports.undo", {"id": str(run.id)}, dedupe=f"undo:{run.id.hex}:0")
    return run


def touched_entries(run_id: UUID) -> list[str]:
    """The dossiers of an import that somebody changed since, by code or title. One query."""
    ask = (
        select(Entry.code, Entry.title)
        .join(ImportRow, ImportRow.entry_ref == Entry.ref)
        .where(ImportRow.run_id == run_id, ImportRow.outcome == Outcome.MADE)
        .where((Entry.updated_at != ImportRow.made_at) | Entry.state.not_in(("draft", "submitted")))
        .order_by(ImportRow.number)
    )
    return [code or title for code, title in session().execute(ask)]


def outcome_counts(run_id: UUID) -> dict[Outcome, int]:
    """How many rows of an import have each outcome; every outcome is named. One query."""
    ask = (
        select(ImportRow.outcome, func.count()).where(ImportRow.run_id == run_id).group_by(ImportRow.outcome)
    )
    found = {Outcome(outcome): number for outcome, number in session().execute(ask)}
    return {outcome: found.get(outcome, 0) for outcome in Outcome}


@handler("imports.read")
def _read(payload: Mapping[str, Any]) -> None:
    """Read the workbook and keep each row with what is wrong with it. Run twice, it reads again from the start."""
    run = _run(payload)
    if run is None or run.state != RunState.READING:
        return
    run_id, edition = run.id, _edition(run)
    layout = layout_of(edition, is_paper=run.owners == Owners.PAPER)
    content = b"".join(file_store().read(file_key(session().tenant_id, run.sha256)))
    try:
        found = read_workbook(
            read_sheets(content), edition, layout, active_units(local(edition.now()).date())
        )
    except Unreadable as error:
        run.state, run.problem = str(RunState.FAILED), unreadable(error.reason)
        return
    run.total = len(found.rows)
    session().execute(delete(ImportRow).where(ImportRow.run_id == run_id))
    uow.commit()
    _keep_rows(run_id, edition, found)
    session().execute(
        update(ImportRun)
        .where(ImportRun.id == run_id, ImportRun.state == RunState.READING)
        .values(
            state=str(RunState.CHECKED), problem=" ".join(found.notes)[:500] or None, done=len(found.rows)
        )
    )


@handler("imports.make")
def _make(payload: Mapping[str, Any]) -> None:
    """Make the next rows' dossiers, then ask for the rest; what was made stays made."""
    run = _run(payload)
    if run is None or run.state != RunState.IMPORTING:
        return
    edition, actor = _edition(run), _officer(run)
    now = edition.now()
    for row in _rows(run.id, Outcome.NEW):
        make_row(row, edition, run, actor=actor, now=now)
        run.done += 1
    _go_on(run, Outcome.NEW, "imports.make", RunState.DONE, now)


@handler("imports.undo")
def _undo(payload: Mapping[str, Any]) -> None:
    """Take the next dossiers back, then ask for the rest. One that was touched meanwhile stays."""
    run = _run(payload)
    if run is None or run.state != RunState.UNDOING:
        return
    edition = _edition(run)
    now = edition.now()
    for row in _rows(run.id, Outcome.MADE):
        take_back(row, edition, run, actor=_officer(run), now=now)
        run.done += 1
    _go_on(run, Outcome.MADE, "imports.undo", RunState.UNDONE, now)


def _go_on(run: ImportRun, left: Outcome, kind: str, last: RunState, now: datetime) -> None:
    session().flush()
    if outcome_counts(run.id)[left]:
        enqueue(kind, {"id": str(run.id)}, dedupe=f"{kind}:{run.id.hex}:{run.done}")
        return
    run.state, run.ended_at = str(last), now
    session().flush()


def _keep_rows(run_id: UUID, edition: EditionView, found: Workbook) -> None:
    """The rows with their outcomes, stored some hundreds at a time so that the page can tell how far it is."""
    known = _known_tokens(edition, found.rows)
    same = _existing(edition)
    for index, row in enumerate(found.rows, start=1):
        outcome, note = _outcome(row, edition, known, same)
        data = {"title": row.title, "chief": row.chief}
        if outcome is Outcome.NEW:
            data = {**row.data, "email": row.email, "phone": row.phone}
            same.setdefault((fold(row.title), fold(row.chief)), _("dòng %(row)s", row=row.number))
        session().add(
            ImportRow(
                run_id=run_id,
                number=row.number,
                key=row.key[:64],
                data=data,
                errors=[
                    {"sheet": one.sheet, "row": one.row, "column": one.column, "told": one.told}
                    for one in row.errors
                ],
                outcome=str(outcome),
                note=note[:200],
            )
        )
        if index % TOLD == 0:
            session().flush()
            session().execute(update(ImportRun).where(ImportRun.id == run_id).values(done=index))
            uow.commit()


def _outcome(
    row: ReadRow, edition: EditionView, known: Mapping[str, str], same: Mapping[tuple[str, str], str]
) -> tuple[Outcome, str]:
    if row.errors:
        return Outcome.BAD, ""
    before = known.get(row_token(edition, row.key))
    if before is not None:
        return Outcome.KNOWN, before
    other = same.get((fold(row.title), fold(row.chief)))
    if other is not None:
        return Outcome.SAME, other
    return Outcome.NEW, ""


def _known_tokens(edition: EditionView, rows: list[ReadRow]) -> dict[str, str]:
    """The form tokens of rows that were imported before, to the dossier's code or title."""
    prefix = "import-"
    ask = select(Entry.form_token, Entry.code, Entry.title).where(
        Entry.edition_id == edition.id, Entry.form_token.startswith(prefix)
    )
    found = {token: code or title for token, code, title in session().execute(ask)}
    wanted = {row_token(edition, row.key) for row in rows}
    return {token: name for token, name in found.items() if token in wanted}


def _existing(edition: EditionView) -> dict[tuple[str, str], str]:
    """Title and chief author of each dossier of the edition that takes part, folded, to its code or title."""
    ask = (
        select(Entry.title, EntryAuthor.name, Entry.code)
        .join(EntryAuthor, EntryAuthor.entry_id == Entry.id)
        .where(Entry.edition_id == edition.id, Entry.state != "withdrawn", EntryAuthor.role == "chief")
    )
    return {(fold(title), fold(name)): code or title for title, name, code in session().execute(ask) if title}


def _rows(run_id: UUID, outcome: Outcome) -> list[ImportRow]:
    ask = select(ImportRow).where(ImportRow.run_id == run_id, ImportRow.outcome == outcome)
    return list(session().scalars(ask.order_by(ImportRow.number).limit(CHUNK).with_for_update()))


def _run(payload: Mapping[str, Any]) -> ImportRun | None:
    ask = select(ImportRun).where(ImportRun.id == UUID(payload["id"])).with_for_update()
    return session().scalars(ask).one_or_none()


def _edition(run: ImportRun) -> EditionView:
    return next(one for one in editions(bound_tenant().slug) if one.id == run.edition_id)


def _officer(run: ImportRun) -> Actor:
    return Actor(id=run.by_id, name=run.by_name, roles=frozenset({Role.COMMITTEE}))


def _locked(run: ImportRun) -> None:
    session().refresh(run, with_for_update=True)


def _require_move(run: ImportRun, target: RunState) -> None:
    if not may_move(run.state, target):
        raise ImportRefused(_("Lần nhập này không còn ở bước đó. Bạn hãy tải lại trang."))


def _require_officer(actor: Actor) -> None:
    if not actor.is_(Role.COMMITTEE) or actor.id is None:
        raise Forbidden(_("Chỉ Ban Tổ chức nhập được danh sách hồ sơ."))
