"""News that write themselves: what every visitor has to know at once."""

from __future__ import annotations

from core.contests.values import EditionView
from core.entries.events import SubmissionProlonged
from core.kernel.clock import local
from core.kernel.events import listens_to
from core.kernel.formats import deadline, deadline_long
from core.publishing.content import NewsDraft, save_news


@listens_to(SubmissionProlonged)
def announce_extension(event: SubmissionProlonged) -> None:
    """A news item that tells of the new end of handing in, the old one and the reason; the committee may edit it."""
    draft = NewsDraft(
        title={
            "vi": f"Gia hạn nhận hồ sơ đến {deadline(event.until, 'vi')}",
            "en": f"Dossiers are taken in until {deadline(event.until, 'en')}",
        },
        body={"vi": _vietnamese(event.edition, event), "en": _english(event.edition, event)},
        on=local(event.now).date(),
        is_hidden=False,
    )
    save_news(None, draft, edition=event.edition.key, actor=event.actor, now=event.now)


def _vietnamese(edition: EditionView, event: SubmissionProlonged) -> str:
    return (
        f"{edition.rules.terms().committee.vi} {edition.name.vi} gia hạn nhận hồ sơ đến "
        f"**{deadline_long(event.until, 'vi')}** (trước đây: {deadline(event.ended, 'vi')}).\n\n"
        f"Lý do: {event.reason}\n\nHồ sơ đã lưu nháp vẫn còn nguyên; lưu chưa phải là nộp."
    )


def _english(edition: EditionView, event: SubmissionProlonged) -> str:
    return (
        f"The {edition.rules.terms().committee.in_('en')} of {edition.name.in_('en')} takes dossiers in until "
        f"**{deadline_long(event.until, 'en')}** (before: {deadline(event.ended, 'en')}).\n\n"
        f"Reason: {event.reason}\n\nSaved drafts are still there; saving is not handing in."
    )
