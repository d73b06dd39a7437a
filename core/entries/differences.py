"""What changed between two versions of a dossier: a pure comparison of their snapshots, down to the word.

Snapshots are the documents that `core.entries.content.snapshot_of` makes; parts that an older one lacks count as empty.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any

from core.kernel.text import fold

Snapshot = Mapping[str, Any]

# A word keeps the blanks behind it: alone they would match everywhere, and cost time for nothing.
_WORDS = re.compile(r"\w+\s*|[^\w\s]\s*|\s+")
_LINES = re.compile(r"[^\n]*\n+|[^\n]+")
# Pairs of equal parts that a comparison may have to look at; beyond, it is done by lines, then as two whole blocks.
MOST_PAIRS = 50_000


class Kind(StrEnum):
    """What became of a word, a file or an author."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    RENAMED = "renamed"


@dataclass(frozen=True, slots=True)
class Span:
    """A run of words that stayed, came or went."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class FieldChange:
    """An answer that is not what it was; `key` is "title", "field", "unit" or the key of a form field."""

    key: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class FileChange:
    """A file that came (`before` None), went (`after` None), got other content under its name, or another name."""

    kind: Kind
    field: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class AuthorChange:
    """An author who came, went, or of whom something else is said."""

    kind: Kind
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Differences:
    """All that differs between two snapshots; `is_reordered`: the authors who stayed stand in another order."""

    fields: tuple[FieldChange, ...]
    authors: tuple[AuthorChange, ...]
    files: tuple[FileChange, ...]
    is_reordered: bool

    def __bool__(self) -> bool:
        return bool(self.fields or self.authors or self.files or self.is_reordered)


def differences(old: Snapshot, new: Snapshot) -> Differences:
    """What `new` says otherwise than `old`. The number, the instant and the code of a version are no content."""
    before, after = old.get("authors") or [], new.get("authors") or []
    stayed = {fold(one["name"]) for one in before} & {fold(one["name"]) for one in after}
    return Differences(
        fields=tuple(_fields(old, new)),
        authors=tuple(_authors(before, after)),
        files=tuple(_files(old.get("files") or [], new.get("files") or [])),
        is_reordered=_order(before, stayed) != _order(after, stayed),
    )


def word_spans(old: str, new: str) -> tuple[Span, ...]:
    """`old` and `new` as one text of runs: without the added ones it is `old`, without the removed ones `new`."""
    return tuple(_merged(_compared(old, new, (_WORDS, _LINES))))


def _compared(old: str, new: str, ways: Sequence[re.Pattern[str]]) -> Iterator[Span]:
    """The runs, by the first of `ways` to cut a text that is not too much work; what differs is then cut finer."""
    for number, way in enumerate(ways):
        a, b = way.findall(old), way.findall(new)
        head = _common(a, b)
        tail = _common(a[head:][::-1], b[head:][::-1])
        middle_a, middle_b = a[head : len(a) - tail], b[head : len(b) - tail]
        if _pairs(middle_a, middle_b) > MOST_PAIRS:
            continue
        yield Span(Kind.SAME, "".join(a[:head]))
        for tag, a_from, a_to, b_from, b_to in SequenceMatcher(
            None, middle_a, middle_b, autojunk=False
        ).get_opcodes():
            gone, come = middle_a[a_from:a_to], middle_b[b_from:b_to]
            if tag == "equal":
                yield Span(Kind.SAME, "".join(gone))
            elif number and len(gone) == len(come):
                for one, other in zip(
                    gone, come, strict=True
                ):  # as many lines: each takes the place of its own
                    yield from _compared(one, other, ways[:number])
            else:
                yield from _compared("".join(gone), "".join(come), ways[:number])
        yield Span(Kind.SAME, "".join(a[len(a) - tail :]))
        return
    yield Span(Kind.REMOVED, old)
    yield Span(Kind.ADDED, new)


def _merged(spans: Iterator[Span]) -> Iterator[Span]:
    """Without empty runs, and with neighbours of one kind as one."""
    held: Span | None = None
    for one in spans:
        if not one.text:
            continue
        if held is not None and held.kind is one.kind:
            held = Span(held.kind, held.text + one.text)
            continue
        if held is not None:
            yield held
        held = one
    if held is not None:
        yield held


def _pairs(a: Sequence[str], b: Sequence[str]) -> int:
    """How many pairs of equal parts there are: what a comparison has to look at."""
    counted = Counter(b)
    return sum(counted[one] for one in a)


def _common(a: Sequence[str], b: Sequence[str]) -> int:
    """How many first elements two sequences share."""
    count = 0
    for one, other in zip(a, b, strict=False):
        if one != other:
            break
        count += 1
    return count


def _fields(old: Snapshot, new: Snapshot) -> Iterator[FieldChange]:
    for key in ("title", "field", "unit"):
        before, after = old.get(key), new.get(key)
        if (before or None) != (after or None):
            yield FieldChange(key, before, after)
    old_facts, new_facts = old.get("facts") or {}, new.get("facts") or {}
    for key in dict.fromkeys([*old_facts, *new_facts]):
        if old_facts.get(key) != new_facts.get(key):
            yield FieldChange(key, old_facts.get(key), new_facts.get(key))


def _authors(old: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]]) -> Iterator[AuthorChange]:
    """Authors are the same person by name, whatever marks and case; namesakes are taken in their order."""
    waiting = list(old)
    for one in new:
        known = next((other for other in waiting if fold(other["name"]) == fold(one["name"])), None)
        if known is None:
            yield AuthorChange(Kind.ADDED, None, one)
            continue
        waiting.remove(known)
        if dict(known) != dict(one):
            yield AuthorChange(Kind.CHANGED, known, one)
    for gone in waiting:
        yield AuthorChange(Kind.REMOVED, gone, None)


def _order(authors: Sequence[Mapping[str, Any]], stayed: set[str]) -> list[str]:
    names = [fold(one["name"]) for one in authors]
    return list(dict.fromkeys(name for name in names if name in stayed))


def _files(old: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]]) -> Iterator[FileChange]:
    """In one form field the same content is the same file, then the same name is the file it takes the place of."""
    gone = [one for one in old if not any(_is_same(one, other) for other in new)]
    for one in new:
        same = next((other for other in old if _is_same(one, other)), None)
        if same is not None:
            if same["name"] != one["name"]:
                yield FileChange(Kind.RENAMED, one["field"], same, one)
            continue
        replaced = next((x for x in gone if (x["field"], x["name"]) == (one["field"], one["name"])), None)
        if replaced is None:
            yield FileChange(Kind.ADDED, one["field"], None, one)
        else:
            gone.remove(replaced)
            yield FileChange(Kind.CHANGED, one["field"], replaced, one)
    for one in gone:
        yield FileChange(Kind.REMOVED, one["field"], one, None)


def _is_same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return (one["field"], one["sha256"]) == (other["field"], other["sha256"])
