"""What the office reads about a plan: why somebody may not judge, what a change by hand does, who knows what."""

from __future__ import annotations

from flask_babel import gettext as _

from core.judging.bars import Bar
from core.judging.plan import Doubt, Fit, Lack, Move
from core.judging.queries.planning import Situation


def bar_sentence(bar: Bar, name: str) -> str:
    """Why the judge `name` may not be given an entry."""
    sentences = {
        Bar.OWN: _("%(name)s là người nộp hồ sơ này, không được chấm.", name=name),
        Bar.CONFLICT: _("%(name)s có xung đột lợi ích với hồ sơ này, không được chấm.", name=name),
        Bar.ABSTAINED: _("%(name)s đã từ chối chấm hồ sơ này.", name=name),
        Bar.GROUP: _("Hồ sơ này không thuộc nhóm chấm của %(name)s.", name=name),
    }
    return str(sentences[bar])


def doubt_sentence(doubt: Doubt, here: Situation, move: Move) -> str:
    """What a move does that a plan would not."""
    comes, leaves = here.names[move.comes], here.names.get(move.leaves or "", "")
    problem = here.problem
    sentences = {
        Doubt.OVER: _("%(name)s sẽ có hơn %(most)s hồ sơ, quá mức đã đặt.", name=comes, most=problem.most),
        Doubt.SHORT: _("%(name)s sẽ còn dưới %(least)s hồ sơ.", name=leaves, least=problem.least),
        Doubt.STRANGE: _("%(name)s không khai biết lĩnh vực của hồ sơ này.", name=comes),
        Doubt.MORE: _("Hồ sơ này sẽ có hơn %(k)s giám khảo.", k=problem.k),
    }
    return str(sentences[doubt])


def fit_name(fit: Fit) -> str:
    """How well a judge knows a field."""
    names = {Fit.MATCH: _("Đúng chuyên môn"), Fit.NEAR: _("Gần chuyên môn"), Fit.NONE: _("Không khai")}
    return str(names[fit])


def lack_sentence(lack: Lack, k: int) -> str:
    """Why an entry lacks judges."""
    if lack.free < k:
        return str(
            _(
                "Thiếu %(missing)s: chỉ %(free)s giám khảo được chấm hồ sơ này.",
                missing=lack.missing,
                free=lack.free,
            )
        )
    return str(_("Thiếu %(missing)s: các giám khảo khác đã đủ số hồ sơ tối đa.", missing=lack.missing))
