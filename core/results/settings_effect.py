"""What new settings would do to data that is already there: two pure computations side by side, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from core.contests.models import Edition
from core.contests.queries import words
from core.contests.rules import Planned
from core.contests.values import EditionView
from core.kernel.db import session
from core.kernel.formats import score
from core.kernel.i18n import locale
from core.plugin_api import Text, Tier
from core.plugin_host import PluginFailed, Rules, rules_for
from core.results.compute import compute
from core.results.formats import InputsError, parse_inputs, read_json
from core.results.models import Computation
from core.results.shadow import AwardChange, ShadowDifference, compare_outputs


@dataclass(frozen=True, slots=True)
class Effect:
    """What the change does, in sentences. `source` names the edition whose data were used, None without any;
    `warning` is why the data cannot be computed under one of the two.
    """

    source: Text | None
    lines: tuple[str, ...] = ()
    warning: str = ""


def effect_of(edition: EditionView, planned: Planned) -> Effect:
    """The effect of `planned` on the newest frozen inputs of this edition, else of an earlier one. One query."""
    before, after = rules_for(planned.before), rules_for(planned.after)
    found = _newest_inputs(edition)
    if found is None:
        return Effect(None, tuple(_tier_lines(before, after, {}, None)))
    name, text = found
    said = name.in_(locale())
    inputs = parse_inputs(read_json(text))
    try:
        old = compute(inputs, planned.before)
    except (InputsError, PluginFailed):
        told = _("Dữ liệu của %(edition)s được chấm theo quy tắc khác nên không so được.", edition=said)
        return Effect(name, tuple(_tier_lines(before, after, {}, None)), told)
    try:
        new = compute(inputs, planned.after)
    except (InputsError, PluginFailed) as error:
        told = _(
            "Theo cài đặt mới, dữ liệu của %(edition)s không còn hợp lệ: %(error)s",
            edition=said,
            error=error,
        )
        return Effect(name, tuple(_tier_lines(before, after, {}, None)), told)
    scheme = after.award_scheme()
    difference = compare_outputs(
        old,
        new,
        tiers=[tier.key for tier in scheme.tiers],
        specials=[award.key for award in scheme.specials],
    )
    moved = {one.key: one for one in difference.tiers}
    lines = [*_tier_lines(before, after, moved, said), *_rank_lines(difference, before, said)]
    if not lines:
        lines = [_("Theo dữ liệu %(edition)s, điểm, thứ hạng và giải đề xuất không đổi.", edition=said)]
    return Effect(name, tuple(lines))


def _newest_inputs(edition: EditionView) -> tuple[Text, str] | None:
    ask = (
        select(Edition.short_name, Computation.inputs)
        .join(Edition, Edition.id == Computation.edition_id)
        .where(Edition.ordinal <= edition.ordinal)
        .order_by(Edition.ordinal.desc(), Computation.number.desc())
        .limit(1)
    )
    row = session().execute(ask).one_or_none()
    return None if row is None else (words(row[0]), row[1])


def _tier_lines(
    before: Rules, after: Rules, moved: Mapping[str, AwardChange], source: str | None
) -> Iterator[str]:
    """A sentence for each tier that is set differently or gets other entries."""
    was = {tier.key: tier for tier in before.award_scheme().tiers}
    entry = after.terms().entries_lower.in_(locale())
    for tier in after.award_scheme().tiers:
        told = _set_differently(was.get(tier.key), tier)
        change = moved.get(tier.key)
        if not told and (change is None or change.is_same):
            continue
        parts = [tier.name.in_(locale()) + (f": {', '.join(told)}" if told else "")]
        if source is not None and change is not None:
            parts.append(_moved(change, source, entry))
        yield f"{': '.join(parts)}."


def _set_differently(was: Tier | None, tier: Tier) -> list[str]:
    if was is None:
        return [str(_("hạng mới"))]
    told = []
    if was.minimum != tier.minimum:
        told.append(_turned(_("ngưỡng"), was.minimum, tier.minimum))
    if was.quota != tier.quota:
        told.append(_turned(_("số giải"), was.quota, tier.quota))
    return told


def _turned(what: str, was: Decimal | int | None, value: Decimal | int | None) -> str:
    if was is None or value is None:
        if value is None:
            return str(_("bỏ %(what)s (trước là %(was)s)", what=what, was=score(was or 0, locale())))
        return str(_("đặt %(what)s %(value)s (trước không đặt)", what=what, value=score(value, locale())))
    facts = {"what": what, "was": score(was, locale()), "value": score(value, locale())}
    if value > was:
        return str(_("%(what)s từ %(was)s lên %(value)s", **facts))
    return str(_("%(what)s từ %(was)s xuống %(value)s", **facts))


def _moved(change: AwardChange, source: str, entry: str) -> str:
    gained, lost = len(change.gained), len(change.lost)
    facts = {"edition": source, "entry": entry, "gained": gained, "lost": lost}
    if gained and lost:
        return str(
            _(
                "theo dữ liệu %(edition)s, %(gained)s %(entry)s vào hạng này và %(lost)s %(entry)s ra khỏi hạng",
                **facts,
            )
        )
    if gained:
        return str(_("theo dữ liệu %(edition)s, có thêm %(gained)s %(entry)s vào hạng này", **facts))
    if lost:
        return str(_("theo dữ liệu %(edition)s, có %(lost)s %(entry)s ra khỏi hạng này", **facts))
    return str(_("theo dữ liệu %(edition)s, không %(entry)s nào vào hay ra khỏi hạng này", **facts))


def _rank_lines(difference: ShadowDifference, rules: Rules, source: str) -> Iterator[str]:
    entry = rules.terms().entries_lower.in_(locale())
    counted = (
        (
            len(difference.ranked_gained),
            _("Theo dữ liệu %(edition)s, có thêm %(count)s %(entry)s được xếp hạng."),
        ),
        (
            len(difference.ranked_lost),
            _("Theo dữ liệu %(edition)s, %(count)s %(entry)s không còn được xếp hạng."),
        ),
        (
            sum(1 for one in difference.entries if one.difference),
            _("Theo dữ liệu %(edition)s, tổng điểm của %(count)s %(entry)s thay đổi."),
        ),
        (
            len(difference.risen) + len(difference.fallen),
            _("Theo dữ liệu %(edition)s, thứ hạng của %(count)s %(entry)s thay đổi."),
        ),
        (
            len(difference.undecided_gained),
            _(
                "Theo dữ liệu %(edition)s, thêm %(count)s %(entry)s ngang điểm phải chờ Ban Tổ chức quyết định."
            ),
        ),
    )
    for count, sentence in counted:
        if count:
            yield sentence % {"edition": source, "count": count, "entry": entry}
    specials = [one for one in difference.specials if not one.is_same]
    if specials:
        yield ngettext(
            "Theo dữ liệu %(edition)s, %(num)s giải đặc biệt về tay %(entry)s khác.",
            "Theo dữ liệu %(edition)s, %(num)s giải đặc biệt về tay %(entry)s khác.",
            len(specials),
            edition=source,
            entry=entry,
        )
