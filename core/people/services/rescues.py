"""The office's way back for who lost the second factor and its codes, or every address that a code could go to.

One officer asks, having seen identity papers; another, who has looked for themselves, confirms; then it waits, and the
account's owner, told at every address, can stop it (`rescue_ends`). So that no officer alone takes an account over,
neither of the two may be its owner, and neither may have been made an officer by a colleague within a week: who may
invite could else invite a second self.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from core.kernel import audit
from core.kernel.actor import SYSTEM, Actor, Role
from core.kernel.audit import AuditRecord
from core.kernel.db import session
from core.kernel.errors import DomainError, Forbidden, Invalid, NotFound
from core.kernel.jobs import enqueue
from core.kernel.proposals import Standing, decide, require_person, require_waiting
from core.kernel.text import clean
from core.people.models import Account
from core.people.rescue_models import AccountRescue
from core.people.services import mails, rescue_letters
from core.people.services.codes import Purpose, make_code, use_code
from core.people.services.rescue_ends import CARRY_OUT, RescueKind, end_rescue, open_rescues, seal_of
from core.people.services.roles import access_account, committee_accounts
from core.people.services.second_factor import second_factor_of
from core.people.services.sign_up import account_seen
from core.people.settings import rescue_wait

SETTLED = timedelta(days=7)
LONGEST_REASON = 500
_NUMBER = re.compile(r"\d(?:[\s.\-]?\d){7,}")


class Papers(StrEnum):
    """What identity papers the officer saw; no number of them is kept."""

    CITIZEN_CARD = "citizen_card"
    PASSPORT = "passport"
    OTHER = "other"


class RescueRefused(DomainError):
    """A rescue cannot be asked for, confirmed or ended now; the sentence says why."""

    kind = "rescue-refused"


def ask_rescue(
    account_id: UUID,
    kind: RescueKind,
    *,
    papers: str,
    reason: str,
    address: str | None = None,
    actor: Actor,
    now: datetime,
) -> AccountRescue:
    """Ask, as an officer who saw identity papers, that the account be opened again; its owner is told at once.

    `address` (of mail, or a number in E.164) is where the owner is reached from then on: a code goes there. The
    asker's own waiting rescue of the same is given back. Raises Forbidden, NotFound, Invalid at `papers`, `reason` or
    `email`, RescueRefused.
    """
    person = _require_settled(actor, now)
    account = _account(account_id, actor)
    held = open_rescues(account.id, now=now)
    same = [one for one in held if one.asked_by == person and (one.kind, one.address) == (kind, address)]
    if same:
        return same[0]
    if held:
        raise RescueRefused(_("Tài khoản này đang có một đề nghị khôi phục: cần xử lý đề nghị đó trước."))
    errors = reason_faults(papers, reason)
    if errors:
        raise Invalid(errors)
    _require_lost(account, kind, address)
    made = AccountRescue(
        account_id=account.id,
        kind=str(kind),
        papers=papers,
        reason=clean(reason),
        address=address,
        asked_by=person,
        asked_name=actor.name,
        asked_at=now,
    )
    session().add(made)
    session().flush()
    data = {"kind": made.kind, "papers": made.papers}
    audit.append("rescue.asked", str(account.id), data, actor=actor, now=now)
    wait = rescue_wait()
    rescue_letters.send_asked(account, made.kind, hours=wait.hours, link=link_of(made), now=now)
    if address is not None:
        _send_code(account, address, now=now)
    return made


def send_rescue_code(rescue_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Send the code to the new address again. Raises NotFound, RescueRefused, Invalid at `code` within a minute."""
    rescue, account = _held(rescue_id, actor)
    require_waiting(rescue, now, RescueRefused)
    if rescue.address is not None:
        _send_code(account, rescue.address, now=now)


def prove_rescue_address(rescue_id: UUID, code: str, *, actor: Actor, now: datetime) -> None:
    """Note that whoever stands at the counter read out the code that went to the new address.

    Raises NotFound, Forbidden for the account's owner, RescueRefused, Invalid at `code`.
    """
    rescue, account = _held(rescue_id, actor)
    require_waiting(rescue, now, RescueRefused)
    if rescue.address is None or rescue.reached_at is not None:
        return
    used = use_code(account, Purpose.RESCUE, code, now=now)
    if used.sent_at < rescue.asked_at:
        raise Invalid.one("code", _("Mã này thuộc một đề nghị trước: bạn hãy gửi mã mới."))
    rescue.reached_at = now
    session().flush()
    data = {"kind": rescue.kind}
    audit.append("rescue.address_proved", str(account.id), data, actor=actor, now=now)


