"""The pages: the list with its form for everybody; figures for the committee, to read and as a file."""

from __future__ import annotations

from bangvang_so_tay.settings import NAME
from core.plugin_api import (
    Download,
    Page,
    PageAccess,
    PageRequest,
    Redirect,
    Rendered,
    Rows,
    Text,
)

SHOWN = 50
DAYS = 31
LONGEST_NAME = 80


def remarks(request: PageRequest) -> Rendered | Redirect:
    """The newest remarks and the form; a good remark is stored and counted."""
    if request.method == "GET":
        return _list(request, {}, {}, 200)
    typed = {name: " ".join(request.form.get(name, "").split()) for name in ("words", "signed")}
    errors = _errors(request, typed)
    if errors:
        return _list(request, typed, errors, 422)
    request.tables["remark"].add(
        {"words": typed["words"], "signed": typed["signed"] or None, "at": request.now}
    )
    request.jobs.add("count")
    return Redirect("", Text("Đã ghi góp ý của bạn.", "Your remark is noted."))


def figures(request: PageRequest) -> Rendered:
    """How many remarks there were at the last count of each day, the newest day first."""
    return Rendered("figures.html", {"days": _days(request.tables["tally"])})


def file(request: PageRequest) -> Download:
    """The same as CSV."""
    lines = ["day,number", *(f"{day},{number}" for day, number in _days(request.tables["tally"]))]
    return Download("so-tay.csv", "text/csv", "\n".join(lines).encode())


def _list(request: PageRequest, typed: dict[str, str], errors: dict[str, list[str]], status: int) -> Rendered:
    rows = request.tables["remark"].find(order_by=("-at",), limit=SHOWN)
    values = {
        "remarks": [row.values for row in rows],
        "typed": typed,
        "errors": errors,
        "longest": request.edition.setting_as(NAME, "longest", int),
    }
    return Rendered("remarks.html", values, status)


def _errors(request: PageRequest, typed: dict[str, str]) -> dict[str, list[str]]:
    shortest = request.edition.setting_as(NAME, "shortest", int)
    longest = request.edition.setting_as(NAME, "longest", int)
    errors = {}
    if not shortest <= len(typed["words"]) <= longest:
        sentence = Text(
            f"Viết từ {shortest} đến {longest} ký tự.", f"Write between {shortest} and {longest} characters."
        )
        errors["words"] = [sentence.in_(request.locale)]
    if len(typed["signed"]) > LONGEST_NAME:
        sentence = Text(
            f"Tên dài nhất {LONGEST_NAME} ký tự.", f"A name has at most {LONGEST_NAME} characters."
        )
        errors["signed"] = [sentence.in_(request.locale)]
    return errors


def _days(tally: Rows) -> list[tuple[str, int]]:
    rows = tally.find(order_by=("-day",), limit=DAYS)
    return [(str(row.values["day"]), int(str(row.values["number"]))) for row in rows]


PAGES = (
    Page("", Text("Sổ tay góp ý", "Remarks"), remarks, PageAccess.PUBLIC, ("GET", "POST")),
    Page("so-lieu", Text("Số góp ý theo ngày", "Remarks by day"), figures, PageAccess.COMMITTEE),
    Page("so-lieu/tep", Text("Số góp ý theo ngày", "Remarks by day"), file, PageAccess.COMMITTEE),
)
