"""Entrants and the secretariat at work: drafts, files, handing in, screening, the gallery."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Any

from core.contests.policies import PhaseClosed
from core.contests.values import PhaseKind
from core.entries.models import Entry
from core.entries.services import (
    accept,
    attach,
    equal_shares,
    publish,
    refuse,
    return_,
    save_draft,
    start_draft,
    submit,
)
from core.entries.services import withdraw as withdraw_entry
from core.kernel.actor import Actor
from core.kernel.clock import local
from core.plugin_api import FieldKind
from core.rehearsal.agenda import Deed, NotRefused
from core.rehearsal.content import (
    THEMES,
    SampleEntry,
    birth_year,
    refusal_reason,
    return_reason,
    sample_pdf,
    titles,
    workplaces,
)
from core.rehearsal.content_answers import form_answers
from core.rehearsal.guardians import let_guardians_agree
from core.rehearsal.plan import SECOND, EntryPlan, Outcome, stream
from core.rehearsal.stage import Stage, picture_of_theme, sheet_of_theme

OWN_DOCUMENTS = 3
PICTURES = 3
EARLY = "Hồ sơ nộp sớm, thành phần đầy đủ nên được kiểm tra trước để tác giả kịp bổ sung nếu cần."
LEFT = "Tác giả đề nghị rút vì công trình đã được gửi dự một cuộc thi khác."
APPLIED = ("da_trien_khai", "da_ap_dung")


def dossier_deeds(stage: Stage) -> Iterator[Deed]:
    """Everything that happens to the planned dossiers, from the first draft to the gallery."""
    for plan, sample in zip(stage.entries, _samples(stage), strict=True):
        yield Deed(plan.started_at, 10, partial(_start, stage, plan, sample))
        if plan.submitted_at is not None:
            yield Deed(plan.submitted_at, 11, partial(_submit, stage, plan))
        if plan.screened_at is not None:
            yield Deed(plan.screened_at, 12, partial(_screen, stage, plan))
        if plan.completed_at is not None and plan.rechecked_at is not None:
            yield Deed(plan.completed_at, 13, partial(_complete, stage, plan, sample))
            yield Deed(plan.rechecked_at, 14, partial(_accept, stage, plan))
        if plan.published_at is not None:
            yield Deed(plan.published_at, 20 + plan.index, partial(_publish, stage, plan))
        if plan.withdrawn_at is not None:
            yield Deed(plan.withdrawn_at, 15, partial(_withdraw, stage, plan))


def late_deed(stage: Stage) -> Iterator[Deed]:
    """The draft that nobody handed in is handed in one second too late, and is refused."""
    phase = stage.edition.phase(PhaseKind.SUBMISSION)
    late = next((one for one in stage.entries if one.outcome is Outcome.DRAFT), None)
    if phase is not None and late is not None:
        yield Deed(phase.closes_at, 16, partial(_too_late, stage, late))
        yield Deed(phase.closes_at + SECOND, 16, partial(_too_late, stage, late))


def _samples(stage: Stage) -> list[SampleEntry]:
    fields = [one.key for one in stage.edition.rules.entry_fields()]
    drawn = titles(stream(stage.size.seed, "titles"), len(stage.entries) + len(stage.taken), fields)
    return [one for one in drawn if one.title not in stage.taken][: len(stage.entries)]


def _start(stage: Stage, plan: EntryPlan, sample: SampleEntry, now: datetime) -> None:
    owner = stage.person("entrant", plan.owner, now)
    token = hashlib.sha256(f"{stage.slug}/{stage.edition.key}/{stage.size.seed}/{plan.index}".encode())
    entry = start_draft(
        stage.edition,
        owner=stage.account(owner),
        form_token=token.hexdigest(),
        unit_code=_unit_code(stage, plan),
        actor=owner,
        now=now,
    )
    stage.ids[plan.index] = entry.id
    save_draft(entry, stage.edition, _content(stage, plan, sample, owner, now), actor=owner, now=now)
    _attach_files(stage, plan, sample, entry, owner=owner, now=now)
    stage.counts["drafts"] += 1


def _content(
    stage: Stage, plan: EntryPlan, sample: SampleEntry, owner: Actor, now: datetime
) -> dict[str, Any]:
    rng = stream(stage.size.seed, "dossier", plan.index)
    facts = form_answers(rng, sample, stage.edition.rules.dossier_form(), today=local(now).date())
    if plan.outcome is Outcome.DRAFT:
        # A draft is a draft: the longer half of the answers is not written yet.
        facts = dict(list(facts.items())[: len(facts) // 2])
    return {
        "title": sample.title,
        "field": sample.field,
        "authors": _authors(stage, plan, owner),
        "facts": facts,
    }


def _authors(stage: Stage, plan: EntryPlan, owner: Actor) -> list[dict[str, Any]]:
    rng = stream(stage.size.seed, "authors", plan.index)
    year = stage.edition.years[-1]
    number = rng.choice((0, 0, 1, 1, 2, 3))
    names = [owner.name, *(stage.name("author", 3 * plan.index + step) for step in range(number))]
    place = workplaces(rng, 1)[0]
    parts = equal_shares(len(names)) if stage.edition.rules.author_policy().shares else [None] * len(names)
    return [
        {
            "name": name,
            "role": "chief" if position == 0 else "member",
            "birth_year": birth_year(rng, year),
            "workplace": place,
            "share": None if parts[position] is None else str(parts[position]),
        }
        for position, name in enumerate(names)
    ]


def _unit_code(stage: Stage, plan: EntryPlan) -> str | None:
    if not stage.units:
        return None
    rng = stream(stage.size.seed, "unit", plan.index)
    return stage.units[0].code if plan.index < 3 else rng.choice(stage.units).code


def _attach_files(
    stage: Stage, plan: EntryPlan, sample: SampleEntry, entry: Entry, *, owner: Actor, now: datetime
) -> None:
    for section in stage.edition.rules.dossier_form():
        for asked in section.fields:
            if asked.kind is not FieldKind.FILES:
                continue
            if ".png" in asked.accept and not asked.required:
                if ".pdf" in asked.accept or plan.index % 5 == 4:
                    continue
                variant = plan.index // len(THEMES) % PICTURES
                content, name = picture_of_theme(sample.theme, variant), "hinh-anh.png"
            elif asked.required:
                content, name = _document(plan, sample), "thuyet-minh.pdf"
            else:
                continue
            attach(entry, stage.edition, asked.key, name, io.BytesIO(content), actor=owner, now=now)
            stage.counts["files"] += 1


def _document(plan: EntryPlan, sample: SampleEntry) -> bytes:
    if plan.index >= OWN_DOCUMENTS:
        return sheet_of_theme(sample.theme)
    return sample_pdf(sample.title, [sample.paragraphs["tom_tat"], sample.paragraphs["noi_dung"]])


def _submit(stage: Stage, plan: EntryPlan, now: datetime) -> None:
    owner = stage.person("entrant", plan.owner, now)
    let_guardians_agree(stage.entry(plan.index), stage.edition, actor=owner, now=now)
    receipt = submit(stage.entry(plan.index), stage.edition, actor=owner, now=now)
    stage.codes[plan.index] = receipt.code
    stage.counts["submitted"] += 1


def _screen(stage: Stage, plan: EntryPlan, now: datetime) -> None:
    rng = stream(stage.size.seed, "screening", plan.index)
    officer, entry = stage.committee(now), stage.entry(plan.index)
    if plan.outcome is Outcome.ACCEPTED:
        _accept(stage, plan, now)
    elif plan.outcome is Outcome.COMPLETED:
        return_(entry, stage.edition, reason=return_reason(rng), actor=officer, now=now)
        stage.counts["returned"] += 1
    else:
        refuse(
            entry, stage.edition, reason=refusal_reason(rng), clause=_applied(stage), actor=officer, now=now
        )
        stage.counts["refused"] += 1


def _applied(stage: Stage) -> str:
    """The clause that asks for a work already in use; the first clause where the rules have none."""
    keys = [clause.key for clause in stage.edition.rules.clauses()]
    return next((key for key in APPLIED if key in keys), keys[0])


def _complete(stage: Stage, plan: EntryPlan, sample: SampleEntry, now: datetime) -> None:
    owner, entry = stage.person("entrant", plan.owner, now), stage.entry(plan.index)
    for section in stage.edition.rules.dossier_form():
        for asked in section.fields:
            if asked.kind is FieldKind.LONG_TEXT and asked.key in entry.facts:
                more = f"{entry.facts[asked.key]}\n\n{sample.paragraphs['minh_chung']}"
                if asked.max_chars is None or len(more) <= asked.max_chars:
                    save_draft(entry, stage.edition, {"facts": {asked.key: more}}, actor=owner, now=now)
                    _submit(stage, plan, now)
                    return
    _submit(stage, plan, now)


def _accept(stage: Stage, plan: EntryPlan, now: datetime) -> None:
    reason = "" if stage.edition.is_open(PhaseKind.SCREENING, now) else EARLY
    accept(stage.entry(plan.index), stage.edition, reason=reason, actor=stage.committee(now), now=now)
    stage.counts["accepted"] += 1


def _publish(stage: Stage, plan: EntryPlan, now: datetime) -> None:
    stage.counts["published"] += publish([stage.entry(plan.index)], actor=stage.committee(now), now=now)


def _withdraw(stage: Stage, plan: EntryPlan, now: datetime) -> None:
    withdraw_entry(stage.entry(plan.index), stage.edition, reason=LEFT, actor=stage.committee(now), now=now)
    stage.counts["withdrawn"] += 1


def _too_late(stage: Stage, plan: EntryPlan, now: datetime) -> None:
    owner = stage.person("entrant", plan.owner, now)
    try:
        submit(stage.entry(plan.index), stage.edition, actor=owner, now=now)
    except PhaseClosed:
        stage.counts["late_submissions_refused"] += 1
        return
    raise NotRefused("A dossier was taken after the deadline.")
