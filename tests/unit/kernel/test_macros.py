"""The macros that pages are made of: labels bound, errors announced, states said in words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask, render_template_string
from flask_babel import Babel
from flask_wtf.csrf import CSRFProtect

from core.kernel.formats import register_filters
from core.kernel.static import OWN, mount_static
from core.plugin_api.values import Choice, FieldKind, FormField, Text

ERRORS = {"ten": ["Mục này còn trống."]}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    app = Flask(__name__, static_folder=None, template_folder=str(Path(OWN).parent / "templates"))
    app.secret_key = "for tests"
    Babel(app, default_locale="vi")
    CSRFProtect(app)
    register_filters(app)
    mount_static(app, cache=tmp_path_factory.mktemp("static"))
    return app


def shown(app: Flask, call: str, **values: object) -> str:
    """What a macro call gives, with `ui`, `forms`, `tables` and `charts` imported."""
    imports = "".join(
        f'{{% import "macros/{page}.html" as {name} %}}'
        for page, name in (("ui", "ui"), ("forms", "forms"), ("table", "tables"), ("charts", "charts"))
    )
    with app.test_request_context():
        return render_template_string(imports + call, **values)


def test_a_wrong_field_is_bound_to_its_error_and_keeps_what_was_typed(app: Flask) -> None:
    page = shown(
        app, '{{ forms.text("ten", "Tên", value="a & b", errors=errors, help="Ghi đủ.") }}', errors=ERRORS
    )
    control = re.search(r"<input[^>]*>", page)
    assert control is not None
    assert 'value="a &amp; b"' in control[0]
    assert 'aria-invalid="true" aria-describedby="e-ten h-ten"' in control[0]
    assert '<label class="form-label" for="f-ten">Tên</label>' in page
    assert 'id="e-ten"' in page
    assert "<span>Mục này còn trống.</span>" in page


def test_a_field_without_error_has_no_error(app: Flask) -> None:
    page = shown(app, '{{ forms.text("khac", "Khác", errors=errors) }}', errors=ERRORS)
    assert "aria-invalid" not in page
    assert "field__error" not in page


def test_the_error_summary_links_to_each_field(app: Flask) -> None:
    page = shown(app, '{{ forms.error_summary(errors, {"ten": "Tên công trình"}) }}', errors=ERRORS)
    assert '<a href="#f-ten">Tên công trình: Mục này còn trống.</a>' in page
    assert 'role="alert"' in page


def test_a_form_carries_the_token_against_forgery(app: Flask) -> None:
    page = shown(app, '{% call forms.form("/gui") %}{% endcall %}')
    assert re.search(r'<form class="form" method="post" action="/gui" novalidate>', page)
    assert re.search(r'<input type="hidden" name="csrf_token" value="[^"]{20,}">', page)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (FieldKind.TEXT, 'type="text"'),
        (FieldKind.LONG_TEXT, "<textarea"),
        (FieldKind.CHOICE, 'type="radio"'),
        (FieldKind.NUMBER, 'inputmode="decimal"'),
        (FieldKind.MONEY, "data-money"),
        (FieldKind.DATE, 'type="date"'),
        (FieldKind.MONTH, 'type="month"'),
        (FieldKind.CHECK, 'type="checkbox"'),
        (FieldKind.FILES, 'type="file"'),
    ],
)
def test_each_kind_of_field_of_a_plugin_has_its_control(app: Flask, kind: FieldKind, expected: str) -> None:
    field = FormField("x", Text("Mục", "Item"), kind, choices=(Choice("a", Text("A", "A")),))
    page = shown(app, "{{ forms.form_field(field) }}", field=field)
    assert expected in page
    assert 'name="x"' in page
    assert "minh họa" not in page


def test_a_field_that_no_document_asks_for_is_marked(app: Flask) -> None:
    field = FormField("x", Text("Mục", "Item"), FieldKind.TEXT, official=False)
    assert "minh họa" in shown(app, "{{ forms.form_field(field) }}", field=field)


def test_a_picker_of_pictures_names_jpeg_and_no_heic_so_that_an_iphone_converts(app: Flask) -> None:
    page = shown(app, '{{ forms.files("anh", "Ảnh", accept=(".pdf", ".jpg", ".JPEG", ".png")) }}')
    assert 'accept=".pdf,.jpg,.JPEG,.png,image/jpeg,image/png"' in page
    assert "loại: .pdf, .jpg, .JPEG, .png" in page


def test_a_picker_of_documents_names_what_it_takes_alone(app: Flask) -> None:
    page = shown(app, '{{ forms.files("tep", "Tệp", accept=(".pdf", ".docx")) }}')
    assert 'accept=".pdf,.docx"' in page


def test_a_state_is_a_word_with_an_icon(app: Flask) -> None:
    page = shown(app, '{{ ui.badge("held", "Tạm giữ") }}')
    assert "#pause-circle-fill" in page
    assert page.endswith("</svg>Tạm giữ</span>")


def test_what_people_typed_is_never_markup(app: Flask) -> None:
    page = shown(app, '{{ tables.cell(value, "Tên") }}{{ ui.details([("Tên", value)]) }}', value="<b>x</b>")
    assert page.count("&lt;b&gt;x&lt;/b&gt;") == 2
    assert "<b>" not in page


def test_paging_shows_where_we_are(app: Flask) -> None:
    page = shown(app, '{{ ui.pagination(2, 3, {1: "?p=1", 3: "?p=3"}, total=61, noun="hồ sơ") }}')
    assert '<span aria-current="page">2</span>' in page
    assert '<a rel="prev" href="?p=1">' in page
    assert "61 hồ sơ, trang 2 trên 3" in page
