"""What states, moves and happenings are called on pages, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from core.contests.values import EditionView
from core.entries.models import EntryAuthor
from core.entries.queries import Happening
from core.entries.rights import Right
from core.entries.states import EDITABLE, State
from core.kernel.formats import score
from core.kernel.i18n import locale
from core.plugin_api import AuthorRole


@dataclass(frozen=True, slots=True)
class Badge:
    """A state as `ui.badge` shows it."""

    kind: str
    label: str


def state_badge(state: str, *, is_published: bool = False) -> Badge:
    """The colour and word of a dossier's state."""
    if is_published:
        return Badge("fine", _("Đã công bố"))
    return {
        State.DRAFT: Badge("draft", _("Bản nháp")),
        State.SUBMITTED: Badge("waiting", _("Đã nộp, chờ xét")),
        State.RETURNED: Badge("waiting", _("Cần bổ sung")),
        State.REVISING: Badge("waiting", _("Đã nộp, đang sửa")),
        State.ACCEPTED: Badge("fine", _("Đã chấp nhận")),
        State.REFUSED: Badge("refused", _("Không được chấp nhận")),
        State.WITHDRAWN: Badge("held", _("Đã rút")),
    }[State(state)]


def holder_of(state: str, *, owns: bool = True) -> str:
    """Who has the dossier in hand now, said to its owner or to a co-author."""
    writer = _("Bạn đang giữ") if owns else _("Chủ hồ sơ đang giữ")
    return str(
        {
            State.DRAFT: writer,
            State.SUBMITTED: _("Ban Tổ chức đang xét"),
            State.RETURNED: writer,
            State.REVISING: _("Bạn đang sửa; bản đã nộp vẫn có hiệu lực")
            if owns
            else _("Chủ hồ sơ đang sửa; bản đã nộp vẫn có hiệu lực"),
            State.ACCEPTED: _("Hội đồng và Ban Tổ chức"),
            State.REFUSED: _("Đã khép lại"),
            State.WITHDRAWN: _("Đã khép lại"),
        }[State(state)]
    )


def next_step(state: str, right: Right | None = None, *, on_paper: bool = False) -> str:
    """What comes next for the entrant; for a co-author with `right`, what the right lets them do.

    `on_paper`: the edition wants the dossier on paper too, which may have come already.
    """
    if on_paper and State(state) is State.SUBMITTED:
        return str(_("Chờ Ban Tổ chức xét. Chưa gửi đủ bản giấy thì bạn gửi trong hạn."))
    if on_paper and State(state) is State.ACCEPTED:
        return str(_("Kết quả được công bố trên trang này. Chưa gửi đủ bản giấy thì bạn gửi trong hạn."))
    if right is not None and State(state) in EDITABLE and not right.covers(Right.SUBMIT):
        if right.covers(Right.EDIT):
            return str(_("Bạn viết cùng được; chủ hồ sơ là người nộp."))
        return str(_("Bạn được xem; chủ hồ sơ viết và nộp."))
    return str(
        {
            State.DRAFT: _("Hoàn thiện các mục còn thiếu rồi nộp hồ sơ."),
            State.SUBMITTED: _("Chờ Ban Tổ chức xét; kết quả được báo qua thư điện tử."),
            State.RETURNED: _("Bổ sung theo yêu cầu của Ban Tổ chức rồi nộp lại."),
            State.REVISING: _("Sửa xong thì nộp bản mới; chưa nộp thì bản đã nộp trước vẫn được xét."),
            State.ACCEPTED: _("Không cần làm gì thêm. Kết quả được công bố trên trang này."),
            State.REFUSED: _("Xem lý do và căn cứ trong hồ sơ."),
            State.WITHDRAWN: _("Hồ sơ không còn tham gia."),
        }[State(state)]
    )


def role_choices() -> list[tuple[str, str]]:
    """The parts an author may have, for a list."""
    return [(str(role), role_name(role)) for role in AuthorRole]


def role_name(role: str) -> str:
    """The part of an author in words."""
    return str(
        {
            AuthorRole.CHIEF: _("Tác giả chính"),
            AuthorRole.CO_CHIEF: _("Đồng tác giả chính"),
            AuthorRole.MEMBER: _("Đồng tác giả"),
        }[AuthorRole(role)]
    )


def named_authors(authors: Iterable[EntryAuthor]) -> list[tuple[EntryAuthor, str]]:
    """Each author with role, share and confirmation in words, for lists: "Tác giả chính, 40 %, đã xác nhận"."""
    return [(one, ", ".join(_parts_of(one))) for one in authors]


