"""What a tenant decides about the search for conflicts."""

from __future__ import annotations

import re
from datetime import datetime

from flask_babel import gettext as _

from core.judging.conflict_facts import shared_domains
from core.judging.conflict_models import ConflictSettings
from core.judging.policies import require_manager
from core.kernel import audit
from core.kernel.actor import Actor
from core.kernel.db import lock_row, session
from core.kernel.errors import Invalid
from core.kernel.prepared import insert_once

MOST_DOMAINS = 200
_DOMAIN = re.compile(r"(?=.{4,253}$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+")


def share_domains(typed: str, *, actor: Actor, now: datetime) -> bool:
    """Let the domains of mail that are typed (one a line, or with commas) tie nobody; returns whether that changed.

    Raises Forbidden, Invalid at `domains`.
    """
    require_manager(actor)
    wanted = sorted({one.lower().rpartition("@")[2] for one in re.split(r"[\s,;]+", typed) if one})
    wrong = [one for one in wanted if not _DOMAIN.fullmatch(one)]
    if wrong:
        raise Invalid.one("domains", _("“%(domain)s” không phải là tên miền thư.", domain=wrong[0][:100]))
    if len(wanted) > MOST_DOMAINS:
        raise Invalid.one("domains", _("Tối đa %(count)s tên miền.", count=MOST_DOMAINS))
    before = sorted(shared_domains())
    if before == wanted:
        return False
    insert_once(ConflictSettings, (), {"shared_domains": []})
    lock_row(ConflictSettings).shared_domains = wanted
    session().flush()
    data = {"from": before, "to": wanted}
    audit.append("conflict.shared_domains_changed", "conflicts", data, actor=actor, now=now)
    return True
