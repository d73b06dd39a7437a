"""Writes of the room: the councils and their rounds, and the score sheets."""

from core.judging.services.answers import (
    accept_seat,
    access_own_seat,
    decline_seat,
    leave_seat,
    own_seat_in,
    pledge_of,
    pledge_of_seat,
    sign_pledge,
)
from core.judging.services.changes import change_scores
from core.judging.services.conflict_search import suspect
from core.judging.services.conflicts import decide, declare
from core.judging.services.council import appoint_judge, open_round, withdraw_judge
from core.judging.services.deliberations import close_deliberation, lead, open_deliberation
from core.judging.services.groups import GroupFacts, remove_group, save_group
from core.judging.services.putting_off import put_off, take_up
from core.judging.services.reserves import FreedWork, freed_work, reserves_of, step_in
from core.judging.services.seats import (
    CouncilFacts,
    access_council,
    access_seat,
    change_role,
    invite_like,
    invite_to_council,
    is_closed,
    remind,
    save_council,
    unseat,
)
from core.judging.services.sheets import (
    abstain,
    abstain_for_good,
    lock_all_ready,
    lock_sheet,
    save_scores,
    take_back_abstention,
)

__all__ = [
    "CouncilFacts",
    "FreedWork",
    "GroupFacts",
    "abstain",
    "abstain_for_good",
    "accept_seat",
    "access_council",
    "access_own_seat",
    "access_seat",
    "appoint_judge",
    "change_role",
    "change_scores",
    "close_deliberation",
    "decide",
    "declare",
    "decline_seat",
    "freed_work",
    "invite_like",
    "invite_to_council",
    "is_closed",
    "lead",
    "leave_seat",
    "lock_all_ready",
    "lock_sheet",
    "open_deliberation",
    "open_round",
    "own_seat_in",
    "pledge_of",
    "pledge_of_seat",
    "put_off",
    "remind",
    "remove_group",
    "reserves_of",
    "save_council",
    "save_group",
    "save_scores",
    "sign_pledge",
    "step_in",
    "suspect",
    "take_back_abstention",
    "take_up",
    "unseat",
    "withdraw_judge",
]
