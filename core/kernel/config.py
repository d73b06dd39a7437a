"""Configuration from the environment; each name stands in docs/operators/configuration.md."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.kernel.antivirus import is_scanner_url
from core.kernel.errors import WrongUse
from core.kernel.providers import OidcProvider, read_providers

HOUSE = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Config:
    """What an installation is told from outside."""

    mode: str
    var: Path
    database_url: str
    owner_url: str
    secret_key: str
    redis_url: str
    storage_url: str
    smtp_url: str
    mail_from: str
    base_host: str
    tenants: Path
    port: int
    operator_password: str = ""
    metrics_from: tuple[str, ...] = ()
    proxies: int = 0
    mail_bounces: str = ""
    breach_list: str = ""
    clamav_url: str = ""
    sms_url: str = ""
    sms_token: str = ""
    oidc: tuple[OidcProvider, ...] = ()
    offline_days: int | None = 3

    @property
    def is_demonstration(self) -> bool:
        """Whether invented data, a movable clock and the mailbox page are wanted."""
        return self.mode == "demonstration"

    def as_flask(self) -> dict[str, Any]:
        """The same as Flask's configuration mapping."""
        engine: dict[str, Any] = {}
        if self.database_url.startswith("postgresql"):
            engine = {"pool_size": 8, "max_overflow": 2, "pool_recycle": 1800, "pool_timeout": 10}
        return {
            "BANGVANG": self,
            "BANGVANG_VAR": str(self.var),
            "SECRET_KEY": self.secret_key,
            "SQLALCHEMY_DATABASE_URI": self.database_url,
            "SQLALCHEMY_ENGINE_OPTIONS": engine,
            "REDIS_URL": self.redis_url,
            "SMTP_URL": self.smtp_url,
            "MAIL_FROM": self.mail_from,
            "MAIL_BOUNCES": self.mail_bounces,
            "STORAGE_URL": self.storage_url,
            "CLAMAV_URL": self.clamav_url,
            "OPERATOR_PASSWORD": self.operator_password,
            "METRICS_FROM": self.metrics_from,
            "BREACH_LIST": self.breach_list,
            "SMS_URL": self.sms_url,
            "SMS_TOKEN": self.sms_token,
            "OIDC": self.oidc,
            "MAX_CONTENT_LENGTH": 64 * 1024 * 1024,
            "MAX_FORM_MEMORY_SIZE": 4 * 1024 * 1024,
            "SESSION_COOKIE_NAME": "bv",
            "SESSION_COOKIE_HTTPONLY": True,
            "SESSION_COOKIE_SAMESITE": "Lax",
            "SESSION_COOKIE_SECURE": not self.is_demonstration,
            "WTF_CSRF_TIME_LIMIT": None,
            "WTF_CSRF_SSL_STRICT": False,
        }


def read_config(environ: Mapping[str, str] | None = None) -> Config:
    """The configuration of `environ` (default: the process's). Raises WrongUse with a sentence."""
    env = os.environ if environ is None else environ
    mode = env.get("BANGVANG_MODE", "demonstration")
    if mode not in ("demonstration", "production"):
        raise WrongUse(f"BANGVANG_MODE must be demonstration or production, not {mode!r}.")
    var = Path(env.get("BANGVANG_VAR", HOUSE / "var")).resolve()
    database_url = env.get("DATABASE_URL") or f"sqlite:///{var / 'bangvang.db'}"
    if database_url.startswith("postgres://"):
        database_url = "postgresql" + database_url.removeprefix("postgres")
    secret = env.get("SECRET_KEY", "")
    if not secret and mode == "production":
        raise WrongUse("SECRET_KEY is required in production: set it to 32 random bytes or more.")
    clamav_url = env.get("CLAMAV_URL", "")
    if clamav_url and not is_scanner_url(clamav_url):
        raise WrongUse(f"CLAMAV_URL must be tcp://host:port or unix:/path, not {clamav_url!r}.")
    return Config(
        mode=mode,
        var=var,
        database_url=database_url,
        owner_url=env.get("DATABASE_OWNER_URL") or database_url,
        secret_key=secret or demonstration_secret(var),
        redis_url=env.get("REDIS_URL", ""),
        storage_url=env.get("STORAGE_URL", ""),
        smtp_url=env.get("SMTP_URL", ""),
        mail_from=env.get("MAIL_FROM", "khong-tra-loi@localhost"),
        base_host=env.get("BASE_HOST", "localhost"),
        tenants=Path(env.get("BANGVANG_TENANTS", HOUSE / "tenants")),
        port=_count(env.get("PORT", "8000"), "PORT"),
        operator_password=env.get("OPERATOR_PASSWORD", ""),
        metrics_from=tuple(env.get("METRICS_FROM", "").split()),
        proxies=_count(env.get("PROXIES", "0"), "PROXIES"),
        mail_bounces=_address(env.get("MAIL_BOUNCES", ""), "MAIL_BOUNCES"),
        sms_url=_web_address(env.get("SMS_URL", ""), "SMS_URL"),
        sms_token=env.get("SMS_TOKEN", ""),
        oidc=read_providers(env),
        breach_list=_existing(env.get("BREACH_LIST", ""), "BREACH_LIST"),
        clamav_url=clamav_url,
        offline_days=_days(env.get("OFFLINE_DAYS", "3"), "OFFLINE_DAYS"),
    )


def _address(text: str, name: str) -> str:
    if text and not re.fullmatch(r"[A-Za-z0-9._-]{1,20}@[A-Za-z0-9.-]+", text):
        raise WrongUse(
            f"{name} must be a plain address of at most 20 characters before the @ and no plus sign, not {text!r}."
        )
    return text


def _count(text: str, name: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        raise WrongUse(f"{name} must be a number, not {text!r}.")
    return int(text)


def _days(text: str, name: str) -> int | None:
    if text == "off":
        return None
    days = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else -1
    if not 0 <= days <= 60:
        raise WrongUse(f"{name} must be a number of days from 0 to 60, or off, not {text!r}.")
    return days


def _web_address(text: str, name: str) -> str:
    if text and not text.startswith(("https://", "http://")):
        raise WrongUse(f"{name} must begin with https:// or http://, not {text!r}.")
    return text


def _existing(path: str, name: str) -> str:
    if path and not Path(path).exists():
        raise WrongUse(f"{name} names {path!r}, which does not exist.")
    return path


def demonstration_secret(var: Path) -> str:
    """The secret of a demonstration: made on its first start, kept under `var`, readable by its owner only."""
    path = var / "secret_key"
    if path.exists():
        return path.read_text().strip()
    var.mkdir(parents=True, exist_ok=True)
    value = secrets.token_hex(32)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as target:
        target.write(value)
    return value
