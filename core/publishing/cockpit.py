"""The committee's cockpit: what waits, by due date; where the edition stands; how much has come in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import func, select

from core.contests.values import EditionView, PhaseKind
from core.entries.barring import barred_names
from core.entries.extension_queries import waiting_extensions
from core.entries.models import Entry
from core.entries.queries import counts_by_state, published_count
from core.entries.screening.due import Overdue, overdue
from core.entries.states import State
from core.judging.blind import is_blind
from core.judging.conflict_values import ConflictState
from core.judging.criteria_guard import drifted_criteria
from core.judging.models import Sheet
from core.judging.queries import conflict_counts, round_standings
from core.judging.queries.blinding import READ, BlindState, blind_counts
from core.judging.seating import waiting_answers
from core.judging.values import RoundStanding
from core.kernel import charts, formats
from core.kernel.audit import AuditRecord
from core.kernel.clock import local, real_now
from core.kernel.db import session
from core.kernel.i18n import locale
from core.kernel.text import clean_line
from core.kernel.web import current_actor
from core.outreach.queries import todo as outreach_todo
from core.people.rescue_queries import waiting_rescues
from core.plugin_api import Terms
from core.privacy.queries import waiting as privacy_waiting
from core.publishing.deeds import DEEDS, deed_words
from core.results.queries import decision_of, latest_computation, publication_of
from core.voting.models import VoteTally
from core.voting.queries import freeze_of

DAYS = 14
SOON = timedelta(days=7)
LAST_DEEDS = 8


@dataclass(frozen=True, slots=True)
class Todo:
    """Something that waits for the committee; `due` is the exclusive instant it should be done by, or None."""

    label: str
    href: str
    count: int | None = None
    note: str = ""
    due: datetime | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """How an edition stands, read once for the whole cockpit."""

    by_state: dict[State, int]
    published: int
    votes: int
    is_frozen: bool
    rounds: tuple[RoundStanding, ...]
    has_computation: bool
    has_decision: bool
    has_publication: bool

    @property
    def handed_in(self) -> int:
        """Dossiers that were handed in and not withdrawn."""
        kept = (State.SUBMITTED, State.RETURNED, State.REVISING, State.ACCEPTED, State.REFUSED)
        return sum(self.by_state[state] for state in kept)

    @property
    def round(self) -> RoundStanding | None:
        """The latest round that has entries."""
        return next((one for one in reversed(self.rounds) if one.is_open), None)


@dataclass(frozen=True, slots=True)
class Daily:
    """A line of counts by day, with its words."""

    title: str
    sentence: str
    noun: str
    drawing: charts.Line


@dataclass(frozen=True, slots=True)
class Cockpit:
    """All that the page shows, in words."""

    todos: tuple[dict[str, Any], ...]
    coming: str
    timeline: tuple[dict[str, Any], ...]
    standing: Standing
    state_rows: tuple[charts.Bar, ...]
    state_sentence: str
    daily: Daily | None
    deeds: tuple[dict[str, Any], ...]


def cockpit(edition: EditionView, now: datetime) -> Cockpit:
    """The cockpit of `edition` at `now`. A fixed number of queries, whatever there is."""
    standing = standing_of(edition)
    terms, language = edition.rules.terms(), locale()
    todos = sorted(
        [
            *_own_todos(edition, standing, terms, now),
            *_from_outreach(edition, now),
            *_from_privacy(edition),
            *_from_people(),
        ],
        key=lambda one: (one.due is None, one.due or now),
    )
    return Cockpit(
        todos=tuple(_shown(one, now, language) for one in todos),
        coming=_coming(edition, now, language),
        timeline=tuple(_timeline(edition, now, language)),
        standing=standing,
        state_rows=_state_rows(standing, language),
        state_sentence=_(
            "%(total)s hồ sơ đã nộp, %(waiting)s đang chờ kiểm tra.",
            total=formats.number(standing.handed_in, language),
            waiting=formats.number(standing.by_state[State.SUBMITTED], language),
        ),
        daily=_daily(edition, now, language),
        deeds=tuple(_last_deeds(now, language)),
    )


def standing_of(edition: EditionView) -> Standing:
    """The counts behind the cockpit. Ten queries."""
    tally = select(func.coalesce(func.sum(VoteTally.votes), 0)).where(VoteTally.edition_id == edition.id)
    return Standing(
        by_state=counts_by_state(edition),
        published=published_count(edition),
        votes=int(session().scalars(tally).one()),
        is_frozen=freeze_of(edition.id) is not None,
        rounds=tuple(round_standings(edition)),
        has_computation=latest_computation(edition.id) is not None,
        has_decision=decision_of(edition.id) is not None,
        has_publication=publication_of(edition.id) is not None,
    )


def _own_todos(edition: EditionView, standing: Standing, terms: Terms, now: datetime) -> Iterable[Todo]:
    if standing.has_publication:
        return
    yield from _extension_todos(edition, now)
    yield from _screening_todos(edition, standing, terms, now)
    yield from _voting_todos(edition, standing, now)
    yield from _judging_todos(edition, standing, terms, now)
    yield from _result_todos(edition, standing, now)


def _from_people() -> Iterable[Todo]:
    """Rescues that wait for this reader: not those that they asked for, or that are of their own account."""
    waiting = waiting_rescues(real_now(), besides=current_actor().id)
    if waiting:
        note = _("Cần một cán bộ khác người đề nghị xác nhận.")
        yield Todo(
            _("Xem đề nghị khôi phục lối vào tài khoản"), url_for("people_rescues.index"), waiting, note
        )


def _extension_todos(edition: EditionView, now: datetime) -> Iterable[Todo]:
    waiting = waiting_extensions(edition, now)
    if waiting:
        href = url_for("entries_extensions.index")
        note = _("Cần một cán bộ khác người đề nghị xác nhận.")
        due = _closes(edition, PhaseKind.SUBMISSION)
        yield Todo(_("Xem đề nghị gia hạn nộp hồ sơ"), href, waiting, note, due)


def _screening_todos(edition: EditionView, standing: Standing, terms: Terms, now: datetime) -> Iterable[Todo]:
    closes = _closes(edition, PhaseKind.SCREENING)
    waiting, returned = standing.by_state[State.SUBMITTED], standing.by_state[State.RETURNED]
    if waiting:
        href = _queue("cho-xet")
        yield Todo(
            _("Kiểm tra hồ sơ mới nộp"),
            href,
            waiting,
            _("Chấp nhận, trả lại hoặc từ chối kèm lý do."),
            closes,
        )
    late = overdue(edition, now) if returned else Overdue(0, None)
    if late.count:
        href = f"{_queue('tra-lai')}&han=qua"
        note = _("Hạn bổ sung đã qua mà chưa nộp lại: nhắc, gia hạn, hoặc từ chối kèm căn cứ.")
        yield Todo(_("Xử lý hồ sơ quá hạn bổ sung"), href, late.count, note, late.since)
    if returned > late.count:
        href = _queue("tra-lai")
        yield Todo(
            _("Theo dõi hồ sơ đã trả lại"), href, returned, _("Đang chờ người dự thi hoàn thiện."), closes
        )
    unpublished = standing.by_state[State.ACCEPTED] - standing.published
    if unpublished > 0:
        voting = edition.phase(PhaseKind.VOTING)
        note = _("%(entries)s đã được chấp nhận nhưng công chúng chưa thấy.",
                 entries=terms.entries_capital.in_(locale()))  # fmt: skip
        href = _queue("chap-nhan")
        yield Todo(_("Đăng tải bài dự thi"), href, unpublished, note, voting.opens_at if voting else None)


def _voting_todos(edition: EditionView, standing: Standing, now: datetime) -> Iterable[Todo]:
    voting = edition.phase(PhaseKind.VOTING)
    if voting is None or standing.is_frozen or now < voting.closes_at:
        return
    note = _("Bình chọn đã đóng. Rà soát lượt bất thường rồi chốt; sau khi chốt không đổi được.")
    judging = edition.phase(PhaseKind.JUDGING)
    due = judging.closes_at if judging else None
    yield Todo(_("Chốt số lượt bình chọn"), url_for("voting_office.index"), None, note, due)


def _blind_todos(edition: EditionView, opened: RoundStanding, due: datetime) -> Iterable[Todo]:
    """What judges of a blind round do not read because nobody has approved it: dossiers, and new material."""
    key = opened.round.key
    if not is_blind(edition, key):
        return
    counts = blind_counts(edition, key, is_open=True)
    href = url_for("blind_office.index", round_key=key)
    dossiers = sum(count for state, count in counts.items() if state not in READ)
    if dossiers:
        note = _("Hồ sơ chưa duyệt thì chưa hiện trên bàn chấm.")
        yield Todo(_("Duyệt bản ẩn danh của hồ sơ"), href, dossiers, note, due)
    if counts[BlindState.MORE]:
        note = _("Giám khảo đọc được hồ sơ nhưng chưa thấy tài liệu bổ sung.")
        href = url_for("blind_office.index", round_key=key, loc="tai-lieu-moi")
        yield Todo(_("Duyệt tài liệu bổ sung ẩn danh"), href, counts[BlindState.MORE], note, due)


def _judging_todos(edition: EditionView, standing: Standing, terms: Terms, now: datetime) -> Iterable[Todo]:
    unlike = sum(one.unlike for one in standing.rounds)
    if any(one.false_line is not None for one in standing.rounds):
        note = _(
            "Sổ ghi mọi thao tác có dòng không còn như lúc ghi: có người đã sửa thẳng trong cơ sở dữ liệu."
        )
        yield Todo(_("Xem nhật ký bị sửa ngoài hệ thống"), url_for("proofs_office.index"), 1, note)
    if unlike:
        note = _("Phiếu đã khóa không còn như lúc khóa: có người hoặc chương trình đã sửa ngoài hệ thống.")
        yield Todo(_("Xem phiếu chấm khác với nhật ký"), url_for("proofs_office.index"), unlike, note)
    judging = edition.phase(PhaseKind.JUDGING)
    if (
        judging is None
        or now < judging.opens_at - SOON
        or (now >= judging.closes_at and standing.has_computation)
    ):
        return
    council, href = terms.jury.in_(locale()), url_for("judging_office.index")
    conflicts = conflict_counts(edition, current_actor())[ConflictState.OPEN]
    if conflicts:
        note = _("Xác nhận hoặc bác, kèm lý do. Hồ sơ do chính người chấm khai đã đóng với người đó.")
        yield Todo(
            _("Quyết định xung đột lợi ích"),
            url_for("conflicts_office.index"),
            conflicts,
            note,
            judging.closes_at,
        )
    yield from _council_todos(edition, judging.opens_at)
    if not any(one.judges for one in standing.rounds):
        yield Todo(_("Cử thành viên %(council)s", council=council), href, None, _("Chưa có giám khảo nào."),
                   judging.opens_at)  # fmt: skip
        return
    opened = standing.round
    if opened is None:
        if standing.by_state[State.ACCEPTED]:
            note = _("Đưa các bài đã được chấp nhận vào vòng chấm.")
            yield Todo(_("Mở vòng chấm"), href, standing.by_state[State.ACCEPTED], note, judging.opens_at)
        return
    if drifted_criteria(edition):
        note = _("Giám khảo chưa khóa phiếu được cho đến khi hai bên giống nhau.")
        label = _("Xem tiêu chí đang cài khác tiêu chí đã công bố")
        yield Todo(label, url_for("judging_criteria.kept"), None, note)
    yield from _blind_todos(edition, opened, judging.closes_at)
    missing = opened.expected - opened.locked - opened.abstained
    if missing > 0 and now >= judging.opens_at:
        done, language = opened.locked + opened.abstained, locale()
        note = _("%(round)s: đã xong %(done)s trên %(all)s phiếu.", round=opened.round.name.in_(language),
                 done=formats.number(done, language), all=formats.number(opened.expected, language))  # fmt: skip
        yield Todo(_("Nhắc giám khảo khóa phiếu chấm"), href, missing, note, judging.closes_at)


def _council_todos(edition: EditionView, due: datetime) -> Iterable[Todo]:
    """Who declined or left a council, and who has not answered. One query."""
    names = {one.key: one.name.in_(locale()) for one in edition.rules.rounds()}
    for key, (waiting, gone) in waiting_answers(edition).items():
        href = url_for("councils_office.show", round_key=key)
        if gone:
            label = _("Tìm người thay trong hội đồng “%(name)s”", name=names.get(key, key))
            yield Todo(label, href, gone, _("Có người từ chối hoặc đã thôi tham gia."), due)
        if waiting:
            label = _("Theo dõi lời mời vào hội đồng “%(name)s”", name=names.get(key, key))
            yield Todo(label, href, waiting, _("Người được mời chưa trả lời nên chưa được phân công."), due)


def _result_todos(edition: EditionView, standing: Standing, now: datetime) -> Iterable[Todo]:
    judging, href = edition.phase(PhaseKind.JUDGING), url_for("results_office.index")
    due = _closes(edition, PhaseKind.RESULTS)
    votes_done = standing.is_frozen or edition.phase(PhaseKind.VOTING) is None
    if standing.has_decision:
        yield Todo(_("Công bố kết quả"), href, None, _("Quyết định đã ghi. Công bố kèm gói kiểm chứng."), due)
    elif standing.has_computation:
        yield Todo(_("Ghi quyết định của Ban Tổ chức"), href, None,
                   _("Đã tính và có đề xuất; chỗ nào khác đề xuất cần lý do."), due)  # fmt: skip
    elif judging is not None and now >= judging.closes_at and votes_done:
        yield Todo(_("Tính kết quả"), href, None, _("Chấm điểm đã xong; mọi bước tính được ghi lại."), due)


def _from_outreach(edition: EditionView, now: datetime) -> Iterable[Todo]:
    for one in outreach_todo(edition, now):
        arguments: dict[str, Any] = dict(one.args)
        yield Todo(one.label, url_for(one.endpoint, **arguments), one.count, "", one.due)


def _from_privacy(edition: EditionView) -> Iterable[Todo]:
    """Requests about personal data run by the real time; what is due is told on the edition's clock. One query."""
    found = privacy_waiting(real_now())
    if found.next_due is None:
        return
    note = _("%(count)s yêu cầu đã quá hạn.", count=found.overdue) if found.overdue else ""
    href = url_for("privacy_office.index")
    due = found.next_due + edition.clock_offset
    yield Todo(_("Trả lời yêu cầu về dữ liệu cá nhân"), href, found.open, note, due)


