"""Requests of people about their data: asked, acknowledged, extended once, done, refused, taken back."""

from __future__ import annotations

import re
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import func, select

from core.kernel import audit
from core.kernel.actor import SYSTEM, Actor
from core.kernel.db import session
from core.kernel.errors import Invalid
from core.kernel.events import listens_to
from core.kernel.ids import spoken_code, token
from core.kernel.prepared import insert_once
from core.kernel.text import clean
from core.people.consents import PUBLISHING, consent_text
from core.people.events import ConsentWithdrawn
from core.privacy import letters
from core.privacy.due import extended, terms_of
from core.privacy.errors import RequestMoved
from core.privacy.models import DataRequest
from core.privacy.policies import require_committee
from core.privacy.settings import current_settings
from core.privacy.states import Kind, Move, State, transition
from core.privacy.words import office_badge

LONGEST = 5000
MOST_OPEN = 20
_TOKEN = re.compile(r"[A-Za-z0-9_-]{20,64}")


def ask(kind: str, text: str, *, form_token: str, actor: Actor, now: datetime) -> DataRequest:
    """Take in a request of the actor; the same `form_token` always gives the same request.

    Raises Invalid at `kind` or `text`, and when too many of the actor's requests are open.
    """
    text, errors = clean(text), {}
    if kind not in set(Kind) - {Kind.WITHDRAW}:
        errors["kind"] = [_("Bạn hãy chọn điều bạn yêu cầu.")]
    if not text:
        errors["text"] = [_("Bạn hãy viết rõ bạn muốn gì, về dữ liệu nào.")]
    if len(text) > LONGEST:
        over = len(text) - LONGEST
        errors["text"] = [_("Dài quá %(over)s ký tự. Bạn hãy viết gọn lại.", over=over)]
    if not _TOKEN.fullmatch(form_token):
        errors[""] = [_("Trang này đã cũ. Bạn hãy tải lại trang rồi gửi lại.")]
    if errors:
        raise Invalid(errors)
    return _take_in(Kind(kind), text, None, form_token=form_token, actor=actor, now=now)


@listens_to(ConsentWithdrawn)
def ask_to_unpublish(event: ConsentWithdrawn) -> None:
    """A consent to publish was withdrawn: the committee is asked to take down what rests on it."""
    if event.purpose not in PUBLISHING:
        return
    text = consent_text(event.purpose)
    name = event.purpose if text is None else text.name.vi
    words = _("Người này đã rút lại sự đồng ý: %(name)s. Xin xét gỡ những gì đã đăng dựa trên đó.", name=name)
    actor = Actor(id=event.account_id, name=SYSTEM.name)
    ask_to_stop(words, event.purpose, form_token=token(), actor=actor, now=event.at)


def ask_to_stop(words: str, purpose: str, *, form_token: str, actor: Actor, now: datetime) -> DataRequest:
    """A request that a withdrawn consent makes by itself, in the name of `actor`; it is never one too many."""
    return _take_in(Kind.WITHDRAW, words, purpose, form_token=form_token, actor=actor, now=now)


def acknowledge(request: DataRequest, *, actor: Actor, now: datetime) -> DataRequest:
    """Tell the person that the request has arrived and is being worked on. Doing it twice changes nothing."""
    require_committee(actor)
    session().refresh(request, with_for_update=True)
    if request.state == State.ACKNOWLEDGED:
        return request
    request.acknowledged_at = now
    return _move(request, Move.ACKNOWLEDGE, "", actor=actor, now=now)


def extend(request: DataRequest, *, reason: str, actor: Actor, now: datetime) -> DataRequest:
    """Give the office more time, once, with the reason for the person."""
    require_committee(actor)
    session().refresh(request, with_for_update=True)
    request = _move(request, Move.EXTEND, reason, actor=actor, now=now, tell=False)
    request.extended_why = clean(reason)
    request.extended_at = now
    request.acknowledged_at = request.acknowledged_at or now
    request.due_at = extended(Kind(request.kind), request.due_at)
    session().flush()
    letters.send_step(request, now=now)
    return request


