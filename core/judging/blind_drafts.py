"""What the judges of a blind round would read of a dossier as things stand: the draft that an officer looks at and
approves. Only what is on the whitelist goes in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import select

from core.contests.values import EditionView
from core.entries.forms import questions
from core.entries.models import Attachment, Entry
from core.entries.states import Scan
from core.judging.blind import choice_of, shown_questions
from core.judging.blind_files import DRAWN, may_be_read, place_of_file
from core.judging.blind_material import (
    Material,
    material_files,
    material_mark,
    material_of,
    material_texts,
    question_titles,
)
from core.judging.blind_models import BlindChoice, BlindCopy, BlindScan
from core.judging.blind_scan import Finding, masked
from core.judging.material_models import MaterialFile
from core.judging.text_copies import TEXTED
from core.kernel.canonical import sha256_of
from core.kernel.db import session
from core.kernel.pdf import PDF
from core.plugin_api import FieldKind

TITLE = "title"
Source = tuple[Attachment | MaterialFile, str, UUID | None]
"""A file with the question of the form that it answers, or that of the new material."""
_ENDINGS = {"application/pdf": "pdf", "image/jpeg": "jpg"}


@dataclass(frozen=True, slots=True)
class FileDraft:
    """A file of the dossier and its copy. `state`: ready, waiting, failed, unfit where no copy can be drawn, or unmade
    where the dossier was looked through before text copies were made. `media_type` is that of what it is drawn from.

    `hidden` and `kept` are the findings on its pages that are covered and that are not; `told` stand in what no copy
    has (name, properties). `blank` are pages without letters, which people must look at. `question` is the one that
    a file of the new material answers, None for a file of the dossier.
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
    question: UUID | None = None

    @property
    def left_out(self) -> Mapping[str, int]:
        """What its text copy does not carry, by kind."""
        return self.copy.left_out if self.is_text and self.copy is not None else {}

    @property
    def is_own(self) -> bool:
        """Whether the committee sent a file of its own in its place."""
        return self.copy is not None and self.copy.own is not None

    def copied(self, name: str) -> dict[str, Any]:
        """Its copy as it is stored with what judges read, under a `name` that gets its ending; empty without one."""
        copy = self.copy
        if copy is None:
            return {}
        return {
            "sha256": copy.sha256,
            "media_type": copy.media_type,
            "size": copy.size,
            "pages": copy.pages,
            "name": f"{name}.{_ENDINGS[copy.media_type]}",
        }


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
    `material` is what came from the entry in the round, `written` its texts as they would be read, by place; its files
    stand behind those of the dossier.
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
    material: Material | None = None
    written: Mapping[str, str] = field(default_factory=dict)

    def document(self, kept: Sequence[UUID]) -> dict[str, Any]:
        """What would be stored, with the copies of the files `kept`, under names that tell nothing."""
        chosen = [
            one for one in self.files if one.id in kept and one.state == "ready" and one.copy is not None
        ]
        own = [one for one in chosen if one.question is None]
        files = [{"field": one.field, **one.copied(self._name("tep", at))} for at, one in enumerate(own, 1)]
        document = {"title": self.title, "field": self.entry.field, "facts": dict(self.facts), "files": files}
        if self.material is not None:
            sent = [one for one in chosen if one.question is not None]
            document["material"] = self._sent(self.material, sent)
        return document

    def _sent(self, material: Material, chosen: Sequence[FileDraft]) -> dict[str, Any]:
        """What would be stored of the new material: each question with what is there for it."""
        answers = []
        number = 0
        for asked in material.questions:
            files = []
            for one in chosen:
                if one.question == asked.id:
                    number += 1
                    files.append(one.copied(self._name("bo-sung", number)))
            text = self.written.get(asked.place, "")
            if text or files:
                answers.append({"title": asked.title, "text": text, "files": files})
        return {"number": material.number, "at": material.at.isoformat(), "answers": answers}

    def _name(self, kind: str, number: int) -> str:
        """A name for a copy that tells nothing, less its ending."""
        return f"{self.entry.code}-{kind}-{number}"

    @property
    def digest(self) -> str:
        """Names what an officer looks at: all that could be shown."""
        return sha256_of([self.document([one.id for one in self.files]), self.entry.version])


