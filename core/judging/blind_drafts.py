"""What the judges of a blind round would read of a dossier as things stand: the draft that an officer looks at and
approves. Only what is on the whitelist goes in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from core.contests.values import EditionView
from core.entries.forms import questions
from core.entries.models import Attachment, Entry
from core.entries.states import Scan
from core.judging.blind import choice_of, shown_questions
from core.judging.blind_files import DRAWN, may_be_read, place_of_file
from core.judging.blind_models import BlindChoice, BlindCopy, BlindScan
from core.judging.blind_scan import Finding, masked
from core.judging.text_copies import TEXTED
from core.kernel.canonical import sha256_of
from core.kernel.db import session
from core.kernel.pdf import PDF
from core.plugin_api import FieldKind

TITLE = "title"
_ENDINGS = {"application/pdf": "pdf", "image/jpeg": "jpg"}


@dataclass(frozen=True, slots=True)
class FileDraft:
    """A file of the dossier and its copy. `state`: ready, waiting, failed, unfit where no copy can be drawn, or unmade
    where the dossier was looked through before text copies were made. `media_type` is that of what it is drawn from.

    `hidden` and `kept` are the findings on its pages that are covered and that are not; `told` stand in what no copy
    has (name, properties). `blank` are pages without letters, which people must look at.
    """

    id: UUID
    field: str
    name: str
    media_type: str
    state: str
    copy: BlindCopy | None
    hidden: tuple[Finding, ...]
    kept: tuple[Finding, ...]
    told: tuple[Finding, ...]
    blank: tuple[int, ...]
    is_unread: bool
    is_text: bool = False

    @property
    def left_out(self) -> Mapping[str, int]:
        """What its text copy does not carry, by kind."""
        return self.copy.left_out if self.is_text and self.copy is not None else {}

    @property
    def is_own(self) -> bool:
        """Whether the committee sent a file of its own in its place."""
        return self.copy is not None and self.copy.own is not None


@dataclass(frozen=True, slots=True)
class DrawnFrom:
    """A stored content of which a copy is drawn; `is_text` when it is a text copy."""

    sha256: str
    media_type: str
    is_text: bool = False


@dataclass(frozen=True, slots=True)
class Draft:
    """A dossier as it would be read. `is_scanned`: it was looked through as it is now; before, nothing may be shown.

    `texts` are the findings in title and shown answers, `choices` what was chosen about findings (key → choice, words).
    """

    entry: Entry
    scan: BlindScan | None
    is_scanned: bool
    title: str
    facts: Mapping[str, Any]
    texts: tuple[Finding, ...]
    files: tuple[FileDraft, ...]
    choices: Mapping[str, tuple[str, str]]
    allowed: frozenset[str]

    def document(self, kept: Sequence[UUID]) -> dict[str, Any]:
        """What would be stored, with the copies of the files `kept`, under names that tell nothing."""
        files: list[dict[str, Any]] = []
        for one in self.files:
            if one.id in kept and one.state == "ready" and one.copy is not None:
                number = len(files) + 1
                files.append(
                    {
                        "field": one.field,
                        "sha256": one.copy.sha256,
                        "media_type": one.copy.media_type,
                        "size": one.copy.size,
                        "pages": one.copy.pages,
                        "name": f"{self.entry.code}-tep-{number}.{_ENDINGS[one.copy.media_type]}",
                    }
                )
        return {"title": self.title, "field": self.entry.field, "facts": dict(self.facts), "files": files}

    @property
    def digest(self) -> str:
        """Names what an officer looks at: all that could be shown."""
        return sha256_of([self.document([one.id for one in self.files]), self.entry.version])


def draft_of(edition: EditionView, entry: Entry, round_key: str) -> Draft:
    """The draft of a dossier for a round. Five queries."""
    scan = session().scalars(select(BlindScan).where(BlindScan.entry_id == entry.id)).one_or_none()
    rows = session().scalars(select(BlindChoice).where(BlindChoice.entry_id == entry.id))
    choices = {one.key: (one.choice, one.words) for one in rows}
    allowed = shown_questions(edition, choice_of(edition, round_key))
    is_scanned = scan is not None and scan.state == "done" and scan.version == entry.version
    found = [Finding.of(one) for one in scan.findings] if scan is not None and is_scanned else []
    asked_files = frozenset(one.key for one in questions(edition) if one.kind is FieldKind.FILES) & allowed
    own_title = choices.get(TITLE, ("", ""))[1]
    facts = _facts(edition, entry, allowed, found, choices) if is_scanned else {}
    return Draft(
        entry=entry,
        scan=scan,
        is_scanned=is_scanned,
        title=(own_title or _masked(entry.title, TITLE, found, choices)) if is_scanned else "",
        facts=facts,
        texts=tuple(one for one in found if not one.file and _is_shown(one.place, allowed, own_title)),
        files=tuple(_files(entry, asked_files, found, choices, scan)),
        choices=choices,
        allowed=allowed,
    )


def _facts(
    edition: EditionView,
    entry: Entry,
    allowed: frozenset[str],
    found: Sequence[Finding],
    choices: Mapping[str, tuple[str, str]],
) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    for asked in questions(edition):
        value = entry.facts.get(asked.key)
        if asked.key not in allowed or value is None:
            continue
        place = f"facts.{asked.key}"
        if asked.kind in (FieldKind.TEXT, FieldKind.LONG_TEXT):
            facts[asked.key] = _masked(str(value), place, found, choices)
        elif asked.kind is FieldKind.TABLE:
            facts[asked.key] = [
                {
                    column: _masked(cell, f"{place}.{number}.{column}", found, choices)
                    if isinstance(cell, str)
                    else cell
                    for column, cell in row.items()
                }
                for number, row in enumerate(value)
            ]
        else:
            facts[asked.key] = value
    return facts


def texts_of(edition: EditionView, entry: Entry) -> list[tuple[str, str]]:
    """Each text of a dossier's title and answers with its place."""
    found = [(TITLE, entry.title)]
    for asked in questions(edition):
        value = entry.facts.get(asked.key)
        if asked.kind in (FieldKind.TEXT, FieldKind.LONG_TEXT) and isinstance(value, str):
            found.append((f"facts.{asked.key}", value))
        elif asked.kind is FieldKind.TABLE and value:
            found += [
                (f"facts.{asked.key}.{number}.{column}", cell)
                for number, row in enumerate(value)
                for column, cell in row.items()
                if isinstance(cell, str)
            ]
    return found


