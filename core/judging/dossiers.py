"""What a judge reads of a dossier: the one way from a sheet's place to the words and files shown to him."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from flask_babel import gettext as _
from sqlalchemy import select

from core.contests.models import Unit
from core.contests.queries import UnitRow
from core.contests.values import EditionView
from core.entries import words
from core.entries.forms import answer_text
from core.entries.models import Entry
from core.entries.pages import Answer, AnswerGroup, FileCopy, answers
from core.entries.policies import NO_FILE
from core.entries.queries import dossier_with
from core.entries.tables import table_answer
from core.judging.blind import approved_dossier, blind_by_rules, choice_of, reads_blind, shown_questions
from core.judging.blind_material import approved_group, newest_receipt
from core.judging.blind_models import BlindDossier
from core.judging.material import material_group
from core.judging.material_models import MaterialCall
from core.judging.policies import NOT_YET
from core.judging.values import SheetPlace
from core.kernel.db import session
from core.kernel.errors import NotFound
from core.kernel.i18n import locale
from core.plugin_api import FieldKind, Round


@dataclass(frozen=True, slots=True)
class ShownAuthor:
    """An author as a judge reads him."""

    name: str
    role: str
    workplace: str


@dataclass(frozen=True, slots=True)
class ShownDossier:
    """A dossier as its judge reads it; what he may not know is not in it."""

    code: str
    title: str
    field_name: str
    authors: tuple[ShownAuthor, ...]
    unit_name: str
    groups: tuple[AnswerGroup, ...]
    is_blind: bool = False


def shown_to_judge(edition: EditionView, place: SheetPlace) -> ShownDossier:
    """What the judge of `place` may read of the dossier there; in a blind round what was approved and no more.

    NotFound for a dossier that he reads blind and of which nothing is approved. Three queries, and one more where the
    round asked its entries for new material.
    """
    reads = reads_blind([place.judge.id], blind_by_rules(edition), place.round.key)
    call = select(MaterialCall.id).where(
        MaterialCall.edition_id == edition.id, MaterialCall.round == place.round.key
    )
    unit = (Unit.id, Unit.code, Unit.name, Unit.kind)
    newest = newest_receipt(place.round.key)
    ask = select(Entry, reads, call.exists(), newest, *unit).outerjoin(Unit, Unit.id == Entry.unit_id)
    found = session().execute(ask.where(Entry.id == place.entry_id)).one_or_none()
    if found is None:
        raise NotFound
    entry, is_read_blind, is_asked, newest_number = found[:4]
    if is_read_blind:
        return _shown_blind(edition, place, entry, newest_number)
    own_unit = UnitRow(found.id, found.code, found.name, found.kind) if entry.unit_id else None
    dossier = dossier_with(entry, own_unit)
    return ShownDossier(
        code=place.entry_code,
        title=dossier.entry.title,
        field_name=words.field_name(edition, dossier.entry.field) or "",
        authors=tuple(
            ShownAuthor(one.name, words.role_name(one.role), one.workplace or "") for one in dossier.authors
        ),
        unit_name=dossier.unit.name if dossier.unit else "",
        groups=(
            *answers(dossier, edition),
            *(material_group(edition, place.round, entry.id) if is_asked else ()),
        ),
    )


def _shown_blind(edition: EditionView, place: SheetPlace, entry: Entry, newest: int) -> ShownDossier:
    approved = approved_dossier(entry, place.round.key)
    if approved is None:
        raise NotFound(_(NOT_YET))
    allowed = shown_questions(edition, choice_of(edition, approved.round))
    return ShownDossier(
        code=place.entry_code,
        title=approved.title,
        field_name=words.field_name(edition, approved.shown.get("field")) or "",
        authors=(),
        unit_name="",
        groups=(
            *blind_answers(edition, approved.shown, allowed, place.round.key, place.entry_code),
            *(
                blind_material(approved.shown, place.round, place.entry_code)
                if _is_material_read(approved, place, newest)
                else ()
            ),
        ),
        is_blind=True,
    )


def _is_material_read(approved: BlindDossier, place: SheetPlace, newest: int) -> bool:
    """Whether new material was approved for this round, as it was sent last (`newest` is its receipt's number): what
    came later waits for its own look, and what was approved for another round is no part of this one."""
    return approved.round == place.round.key and approved.material == newest


def blind_material(shown: Mapping[str, Any], judging_round: Round, code: str) -> list[AnswerGroup]:
    """The new material of a document that was made for a blind round; its files are numbered after the dossier's."""
    if "material" not in shown:
        return []
    files = [file for one in shown["material"]["answers"] for file in one["files"]]
    first = len(shown.get("files", ())) + 1
    copies = [copy_of(file, number, judging_round.key, code) for number, file in enumerate(files, first)]
    return approved_group(judging_round, shown["material"], copies)


def blind_answers(
    edition: EditionView, shown: Mapping[str, Any], allowed: Collection[str], round_key: str, code: str
) -> list[AnswerGroup]:
    """The answers of a document that was made for a blind round, of the questions in `allowed`, by section."""
    files = [copy_of(file, number, round_key, code) for number, file in enumerate(shown.get("files", ()), 1)]
    facts = shown.get("facts", {})
    groups = []
    for section in edition.rules.dossier_form():
        made = []
        for asked in section.fields:
            if asked.key not in allowed:
                continue
            own = tuple(
                copy
                for copy, file in zip(files, shown.get("files", ()), strict=True)
                if file["field"] == asked.key
            )
            value = facts.get(asked.key)
            is_table = asked.kind is FieldKind.TABLE and bool(value)
            made.append(
                Answer(
                    asked.label.in_(locale()),
                    "" if asked.kind is FieldKind.FILES else answer_text(asked, value, locale()),
                    asked.kind is FieldKind.LONG_TEXT,
                    own,
                    table_answer(value, asked, locale()) if is_table else None,
                )
            )
        if made:
            groups.append(AnswerGroup(section.key, section.title.in_(locale()), tuple(made)))
    return groups


def copy_of(file: Mapping[str, Any], number: int, round_key: str, code: str) -> FileCopy:
    """One file of such a document as a page shows it."""
    return FileCopy(
        href=_address(round_key, code, number),
        name=file["name"],
        sha256=file["sha256"],
        size=file["size"],
        media_type=file["media_type"],
        pages=file["pages"],
    )


def shown_file(edition: EditionView, place: SheetPlace, number: int) -> FileCopy:
    """The copy with this number (from 1) that the judge of `place` may read; NotFound for any other."""
    dossier = shown_to_judge(edition, place)
    wanted = _address(place.round.key, place.entry_code, number)
    for group in dossier.groups:
        for answer in group.answers:
            for file in answer.files:
                if isinstance(file, FileCopy) and file.href == wanted:
                    return file
    raise NotFound(_(NO_FILE))


def _address(round_key: str, code: str, number: int) -> str:
    """That of `blind_desk.file`; written out, since jobs and commands have no request to build it from."""
    return f"/cham-thi/{quote(round_key)}/{quote(code)}/tep/{number}"
