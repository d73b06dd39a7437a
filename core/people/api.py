"""Who asks, for programs: the account behind the cookie, and the token that deeds must carry."""

from __future__ import annotations

from typing import Any

from flask import g
from flask_smorest import Blueprint
from flask_wtf.csrf import generate_csrf
from marshmallow import Schema, fields

from core.kernel.i18n import N_
from core.kernel.web import Access, allows

blueprint = Blueprint("people_api", __name__, url_prefix="/api/v1", description=N_("Tài khoản"))


class SessionSchema(Schema):
    """The reader of the API."""

    signed_in = fields.Boolean(
        required=True,
        metadata={"description": N_("Đúng khi yêu cầu mang cookie của một lần đăng nhập còn hiệu lực")},
    )
    name = fields.String(required=True, allow_none=True, metadata={"description": N_("Họ tên của tài khoản")})
    roles = fields.List(
        fields.String(), required=True, metadata={"description": N_("Vai trò: committee, judge, unit")}
    )
    csrf_token = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": N_("Giá trị gửi kèm trong tiêu đề X-CSRFToken của mọi yêu cầu POST")},
    )


@blueprint.get("/session")  # type: ignore[untyped-decorator]
@allows(Access.PUBLIC)
@blueprint.response(200, SessionSchema)  # type: ignore[untyped-decorator]
def session() -> dict[str, Any]:
    """Who am I.

    A stranger gets `signed_in` false and no token: nothing that a stranger may do needs one here. Signing in is done
    on the pages under /tai-khoan; the cookie `bv` that they give is the API's too.
    """
    account = g.get("account")
    if account is None:
        return {"signed_in": False, "name": None, "roles": [], "csrf_token": None}
    return {
        "signed_in": True,
        "name": account.name,
        "roles": sorted(str(role) for role in account.roles),
        "csrf_token": generate_csrf(),
    }
