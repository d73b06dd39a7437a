"""What is refused in this room, each with what happened and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _

from core.kernel.errors import DomainError
from core.plugin_api import Finding


class NotEligible(DomainError):
    """The dossier has findings that stop it; `findings` are all of them, warnings too."""

    status = 422
    kind = "not-eligible"

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__(_("Hồ sơ chưa đủ điều kiện nộp. Bạn hãy xem các mục cần bổ sung rồi nộp lại."))
        self.findings = tuple(findings)


class MoveRefused(DomainError):
    """The dossier is in a state from which this move does not lead, or the actor may not take it."""

    status = 409
    kind = "move-refused"


class FileLocked(DomainError):
    """A file that nobody may open: the virus scanner has not looked at it yet, or has found something."""

    status = 423
    kind = "file-locked"


class ExtensionRefused(DomainError):
    """An extension cannot be proposed, confirmed, declined or withdrawn now; the sentence says why."""

    kind = "extension-refused"


class FileRefused(DomainError):
    """A file was refused before anything was stored; `field` is the form field it was sent for."""

    status = 422
    kind = "file-refused"

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class PartConflict(DomainError):
    """Somebody else, or another page, has saved the same part since it was read; nothing was overwritten.

    `theirs` is what is stored now, as it would be typed, `version` its version; `by_same` tells whether the same
    person stored it.
    """

    status = 409
    kind = "part-conflict"

    def __init__(self, path: str, theirs: Any, version: int, *, by_same: bool) -> None:
        super().__init__(
            _("Mục này vừa được lưu ở một trang khác. Bạn hãy chọn giữ bản nào; chưa bản nào bị mất.")
        )
        self.path = path
        self.theirs = theirs
        self.version = version
        self.by_same = by_same
