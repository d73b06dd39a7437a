"""The documents of the plugins that ship: every name in them is known, in both languages."""

from __future__ import annotations

import pytest

from core.extensions.documents import names_in
from core.plugin_api import DOCUMENT_FIELDS, Document, Edition
from core.plugin_host import rules_for
from tests.unit.plugins.editions import all_editions

PAPERS = [(edition, document) for edition in all_editions() for document in rules_for(edition).documents()]


def named(value: object) -> str:
    """How a case is called."""
    return value.tenant + value.key if isinstance(value, Edition) else getattr(value, "key", "")


@pytest.mark.parametrize("edition", all_editions(), ids=named)
def test_each_contest_has_the_registration_form_of_a_dossier(edition: Edition) -> None:
    assert [one.key for one in rules_for(edition).documents() if one.per_entry] == ["phieu-dang-ky"]


@pytest.mark.parametrize(("edition", "document"), PAPERS, ids=named)
def test_every_name_is_of_the_entry_or_a_question_of_the_form(edition: Edition, document: Document) -> None:
    questions = {
        f"answer.{one.key}" for section in rules_for(edition).dossier_form() for one in section.fields
    }

    assert names_in(document) <= {*DOCUMENT_FIELDS, *questions}


@pytest.mark.parametrize(("edition", "document"), PAPERS, ids=named)
def test_both_languages_ask_for_the_same_and_the_clause_stands(edition: Edition, document: Document) -> None:
    vietnamese, english = (
        Document("mot", document.title, type(document.body)(words))
        for words in (document.body.vi, document.body.en)
    )

    assert names_in(vietnamese) == names_in(english)
    assert rules_for(edition).clause(document.clause) is not None
