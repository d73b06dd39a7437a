"""A plugin with pages, panels, documents, templates and a catalogue of its own, for the tests of what plugins bring.

It is installed for a test by `installed(handbook)`.
"""

from __future__ import annotations

import sys

from core.plugin_api import (
    Document,
    Download,
    Missing,
    NavItem,
    Page,
    PageAccess,
    PageAnswer,
    PageRequest,
    Panel,
    Plugin,
    PluginInfo,
    Redirect,
    Rendered,
    Slot,
    Text,
    hookimpl,
)

NAME = "handbook"
VOLUMES = {"mot": Text("Quyển một", "Volume one"), "hai": Text("Quyển hai", "Volume two")}


@hookimpl
def navigation() -> tuple[NavItem, ...]:
    """The first page, in the public menu."""
    return (NavItem(Text("Sổ tay", "Handbook"), "/p/handbook/", 70),)


@hookimpl
def panels() -> tuple[Panel, ...]:
    """One panel in each slot, and a second on the home page that stands before it."""
    every = tuple(
        Panel(f"so-tay-{slot}", slot, Text(f"Ô {slot}", f"Box {slot}"), Text("Đọc **sổ tay** trước khi làm."))
        for slot in Slot
    )
    first = Panel(
        "truoc", Slot.HOME, Text("Đứng trước"), Text("<b>thô</b>"), order=1, clause="tieu_chi_doi_moi"
    )
    return (*every, first)


@hookimpl
def documents() -> tuple[Document, ...]:
    """A form for everybody, and one of each dossier."""
    return (
        Document("giay-moi", Text("Giấy mời", "Invitation"), Text("Mời dự {edition} ngày {date}.")),
        Document(
            "phieu-rieng",
            Text("Phiếu riêng", "Own form"),
            Text("Mã: {code}\n\nTên: {title}\n\n{authors}\n\n{answer.tom_tat}\n\nKý: {unit}"),
            per_entry=True,
        ),
    )


def contents(request: PageRequest) -> PageAnswer:
    """The volumes."""
    asked = request.query.get("tim", "")
    return Rendered("contents.html", {"volumes": VOLUMES, "asked": asked})


def volume(request: PageRequest) -> PageAnswer:
    """One volume, or no page."""
    found = VOLUMES.get(request.path["key"])
    return Missing() if found is None else Rendered("volume.html", {"volume": found, "nav": "của plugin"})


def mine(request: PageRequest) -> PageAnswer:
    """What the plugin knows of who asks."""
    person = request.person
    return Rendered(
        "mine.html", {"ref": person.ref if person else "", "roles": sorted(person.roles) if person else []}
    )


def desk(request: PageRequest) -> PageAnswer:
    """A form of the committee: a short word is refused with what was typed, a good one leads back."""
    if request.method == "GET":
        return Rendered("desk.html", {"typed": "", "error": ""})
    typed = request.form.get("word", "")
    if len(typed) < 3:
        return Rendered("desk.html", {"typed": typed, "error": "Quá ngắn."}, 422)
    return Redirect("ban?da=ghi", Text("Đã ghi.", "Noted."))


def sheet(request: PageRequest) -> PageAnswer:
    """A file."""
    return Download("sổ tay.csv", "text/csv", b"a,b\n")


def broken(request: PageRequest) -> PageAnswer:
    """Fails."""
    raise LookupError("trang hỏng vì bí mật 4711")


PAGES = (
    Page("", Text("Sổ tay", "Handbook"), contents, PageAccess.PUBLIC, ("GET", "POST")),
    Page("quyen/<key>", Text("Một quyển", "A volume"), volume, PageAccess.PUBLIC, ("GET", "POST")),
    Page("cua-toi", Text("Của tôi", "Mine"), mine, PageAccess.ACCOUNT),
    Page("ban", Text("Bàn của Ban Tổ chức", "Committee's desk"), desk, PageAccess.COMMITTEE, ("GET", "POST")),
    Page("tai", Text("Tải về", "Download"), sheet, PageAccess.PUBLIC),
    Page("hong", Text("Hỏng", "Broken"), broken, PageAccess.PUBLIC, ("GET", "POST")),
)

plugin = Plugin(
    PluginInfo(NAME, "1.0.0", Text("Sổ tay", "Handbook"), ("1.0", "2.0")),
    (sys.modules[__name__],),
    pages=PAGES,
    package=__name__,
)
