"""Erasing an account at its person's request: one officer proposes, another confirms, then nothing names the person.

The row of the account stays, emptied, so that votes, sheets, versions and the log still point somewhere: a published
result can be checked after it as before. Right to erasure: Law 91/2025/QH15, article 4; within 20 days (Decree
356/2025/NĐ-CP, article 5). The numbers of articles come from a secondary source.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import and_, delete, func, select, update
from sqlalchemy.orm import aliased

from core.entries.content import authors_of
from core.entries.models import (
    Attachment,
    AuthorInvitation,
    Entry,
    EntryAuthor,
    EntryVersion,
    UnsentRevision,
    Upload,
)
from core.entries.services.drafts import refold
from core.entries.services.uploads import CLEAR as CLEAR_UPLOADS
from core.entries.states import State as EntryState
from core.intake.models import PaperScan
from core.judging.blind_models import BlindChoice, BlindCopy, BlindDossier, BlindScan
from core.kernel import audit
from core.kernel.actor import Actor
from core.kernel.clock import real_now
from core.kernel.contents import digests_in
from core.kernel.db import session
from core.kernel.errors import Forbidden
from core.kernel.events import emit
from core.kernel.i18n import N_
from core.kernel.ids import token
from core.kernel.jobs import enqueue, handler
from core.kernel.mail import Mail
from core.kernel.security import keyed_digest
from core.kernel.sms import Sms
from core.kernel.suppression import SuppressedAddress
from core.kernel.text import fold
from core.people.models import Account, Consent, FailedTry, Membership, OfficerInvitation, SignIn
from core.people.services.sign_up import set_name
from core.privacy import letters
from core.privacy.errors import ErasureRefused
from core.privacy.events import AccountErasing
from core.privacy.inventory import DELETED
from core.privacy.models import DataRequest, Erasure, Guardian, PersonalExport
from core.privacy.policies import require_committee
from core.privacy.queries import erasure_of
from core.privacy.removal import delete_with_dependants, forget_files, pointing_at
from core.privacy.services.requests import finish_silently
from core.privacy.states import OPEN, Kind
from core.tenancy.scope import touch_public
from core.voting.models import Vote

NAME = N_("Người dùng đã xóa")
GONE = (EntryState.WITHDRAWN, EntryState.REFUSED)
WAITS = frozenset({"queued", "sending"})
LAST_LETTER = timedelta(days=7)
FORGET_LETTERS = "privacy.forget_letters"


@dataclass(frozen=True, slots=True)
class Plan:
    """What an erasure would delete, empty and keep: counts, and the codes of dossiers that stay."""

    drafts: int
    emptied: int
    kept: tuple[str, ...]
    votes: int
    letters: int
    sign_ins: int
    hindrance: str = ""


def plan_of(account: Account) -> Plan:
    """What erasing `account` would do, and what stands against it. Seven queries."""
    states = session().execute(
        select(Entry.version, Entry.state, Entry.code, Entry.ref).where(Entry.owner_id == account.id)
    )
    rows = list(states)
    drafts = [row for row in rows if row.version == 0]
    gone = [row for row in rows if row.version > 0 and row.state in GONE]
    kept = [row.code or row.ref for row in rows if row.version > 0 and row.state not in GONE]
    return Plan(
        drafts=len(drafts),
        emptied=len(gone),
        kept=tuple(sorted(kept)),
        votes=_count(Vote, Vote.account_id == account.id),
        letters=_count(Mail, Mail.recipient == account.email),
        sign_ins=_count(SignIn, SignIn.account_id == account.id),
        hindrance=_hindrance(account),
    )


def propose_erasure(request: DataRequest, *, actor: Actor, now: datetime) -> Erasure:
    """Propose to erase the account that asked; a second proposal is the first. Raises ErasureRefused, Forbidden."""
    require_committee(actor)
    session().refresh(request, with_for_update=True)
    _require_open(request)
    account = _account(request)
    if actor.id is None or actor.id == account.id:
        raise Forbidden(_("Việc này do cán bộ khác làm: đây là tài khoản của chính bạn."))
    hindrance = _hindrance(account)
    if hindrance:
        raise ErasureRefused(hindrance)
    held = erasure_of(request)
    if held is not None:
        return held
    made = Erasure(
        account_id=account.id,
        request_id=request.id,
        proposed_by=actor.id,
        proposed_name=actor.name,
        proposed_at=now,
    )
    session().add(made)
    session().flush()
    audit.append("erasure.proposed", request.code, {}, actor=actor, now=now)
    return made


def withdraw_erasure(request: DataRequest, *, actor: Actor, now: datetime) -> None:
    """Take a proposal back before it is confirmed; doing it twice changes nothing."""
    require_committee(actor)
    session().refresh(request, with_for_update=True)
    held = erasure_of(request)
    if held is None or held.confirmed_at is not None:
        return
    held.withdrawn_at = now
    session().flush()
    audit.append("erasure.withdrawn", request.code, {}, actor=actor, now=now)


def confirm_erasure(request: DataRequest, *, actor: Actor, now: datetime) -> Erasure:
    """Confirm another officer's proposal: the account is erased and the request is done. Confirming twice erases once.

    Raises Forbidden for the officer who proposed it, ErasureRefused when nothing is proposed or something stands
    against it.
    """
    require_committee(actor)
    session().refresh(request, with_for_update=True)
    held = erasure_of(request)
    if held is None:
        raise ErasureRefused(_("Chưa có đề nghị xóa nào để xác nhận. Bạn hãy tải lại trang."))
    if held.confirmed_at is not None:
        return held
    if actor.id is None or actor.id in (held.proposed_by, held.account_id):
        raise Forbidden(_("Người đề nghị không tự xác nhận được; xin chuyển cho cán bộ khác."))
    _require_open(request)
    ask = select(Account).where(Account.id == held.account_id).with_for_update()
    account = session().scalars(ask).one()
    hindrance = _hindrance(account)
    if hindrance:
        raise ErasureRefused(hindrance)
    plan = plan_of(account)
    held.confirmed_by, held.confirmed_name, held.confirmed_at = actor.id, actor.name, now
    held.summary = {key: value for key, value in asdict(plan).items() if isinstance(value, int)}
    held.summary["kept"] = len(plan.kept)
    kept = kept_words(plan)
    finish_silently(request, answer="\n".join([_("Đã xóa. Còn giữ:"), *kept]), actor=actor, now=now)
    _say_goodbye(account, request, kept, now)
    _erase(account, now)
    session().flush()
    audit.append("erasure.confirmed", request.code, held.summary, actor=actor, now=now)
    touch_public()
    return held


def kept_words(plan: Plan) -> list[str]:
    """What stays after an erasure, and why, one sentence each."""
    lines = []
    if plan.kept:
        codes = ", ".join(plan.kept)
        lines.append(
            _("Hồ sơ %(codes)s: đang dự thi hoặc đã có kết quả, kết quả phải kiểm chứng được.", codes=codes)
        )
    if plan.emptied:
        lines.append(_("Mã, tên và mã băm của hồ sơ đã rút hoặc không được chấp nhận, không còn nội dung."))
    if plan.votes:
        lines.append(_("Lượt bình chọn, không còn gắn với tên: số phiếu đã kiểm không được đổi."))
    lines.append(_("Nhật ký thao tác: chỉ ghi thêm, để chứng minh quy trình."))
    lines.append(_("Việc đã đồng ý gì, khi nào, và yêu cầu xóa này: để chứng minh đã làm đúng luật."))
    return lines


def _erase(account: Account, now: datetime) -> None:
    """Delete and empty in an order in which nothing needs what is gone already."""
    emit(AccountErasing(account))
    _delete_drafts(account)
    forget_files(_empty_gone(account) | _take_copies(account))
    for model, column in pointing_at("account"):
        if f"{model.__tablename__}.{column}" in DELETED:
            found = select(model.id).where(getattr(model, column) == account.id)
            delete_with_dependants(model, list(session().scalars(found)))
    enqueue(CLEAR_UPLOADS, {}, dedupe=token())  # the pieces of uploads that went with the account
    _forget_addresses(account)
    digests = [keyed_digest(one, "failed-try") for one in (account.email, account.phone) if one]
    session().execute(delete(FailedTry).where(FailedTry.account_digest.in_(digests)))
    consents = update(Consent).where(Consent.account_id == account.id, Consent.withdrawn_at.is_(None))
    session().execute(consents.values(withdrawn_at=now))
    account.roles = []
    for field in Account.__table__.columns:
        if field.nullable:
            setattr(account, field.key, None)
    set_name(account, str(NAME))


def _forget_addresses(account: Account) -> None:
    """Delete what else holds the person's address or number: invitations, short messages, a note of lost letters."""
    invited = select(AuthorInvitation.id).join(
        EntryAuthor,
        and_(
            EntryAuthor.tenant_id == AuthorInvitation.tenant_id, EntryAuthor.id == AuthorInvitation.author_id
        ),
    )
    found = list(session().scalars(invited.where(EntryAuthor.account_id == account.id)))
    delete_with_dependants(AuthorInvitation, found)
    if account.email:
        session().execute(delete(OfficerInvitation).where(OfficerInvitation.email == account.email))
        session().execute(delete(SuppressedAddress).where(SuppressedAddress.address == account.email))
    if account.phone:  # encrypted, so that no query finds it
        for message in session().scalars(select(Sms).execution_options(yield_per=500)):
            if message.recipient == account.phone:
                session().delete(message)


