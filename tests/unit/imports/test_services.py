"""Imports from the upload to the undo: nothing half, nothing twice, nothing lost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core.contests.policies import PhaseClosed
from core.contests.values import EditionView
from core.entries.models import Entry, EntryAuthor, EntryVersion
from core.entries.services import save_draft
from core.imports.models import ImportRow, ImportRun
from core.imports.services import ImportRefused, import_rows, start_run, touched_entries, undo_run
from core.imports.states import Owners
from core.kernel.actor import Actor
from core.kernel.audit import records
from core.kernel.db import session, tenant_scope
from core.kernel.errors import Forbidden, Invalid
from core.kernel.ids import token
from core.kernel.jobs import run_due_jobs
from core.kernel.mail import mailbox
from core.people.models import Account
from tests.support.entries import account, make_entry
from tests.support.factories import NOW, World, actor_of, view
from tests.support.workbooks import workbook

ROWS: list[list[Any]] = [
    ["01", "Máy sấy chè", "", "Xã Thử", "Nguyễn Thị Hoa", 1985, "hoa@example.vn", "0912345678"],
    ["02", "Bếp đun trấu", "", "", "Trần Văn Nam", 1970, "nam@example.vn", ""],
]
BAD: list[Any] = ["03", "", "", "", "Ai đó", 1970, "ai@example.vn", ""]


@dataclass(frozen=True, slots=True)
class Office:
    """The first tenant's edition and an officer; each deed runs in a scope of its own."""

    world: World
    edition: EditionView
    officer: Actor
    tenant: Any

    def upload(self, rows: Sequence[Sequence[Any]], *, owners: Owners = Owners.INVITE, **more: Any) -> Any:
        """Upload a workbook and let the job read it; the import's id."""
        with tenant_scope(self.tenant):
            run = start_run(
                self.edition,
                content=workbook(rows, **more),
                file_name="C:\\Ho so\\danh sách.xlsx",
                owners=owners,
                form_token=token(),
                actor=self.officer,
                now=NOW,
            )
            run_id = run.id
            session().commit()
        run_due_jobs()
        return run_id

    def begin(self, run_id: Any, *, only_good: bool = False) -> None:
        """Confirm the import and let the jobs make its dossiers."""
        with tenant_scope(self.tenant):
            import_rows(self.run(run_id), only_good=only_good, actor=self.officer, now=NOW)
            session().commit()
        while run_due_jobs():
            pass

    def run(self, run_id: Any) -> ImportRun:
        """The import, in the bound scope."""
        return session().scalars(select(ImportRun).where(ImportRun.id == run_id)).one()

    def outcomes(self, run_id: Any) -> list[str]:
        """What became of each row, in the order of the sheet."""
        with tenant_scope(self.tenant):
            ask = select(ImportRow.outcome).where(ImportRow.run_id == run_id)
            return list(session().scalars(ask.order_by(ImportRow.number)))

    def state(self, run_id: Any) -> str:
        """Where the import stands."""
        with tenant_scope(self.tenant):
            return self.run(run_id).state

    def titles(self) -> list[tuple[str, str]]:
        """Title and state of every dossier of the tenant."""
        with tenant_scope(self.tenant):
            found = session().execute(select(Entry.title, Entry.state).order_by(Entry.title, Entry.state))
            return [(title, state) for title, state in found]


@pytest.fixture
def office(world: World) -> Iterator[Office]:
    """The committee of the first tenant."""
    with world.app.app_context():
        with tenant_scope(world.first.id):
            edition, officer = view(world.first), actor_of(account("btc@example.vn"))
        yield Office(world, edition, officer, world.first.id)