def draft_of(edition: EditionView, entry: Entry, round_key: str) -> Draft:
    """The draft of a dossier for a round. Twelve queries at most."""
    scan = session().scalars(select(BlindScan).where(BlindScan.entry_id == entry.id)).one_or_none()
    rows = session().scalars(select(BlindChoice).where(BlindChoice.entry_id == entry.id))
    choices = {one.key: (one.choice, one.words) for one in rows}
    allowed = shown_questions(edition, choice_of(edition, round_key))
    texts, sent = material_texts(entry.id), material_files(entry.id)
    is_scanned = (
        scan is not None
        and scan.state == "done"
        and scan.version == entry.version
        and scan.material == material_mark(texts, sent)
    )
    material = material_of(edition, entry, round_key)
    places = question_titles(material)
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
        texts=tuple(
            one
            for one in found
            if not one.file and (one.place in places or _is_shown(one.place, allowed, own_title))
        ),
        files=tuple(_files(entry, _sources(entry, asked_files, material), found, choices, scan)),
        choices=choices,
        allowed=allowed,
        material=material,
        written={place: _masked(text, place, found, choices) for place, text in texts if place in places}
        if is_scanned
        else {},
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


def drawn_from(file: Attachment | MaterialFile, copy: BlindCopy | None) -> DrawnFrom:
    """What the copy of a file is drawn from: the committee's own file, else its text copy, else the file itself."""
    if copy is not None and copy.own is not None:
        return DrawnFrom(copy.own, copy.own_type)
    if copy is not None and copy.text is not None:
        return DrawnFrom(copy.text, PDF, is_text=True)
    return DrawnFrom(file.sha256, file.media_type)


def attachments_of(entry: Entry) -> list[Attachment]:
    """The dossier's files that may be opened, in their order. One query."""
    ask = select(Attachment).where(Attachment.entry_id == entry.id, Attachment.scan == Scan.CLEAN)
    return list(session().scalars(ask.order_by(Attachment.added_at, Attachment.id)))


def _sources(entry: Entry, asked: frozenset[str], material: Material | None) -> list[Source]:
    """The files that are offered for the round, those of the dossier first. One query."""
    own: list[Source] = [(one, one.field, None) for one in attachments_of(entry) if one.field in asked]
    for question in material.questions if material is not None else ():
        own += [(one, "", question.id) for one in question.files]
    return own


def _files(
    entry: Entry,
    sources: Sequence[Source],
    found: Sequence[Finding],
    choices: Mapping[str, tuple[str, str]],
    scan: BlindScan | None,
) -> list[FileDraft]:
    rows = session().scalars(select(BlindCopy).where(BlindCopy.entry_id == entry.id))
    copies = {one.file_id: one for one in rows}
    made = []
    for one, field_key, question_id in sources:
        copy = copies.get(one.id)
        source = drawn_from(one, copy)
        contents = {source.sha256, one.sha256} if source.is_text else {source.sha256}
        starts = tuple(f"{place_of_file(one.id.hex, sha256)}/" for sha256 in contents)
        own = [each for each in found if each.place.startswith(starts)]
        unread = (scan.unread if scan is not None else {}).get(one.id.hex)
        made.append(
            FileDraft(
                id=one.id,
                field=field_key,
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
                question=question_id,
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
    kind, key, *_rest = place.split(".")
    return kind == "facts" and key in allowed


def _masked(text: str, place: str, found: Sequence[Finding], choices: Mapping[str, tuple[str, str]]) -> str:
    return masked(text, [one for one in found if one.place == place], choices)
