"""Whose word is taken for a client's address."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from flask import request

from core.app import create_app
from core.kernel.db import db
from core.kernel.web import Access, allows
from tests.support.app import test_config
from tests.support.postgres import DatabaseUrls


@pytest.mark.parametrize(("proxies", "address"), [(0, "127.0.0.1"), (1, "203.0.113.9")])
def test_a_forwarded_address_is_believed_only_from_a_proxy_of_ours(
    sqlite_database: DatabaseUrls, tmp_path: Path, proxies: int, address: str
) -> None:
    app = create_app(replace(test_config(sqlite_database, tmp_path), proxies=proxies))
    app.add_url_rule("/dia-chi", "where", allows(Access.ASSET)(lambda: str(request.remote_addr)))

    answer = app.test_client().get("/dia-chi", headers={"X-Forwarded-For": "198.51.100.7, 203.0.113.9"})

    assert answer.text == address
    with app.app_context():
        db.engine.dispose()
