"""The core's own defaults, as a plugin that is asked last: what holds where no plugin of the tenant says otherwise."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from core.plugin_api import (
    API_VERSION,
    Aggregate,
    Allocation,
    AuthorPolicy,
    AwardScheme,
    Clause,
    ComponentScores,
    Criterion,
    DecisionRule,
    Edition,
    Entry,
    EntryField,
    FieldKind,
    FormField,
    FormSection,
    NavItem,
    Plugin,
    PluginInfo,
    Ranked,
    Round,
    Sheet,
    Step,
    Terms,
    Text,
    TieBreak,
    VotePolicy,
    exact_sum,
    hookimpl,
    is_illustration,
    round_half_up,
)
from core.plugin_host.allocation import allocate_by_quota
from core.plugin_host.core_settings import CONFIRMATION_WORDS, NAME, CoreSettings

MEAN_CLAUSE = "quy_uoc_trung_binh"
QUOTA_CLAUSE = "quy_uoc_chi_tieu"
DECISION_CLAUSE = "quy_uoc_bieu_quyet"
AUTHORS_CLAUSE = "quy_uoc_tac_gia"
CONVENTIONS = frozenset((MEAN_CLAUSE, QUOTA_CLAUSE, DECISION_CLAUSE, AUTHORS_CLAUSE))
"""The clauses of the platform itself: each holds only where the rules of a contest say nothing of the kind."""


@hookimpl(trylast=True)
def terms() -> Terms:
    """Neutral words that fit any contest."""
    return Terms(
        contest=Text("Cuộc thi", "Contest"),
        contest_lower=Text("cuộc thi", "contest"),
        entry=Text("bài dự thi", "entry"),
        entry_capital=Text("Bài dự thi", "Entry"),
        entries_lower=Text("bài dự thi", "entries"),
        entries_capital=Text("Bài dự thi", "Entries"),
        jury=Text("Hội đồng giám khảo", "Jury"),
        jury_lower=Text("hội đồng giám khảo", "jury"),
    )


@hookimpl(trylast=True)
def clauses() -> tuple[Clause, ...]:
    """What the platform does where the rules of a contest are silent."""
    return (
        _convention(
            MEAN_CLAUSE,
            Text("Tổng hợp điểm", "Adding up scores"),
            Text(
                "Điểm giám khảo là trung bình cộng tổng điểm các phiếu đã khóa của vòng quyết định, làm tròn "
                "một lần.",
                "The jury part is the mean of the totals of the locked sheets of the deciding round, rounded "
                "once.",
            ),
        ),
        _convention(
            QUOTA_CLAUSE,
            Text("Xét giải theo chỉ tiêu", "Proposing by quota"),
            Text(
                "Chỉ tiêu là mức trần: xét từ điểm cao xuống thấp, đủ mức tối thiểu mới được xét; suất không "
                "có bài đạt thì để trống. Các bài bằng điểm mà không đủ chỗ cho tất cả do Ban Tổ chức quyết "
                "định.",
                "Quotas are ceilings: from the highest score down, only those who reach the minimum; places "
                "nobody reaches stay empty. Tied entries that do not all fit are decided by the committee.",
            ),
        ),
        _convention(
            DECISION_CLAUSE,
            Text("Biểu quyết", "Decision"),
            Text(
                "Kết quả được thông qua khi quá nửa thành viên Ban Tổ chức đồng ý.",
                "The result is adopted when more than half of the committee's members agree.",
            ),
        ),
        _convention(
            AUTHORS_CLAUSE,
            Text("Các tác giả", "The authors"),
            Text(
                "Mỗi tác giả xác nhận họ tên, vai trò và tỷ lệ đóng góp của mình; khi kỳ thi hỏi tỷ lệ, tổng của các "
                "tác giả phải đúng 100 %.",
                "Each author confirms name, part and share; where shares are asked, they add up to exactly 100 %.",
            ),
        ),
    )


@hookimpl(trylast=True)
def entry_fields() -> tuple[EntryField, ...]:
    """No fields."""
    return ()


@hookimpl(trylast=True)
def dossier_form() -> tuple[FormSection, ...]:
    """One section: a summary for the public, a description, files."""
    return (
        FormSection(
            "mo_ta",
            Text("Mô tả", "Description"),
            (
                FormField(
                    "tom_tat",
                    Text("Tóm tắt", "Summary"),
                    FieldKind.LONG_TEXT,
                    required=True,
                    help=Text(
                        "Vài câu cho người đọc ngoài ngành; được công bố cùng bài dự thi.",
                        "A few sentences for readers outside the field; published with the entry.",
                    ),
                    max_chars=2000,
                    public=True,
                    official=False,
                ),
                FormField(
                    "noi_dung",
                    Text("Nội dung", "Content"),
                    FieldKind.LONG_TEXT,
                    required=True,
                    max_chars=20000,
                    official=False,
                ),
                FormField(
                    "tai_lieu",
                    Text("Tài liệu kèm theo", "Attachments"),
                    FieldKind.FILES,
                    accept=(".pdf", ".docx", ".jpg", ".jpeg", ".png"),
                    max_files=10,
                    max_bytes=20 * 1024 * 1024,
                    official=False,
                ),
            ),
        ),
    )


@hookimpl(trylast=True)
def rounds() -> tuple[Round, ...]:
    """One deciding round with one criterion of 100 points."""
    quality = Criterion("chat_luong", Text("Chất lượng", "Quality"), Decimal(100), official=False)
    return (Round("hoi_dong", Text("Chấm điểm", "Judging"), (quality,), deciding=True, official=False),)


@hookimpl(trylast=True)
def aggregate_sheets(edition: Edition, judging_round: Round, sheets: Sequence[Sheet]) -> Aggregate:
    """Mean over the sheets of each sheet's total, exact, rounded half up once to `score_places` decimals."""
    criteria = tuple(criterion.key for criterion in judging_round.criteria)
    places = edition.setting_as(NAME, "score_places", int)
    by_entry: dict[str, list[Sheet]] = {}
    for sheet in sheets:
        by_entry.setdefault(sheet.entry, []).append(sheet)
    totals: dict[str, Decimal] = {}
    exact: dict[str, Fraction] = {}
    means: dict[str, dict[str, Fraction]] = {key: {} for key in criteria}
    shown: dict[str, dict[str, object]] = {}
    for entry in sorted(by_entry):
        own = by_entry[entry]
        sums = {key: exact_sum([_score(sheet, key) for sheet in own]) for key in criteria}
        points = exact_sum(sums.values())
        exact[entry] = Fraction(points) / len(own)
        totals[entry] = round_half_up(exact[entry], places)
        for key in criteria:
            means[key][entry] = Fraction(sums[key]) / len(own)
        shown[entry] = {"sheets": len(own), "sum": str(points), "mean": str(totals[entry])}
    step = Step(
        Text(
            "Điểm giám khảo: tổng điểm các phiếu đã khóa chia cho số phiếu, làm tròn một lần, nửa đơn vị làm "
            "tròn lên.",
            "Jury part: the sum of the locked sheets divided by their number, rounded once, halves up.",
        ),
        MEAN_CLAUSE,
        {"round": judging_round.key, "places": places, "entries": shown},
    )
    counts = {entry: len(own) for entry, own in by_entry.items()}
    return Aggregate(judging_round.key, totals, exact, means, counts, (step,))


