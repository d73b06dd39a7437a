"""Score sheets on paper for who leads a council: print, key in, check, see what differs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from core.contests.current import current_edition
from core.contests.policies import PhaseClosed
from core.contests.values import EditionView, PhaseKind
from core.entries.downloads import sent_bytes, sent_file
from core.entries.pages import page_hrefs, page_number
from core.judging.council_room import Attendee, access_council_room, require_leader
from core.judging.errors import PledgeOwed, SheetIncomplete
from core.judging.paper_print import sheets_pdf
from core.judging.queries.papers import PER_PAGE, Paper, Standing, paper_list, waiting_in_round
from core.judging.queries.standings import judge_progress
from core.judging.ranking_room import blueprint, points
from core.judging.schemas import PREFIX, read_sheet
from core.judging.services.paper import access_paper, add_scan, key_in, print_sheets, waiting_for_blind
from core.kernel.errors import DomainError, Invalid, NotFound
from core.kernel.pdf import PDF
from core.kernel.web import Access, allows, current_actor, now
from core.letters.post import site_address

SOME = 10
"""How many codes one sentence names."""
MAX_SCAN = 32 * 1024 * 1024
FILTERS = {"cho-kiem-tra": Standing.KEYED, "lech": Standing.DIFFERS}


@blueprint.url_value_preprocessor
def make_room_for_scans(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Let the form that carries a scan be larger than other requests, before anything reads its body."""
    if endpoint == "figures.paper_scan_send":
        request.max_content_length = MAX_SCAN


