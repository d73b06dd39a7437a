"""Bắc Kạn's award scheme: the family's tiers with bands as minimums and quotas as ceilings."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from decimal import Decimal

from core.plugin_api import AwardScheme, Edition, Tier, hookimpl, is_illustration
from plugins.backan_stkt.settings import NAME, BacKanSettings


@hookimpl(wrapper=True)
def award_scheme(edition: Edition) -> Generator[None, AwardScheme, AwardScheme]:
    """The tiers of `stkt_base` with this province's minimums and quotas; unused places stay empty."""
    family = yield
    tiers = tuple(_set(edition, tier) for tier in family.tiers)
    return replace(family, tiers=tiers, official=all(tier.official for tier in tiers))


def _set(edition: Edition, tier: Tier) -> Tier:
    keys = (f"minimum_{tier.key}", f"quota_{tier.key}")
    minimum, quota = (edition.setting(NAME, key) for key in keys)
    return replace(
        tier,
        minimum=minimum if isinstance(minimum, Decimal) else None,
        quota=quota if isinstance(quota, int) else None,
        clause="muc_diem_giai_nhat" if tier.key == "nhat" else "muc_diem_xet_giai",
        official=not any(is_illustration(BacKanSettings, edition.settings[NAME], key) for key in keys),
    )
