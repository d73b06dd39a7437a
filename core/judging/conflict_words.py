"""Conflicts in words: kinds, evidence, states."""

from __future__ import annotations

from flask_babel import gettext as _

from core.judging.conflict_values import ConflictRow, ConflictState, Evidence, How, Kind
from core.judging.seats import role_words


def kinds() -> list[tuple[str, str]]:
    """What a person may declare, as choices of a form."""
    return [(one.value, _kind(one.value)) for one in Kind]


def reasons() -> list[tuple[str, str]]:
    """All that a conflict may rest on, declared or found, as choices of a filter."""
    found = {
        Evidence.OWNER: _("là người nộp"),
        Evidence.AUTHOR: _("là tác giả"),
        Evidence.RIGHT: _("được trao quyền"),
        Evidence.STEWARD: _("quản lý tổ chức đứng tên"),
        Evidence.OFFICER: _("cán bộ tổ chức đứng tên"),
        Evidence.SAME_UNIT: _("cùng đơn vị"),
        Evidence.WORKPLACE: _("cùng nơi làm việc"),
        Evidence.CO_AUTHORSHIP: _("từng là đồng tác giả"),
        Evidence.PHONE: _("cùng số điện thoại"),
        Evidence.EMAIL_DOMAIN: _("thư cùng cơ quan"),
        Evidence.GUARDIAN: _("trùng người giám hộ"),
    }
    return [(code.value, word) for code, word in found.items()] + [
        (code, _("tự khai: %(what)s", what=word)) for code, word in kinds()
    ]


def why(row: ConflictRow) -> list[str]:
    """What was declared, the person's own words after it, then what the data say: a plain sentence each."""
    told = [_kind(code) for code in row.declared]
    if row.words:
        told.append(_("“%(words)s”", words=row.words))
    return told + [
        _("mới: %(what)s", what=_evidence(code, what)) if code in row.new else _evidence(code, what)
        for code, what in row.evidence
    ]


def parts_of(row: ConflictRow) -> list[str]:
    """As what the person stands here: judge by number, parts in councils, or of the office; and the address."""
    parts = [_("giám khảo %(number)s", number=row.number)] if row.number else []
    parts += [role_words(one) for one in row.seats]
    return [*(parts or [_("cán bộ Ban Tổ chức")]), *([row.person_note] if row.person_note else [])]


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
        Evidence.RIGHT: _("Được chủ hồ sơ trao quyền xem hoặc sửa hồ sơ này"),
        Evidence.STEWARD: _("Là người quản lý của tổ chức đứng tên hồ sơ này"),
        Evidence.OFFICER: _("Là cán bộ của tổ chức đứng tên hồ sơ này"),
        Evidence.SAME_UNIT: _("Tài khoản và hồ sơ (hoặc tác giả) cùng đơn vị: %(what)s", what=what),
        Evidence.WORKPLACE: _("Nơi làm việc của tác giả là đơn vị của người này: %(what)s", what=what),
        Evidence.CO_AUTHORSHIP: _("Từng là đồng tác giả với một tác giả của hồ sơ"),
        Evidence.PHONE: _("Cùng số điện thoại với người nộp, tác giả hoặc người giám hộ"),
        Evidence.EMAIL_DOMAIN: _("Địa chỉ thư cùng cơ quan với người nộp hoặc tác giả: @%(what)s", what=what),
        Evidence.GUARDIAN: _("Trùng tên, số điện thoại hoặc địa chỉ với người giám hộ của tác giả nhỏ tuổi"),
    }
    return str(words[Evidence(code)])
