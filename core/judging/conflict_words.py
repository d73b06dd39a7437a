"""Conflicts in words: kinds, evidence, states."""

from __future__ import annotations

from flask_babel import gettext as _

from core.judging.conflict_values import ConflictRow, ConflictState, Evidence, How, Kind


def kinds() -> list[tuple[str, str]]:
    """What a person may declare, as choices of a form."""
    return [(one.value, _kind(one.value)) for one in Kind]


def why(row: ConflictRow) -> list[str]:
    """The evidence of a conflict, a plain sentence each; what was declared in the person's own words last."""
    if row.how is How.DECLARED:
        told = [_kind(code) for code, _what in row.evidence]
        return [*told, _("“%(words)s”", words=row.words)] if row.words else told
    return [_evidence(code, what) for code, what in row.evidence]


def state_word(row: ConflictRow) -> tuple[str, str]:
    """Kind of the badge and its words."""
    if row.state is ConflictState.CONFIRMED:
        return "refused", _("Đã xác nhận")
    if row.state is ConflictState.DISMISSED:
        return "fine", _("Đã bác")
    return ("held", _("Đã khai, chờ xem")) if row.how is How.DECLARED else ("waiting", _("Nghi ngờ, chờ xem"))


def _kind(code: str) -> str:
    words = {
        Kind.FAMILY: _("Người thân trong gia đình với tác giả"),
        Kind.UNIT: _("Cùng đơn vị với tác giả"),
        Kind.TEACHER: _("Thầy cô, người hướng dẫn hoặc cấp trên của tác giả"),
        Kind.CO_AUTHOR: _("Cùng làm công trình, giải pháp này hoặc công trình khác với tác giả"),
        Kind.BUSINESS: _("Có quan hệ kinh doanh, tài chính với tác giả hoặc đơn vị"),
        Kind.OTHER: _("Mối liên quan khác"),
    }
    return str(words[Kind(code)])


def _evidence(code: str, what: str) -> str:
    words = {
        Evidence.OWNER: _("Là người nộp hồ sơ này"),
        Evidence.AUTHOR: _("Là tác giả của hồ sơ này"),
        Evidence.SAME_UNIT: _("Tài khoản và hồ sơ (hoặc tác giả) cùng đơn vị: %(what)s", what=what),
        Evidence.WORKPLACE: _("Nơi làm việc của tác giả là đơn vị của người này: %(what)s", what=what),
        Evidence.CO_AUTHORSHIP: _("Từng là đồng tác giả với một tác giả của hồ sơ"),
        Evidence.PHONE: _("Cùng số điện thoại với người nộp, tác giả hoặc người giám hộ"),
        Evidence.EMAIL_DOMAIN: _("Địa chỉ thư cùng cơ quan với người nộp hoặc tác giả: @%(what)s", what=what),
        Evidence.GUARDIAN: _("Trùng tên, số điện thoại hoặc địa chỉ với người giám hộ của tác giả nhỏ tuổi"),
    }
    return str(words[Evidence(code)])
