"""How alike two texts are: fingerprints to find candidates, exact scores by passage, the words that agree.

Pure: texts in, numbers and passages out. Marks, case, Unicode form, punctuation and the order of paragraphs play no
part. Fingerprints are winnowed hashes of runs of words (Schleimer, Wilkerson, Aiken: "Winnowing", SIGMOD 2003): two
texts that share a run of SHINGLE + WINDOW - 1 words share a fingerprint, as long as neither is cut to MOST_PRINTS.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from hashlib import blake2b
from typing import TypeVar

from core.kernel.text import clean, fold

K = TypeVar("K")

SHINGLE = 6
WINDOW = 10
MOST_PRINTS = 256
MOST_PASSAGES = 400
# A passage of fewer words is a heading or a phrase that everybody writes.
LEAST_WORDS = 6
# Fewer agreeing words than this are chance, however short the texts.
LEAST_MATCH = 25
PASSAGE_ALIKE = 80

_WORD = re.compile(r"[a-z0-9]+")
_END_OF_PASSAGE = re.compile(r"(?<=[.!?;])\s+|\n+")


@dataclass(frozen=True, slots=True)
class Passage:
    """One sentence of a text as it was written, and its folded words joined by blanks; `is_common`: many write it."""

    text: str
    folded: str
    words: int
    is_common: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """Two passages that read alike, with their likeness in percent."""

    left: Passage
    right: Passage
    percent: int


@dataclass(frozen=True, slots=True)
class Likeness:
    """`text_percent`: the larger share (by words) of one text that stands in the other; `matches` in order."""

    text_percent: int
    title_percent: int
    matches: tuple[Match, ...]


def words_of(text: str) -> list[str]:
    """The folded words of a text: "Máy sấy chè!" → may, say, che."""
    return _WORD.findall(fold(clean(text)))


def fingerprints(text: str) -> frozenset[int]:
    """The fingerprints of a text, at most MOST_PRINTS whole numbers below 2**63; none for fewer than SHINGLE words."""
    hashes = _hashes(words_of(text))
    if not hashes:
        return frozenset()
    least = {min(hashes[at : at + WINDOW]) for at in range(max(1, len(hashes) - WINDOW + 1))}
    return frozenset(sorted(least)[:MOST_PRINTS])


def passages(text: str, common: frozenset[int] = frozenset()) -> list[Passage]:
    """The passages of a text that are long enough to say something of their own.

    One with a fingerprint of `common` is a phrase that many write.
    """
    found = []
    for piece in _END_OF_PASSAGE.split(clean(text)):
        words = words_of(piece)
        if len(words) >= LEAST_WORDS:
            is_common = bool(common) and not common.isdisjoint(_hashes(words))
            found.append(Passage(piece.strip(), " ".join(words), len(words), is_common))
    return found[:MOST_PASSAGES]


def titles_alike(one: str, other: str) -> int:
    """How alike two titles are in percent, in whatever order their words stand."""
    from rapidfuzz import fuzz

    return round(fuzz.token_sort_ratio(" ".join(words_of(one)), " ".join(words_of(other))))


def titles_like(title: str, titles: Mapping[K, str], least: int, limit: int) -> list[K]:
    """The keys of those `titles` that are at least `least` percent alike, the most alike first."""
    from rapidfuzz import fuzz, process

    folded = {key: " ".join(words_of(one)) for key, one in titles.items()}
    mine = " ".join(words_of(title))
    found = process.extract(mine, folded, scorer=fuzz.token_sort_ratio, score_cutoff=least, limit=limit)
    return [key for _title, _score, key in found]


def compare(one: tuple[str, str], other: tuple[str, str], common: frozenset[int] = frozenset()) -> Likeness:
    """How alike two dossiers are, each a pair of title and text.

    Passages with a fingerprint of `common` agree with nothing: that many write them says nothing of these two.
    """
    left, right = passages(one[1], common), passages(other[1], common)
    matches = _matches(left, right)
    here = sum(match.left.words for match in matches)
    there = {id(match.right): match.right.words for match in matches}
    shares = (_share(here, left), _share(sum(there.values()), right))
    percent = max(shares) if here >= LEAST_MATCH else 0
    return Likeness(percent, titles_alike(one[0], other[0]), matches)


def marked(text: str, other: str) -> list[tuple[str, bool]]:
    """`text` in pieces, each with whether its words stand in `other` in the same order."""
    mine, theirs = text.split(), other.split()
    blocks = SequenceMatcher(
        None, [_bare(word) for word in mine], [_bare(word) for word in theirs], autojunk=False
    )
    same = [False] * len(mine)
    for block in blocks.get_matching_blocks():
        same[block.a : block.a + block.size] = [True] * block.size
    pieces: list[tuple[str, bool]] = []
    for word, is_same in zip(mine, same, strict=True):
        if pieces and pieces[-1][1] is is_same:
            pieces[-1] = (f"{pieces[-1][0]} {word}", is_same)
        else:
            pieces.append((word, is_same))
    return pieces


def _matches(left: Sequence[Passage], right: Sequence[Passage]) -> tuple[Match, ...]:
    from rapidfuzz import fuzz, process

    choices = ["" if one.is_common else one.folded for one in right]
    found = []
    for passage in left:
        if passage.is_common:
            continue
        best = process.extractOne(passage.folded, choices, scorer=fuzz.ratio, score_cutoff=PASSAGE_ALIKE)
        if best is not None:
            found.append(Match(passage, right[best[2]], round(best[1])))
    return tuple(found)


def _share(words: int, whole: Sequence[Passage]) -> int:
    total = sum(one.words for one in whole)
    return round(100 * words / total) if total else 0


def _bare(word: str) -> str:
    return "".join(_WORD.findall(fold(word)))


def _hashes(words: Sequence[str]) -> list[int]:
    return [_hash(words[at : at + SHINGLE]) for at in range(len(words) - SHINGLE + 1)]


def _hash(words: Sequence[str]) -> int:
    return int.from_bytes(blake2b(" ".join(words).encode(), digest_size=8).digest(), "big") >> 1
