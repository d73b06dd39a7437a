"""Writes of this room, by subject. Others import them from here."""

from core.entries.services.drafts import save_draft, start_draft
from core.entries.services.files import attach, detach
from core.entries.services.publishing import publish, unpublish
from core.entries.services.screening import accept, refuse, return_
from core.entries.services.submission import check, check_all, submit, withdraw

__all__ = [
    "accept",
    "attach",
    "check",
    "check_all",
    "detach",
    "publish",
    "refuse",
    "return_",
    "save_draft",
    "start_draft",
    "submit",
    "unpublish",
    "withdraw",
]
