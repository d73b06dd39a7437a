"""What an edition keeps of the values typed for it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.contests.settings_plan import changes, digest_of, own_values
from core.plugin_host import Layers, resolve_one

NAME = "backan_stkt"
KEYS = ("minimum_ba", "quota_ba", "quota_nhi")


def layers(tenant: dict[str, Any] | None = None, edition: dict[str, Any] | None = None) -> Layers:
    return Layers({}, {NAME: tenant} if tenant else {}, {NAME: edition} if edition else {})


def wanted(**values: Any) -> dict[str, Any]:
    return dict(resolve_one(NAME, values))


@pytest.mark.parametrize(
    ("tenant", "edition", "typed", "own"),
    [
        ({}, {}, {}, {}),
        ({}, {}, {"quota_ba": 7}, {"quota_ba": 7}),
        ({}, {}, {"minimum_ba": "60.5"}, {"minimum_ba": "60.5"}),
        ({"quota_ba": 7}, {}, {"quota_ba": 7}, {}),
        ({"quota_ba": 7}, {"quota_ba": 8}, {"quota_ba": 7}, {}),
        ({"quota_ba": 7}, {"quota_ba": 8}, {"quota_ba": 6}, {"quota_ba": 6}),
        ({"quota_ba": 7}, {}, {"quota_ba": 6}, {"quota_ba": 6}),
        ({}, {"quota_ba": 6}, {"quota_ba": 6}, {"quota_ba": 6}),
        ({}, {}, {"quota_ba": None}, {"quota_ba": None}),
        ({}, {}, {"confirmed": ["quota_ba"]}, {"confirmed": ["quota_ba"]}),
        ({"confirmed": ["quota_ba"]}, {}, {"confirmed": ["quota_ba"]}, {}),
        ({"confirmed": ["quota_ba"]}, {}, {}, {"quota_ba": 6}),
        ({}, {"confirmed": ["quota_ba"]}, {}, {}),
    ],
)
def test_an_edition_keeps_what_differs_from_the_farther_levels(
    tenant: dict[str, Any], edition: dict[str, Any], typed: dict[str, Any], own: dict[str, Any]
) -> None:
    assert own_values(NAME, layers(tenant, edition), wanted(**typed)) == own


VALUES = st.fixed_dictionaries(
    {},
    optional={
        **{key: st.none() | st.integers(0, 9) for key in KEYS},
        "confirmed": st.lists(st.sampled_from(KEYS), unique=True),
    },
)


@given(VALUES, VALUES, VALUES)
def test_what_was_typed_is_what_holds(
    tenant: dict[str, Any], edition: dict[str, Any], typed: dict[str, Any]
) -> None:
    asked = wanted(**typed)

    own = own_values(NAME, layers(tenant, edition), asked)

    assert changes(resolve_one(NAME, layers(tenant, own).merged().get(NAME, {})), asked) == ()


def test_changes_are_told_in_the_order_of_the_schema() -> None:
    found = changes(wanted(), wanted(quota_ba=7, minimum_nhi="70", confirmed=["quota_ba"]))

    assert {one.key for one in found} == {"minimum_nhi", "quota_ba", "confirmed"}


def test_the_digest_tells_other_values_apart() -> None:
    assert digest_of(NAME, wanted()) == digest_of(NAME, wanted())
    assert digest_of(NAME, wanted()) != digest_of(NAME, wanted(quota_ba=7))
