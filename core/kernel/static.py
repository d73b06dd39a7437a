"""Static files: hashed names, compressed once, served by WhiteNoise before Flask sees the request.

`mount_static` publishes the files of `core/static` and the few vendor files that pages use into a cache folder, under
names that carry eight hex digits of their SHA-256 (`css/bangvang.1a2b3c4d.css`), each with a gzip twin, and serves
that folder at `/static/`. A name with a hash never changes its content, so browsers keep it for ever; no other name
is served. References inside style sheets (`@import`, `url(…)`) and modules (`import … from "./x.js"`) are rewritten
to the hashed names. The folder is keyed by the content of its sources: a later start finds it ready.
"""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from posixpath import normpath
from typing import Any

from flask import Flask, current_app
from whitenoise import WhiteNoise

PREFIX = "/static/"
OWN = Path(__file__).resolve().parent.parent / "static"

# Symbols taken from the sprite of Bootstrap Icons (2,000 symbols, 1.1 MB) into our own small one.
# fmt: off
ICONS = (
    "arrow-clockwise", "arrow-counterclockwise", "arrow-down-up", "arrow-left", "arrow-left-right",
    "arrow-right", "award", "bank", "bar-chart-line", "bell", "book", "box-arrow-in-right",
    "box-arrow-right", "box-arrow-up-right", "brush", "building", "calculator", "calendar-event", "camera",
    "card-checklist", "cash-coin", "chat-left-text", "check-circle-fill", "check-lg", "check2-square",
    "chevron-down", "chevron-left", "chevron-right", "circle", "clipboard-check", "clipboard-data", "clock",
    "clock-history", "cloud-arrow-up", "code-slash", "copy", "cpu", "dash-circle", "diagram-3", "download",
    "droplet", "envelope", "exclamation-circle", "exclamation-circle-fill", "exclamation-triangle", "eye",
    "eye-slash", "file-earmark-arrow-up", "file-earmark-check", "file-earmark-pdf", "file-earmark-text",
    "file-earmark-zip", "fingerprint", "flag", "flower1", "flower2", "folder2-open", "funnel", "gear",
    "geo-alt", "globe", "grid", "hand-thumbs-up", "heart", "heart-pulse", "hourglass-split", "house",
    "image", "inbox", "info-circle", "journal-text", "key", "lightbulb", "lightning", "link-45deg", "list",
    "list-check", "list-ol", "list-task", "lock-fill", "megaphone", "mortarboard", "newspaper", "paperclip",
    "patch-check", "pause-circle-fill", "pencil", "pencil-square", "people", "person", "person-badge",
    "person-check", "person-circle", "pin-angle", "play-circle", "plus-lg", "printer", "puzzle", "qr-code",
    "question-circle", "receipt", "save", "search", "send", "share", "shield-check", "slash-circle",
    "shield-exclamation", "shield-lock", "signpost-split", "sliders", "sort-down", "speedometer2", "star",
    "star-fill", "stopwatch", "table",
    "tag", "telephone", "tools", "translate", "trash", "tree", "trophy", "universal-access", "upload",
    "wifi-off", "x-circle-fill", "x-lg",
)
# fmt: on

_FONTS = ("Regular", "SemiBold")
_TEXT = {".css", ".js", ".svg"}
_HASHED = re.compile(r"\.[0-9a-f]{8}\.[a-z0-9]+$")
_CSS_IMPORT = re.compile(r'@import "([^"]+)";\n?')
_CSS_URL = re.compile(r'url\("(?!data:)([^"]+)"\)')
_JS_IMPORT = re.compile(r'(from |import |import\()"(\.{1,2}/[^"]+)"')
_SOURCE_MAP = re.compile(rb"\n?(?://|/\*)# sourceMappingURL=[^\n*]*(?:\*/)?\s*$")
_SYMBOL = re.compile(r'<symbol[^>]*\bid="([^"]+)".*?</symbol>', re.DOTALL)


class UnknownStaticFile(LookupError):
    """A page asked for a static file that is not published; the message names it."""


def mount_static(app: Flask, *, cache: Path | None = None) -> None:
    """Publish the static files and serve them at `/static/` in front of `app`.

    `cache` is a folder for the published files (default: `cache/static` under BANGVANG_VAR, else `var`); where it
    cannot be written a temporary folder takes its place. Adds the Jinja global `static_url`.
    """
    folder = _ready_folder(cache or Path(os.environ.get("BANGVANG_VAR", "var")) / "cache" / "static")
    names: dict[str, str] = json.loads((folder / "names.json").read_text("utf-8"))
    app.extensions["bangvang.static"] = names
    app.jinja_env.globals["static_url"] = static_url
    served: Any = WhiteNoise(
        app.wsgi_app,
        root=str(folder / "files"),
        prefix=PREFIX,
        max_age=60,
        allow_all_origins=False,
        mimetypes={
            ".ttf": "font/ttf",
            ".woff2": "font/woff2",
            ".js": "text/javascript",
            ".svg": "image/svg+xml",
        },
        add_headers_function=_add_headers,
        immutable_file_test=lambda path, url: bool(_HASHED.search(url)),
    )
    app.wsgi_app = served  # type: ignore[method-assign]  # the way Flask documents for middleware


def static_url(name: str) -> str:
    """The address of a published file by its plain name, such as `css/bangvang.css`. Raises UnknownStaticFile."""
    names: dict[str, str] = current_app.extensions["bangvang.static"]
    if name not in names:
        raise UnknownStaticFile(f"no static file {name!r} is published")
    return PREFIX + names[name]


