"""The sense of the phases: in order, without overlaps that cannot be, and those that the rules need."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from core.contests.lint.values import LintFinding, Place, Spot, doubt, fault, say
from core.contests.values import PhaseKind, PhaseView
from core.plugin_api import Notice, Text, VotePolicy

_ALWAYS = (PhaseKind.SUBMISSION, PhaseKind.JUDGING, PhaseKind.RESULTS)
_NAMES: Mapping[PhaseKind, Text] = {
    PhaseKind.SUBMISSION: Text("nhận hồ sơ", "submission"),
    PhaseKind.SCREENING: Text("kiểm tra hồ sơ", "screening"),
    PhaseKind.VOTING: Text("bình chọn", "the public vote"),
    PhaseKind.JUDGING: Text("chấm điểm", "judging"),
    PhaseKind.RESULTS: Text("công bố kết quả", "results"),
}
_MAY_NOT_OPEN_BEFORE_END = (
    (PhaseKind.SUBMISSION, PhaseKind.VOTING),
    (PhaseKind.SUBMISSION, PhaseKind.JUDGING),
    (PhaseKind.VOTING, PhaseKind.RESULTS),
    (PhaseKind.JUDGING, PhaseKind.RESULTS),
)
_SHOULD_NOT_OPEN_BEFORE_END = (
    (PhaseKind.SCREENING, PhaseKind.VOTING),
    (PhaseKind.SCREENING, PhaseKind.JUDGING),
)
_MOVE = Text("Đổi thời gian của một trong hai giai đoạn.", "Move one of the two phases.")


def phase_findings(phases: Sequence[PhaseView], policy: VotePolicy) -> Iterator[LintFinding]:
    """Each phase ends after it begins, they follow each other, and they fit the vote policy."""
    held = {one.kind: one for one in phases}
    yield from _missing(held, policy)
    for one in phases:
        if one.opens_at >= one.closes_at:
            yield fault(
                "phase_ends_before_it_opens",
                Place(Spot.PHASE, one.kind),
                say("{phase} kết thúc trước khi mở.", "{phase} ends before it opens.", phase=one.name),
                Text("Đặt lại ngày mở hoặc ngày kết thúc.", "Set its first or last day anew."),
            )
    for earlier, later in zip(PhaseKind, list(PhaseKind)[1:], strict=False):
        first, then = held.get(earlier), held.get(later)
        if first and then and then.opens_at < first.opens_at:
            yield fault(
                "phases_out_of_order",
                Place(Spot.PHASE, later),
                say(
                    "{later} mở trước {earlier}.",
                    "{later} opens before {earlier}.",
                    later=then.name,
                    earlier=first.name,
                ),
                _MOVE,
            )
    yield from _overlaps(held)


def _missing(held: Mapping[PhaseKind, PhaseView], policy: VotePolicy) -> Iterator[LintFinding]:
    for kind in _ALWAYS:
        if kind not in held:
            yield fault(
                "phase_missing",
                Place(Spot.PHASE, kind),
                say(
                    "Kỳ này không có giai đoạn {phase}.",
                    "The edition has no phase for {phase}.",
                    phase=_NAMES[kind],
                ),
                Text("Thêm giai đoạn vào hồ sơ của tỉnh.", "Add the phase to the tenant's folder."),
            )
    if PhaseKind.SCREENING not in held:
        yield doubt(
            "screening_missing",
            Place(Spot.PHASE, PhaseKind.SCREENING),
            Text(
                "Kỳ này không có giai đoạn kiểm tra hồ sơ: hồ sơ không được xét trước khi đăng tải.",
                "The edition has no screening: dossiers are not looked at before they are published.",
            ),
            Text("Thêm giai đoạn nếu thể lệ có bước này.", "Add the phase if the rules have this step."),
        )
    has_phase = PhaseKind.VOTING in held
    if policy.enabled and not has_phase:
        yield fault(
            "vote_without_phase",
            Place(Spot.PHASE, PhaseKind.VOTING),
            Text(
                "Thể lệ cho cộng đồng bình chọn, mà kỳ này không có giai đoạn bình chọn.",
                "The rules let the public vote, but the edition has no phase for it.",
            ),
            Text("Thêm giai đoạn bình chọn vào hồ sơ của tỉnh.", "Add the phase to the tenant's folder."),
            policy.clause,
        )
    if has_phase and not policy.enabled:
        yield fault(
            "phase_without_vote",
            Place(Spot.PHASE, PhaseKind.VOTING),
            Text(
                "Kỳ này có giai đoạn bình chọn, mà thể lệ không cho bình chọn.",
                "The edition has a phase for the vote, but the rules have no vote.",
            ),
            Text(
                "Bỏ giai đoạn này, hoặc dùng bộ quy tắc có bình chọn.",
                "Drop the phase, or use rules with a vote.",
            ),
            policy.clause,
        )


def _overlaps(held: Mapping[PhaseKind, PhaseView]) -> Iterator[LintFinding]:
    for pairs, make in ((_MAY_NOT_OPEN_BEFORE_END, fault), (_SHOULD_NOT_OPEN_BEFORE_END, doubt)):
        for earlier, later in pairs:
            first, then = held.get(earlier), held.get(later)
            if first and then and first.opens_at <= then.opens_at < first.closes_at:
                yield make(
                    "phases_overlap",
                    Place(Spot.PHASE, later),
                    say(
                        "{later} mở khi {earlier} chưa kết thúc.",
                        "{later} opens before {earlier} has ended.",
                        later=then.name,
                        earlier=first.name,
                    ),
                    _MOVE,
                )
    submission, screening = held.get(PhaseKind.SUBMISSION), held.get(PhaseKind.SCREENING)
    if submission and screening and screening.closes_at < submission.closes_at:
        yield fault(
            "screening_ends_early",
            Place(Spot.PHASE, PhaseKind.SCREENING),
            say(
                "{later} kết thúc trước {earlier}: hồ sơ nộp sau đó không ai xét.",
                "{later} ends before {earlier}: nobody looks at dossiers handed in after that.",
                later=screening.name,
                earlier=submission.name,
            ),
            _MOVE,
        )


def vote_findings(policy: VotePolicy) -> Iterator[LintFinding]:
    """An account that may vote has at least one vote, for at least one entry."""
    if not policy.enabled:
        return
    for number, vi, en in (
        (policy.votes_per_entry, "số phiếu cho một bài", "votes for an entry"),
        (policy.max_entries, "số bài được bình chọn", "entries to vote for"),
    ):
        if number is not None and number < 1:
            yield fault(
                "vote_limit_below_one",
                Place(Spot.VOTE),
                say(
                    "Mỗi tài khoản có {what} là {number}: không ai bình chọn được.",
                    "Each account has {number} {what}: nobody can vote.",
                    what=Text(vi, en),
                    number=number,
                ),
                Text("Đặt từ 1 trở lên, hoặc tắt bình chọn.", "Set 1 or more, or switch the vote off."),
                policy.clause,
            )


def notice_findings(notices: Sequence[Notice], phases: Sequence[PhaseView]) -> Iterator[LintFinding]:
    """Each notice belongs to a phase of the edition, else it never goes out."""
    kinds = {str(one.kind) for one in phases}
    for one in notices:
        if one.phase not in kinds:
            yield doubt(
                "notice_without_phase",
                Place(Spot.NOTICE, one.key),
                say(
                    "Thông báo “{subject}” gắn với giai đoạn {phase} mà kỳ này không có: không bao giờ được gửi.",
                    "The notice “{subject}” belongs to the phase {phase}, which the edition lacks: it is never sent.",
                    subject=one.subject,
                    phase=one.phase,
                ),
                Text(
                    "Bỏ thông báo, hoặc gắn với giai đoạn khác.",
                    "Drop the notice, or tie it to another phase.",
                ),
            )
