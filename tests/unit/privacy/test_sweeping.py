"""The nightly sweep: what no row names goes after a day, what any row names stays, in a folder and in a bucket."""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import String, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from core.contests.values import EditionView
from core.entries.models import Entry, PublicPicture, UnsentRevision, Upload
from core.imports.models import ImportRun
from core.intake.models import PaperScan
from core.judging.blind_models import BlindCopy, BlindDossier
from core.judging.material_models import MaterialCall, MaterialFile, MaterialQuestion, MaterialReceipt
from core.judging.meeting.minutes_models import Minutes, MinutesScan
from core.judging.meeting.visit_models import SiteVisit, VisitFile
from core.judging.models import Judge
from core.judging.paper_models import PaperSheet
from core.kernel import audit, contents
from core.kernel.clock import real_now
from core.kernel.db import TenantOwned, bind_tenant, session, tenant_scope
from core.kernel.files import LocalStore, file_key, file_store, make_store
from core.kernel.ids import token
from core.kernel.jobs import Job, run_due_jobs
from core.kernel.types import ContentDigest, JsonDoc
from core.privacy.models import PersonalExport
from core.privacy.removal import delete_with_dependants
from core.privacy.services import keeping, sweeping
from core.results.models import Computation, Publication
from core.voting.models import VoteFreeze
from tests.support.entries import account, make_attachment, make_entry
from tests.support.factories import NOW, World, view

pytestmark = pytest.mark.usefixtures("tenant")

NOT_CONTENTS = {
    "account.phone_digest", "audit_record.address", "audit_record.leaf", "author_invitation.digest",
    "author_invitation.email_digest", "bulk_run.token", "calendar_feed.digest", "computation.inputs_sha256",
    "computation.outputs_sha256", "council_ballot.form_token", "council_draw.log_head",
    "council_minutes.log_head", "council_minutes.sha256", "council_minutes_section.told", "council_pledge.text_sha256",
    "data_request.form_token", "eligible_list.sha256", "entry.form_token",
    "entry_version.sha256", "failed_try.account_digest", "failed_try.address_digest", "guardian.author",
    "import_row.key", "import_run.form_token", "linked_identity.digest", "material_receipt.sha256",
    "blind_scan.material",
    "one_time_code.asked_by",
    "one_time_code.digest", "paper_arrival.form_token", "passkey.digest", "plan_proposal.digest",
    "plan_proposal.inputs", "recovery_code.digest", "score_change.commitment", "score_change.nonce", "sheet.commitment",
    "sheet.nonce", "site_visit.form_token", "site_visit.log_head",
    "sign_in.address", "sign_in.digest", "signing_key.public", "vote.address_digest",
    "vote.commitment", "vote.nonce", "vote_freeze.sha256",
}  # fmt: skip
"""Columns as long as a digest that name no content of the file store: digests and secrets of something else."""

NAMES_NONE = {
    "account.roles", "audit_record.data", "bulk_run.names", "bulk_run.outcomes", "checklist_mark.details",
    "content.body", "content.data", "content.html", "content.synced", "content.title", "edition.frozen",
    "edition.name", "edition.notes", "edition.plugins", "edition.settings", "edition.short_name", "edition.synced",
    "edition.years", "eligible_list.rows", "entry.facts", "entry.parts", "entry.unsaved", "erasure.summary",
    "account_settings.values", "conflict.covered", "conflict.declared", "conflict.evidence",
    "conflict_settings.shared_domains", "deliberation.after", "deliberation.before",
    "deliberation.participants", "score_change.after", "score_change.before",
    "council_ballot.entries", "council_ballot.outcome",
    "council_draw.drawn", "council_draw.entries", "council_minutes.people", "council_minutes_section.entries",
    "blind_copy.boxes", "blind_copy.left_out", "blind_round.questions", "blind_scan.findings", "blind_scan.more",
    "blind_scan.unread",
    "criteria_version.changes", "criteria_version.criteria", "criteria_version.told",
    "import_row.data", "import_row.errors", "job.payload", "mail.enclosed", "one_time_code.pending",
    "paper_arrival.items", "paper_keying.scores",
    "phase.facts", "phase.name", "plan_proposal.by_hand", "plan_proposal.pairs",
    "privacy_settings.values", "target.group_name", "target.note",
    "target.source", "unit.synced", "unit_report.figures", "vote_freeze.votes",
}  # fmt: skip
"""Documents in which no content is named that is kept for their sake."""


@pytest.fixture(params=["folder", "bucket"])
def tenant_with_store(request: pytest.FixtureRequest, tenant: World) -> World:
    """The world with a store of each kind."""
    if request.param == "bucket":
        url = request.getfixturevalue("bucket")
        tenant.app.extensions["file_store"] = make_store(url, tenant.app.config["BANGVANG_VAR"])
    return tenant


