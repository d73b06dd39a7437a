"""Short messages through an outbox: a row first, then a job hands it to the installation's gateway.

The gateway is a program of the installation that takes `POST SMS_URL` with a JSON body `{"id", "to", "text"}` and
answers 2xx once it has the message; `id` is the same when a message is handed over again. A demonstration keeps its
messages for the mailbox page.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from http.client import HTTPException, HTTPResponse
from typing import Any, cast
from urllib.request import Request, urlopen
from uuid import UUID

from flask import current_app
from sqlalchemy import Index, String, select
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.clock import real_now
from core.kernel.db import Base, TenantOwned, owned_args, session
from core.kernel.jobs import enqueue, handler
from core.kernel.types import EncryptedText, UtcInstant

PATIENCE = 20


class Sms(TenantOwned, Base):
    """One short message. States: queued → sent; `kept` in a demonstration. Number and text lie encrypted."""

    __tablename__ = "sms"
    __table_args__ = owned_args(Index("ix_sms_at", "tenant_id", "at"))

    recipient: Mapped[str] = mapped_column(EncryptedText("sms"))
    text: Mapped[str] = mapped_column(EncryptedText("sms"))
    state: Mapped[str] = mapped_column(String(10))
    at: Mapped[datetime] = mapped_column(UtcInstant)
    sent_at: Mapped[datetime | None] = mapped_column(UtcInstant)


def sms_is_configured() -> bool:
    """Whether short messages can be sent here: there is a gateway, or a demonstration that keeps them."""
    return bool(current_app.config["SMS_URL"]) or bool(current_app.config["BANGVANG"].is_demonstration)


def send_sms(*, to: str, text: str, now: datetime) -> None:
    """Put a short message to the number `to` (E.164, "+84912345678") into the outbox.

    It leaves after this unit of work is stored.
    """
    has_gateway = bool(current_app.config["SMS_URL"])
    message = Sms(recipient=to, text=text, state="queued" if has_gateway else "kept", at=now)
    session().add(message)
    if has_gateway:
        enqueue("sms.send", {"id": str(message.id)}, dedupe=message.id.hex)


@handler("sms.send")
def _send(payload: Mapping[str, Any]) -> None:
    message = session().scalars(select(Sms).where(Sms.id == UUID(payload["id"]))).one()
    if message.state == "sent":
        return
    deliver(message, current_app.config["SMS_URL"], current_app.config["SMS_TOKEN"])
    message.state = "sent"
    message.sent_at = real_now()


def deliver(message: Sms, url: str, token: str) -> None:
    """Hand `message` to the gateway at `url`. Raises OSError when it does not take it; the job tries again."""
    body = json.dumps({"id": str(message.id), "to": message.recipient, "text": message.text}).encode()
    headers = {"Content-Type": "application/json", "Idempotency-Key": str(message.id)}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    # The address is the operator's (SMS_URL, checked to be http or https), never a reader's.
    request = Request(url, data=body, headers=headers, method="POST")  # noqa: S310
    try:
        with urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310
            cast(HTTPResponse, answer).read(1024)
    except HTTPException as error:
        raise OSError(f"the SMS gateway answered nothing that can be read: {error!r}") from error
