"""What an entrant has to do about paper: print, sign and send it. Registered when it is imported."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _

from core.contests.values import EditionView, PhaseKind
from core.entries.deadlines import ends_by
from core.entries.models import Entry
from core.entries.paperwork import DESCRIPTION, expected_papers, wants_paper
from core.entries.rights import Right
from core.entries.states import State
from core.entries.todo import Mine, Part, Todo, todo_of
from core.intake.queries import arrived_of, keyed_in
from core.intake.values import Reconciled, Standing, reconcile
from core.kernel.i18n import locale
from core.letters.post import bound_tenant
from core.tenancy.profile import tenant_view

_SENT = frozenset((State.SUBMITTED, State.ACCEPTED))


@todo_of
def papers_to_send(mine: Mine) -> Iterable[Todo]:
    """Tell of each dossier that was handed in and has not come on paper yet, where paper is wanted. Two queries."""
    waiting = [entry for entry in mine.entries if _is_waited_for(mine, entry)]
    if not waiting:
        return
    ids = [entry.id for entry in waiting]
    came, from_paper = arrived_of(ids), keyed_in(ids)
    agency = tenant_view(bound_tenant()).agency.in_(locale())
    for entry in waiting:
        edition = mine.edition(entry)
        titles = {one.key: one.title.in_(locale()) for one in expected_papers(edition)}
        held = reconcile(list(titles), entry.version, came[entry.id])
        if held.standing is Standing.COMPLETE or entry.id in from_paper:
            continue
        yield Todo(
            _("In, ký và gửi bản giấy của “%(title)s”", title=entry.title),
            url_for("entries.show", ref=entry.ref, _anchor="giay-to"),
            _note(held, titles, agency),
            _due(entry, edition),
            tuple(_parts(entry, held, titles)),
        )


def _is_waited_for(mine: Mine, entry: Entry) -> bool:
    """Whether the paper of a dossier can still be sent, by the reader: as long as the dossiers are looked at."""
    right, edition = mine.rights.get(entry.id), mine.edition(entry)
    if State(entry.state) not in _SENT or not (right is None or right.covers(Right.EDIT)):
        return False
    if not wants_paper(edition):
        return False
    screening, due = edition.phase(PhaseKind.SCREENING), _due(entry, edition)
    ends = [at for at in (due, screening.closes_at if screening else None) if at is not None]
    return not ends or edition.now() < max(ends)


def _due(entry: Entry, edition: EditionView) -> datetime | None:
    return ends_by(entry, edition, None)


def _note(held: Reconciled, titles: Mapping[str, str], agency: str) -> str:
    """Where it goes, and what goes along that is not printed from here."""
    said = {
        Standing.OUTDATED: _(
            "Nơi nhận mới có bản giấy của lần nộp trước. Gửi bản của lần nộp này đến %(agency)s.",
            agency=agency,
        ),
        Standing.PARTIAL: _("Nơi nhận đã có một phần. Gửi nốt đến %(agency)s.", agency=agency),
    }.get(
        held.standing,
        _("Xin xác nhận và đóng dấu ở chỗ yêu cầu, rồi gửi đến %(agency)s.", agency=agency),
    )
    along = [titles[key] for key in held.missing if not _paper_key(key)]
    if not along:
        return str(said)
    more = _("Gửi kèm: %(papers)s.", papers="; ".join(along))
    return f"{said} {more}"


def _parts(entry: Entry, held: Reconciled, titles: Mapping[str, str]) -> Iterable[Part]:
    """What is missing and printed from here, and the cover sheet that goes on top."""
    for key in held.missing:
        paper = _paper_key(key)
        if paper:
            yield Part(titles[key], url_for("entry_papers.own", ref=entry.ref, key=paper, kind="pdf"))
    cover = url_for("entry_papers.cover", ref=entry.ref, number=entry.version, kind="pdf")
    yield Part(_("Phiếu gửi bản giấy, đặt trên cùng"), cover)


def _paper_key(key: str) -> str:
    """By which name a paper is printed from the dossier; "" for what the entrant has elsewhere."""
    return key if key == DESCRIPTION else key.removeprefix("giay.") if key.startswith("giay.") else ""
