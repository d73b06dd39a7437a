"""A copy of all that is held about a person: asked for, made by a job, fetched for seven days, then removed."""

from __future__ import annotations

import json
import tempfile
import zipfile
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import IO, Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import func, select

from core.kernel import audit, uow
from core.kernel.actor import SYSTEM, Actor
from core.kernel.clock import real_now
from core.kernel.db import session
from core.kernel.errors import Invalid, NotFound
from core.kernel.files import digest_of, file_key, file_store
from core.kernel.formats import datetime_
from core.kernel.jobs import enqueue, handler
from core.people.models import Account
from core.privacy.collectors import Collector, HeldFile, Part, collectors
from core.privacy.models import PersonalExport
from core.privacy.settings import EXPORT_DAYS

MOST_A_DAY = 3
MAKE, REMOVE = "privacy.copy", "privacy.copy_remove"


def order_copy(*, actor: Actor, now: datetime) -> PersonalExport:
    """Ask for the actor's copy; while one is being made, that one. Raises Invalid after three in a day."""
    account = _locked(actor)
    waiting = select(PersonalExport).where(
        PersonalExport.account_id == account.id, PersonalExport.state == "queued"
    )
    held = session().scalars(waiting.limit(1)).first()
    if held is not None:
        return held
    recent = select(func.count()).select_from(PersonalExport)
    recent = recent.where(
        PersonalExport.account_id == account.id, PersonalExport.asked_at > now - timedelta(days=1)
    )
    if session().scalars(recent).one() >= MOST_A_DAY:
        raise Invalid.one(
            "", _("Mỗi ngày lấy được %(most)s bản sao. Bạn hãy thử lại ngày mai.", most=MOST_A_DAY)
        )
    made = PersonalExport(
        account_id=account.id, state="queued", done=0, total=len(collectors()), asked_at=now
    )
    session().add(made)
    session().flush()
    audit.append("copy.asked", str(account.id), {}, actor=actor, now=now)
    enqueue(MAKE, {"id": str(made.id)}, dedupe=made.id.hex)
    return made


def remove_copy(copy: PersonalExport) -> None:
    """Delete a copy's content; what was asked and when stays."""
    if copy.sha256 is not None:
        file_store().delete(file_key(session().tenant_id, copy.sha256))
    copy.state = "removed"
    copy.sha256 = copy.size = None
    session().flush()


@handler(MAKE)
def _make(payload: Mapping[str, Any]) -> None:
    """Gather part by part. Each part is committed on its own, so that progress shows and no lock is held while files
    are copied; a job that dies begins anew."""
    copy_id = UUID(payload["id"])
    if _row(copy_id) is None:
        return
    with tempfile.TemporaryFile() as target:
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as archive:
            lost = []
            for number, collector in enumerate(collectors(), start=1):
                row = _row(copy_id)
                if row is None:
                    return
                part = collector.collect(_account(row))
                row.done = number - 1
                uow.commit()
                lost += _write(archive, collector, part)
            archive.writestr("DOC-TRUOC.txt", _read_me(lost))
        target.seek(0)
        digest, size = digest_of(target)
        file_store().put(file_key(session().tenant_id, digest), target)
    row = _row(copy_id, locked=True)
    if row is None:
        return  # another worker was quicker; what this one stored is swept
    row.state, row.done, row.sha256, row.size = "ready", row.total, digest, size
    row.ready_at = real_now()
    row.expires_at = row.ready_at + timedelta(days=EXPORT_DAYS)
    session().flush()
    audit.append("copy.ready", str(row.account_id), {}, actor=SYSTEM, now=row.ready_at)
    enqueue(REMOVE, {"id": payload["id"]}, dedupe=copy_id.hex, run_at=row.expires_at)


@handler(REMOVE)
def _remove(payload: Mapping[str, Any]) -> None:
    ask = select(PersonalExport).where(PersonalExport.id == UUID(payload["id"])).with_for_update()
    row = session().scalars(ask).one_or_none()
    if row is not None and row.state == "ready":
        remove_copy(row)
        audit.append("copy.removed", str(row.account_id), {}, actor=SYSTEM, now=real_now())


def _row(copy_id: UUID, *, locked: bool = False) -> PersonalExport | None:
    """The copy while it still has to be made; None when it is there already or no longer wanted."""
    ask = select(PersonalExport).where(PersonalExport.id == copy_id, PersonalExport.state == "queued")
    return session().scalars(ask.with_for_update() if locked else ask).one_or_none()


def _account(row: PersonalExport) -> Account:
    return session().get_one(Account, (session().tenant_id, row.account_id))


def _locked(actor: Actor) -> Account:
    ask = select(Account).where(Account.id == actor.id).with_for_update()
    account = session().scalars(ask).one_or_none()
    if account is None:
        raise NotFound
    return account


def _write(archive: zipfile.ZipFile, collector: Collector, part: Part) -> list[HeldFile]:
    """Put a part into the zip; returns the files that the store no longer has."""
    text = json.dumps(part.data, ensure_ascii=False, indent=2)
    archive.writestr(f"{collector.key}.json", text)
    return [one for one in part.files if not _copied(archive, one)]


def _copied(archive: zipfile.ZipFile, one: HeldFile) -> bool:
    key = file_key(session().tenant_id, one.sha256)
    if not file_store().exists(key):
        return False
    info = zipfile.ZipInfo(one.path)
    info.compress_type = zipfile.ZIP_STORED  # pictures and PDF are packed already
    with archive.open(info, "w", force_zip64=True) as out:
        _pour(key, out)
    return True


def _pour(key: str, out: IO[bytes]) -> None:
    for chunk in file_store().read(key):
        out.write(chunk)


def _read_me(lost: list[HeldFile]) -> str:
    lines = [
        _("BẢN SAO DỮ LIỆU CÁ NHÂN CỦA BẠN"),
        _("Lập lúc %(at)s.", at=datetime_(real_now())),
        "",
        *(f"{one.key}.json: {one.title}" for one in collectors()),
        "",
        _("Thư mục “tep” có các tệp của hồ sơ. Các tệp .json mở được bằng trình soạn thảo văn bản."),
        _(
            "Không có trong bản sao: dữ liệu riêng của đồng tác giả, hồ sơ bạn nhập thay người khác, bảng tính có tên "
            "nhiều người, tên giám khảo, mật khẩu và mã (chỉ lưu dạng băm)."
        ),
    ]
    if lost:
        lines += ["", _("Tệp có tên trong hồ sơ nhưng không còn trong kho:"), *(one.path for one in lost)]
    return "\n".join(lines) + "\n"
