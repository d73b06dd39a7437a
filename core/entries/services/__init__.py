"""Writes of this room, by subject. Others import them from here."""

from core.entries.services.drafts import save_draft, start_draft
from core.entries.services.files import attach, detach
from core.entries.services.parts import FormOutcome, SavedPart, save_form, save_part, unsaved_errors
from core.entries.services.publishing import publish, unpublish
from core.entries.services.screening import accept, refuse, return_
from core.entries.services.submission import check, check_all, submit, withdraw

__all__ = [
    "FormOutcome",
    "SavedPart",
    "accept",
    "attach",
    "check",
    "check_all",
    "detach",
    "publish",
    "refuse",
    "return_",
    "save_draft",
    "save_form",
    "save_part",
    "start_draft",
    "submit",
    "unpublish",
    "unsaved_errors",
    "withdraw",
]