def _queue(state: str) -> str:
    return f"{url_for('entries_office.index')}?trang-thai={state}"


def _closes(edition: EditionView, kind: PhaseKind) -> datetime | None:
    phase = edition.phase(kind)
    return None if phase is None else phase.closes_at


def _shown(one: Todo, now: datetime, language: str) -> dict[str, Any]:
    late = one.due is not None and one.due <= now
    due = ""
    if one.due is not None:
        due = _("quá hạn") if late else formats.left(one.due, now, language)
    note = one.note
    if one.due is not None:
        by_when = _("Hạn: %(when)s.", when=formats.deadline_long(one.due, language))
        note = f"{note} {by_when}".strip()
    return {"label": one.label, "href": one.href, "count": one.count, "note": note, "due": due, "done": False}


def _coming(edition: EditionView, now: datetime, language: str) -> str:
    """The next turn of the edition in words; empty after the last."""
    turns = [(phase.closes_at, False, phase) for phase in edition.phases if now < phase.closes_at]
    turns += [(phase.opens_at, True, phase) for phase in edition.phases if now < phase.opens_at]
    if not turns:
        return ""
    at, opens, phase = min(turns, key=lambda turn: turn[:2])
    name = phase.name.in_(language)
    if opens:
        when = formats.date_long(at, language)
        return str(_("Mốc kế tiếp: %(phase)s mở %(when)s.", phase=name, when=when))
    when = formats.deadline_long(at, language)
    return str(_("Mốc kế tiếp: %(phase)s đóng %(when)s.", phase=name, when=when))


