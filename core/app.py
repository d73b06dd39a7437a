"""The application: a list of named steps, in the order they must happen."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from flask import Flask, g, request
from flask_smorest import Api
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response

from core.contests.current import init_editions
from core.entries.barring import init_barring
from core.entries.refusals import answer_apart
from core.entries.todo import init_todos
from core.extensions.jobs import register_jobs
from core.extensions.panels import init_panels
from core.kernel import uow
from core.kernel.config import Config, read_config
from core.kernel.db import configure_engine, db
from core.kernel.files import make_store
from core.kernel.formats import register_filters
from core.kernel.i18n import init_i18n
from core.kernel.limits import init_limits
from core.kernel.logs import configure_logs, init_logs
from core.kernel.pagecache import keep_pages
from core.kernel.problems import PROBLEM_TYPE, ProblemSchema, init_problems
from core.kernel.queue import init_queue
from core.kernel.security import init_security
from core.kernel.static import mount_static
from core.kernel.web import Access, check_permissions_declared, guard
from core.people.sessions import init_sessions, sign_in_of_cookie
from core.plugin_host import check_pending, platform_settings
from core.privacy.openings import init_openings
from core.publishing.context import init_context
from core.publishing.health import count_answers
from core.rehearsal.accounts import OfferedAccounts
from core.tenancy.resolver import version_reader
from core.tenancy.scope import init_tenancy

# Each module has a `blueprint`; the rooms in the order of the floors, the views of one room together.
VIEWS = (
    "core.publishing.health",
    "core.publishing.platform",
    "core.publishing.console",
    "core.publishing.console_plugins",
    "core.publishing.portal",
    "core.publishing.api_docs",
    "core.publishing.office",
    "core.people.portal",
    "core.people.office",
    "core.people.rescue_office",
    "core.contests.clock",
    "core.contests.office",
    "core.extensions.pages",
    "core.entries.portal",
    "core.entries.receipts",
    "core.entries.versions",
    "core.entries.authors",
    "core.entries.asks_portal",
    "core.entries.files",
    "core.entries.uploads",
    "core.entries.organisation_portal",
    "core.entries.gallery",
    "core.entries.office",
    "core.entries.versions_office",
    "core.entries.paper_files",
    "core.intake.office",
    "core.entries.extension_office",
    "core.judging.desk",
    "core.judging.desk_files",
    "core.judging.offline",
    "core.judging.office",
    "core.judging.finalists_office",
    "core.judging.material_office",
    "core.judging.material_portal",
    "core.judging.material_uploads",
    "core.judging.progress_office",
    "core.judging.plan_office",
    "core.judging.council_portal",
    "core.judging.council_office",
    "core.judging.council_hub",
    "core.judging.criteria_desk",
    "core.judging.fields_desk",
    "core.judging.conflict_desk",
    "core.judging.affiliation_portal",
    "core.judging.conflict_office",
    "core.judging.proofs_office",
    "core.judging.meeting.draw_room",
    "core.judging.meeting.draw_own",
    "core.judging.meeting.ballot_room",
    "core.judging.meeting.minutes_room",
    "core.judging.blind_desk",
    "core.judging.ranking_room",
    "core.judging.deliberation_office",
    "core.judging.deliberation_room",
    "core.judging.meeting.visit_room",
    "core.judging.blind_office",
    "core.judging.blind_office_files",
    "core.judging.statistics_room",
    "core.judging.own_figures_desk",
    "core.judging.paper_room",
    "core.judging.paper_mending_room",
    "core.judging.paper_desk",
    "core.voting.portal",
    "core.voting.office",
    "core.results.portal",
    "core.results.office",
    "core.results.shadow_office",
    "core.results.settings_office",
    "core.outreach.unit",
    "core.outreach.office",
    "core.messages.portal",
    "core.messages.office",
    "core.privacy.portal",
    "core.privacy.guardian_portal",
    "core.privacy.office",
    "core.privacy.keeping_office",
    "core.imports.office",
)
# Each module has a smorest `blueprint`.
APIS = ("core.people.api", "core.contests.api", "core.entries.api", "core.voting.api", "core.results.api")
# Modules that register events or job handlers when they are imported.
LISTENERS = (
    "core.publishing.content",
    "core.publishing.announcements",
    "core.outreach.sync",
    "core.results.guards",
    "core.entries.upkeep",
    "core.entries.todo_authors",
    "core.judging.conflict_jobs",
    "core.judging.deliberation_minutes",
    "core.judging.blind_jobs",
    "core.judging.criteria_versions",
    "core.judging.criteria_guard",
    "core.judging.totals_jobs",
    "core.judging.meeting.visit_todo",
    "core.judging.meeting.visit_withdrawals",
    "core.judging.reminder_jobs",
    "core.judging.material_todo",
    "core.judging.services.material_receipts",
    "core.intake.todo",
    "core.intake.kept",
    "core.imports.kept",
    "core.privacy.kin",
    "core.messages.todo",
    "core.messages.copies",
    "core.imports.personal",
    "core.entries.screening.jobs",
)

csrf = CSRFProtect()


class Application(Flask):
    """Flask, told two things: no view is a coroutine (it would look at every function of every request), and who has a
    conflict with a dossier finds nothing of it in a refusal either.
    """

    def dispatch_request(self) -> Any:
        """The answer of the view."""
        return answer_apart(self, super().dispatch_request)

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """`func` itself."""
        return func


def create_app(config: Config | None = None) -> Flask:
    """The WSGI application for `config` (default: the environment's)."""
    config = config or read_config()
    app = Application("core", root_path=str(Path(__file__).parent), static_folder=None)
    app.config.from_mapping(config.as_flask())
    configure_logs()
    start_database(app)
    if config.is_demonstration:
        app.extensions["demo_accounts"] = OfferedAccounts(config.tenants)
    app.extensions["file_store"] = make_store(config.storage_url, config.var)
    init_queue(app)
    init_i18n(app)
    register_filters(app)
    # Before a view, in this order: request id and log, tenant, edition and clock, who, may they, what they may not see.
    init_logs(app)
    init_tenancy(app, first_read=sign_in_of_cookie)
    init_editions(app)
    init_sessions(app)
    app.before_request(guard)
    init_barring(app)
    init_limits(app)
    csrf.init_app(app)
    # After a view: the last registered runs first, so the unit of work ends before headers are added.
    init_security(app)
    init_openings(app)
    app.after_request(end_unit_of_work)
    init_problems(app)
    init_context(app)
    init_panels(app)
    init_todos(app)
    register_views(app)
    register_jobs()
    check_permissions_declared(app)
    check_pending()
    platform_settings()
    # Around the application, the last put on is asked first: static files, figures, kept pages, then the views.
    keep_pages(app, version_reader(app))
    trust_proxies(app)
    count_answers(app)
    mount_static(app)
    return app


def trust_proxies(app: Flask) -> None:
    """Read the client's address, scheme and host as told by the PROXIES that stand before the application."""
    count = app.config["BANGVANG"].proxies
    if count:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]


