"""What a check finds: one sentence in both languages and, where one was made, the smallest example."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from core.plugin_api import Text


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault: the name of the `check` that found it, what is wrong, and the smallest `example` of it."""

    check: str
    said: Text
    example: Text | None = None

    def __str__(self) -> str:
        """The Vietnamese sentence."""
        return self.said.vi

    def sentence(self, locale: str) -> str:
        """The sentence in `locale` with its example."""
        said = self.said.in_(locale)
        if self.example is None:
            return said
        label = "Smallest example" if locale.startswith("en") else "Ví dụ nhỏ nhất"
        return f"{said} {label}: {self.example.in_(locale)}"

    def document(self) -> dict[str, Any]:
        """The fault as JSON values."""
        return {
            "check": self.check,
            "vi": self.said.vi,
            "en": self.said.en,
            "example": None if self.example is None else {"vi": self.example.vi, "en": self.example.en},
        }


@dataclass(frozen=True, slots=True)
class Checked:
    """One check: its name, its title, and what it found; `ran` is False where an earlier fault stood in its way."""

    name: str
    title: Text
    problems: tuple[Problem, ...] = ()
    ran: bool = True

    @property
    def holds(self) -> bool:
        """Whether it ran and found nothing."""
        return self.ran and not self.problems

    def document(self) -> dict[str, Any]:
        """The check as JSON values."""
        problems = [one.document() for one in self.problems]
        return {"check": self.name, "ok": self.holds, "ran": self.ran, "problems": problems}


def place_of(path: str | PurePath, line: int) -> str:
    """A line of a plugin's source as people look for it: `rules.py:57`, `my_contest/__init__.py:3`."""
    file = PurePath(path)
    name = f"{file.parent.name}/{file.name}" if file.name == "__init__.py" else file.name
    return f"{name}:{line}"