def finish(request: DataRequest, *, answer: str, actor: Actor, now: datetime) -> DataRequest:
    """Close the request as done; `answer` tells the person what was done."""
    require_committee(actor)
    session().refresh(request, with_for_update=True)
    return _move(request, Move.FINISH, answer, actor=actor, now=now)


def finish_silently(request: DataRequest, *, answer: str, actor: Actor, now: datetime) -> DataRequest:
    """`finish` for a caller that holds the request locked and writes to the person itself."""
    return _move(request, Move.FINISH, answer, actor=actor, now=now, tell=False)


def refuse(request: DataRequest, *, answer: str, actor: Actor, now: datetime) -> DataRequest:
    """Close the request without doing it; `answer` is the reason."""
    require_committee(actor)
    session().refresh(request, with_for_update=True)
    return _move(request, Move.REFUSE, answer, actor=actor, now=now)


def take_back(request: DataRequest, *, actor: Actor, now: datetime) -> DataRequest:
    """The person takes their own open request back. Doing it twice changes nothing."""
    session().refresh(request, with_for_update=True)
    if request.state == State.TAKEN_BACK:
        return request
    return _move(request, Move.TAKE_BACK, "", actor=actor, now=now)


def _take_in(
    kind: Kind, text: str, purpose: str | None, *, form_token: str, actor: Actor, now: datetime
) -> DataRequest:
    held = select(DataRequest).where(DataRequest.form_token == form_token, DataRequest.account_id == actor.id)
    known = session().scalars(held).one_or_none()
    if known is not None:
        return known
    count = select(func.count()).select_from(DataRequest)
    count = count.where(DataRequest.account_id == actor.id, DataRequest.closed_at.is_(None))
    if purpose is None and session().scalars(count).one() >= MOST_OPEN:
        sentence = _("Bạn đang có %(most)s yêu cầu chờ trả lời; xin đợi hoặc rút bớt.", most=MOST_OPEN)
        raise Invalid.one("", sentence)
    terms = terms_of(kind, now, current_settings().holidays)
    values = {
        "account_id": actor.id,
        "code": spoken_code(10),
        "form_token": form_token,
        "kind": str(kind),
        "purpose": purpose,
        "text": text,
        "state": str(State.RECEIVED),
        "received_at": now,
        "acknowledge_by": terms.acknowledge_by,
        "due_at": terms.answer_by,
    }
    is_new = insert_once(DataRequest, ("form_token",), values)
    request = session().scalars(held).one_or_none()
    if request is None:
        raise Invalid.one("", _("Trang này đã cũ. Bạn hãy tải lại trang rồi gửi lại."))
    if is_new:
        data = {"kind": str(kind), "purpose": purpose}
        audit.append("data_request.received", request.code, data, actor=actor, now=now)
        letters.send_step(request, now=now)
    return request


def _move(
    request: DataRequest, move: Move, words: str, *, actor: Actor, now: datetime, tell: bool = True
) -> DataRequest:
    line = transition(request.state, move)
    if line is None:
        label = office_badge(request.state).label
        raise RequestMoved(_("Yêu cầu này đã ở trạng thái “%(state)s”. Bạn hãy tải lại trang.", state=label))
    words = clean(words)
    if line.words and not words:
        raise Invalid.one("words", _("Bạn hãy viết cho người gửi: họ đọc được câu này."))
    if len(words) > LONGEST:
        raise Invalid.one("words", _("Dài quá %(over)s ký tự.", over=len(words) - LONGEST))
    request.state = str(line.target)
    if line.target in (State.DONE, State.REFUSED, State.TAKEN_BACK):
        request.closed_at = now
        request.answer = words or None
    session().flush()
    # The words stay in the request, encrypted: the log may be shown to strangers.
    audit.append(f"data_request.{line.target}", request.code, {"kind": request.kind}, actor=actor, now=now)
    if tell:
        letters.send_step(request, now=now)
    return request
