"""Whose wording holds, and in which language a letter goes out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from core.kernel.audit import records
from core.kernel.db import session, tenant_scope
from core.kernel.errors import Forbidden, Invalid
from core.kernel.mail import mailbox
from core.letters.catalogue import known_letter
from core.letters.post import Reader, send_letter
from core.letters.services import reset_wording, save_wording
from core.letters.texts import LetterWords
from core.letters.wording import versions, wording
from tests.support.entries import account
from tests.support.factories import NOW, World, actor_of

KIND = known_letter("entry-accepted")
OWN = LetterWords("Chúc mừng: {ma_ho_so}", "Chào {nguoi_nhan}.\n\n{dia_chi}")
VALUES = {"ma_ho_so": "TT-K1-0001", "dia_chi": "http://motmot.localhost/du-thi/X"}


@pytest.fixture
def office(world: World) -> Iterator[World]:
    """The first tenant, bound for the whole test."""
    with world.app.app_context(), tenant_scope(world.first.id):
        yield world


def test_the_committees_wording_is_sent_and_can_be_taken_back(office: World) -> None:
    actor = actor_of(account("btc@example.vn"))
    save_wording(KIND, "vi", OWN, actor=actor, now=NOW)
    again = save_wording(KIND, "vi", OWN, actor=actor, now=NOW)
    send_letter(KIND.key, Reader("a@example.vn", "Hoa"), VALUES, about="TT-K1-0001", now=NOW)
    (mail,) = mailbox()
    reset_wording(KIND, "vi", actor=actor, now=NOW)
    back = wording(KIND, "vi", "motmot")
    session().flush()
    assert again is None
    assert (mail.subject, mail.body) == (
        "Chúc mừng: TT-K1-0001",
        "Chào Hoa.\n\nhttp://motmot.localhost/du-thi/X\n",
    )
    assert (mail.kind, mail.about, mail.is_open, mail.language) == (
        "entry-accepted",
        "TT-K1-0001",
        True,
        "vi",
    )
    assert '<a href="http://motmot.localhost/du-thi/X">' in (mail.html or "")
    assert (back.source, back.number) == ("platform", 2)
    assert [(one.number, bool(one.text)) for one in versions(KIND.key, "vi")] == [(2, False), (1, True)]
    assert [one.action for one in records(subject=KIND.key)] == ["letter.text_changed", "letter.text_reset"]


def test_another_tenant_keeps_its_own_wording(office: World) -> None:
    save_wording(KIND, "vi", OWN, actor=actor_of(account("btc@example.vn")), now=NOW)
    session().commit()
    with tenant_scope(office.second.id):
        assert wording(KIND, "vi", "haihai").source == "platform"


def test_a_wording_with_an_unknown_place_is_refused_and_nothing_is_kept(office: World) -> None:
    wrong = LetterWords("Chúc mừng {ten}", "{dia_chi}")
    with pytest.raises(Invalid) as refused:
        save_wording(KIND, "vi", wrong, actor=actor_of(account("btc@example.vn")), now=NOW)
    assert list(refused.value.errors) == ["subject"]
    assert versions(KIND.key, "vi") == []


def test_only_the_committee_words_letters(office: World) -> None:
    with pytest.raises(Forbidden):
        save_wording(KIND, "vi", OWN, actor=actor_of(account("tacgia@example.vn")), now=NOW)


def test_a_letter_goes_out_in_its_readers_language(office: World) -> None:
    send_letter(KIND.key, Reader("a@example.vn", "Hoa", "en"), VALUES, now=NOW)
    (mail,) = mailbox()
    assert (mail.language, mail.sender_name, mail.subject) == (
        "en",
        "Test motmot",
        "Dossier TT-K1-0001 has been accepted",
    )
    assert 'lang="en"' in (mail.html or "")


def test_the_tenants_folder_stands_between_office_and_platform(office: World, tmp_path: Path) -> None:
    folder = tmp_path / "motmot" / "letters"
    folder.mkdir(parents=True)
    (folder / "entry-accepted.vi.md").write_text(OWN.source, encoding="utf-8")
    (folder / "entry-refused.vi.md").write_text("# {sai}\n\nx\n", encoding="utf-8")
    config = office.app.config["BANGVANG"]
    office.app.config["BANGVANG"] = replace(config, tenants=tmp_path)
    assert wording(KIND, "vi", "motmot").words == OWN
    assert wording(KIND, "vi", "motmot").source == "folder"
    assert wording(known_letter("entry-refused"), "vi", "motmot").source == "platform"
