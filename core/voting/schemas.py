"""What is typed and what is told about votes."""

from __future__ import annotations

from marshmallow import Schema, fields


class ReceiptSchema(Schema):
    """A vote receipt in the API."""

    code = fields.String(metadata={"description": "Mã biên nhận của phiếu"})
    entry = fields.String(metadata={"description": "Mã bài dự thi"})
    commitment = fields.String(metadata={"description": "Cam kết của phiếu trong nhật ký (SHA-256)"})
    cast_at = fields.AwareDateTime(metadata={"description": "Thời điểm bình chọn (UTC)"})
    is_new = fields.Boolean(metadata={"description": "Sai khi tài khoản đã bình chọn từ trước"})
