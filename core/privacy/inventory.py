"""Every column that points at an account, and what becomes of its rows when the account is erased.

A test walks the tables: one that points at an account and does not stand here fails it, so that nobody adds a place for
personal data without saying how it is erased.
"""

from __future__ import annotations

from collections.abc import Mapping

from core.kernel.i18n import N_

DELETED: frozenset[str] = frozenset({"sign_in.account_id", "one_time_code.account_id"})
"""Rows that go with the account."""

KEPT: Mapping[str, str] = {
    "consent.account_id": N_("để chứng minh đã có sự đồng ý nào, khi nào"),
    "data_request.account_id": N_("để chứng minh yêu cầu đã được thực hiện"),
    "erasure.account_id": N_("để chứng minh yêu cầu đã được thực hiện"),
    "personal_export.account_id": N_("chỉ còn thời điểm; tệp bản sao bị xóa"),
    "entry.owner_id": N_("hồ sơ có cách xử lý riêng"),
    "vote.account_id": N_("số phiếu đã kiểm không được đổi"),
    "judge.account_id": N_("phiếu chấm là căn cứ của kết quả"),
    "dossier_opening.account_id": N_("chủ hồ sơ được biết vai trò nào đã mở hồ sơ"),
    "guardian.recorded_by": N_("sự đồng ý của người giám hộ"),
    "erasure.proposed_by": N_("trách nhiệm của cán bộ"),
    "erasure.confirmed_by": N_("trách nhiệm của cán bộ"),
    "rules_reopening.asked_by": N_("trách nhiệm của cán bộ"),
    "rules_reopening.agreed_by": N_("trách nhiệm của cán bộ"),
}
"""Rows that stay and point at an emptied account, and why."""
