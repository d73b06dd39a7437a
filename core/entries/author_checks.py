"""What stands against the list of authors of a dossier, by the policy of its edition. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from core.entries.models import EntryAuthor
from core.kernel.formats import score
from core.plugin_api import AuthorPolicy, Confirmation, Finding, Severity, Text

NUMBER, SHARES, CONFIRMATION = "author_number", "author_shares", "author_confirmation"
AUTHOR_CHECKS = frozenset((NUMBER, SHARES, CONFIRMATION))
WHOLE = Decimal(100)
_NAMED = 3


def author_findings(code: str, authors: Sequence[EntryAuthor], policy: AuthorPolicy) -> Iterator[Finding]:
    """Too many authors, shares that are missing or do not add up to 100, authors who have not confirmed."""
    if policy.max_authors is not None and len(authors) > policy.max_authors:
        message = Text(
            f"Hồ sơ có {len(authors)} tác giả, nhiều nhất {policy.max_authors}.",
            f"There are {len(authors)} authors; at most {policy.max_authors} are allowed.",
        )
        yield _finding(code, NUMBER, Severity.BLOCK, message, policy)
    if policy.shares and authors:
        yield from _shares(code, authors, policy)
    if policy.confirmation is not Confirmation.OFF:
        yield from _confirmations(code, authors, policy)


def sum_of(authors: Sequence[EntryAuthor]) -> Decimal:
    """What the shares add up to, in percent."""
    return sum((one.share for one in authors if one.share is not None), Decimal(0))


def _shares(code: str, authors: Sequence[EntryAuthor], policy: AuthorPolicy) -> Iterator[Finding]:
    missing = [one.name for one in authors if one.share is None]
    if missing:
        message = Text(
            f"Chưa ghi tỷ lệ đóng góp của {_names(missing, 'vi')}.",
            f"The share is missing: {_names(missing, 'en')}.",
        )
        yield _finding(code, SHARES, Severity.BLOCK, message, policy)
        return
    total = sum_of(authors)
    if total != WHOLE:
        message = Text(
            f"Tỷ lệ đóng góp của các tác giả cộng lại là {score(total)} %, cần đúng 100 %.",
            f"The shares of the authors add up to {score(total, 'en')} %; they must make exactly 100 %.",
        )
        yield _finding(code, SHARES, Severity.BLOCK, message, policy)


def _confirmations(code: str, authors: Sequence[EntryAuthor], policy: AuthorPolicy) -> Iterator[Finding]:
    severity = Severity.BLOCK if policy.confirmation is Confirmation.BLOCK else Severity.WARN
    declined = [one.name for one in authors if one.declined_at is not None]
    if declined:
        message = Text(
            f"Đã từ chối xác nhận: {_names(declined, 'vi')}. Sửa danh sách cho đúng rồi mời lại.",
            f"Declined to confirm: {_names(declined, 'en')}. Mend the list and invite again.",
        )
        yield _finding(code, CONFIRMATION, severity, message, policy)
    waiting = [one.name for one in authors if one.confirmed_at is None and one.declined_at is None]
    if waiting:
        message = Text(
            f"Chưa xác nhận vai trò của mình: {_names(waiting, 'vi')}.",
            f"Not confirmed yet: {_names(waiting, 'en')}.",
        )
        yield _finding(code, CONFIRMATION, severity, message, policy)


def _names(names: Sequence[str], language: str) -> str:
    """The first names, and how many more there are: a list of thirty is no sentence."""
    if len(names) <= _NAMED:
        return ", ".join(names)
    rest = len(names) - _NAMED
    more = f"và {rest} người nữa" if language == "vi" else f"and {rest} more"
    return f"{', '.join(names[:_NAMED])} {more}"


def _finding(code: str, check: str, severity: Severity, message: Text, policy: AuthorPolicy) -> Finding:
    return Finding(code, check, severity, message, policy.clause, "authors")
