"""Letters about new material: that it is wanted, that it came, and that it came after a judge had locked."""

from __future__ import annotations

from datetime import datetime

from core.contests.values import EditionView
from core.entries.models import Entry
from core.judging.material_models import MaterialCall, MaterialReceipt
from core.judging.policies import round_of
from core.kernel.formats import by_when, datetime_
from core.letters.post import Reader, bound_tenant, language_for, send_letter, site_address
from core.people.models import Account
from core.people.services.mails import reached_at


def tell_wanted(
    edition: EditionView, call: MaterialCall, entry: Entry, account: Account, *, now: datetime
) -> None:
    """Tell the owner of an entry, once, that more is asked of it."""
    values = _values(edition, call, entry, account) | {"ghi_chu": call.note}
    _send("material-wanted", entry, account, values, once=f"material:{call.id}:{entry.id}", now=now)


def tell_received(
    edition: EditionView,
    call: MaterialCall,
    entry: Entry,
    account: Account,
    *,
    receipt: MaterialReceipt,
    now: datetime,
) -> None:
    """Give the owner of an entry the receipt of what came."""
    values = _values(edition, call, entry, account)
    values |= {"ma_bien_nhan": receipt.code, "sha256": receipt.sha256}
    _send("material-received", entry, account, values, once=f"material-got:{receipt.id}", now=now)


def tell_came_late(
    edition: EditionView,
    round_key: str,
    entry: Entry,
    account: Account,
    *,
    receipt: MaterialReceipt,
    once: str,
    now: datetime,
) -> None:
    """Tell a judge that an entry sent more after he had locked his sheet: by its code, since he may read it blind."""
    language = language_for(account.language, bound_tenant().profile)
    values = {
        "ma_ho_so": entry.code or "",
        "vong_cham": round_of(edition, round_key).name.in_(language),
        "luc_gui": datetime_(receipt.at, language),
        "ban_to_chuc": edition.rules.terms().committee.in_(language),
        "ky_thi": edition.name.in_(language),
        "dia_chi": f"{site_address()}/cham-thi/{round_key}/{entry.code}",
    }
    _send("material-late", entry, account, values, once=once, now=now)


def _values(edition: EditionView, call: MaterialCall, entry: Entry, account: Account) -> dict[str, str]:
    language = language_for(account.language, bound_tenant().profile)
    return {
        "ten_ho_so": entry.title,
        "ma_ho_so": entry.code or "",
        "vong_cham": round_of(edition, call.round).name.in_(language),
        "ban_to_chuc": edition.rules.terms().committee.in_(language),
        "ky_thi": edition.name.in_(language),
        "dia_chi": f"{site_address()}/du-thi/{entry.ref}/tai-lieu-bo-sung",
        "truoc_han": by_when(call.closes_at, language),
    }


def _send(
    key: str, entry: Entry, account: Account, values: dict[str, str], *, once: str, now: datetime
) -> None:
    reader = Reader(reached_at(account), account.name, account.language)
    send_letter(key, reader, values, about=entry.code or entry.ref, once=once, now=now)
