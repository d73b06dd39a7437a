"""How many guesses a password withstands: zxcvbn's estimate (Wheeler, USENIX Security 2016), taught Vietnamese.

zxcvbn knows English words alone. Here it also gets Vietnamese names, places and words, as they are typed without
marks and by the two ways of typing that leave letters or digits for marks where no input program runs: telex
("mật khẩu" → "maatjkhaaur") and VNI ("ma6t5kha6u3").
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from core.kernel.text import fold

LONGEST_LOOKED_AT = 72
# Powers of ten. zxcvbn calls 10⁸ safe where guessing costs as much as here (argon2id with 19 MB a try); three parts
# however simple come to 10⁸ by its formula, so somewhat more is asked.
ENOUGH = 8.5
MUCH = 10.5
_TELEX_LETTERS = {"ă": "aw", "â": "aa", "đ": "dd", "ê": "ee", "ô": "oo", "ơ": "ow", "ư": "uw"}
_VNI_LETTERS = {"ă": "a8", "â": "a6", "đ": "d9", "ê": "e6", "ô": "o6", "ơ": "o7", "ư": "u7"}
_TELEX_TONES = {"\u0301": "s", "\u0300": "f", "\u0309": "r", "\u0303": "x", "\u0323": "j"}
_VNI_TONES = {"\u0301": "1", "\u0300": "2", "\u0309": "3", "\u0303": "4", "\u0323": "5"}
_SHAPES = {"\u0302", "\u0306", "\u031b"}


@dataclass(frozen=True, slots=True)
class Strength:
    """An estimate: guesses as a power of ten, `level` 1 (weak) to 4 (strong); from 3 on it is enough."""

    guesses_log10: float
    level: int

    @property
    def is_enough(self) -> bool:
        """Whether guessing it is out of reach."""
        return self.level >= 3


def strength_of(password: str, own_words: Iterable[str] = ()) -> Strength:
    """How hard `password` is to guess for who knows `own_words` (name, address, contest) and Vietnamese.

    The first 72 characters are looked at: what follows only makes it longer.
    """
    from zxcvbn import matching, scoring  # its lists take 5 MB, which most requests do not need

    plain = fold(password)[:LONGEST_LOOKED_AT]
    # Not `zxcvbn.zxcvbn`: it puts a caller's words into a dictionary that all threads share.
    known = {
        **matching.RANKED_DICTIONARIES,
        "vietnamese": _ranked_words(),
        "user_inputs": _own_ranks(own_words),
    }
    matches = matching.omnimatch(plain, known)
    found = scoring.most_guessable_match_sequence(plain, matches)
    guesses = float(found["guesses_log10"])
    if guesses >= MUCH:
        return Strength(guesses, 4)
    if guesses >= ENOUGH:
        return Strength(guesses, 3)
    return Strength(guesses, 2 if guesses >= ENOUGH - 2 else 1)


@cache
def _ranked_words() -> dict[str, int]:
    """Each spelling of each Vietnamese word with its rank, the likeliest first."""
    ranked: dict[str, int] = {}
    for rank, line in enumerate(lines_of("vietnamese_words.txt"), start=1):
        for form in typed_forms(line):
            ranked.setdefault(form, rank)
    return ranked


def _own_ranks(words: Iterable[str]) -> dict[str, int]:
    parts: dict[str, int] = {}
    for word in words:
        for part in (word, *re.split(r"[\s@._+-]+", word)):
            plain = "".join(fold(part).split())
            if len(plain) > 1:
                parts.setdefault(plain, len(parts) + 1)
    return parts


def lines_of(name: str) -> list[str]:
    """The entries of a list that stands beside this module, without its comments."""
    lines = Path(__file__).with_name(name).read_text("utf-8").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def typed_forms(phrase: str) -> set[str]:
    """How a Vietnamese phrase is typed into a field of a password: without marks, by telex, by VNI; no blanks.

    A tone's sign stands at the end of the syllable or just after its vowel, as people do both.
    """
    syllables = unicodedata.normalize("NFC", phrase).casefold().split()
    forms = {"".join(fold(phrase).split())}
    for letters, tones in ((_TELEX_LETTERS, _TELEX_TONES), (_VNI_LETTERS, _VNI_TONES)):
        for at_end in (True, False):
            forms.add("".join(_typed(one, letters, tones, at_end=at_end) for one in syllables))
    return forms


def _typed(syllable: str, letters: dict[str, str], tones: dict[str, str], *, at_end: bool) -> str:
    typed, waiting = [], ""
    for char in syllable:
        parts = unicodedata.normalize("NFD", char)
        base = unicodedata.normalize("NFC", parts[0] + "".join(c for c in parts[1:] if c in _SHAPES))
        tone = "".join(tones.get(c, "") for c in parts[1:])
        typed.append(letters.get(base, base) + ("" if at_end else tone))
        waiting += tone if at_end else ""
    return "".join(typed) + waiting