def _parts_of(author: EntryAuthor) -> list[str]:
    parts = [role_name(author.role)]
    if author.share is not None:
        parts.append(share_text(author.share))
    if author.confirmed_at is not None:
        on_paper = author.confirmed_how == "paper"
        parts.append(str(_("đã ký trên bản giấy") if on_paper else _("đã xác nhận")))
    elif author.declined_at is not None:
        parts.append(str(_("từ chối xác nhận")))
    return parts


def snapshot_authors(snapshot: Mapping[str, Any]) -> str:
    """The authors of a handed-in version on one line: "Trần Thị Hoa (40 %, đã xác nhận), Lý Văn Ba"."""
    said = []
    for one in snapshot.get("authors", []):
        parts = [share_text(Decimal(one["share"]))] if one.get("share") else []
        if one.get("confirmed_at"):
            on_paper = one.get("confirmed_how") == "paper"
            parts.append(str(_("đã ký trên bản giấy") if on_paper else _("đã xác nhận")))
        said.append(f"{one['name']} ({', '.join(parts)})" if parts else one["name"])
    return ", ".join(said)


def share_text(share: Decimal) -> str:
    """A share as it reads: "33,34 %"."""
    return f"{score(share, locale())} %"


def right_name(right: str) -> str:
    """A right to a dossier in words."""
    return str(
        {
            Right.VIEW: _("Được xem"),
            Right.EDIT: _("Được xem và sửa"),
            Right.SUBMIT: _("Được xem, sửa và nộp"),
        }[Right(right)]
    )


def field_name(edition: EditionView, key: str | None) -> str:
    """The field of the contest in the reader's language; "" for none."""
    found = next((one for one in edition.rules.entry_fields() if one.key == key), None)
    return "" if found is None else found.name.in_(locale())


def happening(one: Happening) -> Badge:
    """What happened, as a sentence with the colour of its place in the timeline."""
    words = {
        "entry.started": ("draft", _("Bắt đầu hồ sơ")),
        "entry.file_added": ("draft", _("Thêm một tệp")),
        "entry.file_removed": ("draft", _("Bỏ một tệp")),
        "entry.file_locked": ("refused", _("Khóa một tệp có mã độc")),
        "entry.submitted": ("waiting", _("Nộp hồ sơ")),
        "entry.revising": ("waiting", _("Rút về để sửa, bản đã nộp vẫn có hiệu lực")),
        "entry.kept": ("waiting", _("Giữ bản đã nộp, bỏ bản đang sửa")),
        "entry.revision_lapsed": ("waiting", _("Hết thời gian sửa, giữ bản đã nộp")),
        "entry.extended": ("fine", _("Được gia hạn nộp")),
        "entry.accepted": ("fine", _("Ban Tổ chức chấp nhận hồ sơ")),
        "entry.returned": ("waiting", _("Ban Tổ chức trả lại để bổ sung")),
        "entry.refused": ("refused", _("Ban Tổ chức không chấp nhận hồ sơ")),
        "entry.withdrawn": ("held", _("Rút hồ sơ")),
        "entry.paper_received": ("fine", _("Nơi nhận đã nhận giấy tờ")),
        "entry.paper_undone": ("held", _("Bỏ một lần ghi nhận giấy tờ")),
        "entry.paper_scanned": ("draft", _("Thêm bản quét của bản giấy")),
        "entry.filed_for": ("draft", _("Cán bộ lập hồ sơ thay người dân")),
        "entry.reopened": ("waiting", _("Ban Tổ chức xét lại hồ sơ")),
        "entry.published": ("fine", _("Đăng trên trang công khai")),
        "entry.unpublished": ("held", _("Gỡ khỏi trang công khai")),
        "entry.authors_changed": ("draft", _("Sửa danh sách tác giả")),
        "entry.author_invited": ("draft", _("Mời một tác giả xác nhận")),
        "entry.author_uninvited": ("held", _("Thu hồi một lời mời xác nhận")),
        "entry.author_confirmed": ("fine", _("Một tác giả xác nhận")),
        "entry.author_declined": ("refused", _("Một tác giả từ chối xác nhận")),
        "entry.author_on_paper": ("fine", _("Ghi nhận một tác giả đã ký trên bản giấy")),
        "entry.author_off_paper": ("held", _("Bỏ ghi nhận đã ký trên bản giấy")),
        "entry.right_given": ("draft", _("Trao quyền cho một đồng tác giả")),
        "entry.right_taken": ("held", _("Thu lại quyền của một đồng tác giả")),
        "entry.given_to_organisation": ("draft", _("Thành hồ sơ của tổ chức")),
        "entry.taken_from_organisation": ("held", _("Trở về hồ sơ riêng")),
        "entry.handed_over": ("held", _("Chuyển hồ sơ cho chủ mới")),
    }
    kind, label = words.get(one.action, ("draft", one.action))
    return Badge(kind, label)
