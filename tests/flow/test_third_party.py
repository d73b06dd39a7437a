"""A plugin that somebody else wrote: installed by pip through its entry point, served by a real process.

It imports nothing of the platform but `core.plugin_api`. It has a page, a form, tables, a job, a menu item, a panel,
settings and English words.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

import pytest
from sqlalchemy import Connection, create_engine, inspect, make_url, text

from core.kernel.migrate import owned_tables, unwalled_tables
from tests.support.databases import PrepareDatabase, Template
from tests.support.factories import World
from tests.support.live import Reply, Site, cookie_of, environment_of, running
from tests.support.plugin_tables import own_copy
from tests.support.plugins import enable
from tests.support.postgres import DatabaseUrls, PostgresServer
from tests.support.run_folder import run_folder
from tests.support.third_party import SOURCE, Installation, tenants_with

PAGE = "/p/so_tay/"


@pytest.fixture
def postgres_database(postgres_server: PostgresServer, template: Template) -> Iterator[DatabaseUrls]:
    """A database that the test may give tables."""
    yield from own_copy(postgres_server, postgres_server.template(*template))


@pytest.fixture
def template(
    request: pytest.FixtureRequest, prepare_world: PrepareDatabase, installed_folder: Path
) -> Template:
    """The world; or the three shipped tenants as an operator's command loads them, Bắc Kạn alone with the plugin."""
    if "world" in request.fixturenames:
        return ("world", prepare_world)
    folder = run_folder(request.config)

    def prepare(urls: DatabaseUrls) -> None:
        var = folder / f"third-party-{make_url(urls.app_url).get_backend_name()}"
        done = three_tenants(urls, var, installed_folder).bangvang("tenants", "sync")
        assert done.returncode == 0, done.stderr

    return ("third-party", prepare)


@pytest.fixture
def one_of_three(database: DatabaseUrls, installed_folder: Path, tmp_path: Path) -> Installation:
    """The three shipped tenants, of which Bắc Kạn alone has the plugin."""
    return three_tenants(database, tmp_path, installed_folder)


def three_tenants(urls: DatabaseUrls, folder: Path, packages: Path) -> Installation:
    """An installation over the database of `urls`, with its data and its copy of the tenants in `folder`."""
    return Installation(
        {
            "BANGVANG_VAR": str(folder / "var"),
            "BANGVANG_TENANTS": str(tenants_with(folder, "backan", "so_tay")),
            "DATABASE_URL": urls.app_url,
            "DATABASE_OWNER_URL": urls.owner_url,
            "PYTHONPATH": str(packages),
        }
    )


@pytest.fixture
def twins(world: World, installed_folder: Path) -> Installation:
    """The world of two tenants with twin data, both of which have the plugin."""
    environment = environment_of(world.app.config["BANGVANG"])
    made = Installation({**environment, "PYTHONPATH": str(installed_folder)})
    done = made.bangvang("db", "upgrade")
    assert "plugin so_tay: empty → so_tay_0001" in done.stdout, done.stderr
    with world.app.app_context():
        for facts in (world.first, world.second):
            enable(facts, "so_tay")
    return made


def leave(site: Site, slug: str, **typed: str) -> Reply:
    """Open the page as a reader does, fill its form and send it."""
    page = site.ask(slug, PAGE)
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    assert token is not None
    cookies = SimpleCookie(page.headers["Set-Cookie"])
    body = urlencode({"csrf_token": token[1], **typed}).encode()
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": "; ".join(f"{name}={one.value}" for name, one in cookies.items()),
    }
    return site.ask(slug, PAGE, "POST", body=body, headers=headers)


def seen_by(site: Site, slug: str, cookie: str, path: str) -> Reply:
    """A page as the account with this cookie sees it."""
    return site.ask(slug, path, headers={"Cookie": f"bv={cookie}"})


def speak_for(connection: Connection, tenant: object) -> None:
    """Say for which tenant this transaction speaks, as each of the application's does."""
    said = {"tenant": str(tenant)}
    connection.execute(text("select set_config('app.tenant', :tenant, true)"), said)


