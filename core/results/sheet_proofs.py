"""Whether the sheets of a bundle are what its part of the log says was locked: all of them, each once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NoReturn

from core.judging.commitments import FORM, Opened, commitment_of, form_of, points_digest
from core.results.container import BundleError
from core.results.formats import Inputs
from core.results.proofs import FIRST_LOG_FORMAT

Place = tuple[str, str, str]
Line = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SheetLines:
    """What a log says of locked sheets: (entry, round, commitment) that were locked, those that replaced another with
    their line, those that were replaced; the form of each; and the opened changes by round, judge and entry, the last
    first."""

    locked: frozenset[Place]
    changed: Mapping[Place, Line]
    replaced: frozenset[Place]
    forms: Mapping[Place, int]
    history: Mapping[Place, Sequence[Mapping[str, Any]]]

    @property
    def good(self) -> frozenset[Place]:
        """Commitments that nothing replaced: each is that of one sheet."""
        return (self.locked | self.changed.keys()) - self.replaced


def sheet_lines(lines: Iterable[Line], changes: Iterable[Mapping[str, Any]]) -> SheetLines:
    """The lines of a log about sheets, and the changes that a log document opens."""
    locked, changed, replaced, forms = set(), {}, set(), {}
    for line in lines:
        if line["action"] not in {"sheet.locked", "sheet.changed"}:
            continue
        data = line["data"]
        place = (line["subject"], data["round"], data["commitment"])
        forms[place] = form_of(data)
        if line["action"] == "sheet.locked":
            locked.add(place)
        else:
            changed[place] = line
            replaced.add((line["subject"], data["round"], data["before"]))
    history: dict[Place, list[Mapping[str, Any]]] = defaultdict(list)
    for one in sorted(changes, key=lambda change: -int(change["number"])):
        history[one["round"], one["judge"], one["entry"]].append(one)
    return SheetLines(frozenset(locked), changed, frozenset(replaced), forms, history)


def check_sheets(log: Mapping[str, Any], inputs: Inputs, lines: Sequence[Line]) -> None:
    """Raise BundleError unless each sheet of the inputs is what was locked, or what it became by the changes that the
    log holds, all of them opened; no commitment stands for two sheets; and, but for logs of the first format, every
    commitment is that of a sheet of the inputs or of one that says why it does not count.
    """
    told = sheet_lines(lines, log.get("changes", []))
    is_first = log["format"] == FIRST_LOG_FORMAT
    if is_first and FORM in told.forms.values():
        _fail(f"có cam kết dạng {FORM} nên không thể ở định dạng {FIRST_LOG_FORMAT}.")
    opened = {(row["round"], row["judge"], row["entry"]): row for row in log["sheets"]}
    taken: set[Place] = set()
    for number, sheet in enumerate(inputs.sheets):
        row = opened.get((sheet.round, sheet.judge, sheet.entry))
        if row is None:
            _fail(f"không có cam kết của phiếu sheets[{number}].")
        place = (sheet.entry, sheet.round, row["commitment"])
        if place in taken:
            _fail(f"cam kết của phiếu sheets[{number}] đã được dùng cho một phiếu khác.")
        taken.add(place)
        if _again(inputs.edition, row, sheet.scores, told.forms.get(place, 1)) != row["commitment"]:
            _fail(f"cam kết của phiếu sheets[{number}] không khớp với điểm.")
        wrong = _fault_of_history(inputs.edition, told, row)
        if wrong is not None:
            _fail(f"cam kết của phiếu sheets[{number}] {wrong}")
    if not is_first:
        _check_rest(log, inputs, told, _standing_conflicts(lines), taken)


def _check_rest(
    log: Mapping[str, Any],
    inputs: Inputs,
    told: SheetLines,
    conflicts: Mapping[tuple[str, str], bool],
    taken: set[Place],
) -> None:
    """What is left of the commitments is that of sheets which do not count for a conflict that the log knows."""
    places = {(one.round, one.judge, one.entry) for one in inputs.sheets}
    for number, row in enumerate(log["not_counted"]):
        place = (row["round"], row["judge"], row["entry"])
        key = (row["entry"], row["round"], row["commitment"])
        if place in places or key in taken or key not in told.good:
            _fail(f"not_counted[{number}] không phải là một phiếu đã khóa mà không được tính.")
        if told.forms[key] == FORM and _whose(inputs.edition, row, row["points_sha256"]) != key[2]:
            _fail(f"cam kết của not_counted[{number}] không phải của giám khảo {row['judge']}.")
        if row["reason"] != "conflict" or not conflicts.get((row["entry"], row["judge"]), False):
            who = f"{row['judge']} với {row['entry']}"
            _fail(f"nhật ký không ghi xung đột lợi ích của {who} (not_counted[{number}]).")
        places.add(place)
        taken.add(key)
    for entry, judging_round, _commitment in sorted(told.good - taken):
        where = f"{entry} (vòng {judging_round})"
        _fail(f"nhật ký ghi một phiếu đã khóa của {where} mà gói không có, cũng không nêu lý do.")


def _fault_of_history(edition: str, told: SheetLines, opened: Mapping[str, str]) -> str | None:
    """What is wrong with how an opened sheet (round, judge, entry, commitment) came to its points; None when all holds.

    Nothing in the log has replaced its commitment; each change before it is opened with the time of its line, and its
    points of then give the commitment that was replaced; the first was locked.
    """
    entry, judging_round = opened["entry"], opened["round"]
    now = (entry, judging_round, opened["commitment"])
    if now in told.replaced:
        return "đã được sửa sau đó trong phần thảo luận."
    for one in told.history.get((judging_round, opened["judge"], entry), ()):
        line = told.changed.get(now)
        if line is None or (line["data"]["before"], line["at"]) != (one["commitment"], one["at"]):
            return f"có lần sửa {one['number']} không khớp với nhật ký."
        now = (entry, judging_round, one["commitment"])
        before = {key: Decimal(text) for key, text in one["before"].items()}
        if _again(edition, one, before, told.forms.get(now, 1)) != one["commitment"]:
            return f"có điểm trước lần sửa {one['number']} không khớp với cam kết."
    return None if now in told.locked else "không khớp với điểm."


def _again(edition: str, row: Mapping[str, Any], scores: Mapping[str, Decimal], form: int) -> str:
    """The commitment that an opened row gives with these points."""
    if form != FORM:
        return commitment_of(edition, row["round"], row["entry"], scores, row["nonce"])
    return _whose(edition, row, points_digest(scores, row["points_nonce"]))


def _whose(edition: str, row: Mapping[str, Any], points_sha256: str) -> str:
    parts = Opened(row["nonce"], "", row["remark_sha256"], points_sha256)
    return parts.commitment(edition, row["round"], row["entry"], row["judge"])


def _standing_conflicts(lines: Iterable[Line]) -> dict[tuple[str, str], bool]:
    """(entry, judge) → whether a conflict stands after the last of these lines."""
    found = {}
    for line in sorted(lines, key=lambda one: int(one["seq"])):
        if line["action"].startswith("conflict."):
            found[line["subject"], str(line["data"]["judge"])] = line["action"] != "conflict.dismissed"
    return found


def _fail(sentence: str) -> NoReturn:
    raise BundleError("log.json", sentence)
