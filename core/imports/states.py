"""The states of an import and the moves between them.

reading ──▶ checked ──▶ importing ──▶ done ──▶ undoing ──▶ undone
   └──▶ failed (the file cannot be read)
"""

from __future__ import annotations

from enum import StrEnum


class RunState(StrEnum):
    """Where an import stands."""

    READING = "reading"
    CHECKED = "checked"
    IMPORTING = "importing"
    DONE = "done"
    UNDOING = "undoing"
    UNDONE = "undone"
    FAILED = "failed"


class Outcome(StrEnum):
    """What became of a row, or will: NEW is made when the import is begun."""

    NEW = "new"
    KNOWN = "known"
    SAME = "same"
    BAD = "bad"
    MADE = "made"
    UNDONE = "undone"


class Owners(StrEnum):
    """Whose the dossiers become."""

    INVITE = "invite"
    PAPER = "paper"


UNDER_WAY = (RunState.READING, RunState.IMPORTING, RunState.UNDOING)
MOVES = {
    RunState.READING: (RunState.CHECKED, RunState.FAILED),
    RunState.CHECKED: (RunState.IMPORTING,),
    RunState.IMPORTING: (RunState.DONE,),
    RunState.DONE: (RunState.UNDOING,),
    RunState.UNDOING: (RunState.UNDONE,),
}


def may_move(source: str, target: RunState) -> bool:
    """Whether the table has a move from `source` to `target`."""
    return target in MOVES.get(RunState(source), ())
