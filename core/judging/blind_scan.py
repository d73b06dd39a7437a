"""Finds in a text what tells who the authors of a dossier are. Pure: texts and facts in, places out.

Looked for are the names of the dossier's own people in their usual forms, its units and workplaces, and whatever is a
telephone number, a mail address or an address of the web, whoever's it is. Marks and case do not matter to a whole
name ("NGUYEN VAN A"); shorter forms must be written as names are, else every second word would be one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from hashlib import sha256
from typing import Any

from core.kernel.text import fold

HIDDEN = "[đã ẩn]"
AROUND = 60
_GLUED = 9
_PHONE = re.compile(r"(?<![\d.,])(?:\+?84|0)(?:[ .\-]?\d){8,10}(?![\d])")
_BLANK = r"[ \t\u00a0\u2007\u2009\u202f]{0,2}"
# Each part begins with a mark of its own, so that there is one way only to read what stands between two digits.
_APART = rf"(?:{_BLANK}\))?(?:{_BLANK}[.\-\u2010-\u2014])?{_BLANK}"
# Written apart in any way, it must be a number as they are given out (mobile 03, 05, 07-09; fixed 02) and begin with
# three figures together: dates, amounts and ranges do not.
_SPACED_PHONE = re.compile(
    rf"(?<!\d)(?<!\d[.,])(?:\({_BLANK}\+84{_BLANK}\)|\+84){_APART}(?:\({_BLANK}0{_APART}|0)?"
    rf"(?:[35789](?:{_APART}\d){{8}}|2(?:{_APART}\d){{8,9}})(?!\d)"
    rf"|(?<!\d)(?<!\d[.,])(?:\({_BLANK})?0(?:[35789]\d(?:{_APART}\d){{7}}|2\d(?:{_APART}\d){{7,8}})(?!\d)"
)
_EMAIL = re.compile(
    r"(?<![\w.+\-])[\w.+\-]+(?:@[\w\-]+(?:\.[\w\-]+)+"
    r"| ?(?:@|[\[(] ?(?:at|a còng) ?[\])]) ?[\w\-]+(?:\.[\w\-]+)*\.[a-z]{2,})",
    re.IGNORECASE,
)
_LINK = re.compile(
    r"(?:https?://|www\.)[^\s<>\"']+"
    r"|(?<![\w@.\-])[a-z0-9\-]+(?:\.[a-z0-9\-]+)*\.(?:com|net|org|edu|gov|info|vn)(?:\.vn)?(?:/[^\s<>\"']*)?(?![\w.]*@)"
    # Names that are shortened or of one's own tell something only with what follows them.
    r"|(?<![\w@.\-])[a-z0-9\-]+(?:\.[a-z0-9\-]+)*"
    r"\.(?:me|be|ly|gl|gle|ee|gd|gg|id|io|co|cc|tv|app|bio|dev|link|page|site|watch|asia|xyz|online)/[^\s<>\"']+",
    re.IGNORECASE,
)
_TITLES = (
    r"(?:thay|co|ong|ba|anh|chi|em|chau|ban|ks|ths|ts|pgs|gs|bs|cn|cu nhan|ky su|bac si|thac si|tien si|giao su"
    r"|nha giao|hoc sinh|sinh vien|dong chi|tac gia|giao vien|nong dan|nghe nhan)"
)
_KINDS_OF_UNITS = re.compile(
    r"(?:uy ban nhan dan|ubnd|so|phong|ban|xa|phuong|thi tran|thi xa|huyen|quan|thanh pho|tp|tinh|truong|thpt|thcs"
    r"|trung hoc pho thong|trung hoc co so|tieu hoc|mam non|dai hoc|cao dang|trung cap|cong ty|tnhh|co phan|cp|mtv"
    r"|mot thanh vien|hop tac xa|htx|benh vien|trung tam|tram|vien|hoi|lien hiep|doanh nghiep|to hop tac|thon|xom|to)"
    r"\b[\s.]*"
)


class Kind(StrEnum):
    """What was found."""

    NAME = "name"
    UNIT = "unit"
    PHONE = "phone"
    EMAIL = "email"
    LINK = "link"
    MORE = "more"  # a word that the committee named


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a dossier must not tell: names of its people, units and workplaces, account names, further words."""

    names: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    more: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """A stretch of a text, from `start` to before `end`."""

    kind: Kind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Finding:
    """A hit with where it stands. `place` is a path ("title", "facts.tom_tat", "facts.bang.0.cot") or a file's
    ("<file>.<content>/trang/3", "…/ten/", "…/phan/<part>", "…/thuoc-tinh/Author"); `rects` are where it is seen on a
    page, in ten-thousandths; `key` stays the same when the same is found again.
    """

    key: str
    kind: Kind
    place: str
    start: int
    end: int
    found: str
    before: str
    after: str
    rects: tuple[tuple[int, int, int, int], ...] = field(default=())

    @property
    def file(self) -> str:
        """The file that it stands in, "" for an answer."""
        return self.place.partition("/")[0].partition(".")[0] if "/" in self.place else ""

    @property
    def page(self) -> int:
        """The page of the file, 0 where it is none."""
        parts = self.place.split("/")
        return int(parts[2]) if len(parts) == 3 and parts[1] == "trang" else 0

    def kept(self) -> dict[str, Any]:
        """As it is stored."""
        return {
            "key": self.key, "kind": self.kind.value, "place": self.place, "start": self.start, "end": self.end,
            "found": self.found, "before": self.before, "after": self.after,
            "rects": [list(one) for one in self.rects],
        }  # fmt: skip

    @staticmethod
    def of(kept: Mapping[str, Any]) -> Finding:
        """From what is stored."""
        return Finding(
            kept["key"], Kind(kept["kind"]), kept["place"], kept["start"], kept["end"], kept["found"],
            kept["before"], kept["after"], tuple((one[0], one[1], one[2], one[3]) for one in kept["rects"]),
        )  # fmt: skip


