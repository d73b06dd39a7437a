"""What goes by itself around files: uploads that were given up, files that wait for the virus scanner."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import select, update

from core.contests.queries import editions
from core.entries.letters import send_blocked_file
from core.entries.models import Attachment, Entry, Upload
from core.entries.previews import ask_for_preview
from core.entries.services.uploads import CLEAR
from core.entries.states import Scan
from core.kernel import audit
from core.kernel.actor import SYSTEM
from core.kernel.antivirus import ScannerUnavailable, scanner
from core.kernel.db import ALL_TENANTS, platform_scope, session, tenant_scope
from core.kernel.files import copied_out, file_key
from core.kernel.jobs import enqueue, handler, periodic
from core.kernel.uow import unit_of_work
from core.tenancy.models import Tenant

SCAN = "entries.scan_again"
AT_ONCE = 20

log = structlog.get_logger(__name__)


@periodic
def ask_for_upkeep(now: datetime) -> None:
    """Ask for what is due in each tenant: clearing once an hour, scanning what waits every five minutes."""
    with platform_scope() as current:
        old = select(Upload.tenant_id).where(Upload.expires_at <= now).distinct()
        waiting = select(Attachment.tenant_id).where(Attachment.scan == Scan.WAITING).distinct()
        to_clear = current.scalars(old, execution_options=ALL_TENANTS).all()
        to_scan = current.scalars(waiting, execution_options=ALL_TENANTS).all()
    for tenant_id in to_clear:
        with tenant_scope(tenant_id), unit_of_work():
            enqueue(CLEAR, {}, dedupe=f"{now:%Y%m%d%H}")
    for tenant_id in to_scan:
        with tenant_scope(tenant_id), unit_of_work():
            enqueue(SCAN, {}, dedupe=f"{now:%Y%m%d%H}{now.minute // 5:02d}")


@handler(SCAN)
def scan_again(payload: Mapping[str, Any]) -> None:
    """Ask the scanner about files that wait for it. One that does not answer is asked again in five minutes.

    Where no scanner is configured any more, nobody will look: what waits is let go, as files without a scanner are.
    """
    ask = select(Attachment.sha256).where(Attachment.scan == Scan.WAITING).distinct().limit(AT_ONCE)
    contents = session().scalars(ask.order_by(Attachment.sha256)).all()
    tenant_id = session().tenant_id
    session().rollback()  # scanning takes its time, and nobody shall wait for this transaction
    said: dict[str, Scan] = {}
    asked = scanner()
    for sha256 in contents:
        try:
            with copied_out(file_key(tenant_id, sha256)) as stream:
                clean = asked is None or asked.scan(stream).is_clean
        except ScannerUnavailable as error:
            log.warning("file_not_scanned", sha256=sha256, error=str(error))
            break
        said[sha256] = Scan.CLEAN if clean else Scan.INFECTED
    for sha256, scan in said.items():
        _note(sha256, scan)


def _note(sha256: str, scan: Scan) -> None:
    held = list(
        session().scalars(
            select(Attachment).where(Attachment.sha256 == sha256, Attachment.scan == Scan.WAITING)
        )
    )
    change = update(Attachment).where(Attachment.id.in_([one.id for one in held])).values(scan=str(scan))
    session().execute(change)
    for attachment in held:
        if scan is Scan.CLEAN:
            ask_for_preview(attachment)
        else:
            _tell(attachment)


def _tell(attachment: Attachment) -> None:
    """The log and the entrant learn that a file is locked for good."""
    entry = session().get_one(Entry, (session().tenant_id, attachment.entry_id))
    ask = select(Tenant.slug, Tenant.profile).where(Tenant.id == session().tenant_id)
    tenant = session().execute(ask, execution_options=ALL_TENANTS).one()
    edition = next(one for one in editions(tenant.slug, tenant.profile) if one.id == entry.edition_id)
    data = {"field": attachment.field, "sha256": attachment.sha256}
    now = edition.now()
    audit.append("entry.file_locked", entry.code or entry.ref, data, actor=SYSTEM, now=now)
    send_blocked_file(entry, edition, attachment.name, now=now)
