"""Rate limits: Flask-Limiter on Redis when configured, else on a small SQLite file shared by the workers.

They slow abuse down and decide nothing: votes and tries are counted in the database, never here.
"""

from __future__ import annotations

import math
import sqlite3
import threading
import time
from pathlib import Path

from flask import Flask, g, request
from flask_limiter import Limiter
from limits.storage import Storage

_local = threading.local()


class FileStorage(Storage):
    """Fixed-window counters in a SQLite file: one row a key, forgotten when its window has passed."""

    STORAGE_SCHEME = ["sqlitefile"]  # noqa: RUF012 - the base class declares it so

    def __init__(self, uri: str, wrap_exceptions: bool = False, **options: str) -> None:
        super().__init__(uri, wrap_exceptions=wrap_exceptions, **options)
        self.path = uri.removeprefix("sqlitefile://")
        Path(self.path).parent.mkdir(parents=True, exist_ok=True)
        self._db().execute("create table if not exists hits (key text primary key, n integer, until real)")

    @property
    def base_exceptions(self) -> type[Exception]:
        """What the storage raises when it fails."""
        return sqlite3.Error

    def _db(self) -> sqlite3.Connection:
        held: dict[str, sqlite3.Connection] = getattr(_local, "held", {})
        if self.path not in held:
            held[self.path] = sqlite3.connect(self.path, isolation_level=None, timeout=5)
            held[self.path].execute("pragma journal_mode=wal")
            held[self.path].execute("pragma synchronous=off")
            _local.held = held
        return held[self.path]

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count `amount` for `key`; returns the count in the window that runs now."""
        now = time.time()
        row = (
            self._db()
            .execute(
                "insert into hits values (?1, ?2, ?3) on conflict (key) do update set "
                "n = case when until <= ?4 then ?2 else n + ?2 end, "
                "until = case when until <= ?4 then ?3 else until end returning n",
                (key, amount, now + expiry, now),
            )
            .fetchone()
        )
        return int(row[0])

    def get(self, key: str) -> int:
        """The count of `key` now."""
        row = (
            self._db()
            .execute("select n from hits where key = ? and until > ?", (key, time.time()))
            .fetchone()
        )
        return int(row[0]) if row else 0

    def get_expiry(self, key: str) -> float:
        """When the window of `key` ends (Unix seconds)."""
        row = self._db().execute("select until from hits where key = ?", (key,)).fetchone()
        return float(row[0]) if row else time.time()

    def check(self) -> bool:
        """Whether the storage works."""
        return bool(self._db().execute("select 1").fetchone())

    def reset(self) -> int:
        """Forget everything; returns how many keys there were."""
        return self._db().execute("delete from hits").rowcount

    def clear(self, key: str) -> None:
        """Forget `key`."""
        self._db().execute("delete from hits where key = ?", (key,))


def client_key() -> str:
    """Whom a limit counts: the tenant, and the account or the address."""
    tenant = getattr(g, "tenant", None)
    actor = getattr(g, "actor", None)
    who = str(actor.id) if actor is not None and actor.id else (request.remote_addr or "?")
    return f"{tenant.slug if tenant else '-'}:{who}"


limiter = Limiter(key_func=client_key, strategy="fixed-window", headers_enabled=False, swallow_errors=True)


def seconds_to_wait() -> int | None:
    """How long whoever met a limit in this request should wait (whole seconds); None when none was met."""
    met = limiter.current_limit
    return max(1, math.ceil(met.reset_at - time.time())) if met is not None and met.breached else None


def init_limits(app: Flask) -> None:
    """Attach the limiter to `app`."""
    if app.config["REDIS_URL"]:
        app.config["RATELIMIT_STORAGE_URI"] = app.config["REDIS_URL"]
    else:
        app.config["RATELIMIT_STORAGE_URI"] = f"sqlitefile://{app.config['BANGVANG_VAR']}/limits.db"
    limiter.init_app(app)
