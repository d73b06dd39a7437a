"""Authors under 16: who may be one, that nothing is handed in without a guardian, and what the guardian agreed to."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import make_url, select

from core.contests.values import EditionView
from core.entries.errors import NotEligible
from core.entries.models import Entry, EntryAuthor
from core.entries.services import check, submit, withdraw
from core.kernel import audit
from core.kernel.actor import Actor
from core.kernel.db import session
from core.kernel.errors import Forbidden, Invalid, NotFound
from core.plugin_api import Severity
from core.privacy import queries, services
from core.privacy.ages import may_be_minor, must_agree_too, reference_day
from core.privacy.guardians import minors_of
from core.privacy.models import Guardian
from tests.support.entries import account, complete_draft
from tests.support.factories import NOW, World, actor_of, view

TYPED = {
    "name": "Phạm Thị Giám Hộ",
    "relation": "parent",
    "contact": "0912 000 111, xã Thử",
    "guardian_agrees": "1",
    "child_agrees": "1",
}


@pytest.mark.parametrize(
    ("year", "minor", "asked"),
    [
        (2008, False, True),
        (2009, True, True),  # turns 16 in the year: the year alone does not tell
        (2010, True, True),
        (2018, True, True),  # turns 7 in the year
        (2019, True, False),
        (None, False, None),
    ],
)
def test_the_year_of_birth_is_read_with_care(year: int | None, minor: bool, asked: bool | None) -> None:
    day = date(2025, 10, 13)
    assert may_be_minor(year, day) is minor
    if year is not None:
        assert must_agree_too(year, day) is asked


def edition(tenant: World) -> EditionView:
    return view(tenant.first)


def person() -> Actor:
    return actor_of(account())


def young_draft(tenant: World, year: int = 2012) -> Entry:
    """A draft that could be handed in but for the age of its author."""
    entry = complete_draft(edition(tenant), account())
    author = session().scalars(select(EntryAuthor).where(EntryAuthor.entry_id == entry.id)).one()
    author.birth_year = year
    session().flush()
    return entry


@pytest.mark.usefixtures("tenant")
def test_a_dossier_with_a_child_waits_for_the_guardian(tenant: World) -> None:
    entry = young_draft(tenant)
    assert reference_day(edition(tenant)) == date(2025, 10, 13)

    with pytest.raises(NotEligible):
        submit(entry, edition(tenant), actor=person(), now=NOW)

    blocking = [one for one in check(entry, edition(tenant)) if one.severity is Severity.BLOCK]
    assert [(one.check, one.field) for one in blocking] == [("guardian", "guardian")]
    services.record_guardian(entry, edition(tenant), 1, TYPED, actor=person(), now=NOW)
    assert submit(entry, edition(tenant), actor=person(), now=NOW).number == 1


@pytest.mark.usefixtures("tenant")
@pytest.mark.parametrize("missing", sorted(TYPED))
def test_each_part_is_asked_at_its_place(tenant: World, missing: str) -> None:
    entry = young_draft(tenant)
    with pytest.raises(Invalid) as refused:
        services.record_guardian(entry, edition(tenant), 1, {**TYPED, missing: ""}, actor=person(), now=NOW)
    assert list(refused.value.errors) == [missing]
    assert minors_of(entry, edition(tenant))[0].guardian is None


@pytest.mark.usefixtures("tenant")
def test_below_seven_the_child_is_not_asked(tenant: World) -> None:
    entry = young_draft(tenant, 2019)
    kept = services.record_guardian(
        entry, edition(tenant), 1, {**TYPED, "child_agrees": ""}, actor=person(), now=NOW
    )
    assert (kept.child_agreed, kept.text_version, kept.given_at) == (False, "2026-11", NOW)


@pytest.mark.usefixtures("tenant")
def test_the_guardian_stays_when_authors_are_written_anew_and_goes_with_the_name(tenant: World) -> None:
    entry = young_draft(tenant)
    services.record_guardian(entry, edition(tenant), 1, TYPED, actor=person(), now=NOW)
    services.record_guardian(entry, edition(tenant), 1, TYPED, actor=person(), now=NOW)
    assert len(session().scalars(select(Guardian)).all()) == 1
    author = session().scalars(select(EntryAuthor)).one()
    author.position = 2
    session().flush()
    assert minors_of(entry, edition(tenant))[0].guardian is not None

    author.name = "Em Khác"
    session().flush()
    assert minors_of(entry, edition(tenant))[0].guardian is None


@pytest.mark.usefixtures("tenant")
def test_a_guardian_who_no_longer_agrees_brings_a_dossier_before_the_committee(tenant: World) -> None:
    entry = young_draft(tenant)
    services.record_guardian(entry, edition(tenant), 1, TYPED, actor=person(), now=NOW)
    services.withdraw_guardian(entry, 1, actor=person(), now=NOW)
    assert queries.requests_of(account().id) == []
    services.record_guardian(entry, edition(tenant), 1, TYPED, actor=person(), now=NOW)
    submit(entry, edition(tenant), actor=person(), now=NOW)

    services.withdraw_guardian(entry, 1, actor=person(), now=NOW)
    services.withdraw_guardian(entry, 1, actor=person(), now=NOW)

    (asked,) = queries.requests_of(account().id)
    assert (asked.kind, asked.purpose) == ("withdraw", "guardian")
    assert entry.code is not None
    assert entry.code in asked.text
    withdraw(entry, edition(tenant), actor=person(), now=NOW)


@pytest.mark.usefixtures("tenant")
def test_a_guardian_is_recorded_by_the_owner_and_for_a_child_alone(tenant: World) -> None:
    entry = young_draft(tenant)
    with pytest.raises(Forbidden):
        services.record_guardian(
            entry, edition(tenant), 1, TYPED, actor=actor_of(account("cutri@example.vn")), now=NOW
        )
    with pytest.raises(NotFound):
        services.record_guardian(entry, edition(tenant), 2, TYPED, actor=person(), now=NOW)
    grown = young_draft(tenant, 1990)
    with pytest.raises(NotFound):
        services.record_guardian(grown, edition(tenant), 1, TYPED, actor=person(), now=NOW)


@pytest.mark.usefixtures("tenant")
def test_a_guardians_name_and_address_lie_encrypted_and_stand_in_no_log(tenant: World) -> None:
    entry = young_draft(tenant)
    services.record_guardian(entry, edition(tenant), 1, TYPED, actor=person(), now=NOW)
    session().commit()

    assert "Giám Hộ" not in "".join(str(one.data) for one in audit.records())
    url = make_url(tenant.app.config["BANGVANG"].database_url)
    if url.get_backend_name() == "sqlite":
        file = Path(str(url.database))
        stored = b"".join(one.read_bytes() for one in file.parent.glob(f"{file.name}*"))
        assert [words for words in ("Giám Hộ", "0912 000 111") if words.encode() in stored] == []
