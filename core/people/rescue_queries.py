"""Reads of rescues, for the office's pages, its list of things to do, and the account's owner."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import Select, and_, func, select

from core.kernel.db import session
from core.kernel.proposals import LASTS, Standing, standing
from core.people.models import Account, SignIn
from core.people.phones import spoken_phone
from core.people.rescue_models import AccountRescue
from core.people.services.rescue_ends import RescueKind, is_open
from core.people.services.rescues import Papers

SHOWN = 100


@dataclass(frozen=True, slots=True)
class RescueRow:
    """A rescue with the name of the account's owner and what became of it."""

    rescue: AccountRescue
    name: str
    standing: Standing

    @property
    def is_open(self) -> bool:
        """Whether it can still take effect."""
        return self.standing in (Standing.PROPOSED, Standing.CONFIRMED)

    @property
    def lapses_at(self) -> datetime:
        """Until when it can be confirmed."""
        return self.rescue.asked_at + LASTS

    @property
    def address(self) -> str:
        """The new address as people write it; "" where there is none (any more)."""
        return spoken_phone(self.rescue.address or "")

    @property
    def kind(self) -> str:
        """What it is for, in words."""
        return kind_word(self.rescue.kind)

    @property
    def papers(self) -> str:
        """What papers were seen, in words."""
        return papers_word(self.rescue.papers)

    @property
    def outcome(self) -> tuple[str, str]:
        """The badge: its kind and its words."""
        words = {
            Standing.PROPOSED: ("waiting", _("Chờ cán bộ thứ hai")),
            Standing.CONFIRMED: ("held", _("Đã xác nhận, đang chờ")),
            Standing.DONE: ("fine", _("Đã thực hiện")),
            Standing.STOPPED: ("refused", _("Đã dừng")),
            Standing.DECLINED: ("refused", _("Không đồng ý")),
            Standing.WITHDRAWN: ("draft", _("Đã rút")),
            Standing.LAPSED: ("draft", _("Quá bảy ngày")),
        }
        return words[self.standing]

    @property
    def note(self) -> str:
        """Why it was stopped or declined, in words."""
        note: str = self.rescue.note
        if self.standing is not Standing.STOPPED:
            return note
        words = {
            "sign_in": _("chủ tài khoản đã đăng nhập"),
            "link": _("chủ tài khoản dừng bằng liên kết trong thư"),
            "own": _("chủ tài khoản dừng ở trang tài khoản"),
            "refused": _("một trong hai cán bộ không còn vai trò, hoặc tài khoản đã xóa"),
            "address_taken": _("địa chỉ mới đã mở một tài khoản khác"),
        }
        return str(words.get(note, ""))


def rescues_of(account_id: UUID, now: datetime) -> list[RescueRow]:
    """The account's rescues, newest first. One query."""
    return _rows(_ask().where(AccountRescue.account_id == account_id), now)


def newest_rescues(now: datetime) -> list[RescueRow]:
    """The newest rescues of the tenant, the open ones first. One query."""
    return sorted(_rows(_ask(), now), key=lambda row: not row.is_open)


def waiting_rescues(now: datetime, *, besides: UUID | None) -> int:
    """How many rescues wait for a second officer who is not `besides`, nor the one who asked. One query."""
    ask = select(func.count()).select_from(AccountRescue)
    waits = AccountRescue.state == Standing.PROPOSED, AccountRescue.asked_at > now - LASTS
    return (
        session()
        .scalars(ask.where(*waits, AccountRescue.asked_by != besides, AccountRescue.account_id != besides))
        .one()
    )


def open_rescue_of(account_id: UUID, now: datetime) -> RescueRow | None:
    """What is open for the account, for its owner's page. One query."""
    found = _rows(_ask().where(AccountRescue.account_id == account_id, is_open(now)), now)
    return found[0] if found else None


def last_came_in(account_id: UUID) -> datetime | None:
    """When the account was signed in to last, as far as sign-ins are kept. One query."""
    return session().scalars(select(func.max(SignIn.created_at)).where(SignIn.account_id == account_id)).one()


def kind_word(kind: str) -> str:
    """What a rescue is for, as the office and the account's owner read it."""
    words = {
        RescueKind.SECOND_FACTOR: _("Gỡ bước xác thực thứ hai"),
        RescueKind.ADDRESS: _("Đổi địa chỉ đăng nhập"),
    }
    return str(words[RescueKind(kind)])


def papers_word(papers: str) -> str:
    """A kind of identity papers in words."""
    words = {
        Papers.CITIZEN_CARD: _("Thẻ căn cước"),
        Papers.PASSPORT: _("Hộ chiếu"),
        Papers.OTHER: _("Giấy tờ khác có ảnh"),
    }
    return str(words[Papers(papers)])


def _ask() -> Select[AccountRescue, str]:
    owner = and_(Account.tenant_id == AccountRescue.tenant_id, Account.id == AccountRescue.account_id)
    ask = select(AccountRescue, Account.name).join(Account, owner)
    return ask.order_by(AccountRescue.asked_at.desc(), AccountRescue.id.desc()).limit(SHOWN)


def _rows(ask: Select[AccountRescue, str], now: datetime) -> list[RescueRow]:
    return [RescueRow(rescue, name, standing(rescue, now)) for rescue, name in session().execute(ask)]