def _timeline(edition: EditionView, now: datetime, language: str) -> Iterable[dict[str, Any]]:
    for phase in edition.phases:
        is_open = phase.is_open(now)
        is_marked = any(
            (phase.facts.get(end) or {}).get("mark") == "illustration" for end in ("opens", "closes")
        )
        if is_open:
            note = formats.left(phase.closes_at, now, language)
        elif now < phase.opens_at:
            note = _("chưa mở")
        else:
            note = _("đã qua")
        yield {
            "when": f"{formats.date(phase.opens_at, language)} – {formats.deadline(phase.closes_at, language)}",
            "what": phase.name,
            "note": ", ".join([note, _("mốc minh họa")] if is_marked else [note]),
            "state": "waiting" if is_open else ("draft" if now < phase.opens_at else "fine"),
        }


def _state_rows(standing: Standing, language: str) -> tuple[charts.Bar, ...]:
    words = {
        State.DRAFT: _("Đang soạn"),
        State.SUBMITTED: _("Chờ kiểm tra"),
        State.RETURNED: _("Đã trả lại"),
        State.REVISING: _("Người nộp đang sửa"),
        State.ACCEPTED: _("Đã chấp nhận"),
        State.REFUSED: _("Không được chấp nhận"),
        State.WITHDRAWN: _("Đã rút"),
    }
    return charts.bars(
        [
            (word, standing.by_state[state], formats.number(standing.by_state[state], language))
            for state, word in words.items()
        ]
    )


