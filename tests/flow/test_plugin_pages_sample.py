"""The plugin of docs/plugins/pages.md runs as it is written there: pages, form, words, panel, paper."""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.kernel.db import tenant_scope
from tests.support.app import client_of
from tests.support.entries import account, make_entry
from tests.support.factories import World, view
from tests.support.people import sign_in
from tests.support.plugins import enable, installed

GUIDE = Path(__file__).parents[2] / "docs" / "plugins" / "pages.md"
OWNER = "tacgia@example.vn"


def blocks(kind: str) -> list[str]:
    """The blocks of code of one kind in the guide, in order."""
    return re.findall(rf"^```{kind}\n(.*?)^```", GUIDE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


@pytest.fixture
def sample(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """The world with the guide's plugin written as a package and enabled for the first tenant."""
    package = tmp_path / "hoi_dap"
    catalogue = package / "translations" / "en" / "LC_MESSAGES"
    catalogue.mkdir(parents=True)
    (package / "templates").mkdir()
    (package / "__init__.py").write_text(blocks("python")[0], encoding="utf-8")
    for name, source in zip(("questions", "ask", "question"), blocks("(?:html|jinja)"), strict=True):
        (package / "templates" / f"{name}.html").write_text(source, encoding="utf-8")
    (catalogue / "messages.po").write_text(blocks("text")[0], encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    with installed(importlib.import_module("hoi_dap").plugin):
        with world.app.app_context():
            enable(world.first, "hoi_dap")
        yield world
    del sys.modules["hoi_dap"]


def test_sample_of_the_guide_runs(sample: World) -> None:
    client = client_of(sample.app, "motmot")
    assert 'href="/p/hoi_dap/cau/han-nop"' in client.get("/p/hoi_dap/").text
    assert "<p>Hồ sơ nộp đến hết ngày cuối cùng.</p>" in client.get("/p/hoi_dap/cau/han-nop").text
    assert client.get("/p/hoi_dap/cau/khac").status_code == 404
    assert client_of(sample.app, "haihai").get("/p/hoi_dap/").status_code == 404

    sign_in(client, OWNER)
    refused = client.post("/p/hoi_dap/hoi", data={"words": "Sao?"})
    assert (refused.status_code, 'value="Sao?"' in refused.text) == (422, True)
    assert (
        client.post("/p/hoi_dap/hoi", data={"words": "Nộp ở đâu vậy?"}).headers["Location"] == "/p/hoi_dap/"
    )
    assert "Đã ghi câu hỏi của bạn." in client.get("/p/hoi_dap/").text


def test_sample_speaks_english(sample: World) -> None:
    client = client_of(sample.app, "motmot")
    client.set_cookie("lang", "en", domain="motmot.localhost")

    assert "Answers of the committee." in client.get("/p/hoi_dap/").text


def test_samples_panel_and_paper_stand_at_the_dossier(sample: World) -> None:
    with sample.app.app_context(), tenant_scope(sample.first.id) as current:
        ref = make_entry(view(sample.first), account(OWNER), state="draft", published=False).ref
        current.commit()
    client = client_of(sample.app, "motmot")
    sign_in(client, OWNER)

    assert "Trước khi gọi, bạn xem mục <strong>Hỏi đáp</strong>." in client.get(f"/du-thi/{ref}/sua").text
    assert "Kính gửi Ban Tổ chức Cuộc thi thử kỳ k1." in client.get(f"/du-thi/{ref}/giay-to/giay-hoi").text
