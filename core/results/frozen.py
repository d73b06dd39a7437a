"""From the database to the frozen inputs of a computation: plain, sorted, pseudonymous."""

from __future__ import annotations

from typing import Any

from core.contests.values import EditionView
from core.entries.queries import rules_entries, withdrawn_codes
from core.judging.going_on import went_on
from core.judging.queries.standings import abstentions, locked_sheets
from core.judging.values import LockedSheet
from core.plugin_api import Entry, FieldKind
from core.plugin_host import dump_settings
from core.results.formats import INPUTS_FORMAT, points
from core.voting.queries import frozen_votes

_PLAIN_KINDS = frozenset(
    {FieldKind.CHOICE, FieldKind.NUMBER, FieldKind.MONEY, FieldKind.DATE, FieldKind.MONTH, FieldKind.CHECK}
)


def inputs_document(edition: EditionView) -> dict[str, Any]:
    """`bangvang.inputs/1` of an edition as it stands now, every list sorted. A fixed number of queries.

    Of a dossier only what rules may need and the public may see goes in: code, field, title, unit, authors under
    pseudonyms (with the year of birth only where a special award is given), and short public answers.
    """
    names = tuple(ref.name for ref in edition.values.plugins)
    votes = frozen_votes(edition.id) or {}
    locked = locked_sheets(edition)
    sheets = [_sheet(sheet) for sheet in locked]
    absent = [
        {"round": row.round, "judge": row.judge, "entry": row.entry, "reason": ""}
        for row in abstentions(edition)
    ]
    entries = rules_entries(edition)
    running = {entry.code for entry in entries}
    touched = {*votes, *(row["entry"] for row in (*sheets, *absent))} - running
    shown = _public_answers(edition)
    with_years = bool(edition.rules.award_scheme().specials)
    chosen = went_on(edition, locked)
    return {
        **({"went_on": chosen} if chosen else {}),
        "format": INPUTS_FORMAT,
        "tenant": edition.tenant,
        "edition": edition.key,
        "rules": {
            "plugins": [{"name": ref.name, "version": ref.version} for ref in edition.values.plugins],
            "settings": dump_settings(names, edition.values.settings),
        },
        "entries": [
            _entry(entry, shown, with_years=with_years) for entry in sorted(entries, key=lambda one: one.code)
        ],
        "sheets": sheets,
        "abstentions": absent,
        "votes": votes,
        "withdrawn": sorted(touched & set(withdrawn_codes(edition))),
    }


def bare(value: Any) -> str:
    """Points without idle zeros: "18.5", "27"."""
    text = points(value)
    return text.rstrip("0").rstrip(".") if "." in text else text


def _sheet(sheet: LockedSheet) -> dict[str, Any]:
    return {
        "round": sheet.round,
        "judge": sheet.judge,
        "entry": sheet.entry,
        "scores": {key: bare(sheet.scores[key]) for key in sorted(sheet.scores)},
    }


def _public_answers(edition: EditionView) -> frozenset[str]:
    """Keys of the short answers that are public anyway; long words and files never go into a bundle."""
    asked = (field for section in edition.rules.dossier_form() for field in section.fields)
    return frozenset(field.key for field in asked if field.public and field.kind in _PLAIN_KINDS)


def _entry(entry: Entry, shown: frozenset[str], *, with_years: bool) -> dict[str, Any]:
    return {
        "code": entry.code,
        "field": entry.field,
        "title": entry.title,
        "unit": entry.unit,
        "authors": [
            {
                "ref": author.ref,
                "role": str(author.role),
                "birth_year": author.birth_year if with_years else None,
            }
            for author in entry.authors
        ],
        "facts": {key: entry.facts[key] for key in sorted(entry.facts) if key in shown},
    }
