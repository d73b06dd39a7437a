"""Until when a dossier can be handed in: the phases, its due date, an extension of its own, files begun in time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask_babel import gettext as _

from core.contests.policies import PhaseClosed, honoured, require_open, upload_grace
from core.contests.values import EditionView, PhaseKind
from core.entries.content import files_of
from core.entries.models import Attachment, Entry
from core.entries.screening.due import due_of
from core.entries.states import EDITABLE, State
from core.kernel.clock import local
from core.kernel.formats import date, deadline
from core.kernel.i18n import locale

InTime = Callable[[Entry, EditionView], bool]
_in_time: list[InTime] = []


def also_in_time_by(proof: InTime) -> InTime:
    """Register a later room's proof that a dossier came in time though it is handed in after its end: by its papers."""
    if proof not in _in_time:
        _in_time.append(proof)
    return proof


def came_in_time(entry: Entry, edition: EditionView) -> bool:
    """Whether a later room has a proof that the dossier came in time."""
    return any(proof(entry, edition) for proof in _in_time)


def handing_in_ends(entry: Entry, edition: EditionView) -> datetime | None:
    """Until when the dossier can be handed in (exclusive); None when that has no date. One query for a returned one."""
    return ends_by(entry, edition, due_of(entry))


def ends_by(entry: Entry, edition: EditionView, due: datetime | None) -> datetime | None:
    """The same where the due date of a returned dossier is known: the latest of phases, due date and extension."""
    kinds = [PhaseKind.SUBMISSION]
    if entry.state == State.RETURNED:
        kinds.append(PhaseKind.SCREENING)
    ends = [phase.closes_at for kind in kinds if (phase := edition.phase(kind)) is not None]
    ends += [one for one in (due, entry.extended_until) if one is not None]
    return max(ends, default=None)


def asked_by(entry: Entry, edition: EditionView, now: datetime) -> datetime | None:
    """The date that the entrant is told (exclusive); None when there is none. One query for a returned dossier."""
    return told_by(entry, edition, due_of(entry), now)


def told_by(entry: Entry, edition: EditionView, due: datetime | None, now: datetime) -> datetime | None:
    """The same where the due date of a returned dossier is known.

    What the office asked for stands in its letter, so every page says that, although the dossier is taken in until
    `ends_by`. Once it is past, the pages tell until when it is still taken.
    """
    asked = [one for one in (due, entry.extended_until) if one is not None]
    if due is not None and asked and now < max(asked):
        return max(asked)
    return ends_by(entry, edition, due)


def is_in_time(entry: Entry, edition: EditionView, now: datetime) -> bool:
    """Whether `now` lies in the time of handing this dossier in, without any grace. One query for a returned one."""
    return in_time_by(entry, edition, now, due_of(entry))


def in_time_by(entry: Entry, edition: EditionView, now: datetime, due: datetime | None) -> bool:
    """The same where the due date of a returned dossier is known."""
    is_completing = edition.is_open(PhaseKind.SCREENING, now) or (due is not None and now < due)
    if entry.state == State.RETURNED and is_completing:
        return True
    if edition.is_open(PhaseKind.SUBMISSION, now):
        return True
    phase = edition.phase(PhaseKind.SUBMISSION)
    has_begun = phase is not None and phase.opens_at <= now
    return has_begun and entry.extended_until is not None and now < entry.extended_until


def may_hand_in(entry: Entry, edition: EditionView, now: datetime) -> bool:
    """Whether the dossier can be handed in at `now`, going by state, phase, extension and grace.

    One query for a returned one, and one in the minutes of the grace.
    """
    if State(entry.state) not in EDITABLE:
        return False
    return (
        is_in_time(entry, edition, now)
        or graced_upload(entry, edition, now) is not None
        or came_in_time(entry, edition)
    )


def grace_ends(entry: Entry, edition: EditionView) -> datetime | None:
    """Until when a file that was begun in time may still arrive and the dossier be handed in (exclusive)."""
    ends = handing_in_ends(entry, edition)
    return None if ends is None else ends + upload_grace(edition)


def graced_upload(entry: Entry, edition: EditionView, now: datetime) -> Attachment | None:
    """The file for which the dossier may be handed in after its end: begun before it, arrived within the grace.

    None outside the minutes of the grace, or when there is no such file. One query inside them.
    """
    ends = handing_in_ends(entry, edition)
    grace = upload_grace(edition)
    if ends is None or not ends <= now < ends + grace:
        return None
    return next(
        (
            one
            for one in files_of([entry.id])[entry.id]
            if one.added_at >= ends and honoured(begun_at(one), ends, one.added_at, grace)
        ),
        None,
    )


def proof_of_grace(entry: Entry, edition: EditionView, now: datetime) -> dict[str, str] | None:
    """For the log: by which file a dossier is taken in after its end, and the instants; None when it is in time."""
    upload, ends = graced_upload(entry, edition, now), handing_in_ends(entry, edition)
    if upload is None or ends is None:
        return None
    return {
        "file": upload.sha256,
        "begun_at": begun_at(upload).isoformat(),
        "finished_at": upload.added_at.isoformat(),
        "ended_at": ends.isoformat(),
    }


def begun_at(one: Attachment) -> datetime:
    """When the sending of a file began; one that came in a single request began when it was added."""
    return one.begun_at or one.added_at


def require_handing_in(entry: Entry, edition: EditionView, now: datetime) -> None:
    """Return when the dossier can be handed in at `now`; else raise PhaseClosed.

    The sentence gives the dates, the server's time to the second, and what is still possible.
    """
    if is_in_time(entry, edition, now) or graced_upload(entry, edition, now) is not None:
        return
    if came_in_time(entry, edition):
        return
    ends = handing_in_ends(entry, edition)
    phase = edition.phase(PhaseKind.SUBMISSION)
    if phase is None or ends is None or now < phase.opens_at:
        require_open(edition, PhaseKind.SUBMISSION, now)
        return
    raise PhaseClosed(
        _(
            "Đã hết thời gian nộp hồ sơ: từ %(opens)s đến %(closes)s. Máy chủ nhận yêu cầu của bạn lúc %(now)s. "
            "Nội dung đã viết và tệp đã tải lên vẫn được giữ; nếu có lý do chính đáng, bạn hãy đề nghị cơ quan "
            "thường trực gia hạn cho hồ sơ này (mã %(name)s).",
            name=entry.code or entry.ref,
            opens=deadline(phase.opens_at, locale()),
            closes=deadline(ends, locale()),
            now=exact(now),
        )
    )


def exact(instant: datetime) -> str:
    """An instant to the second, as a reader in Viet Nam reads it: at a deadline seconds matter."""
    return f"{local(instant).strftime('%H:%M:%S')} {date(instant, locale())}"
