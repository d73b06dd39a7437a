"""A whole edition played through the real services, and its published bundle verified at the end."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.contests.queries import active_units, edition_by_key
from core.contests.sync import sync_packages
from core.contests.values import PhaseKind
from core.kernel.clock import local, real_now
from core.kernel.db import platform_scope, session, tenant_scope
from core.kernel.errors import WrongUse
from core.kernel.files import file_key, file_store
from core.people.queries import newest_letters
from core.people.services import sign_up, verify
from core.rehearsal.agenda import Deed, Progress, perform
from core.rehearsal.awards import award_deeds
from core.rehearsal.ballots import vote_deeds
from core.rehearsal.council import council_deeds
from core.rehearsal.dossiers import dossier_deeds, late_deed
from core.rehearsal.plan import Size, plan_entries
from core.rehearsal.stage import MAIL_HOST, Stage, actor_of
from core.rehearsal.units import report_deeds
from core.results.queries import publication_of
from core.results.verify import verify_bytes
from core.tenancy.package import TenantPackage
from core.tenancy.resolver import find_tenant

SIGNING_UP = 3
"""How many entrants sign up by the form; the others get their accounts the short way."""
PASSWORD = "mot cau rat rieng cua toi"  # noqa: S105 -- in a scratch database


@dataclass(frozen=True, slots=True)
class Step:
    """One thing a rehearsal did, in a word of the code, and how many times."""

    what: str
    count: int


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """How a rehearsal ended. `sentence` says what did not hold when it is not verified."""

    verified: bool
    sentence: str
    tenant: str
    edition: str
    outputs_sha256: str
    bundle: bytes
    entries: int
    steps: tuple[Step, ...]


def rehearse(
    package: TenantPackage,
    edition_key: str,
    size: Size,
    *,
    started: Callable[[int], Progress] | None = None,
) -> Rehearsal:
    """Play an edition from the first draft to the published result, in the database of this application context.

    `started(number of deeds)` gives what is told of the progress. Same package, size and seed give the same outputs
    on any database. Raises WrongUse for an edition that does not exist or sizes that cannot be played.
    """
    if edition_key not in {one.key for one in package.editions}:
        raise WrongUse(f"{package.slug} has no edition {edition_key!r}.")
    sync_packages([package], now=real_now())
    with platform_scope():
        tenant = find_tenant(package.slug)
    if tenant is None:
        raise LookupError(package.slug)
    with tenant_scope(tenant.id):
        stage = _stage(package.slug, edition_key, size)
        deeds = [*_agenda(stage)]
        perform(deeds, progress=None if started is None else started(len(deeds)))
        return _ending(stage)


def _stage(slug: str, edition_key: str, size: Size) -> Stage:
    edition = edition_by_key(slug, edition_key)
    submission = edition.phase(PhaseKind.SUBMISSION)
    if submission is None:
        raise WrongUse(f"{slug} {edition_key} has no phase of submission.")
    units = tuple(active_units(local(submission.closes_at).date()))
    return Stage(slug, edition, size, plan_entries(edition, size), units=units)


def _agenda(stage: Stage) -> Iterable[Deed]:
    yield from _sign_ups(stage)
    yield from dossier_deeds(stage)
    yield from late_deed(stage)
    yield from report_deeds(stage)
    yield from vote_deeds(stage)
    yield from council_deeds(stage)
    yield from award_deeds(stage)


def _sign_ups(stage: Stage) -> Iterable[Deed]:
    """The first entrants come by the form: sign-up, letter, code."""
    for plan in stage.entries[:SIGNING_UP]:
        if plan.owner == plan.index:
            yield Deed(plan.started_at - timedelta(minutes=20), 5, _signing_up(stage, plan.owner))


def _signing_up(stage: Stage, number: int) -> Callable[[datetime], None]:
    def do(now: datetime) -> None:
        part, name = f"entrant-{number}", stage.name("entrant", number)
        email = f"{part}.{stage.edition.key}@{MAIL_HOST}"
        ticket = sign_up(email, name, PASSWORD, ["account"], address=None, now=now)
        session().flush()
        code = _code_in(newest_letters(to=email, limit=1)[0].body)
        account = verify(email, code, ticket=ticket, address=None, now=now + timedelta(minutes=3))
        account.is_demonstration = True
        stage.actors[part] = actor_of(account)
        stage.counts["signed_up"] += 1

    return do


def _code_in(letter: str) -> str:
    found = re.search(r"(?<!\d)\d{6}(?!\d)", letter)
    if found is None:
        raise LookupError("the letter of a sign-up holds no code")
    return found[0]


def _ending(stage: Stage) -> Rehearsal:
    publication = publication_of(stage.edition.id)
    if publication is None:
        raise LookupError("nothing was published")
    key = file_key(session().tenant_id, publication.bundle_sha256)
    bundle = b"".join(file_store().read(key))
    report = verify_bytes(bundle)
    return Rehearsal(
        verified=report.holds,
        sentence=str(report),
        tenant=stage.slug,
        edition=stage.edition.key,
        outputs_sha256=report.outputs_sha256,
        bundle=bundle,
        entries=stage.size.entries,
        steps=tuple(Step(what, count) for what, count in stage.counts.items()),
    )
