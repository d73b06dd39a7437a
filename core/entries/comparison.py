"""Versions of a dossier for reading: one as it was handed in, two beside each other; from snapshots alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from core.contests.values import EditionView
from core.entries.differences import Kind, Snapshot, Span, differences, word_spans
from core.entries.forms import answer_text, questions
from core.entries.models import EntryVersion
from core.entries.policies import NO_FILE
from core.entries.words import field_name, role_name
from core.kernel.errors import NotFound
from core.kernel.formats import number
from core.kernel.i18n import N_, locale
from core.plugin_api import FieldKind, FormField

_GONE = N_("Mục không còn trong biểu mẫu")


@dataclass(frozen=True, slots=True)
class ComparedText:
    """Something said in both versions or in one: `before` holds what stayed and went, `after` what stayed and came."""

    label: str
    kind: Kind
    before: tuple[Span, ...]
    after: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class ComparedFile:
    """A file that is not as it was; `label` is the question it answers."""

    label: str
    kind: Kind
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """All that differs between two versions, in words."""

    answers: tuple[ComparedText, ...]
    people: tuple[ComparedText, ...]
    files: tuple[ComparedFile, ...]
    is_reordered: bool

    @property
    def count(self) -> int:
        """How many things differ."""
        return len(self.answers) + len(self.people) + len(self.files) + self.is_reordered


@dataclass(frozen=True, slots=True)
class SaidAnswer:
    """One answer of a version; `files` for a question that takes files."""

    label: str
    text: str
    files: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class SaidGroup:
    """The answers of one section of a version."""

    title: str
    answers: tuple[SaidAnswer, ...]


def compared(old: Snapshot, new: Snapshot, edition: EditionView) -> Comparison:
    """`old` and `new` beside each other, in the reader's language; questions in the order of the form."""
    found = differences(old, new)
    order = {key: place for place, key in enumerate(_labels(edition))}
    changes = sorted(found.fields, key=lambda one: order.get(one.key, len(order)))
    labels = _labels(edition)
    return Comparison(
        answers=tuple(
            _text(
                _label(labels, one.key),
                _said(one.key, one.before, edition),
                _said(one.key, one.after, edition),
            )
            for one in changes
        ),
        people=tuple(
            _text((one.after or one.before or {})["name"], _person(one.before), _person(one.after))
            for one in found.authors
        ),
        files=tuple(
            ComparedFile(_label(labels, one.field), one.kind, one.before, one.after) for one in found.files
        ),
        is_reordered=found.is_reordered,
    )


def said_in(version: EntryVersion, edition: EditionView) -> list[SaidGroup]:
    """The answers of a version by the sections of the form, then what the form no longer asks."""
    said = version.snapshot
    facts, files = said.get("facts") or {}, said.get("files") or []
    groups = [
        SaidGroup(
            section.title.in_(locale()),
            tuple(
                SaidAnswer(
                    one.label.in_(locale()), _answer(one, facts.get(one.key)), _files_in(files, one.key)
                )
                for one in section.fields
            ),
        )
        for section in edition.rules.dossier_form()
    ]
    known = {one.key for one in questions(edition)}
    gone = [key for key in dict.fromkeys([*facts, *(one["field"] for one in files)]) if key not in known]
    if gone:
        title = _(_GONE)
        rest = tuple(SaidAnswer(title, _plain(facts.get(key)), _files_in(files, key)) for key in gone)
        groups.append(SaidGroup(title, rest))
    return groups


def people_in(version: EntryVersion) -> list[str]:
    """The authors of a version, a line each."""
    return [_person(one) for one in version.snapshot.get("authors") or ()]


def file_in(version: EntryVersion, sha256: str) -> Mapping[str, Any]:
    """What a version says of the file with this hash; raises NotFound for one it does not have."""
    for one in version.snapshot.get("files") or ():
        if one["sha256"] == sha256:
            return dict(one)
    raise NotFound(_(NO_FILE))


def _labels(edition: EditionView) -> dict[str, str]:
    own = {"title": _("Tên"), "field": _("Lĩnh vực"), "unit": _("Đơn vị")}
    return own | {one.key: one.label.in_(locale()) for one in questions(edition)}


def _label(labels: Mapping[str, str], key: str) -> str:
    return labels.get(key) or _(_GONE)


def _text(label: str, before: str, after: str) -> ComparedText:
    spans = word_spans(before, after)
    kind = Kind.CHANGED if before and after else Kind.ADDED if after else Kind.REMOVED
    return ComparedText(
        label,
        kind,
        tuple(one for one in spans if one.kind is not Kind.ADDED),
        tuple(one for one in spans if one.kind is not Kind.REMOVED),
    )


def _said(key: str, value: Any, edition: EditionView) -> str:
    if value in (None, "", []):
        return ""
    if key == "field":
        return field_name(edition, value)
    if key == "unit":
        return str(value["name"])
    asked = edition.rules.form_field(key)
    return _plain(value) if asked is None or key == "title" else _answer(asked, value)


def _answer(asked: FormField, value: Any) -> str:
    """An answer in words; one that the form of today cannot read is given as it was written."""
    if asked.kind is FieldKind.FILES:
        return ""
    try:
        return answer_text(asked, value, locale())
    except (ValueError, TypeError, ArithmeticError):
        return _plain(value)


def _plain(value: Any) -> str:
    return "" if value is None else str(value)


def _files_in(files: Sequence[Mapping[str, Any]], key: str) -> tuple[Mapping[str, Any], ...]:
    return tuple(one for one in files if one["field"] == key)


def _person(one: Mapping[str, Any] | None) -> str:
    if one is None:
        return ""
    share = one.get("share")
    parts = (
        one["name"],
        role_name(one["role"]),
        _("sinh năm %(year)s", year=one["birth_year"]) if one.get("birth_year") else "",
        one.get("workplace") or "",
        _("đóng góp %(share)s%%", share=number(share, locale())) if share else "",
    )
    return ", ".join(part for part in parts if part)
