"""Recording that a guardian agreed for a child among the authors, and that they no longer do."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from core.contests.values import EditionView
from core.entries.models import Entry
from core.entries.policies import side_of
from core.entries.states import By
from core.kernel import audit
from core.kernel.actor import Actor
from core.kernel.db import session
from core.kernel.errors import Forbidden, Invalid, NotFound
from core.kernel.ids import token
from core.kernel.prepared import insert_once
from core.kernel.text import clean_line
from core.privacy.ages import may_be_minor, must_agree_too, reference_day
from core.privacy.guardian_texts import TEXTS
from core.privacy.guardians import author_at, author_digest
from core.privacy.models import Guardian
from core.privacy.services.requests import ask_to_stop

RELATIONS = ("parent", "grandparent", "guardian", "representative")


def record_guardian(
    entry: Entry,
    edition: EditionView,
    position: int,
    typed: Mapping[str, str],
    *,
    actor: Actor,
    now: datetime,
) -> Guardian:
    """Keep who acts for the author at `position`, under the present text; recording it again renews it.

    Raises Invalid at name, relation, contact, guardian_agrees, child_agrees; NotFound for who is no child.
    """
    _require_owner(entry, actor)
    author = author_at(entry, position)
    day = reference_day(edition)
    if author is None or author.birth_year is None or not may_be_minor(author.birth_year, day):
        raise NotFound
    child_agreed = typed.get("child_agrees") == "1"
    values = {key: clean_line(typed.get(key, "")) for key in ("name", "relation", "contact")}
    _require(values, typed, needs_child=must_agree_too(author.birth_year, day), child_agreed=child_agreed)
    digest = author_digest(entry.id, author.name)
    values_ = {
        **values,
        "text_version": TEXTS[0].version,
        "child_agreed": child_agreed,
        "given_at": now,
        "recorded_by": actor.id,
    }
    insert_once(Guardian, ("entry_id", "author"), {"entry_id": entry.id, "author": digest, **values_})
    ask = select(Guardian).where(Guardian.entry_id == entry.id, Guardian.author == digest)
    row = session().scalars(ask.with_for_update()).one()
    for key, value in values_.items():
        setattr(row, key, value)
    row.withdrawn_at = None
    session().flush()
    data = {"position": position, "version": row.text_version, "child": child_agreed}
    audit.append("guardian.agreed", entry.code or entry.ref, data, actor=actor, now=now)
    return row


def withdraw_guardian(entry: Entry, position: int, *, actor: Actor, now: datetime) -> None:
    """The guardian no longer agrees: a dossier that was handed in is brought before the committee.

    Doing it twice changes nothing.
    """
    _require_owner(entry, actor)
    author = author_at(entry, position)
    if author is None:
        raise NotFound
    digest = author_digest(entry.id, author.name)
    ask = select(Guardian).where(
        Guardian.entry_id == entry.id, Guardian.author == digest, Guardian.withdrawn_at.is_(None)
    )
    row = session().scalars(ask.with_for_update()).one_or_none()
    if row is None:
        return
    row.withdrawn_at = now
    session().flush()
    audit.append("guardian.withdrawn", entry.code or entry.ref, {"position": position}, actor=actor, now=now)
    if entry.version > 0:
        words = _("Người giám hộ của một tác giả hồ sơ %(code)s đã rút lại sự đồng ý.", code=entry.code)
        ask_to_stop(words, "guardian", form_token=token(), actor=actor, now=now)


def _require(
    values: Mapping[str, str], typed: Mapping[str, str], *, needs_child: bool, child_agreed: bool
) -> None:
    errors: dict[str, list[str]] = {}
    if not 2 <= len(values["name"]) <= 200:
        errors["name"] = [_("Bạn hãy ghi họ và tên người giám hộ, không quá 200 ký tự.")]
    if values["relation"] not in RELATIONS:
        errors["relation"] = [_("Bạn hãy chọn quan hệ với em.")]
    if not 5 <= len(values["contact"]) <= 300:
        errors["contact"] = [_("Bạn hãy ghi số điện thoại hoặc địa chỉ để liên hệ, không quá 300 ký tự.")]
    if typed.get("guardian_agrees") != "1":
        errors["guardian_agrees"] = [_("Chưa có sự đồng ý của người giám hộ thì chưa nộp được hồ sơ.")]
    if needs_child and not child_agreed:
        errors["child_agrees"] = [_("Em từ đủ 7 tuổi: cần cả sự đồng ý của em.")]
    if errors:
        raise Invalid(errors)


def _require_owner(entry: Entry, actor: Actor) -> None:
    if side_of(actor, entry) is not By.OWNER:
        raise Forbidden(_("Bạn không có quyền với hồ sơ này."))
