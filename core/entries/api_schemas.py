"""What the API says of entries: the public view, the owner's dossier, the receipt."""

from __future__ import annotations

from marshmallow import Schema, fields

from core.kernel.i18n import N_


class PictureSchema(Schema):
    """A public picture."""

    url = fields.String(required=True, metadata={"description": N_("Địa chỉ ảnh WebP")})
    width = fields.Integer(required=True, metadata={"description": N_("Chiều rộng, điểm ảnh")})
    height = fields.Integer(required=True, metadata={"description": N_("Chiều cao, điểm ảnh")})


class EntryCardSchema(Schema):
    """A published entry in a list."""

    code = fields.String(required=True, metadata={"description": N_("Mã số công khai, ví dụ TN-2025-0042")})
    title = fields.String(required=True)
    field = fields.String(required=True, allow_none=True, metadata={"description": N_("Khóa lĩnh vực")})
    unit = fields.String(required=True, allow_none=True, metadata={"description": N_("Tên đơn vị")})
    authors = fields.List(fields.String(), required=True, metadata={"description": N_("Họ tên các tác giả")})
    url = fields.String(required=True, metadata={"description": N_("Địa chỉ trang của bài dự thi")})
    is_demonstration = fields.Boolean(
        required=True, metadata={"description": N_("Đúng khi là dữ liệu minh họa")}
    )


class EntryListSchema(Schema):
    """One page of the gallery."""

    entries = fields.List(fields.Nested(EntryCardSchema), required=True)
    page = fields.Integer(required=True)
    pages = fields.Integer(required=True)
    total = fields.Integer(required=True)


class PublicEntrySchema(EntryCardSchema):
    """A published entry with what its form marks as public."""

    published_at = fields.AwareDateTime(
        required=True, metadata={"description": N_("Thời điểm công bố (UTC)")}
    )
    answers = fields.Dict(
        keys=fields.String(),
        required=True,
        metadata={"description": N_("Câu trả lời công khai theo khóa của mục")},
    )
    pictures = fields.List(fields.Nested(PictureSchema), required=True)


class EntryQuerySchema(Schema):
    """What the list of published entries is asked for; nonsense means nothing asked."""

    q = fields.String(load_default="", metadata={"description": N_("Các từ cần tìm, không cần dấu")})
    field = fields.String(load_default="", metadata={"description": N_("Khóa lĩnh vực")})
    page = fields.String(load_default="1", metadata={"description": N_("Trang, từ 1")})


class AuthorOutSchema(Schema):
    """An author of one's own dossier."""

    name = fields.String(required=True)
    role = fields.String(required=True)
    birth_year = fields.Integer(required=True, allow_none=True)
    workplace = fields.String(required=True)
    share = fields.Decimal(
        required=True,
        allow_none=True,
        as_string=True,
        metadata={"description": N_("Tỷ lệ đóng góp, phần trăm, dạng chữ")},
    )
    confirmed_at = fields.AwareDateTime(
        required=True, allow_none=True, metadata={"description": N_("Lúc tác giả xác nhận (UTC)")}
    )


class FileSchema(Schema):
    """A file of one's own dossier."""

    id = fields.UUID(required=True)
    field = fields.String(required=True)
    name = fields.String(required=True)
    size = fields.Integer(required=True, metadata={"description": N_("Dung lượng, byte")})
    sha256 = fields.String(required=True)


class DossierSchema(Schema):
    """One's own dossier."""

    ref = fields.String(
        required=True, metadata={"description": N_("Mã riêng, dùng trong địa chỉ của người nộp")}
    )
    code = fields.String(
        required=True, allow_none=True, metadata={"description": N_("Mã số công khai, có khi đã nộp")}
    )
    state = fields.String(required=True)
    title = fields.String(required=True)
    field = fields.String(required=True, allow_none=True)
    unit = fields.String(required=True, allow_none=True, metadata={"description": N_("Mã đơn vị")})
    authors = fields.List(fields.Nested(AuthorOutSchema), required=True)
    facts = fields.Dict(keys=fields.String(), required=True)
    files = fields.List(fields.Nested(FileSchema), required=True)
    updated_at = fields.AwareDateTime(required=True)


class ReceiptOutSchema(Schema):
    """The receipt of handing in."""

    code = fields.String(required=True)
    receipt = fields.String(required=True)
    sha256 = fields.String(required=True)
    number = fields.Integer(required=True, metadata={"description": N_("Lần nộp")})
    at = fields.AwareDateTime(required=True)


# The body of a dossier: its facts follow the edition's form, so the shape alone is told here (see `schemas`).
DOSSIER_BODY = {
    "required": True,
    "content": {
        "application/json": {
            "schema": {
                "type": "object",
                "additionalProperties": False,
                "properties": {
                    "title": {"type": "string"},
                    "field": {"type": ["string", "null"]},
                    "unit": {"type": ["string", "null"], "description": N_("Mã hoặc tên đầy đủ của đơn vị")},
                    "authors": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "additionalProperties": False,
                            "properties": {
                                "name": {"type": "string"},
                                "role": {"type": "string", "enum": ["chief", "co_chief", "member"]},
                                "birth_year": {"type": ["integer", "null"]},
                                "workplace": {"type": "string"},
                                "share": {
                                    "type": ["string", "null"],
                                    "description": N_("Tỷ lệ đóng góp, phần trăm; không gửi thì giữ nguyên"),
                                },
                            },
                        },
                    },
                    "facts": {
                        "type": "object",
                        "description": N_("Câu trả lời theo khóa các mục của biểu mẫu"),
                    },
                },
            }
        }
    },
}
