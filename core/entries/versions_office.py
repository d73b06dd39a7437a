"""The committee's pages of versions: what an entrant handed in at each time, and what changed."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, url_for
from flask_babel import gettext as _

from core.contests.current import edition_of
from core.entries.comparison import compared, file_in, people_in, said_in
from core.entries.downloads import sent_file
from core.entries.models import Entry
from core.entries.policies import access_entry_office
from core.entries.queries import version_of
from core.entries.words import field_name
from core.kernel.web import Access, allows, current_actor

blueprint = Blueprint("entries_versions", __name__, url_prefix="/btc/ho-so")


@blueprint.get("/<name>/ban/<int:number>")
@allows(Access.COMMITTEE)
def version(name: str, number: int) -> str:
    """One version as it was handed in, with its files."""
    entry = access_entry_office(current_actor(), name)
    edition = edition_of(entry.edition_id)
    found = version_of(entry, number)
    return render_template(
        "entries_office/version.html",
        entry=entry,
        version=found,
        way=_way(entry),
        groups=said_in(found, edition),
        people=people_in(found),
        field_name=field_name(edition, found.snapshot.get("field")),
        file_endpoint="entries_versions.version_file",
        names={"name": name},
    )


@blueprint.get("/<name>/ban/<int:number>/tep/<sha256>")
@allows(Access.COMMITTEE)
def version_file(name: str, number: int, sha256: str) -> Response:
    """A file that was handed in with a version, also when the dossier no longer has it."""
    found = file_in(version_of(access_entry_office(current_actor(), name), number), sha256)
    return sent_file(found["sha256"], found["name"], found["media_type"], found["size"])


@blueprint.get("/<name>/ban/<int:older>/<int:newer>")
@allows(Access.COMMITTEE)
def compare(name: str, older: int, newer: int) -> str:
    """What changed between two versions."""
    entry = access_entry_office(current_actor(), name)
    edition = edition_of(entry.edition_id)
    first, second = (version_of(entry, number) for number in sorted((older, newer)))
    return render_template(
        "entries_office/compare.html",
        entry=entry,
        way=_way(entry),
        heads=(_("Lần nộp %(number)s", number=first.number), _("Lần nộp %(number)s", number=second.number)),
        instants=(first.at, second.at),
        found=compared(first.snapshot, second.snapshot, edition),
    )


def _way(entry: Entry) -> list[tuple[str, str]]:
    return [
        (_("Hồ sơ dự thi"), url_for("entries_office.index")),
        (entry.code or "", url_for("entries_office.detail", name=entry.code)),
    ]