def confirm_rescue(rescue_id: UUID, *, has_looked: bool, actor: Actor, now: datetime) -> bool:
    """Confirm a colleague's rescue: it takes effect after the waiting time. Returns whether this call did it.

    Raises Forbidden, NotFound, RescueRefused, Invalid at `has_looked` unless the officer says that they themselves
    compared the papers or called the person.
    """
    person = _require_settled(actor, now)
    rescue, account = _held(rescue_id, actor)
    if rescue.state == Standing.CONFIRMED and rescue.decided_by == person:
        return False
    require_waiting(rescue, now, RescueRefused)
    if rescue.asked_by == person:
        raise RescueRefused(_("Bạn là người đề nghị: cần một cán bộ khác của Ban Tổ chức xác nhận."))
    if rescue.address is not None and rescue.reached_at is None:
        raise RescueRefused(_("Chưa nhập mã đã gửi đến địa chỉ mới, nên chưa biết người đó nhận được thư."))
    if not has_looked:
        raise Invalid.one(
            "has_looked", _("Bạn hãy tự đối chiếu giấy tờ hoặc gọi lại người này, rồi đánh dấu vào ô này.")
        )
    decide(rescue, Standing.CONFIRMED, actor=actor, now=now)
    _begin_waiting(rescue, account, actor=actor, now=now)
    return True


def decline_rescue(rescue_id: UUID, note: str, *, actor: Actor, now: datetime) -> bool:
    """Turn a colleague's rescue down, also one that waits for its time; returns whether this call did it."""
    person = require_person(actor)
    rescue, account = _held(rescue_id, actor)
    if rescue.state == Standing.DECLINED:
        return False
    if rescue.state != Standing.CONFIRMED:
        require_waiting(rescue, now, RescueRefused)
        if rescue.asked_by == person:
            raise RescueRefused(_("Bạn là người đề nghị: bạn rút được đề nghị, không tự từ chối."))
    rescue.note = clean(note)[:LONGEST_REASON]
    _over(rescue, account, Standing.DECLINED, actor=actor, now=now)
    return True


def withdraw_rescue(rescue_id: UUID, *, actor: Actor, now: datetime) -> bool:
    """Take one's own rescue back before it takes effect; returns whether this call did it."""
    person = require_person(actor)
    rescue, account = _held(rescue_id, actor)
    if rescue.asked_by != person:
        raise RescueRefused(_("Chỉ người đã đề nghị rút được đề nghị này."))
    if rescue.state == Standing.WITHDRAWN:
        return False
    if rescue.state != Standing.CONFIRMED:
        require_waiting(rescue, now, RescueRefused)
    _over(rescue, account, Standing.WITHDRAWN, actor=actor, now=now)
    return True


def rescue_by_operator(login: str, *, now: datetime) -> AccountRescue:
    """Begin to take the second factor of somebody whom no two settled officers could help; it waits as any other.

    Raises NotFound for no such account, RescueRefused where two other officers could do it, or there is no factor.
    """
    found = account_seen(login)
    if found is None or found.verified_at is None:
        raise NotFound(_("Không có tài khoản nào đã xác nhận với địa chỉ này."))
    account = access_account(SYSTEM, found.id)
    held = open_rescues(account.id, now=now)
    if held:
        raise RescueRefused(_("Tài khoản này đang có một đề nghị khôi phục: cần xử lý đề nghị đó trước."))
    others = [one for one in committee_accounts() if one != account.id and is_settled(one, now=now)]
    if len(others) > 1:
        raise RescueRefused(
            _("Hai cán bộ khác của Ban Tổ chức làm được việc này ở trang tài khoản của người đó.")
        )
    _require_lost(account, RescueKind.SECOND_FACTOR, None)
    made = AccountRescue(
        account_id=account.id,
        kind=str(RescueKind.SECOND_FACTOR),
        papers=str(Papers.OTHER),
        reason="",
        asked_name=SYSTEM.name,
        asked_at=now,
    )
    session().add(made)
    decide(made, Standing.CONFIRMED, actor=SYSTEM, now=now)
    _begin_waiting(made, account, actor=SYSTEM, now=now)
    return made


def reason_faults(papers: str, reason: str) -> dict[str, list[str]]:
    """What is wrong with what an officer says for a rescue: field → sentences."""
    errors: dict[str, list[str]] = {}
    text = clean(reason)
    if papers not in set(Papers):
        errors["papers"] = [_("Bạn hãy chọn loại giấy tờ đã xem.")]
    if not text:
        errors["reason"] = [_("Bạn hãy nêu lý do; cán bộ thứ hai sẽ đọc lý do này.")]
    elif len(text) > LONGEST_REASON:
        errors["reason"] = [_("Lý do dài quá %(longest)s ký tự.", longest=LONGEST_REASON)]
    elif _NUMBER.search(text):
        errors["reason"] = [_("Xin đừng ghi số giấy tờ hay số điện thoại vào lý do.")]
    return errors


