"""The front page of a council's common work in a round: what there is to do together, and what waits."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from core.contests.current import current_edition
from core.contests.values import EditionView
from core.judging.council_room import Attendee, access_council_room
from core.judging.figures_door import own_sheets_left
from core.judging.meeting.ballots import OPEN, ballots_of
from core.judging.meeting.draws import Use, draws_of
from core.judging.meeting.minutes import minutes_of
from core.judging.meeting.visits import PLANNED, visits_of
from core.judging.queries.deliberations import open_deliberations
from core.kernel.actor import Actor
from core.kernel.web import Access, allows, current_actor

blueprint = Blueprint("council_hub", __name__, url_prefix="/hoi-dong")


@blueprint.get("/<round_key>/")
@allows(Access.COUNCIL)
def index(round_key: str) -> str:
    """The rooms of the common work, each with what waits in it."""
    edition, actor = current_edition(), current_actor()
    attendee = access_council_room(edition, actor, round_key)
    left = own_sheets_left(edition, actor.id, round_key) if attendee.judge and actor.id else 0
    return render_template(
        "councils/hub.html",
        attendee=attendee,
        judging_round=attendee.round,
        together=_together(edition, attendee, actor),
        figures=_figures(attendee, left) if attendee.leads else [],
        sheets_left=left,
        terms=edition.rules.terms(),
    )


def _together(edition: EditionView, attendee: Attendee, actor: Actor) -> list[dict[str, Any]]:
    key = attendee.round.key
    waiting_draws = sum(one.use is Use.WAITING for one in draws_of(edition, key, actor=actor))
    open_ballots = sum(one.state == OPEN for one in ballots_of(edition, key, actor=actor))
    planned = sum(one.state == PLANNED for one in visits_of(edition, key))
    drafts = sum(one.fixed_at is None for one in minutes_of(edition, key))
    talks = open_deliberations(edition.id, key)
    return [
        {
            "label": _("Chênh lệch điểm"),
            "href": url_for("deliberations.index", round_key=key),
            "icon": "people",
            "note": _("Hồ sơ mà giám khảo chấm cách nhau nhiều, và phòng thảo luận."),
            "waits": ngettext("%(num)s hồ sơ đang thảo luận", "%(num)s hồ sơ đang thảo luận", talks),
            "count": talks,
        },
        {
            "label": _("Bốc thăm"),
            "href": url_for("draws.index", round_key=key),
            "icon": "list-ol",
            "note": _("Thứ tự trình bày, ai cũng tính lại được."),
            "waits": ngettext("%(num)s lần chờ bốc thăm", "%(num)s lần chờ bốc thăm", waiting_draws),
            "count": waiting_draws,
        },
        {
            "label": _("Biểu quyết"),
            "href": url_for("ballots.index", round_key=key),
            "icon": "check-lg",
            "note": _("Bỏ phiếu kín hoặc công khai khi bằng điểm hay có ý kiến khác nhau."),
            "waits": ngettext("%(num)s lần đang mở", "%(num)s lần đang mở", open_ballots),
            "count": open_ballots,
        },
        {
            "label": _("Thẩm định thực tế"),
            "href": url_for("visits.index", round_key=key),
            "icon": "geo-alt",
            "note": _("Lịch đi xem tận nơi và biên bản có chữ ký."),
            "waits": ngettext("%(num)s lần đã hẹn", "%(num)s lần đã hẹn", planned),
            "count": planned,
        },
        {
            "label": _("Biên bản"),
            "href": url_for("minutes.index", round_key=key),
            "icon": "journal-text",
            "note": _("Soạn sẵn từ những gì đã diễn ra, chốt rồi in và ký."),
            "waits": ngettext("%(num)s bản chưa chốt", "%(num)s bản chưa chốt", drafts),
            "count": drafts,
        },
        {
            "label": _("Tôi có liên quan"),
            "href": url_for("conflicts_desk.declare_in_council", round_key=key),
            "icon": "slash-circle",
            "note": _("Khai hồ sơ mà bạn có liên quan, cả hồ sơ chưa giao cho bạn."),
        },
    ]


def _figures(attendee: Attendee, left: int) -> list[dict[str, Any]]:
    """What only leaders read; points are closed to who has sheets of his own to lock."""
    key = attendee.round.key
    paper = {
        "label": _("Phiếu giấy"),
        "href": url_for("figures.papers", round_key=key),
        "icon": "printer",
        "note": _("In phiếu, nhập phiếu đã chấm trên giấy, người thứ hai kiểm tra."),
    }
    if left:
        return [paper]
    return [
        {
            "label": _("Xếp hạng tạm tính"),
            "href": url_for("figures.rank", round_key=key),
            "icon": "list-ol",
            "note": _("Theo các phiếu đã khóa; chưa phải kết quả."),
        },
        {
            "label": _("Thống kê"),
            "href": url_for("figures.statistics", round_key=key),
            "icon": "bar-chart-line",
            "note": _("Ai chấm chặt, ai chấm rộng; thứ hạng nào còn sát nhau."),
        },
        paper,
    ]
