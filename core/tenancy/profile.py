"""What a tenant says of itself, as pages show it.

`Tenant.profile` is plain JSON. Words are `{"vi": …, "en": …}`:

    slug, code_prefix, current_edition: text
    province, name, short_name: words
    language: "vi" or "en", of letters to people who have not chosen
    contact: {agency: words, office: words|null, address: words|null, phone, email, website: text|null}
    merger: {on: "2025-07-01", into: words, note: words, source: words} | null
    light, dark: {accent, accent_strong, accent_soft, on_accent: "#rrggbb"}
    documents: [{key, kind: words, number: text|null, issued: "yyyy-mm-dd"|null, date_note: words|null, issuer: words,
                 title: words, editions: [text], official: bool, legal_basis: bool, source: words, url: text|null}]
    settings: {plugin: {setting: value}} (for every edition that gives nothing nearer)
    emblem: SVG text
    theme_version: text (changes with the colours or the emblem)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.plugin_api import Text
from core.tenancy.resolver import CurrentTenant


@dataclass(frozen=True, slots=True)
class TenantView:
    """A tenant for templates; `Text` values are shown with the filter `say`."""

    slug: str
    name: Text
    short_name: Text
    province: Text
    agency: Text
    contact: Text
    note: Text | None
    theme_version: str
    profile: Mapping[str, Any]


def text_of(words: Mapping[str, str] | None) -> Text:
    """The `Text` of stored words; empty when there are none."""
    return Text("") if not words else Text(words["vi"], words.get("en", ""))


def tenant_view(tenant: CurrentTenant) -> TenantView:
    """The view of a request's tenant."""
    profile = tenant.profile
    contact = profile.get("contact") or {}
    merger = profile.get("merger")
    return TenantView(
        slug=tenant.slug,
        name=text_of(profile.get("name")),
        short_name=text_of(profile.get("short_name")),
        province=text_of(profile.get("province")),
        agency=text_of(contact.get("agency")),
        contact=contact_line(contact),
        note=text_of(merger["note"]) if merger else None,
        theme_version=str(profile.get("theme_version", "0")),
        profile=profile,
    )


def contact_line(contact: Mapping[str, Any]) -> Text:
    """Address, telephone, e-mail and site on one line, in both languages; what is not public is left out."""
    address = text_of(contact.get("address"))
    pairs = (
        (address.vi, address.in_("en")),
        *((contact[key], contact[key]) for key in ("phone", "email", "website") if contact.get(key)),
    )
    present = [(vi, en) for vi, en in pairs if vi]
    return Text(" · ".join(vi for vi, _ in present), " · ".join(en for _, en in present))
