"""The public pages: the result with everything it takes to check it, and the checking of receipts, bundles and heads of
the log."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from core.contests.current import current_edition
from core.contests.values import PhaseKind
from core.kernel.db import session
from core.kernel.errors import Invalid, NotFound
from core.kernel.files import file_key, file_store
from core.kernel.limits import limiter
from core.kernel.log_heads import MOST_CHARS, check_head, read_head
from core.kernel.pagecache import cached_public
from core.kernel.text import clean_line
from core.kernel.web import Access, allows, now
from core.results.keys import public_key
from core.results.queries import publication_of
from core.results.reading import published_result
from core.results.receipts import receipt_answer
from core.results.verify import VerifyReport, verify_bytes

blueprint = Blueprint("results", __name__)

Answer = BaseResponse | str | tuple[str, int]
MOST_UPLOAD = 20 * 1024 * 1024


@blueprint.get("/ket-qua")
@allows(Access.PUBLIC)
@cached_public
def index() -> str:
    """The result, or when it will be there."""
    edition = current_edition()
    result = published_result(edition, request.args.get("trang", 1, type=int))
    if result is None:
        phase = edition.phase(PhaseKind.RESULTS)
        return render_template("results/waiting.html", phase=phase, now=now())
    shown = {1, result.pages, *range(result.page - 2, result.page + 3)}
    hrefs = {
        number: url_for("results.index", trang=number if number > 1 else None)
        for number in sorted(shown)
        if 1 <= number <= result.pages
    }
    return render_template("results/index.html", result=result, hrefs=hrefs)


@blueprint.get("/ket-qua/goi.zip")
@allows(Access.PUBLIC)
def bundle() -> Response:
    """The signed bundle of the published result."""
    edition = current_edition()
    published = publication_of(edition.id)
    if published is None:
        raise NotFound(_("Kết quả chưa được công bố nên chưa có gói kiểm chứng."))
    chunks = file_store().read(file_key(session().tenant_id, published.bundle_sha256))
    answer = Response(chunks, mimetype="application/zip")
    answer.headers["Content-Length"] = str(published.bundle_size)
    answer.headers["Content-Disposition"] = (
        f'attachment; filename="ket-qua-{edition.tenant}-{edition.key}.zip"'
    )
    answer.set_etag(published.bundle_sha256)
    return answer


@blueprint.get("/xac-minh")
@allows(Access.PUBLIC)
def verify() -> Answer:
    """The form to check a receipt code or a bundle; with `?ma=` the answer about a code."""
    return _form(clean_line(request.args.get("ma", ""))[:40])


@blueprint.post("/xac-minh")
@allows(Access.PUBLIC)
@limiter.limit("20 per minute")
@limiter.limit("6 per minute", exempt_when=lambda: "head" not in request.form)  # it reads the whole log
def verify_send() -> Answer:
    """The verdict on an uploaded bundle or on a head of the log, or the answer about a code."""
    if "head" in request.form:
        return _head_answer(request.form["head"][:MOST_CHARS])
    code = clean_line(request.form.get("code", ""))[:40]
    upload = request.files.get("bundle")
    if upload is None or not upload.filename:
        return _form(code, asked=True)
    data = upload.stream.read(MOST_UPLOAD + 1)
    if len(data) > MOST_UPLOAD:
        return _page(
            errors={"bundle": [_("Gói không quá 20 MB. Với gói lớn hơn, bạn hãy chạy verify.py trong gói.")]}
        )
    report = verify_bytes(data)
    return render_template("results/verify.html", report=report, is_ours=_is_ours(report), code="", errors={})


def _head_answer(typed: str) -> Answer:
    """Whether the tenant's log still holds the head that a paper carries."""
    try:
        answer = check_head(read_head(typed))
    except Invalid as wrong:
        return render_template("results/verify.html", code="", head=typed, errors=wrong.errors), 422
    return render_template("results/verify.html", code="", head=typed, head_answer=answer, errors={})


def _form(code: str, *, asked: bool = False) -> Answer:
    if not code:
        if asked:
            return _page(errors={"": [_("Bạn hãy nhập mã biên nhận hoặc chọn gói kết quả.")]})
        return render_template("results/verify.html", code="", errors={})
    answer = receipt_answer(code)
    if answer is None:
        told = _("Không có biên nhận nào mang mã này. Bạn hãy xem lại từng ký tự.")
        return _page(code, {"code": [told]})
    return render_template("results/verify.html", code=code, answer=answer, errors={})


def _page(code: str = "", errors: dict[str, list[str]] | None = None) -> tuple[str, int]:
    return render_template("results/verify.html", code=code, errors=errors or {}), 422


def _is_ours(report: VerifyReport) -> bool:
    """Whether the bundle was signed with this tenant's key."""
    return report.holds and report.public_key == public_key()
