"""The letters this room sends. The tenant signs them; the reader is addressed as in official letters."""

from __future__ import annotations

from datetime import datetime

from flask_babel import get_locale

from core.letters.post import Reader, send_letter, site_address
from core.people.models import Account
from core.people.services.codes import CODE_LIFE, INVITATION_LIFE


def send_code(account: Account, code: str, *, what: str, name: str, now: datetime) -> None:
    """Send a one-time code; `what` says what it is for ("xác nhận tài khoản"). It goes out in the page's language."""
    values = {"ma": code, "viec": what, "dia_chi": site_address()}
    send_letter("account-code", Reader(account.email, name, _here()), values, life=CODE_LIFE, now=now)


def send_known(account: Account, *, now: datetime) -> None:
    """Tell the owner of an address that somebody signed up with it again: the page itself does not say so."""
    values = {"dia_chi": f"{site_address()}/tai-khoan/dang-nhap"}
    to = Reader(account.email, account.name, account.language or _here())
    send_letter("account-known", to, values, now=now)


def send_invitation(account: Account, code: str, *, role: str, site: str, now: datetime) -> None:
    """Invite a person the committee named; `site` is the address of the tenant's pages."""
    values = {"ma": code, "vai_tro": role, "dia_chi": f"{site}/tai-khoan/dang-nhap/ma"}
    to = Reader(account.email, account.name, _here())
    send_letter("account-invitation", to, values, life=INVITATION_LIFE, now=now)


def _here() -> str:
    """The language of the page that asked for the letter."""
    language = get_locale()
    return "vi" if language is None else str(language.language)