def link_of(rescue: AccountRescue) -> str:
    """The path of the page that stops the rescue, for its letters."""
    return f"/tai-khoan/dung-khoi-phuc/{rescue.id}/{seal_of(rescue)}"


def is_settled(account_id: UUID, *, now: datetime) -> bool:
    """Whether nobody of the tenant made this account an officer within a week. One query."""
    ask = select(AuditRecord.data).where(
        AuditRecord.subject == str(account_id),
        AuditRecord.action == "role.granted",
        AuditRecord.actor_id.is_not(None),
        AuditRecord.at > now - SETTLED,
    )
    return not any(data["role"] == Role.COMMITTEE for data in session().scalars(ask))


def _begin_waiting(rescue: AccountRescue, account: Account, *, actor: Actor, now: datetime) -> None:
    holds_from = now + rescue_wait().length
    rescue.holds_from = holds_from
    session().flush()
    data = {"kind": rescue.kind, "papers": rescue.papers, "holds_from": holds_from.isoformat()}
    audit.append("rescue.confirmed", str(account.id), data, actor=actor, now=now)
    rescue_letters.send_confirmed(
        account,
        rescue.kind,
        holds_from=holds_from,
        by_officer=rescue.decided_by is not None,
        link=link_of(rescue),
        now=now,
    )
    enqueue(CARRY_OUT, {"rescue": str(rescue.id)}, dedupe=rescue.id.hex, run_at=holds_from)


def _over(rescue: AccountRescue, account: Account, state: Standing, *, actor: Actor, now: datetime) -> None:
    if rescue.state == Standing.PROPOSED:
        decide(rescue, state, actor=actor, now=now)  # else who confirmed it stays named
    end_rescue(rescue, state, now=now)
    data = {"kind": rescue.kind}
    audit.append(f"rescue.{state}", str(account.id), data, actor=actor, now=now)


def _require_settled(actor: Actor, now: datetime) -> UUID:
    person = require_person(actor)
    if not is_settled(person, now=now):
        raise RescueRefused(
            _(
                "Bạn mới vào Ban Tổ chức chưa đủ %(days)s ngày, nên việc này do cán bộ khác làm: "
                "như vậy không ai tự mời thêm người để tự xác nhận.",
                days=SETTLED.days,
            )
        )
    return person


def _account(account_id: UUID, actor: Actor) -> Account:
    account = access_account(actor, account_id)
    if account.id == actor.id:
        raise Forbidden(_("Việc này do cán bộ khác làm: đây là tài khoản của chính bạn."))
    if account.verified_at is None:
        raise RescueRefused(_("Tài khoản này chưa xác nhận hoặc đã xóa, nên không có gì để khôi phục."))
    return account


def _held(rescue_id: UUID, actor: Actor) -> tuple[AccountRescue, Account]:
    """The rescue and its account, the account locked first; raises NotFound, Forbidden for the account's owner."""
    require_person(actor)
    ask = select(AccountRescue).where(AccountRescue.id == rescue_id)
    rescue = session().scalars(ask).one_or_none()
    if rescue is None:
        raise NotFound
    account = access_account(actor, rescue.account_id)
    if account.id == actor.id:
        raise Forbidden(_("Việc này do cán bộ khác làm: đây là tài khoản của chính bạn."))
    session().refresh(rescue, with_for_update=True)
    return rescue, account


def _require_lost(account: Account, kind: RescueKind, address: str | None) -> None:
    if kind is RescueKind.SECOND_FACTOR:
        if second_factor_of(account.id) is None:
            raise RescueRefused(_("Tài khoản này không bật bước xác thực thứ hai, nên không có gì để gỡ."))
        return
    if address is None:
        raise Invalid.one("email", _("Bạn hãy nhập địa chỉ thư điện tử mới."))
    holder = account_seen(address)
    if holder is not None and holder.id == account.id:
        raise Invalid.one("email", _("Đây đang là địa chỉ của tài khoản này."))
    if holder is not None and holder.verified_at is not None:
        raise Invalid.one("email", _("Địa chỉ này đang mở một tài khoản khác."))


def _send_code(account: Account, address: str, *, now: datetime) -> None:
    code = make_code(account, Purpose.RESCUE, now=now)
    if code is None:
        raise Invalid.one("code", _("Mã vừa được gửi. Bạn hãy đợi một phút rồi yêu cầu lại."))
    mails.send_code(account, code, what=_("đổi địa chỉ đăng nhập"), name=account.name, now=now, to=address)
