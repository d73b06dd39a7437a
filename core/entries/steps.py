"""The steps of the dossier form as its pages show them: what is done, what is missing, which comes next."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from core.contests.values import EditionView
from core.entries.forms import AUTHORS, GENERAL, questions
from core.entries.models import Entry
from core.entries.pages import FindingRow, finding_rows, step_of
from core.kernel.errors import NotFound
from core.kernel.i18n import locale
from core.plugin_api import Finding, FormSection, Severity


@dataclass(frozen=True, slots=True)
class Step:
    """One step: `missing` are the findings that block in it; `section` the plugins' questions, None for the core's."""

    key: str
    label: str
    href: str
    missing: tuple[FindingRow, ...]
    section: FormSection | None

    @property
    def is_done(self) -> bool:
        """Whether nothing in it stands against handing in."""
        return not self.missing


@dataclass(frozen=True, slots=True)
class Way:
    """All steps of a dossier; `done` of `required` things are there, `other` are findings that no step asks for."""

    steps: tuple[Step, ...]
    other: tuple[FindingRow, ...]
    done: int
    required: int
    check_href: str

    @property
    def missing(self) -> int:
        """How many things stand against handing in."""
        return sum(len(one.missing) for one in self.steps) + len(self.other)

    @property
    def first_unfinished(self) -> Step | None:
        """The first step in which something is missing."""
        return next((one for one in self.steps if one.missing), None)

    def step(self, key: str) -> Step:
        """The step `key`; raises NotFound."""
        found = next((one for one in self.steps if one.key == key), None)
        if found is None:
            raise NotFound(_("Hồ sơ không có phần này."))
        return found

    def after(self, step: Step) -> Step | None:
        """The step after `step`; None after the last."""
        at = self._place(step) + 1
        return self.steps[at] if at < len(self.steps) else None

    def before(self, step: Step) -> Step | None:
        """The step before `step`; None before the first."""
        at = self._place(step)
        return self.steps[at - 1] if at else None

    def _place(self, step: Step) -> int:
        return [one.key for one in self.steps].index(step.key)

    def rail(self, now: Step | None = None) -> list[dict[str, Any]]:
        """The steps for `ui.steps`, the check last."""
        rail: list[dict[str, Any]] = [
            {
                "label": one.label,
                "href": one.href,
                "state": "now" if now and one.key == now.key else "done" if one.is_done else "next",
            }
            for one in self.steps
        ]
        return [*rail, {"label": _("Kiểm tra và nộp"), "href": self.check_href, "state": "next"}]


def way_of(entry: Entry, edition: EditionView, findings: Iterable[Finding]) -> Way:
    """The steps of a dossier with what `findings` (those of `services.check`) say is missing in each."""
    blocking = [one for one in findings if one.severity is Severity.BLOCK]
    missing: dict[str | None, list[FindingRow]] = defaultdict(list)
    for one in blocking:
        missing[step_of(edition, one.field)] += finding_rows(entry, edition, [one])
    made = [
        _step(entry, GENERAL, _("Thông tin chung"), missing, None),
        _step(entry, AUTHORS, _("Tác giả"), missing, None),
        *(
            _step(entry, one.key, one.title.in_(locale()), missing, one)
            for one in edition.rules.dossier_form()
        ),
    ]
    asked = {"title", "authors"} | {one.key for one in questions(edition) if one.required}
    asked |= {"field"} if edition.rules.entry_fields() else set()
    lacking = {one.field for one in blocking}
    required = asked | {one for one in lacking if one}
    return Way(
        steps=tuple(made),
        other=tuple(missing.get(None, ())),
        done=len(required - lacking),
        required=len(required),
        check_href=url_for("entries.check_page", ref=entry.ref),
    )


def _step(
    entry: Entry,
    key: str,
    label: str,
    missing: dict[str | None, list[FindingRow]],
    section: FormSection | None,
) -> Step:
    href = (
        url_for("entry_authors.page", ref=entry.ref)
        if key == AUTHORS
        else url_for("entries.edit_step", ref=entry.ref, step=key)
    )
    return Step(key, label, href, tuple(missing.get(key, ())), section)