def _delete_drafts(account: Account) -> None:
    ask = select(Entry.id).where(Entry.owner_id == account.id, Entry.version == 0)
    delete_with_dependants(Entry, list(session().scalars(ask)))


def _empty_gone(account: Account) -> set[str]:
    """Empty the dossiers that left the contest; code, title and hashes stay, which lists and the log cite.

    Returns the contents that handed-in versions named.
    """
    ask = select(Entry).where(Entry.owner_id == account.id, Entry.version > 0, Entry.state.in_(GONE))
    entries = list(session().scalars(ask.with_for_update()))
    ids = [entry.id for entry in entries]
    files: set[str] = set()
    held = select(Attachment.id).where(Attachment.entry_id.in_(ids))
    delete_with_dependants(Attachment, list(session().scalars(held)))
    session().execute(delete(Guardian).where(Guardian.entry_id.in_(ids)))
    for model in (UnsentRevision, Upload, PaperScan, BlindScan, BlindChoice, BlindCopy, BlindDossier):
        found = select(model.id).where(model.entry_id.in_(ids))
        delete_with_dependants(model, list(session().scalars(found)))
    for version in session().scalars(select(EntryVersion).where(EntryVersion.entry_id.in_(ids))):
        files |= digests_in(version.snapshot)
        kept = ("format", "tenant", "edition", "code", "number", "at", "title", "field")
        version.snapshot = {key: version.snapshot[key] for key in kept if key in version.snapshot} | {
            "erased": True
        }
    authors = authors_of(ids)
    for entry in entries:
        entry.facts, entry.unsaved = {}, {}
        for author in authors[entry.id]:
            author.birth_year, author.workplace = None, ""
            if fold(author.name) == fold(account.name):
                author.name = str(NAME)
        session().flush()
        refold(entry)
    return files


