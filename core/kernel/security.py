"""Headers every answer carries, and the cipher for what must not lie open in the database."""

from __future__ import annotations

import base64
import hashlib

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import Flask, Response, current_app

CSP = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "worker-src 'self'",
        "manifest-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'self'",
    )
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def init_security(app: Flask) -> None:
    """Add the security headers to every answer of `app`."""
    strict = not app.config["BANGVANG"].is_demonstration

    @app.after_request
    def add_headers(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if strict:
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
        return response


def cipher(purpose: str) -> Fernet:
    """A cipher for one purpose, its key derived (HKDF, RFC 5869) from the installation's secret."""
    return cipher_of(current_app.config["SECRET_KEY"], purpose)


def cipher_of(secret: str, purpose: str) -> Fernet:
    """The same under `secret`, for a migration, which runs outside the application."""
    derived = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=purpose.encode()).derive(
        secret.encode()
    )
    return Fernet(base64.urlsafe_b64encode(derived))


def keyed_digest(value: str, purpose: str) -> str:
    """A digest that only this installation can make: for tokens and codes kept in the database."""
    secret: str = current_app.config["SECRET_KEY"]
    return hashlib.blake2b(
        value.encode(), key=hashlib.sha256(f"{purpose}:{secret}".encode()).digest(), digest_size=32
    ).hexdigest()
