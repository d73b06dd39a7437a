"""Whose wording holds: the committee's newest, else the tenant's folder, else the platform's own."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import structlog
from flask import current_app
from sqlalchemy import select

from core.kernel.db import session
from core.letters.catalogue import KINDS, LANGUAGES, LetterKind
from core.letters.models import LetterText
from core.letters.texts import LetterWords, faults, read_words

FOLDER = Path(__file__).parent / "texts"
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Wording:
    """A text that holds: from the "office", the tenant's "folder" or the "platform"; `number` of the office's."""

    words: LetterWords
    source: str
    number: int = 0


def wording(kind: LetterKind, language: str, tenant: str) -> Wording:
    """The wording of a letter that holds now for the bound tenant, whose slug is `tenant`. One query."""
    newest = newest_version(kind.key, language)
    if newest is not None and newest.text:
        return Wording(read_words(newest.text), "office", newest.number)
    return default_wording(kind, language, tenant, number=0 if newest is None else newest.number)


def default_wording(kind: LetterKind, language: str, tenant: str, *, number: int = 0) -> Wording:
    """The wording without the committee's: the tenant's folder's where it has a good one, else the platform's."""
    file = _tenant_folder(tenant) / f"{kind.key}.{language}.md"
    words = _read(file, _changed(file)) if file.is_file() else None
    if words is not None and not faults(kind, words):
        return Wording(words, "folder", number)
    if words is not None:
        log.warning("letter_of_tenant_refused", tenant=tenant, letter=kind.key, language=language)
    own = FOLDER / f"{kind.key}.{language}.md"
    return Wording(_read(own, 0), "platform", number)


def newest_version(key: str, language: str) -> LetterText | None:
    """The committee's newest version of a wording. One query."""
    return next(iter(versions(key, language, limit=1)), None)


def versions(key: str, language: str, limit: int = 50) -> list[LetterText]:
    """The committee's versions of a wording, newest first. One query."""
    ask = select(LetterText).where(LetterText.key == key, LetterText.language == language)
    return list(session().scalars(ask.order_by(LetterText.number.desc()).limit(limit)))


def worded_by_office() -> set[tuple[str, str]]:
    """The letters (key, language) of which the committee's own wording holds. One query."""
    ask = select(LetterText.key, LetterText.language, LetterText.text != "").order_by(LetterText.number)
    newest = {(row[0], row[1]): bool(row[2]) for row in session().execute(ask)}
    return {place for place, has_words in newest.items() if has_words}


def folder_problems(folder: Path) -> list[str]:
    """What is wrong in a tenant's folder `letters/`, a Vietnamese sentence each; empty when there is none."""
    known = {f"{kind.key}.{language}.md": kind for kind in KINDS for language in LANGUAGES}
    found = []
    for file in sorted(folder.glob("*")) if folder.is_dir() else ():
        kind = known.get(file.name)
        if kind is None:
            found.append(f"letters/{file.name}: không có thư nào tên như vậy.")
            continue
        try:
            words = read_words(file.read_text(encoding="utf-8"))
        except UnicodeDecodeError:
            found.append(f"letters/{file.name}: không đọc được; tệp phải là chữ UTF-8.")
            continue
        found += [f"letters/{file.name}: {fault.vi}" for fault in faults(kind, words)]
    return found


def _tenant_folder(tenant: str) -> Path:
    tenants: Path = current_app.config["BANGVANG"].tenants
    return tenants / tenant / "letters"


def _changed(file: Path) -> int:
    return file.stat().st_mtime_ns


@lru_cache(maxsize=512)
def _read(file: Path, changed: int) -> LetterWords:
    return read_words(file.read_text(encoding="utf-8", errors="replace"))
