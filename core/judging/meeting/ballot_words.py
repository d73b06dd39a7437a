"""What ballots say to people: their settings, how they stand, and what came of them."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import ngettext

from core.judging.meeting.ballots import CANCELLED, OPEN
from core.judging.meeting.tally import Basis, Majority, Outcome, Quorum, Verdict


def quorum_words(quorum: str) -> str:
    """How many must vote, in words."""
    words: dict[Quorum, str] = {
        Quorum.HALF: _("quá nửa số người có quyền bỏ phiếu"),
        Quorum.TWO_THIRDS: _("ít nhất hai phần ba số người có quyền bỏ phiếu"),
        Quorum.ALL: _("tất cả người có quyền bỏ phiếu"),
    }
    return words[Quorum(quorum)]


def majority_words(majority: str) -> str:
    """What the first option needs, in words; of which votes, `basis_words` says."""
    words: dict[Majority, str] = {
        Majority.MOST: _("nhiều phiếu nhất"),
        Majority.HALF: _("quá nửa số phiếu"),
        Majority.TWO_THIRDS: _("ít nhất hai phần ba số phiếu"),
    }
    return words[Majority(majority)]


def basis_words(basis: str) -> str:
    """Of which votes the majority is reckoned, in words."""
    words: dict[Basis, str] = {
        Basis.VALID: _("không tính phiếu trắng"),
        Basis.CAST: _("tính cả phiếu trắng"),
    }
    return words[Basis(basis)]


def needed_words(majority: str, basis: str) -> str:
    """What the first option needs and of which votes. Where the most votes are enough, blank ones change nothing."""
    needed = majority_words(majority)
    return needed if Majority(majority) is Majority.MOST else f"{needed}, {basis_words(basis)}"


def state_words(state: str, outcome: Outcome | None) -> tuple[str, str]:
    """How a ballot stands: the kind of its badge and the words."""
    if outcome is not None:
        words: dict[Verdict, tuple[str, str]] = {
            Verdict.WON: ("fine", _("Có kết quả")),
            Verdict.TIE: ("waiting", _("Ngang phiếu")),
            Verdict.NO_MAJORITY: ("waiting", _("Chưa đủ phiếu thuận")),
            Verdict.NO_QUORUM: ("held", _("Không đủ người bỏ phiếu")),
            Verdict.ALL_BLANK: ("waiting", _("Toàn phiếu trắng")),
        }
        return words[outcome.verdict]
    if state == CANCELLED:
        return "held", _("Đã hủy")
    return ("waiting", _("Đang bỏ phiếu")) if state == OPEN else ("held", _("Đã kết thúc"))


def outcome_sentence(outcome: Outcome, options: Sequence[str]) -> str:
    """What came of a ballot, in a sentence; `options` are their words in order."""
    names = _(" và ").join(f"“{options[place - 1]}”" for place in outcome.leading if place <= len(options))
    most = max(outcome.counts, default=0)
    said = {
        Verdict.NO_QUORUM: _(
            "Mới có %(cast)s trên %(voters)s người bỏ phiếu, chưa đủ số người cần thiết: biểu quyết không có kết quả.",
            cast=outcome.cast,
            voters=outcome.voters,
        ),
        Verdict.TIE: _(
            "%(names)s cùng được %(most)s phiếu: ngang phiếu, không có phương án thắng.",
            names=names,
            most=most,
        ),
        Verdict.NO_MAJORITY: _(
            "%(names)s được nhiều phiếu nhất (%(most)s trên %(cast)s phiếu) nhưng chưa đủ tỷ lệ cần thiết.",
            names=names,
            most=most,
            cast=outcome.reckoned,
        ),
        Verdict.ALL_BLANK: _(
            "Cả %(cast)s phiếu đều là phiếu trắng: không phương án nào được chọn.", cast=outcome.cast
        ),
        Verdict.WON: _(
            "Hội đồng chọn %(names)s với %(most)s trên %(cast)s phiếu.",
            names=names,
            most=most,
            cast=outcome.reckoned,
        ),
    }
    return " ".join(filter(None, (str(said[outcome.verdict]), _blank_sentence(outcome))))


def _blank_sentence(outcome: Outcome) -> str:
    """How the blank votes were counted; "" where there are none, or nothing but them, or too few votes at all."""
    if not outcome.blank or outcome.verdict in (Verdict.ALL_BLANK, Verdict.NO_QUORUM):
        return ""
    if outcome.basis is Basis.CAST:
        words = ngettext(
            "Có %(num)s phiếu trắng, được tính vào tổng số phiếu.",
            "Có %(num)s phiếu trắng, được tính vào tổng số phiếu.",
            outcome.blank,
        )
    else:
        words = ngettext(
            "Có %(num)s phiếu trắng, không tính vào tổng số phiếu.",
            "Có %(num)s phiếu trắng, không tính vào tổng số phiếu.",
            outcome.blank,
        )
    return str(words)


def turnout(has_voted: int, voters: int) -> str:
    """How many voted, in words."""
    return str(
        ngettext(
            "%(num)s người đã bỏ phiếu trên %(voters)s người có quyền.",
            "%(num)s người đã bỏ phiếu trên %(voters)s người có quyền.",
            has_voted,
            voters=voters,
        )
    )
