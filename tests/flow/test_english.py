"""Who chose English reads English: no source sentence of the catalogue is left on the pages of strangers."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

from babel.messages.pofile import read_po
from flask import Flask

from tests.support.app import client_of
from tests.support.publishing import synced

__all__ = ["synced"]

ENGLISH = Path(__file__).parents[2] / "core/translations/en/LC_MESSAGES/messages.po"
PAGES = (
    "/",
    "/the-le",
    "/bai-du-thi",
    "/binh-chon",
    "/ket-qua",
    "/xac-minh",
    "/tin-tuc",
    "/tai-lieu",
    "/api/docs",
    "/tai-khoan/dang-nhap",
    "/tai-khoan/dang-ky",
    "/khong-co-trang-nay",
)


def vietnamese_words() -> set[str]:
    """The source sentences, without those that are words of English too, such as a plugin's, and the name of the
    language, which the link to it bears.
    """
    with ENGLISH.open("rb") as text:
        messages = [one for one in read_po(text, locale="en") if one.id and isinstance(one.id, str)]
    return {str(one.id).strip() for one in messages if not str(one.id).isascii()} - {"Tiếng Việt"}


def texts_of(page: str) -> set[str]:
    """What a reader sees or hears: the text between the tags and the names in the attributes."""
    shown = re.sub(r"<(script|style)\b.*?</\1>", "", page, flags=re.DOTALL)
    spoken = re.findall(r'(?:aria-label|alt|placeholder)="([^"]*)"', shown)
    return {re.sub(r"\s+", " ", unescape(one)).strip() for one in (*re.split(r"<[^>]+>", shown), *spoken)}


def test_public_pages_in_english_keep_no_vietnamese_sentence_of_ours(synced: Flask) -> None:
    client = client_of(synced, "thainguyen")
    client.set_cookie("lang", "en", domain="thainguyen.localhost")
    source = vietnamese_words()

    left = {path: sorted(texts_of(client.get(path).text) & source) for path in PAGES}

    assert left == {path: [] for path in PAGES}
