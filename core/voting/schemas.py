"""What is typed and what is told about votes."""

from __future__ import annotations

from marshmallow import Schema, fields

from core.kernel.i18n import N_


class ReceiptSchema(Schema):
    """A vote receipt in the API."""

    code = fields.String(metadata={"description": N_("Mã biên nhận của phiếu")})
    entry = fields.String(metadata={"description": N_("Mã bài dự thi")})
    commitment = fields.String(metadata={"description": N_("Cam kết của phiếu trong nhật ký (SHA-256)")})
    cast_at = fields.AwareDateTime(metadata={"description": N_("Thời điểm bình chọn (UTC)")})
    is_new = fields.Boolean(metadata={"description": N_("Sai khi tài khoản đã bình chọn từ trước")})
