"""The entrant's receipts as papers, through the browser's eyes."""

from __future__ import annotations

import io
import re

import pytest
from flask import Flask
from pypdf import PdfReader

from core.entries.services import confirm_by_link, set_right, submit
from core.entries.services.author_rows import terms_of
from core.kernel.db import session, tenant_scope
from core.kernel.jobs import run_due_jobs
from core.kernel.mail import mailbox
from tests.support.app import client_of
from tests.support.authors import INVITED, co_author, invited_author
from tests.support.entries import account, complete_draft
from tests.support.factories import NOW, World, actor_of, view
from tests.support.people import last_letter, sign_in


def handed_in(world: World) -> tuple[str, str, str]:
    """Ref, receipt and hash of a dossier that was handed in."""
    with world.app.app_context(), tenant_scope(world.first.id):
        edition, owner = view(world.first), account()
        entry = complete_draft(edition, owner)
        receipt = submit(entry, edition, actor=actor_of(owner), now=NOW)
        session().commit()
        return entry.ref, receipt.receipt, receipt.sha256


def test_the_receipt_is_a_paper_with_codes_authors_and_files(app: Flask, world: World) -> None:
    ref, receipt, sha256 = handed_in(world)
    entrant = client_of(app, "motmot")
    sign_in(entrant, "tacgia@example.vn")

    answer = entrant.get(f"/du-thi/{ref}/bien-nhan/1.pdf")

    words = " ".join(
        page.extract_text().replace("\u200b", "") for page in PdfReader(io.BytesIO(answer.data)).pages
    )
    joined = re.sub(r"\s+", " ", words)
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert answer.headers["Cache-Control"] == "private, no-store"
    for said in (receipt, "TT-K1-0001", "Nguyễn Văn Thử", "Tác giả chính", "ban-mo-ta.pdf", "10:00:00"):
        assert said in joined
    assert sha256 in joined.replace(" ", "")


def test_another_person_finds_no_receipt(app: Flask, world: World) -> None:
    ref, _receipt, _sha256 = handed_in(world)
    other = client_of(app, "motmot")
    sign_in(other, "cutri@example.vn")

    assert other.get(f"/du-thi/{ref}/bien-nhan/1.pdf").status_code == 404


def test_a_receipt_that_was_never_given_is_not_found(app: Flask, world: World) -> None:
    ref, _receipt, _sha256 = handed_in(world)
    entrant = client_of(app, "motmot")
    sign_in(entrant, "tacgia@example.vn")

    assert entrant.get(f"/du-thi/{ref}/bien-nhan/2.pdf").status_code == 404


def test_the_letter_leads_to_the_paper(app: Flask, world: World) -> None:
    ref, _receipt, _sha256 = handed_in(world)

    with app.app_context(), tenant_scope(world.first.id):
        assert f"/du-thi/{ref}/bien-nhan/1.pdf" in mailbox()[0].body


def links_to(world: World, email: str) -> list[str]:
    """The addresses in the newest letter to somebody, without their host."""
    with world.app.app_context(), tenant_scope(world.first.id):
        return re.findall(r"https?://[^/\s]+(/\S*)", last_letter(email).body)


def answers(app: Flask, email: str, paths: list[str]) -> list[int]:
    """What each address answers this reader."""
    client = client_of(app, "motmot")
    sign_in(client, email)
    return [client.get(path).status_code for path in paths]


def test_each_link_of_the_owners_letter_answers_the_owner(app: Flask, world: World) -> None:
    ref, _receipt, _sha256 = handed_in(world)

    paths = links_to(world, "tacgia@example.vn")

    assert paths == [f"/du-thi/{ref}/bien-nhan/1.pdf", f"/du-thi/{ref}"]
    assert answers(app, "tacgia@example.vn", paths) == [200, 200]


@pytest.mark.parametrize("may_view", [True, False])
def test_each_link_of_an_authors_letter_answers_that_author(app: Flask, world: World, may_view: bool) -> None:
    with world.app.app_context(), tenant_scope(world.first.id):
        edition, owner, reader = view(world.first), account(), co_author()
        entry = complete_draft(edition, owner)
        author, token = invited_author(entry, edition, actor_of(owner))
        confirm_by_link(token, seen=terms_of(author), actor=actor_of(reader), now=NOW)
        if not may_view:
            set_right(entry, reader.id, None, actor=actor_of(owner), now=NOW)
        receipt = submit(entry, edition, actor=actor_of(owner), now=NOW)
        session().commit()
        ref = entry.ref
    with world.app.app_context():
        run_due_jobs()

    paths = links_to(world, INVITED)

    assert paths == ([f"/du-thi/{ref}"] if may_view else [f"/xac-minh?ma={receipt.receipt}"])
    assert answers(app, INVITED, paths) == [200]
