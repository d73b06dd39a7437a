"""The entrant's pages of versions: what was handed in at each time, and what changed from one to the next."""

from __future__ import annotations

from typing import Any

from flask import Response, redirect, render_template, url_for
from flask_babel import gettext as _

from core.contests.current import edition_of
from core.entries.area import blueprint
from core.entries.comparison import compared, file_in, people_in, said_in
from core.entries.content import snapshot_of
from core.entries.downloads import sent_file
from core.entries.models import Entry
from core.entries.policies import access_entry, may_edit
from core.entries.queries import unsent_of, version_of
from core.entries.words import field_name
from core.kernel.web import Access, allows, current_actor, now

__all__ = ["blueprint"]


@blueprint.get("/<ref>/ban/<int:number>")
@allows(Access.ACCOUNT)
def version(ref: str, number: int) -> str:
    """One version as it was handed in, with its files."""
    entry = access_entry(current_actor(), ref)
    edition = edition_of(entry.edition_id)
    found = version_of(entry, number)
    return render_template(
        "entries/version.html",
        entry=entry,
        version=found,
        way=_way(entry),
        groups=said_in(found, edition),
        people=people_in(found),
        field_name=field_name(edition, found.snapshot.get("field")),
        file_endpoint="entries.version_file",
        names={"ref": ref},
    )


@blueprint.get("/<ref>/ban/<int:number>/tep/<sha256>")
@allows(Access.ACCOUNT)
def version_file(ref: str, number: int, sha256: str) -> Response:
    """A file that was handed in with a version, also when the dossier no longer has it."""
    found = file_in(version_of(access_entry(current_actor(), ref), number), sha256)
    return sent_file(found["sha256"], found["name"], found["media_type"], found["size"])


@blueprint.get("/<ref>/ban/<int:older>/<int:newer>")
@allows(Access.ACCOUNT)
def compare(ref: str, older: int, newer: int) -> str:
    """What changed between two versions."""
    entry = access_entry(current_actor(), ref)
    edition = edition_of(entry.edition_id)
    first, second = (version_of(entry, number) for number in sorted((older, newer)))
    return render_template(
        "entries/compare.html",
        entry=entry,
        way=_way(entry),
        heads=(_("Lần nộp %(number)s", number=first.number), _("Lần nộp %(number)s", number=second.number)),
        instants=(first.at, second.at),
        found=compared(first.snapshot, second.snapshot, edition),
    )


@blueprint.get("/<ref>/ban/<int:older>/nhap")
@allows(Access.ACCOUNT)
def compare_draft(ref: str, older: int) -> Any:
    """What was changed since a version, while the dossier is open for writing."""
    entry = access_entry(current_actor(), ref)
    if not may_edit(current_actor(), entry):
        return redirect(url_for("entries.show", ref=ref), 303)
    edition = edition_of(entry.edition_id)
    first = version_of(entry, older)
    draft = snapshot_of(entry, edition, number=entry.version + 1, at=now().isoformat())
    return render_template(
        "entries/compare.html",
        entry=entry,
        way=_way(entry),
        heads=(_("Lần nộp %(number)s", number=first.number), _("Bản đang sửa, chưa nộp")),
        instants=(first.at, entry.updated_at),
        found=compared(first.snapshot, draft, edition),
    )


@blueprint.get("/<ref>/ban/<int:older>/chua-nop")
@allows(Access.ACCOUNT)
def compare_unsent(ref: str, older: int) -> Any:
    """What had been changed since a version and was not handed in."""
    entry = access_entry(current_actor(), ref)
    edition = edition_of(entry.edition_id)
    first = version_of(entry, older)
    unsent = next((one for one in unsent_of(entry) if one.number == older), None)
    if unsent is None:
        return redirect(url_for("entries.version", ref=ref, number=older), 303)
    return render_template(
        "entries/compare.html",
        entry=entry,
        way=_way(entry),
        heads=(_("Lần nộp %(number)s", number=first.number), _("Bản sửa không được nộp")),
        instants=(first.at, unsent.at),
        found=compared(first.snapshot, unsent.snapshot, edition),
    )


def _way(entry: Entry) -> list[tuple[str, str]]:
    return [
        (_("Hồ sơ của tôi"), url_for("entries.index")),
        (entry.code or _("Bản nháp"), url_for("entries.show", ref=entry.ref)),
    ]