def put(words: str) -> str:
    """A content of the bound tenant; its digest."""
    content = words.encode()
    digest = hashlib.sha256(content).hexdigest()
    file_store().put(file_key(session().tenant_id, digest), io.BytesIO(content))
    return digest


def held() -> set[str]:
    """The digests that the bound tenant's store holds."""
    return {key.rpartition("/")[2] for key in file_store().keys(session().tenant_id.hex)}


def name_everywhere(tenant: World) -> dict[str, str]:
    """A content of its own named by each column that names contents, by column."""
    edition, person = view(tenant.first), account()
    entry = make_entry(edition, person)
    named = {}

    def new(column: str) -> str:
        named[column] = put(column)
        return named[column]

    attachment = make_attachment(entry, content=b"attachment.sha256")
    named["attachment.sha256"] = attachment.sha256
    attachment.preview = new("attachment.preview")
    version = session().scalars(select(contents_of("entry_version"))).one()
    version.snapshot = {"files": [{"name": "a", "sha256": new("entry_version.snapshot")}]}
    of = {"entry_id": entry.id}
    unsent = {"files": [{"sha256": new("unsent_revision.snapshot")}]}
    call = MaterialCall(edition_id=edition.id, round="r", opens_at=NOW, closes_at=NOW)
    session().add(call)
    session().flush()
    asked = MaterialQuestion(call_id=call.id, position=1, title="x", kind="files")
    session().add(asked)
    session().flush()
    session().add_all(
        [
            UnsentRevision(**of, number=1, snapshot=unsent, at=NOW),
            MaterialFile(
                **of, question_id=asked.id, sha256=new("material_file.sha256"), name="x", media_type="x", size=1,
                added_at=NOW,
            ),
            MaterialReceipt(
                **of, call_id=call.id, number=1, at=NOW, code="x", sha256="x",
                document={"files": [{"sha256": new("material_receipt.document")}]},
            ),
            Upload(
                **of, account_id=person.id, field="x", name="x", length=1, begun_at=NOW, expires_at=NOW, done=True,
                sha256=new("upload.sha256"),
            ),
            PublicPicture(
                **of, attachment_id=attachment.id, position=1, variant="card", sha256=new("public_picture.sha256"),
                width=1, height=1,
            ),
            PaperScan(
                **of, sha256=new("paper_scan.sha256"), name="x", media_type="x", size=1, added_at=NOW, by_name="x"
            ),
            BlindCopy(
                **of, attachment_id=attachment.id, own=new("blind_copy.own"), text=new("blind_copy.text"),
                sha256=new("blind_copy.sha256"),
            ),
            BlindDossier(
                **of, edition_id=edition.id, round="x", version=1, title="x",
                shown={"files": [{"sha256": new("blind_dossier.shown")}]},
            ),
            PersonalExport(account_id=person.id, state="ready", asked_at=NOW, sha256=new("personal_export.sha256")),
            ImportRun(
                edition_id=edition.id, form_token=token(), by_id=person.id, by_name="x", at=NOW, file_name="x",
                sha256=new("import_run.sha256"), owners="paper", state="done",
            ),
        ]
    )  # fmt: skip
    judge = Judge(edition_id=edition.id, account_id=person.id, number="J1")
    session().add(judge)
    session().flush()
    session().add(
        PaperSheet(
            **of, edition_id=edition.id, judge_id=judge.id, round="hoi_dong", code="MAPHIEU234", printed_at=NOW,
            scan_sha256=new("paper_sheet.scan_sha256"),
        )
    )  # fmt: skip
    computed = Computation(
        edition_id=edition.id, number=1, inputs="{}", inputs_sha256="x", outputs="{}", outputs_sha256="x", at=NOW,
        by_name="x",
    )  # fmt: skip
    session().add(computed)
    session().flush()
    bundle = new("publication.bundle_sha256")
    published = Publication(
        edition_id=edition.id,
        computation_id=computed.id,
        at=NOW,
        by_name="x",
        bundle_sha256=bundle,
        bundle_size=1,
    )
    session().add(published)
    name_in_meetings(edition, entry, new)
    session().commit()
    return named


def name_in_meetings(edition: EditionView, entry: Entry, new: Callable[[str], str]) -> None:
    """The same in the papers of a council: minutes and a site visit, with what was sent along."""
    of = {"edition_id": edition.id, "round": "x", "number": 1}
    minutes = Minutes(
        **of,
        people=[],
        drafted_name="x",
        drafted_at=NOW,
        pdf=new("council_minutes.pdf"),
        docx=new("council_minutes.docx"),
    )
    visit = SiteVisit(
        **of, form_token=token(), entry_id=entry.id, at=NOW, place="x", planned_name="x", planned_at=NOW,
        pdf=new("site_visit.pdf"), docx=new("site_visit.docx"),
    )  # fmt: skip
    session().add_all([minutes, visit])
    session().flush()
    sent = {"name": "x", "media_type": "x", "size": 1, "added_at": NOW, "by_name": "x"}
    session().add(MinutesScan(minutes_id=minutes.id, sha256=new("council_minutes_scan.sha256"), **sent))
    session().add(VisitFile(visit_id=visit.id, sha256=new("site_visit_file.sha256"), **sent))