def jobs_of_plugins(database: DatabaseUrls) -> list[tuple[str, ...]]:
    """Tenant, kind and state of each job that a plugin asked for."""
    engine = create_engine(database.owner_url)
    with engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            speak_for(connection, "*")
        rows = connection.execute(
            text(
                "select slug, kind, state from job join tenant on tenant.id = tenant_id "
                "where kind like 'p.%' order by slug, kind"
            )
        ).all()
    engine.dispose()
    return [tuple(row) for row in rows]


def test_the_package_imports_nothing_of_the_platform_but_its_api() -> None:
    sources = "".join(file.read_text(encoding="utf-8") for file in SOURCE.rglob("*.py"))
    named = set(re.findall(r"^\s*(?:from|import) ([a-z_.]+)", sources, re.MULTILINE))
    assert {name for name in named if name.startswith(("core", "plugins", "tests", "tenants"))} == {
        "core.plugin_api",
        "core.plugin_api.migrations",
    }


def test_installed_by_pip_it_serves_the_tenant_that_enables_it_and_no_other(
    one_of_three: Installation,
) -> None:
    listed = one_of_three.bangvang("plugins", "list")
    assert "so_tay\t1.0.0\tSổ tay góp ý\tbangvang-so-tay (bangvang_so_tay:plugin)" in listed.stdout
    assert "WRONG" not in one_of_three.bangvang("doctor").stdout
    with running(one_of_three.environment) as site:
        assert {slug: site.ask(slug, PAGE).status for slug in ("backan", "bacgiang", "thainguyen")} == {
            "backan": 200,
            "bacgiang": 404,
            "thainguyen": 404,
        }
        assert PAGE in site.ask("backan", "/").text
        assert PAGE not in site.ask("bacgiang", "/").text
        assert "Newest remarks" in site.ask("backan", f"{PAGE}?lang=en").text

        short = leave(site, "backan", words="ngắn")
        assert (short.status, "Viết từ 10 đến 300 ký tự." in short.text, "ngắn" in short.text) == (
            422,
            True,
            True,
        )
        sent = leave(site, "backan", words="Xin công bố sớm hơn.", signed="<b>Lan</b>")
        assert (sent.status, sent.headers["Location"]) == (303, PAGE)
        page = site.ask("backan", PAGE).text
        assert "Xin công bố sớm hơn." in page
        assert "&lt;b&gt;Lan&lt;/b&gt;" in page


def test_its_job_runs_in_the_worker_for_the_tenant_that_has_it(
    one_of_three: Installation, database: DatabaseUrls
) -> None:
    one_of_three.relay()
    engine = create_engine(database.owner_url)
    with engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            speak_for(connection, "*")
        rows = connection.execute(
            text("select slug, number from p_so_tay_tally join tenant on tenant.id = tenant_id")
        ).all()
    engine.dispose()
    assert [tuple(row) for row in rows] == [("backan", 0)]
    assert jobs_of_plugins(database) == [("backan", "p.so_tay.count", "done")]


def test_two_tenants_that_both_have_it_see_nothing_of_each_other(
    twins: Installation, world: World, database: DatabaseUrls
) -> None:
    with running(twins.environment) as site:
        assert leave(site, "motmot", words="Góp ý của tỉnh một.").status == 303
        assert leave(site, "haihai", words="Góp ý của tỉnh hai.").status == 303
        assert leave(site, "haihai", words="Tỉnh hai góp ý nữa.").status == 303
        first, second = site.ask("motmot", PAGE).text, site.ask("haihai", PAGE).text
        assert ("tỉnh một" in first, "tỉnh hai" in first) == (True, False)
        assert ("tỉnh một" in second, "tỉnh hai" in second) == (False, True)

        twins.relay()
        # One after each remark, and one of each tenant by itself.
        assert jobs_of_plugins(database) == [
            *[("haihai", "p.so_tay.count", "done")] * 3,
            *[("motmot", "p.so_tay.count", "done")] * 2,
        ]
        assert site.ask("motmot", f"{PAGE}so-lieu").status == 302
        for slug, number in (("motmot", 1), ("haihai", 2)):
            cookie = cookie_of(world.app, slug, "btc@example.vn")
            assert seen_by(site, slug, cookie, f"{PAGE}so-lieu").status == 200
            file = seen_by(site, slug, cookie, f"{PAGE}so-lieu/tep")
            assert file.text == f"day,number\n2025-11-12,{number}"
    _require_walls(world, database)


