"""Points as typed and as stored: exact decimals within a criterion's maximum and steps, never floats."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from core.kernel.errors import Invalid
from core.kernel.formats import score as points_as_read
from core.kernel.i18n import locale
from core.plugin_api import Criterion, Round

_TYPED = re.compile(r"\d{1,6}(?:[.,]\d{1,6})?")


def points_of(typed: str) -> Decimal | None:
    """The points somebody typed ("18,5" or "18.5"); None for blanks. Raises ValueError for what is no number."""
    text = typed.strip()
    if not text:
        return None
    if not _TYPED.fullmatch(text):
        raise ValueError(typed)
    return Decimal(text.replace(",", "."))


def fault(criterion: Criterion, points: Decimal) -> str | None:
    """Why the points do not fit the criterion, in one sentence; None when they do."""
    if not isinstance(points, Decimal):
        raise TypeError(f"points are exact decimals, not {type(points).__name__}")
    if not points.is_finite() or points < 0 or points > criterion.maximum:
        return str(_("Điểm từ 0 đến %(most)s.", most=points_as_read(criterion.maximum, locale())))
    if points % criterion.step:
        lower = points - points % criterion.step
        near = [value for value in (lower, lower + criterion.step) if value <= criterion.maximum]
        examples = _(" hoặc ").join(points_as_read(value, locale()) for value in near)
        step = points_as_read(criterion.step, locale())
        return str(_("Điểm theo bước %(step)s: ví dụ %(examples)s.", step=step, examples=examples))
    return None


def require_fitting(judging_round: Round, scores: Mapping[str, Decimal | None]) -> None:
    """Return when all points fit their criteria; raise Invalid (`score_<key>` → sentences) when not."""
    errors = unfitting(judging_round, scores)
    if errors:
        raise Invalid(errors)


def unfitting(judging_round: Round, scores: Mapping[str, Decimal | None]) -> dict[str, list[str]]:
    """`score_<key>` → sentences of the points that do not fit their criteria (any more)."""
    criteria = {one.key: one for one in judging_round.criteria}
    errors: dict[str, list[str]] = {}
    for key, points in scores.items():
        if key not in criteria:
            errors[f"score_{key}"] = [_("Phiếu chấm không có tiêu chí này.")]
            continue
        sentence = None if points is None else fault(criteria[key], points)
        if sentence is not None:
            errors[f"score_{key}"] = [sentence]
    return errors


def points_text(points: Decimal) -> str:
    """Points as the formats write them: "18.5", "27", never an exponent, no idle zeros."""
    text = f"{points:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def levels_of(judging_round: Round) -> dict[str, list[dict[str, Any]]]:
    """Criterion → its levels from the best down: points as read (`range`), as computed with, and what they mean."""
    language = locale()
    return {
        one.key: [
            {
                "range": f"{points_as_read(anchor.least, language)}–{points_as_read(anchor.most, language)}",
                "least": points_text(anchor.least),
                "most": points_text(anchor.most),
                "words": anchor.text,
            }
            for anchor in sorted(one.anchors, key=lambda anchor: anchor.least, reverse=True)
        ]
        for one in judging_round.criteria
    }
