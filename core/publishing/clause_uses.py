"""What each clause of the rules is used for, in words, with the way to where it is shown."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from core.kernel import formats
from core.kernel.i18n import N_, locale
from core.plugin_api import Clause
from core.plugin_host import Citation, Role, Rules, citations
from core.plugin_host.defaults import CONVENTIONS

_WORDS: Mapping[Role, str] = {
    Role.CHECK: N_("Hệ thống nhắc khi nộp hồ sơ: %(name)s"),
    Role.QUESTION: N_("Câu hỏi trong hồ sơ: %(labels)s"),
    Role.AUTHORS: N_("Hệ thống kiểm tra danh sách tác giả trước khi nộp hồ sơ."),
    Role.ROUND: N_("Vòng chấm: %(name)s"),
    Role.CRITERION: N_("Tiêu chí chấm: %(name)s, tối đa %(points)s điểm"),
    Role.COMPONENT: N_("Thành phần của tổng điểm: %(name)s, tối đa %(points)s điểm"),
    Role.VOTE: N_("Lượt thứ hai của cùng một tài khoản cho cùng một bài không được ghi."),
    Role.SCHEME: N_("Hệ thống đề xuất giải từ điểm cao xuống thấp."),
    Role.TIER: N_("Hạng giải: %(name)s"),
    Role.SPECIAL: N_("Giải chuyên đề: %(name)s"),
    Role.DECISION: N_("Quyết định giải chỉ ghi được khi đủ tỷ lệ tán thành."),
    Role.STEP: N_("Bước tính trong kết quả: %(name)s"),
}
_BLOCKS = N_("Chưa đạt thì chưa nộp được: %(name)s")
_PAGES: Mapping[Role, str] = {
    Role.CHECK: "entries.new",
    Role.QUESTION: "entries.new",
    Role.AUTHORS: "entries.new",
    Role.VOTE: "voting.index",
    Role.STEP: "results.index",
}
_ROWS: Mapping[Role, str] = {Role.CRITERION: "tieu-chi", Role.TIER: "giai", Role.SPECIAL: "giai"}
_PARTS: Mapping[Role, str] = {
    Role.ROUND: "tieu-chi",
    Role.COMPONENT: "tong-diem",
    Role.SCHEME: "giai-thuong",
    Role.DECISION: "bieu-quyet",
}


@dataclass(frozen=True, slots=True)
class UseView:
    """One thing that carries a clause out, in words; `href` leads to where it is shown."""

    text: str
    href: str


def uses_of(rules: Rules) -> dict[str, tuple[UseView, ...]]:
    """For each clause what carries it out; the questions of the form stand in one line."""
    cited = citations(rules)
    told = {one.clause for one in cited if one.role is not Role.STEP}
    asked: dict[str, list[str]] = defaultdict(list)
    for one in cited:
        if one.role is Role.QUESTION:
            asked[one.clause].append(one.name.in_(locale()))
    uses: dict[str, list[UseView]] = defaultdict(list)
    for one in cited:
        # A step of the arithmetic only repeats what a part or tier of the same clause has said.
        if one.role is not Role.STEP or one.clause not in told:
            uses[one.clause].append(UseView(_words(one, asked[one.clause]), _href(one)))
    return {clause: tuple(dict.fromkeys(found)) for clause, found in uses.items()}


def unused_words(clause: Clause) -> str:
    """Why nothing of the system carries `clause` out; "" when nobody has said."""
    if clause.key in CONVENTIONS:
        return str(_("Kỳ này không dùng đến: thể lệ đã có quy định riêng."))
    return str(_("Do con người xem xét; hệ thống không tự kiểm tra.")) if clause.informational else ""


def row_id(kind: str, key: str) -> str:
    """The id of the row of a criterion or award; two dashes keep it apart from the ids of clauses."""
    return f"{kind}--{key}"


def _words(one: Citation, asked: Sequence[str]) -> str:
    words = _BLOCKS if one.role is Role.CHECK and one.blocks else _WORDS[one.role]
    name, labels = one.name.in_(locale()), "; ".join(asked)
    return str(_(words, name=name, labels=labels, points=formats.score(one.points or 0, locale())))


def _href(one: Citation) -> str:
    """The row or part of the rules page that shows it, or the page that asks, counts or computes."""
    if one.role in _PAGES:
        return url_for(_PAGES[one.role])
    if one.role in _ROWS:
        return f"#{row_id(_ROWS[one.role], one.key)}"
    return f"#{_PARTS[one.role]}"