@blueprint.get("/<round_key>/phieu-giay")
@allows(Access.COUNCIL)
def papers(round_key: str) -> Any:
    """The round's paper sheets, what needs work first; a code that was typed or scanned opens its sheet."""
    edition = current_edition()
    attendee = leader(edition, round_key)
    typed = request.args.get("ma", "").strip()[:300]
    if typed:
        code = typed.rstrip("/").rpartition("/")[2].upper()
        return redirect(url_for("figures.paper", round_key=round_key, code=code), 303)
    asked = request.args.get("loc", "")
    page = page_number(request.args.get("trang"))
    rows, total = paper_list(edition, round_key, page=page, only=FILTERS.get(asked))
    pages = max(1, -(-total // PER_PAGE))
    kept = {"round_key": round_key, **({"loc": asked} if asked in FILTERS else {})}
    return render_template(
        "figures/papers.html",
        attendee=attendee,
        judging_round=attendee.round,
        rows=rows,
        total=total,
        page=page,
        pages=pages,
        hrefs=page_hrefs("figures.papers", page, pages, kept),
        asked=asked,
        waiting=waiting_in_round(edition, round_key),
        badges={one: standing_badge(one) for one in Standing},
        judges=[
            (row.number, f"{row.number} · {row.name}")
            for row in judge_progress(edition, round_key)
            if row.is_active and row.total > row.done
        ],
    )


@blueprint.post("/<round_key>/phieu-giay/in")
@allows(Access.COUNCIL)
def print_papers(round_key: str) -> Any:
    """The sheets of one judge as a PDF, with a code each."""
    edition = current_edition()
    attendee = leader(edition, round_key)
    number = request.form.get("judge", "")
    try:
        made = print_sheets(edition, attendee.round, number, actor=current_actor(), now=now())
        left_out = waiting_for_blind(edition, attendee.round, number, actor=current_actor())
    except (NotFound, PledgeOwed) as refused:
        flash(refused.message, "warning")
        return redirect(url_for("figures.papers", round_key=round_key), 303)
    if left_out:
        flash(
            ngettext(
                "%(num)s hồ sơ không có trong bản vừa in vì chưa duyệt bản ẩn danh: %(codes)s.",
                "%(num)s hồ sơ không có trong bản vừa in vì chưa duyệt bản ẩn danh: %(codes)s.",
                len(left_out),
                codes=_some(left_out),
            ),
            "warning",
        )
    names = {row.number: row.name for row in judge_progress(edition, round_key)}
    body = sheets_pdf(edition, made, judge_name=names.get(number, number), site=site_address(), at=now())
    return sent_bytes(body, f"phieu-cham-{round_key}-{number}.pdf", PDF)


@blueprint.get("/<round_key>/phieu-giay/<code>")
@allows(Access.COUNCIL)
def paper(round_key: str, code: str) -> Any:
    """One paper sheet: the scan, and the points to key in; the second person does not see the first one's."""
    edition = current_edition()
    return paper_page(edition, access_paper(edition, current_actor(), round_key, code))


@blueprint.post("/<round_key>/phieu-giay/<code>")
@allows(Access.COUNCIL)
def key_paper(round_key: str, code: str) -> Any:
    """Keep what was keyed in, as a draft or as one of the two readings."""
    edition, actor = current_edition(), current_actor()
    found = access_paper(edition, actor, round_key, code)
    judging_round = leader(edition, round_key).round
    is_done = request.form.get("then") == "done"
    try:
        typed = read_sheet(judging_round, {**request.form, "revision": "0"})
        remark = typed.remark or ""
        try:
            after = key_in(
                edition, found, judging_round, typed.scores, remark, is_done=is_done, actor=actor, now=now()
            )
        except (PhaseClosed, PledgeOwed) as closed:
            key_in(edition, found, judging_round, typed.scores, remark, is_done=False, actor=actor, now=now())
            kept = _("Điểm đã nhập được giữ ở dạng nháp.")
            flash(f"{closed.message} {kept}", "warning")
            return redirect(paper_href(found), 303)
    except SheetIncomplete as lacking:
        errors = {f"{PREFIX}{key}": [_("Chưa có điểm.")] for key in lacking.missing}
        return paper_page(edition, found, form=request.form, errors=errors), lacking.status
    except Invalid as wrong:
        return paper_page(edition, found, form=request.form, errors=wrong.errors), 422
    except DomainError as refused:
        flash(refused.message, "error")
        return redirect(url_for("figures.papers", round_key=round_key), 303)
    flash(_told(after, is_done=is_done), "success" if after.standing is not Standing.DIFFERS else "warning")
    if after.standing is Standing.DIFFERS or not is_done:
        return redirect(paper_href(found), 303)
    return redirect(url_for("figures.papers", round_key=round_key), 303)


@blueprint.post("/<round_key>/phieu-giay/<code>/ban-quet")
@allows(Access.COUNCIL)
def paper_scan_send(round_key: str, code: str) -> Any:
    """Attach the scan."""
    edition, actor = current_edition(), current_actor()
    found = access_paper(edition, actor, round_key, code)
    sent = request.files.get("scan")
    try:
        if sent is None or not sent.filename:
            raise Invalid.one("scan", _("Bạn chưa chọn tệp nào."))
        add_scan(found, sent.filename, sent.stream, actor=actor, now=now())
    except Invalid as wrong:
        return paper_page(edition, found, errors=wrong.errors), 422
    except DomainError as refused:
        flash(refused.message, "error")
    else:
        flash(_("Đã đính bản quét."), "success")
    return redirect(paper_href(found), 303)


@blueprint.get("/<round_key>/phieu-giay/<code>/ban-quet")
@allows(Access.COUNCIL)
def paper_scan(round_key: str, code: str) -> Response:
    """The scan."""
    edition = current_edition()
    return sent_scan(access_paper(edition, current_actor(), round_key, code))


def sent_scan(found: Paper) -> Response:
    """The scan of a paper sheet as an answer; NotFound where there is none."""
    stored = found.stored
    if stored.scan_sha256 is None:
        raise NotFound(_("Phiếu này chưa có bản quét."))
    return sent_file(stored.scan_sha256, stored.scan_name, stored.scan_type, stored.scan_size)


def standing_badge(standing: Standing) -> tuple[str, str]:
    """How a paper sheet stands: the kind of its badge and the words."""
    words: dict[Standing, tuple[str, str]] = {
        Standing.PRINTED: ("draft", _("Chưa nhập")),
        Standing.BEGUN: ("draft", _("Đang nhập")),
        Standing.KEYED: ("waiting", _("Chờ người thứ hai")),
        Standing.DIFFERS: ("refused", _("Hai lần nhập lệch nhau")),
        Standing.LOCKED: ("fine", _("Đã khóa")),
    }
    return words[standing]


def leader(edition: EditionView, round_key: str) -> Attendee:
    """Who asks, as one who leads the round."""
    attendee = access_council_room(edition, current_actor(), round_key)
    require_leader(attendee)
    return attendee


def paper_page(
    edition: EditionView,
    found: Paper,
    *,
    form: Mapping[str, str] | None = None,
    errors: Mapping[str, list[str]] | None = None,
    answer: str = "",
) -> str:
    """The page of one paper sheet, with what was typed (`form`, `answer`) and what is wrong at its places."""
    actor = current_actor()
    attendee = leader(edition, found.stored.round)
    turn = 0 if actor.id is None else found.turn_of(actor.id)
    own = found.keying(turn)
    is_mine = own is None or own.account_id == actor.id
    other = next((one for one in found.keyings if one.account_id != actor.id), None)
    differing = found.differing
    typed = {key: points(value) for key, value in (own.scores.items() if own and is_mine else ())}
    if form is not None:
        typed = {one.key: form.get(PREFIX + one.key, "") for one in attendee.round.criteria}
    return render_template(
        "figures/paper.html",
        attendee=attendee,
        judging_round=attendee.round,
        found=found,
        badge=standing_badge(found.standing),
        turn=turn,
        may_key=is_mine and found.stored.locked_at is None,
        typed=typed,
        remark=form.get("remark", "") if form is not None else (own.remark if own and is_mine else ""),
        errors=errors or {},
        prefix=PREFIX,
        differing=[one.name for one in attendee.round.criteria if one.key in differing],
        remark_differs="remark" in differing,
        # Once the points agree the words can be compared; nobody's points are shown to who has to read them himself.
        other_remark=other.remark if other and own and is_mine and differing == {"remark"} else None,
        locked=[(one, _reading(found.keyings[0], one.key)) for one in attendee.round.criteria]
        if found.standing is Standing.LOCKED
        else [],
        may_take_over=found.stored.locked_at is None
        and all(one.account_id != actor.id for one in found.keyings),
        answer=answer,
        phase=edition.phase(PhaseKind.JUDGING),
    )


def _some(codes: Sequence[str]) -> str:
    """The first of many codes."""
    return ", ".join(codes[:SOME]) + (", …" if len(codes) > SOME else "")


def _reading(keying: Any, key: str) -> str:
    value = keying.scores.get(key)
    return "–" if value is None else points(value)


def _told(after: Paper, *, is_done: bool) -> str:
    words: str
    if not is_done:
        words = _("Đã lưu nháp phần nhập của bạn.")
    elif after.standing is Standing.LOCKED:
        words = _("Hai lần nhập khớp nhau: phiếu đã khóa dưới tên giám khảo, và giám khảo được báo.")
    elif after.standing is Standing.DIFFERS:
        words = _("Hai lần nhập lệch nhau. Bạn xem lại bản quét; nhập sai thì sửa phần của mình.")
    else:
        words = _("Đã nhận lần nhập thứ nhất. Cần một người khác nhập lại để kiểm tra.")
    return words


def paper_href(found: Paper) -> str:
    """Where a paper sheet is keyed in."""
    return url_for("figures.paper", round_key=found.stored.round, code=found.stored.code)
