"""What a leader types to put a question to the vote, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext as _

from core.contests.values import EditionView
from core.judging.meeting.apart import (
    InRound,
    entries_in_round,
    named_in,
    names_kept,
    say_the_code,
    told_titles,
)
from core.judging.meeting.tally import Basis, Majority, Quorum
from core.kernel.actor import Actor
from core.kernel.text import clean, clean_line

QUESTION_CHARS, OPTION_CHARS = 500, 300
FEWEST_OPTIONS, MOST_OPTIONS = 2, 10
BLANK_WORDS = ("phiếu trắng", "blank vote", "blank")


@dataclass(frozen=True, slots=True)
class BallotFacts:
    """What a leader types: the question, an option a line (the code of a dossier stands for it), and how it is voted.

    `voters` are accounts, None for everybody who may vote.
    """

    question: str
    options: str
    is_secret: bool = True
    quorum: str = Quorum.TWO_THIRDS.value
    majority: str = Majority.HALF.value
    basis: str = Basis.VALID.value
    voters: frozenset[UUID] | None = None


def read_facts(
    edition: EditionView, round_key: str, facts: BallotFacts, actor: Actor
) -> tuple[str, list[tuple[str, UUID | None]], dict[str, UUID], dict[str, list[str]]]:
    """The question, the options with their dossiers, all dossiers named (code → id), and what is wrong."""
    errors: dict[str, list[str]] = {}
    entries = entries_in_round(edition, round_key)
    known = {one.code: one.id for one in entries}
    question = clean_line(facts.question)
    if not question or len(question) > QUESTION_CHARS:
        errors["question"] = [
            _("Cần ghi điều đưa ra biểu quyết, tối đa %(count)s ký tự.", count=QUESTION_CHARS)
        ]
    lines = [line for line in (clean_line(one) for one in clean(facts.options).split("\n")) if line]
    if not FEWEST_OPTIONS <= len(lines) <= MOST_OPTIONS:
        errors["options"] = [_("Cần từ 2 đến 10 phương án, mỗi dòng một phương án.")]
    elif len({line.casefold() for line in lines}) < len(lines):
        errors["options"] = [_("Có hai phương án giống nhau.")]
    elif any(line.casefold() in BLANK_WORDS for line in lines):
        errors["options"] = [_("Không cần ghi “phiếu trắng” vào phương án: lần biểu quyết nào cũng có sẵn.")]
    elif any(len(line) > OPTION_CHARS for line in lines):
        errors["options"] = [_("Mỗi phương án tối đa %(count)s ký tự.", count=OPTION_CHARS)]
    for key, text, allowed in (
        ("quorum", facts.quorum, {one.value for one in Quorum}),
        ("majority", facts.majority, {one.value for one in Majority}),
        ("basis", facts.basis, {one.value for one in Basis}),
    ):
        if text not in allowed:
            errors[key] = [_("Bạn hãy chọn một mục.")]
    # Of a dossier only the code is kept: its title is read when it is shown, as whoever reads it may know it.
    options = [(line, known.get(line)) for line in lines]
    _refuse_titles(question, lines, entries, errors)
    named = named_in("\n".join([question, *lines]), entries)
    if names_kept(actor, named):
        errors["options"] = [_("Có hồ sơ không thuộc danh sách của bạn trong vòng này.")]
    return question, options, named, errors


def proposed(edition: EditionView, round_key: str, codes: Sequence[str], actor: Actor) -> Mapping[str, str]:
    """Question and options to begin with about dossiers, for a leader to edit: which of several comes first,
    or what becomes of one. Empty where a code is none of the round or is kept from `actor`. Two queries at most."""
    wanted = list(dict.fromkeys(codes))
    if not 1 <= len(wanted) <= MOST_OPTIONS or names_kept(actor, wanted):
        return {}
    if not set(wanted) <= {one.code for one in entries_in_round(edition, round_key)}:
        return {}
    if len(wanted) == 1:
        return {
            "question": _("Ý kiến của hội đồng về hồ sơ %(code)s", code=wanted[0]),
            "options": _("Giữ nguyên kết quả chấm") + "\n" + _("Đề nghị các giám khảo xem lại điểm"),
        }
    return {
        "question": _("Chọn hồ sơ xếp trên trong các hồ sơ bằng điểm"),
        "options": "\n".join(wanted),
    }


def _refuse_titles(
    question: str, lines: Sequence[str], entries: Iterable[InRound], errors: dict[str, list[str]]
) -> None:
    """A title that the council of a blind round does not read is refused where it stands."""
    for key, text in (("question", question), ("options", "\n".join(lines))):
        told = told_titles(text, entries)
        if told:
            errors.setdefault(key, []).append(say_the_code(told))