def _require_walls(world: World, database: DatabaseUrls) -> None:
    """Straight in the database, past the application: only the tenant that is spoken for is seen."""
    owner = create_engine(database.owner_url)
    with owner.connect() as connection:
        assert {"p_so_tay_remark", "p_so_tay_tally"} < set(owned_tables(connection))
        if connection.dialect.name == "postgresql":
            assert unwalled_tables(connection) == []
            connection.execute(text("set local role bangvang_app"))
            assert connection.scalar(text("select count(*) from p_so_tay_remark")) == 0
            speak_for(connection, world.second.id)
            owners = connection.scalars(text("select tenant_id from p_so_tay_remark")).all()
            assert owners == [world.second.id, world.second.id]
    owner.dispose()


def test_taken_away_again_it_leaves_its_tables_and_the_others_are_served(
    one_of_three: Installation, database: DatabaseUrls
) -> None:
    gone = one_of_three.without("PYTHONPATH")
    upgraded = gone.bangvang("db", "upgrade")
    assert (upgraded.returncode, upgraded.stderr) == (0, "")
    told = gone.bangvang("doctor").stdout
    assert "plugin so_tay cannot be used here; its tables and their rows are kept as they are" in told
    with running(gone.environment) as site:
        assert {slug: site.ask(slug, "/").status for slug in ("backan", "bacgiang")} == {
            "backan": 503,
            "bacgiang": 200,
        }
    engine = create_engine(database.owner_url)
    with engine.connect() as connection:
        assert inspect(connection).has_table("p_so_tay_remark")
    engine.dispose()


def test_its_author_adds_a_column_and_the_commands_lead_the_way(
    sqlite_database: DatabaseUrls, installed_folder: Path, tmp_path: Path
) -> None:
    packages = tmp_path / "packages"
    shutil.copytree(installed_folder, packages)
    site = three_tenants(sqlite_database, tmp_path, packages)
    refused = site.bangvang("plugins", "migrate", "so_tay", "-m", "x")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr == "so_tay: the migrations make the declared tables; there is nothing to write.\n"
    assert site.bangvang("plugins", "migrate", "so_khac", "-m", "x").returncode == 2

    tables = packages / "bangvang_so_tay" / "tables.py"
    column = '        Column("place", length=80),\n    ),\n    indexes'
    tables.write_text(
        tables.read_text(encoding="utf-8").replace("    ),\n    indexes", column), encoding="utf-8"
    )
    told = site.bangvang("doctor")
    lags = "plugin so_tay: its migrations lag behind its tables (column remark.place has no migration)"
    assert (told.returncode, lags in told.stdout) == (1, True)

    written = site.bangvang("plugins", "migrate", "so_tay", "-m", "Nơi viết góp ý")
    assert (packages / "bangvang_so_tay" / "migrations" / "0002_noi_viet_gop_y.py").is_file(), written.stderr
    upgraded = site.bangvang("db", "upgrade")
    assert upgraded.stdout.splitlines()[1:] == ["plugin so_tay: so_tay_0001 → so_tay_0002"]
    current = site.bangvang("db", "current")
    assert current.stdout.splitlines()[1:] == ["plugin so_tay: so_tay_0002 (newest: so_tay_0002)"]
    assert site.bangvang("doctor").returncode == 0


def test_a_migration_that_fails_is_said_in_a_sentence_and_the_rest_is_upgraded(
    sqlite_database: DatabaseUrls, installed_folder: Path, tmp_path: Path
) -> None:
    packages = tmp_path / "packages"
    shutil.copytree(installed_folder, packages)
    broken = packages / "bangvang_so_tay" / "migrations" / "0002_broken.py"
    broken.write_text(
        'revision = "so_tay_0002"\ndown_revision = "so_tay_0001"\n\n\ndef upgrade():\n    raise KeyError("x")\n',
        encoding="utf-8",
    )
    done = three_tenants(sqlite_database, tmp_path, packages).bangvang("db", "upgrade")
    assert (done.returncode, len(done.stdout.splitlines())) == (1, 1)
    told = "plugin so_tay: its migration failed and was undone: KeyError: 'x' (0002_broken.py, line 6)\n"
    assert done.stderr == told