def _take_copies(account: Account) -> set[str]:
    found = set()
    for copy in session().scalars(select(PersonalExport).where(PersonalExport.account_id == account.id)):
        if copy.sha256 is not None:
            found.add(copy.sha256)
        copy.state, copy.sha256, copy.size = "removed", None, None
    return found


def _say_goodbye(account: Account, request: DataRequest, kept: list[str], now: datetime) -> None:
    """Delete the letters to the account, send the last one, and have that one forgotten a week later."""
    ask = select(Mail).where(Mail.recipient == account.email)
    for mail in session().scalars(ask):
        if mail.state not in WAITS:
            session().delete(mail)
    session().flush()
    letters.send_erased(request, kept=kept, now=now)
    session().flush()
    left = session().scalars(select(Mail.id).where(Mail.recipient == account.email))
    payload = {"ids": [str(one) for one in left]}
    enqueue(FORGET_LETTERS, payload, dedupe=token(), run_at=real_now() + LAST_LETTER)


@handler(FORGET_LETTERS)
def _forget_letters(payload: Mapping[str, Any]) -> None:
    ids = [UUID(one) for one in payload["ids"]]
    session().execute(delete(Mail).where(Mail.id.in_(ids)))


def _hindrance(account: Account) -> str:
    """What must be done before, in a sentence; "" when nothing stands against the erasure."""
    if account.roles:
        return str(
            _("Tài khoản này còn vai trò trong Ban Tổ chức, hội đồng hoặc đơn vị; xin thu hồi vai trò trước.")
        )
    if _has_colleagues(account):
        return str(
            _(
                "Người này đang phụ trách hồ sơ của một tổ chức có cán bộ khác; xin bàn giao ở trang tổ chức trước."
            )
        )
    return ""


def _has_colleagues(account: Account) -> bool:
    """Whether an organisation would lose this officer, perhaps its steward, without a handover. One query."""
    other = aliased(Membership)
    beside = and_(
        other.tenant_id == Membership.tenant_id,
        other.organisation_id == Membership.organisation_id,
        other.account_id != Membership.account_id,
        other.left_at.is_(None),
    )
    own = Membership.account_id == account.id, Membership.left_at.is_(None)
    ask = select(Membership.id).join(other, beside).where(*own).limit(1)
    return session().scalars(ask).first() is not None


def _require_open(request: DataRequest) -> None:
    if request.kind != Kind.DELETE or request.state not in OPEN:
        raise ErasureRefused(_("Chỉ xóa được theo một yêu cầu xóa đang mở."))


def _account(request: DataRequest) -> Account:
    return session().get_one(Account, (session().tenant_id, request.account_id))


def _count(model: type[Any], *conditions: Any) -> int:
    return session().scalars(select(func.count()).select_from(model).where(*conditions)).one()