def findings_in(text: str, place: str, subject: Subject) -> list[Finding]:
    """What `text` tells, in its order."""
    seen: dict[tuple[str, str], int] = {}
    found = []
    for hit in hits(text, subject):
        words = text[hit.start : hit.end]
        number = seen[hit.kind, fold(words)] = seen.get((hit.kind, fold(words)), 0) + 1
        key = sha256(f"{place}|{hit.kind}|{fold(words)}|{number}".encode()).hexdigest()[:32]
        before = text[max(0, hit.start - AROUND) : hit.start]
        after = text[hit.end : hit.end + AROUND]
        found.append(Finding(key, hit.kind, place, hit.start, hit.end, words, before, after))
    return found


def hits(text: str, subject: Subject) -> list[Hit]:
    """The stretches of `text` that tell who the authors are, in order, none over another."""
    folded, places = _folded(text)
    every = [*_generic(text), *_named(text, folded, places, subject)]
    return _apart(every)


def masked(text: str, found: Sequence[Finding], choices: Mapping[str, tuple[str, str]]) -> str:
    """`text` with each finding hidden, save where `choices` (key → (choice, words)) says otherwise.

    Raises ValueError when a finding does not stand where it says: the text is another than the one that was read.
    """
    for one in sorted(found, key=lambda finding: finding.start, reverse=True):
        if text[one.start : one.end] != one.found:
            raise ValueError(f"{one.place} is not the text that was read")
        choice, words = choices.get(one.key, ("", ""))
        if choice == "dismiss":
            continue
        text = text[: one.start] + (words if choice == "words" else HIDDEN) + text[one.end :]
    return text


def _generic(text: str) -> Iterator[Hit]:
    for kind, pattern in (
        (Kind.EMAIL, _EMAIL),
        (Kind.LINK, _LINK),
        (Kind.PHONE, _PHONE),
        (Kind.PHONE, _SPACED_PHONE),
    ):
        for match in pattern.finditer(text):
            yield Hit(kind, match.start(), match.end())


def _named(text: str, folded: str, places: Sequence[int], subject: Subject) -> Iterator[Hit]:
    for name in subject.names:
        for pattern, is_sure in _name_patterns(name):
            for start, end in _matches(pattern, folded, places, text):
                if is_sure or _is_written_so(text[start:end], name):
                    yield Hit(Kind.NAME, start, end)
    for unit in subject.units:
        yield from _units(text, folded, places, unit)
    for account in subject.accounts:
        for start, end in _matches(_words_pattern(fold(account), glued=True), folded, places, text):
            yield Hit(Kind.NAME, start, end)
    for more in subject.more:
        for start, end in _matches(_words_pattern(fold(more), glued=True), folded, places, text):
            yield Hit(Kind.MORE, start, end)


def _units(text: str, folded: str, places: Sequence[int], unit: str) -> Iterator[Hit]:
    whole = _letters(unit)
    if len(whole.replace(" ", "")) >= 3:
        for start, end in _matches(_words_pattern(whole, glued=True), folded, places, text):
            yield Hit(Kind.UNIT, start, end)
    short = whole
    while (stripped := _KINDS_OF_UNITS.match(short)) and short[stripped.end() :]:
        short = short[stripped.end() :]
    if short != whole and len(short) >= 4 and not short.isdigit():
        for start, end in _matches(_words_pattern(short), folded, places, text):
            if _is_written_so(text[start:end], unit):
                yield Hit(Kind.UNIT, start, end)
    for initials in _acronyms(unit):
        for match in re.finditer(rf"(?<!\w){re.escape(initials)}(?!\w)", text):
            yield Hit(Kind.UNIT, match.start(), match.end())


