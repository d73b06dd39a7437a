"""What is refused in this room, each with what happened and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from flask_babel import gettext as _

from core.judging.values import SheetView
from core.kernel.errors import DomainError


class SheetLocked(DomainError):
    """The sheet is locked: nothing changes it any more."""

    kind = "sheet-locked"


class SheetAbstained(DomainError):
    """The judge abstained from this entry; the abstention must be taken back first, or is final."""

    kind = "sheet-abstained"


class SheetNotAbstained(DomainError):
    """There is no abstention to make final."""

    kind = "sheet-not-abstained"


class SheetConflict(DomainError):
    """The sheet was changed elsewhere since it was opened; `stored` and `typed` are both sides, nothing is lost.

    `fields` are the criteria (and `remark`) that stand otherwise on both sides.
    """

    kind = "sheet-conflict"

    def __init__(
        self,
        stored: SheetView,
        typed: Mapping[str, Decimal | None],
        remark: str | None,
        fields: tuple[str, ...] = (),
    ) -> None:
        super().__init__(
            _("Phiếu này vừa được lưu ở nơi khác. Chưa có gì bị ghi đè: bạn hãy chọn bản muốn giữ.")
        )
        self.stored = stored
        self.typed = dict(typed)
        self.remark = remark
        self.fields = fields


class SheetIncomplete(DomainError):
    """The sheet lacks criteria; `missing` are their keys."""

    status = 422
    kind = "sheet-incomplete"

    def __init__(self, message: str, missing: tuple[str, ...]) -> None:
        super().__init__(message)
        self.missing = missing


class RoundNotOpen(DomainError):
    """The round has not been opened, or a later one is open already."""

    kind = "round-not-open"


class RoundUnfinished(DomainError):
    """The next round waits until every sheet of the earlier one is locked or abstained from."""

    kind = "round-unfinished"


class StillDeliberated(RoundUnfinished):
    """The next round waits until the deliberations of the earlier one are closed: points may still change there."""


class PlanMoved(DomainError):
    """The proposal was changed or issued elsewhere since it was looked at."""

    kind = "plan-moved"


class PlanOutdated(DomainError):
    """The round is no longer what the proposal was made from."""

    kind = "plan-outdated"


class PledgeNeeded(DomainError):
    """The judge has not signed the pledge of the round `round_key`: no dossier opens before."""

    status = 403
    kind = "pledge-needed"

    def __init__(self, round_key: str) -> None:
        super().__init__(
            _("Bạn cần ký cam kết bảo mật của vòng chấm này trước khi mở hồ sơ. Hãy ký ở bàn chấm.")
        )
        self.round_key = round_key


class PledgeOwed(DomainError):
    """Somebody else's sheet is not taken in: its judge has not signed the pledge of the round."""

    kind = "pledge-owed"


class CouncilRefused(DomainError):
    """What was asked of a council does not fit how it stands."""

    kind = "council-refused"


class OwnSheetUnfinished(DomainError):
    """The judge may still score the entry `code` himself: others' points are not for him yet."""

    status = 403
    kind = "own-sheet-unfinished"

    def __init__(self, code: str) -> None:
        super().__init__(
            _(
                "Bạn hãy khóa phiếu chấm của mình cho hồ sơ %(code)s, hoặc xác nhận thôi hẳn nếu đã từ chối, trước khi "
                "xem điểm chung.",
                code=code,
            )
        )
        self.code = code


class DeliberationRefused(DomainError):
    """What was asked of a deliberation does not fit how it stands."""

    kind = "deliberation-refused"


class DeliberationClosed(DomainError):
    """The deliberation is not open (any more): no points are changed."""

    kind = "deliberation-closed"


class SheetNotLocked(DomainError):
    """There is no locked sheet of the judge to change."""

    kind = "sheet-not-locked"


class BlindRefused(DomainError):
    """What was asked of a blind round does not fit how it stands."""

    kind = "blind-refused"


class FinalistsMoved(DomainError):
    """Who goes on to a round was changed elsewhere since it was looked at."""

    kind = "finalists-moved"


class SheetsAreLocked(DomainError):
    """Judges have locked sheets by these criteria, so the criteria stay."""

    kind = "sheets-are-locked"


class CriteriaDrifted(DomainError):
    """The criteria that are installed are not those that were announced: nothing is locked by them."""

    kind = "criteria-drifted"


class MaterialClosed(DomainError):
    """New material is not taken now, or was asked for otherwise meanwhile; the sentence says which."""

    kind = "material-closed"


class NotScanned(DomainError):
    """No scanner could be asked whether a file is safe, so it was not taken in; what came of it is kept."""

    status = 503
    kind = "not-scanned"
    retry_after = 60
