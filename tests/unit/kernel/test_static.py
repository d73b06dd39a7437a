"""Static files: hashed names, right types, compressed, kept for ever; nothing else is served."""

from __future__ import annotations

import re
from gzip import decompress
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import Headers

from core.kernel.static import (
    ICONS,
    OWN,
    UnknownStaticFile,
    mount_static,
    published_names,
    sprite,
    static_url,
)

TEMPLATES = OWN.parent / "templates"


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("static")


@pytest.fixture(scope="module")
def app(cache: Path) -> Flask:
    app = Flask(__name__, static_folder=None)
    mount_static(app, cache=cache)
    return app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def address(app: Flask, name: str) -> str:
    with app.app_context():
        return static_url(name)


def fetch(client: FlaskClient, url: str, **headers: str) -> tuple[int, Headers, bytes]:
    """Status, headers and body; the file behind the reply is closed."""
    with client.get(url, headers=headers) as reply:
        return reply.status_code, reply.headers, reply.data


def test_a_name_carries_eight_hex_digits(app: Flask) -> None:
    assert re.fullmatch(r"/static/css/bangvang\.[0-9a-f]{8}\.css", address(app, "css/bangvang.css"))


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("css/bangvang.css", 'text/css; charset="utf-8"'),
        ("js/app.js", 'text/javascript; charset="utf-8"'),
        ("svg/icons.svg", "image/svg+xml"),
        ("vendor/fonts/BeVietnamPro-Regular.ttf", "font/ttf"),
        ("vendor/bootstrap/bootstrap.min.css", 'text/css; charset="utf-8"'),
        ("vendor/htmx/htmx.min.js", 'text/javascript; charset="utf-8"'),
    ],
)
def test_a_file_has_its_type_and_is_kept_for_ever(
    app: Flask, client: FlaskClient, name: str, kind: str
) -> None:
    status, headers, _ = fetch(client, address(app, name))
    assert (status, headers["Content-Type"]) == (200, kind)
    assert headers["Cache-Control"] == "max-age=315360000, public, immutable"
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_a_browser_that_takes_gzip_gets_it(app: Flask, client: FlaskClient) -> None:
    url = address(app, "vendor/bootstrap/bootstrap.min.css")
    _, headers, packed = fetch(client, url, **{"Accept-Encoding": "gzip"})
    assert headers["Content-Encoding"] == "gzip"
    assert len(packed) < 40_000
    assert decompress(packed) == fetch(client, url)[2]


@pytest.mark.parametrize(
    "path",
    [
        "/static/css/bangvang.css",
        "/static/css/tokens.css",
        "/static/names.json",
        "/static/../names.json",
        "/static/vendor/bootstrap/bootstrap.min.css.map",
        "/static/vendor/fonts/BeVietnamPro-Black.ttf",
    ],
)
def test_nothing_else_is_served(client: FlaskClient, path: str) -> None:
    assert fetch(client, path)[0] == 404


def test_the_style_sheet_is_one_file_whose_references_exist(app: Flask, client: FlaskClient) -> None:
    text = fetch(client, address(app, "css/bangvang.css"))[2].decode()
    assert "@import" not in text
    found = re.findall(r'url\("(/[^"]+)"\)', text)
    assert found == [
        address(app, f"vendor/fonts/BeVietnamPro-{weight}.ttf") for weight in ("Regular", "SemiBold")
    ]


def test_modules_import_each_other_by_hashed_name(app: Flask, client: FlaskClient) -> None:
    text = fetch(client, address(app, "js/app.js"))[2].decode()
    assert f'from "{address(app, "js/forms.js")}"' in text


def test_an_unknown_file_is_an_error_that_names_it(app: Flask) -> None:
    with app.app_context(), pytest.raises(UnknownStaticFile, match=r"css/none\.css"):
        static_url("css/none.css")


def test_a_second_start_finds_the_folder_ready(app: Flask, cache: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in cache.rglob("*")}
    mount_static(Flask("again", static_folder=None), cache=cache)
    assert {path: path.stat().st_mtime_ns for path in cache.rglob("*")} == before


def test_a_cache_that_cannot_be_written_does_not_stop_the_start(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    other = Flask("blocked", static_folder=None)
    mount_static(other, cache=blocked / "static")
    assert fetch(other.test_client(), address(other, "css/bangvang.css"))[0] == 200


def test_the_sprite_holds_the_icons_and_our_own() -> None:
    ids = re.findall(r'<symbol[^>]*\bid="([^"]+)"', sprite())
    assert ids == [*ICONS, "laurel", "board", "corner"]


def test_every_icon_that_a_template_names_is_in_the_sprite() -> None:
    named = set()
    for page in TEMPLATES.rglob("*.html"):
        text = page.read_text("utf-8")
        named |= set(re.findall(r'icon\("([a-z0-9-]+)"', text)) | set(
            re.findall(r'icon_name="([a-z0-9-]+)"', text)
        )
    assert sorted(named - {*ICONS, "laurel", "board", "corner"}) == []


def test_every_static_file_that_a_template_names_is_published() -> None:
    named = set()
    for page in TEMPLATES.rglob("*.html"):
        named |= set(re.findall(r'static_url\("([^"]+)"\)', page.read_text("utf-8")))
    assert sorted(named - set(published_names())) == []


def test_no_template_has_inline_style_or_script() -> None:
    wrong = []
    for page in TEMPLATES.rglob("*.html"):
        text = page.read_text("utf-8")
        if re.search(r'\sstyle="|\son[a-z]+="|<script(?![^>]*\bsrc=)', text):
            wrong.append(page.name)
        if "<style" in text and page.parent.name != "mail":
            wrong.append(page.name)
    assert wrong == []
