"""What the pages of authors show, computed before the template: lines with their state, sums, rights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from flask_babel import gettext as _

from core.entries.author_checks import WHOLE
from core.entries.author_schema import PARTS
from core.entries.models import AuthorInvitation, Entry, EntryAuthor
from core.entries.queries import rights_on
from core.entries.rights import Right
from core.entries.schemas import AUTHORS_MAX
from core.entries.services.author_rows import ON_PAPER, AuthorLine
from core.entries.words import Badge, role_name, share_text
from core.kernel.formats import datetime_, score
from core.kernel.i18n import locale
from core.people.queries import accounts_by_id
from core.plugin_api import AuthorRole


@dataclass(frozen=True, slots=True)
class AuthorState:
    """Where an author stands: a badge, a sentence, and what can be done next."""

    badge: Badge
    note: str
    can_invite: bool = False
    is_invited: bool = False
    on_paper: bool = False
    can_record_paper: bool = False


@dataclass(frozen=True, slots=True)
class AuthorRow:
    """One author on the page: what is typed in the form, and the state of the row behind it (None for a new one)."""

    values: Mapping[str, str]
    state: AuthorState | None
    is_open: bool
    is_mine: bool

    @property
    def heading(self) -> str:
        """The name, as far as it is known."""
        return self.values["name"] or str(_("Tác giả mới"))


@dataclass(frozen=True, slots=True)
class ShareSum:
    """What the shares add up to, in words: the sum, and what is missing or too much."""

    total: str
    note: str
    is_whole: bool


@dataclass(frozen=True, slots=True)
class RightRow:
    """A person with an account who takes part in the dossier, and the right given; None for none."""

    account_id: UUID
    name: str
    is_author: bool
    right: Right | None


def state_of(author: EntryAuthor, held: AuthorInvitation | None, now: datetime) -> AuthorState:
    """Where an author stands at `now`."""
    if author.confirmed_at is not None:
        return _confirmed(author, author.confirmed_at)
    if author.declined_at is not None:
        note = _("%(when)s. Lý do: %(why)s", when=_at(author.declined_at), why=author.decline_reason)
        return AuthorState(Badge("refused", _("Từ chối xác nhận")), note, can_invite=held is not None)
    if held is None:
        note = _("Ghi thư điện tử để mời, hoặc ghi nhận khi người này đã ký trên bản giấy.")
        return AuthorState(Badge("draft", _("Chưa mời")), note, can_record_paper=True)
    if held.digest is not None and held.sent_at is not None and held.expires_at is not None:
        if held.expires_at <= now:
            note = _("Gửi %(when)s, quá 30 ngày chưa trả lời.", when=_at(held.sent_at))
            return AuthorState(
                Badge("draft", _("Lời mời đã quá hạn")), note, can_invite=True, can_record_paper=True
            )
        note = _(
            "Gửi %(when)s; liên kết dùng được đến %(until)s.",
            when=_at(held.sent_at),
            until=_at(held.expires_at),
        )
        return AuthorState(
            Badge("waiting", _("Đã mời, chờ xác nhận")),
            note,
            can_invite=True,
            is_invited=True,
            can_record_paper=True,
        )
    if held.asked_again:
        note = _("Tên, vai trò hoặc tỷ lệ đã đổi sau khi người này xác nhận.")
        return AuthorState(
            Badge("waiting", _("Cần xác nhận lại")), note, can_invite=True, can_record_paper=True
        )
    if held.sent_at is not None:
        note = _("Lời mời trước không còn dùng được.")
        return AuthorState(Badge("draft", _("Cần mời lại")), note, can_invite=True, can_record_paper=True)
    return AuthorState(Badge("draft", _("Chưa mời")), "", can_invite=True, can_record_paper=True)


def _confirmed(author: EntryAuthor, at: datetime) -> AuthorState:
    if author.confirmed_how == ON_PAPER:
        note = _("Ghi nhận %(when)s.", when=_at(at))
        return AuthorState(Badge("fine", _("Đã ký trên bản giấy")), note, on_paper=True)
    return AuthorState(Badge("fine", _("Đã xác nhận")), _at(at))


def typed_of(line: AuthorLine) -> dict[str, str]:
    """A line as the form shows it, written the Vietnamese way."""
    return {
        "id": "" if line.id is None else str(line.id),
        "name": line.name,
        "role": line.role,
        "birth_year": "" if line.birth_year is None else str(line.birth_year),
        "workplace": line.workplace,
        "share": share_typed(line.share),
        "email": line.email,
    }


def share_typed(share: Decimal | None) -> str:
    """A share for its control: "33,34", no idle zeros."""
    return "" if share is None else format(share, "f").rstrip("0").rstrip(".").replace(".", ",")


def form_rows(
    typed: Sequence[Mapping[str, str]],
    authors: Mapping[str, EntryAuthor],
    reached: Mapping[UUID, AuthorInvitation],
    errors: Mapping[str, Sequence[str]],
    *,
    wanted: int,
    account_id: UUID | None,
    now: datetime,
) -> list[AuthorRow]:
    """The rows of the form: those typed, at least `wanted`. With few authors, and where something is amiss, all of a
    row stands open.
    """
    rows = [dict(one) for one in typed]
    missing = min(max(wanted, 1), AUTHORS_MAX) - len(rows)
    empty = dict.fromkeys(PARTS, "") | {"role": str(AuthorRole.MEMBER)}
    rows += [dict(empty) for _row in range(missing)]
    made = []
    for place, row in enumerate(rows):
        author = authors.get(row["id"])
        state = None if author is None else state_of(author, reached.get(author.id), now)
        is_wrong = any(path.startswith(f"authors.{place}.") for path in errors)
        is_mine = author is not None and account_id is not None and author.account_id == account_id
        made.append(AuthorRow(row, state, is_wrong or author is None or len(rows) <= 3, is_mine))
    return made


def sum_words(shares: Sequence[Decimal | None]) -> ShareSum:
    """The sum of the shares for reading."""
    total = sum((one for one in shares if one is not None), Decimal(0))
    rest = WHOLE - total
    if rest == 0:
        note = ""
    elif rest > 0:
        note = _("còn thiếu %(rest)s %%", rest=score(rest, locale()))
    else:
        note = _("thừa %(rest)s %%", rest=score(-rest, locale()))
    return ShareSum(share_text(total) if total else "0 %", note, rest == 0)


def listed(
    authors: Sequence[EntryAuthor], reached: Mapping[UUID, AuthorInvitation], now: datetime
) -> list[dict[str, Any]]:
    """The authors for reading: name, role, share, state. No address."""
    return [
        {
            "author": one,
            "role": role_name(one.role),
            "share": "" if one.share is None else share_text(one.share),
            "state": state_of(one, reached.get(one.id), now),
        }
        for one in authors
    ]


def right_rows(entry: Entry, authors: Sequence[EntryAuthor]) -> list[RightRow]:
    """Who beside the owner has an account in this dossier, authors first, and what each may do. Two queries."""
    given = rights_on(entry)
    by_author = [one.account_id for one in authors if one.account_id is not None]
    ids = [one for one in dict.fromkeys([*by_author, *given]) if one != entry.owner_id]
    known = accounts_by_id(ids)
    return [RightRow(one, known[one].name, one in by_author, given.get(one)) for one in ids if one in known]


def _at(instant: datetime) -> str:
    return datetime_(instant, locale())