def start_database(app: Flask) -> None:
    """Attach the database and set up its connections."""
    app.config["BANGVANG"].var.mkdir(parents=True, exist_ok=True)
    db.init_app(app)
    with app.app_context():
        configure_engine(db.engine)


def register_views(app: Flask) -> None:
    """Register every room's pages, the API, and what listens."""
    # All are imported before one is registered: modules of one area share a blueprint.
    for blueprint in dict.fromkeys(import_module(name).blueprint for name in VIEWS if find_spec(name)):
        app.register_blueprint(blueprint)
    app.config.update(API_OPTIONS)
    api = RoomApi(app)
    for name in APIS:
        if find_spec(name) is None:
            continue
        api.register_blueprint(import_module(name).blueprint)
    for name in LISTENERS:
        import_module(name)


API_OPTIONS: dict[str, Any] = {
    "API_TITLE": "Bảng Vàng",
    "API_VERSION": "v1",
    "OPENAPI_VERSION": "3.1.0",
    "OPENAPI_URL_PREFIX": "/api",
    "OPENAPI_JSON_PATH": "v1/openapi.json",
}


class RoomApi(Api):  # type: ignore[misc]
    """smorest's API without its error handlers: errors become answers in `kernel.problems` alone."""

    ERROR_SCHEMA = ProblemSchema

    def _register_error_handlers(self) -> None:
        pass

    def _register_responses(self) -> None:
        # What smorest prepares here are the refusals: their type, then again its own.
        self.DEFAULT_RESPONSE_CONTENT_TYPE = PROBLEM_TYPE
        super()._register_responses()
        del self.DEFAULT_RESPONSE_CONTENT_TYPE

    def _openapi_json(self) -> Any:
        return super()._openapi_json()

    _openapi_json.access = Access.PUBLIC  # type: ignore[attr-defined]


def end_unit_of_work(response: Response) -> Response:
    """Commit what the view did when its answer is good; roll it back when it is a refusal."""
    if g.get("tenant") is None:
        return response
    if request.method in ("GET", "HEAD", "OPTIONS"):
        uow.rollback()
    else:
        uow.finish(ok=response.status_code < 400)
    return response