def test_nothing_is_made_before_the_officer_says_so_and_then_each_row_once(office: Office) -> None:
    run_id = office.upload(ROWS, people=[["01", "Lê Thị Lan", "Đồng tác giả", 1990, "HTX"]])
    before = (office.state(run_id), office.outcomes(run_id), office.titles())

    office.begin(run_id)

    assert before == ("checked", ["new", "new"], [])
    assert (office.state(run_id), office.outcomes(run_id)) == ("done", ["made", "made"])
    assert office.titles() == [("Bếp đun trấu", "draft"), ("Máy sấy chè", "draft")]
    with tenant_scope(office.tenant):
        entry = session().scalars(select(Entry).where(Entry.title == "Máy sấy chè")).one()
        owner = session().get_one(Account, (session().tenant_id, entry.owner_id))
        authors = session().scalars(
            select(EntryAuthor.name).where(EntryAuthor.entry_id == entry.id).order_by(EntryAuthor.position)
        )
        letters = {
            one.recipient: (one.subject, one.kind, f"/du-thi/{entry.ref}" in one.body) for one in mailbox()
        }
        assert (owner.email, owner.verified_at, list(authors)) == (
            "hoa@example.vn",
            None,
            ["Nguyễn Thị Hoa", "Lê Thị Lan"],
        )
        assert letters["hoa@example.vn"] == (
            "Cần hoàn thiện hồ sơ dự thi trước 10:00 ngày 12/12/2025",
            "entry-imported",
            True,
        )
        assert [one.data for one in session().scalars(select(ImportRow).order_by(ImportRow.number))] == [
            {"title": "Máy sấy chè", "chief": "Nguyễn Thị Hoa"},
            {"title": "Bếp đun trấu", "chief": "Trần Văn Nam"},
        ]
    with tenant_scope(office.world.second.id):
        assert session().scalars(select(Entry)).all() == []


def test_with_an_error_nothing_is_imported_unless_the_officer_says_so(office: Office) -> None:
    run_id = office.upload([*ROWS, BAD])
    with tenant_scope(office.tenant), pytest.raises(ImportRefused):
        import_rows(office.run(run_id), only_good=False, actor=office.officer, now=NOW)
    before = (office.state(run_id), office.titles())

    office.begin(run_id, only_good=True)

    assert before == ("checked", [])
    assert office.outcomes(run_id) == ["made", "made", "bad"]


def test_the_same_file_twice_makes_nothing_twice(office: Office) -> None:
    office.begin(office.upload(ROWS))
    again = office.upload(
        [*ROWS, ["04", "MÁY SẤY  CHÈ", "", "", "nguyễn thị hoa", "", "khac@example.vn", ""]]
    )
    with tenant_scope(office.tenant), pytest.raises(ImportRefused):
        import_rows(office.run(again), only_good=True, actor=office.officer, now=NOW)

    assert office.outcomes(again) == ["known", "known", "same"]
    assert len(office.titles()) == 2


def test_two_uploads_of_one_file_confirmed_both_make_each_dossier_once(office: Office) -> None:
    first, second = office.upload(ROWS), office.upload(ROWS)
    office.begin(first)
    office.begin(second)
    assert office.outcomes(second) == ["known", "known"]
    assert len(office.titles()) == 2


def test_a_second_press_and_a_job_run_twice_change_nothing(office: Office) -> None:
    run_id = office.upload(ROWS)
    office.begin(run_id)
    office.begin(run_id)
    assert len(office.titles()) == 2
    with tenant_scope(office.tenant):
        assert len(mailbox()) == 2


def test_a_dossier_that_exists_already_is_recognised_by_title_and_chief(office: Office) -> None:
    with tenant_scope(office.tenant):
        authors = [("Trần Văn Nam", "chief", 1970)]
        make_entry(office.edition, account(), state="submitted", title="Bếp đun trấu", authors=authors)
        session().commit()
    assert office.outcomes(office.upload(ROWS)) == ["new", "same"]


def test_dossiers_on_paper_are_handed_in_with_code_and_version(office: Office) -> None:
    rows = [[*row[:6], "", ""] for row in ROWS]
    office.begin(office.upload(rows, owners=Owners.PAPER))
    with tenant_scope(office.tenant):
        found = session().scalars(select(Entry).order_by(Entry.code)).all()
        assert [(one.code, one.state, one.version, one.owner_id == office.officer.id) for one in found] == [
            ("TT-K1-0001", "submitted", 1, True),
            ("TT-K1-0002", "submitted", 1, True),
        ]
        versions = session().scalars(select(EntryVersion)).all()
        assert {one.snapshot["title"] for one in versions} == {"Máy sấy chè", "Bếp đun trấu"}
        handed_in = next(one for one in records(subject="TT-K1-0001") if one.action == "entry.submitted")
        assert handed_in.data["way"] == "paper"
        assert mailbox() == []


