"""The process is killed in the middle of a copy or an erasure, and the deed is done again: one whole, and no rest."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from core.entries.models import Attachment, Entry
from core.kernel import audit
from core.kernel.actor import Role
from core.kernel.clock import real_now
from core.kernel.db import bind_tenant, session, tenant_scope
from core.kernel.errors import NotFound
from core.kernel.files import PART, file_key, file_store
from core.kernel.ids import token
from core.kernel.jobs import Job, run_due_jobs
from core.people.models import Account
from core.privacy import services
from core.privacy.models import PersonalExport
from core.privacy.policies import access_copy
from core.privacy.services import keeping
from tests.support.entries import account, make_attachment, make_entry
from tests.support.factories import World, actor_of, make_account, view
from tests.support.killed import OFFICER, killed
from tests.support.postgres import DatabaseUrls

pytestmark = pytest.mark.timeout(300)
PERSON, KILLED = "tacgia@example.vn", -9


@dataclass(frozen=True)
class Here:
    """The first tenant of the world with a dossier that has two files."""

    app: Flask
    tenant_id: UUID
    urls: DatabaseUrls
    var: Path

    def killed(self, *words: str) -> int:
        """Do a deed in another process that is killed in it; no lock of ours stands in its way."""
        session().rollback()
        return killed(self.urls, self.var, *words)

    def go_on(self, **later: int) -> None:
        """Let a worker do what is due some time later, and bind the tenant again."""
        session().rollback()
        with time_machine.travel(datetime.now(UTC) + timedelta(**later)):
            for _turn in range(6):
                run_due_jobs()
        bind_tenant(session(), self.tenant_id)

    def held(self) -> set[str]:
        """The digests that the store holds."""
        return {key.rpartition("/")[2] for key in file_store().keys(self.tenant_id.hex)}

    def parts(self) -> list[Path]:
        """Half files in the store."""
        return [path for path in (self.var / "files").rglob(f"{PART}*") if path.is_file()]


@pytest.fixture
def here(world: World, database: DatabaseUrls) -> Iterator[Here]:
    var = Path(world.app.config["BANGVANG_VAR"])
    with world.app.app_context(), tenant_scope(world.first.id):
        draft = make_entry(view(world.first), account(), state="draft")
        for name in ("mot", "hai"):
            make_attachment(draft, name=f"{name}.pdf", content=f"%PDF-1.7 {name}".encode())
        session().commit()
        yield Here(world.app, world.first.id, database, var)


@pytest.mark.parametrize("place", ["between two parts", "half a file", "before the commit"])
def test_a_copy_whose_process_was_killed_is_made_again_once_and_leaves_nothing(
    here: Here, place: str
) -> None:
    actor = actor_of(account())
    copy_id = services.order_copy(actor=actor, now=real_now()).id
    session().commit()
    files = here.held()

    assert here.killed("jobs", place) == KILLED

    left = session().get_one(PersonalExport, (here.tenant_id, copy_id))
    assert (left.state, left.sha256) == ("queued", None)
    with pytest.raises(NotFound):
        access_copy(actor, copy_id, real_now())
    orphans, halves = here.held() - files, here.parts()
    assert (len(orphans), len(halves)) == {"half a file": (0, 1), "before the commit": (1, 0)}.get(
        place, (0, 0)
    )

    here.go_on(minutes=6)

    copy = session().scalars(select(PersonalExport)).one()
    assert (copy.id, copy.state, copy.done) == (copy_id, "ready", copy.total)
    sha256 = access_copy(actor, copy_id, real_now()).sha256 or ""
    archive = zipfile.ZipFile(io.BytesIO(b"".join(file_store().read(file_key(here.tenant_id, sha256)))))
    assert archive.testzip() is None
    # Files of one millisecond have no order of their own; the numbers before the names follow whatever it is.
    names = [name.rpartition("/")[2] for name in archive.namelist() if name.startswith("tep/")]
    assert sorted(name[:3] for name in names) == ["01-", "02-"]
    assert sorted(name[3:] for name in names) == ["hai.pdf", "mot.pdf"]
    assert len(audit.records(actions=("copy.ready",))) == 1

    keeping.ask_for_night("2026-11-26")
    session().commit()
    here.go_on(days=2)

    assert here.held() == files | {sha256}
    assert here.parts() == []


@pytest.mark.parametrize("place", ["DELETE FROM entry ", "UPDATE account"])
def test_an_erasure_whose_process_was_killed_has_not_happened_and_can_be_done(here: Here, place: str) -> None:
    person, now = account(), real_now()
    make_account(OFFICER, name="Cán bộ Hai", roles=[Role.COMMITTEE])
    request = services.ask("delete", "Xóa", form_token=token(), actor=actor_of(person), now=now)
    services.propose_erasure(request, actor=actor_of(account("btc@example.vn")), now=now)
    session().commit()
    files, person_id = here.held(), person.id

    assert here.killed("erasure", place, str(here.tenant_id)) == KILLED

    session().expire_all()
    assert (account(PERSON).id, request.state) == (person_id, "received")
    assert session().scalars(select(func.count()).select_from(Attachment)).one() == 2
    assert session().scalars(select(Job).where(Job.kind == "privacy.forget_files")).all() == []
    assert here.held() == files

    services.confirm_erasure(request, actor=actor_of(account(OFFICER)), now=now)
    session().commit()
    assert here.killed("jobs", "after one content") == KILLED
    assert len(here.held()) == 1
    here.go_on(minutes=6)

    gone = session().get_one(Account, (here.tenant_id, person_id))
    assert (gone.email, session().scalars(select(Entry)).all()) == (None, [])
    assert here.held() == set()
    assert len(audit.records(actions=("erasure.confirmed",))) == 1
    assert audit.first_false_record() is None
