"""News and pages come from the tenants' folders; what the office changed stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from core.contests.events import TenantSynced
from core.kernel.audit import records
from core.kernel.db import session, tenant_scope
from core.kernel.errors import Invalid, NotFound
from core.plugin_api import Text
from core.publishing.content import NewsDraft, save_news, take_over_contents
from core.publishing.models import Content
from core.publishing.queries import access_news, content_row, count_news, page_view, published_news
from core.tenancy.package import load_tenant_package
from core.tenancy.package_values import TenantPackage
from core.tenancy.resolver import CurrentTenant
from tests.support.factories import NOW, World, actor_of, make_account
from tests.support.publishing import TENANTS, make_news

DRAFT = NewsDraft(
    {"vi": "Gia hạn nhận hồ sơ", "en": ""},
    {"vi": "Đến hết tháng.", "en": ""},
    date(2025, 11, 10),
    is_hidden=False,
)


def told(world: World, package: TenantPackage) -> TenantSynced:
    tenant = CurrentTenant(world.first.id, world.first.slug, {}, 1)
    return TenantSynced(tenant, package, {}, [], {}, NOW)


@pytest.fixture(scope="module")
def package() -> TenantPackage:
    return load_tenant_package(TENANTS / "thainguyen")


def test_the_folder_is_taken_over_once(world: World, package: TenantPackage) -> None:
    with world.app.app_context(), tenant_scope(world.first.id):
        first, second = told(world, package), told(world, package)
        take_over_contents(first)
        take_over_contents(second)

        assert first.counts == {"trang": len(package.pages), "tin": len(package.news)}
        assert second.counts == {}
        assert second.differences == []


def test_a_new_text_in_the_folder_is_followed(world: World, package: TenantPackage) -> None:
    changed = replace(
        package, pages=(replace(package.pages[0], body=Text("Chữ mới", "New words")), *package.pages[1:])
    )
    with world.app.app_context(), tenant_scope(world.first.id):
        take_over_contents(told(world, package))
        event = told(world, changed)
        take_over_contents(event)
        view = page_view(package.pages[0].slug)

    assert event.counts == {"trang": 1}
    assert view is not None
    assert view.html == Text("<p>Chữ mới</p>", "<p>New words</p>")


def test_what_the_office_changed_is_kept_and_reported(world: World, package: TenantPackage) -> None:
    key = package.news[0].slug
    with world.app.app_context(), tenant_scope(world.first.id):
        take_over_contents(told(world, package))
        actor = actor_of(make_account("moi@example.vn"))
        save_news(key, DRAFT, edition="k1", actor=actor, now=NOW)
        event = told(world, package)
        take_over_contents(event)

        assert event.differences == [f"motmot.news.{key}: giữ bản văn phòng đã sửa"]
        assert content_row(key, "news").title == {"vi": "Gia hạn nhận hồ sơ", "en": ""}


def test_saving_cleans_logs_and_touches(world: World) -> None:
    with world.app.app_context(), tenant_scope(world.first.id):
        draft = replace(DRAFT, body={"vi": "<script>x</script> **đậm**", "en": ""})
        key = save_news(None, draft, edition="k1", actor=actor_of(make_account("moi@example.vn")), now=NOW)
        row = content_row(key, "news")

        assert key == "gia-han-nhan-ho-so"
        assert row.html == {"vi": "<p>&lt;script&gt;x&lt;/script&gt; <strong>đậm</strong></p>"}
        assert [record.action for record in records(subject=key)] == ["news.added"]


def test_two_items_of_one_title_have_two_addresses(world: World) -> None:
    with world.app.app_context(), tenant_scope(world.first.id):
        actor = actor_of(make_account("moi@example.vn"))
        keys = [save_news(None, DRAFT, edition="k1", actor=actor, now=NOW) for _ in range(2)]

    assert keys == ["gia-han-nhan-ho-so", "gia-han-nhan-ho-so-2"]


def test_news_without_words_is_refused(world: World) -> None:
    with world.app.app_context(), tenant_scope(world.first.id):
        actor, draft = actor_of(make_account("moi@example.vn")), replace(DRAFT, body={"vi": " "})
        with pytest.raises(Invalid):
            save_news(None, draft, edition="k1", actor=actor, now=NOW)


def test_news_is_seen_from_its_day_on_and_never_while_hidden(world: World) -> None:
    with world.app.app_context(), tenant_scope(world.first.id):
        make_news("hom-nay", at=NOW)
        make_news("mai", at=NOW + timedelta(days=1))
        make_news("an", kind="hidden_news")

        assert [item.key for item in published_news(NOW, limit=9)] == ["hom-nay"]
        assert count_news() == 3
        for key in ("mai", "an"):
            with pytest.raises(NotFound):
                access_news(key, NOW)


def test_the_other_tenant_has_none_of_it(world: World) -> None:
    with world.app.app_context():
        with tenant_scope(world.first.id) as current:
            make_news("rieng")
            current.commit()
        with tenant_scope(world.second.id):
            assert list(session().scalars(select(Content.key))) == []
            with pytest.raises(NotFound):
                access_news("rieng", NOW)
