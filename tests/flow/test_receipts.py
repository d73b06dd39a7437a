"""The entrant's receipts as papers, through the browser's eyes."""

from __future__ import annotations

import io
import re

from flask import Flask
from pypdf import PdfReader

from core.entries.services import submit
from core.kernel.db import session, tenant_scope
from core.kernel.mail import mailbox
from tests.support.app import client_of
from tests.support.entries import account, complete_draft
from tests.support.factories import NOW, World, actor_of, view
from tests.support.people import sign_in


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
