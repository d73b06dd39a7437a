"""From a letter's key and what fills its places to a message in the outbox."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask import current_app, g, has_request_context, request
from flask_babel import force_locale
from sqlalchemy import select

from core.kernel import formats
from core.kernel.db import ALL_TENANTS, session
from core.kernel.enclosures import Enclosed
from core.kernel.mail import MailFacts, send_mail
from core.kernel.sms import send_sms, sms_is_configured
from core.kernel.text import without_marks
from core.letters.catalogue import KINDS, LANGUAGES, LetterKind, known_letter
from core.letters.texts import Filled, LetterWords, fill
from core.letters.wording import wording
from core.tenancy.models import Tenant
from core.tenancy.profile import tenant_view, text_of
from core.tenancy.resolver import CurrentTenant


@dataclass(frozen=True, slots=True)
class Reader:
    """Whom a letter goes to, and in which language it is read; None is the contest's own.

    `email` is an address of mail or, where a person has none, a telephone number (E.164, "+84912345678"); "" for an
    account that only another house's sign-in opens: no letter reaches it.
    """

    email: str
    name: str
    language: str | None = None


def send_letter(
    key: str,
    to: Reader,
    values: Mapping[str, str],
    *,
    about: str | None = None,
    life: timedelta | None = None,
    enclosed: Enclosed | None = None,
    once: str | None = None,
    now: datetime,
) -> UUID | None:
    """Put the letter `key` into the outbox, in its reader's language, its places filled in from `values`.

    `nguoi_nhan` and `don_vi_to_chuc` are filled in here. `about` is the dossier's code or ref. `enclosed` is a
    file that goes with it; a letter with the same `once` goes out once. A telephone number gets the subject alone, as a
    short message where the installation sends them; then there is no letter's id.
    """
    if not to.email:
        return None
    kind = known_letter(key)
    tenant = bound_tenant()
    language = language_for(to.language, tenant.profile)
    sender = text_of(tenant.profile.get("short_name")).in_(language)
    common = {"nguoi_nhan": to.name, "don_vi_to_chuc": sender}
    filled = fill(wording(kind, language, tenant.slug).words, {**common, **values})
    if to.email.startswith("+"):
        if sms_is_configured():
            send_sms(to=to.email, text=without_marks(f"{sender}: {filled.subject}"), now=now)
        return None
    facts = MailFacts(
        html=framed(filled, language, tenant),
        language=language,
        kind=key,
        about=about,
        is_open=kind.is_open,
        life=life,
        enclosed=enclosed,
        once=once,
    )
    return send_mail(
        to=to.email,
        name=to.name,
        sender=sender,
        subject=filled.subject,
        body=filled.text,
        now=now,
        facts=facts,
    )


def example(kind: LetterKind, words: LetterWords, language: str) -> Filled:
    """`words` filled in with the examples of their places, for a preview."""
    return fill(words, {place.name: place.example.in_(language) for place in kind.places})


def framed(filled: Filled, language: str, tenant: CurrentTenant) -> str:
    """The HTML of a whole letter: the fragment in the contest's frame."""
    template = current_app.jinja_env.get_template("mail/letter.html")
    with force_locale(language):
        return template.render(
            locale=language,
            subject=filled.subject,
            html=filled.html,
            tenant=tenant_view(tenant),
            edition=None,
        )


def language_for(chosen: str | None, profile: Mapping[str, Any]) -> str:
    """The language of a letter: the reader's, else the contest's, else Vietnamese."""
    wanted = chosen or profile.get("language")
    return wanted if wanted in LANGUAGES else "vi"


def by_when(until: datetime | None, language: str) -> str:
    """`formats.by_when` for the words of a letter; "" without a date."""
    return "" if until is None else formats.by_when(until, language)


def bound_tenant() -> CurrentTenant:
    """The tenant of this session: the request's, else read. At most one query."""
    tenant_id = session().tenant_id
    current: CurrentTenant | None = g.get("tenant") if has_request_context() else None
    if current is not None and current.id == tenant_id:
        return current
    ask = select(Tenant.slug, Tenant.profile, Tenant.version).where(Tenant.id == tenant_id)
    row = session().execute(ask, execution_options=ALL_TENANTS).one()
    return CurrentTenant(tenant_id, row.slug, row.profile, row.version)


def site_address() -> str:
    """The tenant's address without a slash at its end: the request's own, else from the configuration."""
    if has_request_context():
        return request.host_url.rstrip("/")
    config = current_app.config["BANGVANG"]
    host = f"{bound_tenant().slug}.{config.base_host}"
    return f"http://{host}:{config.port}" if config.is_demonstration else f"https://{host}"


def kind_names() -> dict[str, Any]:
    """What each letter is called, by key."""
    return {kind.key: kind.name for kind in KINDS}
