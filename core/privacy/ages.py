"""Whether an author may be a child, from the year of birth alone: pure, and careful where the year does not tell.

A child is under 16 (Children Law 2016, article 1): the legal representative acts for them, and from the age of seven on
publishing what is private needs the child's own consent too (Law 91/2025/QH15, article 24, number from a secondary
source). A dossier names the year of birth, so in the year of the 16th birthday, and of the 7th, the careful answer is
given: the guardian is asked, and so is the child.
"""

from __future__ import annotations

from datetime import date

from core.contests.values import EditionView, PhaseKind
from core.kernel.clock import local

ADULT_FROM = 16
ASKED_FROM = 7


def may_be_minor(birth_year: int | None, on: date) -> bool:
    """Whether somebody born in `birth_year` may be under 16 on the day `on`; an unknown year is no sign of a child."""
    return birth_year is not None and on.year - birth_year <= ADULT_FROM


def must_agree_too(birth_year: int, on: date) -> bool:
    """Whether the child may be seven already on the day `on`, and so has to agree as well."""
    return on.year - birth_year >= ASKED_FROM


def reference_day(edition: EditionView) -> date:
    """The day by which ages are told in an edition: the first of its submission, so that the answer never changes."""
    phase = edition.phase(PhaseKind.SUBMISSION)
    return local(edition.now() if phase is None else phase.opens_at).date()
