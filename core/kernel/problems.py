"""Errors become answers here and nowhere else: Vietnamese pages for people, RFC 9457 documents for programs."""

from __future__ import annotations

from typing import Any

import structlog
from flask import Flask, Response, current_app, g, jsonify, make_response, render_template, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from marshmallow import Schema, fields
from sqlalchemy.exc import DataError, OperationalError
from werkzeug.exceptions import HTTPException

from core.kernel.errors import Basis, DomainError, Invalid
from core.kernel.i18n import N_, locale
from core.kernel.limits import seconds_to_wait
from core.kernel.spool import NoRoom, is_no_room
from core.kernel.typed import typed_form
from core.kernel.web import wants_json

log = structlog.get_logger(__name__)
PAGES = (400, 401, 403, 404, 405, 409, 413, 422, 423, 429, 500, 503, 507)
PROBLEM_BASE = "https://bangvang.invalid/problems/"
PROBLEM_TYPE = "application/problem+json"


class BasisSchema(Schema):
    """The provision behind a refusal, in the reader's language, and where it can be read."""

    key = fields.String(required=True, metadata={"description": N_("Khóa của điều khoản")})
    document = fields.String(required=True, metadata={"description": N_("Văn bản")})
    article = fields.String(required=True, metadata={"description": N_("Điều trong văn bản")})
    href = fields.String(
        required=True, metadata={"description": N_("Địa chỉ của điều khoản trên trang thể lệ")}
    )


class ProblemSchema(Schema):
    """A problem document (RFC 9457) as the API's documentation describes it; `problem` makes it."""

    type = fields.String(
        required=True, metadata={"description": N_("Loại lỗi, không đổi giữa các phiên bản")}
    )
    title = fields.String(required=True, metadata={"description": N_("Một câu cho người đọc")})
    status = fields.Integer(required=True, metadata={"description": N_("Mã HTTP")})
    detail = fields.String(metadata={"description": N_("Điều cần làm")})
    errors = fields.Dict(
        keys=fields.String(),
        values=fields.List(fields.String()),
        metadata={"description": N_("Tên mục và các câu báo lỗi của mục đó")},
    )
    clause = fields.Nested(
        BasisSchema, metadata={"description": N_("Điều khoản của thể lệ mà lời từ chối dựa vào")}
    )
    instance = fields.String(required=True, metadata={"description": N_("Mã yêu cầu")})


def init_problems(app: Flask) -> None:
    """Register the handlers on `app`."""
    app.register_error_handler(DomainError, _domain)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(OperationalError, _database)
    app.register_error_handler(DataError, _data)
    app.register_error_handler(OSError, _system)
    app.register_error_handler(Exception, _unexpected)


def problem(  # noqa: PLR0917 - the members of one document
    status: int,
    kind: str,
    title: str,
    detail: str = "",
    errors: dict[str, list[str]] | None = None,
    clause: Basis | None = None,
) -> Response:
    """A problem document (RFC 9457); `errors` as in a 422 page: field → sentences, `clause` what it rests on."""
    body: dict[str, Any] = {"type": PROBLEM_BASE + kind, "title": title, "status": status}
    if detail:
        body["detail"] = detail
    if errors:
        body["errors"] = errors
    if clause is not None:
        body["clause"] = _basis(clause)
    body["instance"] = f"urn:request:{g.get('request_id', '-')}"
    response = jsonify(body)
    response.status_code = status
    response.mimetype = PROBLEM_TYPE
    return response


def _basis(clause: Basis) -> dict[str, str]:
    return {
        "key": clause.key,
        "document": clause.document.in_(locale()),
        "article": clause.article.in_(locale()),
        "href": f"{request.host_url}the-le#{clause.key}",
    }


def page(
    status: int,
    message: str = "",
    errors: dict[str, list[str]] | None = None,
    clause: Basis | None = None,
) -> tuple[str, int]:
    """The error page of `status`: what happened in `message`, the `clause` that it rests on, and what was typed."""
    typed = typed_form(status)
    if g.get("tenant") is None:
        return render_template(
            "errors/404_platform.html" if status == 404 else "errors/platform.html",
            status=status,
            message=message,
            typed=typed,
        ), status
    shown = status if status in PAGES else (500 if status >= 500 else 400)
    name = {405: 404}.get(shown, shown)
    try:
        body = render_template(
            f"errors/{name}.html",
            status=status,
            message=message,
            errors=errors or {},
            clause=clause,
            typed=typed,
            request_code=g.get("request_id"),
            retry_after=seconds_to_wait() if status == 429 else None,
        )
    except Exception as broken:
        # The frame of a page asks for the contest's words and menu: it may need just what has failed.
        log.error("error_page_failed", path=request.path, exc_info=broken)
        return plain_page(status, message)
    return body, status


