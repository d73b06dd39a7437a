"""Receipts of new material, and the letters about the newest of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from core.contests.queries import editions
from core.contests.values import EditionView
from core.entries.models import Entry
from core.judging.events import MaterialSent
from core.judging.material import receipts_of, sent_by
from core.judging.material_late import tell_late
from core.judging.material_letters import tell_received
from core.judging.material_models import MaterialCall, MaterialReceipt
from core.kernel import audit
from core.kernel.actor import Actor
from core.kernel.canonical import sha256_of
from core.kernel.clock import real_now
from core.kernel.db import session
from core.kernel.events import emit
from core.kernel.ids import spoken_code
from core.kernel.jobs import enqueue, handler
from core.letters.post import bound_tenant
from core.people.models import Account

TELL = "judging.tell_material"
# Files come one by one; one letter tells of those that came together.
QUIET = timedelta(minutes=10)


def give_receipt(
    entry: Entry,
    call: MaterialCall,
    *,
    proof: Mapping[str, str] | None = None,
    actor: Actor,
    now: datetime,
) -> MaterialReceipt:
    """A receipt over what is there now; `proof` says in the log why something came after the end.

    A letter goes out once nothing more has come for ten minutes, or by `tell_newest`.
    """
    document = {
        "entry": entry.code or entry.ref,
        "round": call.round,
        "sent": [
            {
                "question": one.question.title,
                "text": one.text,
                "files": [
                    {"name": file.name, "sha256": file.sha256, "size": file.size} for file in one.files
                ],
            }
            for one in sent_by(call, entry.id)
        ],
    }
    earlier = receipts_of(call.id, entry.id)
    receipt = MaterialReceipt(
        call_id=call.id,
        entry_id=entry.id,
        number=earlier[0].number + 1 if earlier else 1,
        at=now,
        code=spoken_code(),
        document=document,
        sha256=sha256_of(document),
        by_id=actor.id,
    )
    session().add(receipt)
    session().flush()
    emit(MaterialSent(call.edition_id, entry.id))
    line: dict[str, Any] = {"round": call.round, "number": receipt.number, "sha256": receipt.sha256}
    if proof is not None:
        line["late"] = dict(proof)
    audit.append("material.sent", entry.code or entry.ref, line, actor=actor, now=now)
    enqueue(TELL, {"receipt": str(receipt.id)}, dedupe=str(receipt.id), run_at=real_now() + QUIET)
    return receipt


def tell_newest(
    entry: Entry, call: MaterialCall, edition: EditionView, *, now: datetime
) -> MaterialReceipt | None:
    """Write to the dossier's owner with its newest receipt, once; gives that receipt, None where nothing came."""
    receipts = receipts_of(call.id, entry.id)
    if not receipts:
        return None
    account = session().scalars(select(Account).where(Account.id == entry.owner_id)).one_or_none()
    if account is not None:
        tell_received(edition, call, entry, account, receipt=receipts[0], now=now)
    return receipts[0]


@handler(TELL)
def tell(payload: Mapping[str, Any]) -> None:
    """Write about a receipt, to the owner and to judges who had locked, unless something more has come since: then its
    own job does.
    """
    tenant_id = session().tenant_id
    receipt = session().get(MaterialReceipt, (tenant_id, UUID(payload["receipt"])))
    if receipt is None:
        return
    call = session().get_one(MaterialCall, (tenant_id, receipt.call_id))
    entry = session().get_one(Entry, (tenant_id, receipt.entry_id))
    if receipts_of(call.id, entry.id)[0].id != receipt.id:
        return
    edition = next(one for one in editions(bound_tenant().slug) if one.id == entry.edition_id)
    tell_newest(entry, call, edition, now=edition.now())
    tell_late(edition, entry, call.round, now=edition.now())