def contents_of(table: str) -> Any:
    """The model of a table."""
    return next(model for model, _column in columns_of_any() if model.__tablename__ == table)


def columns_of_any() -> list[tuple[type[Any], Any]]:
    """Every column that names contents."""
    return [*contents.columns(contents.is_content), *contents.columns(contents.is_document)]


def names_of(fits: Callable[[Any], bool]) -> set[str]:
    """The columns whose type fits, as "table.column"."""
    return {f"{model.__tablename__}.{column.key}" for model, column in contents.columns(fits)}


def later() -> datetime:
    """A night on which what is there now is older than a day."""
    return real_now() + timedelta(days=2)


def test_what_any_table_names_stays_and_what_none_names_goes(tenant_with_store: World) -> None:
    tenant = tenant_with_store
    named = name_everywhere(tenant)
    orphans = {put("gone"), put("gone too")}
    with tenant_scope(tenant.second.id):
        put("gone")
    bind_tenant(session(), tenant.first.id)

    assert sweeping.sweep(now=real_now()) == (0, "")
    assert sweeping.sweep(now=later()) == (2, "")

    assert set(named) == names_of(contents.is_content) | names_of(contents.is_document)
    assert held() == set(named.values())
    assert orphans & held() == set()
    assert sweeping.sweep(now=later()) == (0, "")
    with tenant_scope(tenant.second.id):
        assert len(held()) == 1


def test_every_column_that_could_name_a_content_says_whether_it_does() -> None:
    assert sorted(names_of(contents.looks_like_a_digest) ^ NOT_CONTENTS) == []
    documents = names_of(lambda kind: isinstance(kind, JsonDoc) and not kind.names_contents)
    assert sorted(documents ^ NAMES_NONE) == []


def test_a_column_of_a_new_table_counts_from_its_type_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    class Made(DeclarativeBase):
        pass

    class Poster(TenantOwned, Made):
        __tablename__ = "poster"

        picture: Mapped[str] = mapped_column(ContentDigest)
        forgotten_mark: Mapped[str] = mapped_column(String(64))
        words: Mapped[str] = mapped_column(String(100))

    monkeypatch.setattr(contents, "Base", Made)
    assert Poster.__tablename__ == "poster"
    assert names_of(contents.is_content) == {"poster.picture"}
    assert names_of(contents.looks_like_a_digest) == {"poster.forgotten_mark"}


def test_a_content_that_a_column_without_a_mark_names_is_kept_too(tenant: World) -> None:
    digest = put("named by a column that forgot to say so")
    edition = view(tenant.first)
    session().add(VoteFreeze(edition_id=edition.id, at=NOW, by_name="x", votes={}, sha256=digest))
    session().commit()

    assert sweeping.sweep(now=later()) == (0, "")

    assert held() == {digest}


def test_a_content_that_is_put_again_while_the_sweep_goes_stays(tenant: World) -> None:
    digest = put("comes back")
    store = file_store()
    assert isinstance(store, LocalStore)
    os.utime(store._path(file_key(tenant.first.id, digest)), (0, 0))
    (key,) = store.old_keys(tenant.first.id.hex, real_now() - timedelta(days=1))
    put("comes back")

    assert not store.delete_old(key, real_now() - timedelta(days=1))

    assert held() == {digest}


def test_the_night_goes_through_the_store_in_steps_and_says_how_many_went(
    tenant: World,
) -> None:
    store = file_store()
    assert isinstance(store, LocalStore)
    kept = make_attachment(make_entry(view(tenant.first), account())).sha256
    digests = [put(f"orphan {number}") for number in range(sweeping.AT_ONCE + 1)]
    for digest in (*digests, kept):
        os.utime(store._path(file_key(tenant.first.id, digest)), (0, 0))
    half = store._path(file_key(tenant.first.id, kept)).with_name(".part-half")
    half.write_bytes(b"half")
    os.utime(half, (0, 0))
    keeping.ask_for_night("2026-11-26")
    session().commit()

    for _turn in range(4):
        run_due_jobs()
    bind_tenant(session(), tenant.first.id)
    jobs = session().scalars(select(Job).where(Job.kind == sweeping.SWEEP)).all()

    assert len(jobs) == 2
    assert held() == {kept}
    assert not half.exists()
    (line,) = audit.records(actions=(sweeping.SWEPT,))
    assert line.data == {"contents": len(digests)}


def test_a_draft_that_is_deleted_takes_its_pictures_with_it(tenant: World) -> None:
    draft = make_entry(view(tenant.first), account(), state="draft")
    make_attachment(draft).preview = put("preview")
    session().commit()

    delete_with_dependants(Entry, [draft.id])
    session().commit()
    run_due_jobs()
    bind_tenant(session(), tenant.first.id)

    assert held() == set()