def plain_page(status: int, message: str) -> tuple[str, int]:
    """The error page that needs nothing of the tenant: no words, no menu, no colours of its own."""
    template = current_app.jinja_env.get_template("errors/plain.html")
    request_code = g.get("request_id")
    body = template.render(
        status=status,
        message=message,
        typed=typed_form(status),
        request_code=request_code,
        locale=locale(),
    )
    return body, status


def _domain(error: DomainError) -> Any:
    errors = error.errors if isinstance(error, Invalid) else None
    if error.status >= 500:
        log.error("request_failed", kind=error.kind, path=request.path, error=error.message, exc_info=error)
    if wants_json():
        answer: Any = problem(error.status, error.kind, error.told, errors=errors, clause=error.clause)
    elif error.is_plain:
        answer = plain_page(error.status, error.told)
    else:
        answer = page(error.status, error.told, errors, error.clause)
    if error.retry_after is None:
        return answer
    response = make_response(answer)
    response.headers["Retry-After"] = str(error.retry_after)
    return response


def _csrf(error: CSRFError) -> Any:
    sentence = _(
        "Trang đã mở quá lâu nên biểu mẫu hết hiệu lực. Bạn hãy quay lại, tải lại trang rồi gửi lần nữa."
    )
    if wants_json():
        return problem(400, "csrf", sentence)
    if typed_form(400) is not None:
        sentence = _("Biểu mẫu này mở từ trước lần đăng nhập hiện nay nên chưa được nhận.")
    return page(400, sentence)


def _http(error: HTTPException) -> Any:
    status = error.code or 500
    if status < 400:
        return error
    if wants_json():
        answer: Any = problem(
            status, error.name.lower().replace(" ", "-"), error.name, errors=_schema_errors(error)
        )
    else:
        answer = Response(page(status)[0], status, mimetype="text/html")
    # A 405 must name the allowed methods, a 429 when to come back.
    if error.response is None:
        for name, value in error.get_headers(request.environ):
            if name in ("Allow", "Retry-After"):
                answer.headers[name] = value
    if status == 429 and (wait := seconds_to_wait()) is not None:
        answer.headers["Retry-After"] = str(wait)
    return answer


def _schema_errors(error: HTTPException) -> dict[str, list[str]] | None:
    data = getattr(error, "data", None)
    messages = data.get("messages") if isinstance(data, dict) else None
    if not isinstance(messages, dict):
        return None
    flat: dict[str, list[str]] = {}
    for place in messages.values():
        if isinstance(place, dict):
            flat |= {
                str(k): [_(str(x)) for x in (v if isinstance(v, list) else [v])] for k, v in place.items()
            }
    return flat


def _database(error: OperationalError) -> Any:
    if error.orig is not None and is_no_room(error.orig):
        return _domain(NoRoom())
    log.error("database_unavailable", error=str(error.orig))
    sentence = _("Hệ thống đang bận. Bạn hãy thử lại sau ít phút.")
    return problem(503, "unavailable", sentence) if wants_json() else page(503, sentence)


def _data(error: DataError) -> Any:
    """What no column of the database can hold, a NUL in an address for one: somebody's input, or a defect of ours."""
    log.error("data_refused", path=request.path, exc_info=error)
    sentence = _("Nội dung hoặc địa chỉ gửi lên có ký tự hay con số không lưu được.")
    return problem(400, "data", sentence) if wants_json() else page(400, sentence)


def _system(error: OSError) -> Any:
    """A disk that is full is told as such; whatever else the system refuses is unexpected."""
    return _domain(NoRoom()) if is_no_room(error) else _unexpected(error)


def _unexpected(error: Exception) -> Any:
    log.error("unexpected_error", path=request.path, exc_info=error)
    if wants_json():
        return problem(500, "internal", "Internal error")
    return page(500)
