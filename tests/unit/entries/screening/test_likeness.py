"""Similar dossiers of the tenant: found by a job, read by the office, dismissed with a reason."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from core.entries.models import Entry, EntryVersion
from core.entries.screening.jobs import prepare
from core.entries.screening.likeness import dismiss, find_similar, side_by_side, similar_counts, similar_to
from core.entries.screening.models import EntryPrint, ScreeningDigest, SimilarPair
from core.entries.screening.queue import QueueFilters, Reader, queue_page
from core.entries.services import submit
from core.kernel.db import session, tenant_scope
from core.kernel.errors import Forbidden, NotFound
from core.kernel.jobs import run_due_jobs
from tests.support.entries import account, complete_draft, make_entry
from tests.support.factories import NOW, make_edition, view
from tests.unit.entries.conftest import Here
from tests.unit.entries.screening.test_similarity import DRYER, STOVE


def told(here: Here, title: str, text: str, *, edition_key: str | None = None) -> Entry:
    """A dossier that was handed in with this title and text."""
    edition = (
        make_edition(edition_key, prefix=f"TT-{edition_key}", ordinal=0) if edition_key else here.edition
    )
    entry = make_entry(edition, here.owner, state="submitted", title=title, facts={"mo_ta": text})
    version = session().scalars(select(EntryVersion).where(EntryVersion.entry_id == entry.id)).one()
    version.snapshot = {"title": title, "facts": {"mo_ta": text}}
    session().flush()
    return entry


def test_a_dossier_of_an_earlier_edition_is_found(here: Here) -> None:
    earlier = told(here, "Thiết bị sấy", DRYER, edition_key="k0")
    told(here, "Bếp trấu cải tiến", STOVE)
    entry = told(here, "Máy sấy chè", "\n".join(reversed(DRYER.split(". "))))
    find_similar(earlier, now=NOW)

    assert find_similar(entry, now=NOW) == 1

    found = similar_to(entry, here.edition)
    assert [(one.code, one.is_same_edition, one.text_percent) for one in found] == [
        (earlier.code, False, 100)
    ]
    assert [one.code for one in similar_to(earlier, here.edition)] == [entry.code]


def test_the_same_title_is_found_though_the_texts_differ(here: Here) -> None:
    first = told(here, "Máy sấy chè năng lượng mặt trời", DRYER)
    entry = told(here, "MÁY SẤY CHÈ, năng lượng mặt trời", STOVE)

    find_similar(entry, now=NOW)

    assert [(one.code, one.title_percent) for one in similar_to(entry, here.edition)] == [(first.code, 100)]


def test_finding_twice_keeps_one_pair_and_one_set_of_fingerprints(here: Here) -> None:
    first, entry = told(here, "Máy sấy chè", DRYER), told(here, "Thiết bị", DRYER)
    for one in (first, entry, entry, first):
        find_similar(one, now=NOW)

    pairs = session().scalars(select(func.count()).select_from(SimilarPair)).one()
    prints = session().scalars(select(func.count()).where(EntryPrint.entry_id == entry.id)).one()
    assert (pairs, similar_counts([first.id, entry.id], here.edition)) == (1, {first.id: 1, entry.id: 1})
    assert 0 < prints < 20


def test_a_pair_that_no_longer_reads_alike_is_gone(here: Here) -> None:
    first, entry = told(here, "Máy sấy chè", DRYER), told(here, "Thiết bị", DRYER)
    find_similar(first, now=NOW)
    find_similar(entry, now=NOW)
    version = session().scalars(select(EntryVersion).where(EntryVersion.entry_id == entry.id)).one()
    version.snapshot = {"title": "Bếp trấu", "facts": {"mo_ta": STOVE}}

    find_similar(entry, now=NOW)

    assert similar_to(first, here.edition) == []


def test_a_dismissal_says_why_and_can_be_taken_back(here: Here) -> None:
    first, entry = told(here, "Máy sấy chè", DRYER), told(here, "Thiết bị", DRYER)
    find_similar(first, now=NOW)
    find_similar(entry, now=NOW)

    dismiss(
        entry, first.code or "", "Cùng nhóm tác giả, bản sau nâng cấp bản trước.", actor=here.officer, now=NOW
    )

    assert similar_counts([entry.id], here.edition) == {}
    assert [one.dismissed_name for one in similar_to(entry, here.edition)] == ["Cán bộ Thử"]
    dismiss(entry, first.code or "", "", actor=here.officer, now=NOW)
    assert similar_counts([entry.id], here.edition) == {entry.id: 1}


def test_only_the_committee_dismisses_and_only_a_pair_that_was_found(here: Here) -> None:
    first, entry = told(here, "Máy sấy chè", DRYER), told(here, "Bếp trấu", STOVE)

    with pytest.raises(Forbidden):
        dismiss(entry, first.code or "", "Khác.", actor=here.entrant, now=NOW)
    with pytest.raises(NotFound):
        dismiss(entry, first.code or "", "Khác.", actor=here.officer, now=NOW)


def test_side_by_side_gives_the_passages_that_agree(here: Here) -> None:
    first, entry = told(here, "Máy sấy chè", DRYER), told(here, "Thiết bị", f"{STOVE} {DRYER}")

    found = side_by_side(entry, first.code or "", here.officer)

    assert (found.other.code, found.likeness.text_percent, len(found.likeness.matches)) == (
        first.code,
        100,
        3,
    )


def test_handing_in_asks_for_the_job_and_the_list_then_filters_by_it(here: Here) -> None:
    first = complete_draft(here.edition, here.owner)
    submit(first, here.edition, actor=here.entrant, now=NOW)
    second = complete_draft(here.edition, here.owner)
    submit(second, here.edition, actor=here.entrant, now=NOW)
    codes = [first.code, second.code]
    session().commit()

    run_due_jobs()

    with tenant_scope(here.world.first.id):
        edition, reader = view(here.world.first), Reader(here.officer, NOW)
        rows = queue_page(edition, QueueFilters(similar=True), reader).rows
        assert [(row.code, row.similar) for row in rows] == [(code, 1) for code in codes]
        kept = session().scalars(select(ScreeningDigest.version)).all()
        assert list(kept) == [1, 1]


def test_the_twin_tenants_dossiers_are_never_compared(here: Here) -> None:
    entry = told(here, "Máy sấy chè", DRYER)
    find_similar(entry, now=NOW)
    session().commit()

    with tenant_scope(here.world.second.id):
        edition, owner = view(here.world.second), account()
        other = make_entry(edition, owner, state="submitted", title="Máy sấy chè", facts={"mo_ta": DRYER})
        version = session().scalars(select(EntryVersion).where(EntryVersion.entry_id == other.id)).one()
        version.snapshot = {"title": "Máy sấy chè", "facts": {"mo_ta": DRYER}}
        session().flush()
        assert (find_similar(other, now=NOW), similar_to(other, edition)) == (0, [])


def test_a_job_for_a_dossier_that_is_gone_does_nothing(here: Here) -> None:
    prepare({"entry": "01900000-0000-7000-8000-000000000000"})

    assert session().scalars(select(func.count()).select_from(ScreeningDigest)).one() == 0
