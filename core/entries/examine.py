"""A file looked into as a whole, before any transaction begins: hash, kind, pages, and what the virus scanner says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import IO

import structlog
from flask_babel import gettext as _

from core.contests.values import EditionView
from core.entries.errors import FileRefused
from core.entries.sniff import Sniffed, sniff
from core.entries.states import Scan
from core.kernel.antivirus import ScannerUnavailable, scanner
from core.kernel.files import digest_of
from core.plugin_api import FieldKind, FormField

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Examined:
    """A file that may go into a dossier under `field`; `scan` is WAITING when no scanner could be asked."""

    field: FormField
    sniffed: Sniffed
    sha256: str
    scan: Scan


def examine(field: FormField, filename: str, stream: IO[bytes]) -> Examined:
    """`stream` (rewound after) as a file for `field`; reads it and nothing else, so it holds no lock.

    Raises FileRefused for what is not taken. A scanner that does not answer refuses nothing: the file is kept, cannot
    be opened by anybody, and is looked at again by a job.
    """
    digest, size = digest_of(stream)
    sniffed = sniff(field, filename, stream, size)
    return Examined(field, sniffed, digest, _scanned(field, sniffed, stream, digest))


def file_field(edition: EditionView, key: str) -> FormField:
    """The form field `key` that takes files; raises FileRefused when there is none."""
    field = edition.rules.form_field(key)
    if field is None or field.kind is not FieldKind.FILES:
        raise FileRefused(key, _("Mục này không nhận tệp."))
    return field


def _scanned(field: FormField, sniffed: Sniffed, stream: IO[bytes], digest: str) -> Scan:
    asked = scanner()
    if asked is None:
        return Scan.CLEAN
    try:
        verdict = asked.scan(stream)
    except ScannerUnavailable as error:
        log.error("file_not_scanned", sha256=digest, error=str(error))
        return Scan.WAITING
    if verdict.is_clean:
        return Scan.CLEAN
    log.warning("file_infected", sha256=digest, found=verdict.found)
    raise FileRefused(
        field.key,
        _(
            "Tệp “%(name)s” có mã độc (%(found)s) nên không được nhận. Bạn hãy quét vi-rút trên máy của mình rồi tạo "
            "lại tệp.",
            name=sniffed.name,
            found=verdict.found,
        ),
    )