def drawn_from(attachment: Attachment, copy: BlindCopy | None) -> DrawnFrom:
    """What the copy of a file is drawn from: the committee's own file, else its text copy, else the file itself."""
    if copy is not None and copy.own is not None:
        return DrawnFrom(copy.own, copy.own_type)
    if copy is not None and copy.text is not None:
        return DrawnFrom(copy.text, PDF, is_text=True)
    return DrawnFrom(attachment.sha256, attachment.media_type)


def attachments_of(entry: Entry) -> list[Attachment]:
    """The dossier's files that may be opened, in their order. One query."""
    ask = select(Attachment).where(Attachment.entry_id == entry.id, Attachment.scan == Scan.CLEAN)
    return list(session().scalars(ask.order_by(Attachment.added_at, Attachment.id)))


def _files(
    entry: Entry,
    asked: frozenset[str],
    found: Sequence[Finding],
    choices: Mapping[str, tuple[str, str]],
    scan: BlindScan | None,
) -> list[FileDraft]:
    rows = session().scalars(select(BlindCopy).where(BlindCopy.entry_id == entry.id))
    copies = {one.attachment_id: one for one in rows}
    made = []
    for one in attachments_of(entry):
        if one.field not in asked:
            continue
        copy = copies.get(one.id)
        source = drawn_from(one, copy)
        contents = {source.sha256, one.sha256} if source.is_text else {source.sha256}
        starts = tuple(f"{place_of_file(one.id.hex, sha256)}/" for sha256 in contents)
        own = [each for each in found if each.place.startswith(starts)]
        unread = (scan.unread if scan is not None else {}).get(one.id.hex)
        made.append(
            FileDraft(
                id=one.id,
                field=one.field,
                name=one.name,
                media_type=source.media_type,
                state=_state(copy, source.media_type, scan, is_failed=unread == "failed"),
                copy=copy,
                hidden=tuple(each for each in own if each.page and not _is_kept(each, choices)),
                kept=tuple(each for each in own if each.page and _is_kept(each, choices)),
                told=tuple(each for each in own if not each.page),
                blank=tuple(unread) if isinstance(unread, list) else (),
                is_unread=unread == "failed" or not may_be_read(source.media_type),
                is_text=source.is_text,
            )
        )
    return made


def _state(copy: BlindCopy | None, media_type: str, scan: BlindScan | None, *, is_failed: bool) -> str:
    if media_type in TEXTED:  # no text copy of it is there
        if is_failed:
            return "failed"
        return "waiting" if scan is None or scan.state == "waiting" else "unmade"
    if media_type not in DRAWN:
        return "unfit"
    return "waiting" if copy is None else copy.state


def _is_kept(one: Finding, choices: Mapping[str, tuple[str, str]]) -> bool:
    return choices.get(one.key, ("", ""))[0] == "dismiss"


def _is_shown(place: str, allowed: frozenset[str], own_title: str) -> bool:
    if place == TITLE:
        return not own_title
    return place.split(".")[1] in allowed


def _masked(text: str, place: str, found: Sequence[Finding], choices: Mapping[str, tuple[str, str]]) -> str:
    return masked(text, [one for one in found if one.place == place], choices)