@hookimpl(trylast=True)
def score_components(
    deciding: Round, entries: Sequence[Entry], aggregate: Aggregate
) -> tuple[ComponentScores, ...]:
    """The jury part alone."""
    scores = {entry.code: aggregate.totals[entry.code] for entry in entries}
    return (
        ComponentScores("jury", Text("Điểm giám khảo", "Jury"), deciding.maximum, scores, clause=MEAN_CLAUSE),
    )


@hookimpl(trylast=True)
def tie_breaks(deciding: Round) -> tuple[TieBreak, ...]:
    """The jury part, then the criteria of the deciding round in the order the rules list them."""
    return (
        TieBreak("jury", Text("Điểm giám khảo", "Jury part"), component="jury"),
        *(TieBreak(one.key, one.name, criterion=one.key) for one in deciding.criteria),
    )


@hookimpl(trylast=True)
def author_policy(edition: Edition) -> AuthorPolicy:
    """What the core's own settings say."""
    values = edition.settings[NAME]
    names = {"max_authors": "max_authors", "author_shares": "shares", "author_confirmation": "confirmation"}
    most = edition.setting(NAME, "max_authors")
    return AuthorPolicy(
        max_authors=most if isinstance(most, int) else None,
        shares=edition.setting_as(NAME, "author_shares", bool),
        confirmation=CONFIRMATION_WORDS[edition.setting_as(NAME, "author_confirmation", str)],
        clause=AUTHORS_CLAUSE,
        illustrated=tuple(part for key, part in names.items() if is_illustration(CoreSettings, values, key)),
    )


@hookimpl(trylast=True)
def vote_policy() -> VotePolicy:
    """No vote."""
    return VotePolicy(enabled=False)


@hookimpl(trylast=True)
def award_scheme() -> AwardScheme:
    """No tier."""
    return AwardScheme(official=False)


@hookimpl(trylast=True)
def allocate(scheme: AwardScheme, ranking: Sequence[Ranked]) -> Allocation:
    """Quotas as ceilings, ties that do not fit to the committee; see `allocation`."""
    return allocate_by_quota(scheme, ranking, QUOTA_CLAUSE)


@hookimpl(trylast=True)
def decision_rule() -> DecisionRule:
    """More than half of the committee."""
    committee = Text("Ban Tổ chức", "Organising Committee")
    return DecisionRule(1, 2, committee, DECISION_CLAUSE, strictly=True, official=False)


@hookimpl(trylast=True)
def navigation() -> tuple[NavItem, ...]:
    """The public pages every contest has."""
    return (
        NavItem(Text("Thể lệ", "Rules"), "/the-le", 10),
        NavItem(Text("Bài dự thi", "Entries"), "/bai-du-thi", 20),
        NavItem(Text("Kết quả", "Results"), "/ket-qua", 40),
        NavItem(Text("Tin tức", "News"), "/tin-tuc", 50),
        NavItem(Text("Tài liệu", "Documents"), "/tai-lieu", 60),
    )


def _convention(key: str, article: Text, text: Text) -> Clause:
    document = Text(
        "Quy ước của nền tảng khi Thể lệ không quy định", "Convention of the platform where rules are silent"
    )
    return Clause(key, document, article, text, official=False)


def _score(sheet: Sheet, criterion: str) -> Decimal:
    score = sheet.scores.get(criterion)
    if score is None:
        raise ValueError(f"phiếu của {sheet.judge} cho {sheet.entry} thiếu tiêu chí {criterion}")
    return score


plugin = Plugin(
    PluginInfo(
        NAME,
        f"{API_VERSION}.0",
        Text("Mặc định của nền tảng", "The platform's defaults"),
        ("1.0", "2.0"),
    ),
    hooks=(sys.modules[__name__],),
    settings=CoreSettings,
)