def _by_day(instants: Iterable[datetime | None], now: datetime) -> list[tuple[str, int]]:
    """How many of `instants` fall on each of the last DAYS days, today last."""
    first = local(now).date() - timedelta(days=DAYS - 1)
    counted = dict.fromkeys((first + timedelta(days=number) for number in range(DAYS)), 0)
    for at in instants:
        day = local(at).date() if at is not None else None
        if day in counted:
            counted[day] += 1
    return [(day.strftime("%d/%m"), number) for day, number in counted.items()]


def _daily(edition: EditionView, now: datetime, language: str) -> Daily | None:
    """What came in by day: locked sheets while judging runs, dossiers else; None when nothing did. One query."""
    since = now - timedelta(days=DAYS + 1)
    is_judging = edition.is_open(PhaseKind.JUDGING, now)
    if is_judging:
        ask = select(Sheet.locked_at).where(Sheet.edition_id == edition.id, Sheet.locked_at >= since)
    else:
        ask = select(Entry.submitted_at).where(Entry.edition_id == edition.id, Entry.submitted_at >= since)
    days = _by_day(session().scalars(ask), now)
    total = sum(number for _label, number in days)
    if not total:
        return None
    count = formats.number(total, language)
    return Daily(
        title=_("Phiếu khóa theo ngày") if is_judging else _("Hồ sơ nộp theo ngày"),
        sentence=_("%(count)s phiếu khóa trong %(days)s ngày qua.", count=count, days=DAYS)
        if is_judging
        else _("%(count)s hồ sơ nộp trong %(days)s ngày qua.", count=count, days=DAYS),
        noun=_("Số phiếu") if is_judging else _("Số hồ sơ"),
        drawing=charts.line([(label, number, formats.number(number, language)) for label, number in days]),
    )


def _last_deeds(now: datetime, language: str) -> Iterable[dict[str, Any]]:
    ask = select(AuditRecord).where(AuditRecord.action.in_(DEEDS), AuditRecord.at <= now)
    ask = ask.where(AuditRecord.subject.not_in(barred_names()))
    ask = ask.order_by(AuditRecord.seq.desc()).limit(LAST_DEEDS)
    for record in session().scalars(ask):
        yield {
            "when": formats.datetime_(record.at, language),
            "what": deed_words(record.action),
            "who": clean_line(f"{record.subject} · {record.actor_name}"),
            "note": None,
            "state": "draft",
        }