def test_an_untouched_import_is_taken_back_whole_and_can_be_imported_again(office: Office) -> None:
    run_id = office.upload(ROWS)
    office.begin(run_id)
    with tenant_scope(office.tenant):
        undo_run(office.run(run_id), actor=office.officer, now=NOW)
        session().commit()
    while run_due_jobs():
        pass
    undone = (office.state(run_id), office.outcomes(run_id), office.titles())
    office.begin(office.upload(ROWS))

    assert undone == (
        "undone",
        ["undone", "undone"],
        [("Bếp đun trấu", "withdrawn"), ("Máy sấy chè", "withdrawn")],
    )
    assert [title for title, state in office.titles() if state == "draft"] == ["Bếp đun trấu", "Máy sấy chè"]


def test_an_import_that_somebody_touched_stays(office: Office) -> None:
    run_id = office.upload(ROWS)
    office.begin(run_id)
    with tenant_scope(office.tenant):
        entry = session().scalars(select(Entry).where(Entry.title == "Máy sấy chè")).one()
        owner = session().get_one(Account, (session().tenant_id, entry.owner_id))
        later = office.edition.now() + timedelta(minutes=5)
        save_draft(entry, office.edition, {"title": "Máy sấy chè 2"}, actor=actor_of(owner), now=later)
        session().commit()
    with tenant_scope(office.tenant), pytest.raises(ImportRefused) as refused:
        undo_run(office.run(run_id), actor=office.officer, now=NOW)
    with tenant_scope(office.tenant):
        assert touched_entries(run_id) == ["Máy sấy chè 2"]
    assert "Máy sấy chè 2" in refused.value.message
    assert office.state(run_id) == "done"


def test_a_file_that_cannot_be_read_fails_in_words(office: Office) -> None:
    run_id = office.upload([["x"]], heads=["Không phải mẫu"])
    with tenant_scope(office.tenant):
        run = office.run(run_id)
        assert (run.state, run.file_name) == ("failed", "danh sách.xlsx")
        assert run.problem is not None
        assert run.problem.startswith("Không tìm thấy dòng tiêu đề của mẫu")


def start(office: Office, *, actor: Actor, content: bytes = b"x", days: int = 0) -> None:
    start_run(
        office.edition,
        content=content,
        file_name="a.xlsx",
        owners=Owners.INVITE,
        form_token=token(),
        actor=actor,
        now=NOW + timedelta(days=days),
    )


def test_an_empty_file_a_closed_phase_and_a_stranger_are_refused(office: Office) -> None:
    with tenant_scope(office.tenant):
        stranger = actor_of(account())
        with pytest.raises(Invalid):
            start(office, actor=office.officer, content=b"")
        with pytest.raises(PhaseClosed):
            start(office, actor=office.officer, days=31)
        with pytest.raises(Forbidden):
            start(office, actor=stranger)
        assert session().scalars(select(ImportRun)).all() == []


def test_a_chunk_that_was_interrupted_goes_on_where_it_stopped(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.imports.services.CHUNK", 1)
    rows = [[f"{n:02d}", f"Số {n}", "", "", "Hoa", "", f"h{n}@example.vn", ""] for n in range(4)]
    run_id = office.upload(rows)
    with tenant_scope(office.tenant):
        import_rows(office.run(run_id), only_good=False, actor=office.officer, now=NOW)
        session().commit()
    run_due_jobs(limit=1)
    half = (office.state(run_id), office.outcomes(run_id).count("made"))
    while run_due_jobs():
        pass
    assert half == ("importing", 1)
    assert (office.state(run_id), office.outcomes(run_id)) == ("done", ["made"] * 4)