def _name_patterns(name: str) -> Iterator[tuple[re.Pattern[str], bool]]:
    """The forms of a person's name, each with whether its letters alone are enough."""
    words = _letters(name).split()
    if not words:
        return
    yield _words_pattern(" ".join(words), glued=True), len(words) > 1
    given = words[-1]
    if len(words) > 1:
        first = re.escape(given)
        yield re.compile(rf"(?<![^\W_]){_TITLES}[\s.]+{first}(?![^\W_])"), False
        yield _words_pattern(f"{words[0]} {given}"), False
        if len(words) > 2:
            yield _words_pattern(" ".join(words[1:])), False
            yield _words_pattern(" ".join(words[-2:])), False
        dotted = r"[\s.]*".join(re.escape(one[0]) for one in words[:-1])
        yield re.compile(rf"(?<![^\W_]){dotted}\s*\.\s*{first}(?![^\W_])"), True
        if len(words) > 2:
            yield _partly_initials(words), False


def _partly_initials(words: Sequence[str]) -> re.Pattern[str]:
    """Some of the words before the given name are letters only: "Nguyễn V. Hoà", "Ng. Văn Hoà"."""
    family = "|".join(
        [re.escape(words[0]), *(rf"{re.escape(words[0][:size])}(?=\s*\.)" for size in (3, 2, 1))]
    )
    middle = r"[\s.]+".join(rf"(?:{re.escape(one)}|{re.escape(one[0])})" for one in words[1:-1])
    return re.compile(rf"(?<![^\W_])(?:{family})[\s.]+{middle}[\s.]+{re.escape(words[-1])}(?![^\W_])")


@lru_cache(maxsize=4000)
def _words_pattern(words: str, *, glued: bool = False) -> re.Pattern[str]:
    """The folded words, with blanks, dots or dashes between; also without any where they are long enough."""
    parts = re.findall(r"[^\W_]+", words)
    between = r"[\s._\-–]*" if glued and sum(map(len, parts)) >= _GLUED else r"[\s._\-–]+"
    return re.compile(r"(?<![^\W_])" + between.join(map(re.escape, parts)) + r"(?![^\W_])")


def _matches(
    pattern: re.Pattern[str], folded: str, places: Sequence[int], text: str
) -> Iterator[tuple[int, int]]:
    """Where a pattern of folded letters stands in the text; marks that follow a letter belong to it."""
    if not pattern.pattern:
        return
    for match in pattern.finditer(folded):
        if match.end() == match.start():
            continue
        end = places[match.end() - 1] + 1
        while end < len(text) and unicodedata.combining(text[end]):
            end += 1
        yield places[match.start()], end


def _is_written_so(found: str, name: str) -> bool:
    """Whether the words of `found` are written as a name: each with a capital, and with the name's marks or none.

    Words that are not of the name (a title before it) may be as they are.
    """
    known: dict[str, set[tuple[str, ...]]] = {}
    for word in re.findall(r"[^\W_]+", unicodedata.normalize("NFC", name)):
        known.setdefault(fold(word), set()).add(_marks(word))
    own = 0
    for word in re.findall(r"[^\W_]+", unicodedata.normalize("NFC", found)):
        if fold(word) not in known:
            continue
        if not word[0].isupper() or (_marks(word) and _marks(word) not in known[fold(word)]):
            return False
        own += 1
    return own > 0


def _marks(word: str) -> tuple[str, ...]:
    """The marks of a word, wherever its tone is set ("Hoà" and "Hòa" have the same)."""
    plain = word.replace("đ", "d\u0335").replace("Đ", "D\u0335")
    return tuple(sorted(one for one in unicodedata.normalize("NFD", plain) if unicodedata.combining(one)))


def _acronyms(unit: str) -> Iterator[str]:
    words = re.findall(r"[^\W_]+", unicodedata.normalize("NFC", unit))
    own = {one for one in words if one.isupper() and len(one) >= 4}
    initials = "".join(word[0].upper() for word in words if fold(word) not in ("va", "cua"))
    if len(initials) >= 4:
        yield initials
    yield from sorted(own - {"THPT", "THCS", "TNHH", "UBND"})


@lru_cache(maxsize=20000)
def _folded_char(char: str) -> str:
    return fold(char)


def _folded(text: str) -> tuple[str, list[int]]:
    """The text without marks and case, and the place in the text of each of its letters."""
    letters: list[str] = []
    places: list[int] = []
    for at, char in enumerate(text):
        for one in _folded_char(char):
            letters.append(one)
            places.append(at)
    return "".join(letters), places


def _letters(words: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", fold(words)))


def _apart(found: Iterable[Hit]) -> list[Hit]:
    """Hits in order; those that touch the same letters become one, of the kind that begins first and is longest."""
    kept: list[Hit] = []
    for hit in sorted(found, key=lambda one: (one.start, -one.end)):
        if kept and hit.start < kept[-1].end:
            last = kept[-1]
            kept[-1] = Hit(last.kind, last.start, max(last.end, hit.end))
        else:
            kept.append(hit)
    return kept
