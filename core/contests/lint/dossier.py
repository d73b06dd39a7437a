"""The sense of the dossier form, the fields of the contest and the checks; and of the clauses that all rules cite."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence

from core.contests.lint.values import LintFinding, Place, Spot, doubt, fault, say
from core.kernel.text import fold
from core.plugin_api import Clause, EntryField, FieldKind, Finding, FormField, FormSection, Text
from core.plugin_host import Citation

ID_IMAGE = "id_image_asked"
_IDENTITY = re.compile(
    r"\b(can cuoc|cccd|cmnd|cmtnd|chung minh (nhan dan|thu)|giay to tuy than|ho chieu"
    r"|identity cards?|id cards?|passports?)\b"
)
_NOT = re.compile(r"\b(khong|not|never)\b")

CORE_QUESTIONS = frozenset(("title", "field", "unit", "authors"))
"""What every dossier asks beside the form of the rules."""
CELL_KINDS = frozenset((FieldKind.TEXT, FieldKind.NUMBER, FieldKind.MONEY))


def form_findings(
    sections: Sequence[FormSection], entry_fields: Sequence[EntryField]
) -> Iterator[LintFinding]:
    """Keys stand once, choices can be chosen, limits leave room for an answer."""
    asked = [one for section in sections for one in section.fields]
    yield from _repeated(
        (section.key for section in sections),
        Text("Hai phần của mẫu hồ sơ", "Two sections of the form"),
    )
    yield from _repeated((one.key for one in asked), Text("Hai câu hỏi của hồ sơ", "Two questions"))
    yield from _repeated((one.key for one in entry_fields), Text("Hai lĩnh vực", "Two fields of the contest"))
    for one in asked:
        yield from _question(one)


def id_image_findings(sections: Sequence[FormSection]) -> Iterator[LintFinding]:
    """No question asks for a picture or copy of an identity card.

    Such pictures are sensitive data (Decree 356/2025/NĐ-CP, article 4; the number from a secondary source), and a
    contest hardly ever needs them. A committee that does says why (`accepted.py`).
    """
    for one in (one for section in sections for one in section.fields):
        if one.kind is FieldKind.FILES and _asks_for_identity(one):
            yield doubt(
                ID_IMAGE,
                Place(Spot.FORM, one.key),
                say(
                    "Câu hỏi “{label}” thu ảnh hoặc bản sao giấy tờ tùy thân, là dữ liệu cá nhân nhạy cảm.",
                    "The question “{label}” collects pictures of identity papers, which are sensitive data.",
                    label=one.label,
                ),
                Text(
                    "Bỏ câu hỏi này, đối chiếu giấy tờ khi gặp; hoặc ghi lý do ở Dữ liệu cá nhân, Thời gian lưu giữ.",
                    "Drop the question and look at the papers in person; or give the reason under Personal data, "
                    "Times of keeping.",
                ),
                one.clause,
            )


def _asks_for_identity(one: FormField) -> bool:
    asked = [one.key.replace("_", " "), *(text for text in (one.label.vi, one.label.en) if text)]
    told = [] if one.help is None else [text for text in (one.help.vi, one.help.en) if text]
    # A help that says not to attach the card asks for none.
    asked += [text for text in told if not _NOT.search(fold(text))]
    return any(_IDENTITY.search(fold(text)) for text in asked)


def _question(one: FormField) -> Iterator[LintFinding]:
    place = Place(Spot.FORM, one.key)
    if one.key in CORE_QUESTIONS:
        yield fault(
            "question_hides_core",
            place,
            say(
                "Câu hỏi “{label}” dùng khóa {key} của phần chung mọi hồ sơ.",
                "The question “{label}” uses the key {key}, which every dossier has already.",
                label=one.label,
                key=one.key,
            ),
            Text("Đặt khóa khác.", "Choose another key."),
            one.clause,
        )
    if one.kind is FieldKind.CHOICE:
        if not one.choices:
            yield fault(
                "choice_without_choices",
                place,
                say(
                    "Câu hỏi “{label}” không có lựa chọn nào để chọn.",
                    "The question “{label}” has nothing to choose from.",
                    label=one.label,
                ),
                Text("Nêu các lựa chọn.", "Give it choices."),
                one.clause,
            )
        yield from _repeated(
            (choice.key for choice in one.choices),
            say("Hai lựa chọn của “{label}”", "Two choices of “{label}”", label=one.label),
        )
    if one.kind is FieldKind.TABLE:
        yield from _table(one)
    limits = (one.max_chars, one.max_words, one.max_rows, one.max_files, one.max_bytes)
    if any(limit is not None and limit < 1 for limit in limits):
        yield fault(
            "question_limit_below_one",
            place,
            say(
                "Giới hạn của câu hỏi “{label}” nhỏ hơn 1: không trả lời được.",
                "A limit of the question “{label}” is below 1: it cannot be answered.",
                label=one.label,
            ),
            Text("Đặt lại giới hạn.", "Set the limit anew."),
            one.clause,
        )


def _table(one: FormField) -> Iterator[LintFinding]:
    """A table has columns, of kinds that a cell can be."""
    if not one.columns or any(column.kind not in CELL_KINDS for column in one.columns):
        yield fault(
            "table_without_columns",
            Place(Spot.FORM, one.key),
            say(
                "Bảng “{label}” không có cột, hoặc có cột không phải là chữ, số hay số tiền.",
                "The table “{label}” has no columns, or one that is neither text, number nor money.",
                label=one.label,
            ),
            Text("Nêu các cột bằng FormColumn.", "Give it columns (FormColumn)."),
            one.clause,
        )
    yield from _repeated(
        (column.key for column in one.columns),
        say("Hai cột của “{label}”", "Two columns of “{label}”", label=one.label),
    )


def check_findings(findings: Iterable[Finding], sections: Sequence[FormSection]) -> Iterator[LintFinding]:
    """A check sends people to a question that the form has."""
    known = CORE_QUESTIONS | {one.key for section in sections for one in section.fields}
    lost = {(one.check, one.field, one.clause) for one in findings if one.field and one.field not in known}
    for check, field, clause in sorted(lost, key=str):
        yield fault(
            "check_points_nowhere",
            Place(Spot.CHECK, check),
            say(
                "Kiểm tra {check} chỉ người nộp đến mục {field}, mà mẫu hồ sơ không có mục ấy.",
                "The check {check} sends people to {field}, which the form does not have.",
                check=check,
                field=field or "",
            ),
            Text("Nêu khóa của một câu hỏi trong mẫu.", "Name the key of a question of the form."),
            clause,
        )


def clause_findings(
    clauses: Sequence[Clause],
    cited: Sequence[Citation],
    conventions: Collection[str],
) -> Iterator[LintFinding]:
    """Every clause that is cited is published, and every published one is carried out by something or is marked as
    informational; those of the platform hold only where a contest's rules are silent.
    """
    published = {one.key for one in clauses}
    for one in cited:
        if one.clause not in published:
            yield fault(
                "clause_missing",
                Place(Spot.CLAUSE, one.clause),
                say(
                    "“{what}” viện dẫn điều khoản {clause}, mà trang thể lệ không có điều khoản ấy.",
                    "“{what}” cites the clause {clause}, which the rules page does not have.",
                    what=one.name,
                    clause=one.clause,
                ),
                Text("Thêm điều khoản, hoặc sửa khóa viện dẫn.", "Add the clause, or mend the key."),
            )
    used = {one.clause for one in cited}
    for clause in clauses:
        if clause.key in used or clause.key in conventions:
            if clause.informational and clause.key in used:
                yield doubt(
                    "informational_is_used",
                    Place(Spot.CLAUSE, clause.key),
                    say(
                        "Điều khoản “{text}” được ghi là chỉ để biết, mà vẫn có quy tắc thực hiện.",
                        "The clause “{text}” is marked as informational, but a rule carries it out.",
                        text=clause.text,
                    ),
                    Text("Bỏ dấu chỉ để biết.", "Drop the mark."),
                    clause.key,
                )
            continue
        if not clause.informational:
            yield doubt(
                "clause_unused",
                Place(Spot.CLAUSE, clause.key),
                say(
                    "Không có kiểm tra, tiêu chí hay giải nào thực hiện điều khoản “{text}”",
                    "No check, criterion or prize carries out the clause “{text}”",
                    text=clause.text,
                ),
                Text(
                    "Thêm quy tắc thực hiện, hoặc ghi điều khoản là chỉ để biết.",
                    "Add the rule, or mark the clause as informational.",
                ),
                clause.key,
            )


def _repeated(keys: Iterable[str], what: Text) -> Iterator[LintFinding]:
    for key, times in Counter(keys).items():
        if times > 1:
            yield fault(
                "key_twice",
                Place(Spot.FORM, key),
                say("{what} cùng khóa {key}.", "{what} have the key {key}.", what=what, key=key),
                Text("Đặt mỗi cái một khóa riêng.", "Give each a key of its own."),
            )
