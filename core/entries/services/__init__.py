"""Writes of this room, by subject. Others import them from here."""

from core.entries.services.author_invitations import (
    confirm_asked,
    confirm_by_link,
    confirm_own,
    decline_asked,
    decline_by_link,
    decline_own,
    invite_author,
    open_ask,
    open_invitation,
    record_paper,
    take_back,
)
from core.entries.services.authors import equal_shares, invite_all, save_authors
from core.entries.services.drafts import save_draft, start_draft
from core.entries.services.files import attach, detach
from core.entries.services.own_part import own_draft, save_own_part
from core.entries.services.parts import FormOutcome, SavedPart, save_form, save_part, unsaved_errors
from core.entries.services.publishing import publish, unpublish
from core.entries.services.revising import keep, revise, settle
from core.entries.services.rights import hand_over, set_right
from core.entries.services.screening import accept, refuse, reopen, return_
from core.entries.services.submission import check, check_all, submit, withdraw

__all__ = [
    "FormOutcome",
    "SavedPart",
    "accept",
    "attach",
    "check",
    "check_all",
    "confirm_asked",
    "confirm_by_link",
    "confirm_own",
    "decline_asked",
    "decline_by_link",
    "decline_own",
    "detach",
    "equal_shares",
    "hand_over",
    "invite_all",
    "invite_author",
    "keep",
    "open_ask",
    "open_invitation",
    "own_draft",
    "publish",
    "record_paper",
    "refuse",
    "reopen",
    "return_",
    "revise",
    "save_authors",
    "save_draft",
    "save_form",
    "save_own_part",
    "save_part",
    "set_right",
    "settle",
    "start_draft",
    "submit",
    "take_back",
    "unpublish",
    "unsaved_errors",
    "withdraw",
]