def published_names() -> tuple[str, ...]:
    """Plain names of all files that `mount_static` publishes."""
    return tuple(sorted(_sources()))


def sprite() -> str:
    """The icon sprite: symbols of ICONS from Bootstrap Icons, then our own from `svg/own.svg`.

    Raises UnknownStaticFile when the installed Bootstrap Icons has not got one of ICONS.
    """
    found: dict[str, str] = {}
    for source in (
        _package("flask_bootstrap") / "static/bootstrap5/icons/bootstrap-icons.svg",
        OWN / "svg/own.svg",
    ):
        found |= {match[1]: match[0] for match in _SYMBOL.finditer(source.read_text("utf-8"))}
    missing = [name for name in ICONS if name not in found]
    if missing:
        raise UnknownStaticFile(f"Bootstrap Icons has no symbol {', '.join(missing)}")
    own = [match[1] for match in _SYMBOL.finditer((OWN / "svg/own.svg").read_text("utf-8"))]
    symbols = "\n".join(found[name] for name in (*ICONS, *own))
    thanks = "<!-- Bootstrap Icons, copyright The Bootstrap Authors, MIT licence; laurel, board, corner: Bảng Vàng -->"
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n{thanks}\n{symbols}\n</svg>\n'


@dataclass(slots=True)
class _Press:
    """Writes files under hashed names into `folder`, each after the ones it refers to."""

    folder: Path
    sources: dict[str, Callable[[], bytes]]
    names: dict[str, str] = field(default_factory=dict)

    def publish(self, name: str) -> str:
        if name in self.names:
            return self.names[name]
        if name not in self.sources:
            raise UnknownStaticFile(f"no static file {name!r}")
        content = self._rewritten(name, self.sources[name]())
        stem, _, extension = name.rpartition(".")
        hashed = f"{stem}.{sha256(content).hexdigest()[:8]}.{extension}"
        target = self.folder / hashed
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        packed = gzip.compress(content, 9, mtime=0)
        if len(packed) < len(content) * 0.95:
            target.with_name(target.name + ".gz").write_bytes(packed)
        self.names[name] = hashed
        return hashed

    def _rewritten(self, name: str, content: bytes) -> bytes:
        content = _SOURCE_MAP.sub(b"\n", content)
        here = name.rpartition("/")[0]
        if name.endswith(".css") and not name.startswith("vendor/"):
            text = _CSS_URL.sub(lambda m: f'url("{PREFIX}{self.publish(m[1])}")', content.decode())
            return text.encode()
        if name.endswith(".js") and not name.startswith("vendor/"):
            text = _JS_IMPORT.sub(
                lambda m: f'{m[1]}"{PREFIX}{self.publish(normpath(f"{here}/{m[2]}"))}"', content.decode()
            )
            return text.encode()
        return content


def _ready_folder(cache: Path) -> Path:
    sources = _sources()
    contents = {name: read() for name, read in sources.items()}
    key = sha256(Path(__file__).read_bytes())
    for name in sorted(contents):
        key.update(name.encode() + b"\0" + sha256(contents[name]).digest())
    folder = cache / key.hexdigest()[:16]
    if (folder / "names.json").is_file():
        return folder
    try:
        cache.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix="draft-", dir=cache))
    except OSError:  # a read-only installation still serves its files
        folder = Path(tempfile.mkdtemp(prefix="bangvang-static-")) / "ready"
        draft = folder.with_name("draft")
        draft.mkdir()
    press = _Press(draft / "files", sources)
    for name in sources:
        press.publish(name)
    (draft / "names.json").write_text(json.dumps(press.names, indent=1, sort_keys=True), "utf-8")
    draft.chmod(0o755)
    try:
        draft.rename(folder)
    except OSError:  # another worker was first with the same content
        shutil.rmtree(draft, ignore_errors=True)
    return folder


def _sources() -> dict[str, Callable[[], bytes]]:
    """How to read each file, by its plain name."""
    bootstrap = _package("flask_bootstrap") / "static/bootstrap5"
    fonts = _package("fontpkg_be_vietnam_pro") / "files"
    sources: dict[str, Callable[[], bytes]] = {
        "css/bangvang.css": _style_sheet,
        "svg/icons.svg": lambda: sprite().encode(),
        "vendor/bootstrap/bootstrap.min.css": (bootstrap / "css/bootstrap.min.css").read_bytes,
        "vendor/htmx/htmx.min.js": (_package("js_lib_htmx") / "static/htmx/htmx.min.js").read_bytes,
    }
    for weight in _FONTS:
        sources[f"vendor/fonts/BeVietnamPro-{weight}.ttf"] = (fonts / f"BeVietnamPro-{weight}.ttf").read_bytes
    for path in sorted(OWN.rglob("*")):
        name = path.relative_to(OWN).as_posix()
        if path.is_file() and not name.startswith("css/") and name != "svg/own.svg":
            sources[name] = path.read_bytes
    return sources


def _style_sheet() -> bytes:
    """`bangvang.css` with its parts in place of their `@import` lines: one request instead of many."""
    text = (OWN / "css/bangvang.css").read_text("utf-8")
    return _CSS_IMPORT.sub(lambda match: (OWN / "css" / match[1]).read_text("utf-8"), text).encode()


def _package(name: str) -> Path:
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise UnknownStaticFile(f"the package {name!r} is not installed")
    return Path(spec.origin).parent


def _add_headers(headers: Any, path: str, url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
