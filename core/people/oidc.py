"""Signing in by another house's account: OpenID Connect Core 1.0, the authorization code flow.

With PKCE (RFC 7636), state, nonce, discovery, and `iss` in the answer where the provider sends it (RFC 9207). Each
provider has a callback address of its own, and an answer is taken only by the one that was asked: one provider cannot
speak for another (RFC 9700 section 2.1). Who somebody is is told by issuer and subject alone, never by an address of
mail that a provider claims.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

import structlog
from flask import current_app, g
from flask_babel import gettext as _

from core.kernel.clock import real_now
from core.kernel.errors import DomainError
from core.kernel.ids import token as new_token
from core.kernel.providers import OidcProvider

PATIENCE = 10
METADATA_LIFE = timedelta(hours=1)
# What an ID token may be signed with: never a shared secret, never nothing.
ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA", "RS384", "RS512", "ES384", "ES512")
log = structlog.get_logger(__name__)
_metadata: dict[str, tuple[datetime, dict[str, Any]]] = {}


class SignInFailed(DomainError):
    """The provider could not be asked, or what it answered does not hold."""

    status = 422
    kind = "oidc-failed"


@dataclass(frozen=True, slots=True)
class Asked:
    """A sign-in that waits for its provider's answer: kept in the browser's signed cookie."""

    provider: str
    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the provider says it is. `email` is a claim, good for filling in a form."""

    provider: str
    issuer: str
    subject: str
    name: str
    email: str


def providers() -> list[OidcProvider]:
    """The providers that this request's tenant offers."""
    return [one for one in current_app.config["OIDC"] if one.serves(g.tenant.slug)]


def provider_named(name: str) -> OidcProvider | None:
    """The provider of this name, where the tenant offers it."""
    return next((one for one in providers() if one.name == name), None)


def begin(provider: OidcProvider, callback: str) -> tuple[str, Asked]:
    """The provider's address to go to, and what must be kept for its answer. Raises SignInFailed."""
    from authlib.integrations.requests_client import OAuth2Session

    metadata = _discovered(provider)
    asked = Asked(provider.name, new_token(), new_token(), new_token())
    client = OAuth2Session(
        provider.client_id,
        scope="openid profile email",
        redirect_uri=callback,
        code_challenge_method="S256",
    )
    address, _state = client.create_authorization_url(
        metadata["authorization_endpoint"],
        state=asked.state,
        nonce=asked.nonce,
        code_verifier=asked.verifier,
    )
    return str(address), asked


def finish(provider: OidcProvider, asked: Asked, answer: Mapping[str, str], callback: str) -> Identity:
    """Who came back with `answer` (the query of the callback). Raises SignInFailed."""
    same = hmac.compare_digest(answer.get("state", ""), asked.state)
    if asked.provider != provider.name or not same:
        raise SignInFailed(
            _("Lượt đăng nhập này không bắt đầu từ trình duyệt của bạn hoặc đã cũ. Bạn hãy thử lại.")
        )
    if "iss" in answer and answer["iss"] != provider.issuer:
        raise _untrue(provider, "another issuer answered")
    if "error" in answer:
        log.info("oidc_refused", provider=provider.name, error=answer["error"][:100])
        raise SignInFailed(
            _(
                "%(label)s không xác nhận lượt đăng nhập này. Bạn hãy thử lại, hoặc dùng cách khác.",
                label=provider.label,
            )
        )
    claims = _claims(provider, asked, answer.get("code", ""), callback)
    return Identity(
        provider.name,
        provider.issuer,
        str(claims["sub"]),
        str(claims.get("name") or "")[:200],
        str(claims.get("email") or "")[:254],
    )


def _claims(provider: OidcProvider, asked: Asked, code: str, callback: str) -> dict[str, Any]:
    """The claims of the ID token that the provider gives for `code`, after every check of section 3.1.3.7."""
    from authlib.common.errors import AuthlibBaseError
    from authlib.integrations.requests_client import OAuth2Session
    from joserfc import jwt
    from joserfc.errors import JoseError
    from joserfc.jwk import KeySet, KeySetSerialization
    from requests import RequestException

    metadata = _discovered(provider)
    methods = metadata.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    method = "client_secret_basic" if "client_secret_basic" in methods else "client_secret_post"
    try:
        with OAuth2Session(
            provider.client_id,
            provider.client_secret,
            redirect_uri=callback,
            token_endpoint_auth_method=method if provider.client_secret else "none",
        ) as client:
            token = client.fetch_token(
                metadata["token_endpoint"], code=code, code_verifier=asked.verifier, timeout=PATIENCE
            )
        keys = KeySet.import_key_set(cast("KeySetSerialization", _fetched(metadata["jwks_uri"])))
        read = jwt.decode(token["id_token"], keys, algorithms=list(ALGORITHMS))
        claims = dict(read.claims)
        jwt.JWTClaimsRegistry(
            now=lambda: int(real_now().timestamp()),
            leeway=60,
            iss={"essential": True, "value": provider.issuer},
            aud={"essential": True, "value": provider.client_id},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": asked.nonce},
        ).validate(claims)
    except (AuthlibBaseError, JoseError, RequestException, KeyError, TypeError, ValueError) as error:
        raise _untrue(provider, repr(error)) from error
    if isinstance(claims["aud"], list) and len(claims["aud"]) > 1 and claims.get("azp") != provider.client_id:
        raise _untrue(provider, "the token is meant for another party")
    return claims


def _discovered(provider: OidcProvider) -> dict[str, Any]:
    """The provider's own description (OpenID Connect Discovery 1.0), held for an hour."""
    from requests import RequestException

    held = _metadata.get(provider.issuer)
    now = real_now()
    if held is not None and held[0] > now:
        return held[1]
    try:
        found = _fetched(provider.issuer.rstrip("/") + "/.well-known/openid-configuration")
        complete = all(found.get(key) for key in ("authorization_endpoint", "token_endpoint", "jwks_uri"))
    except (RequestException, ValueError) as error:
        log.warning("oidc_unreachable", provider=provider.name, error=repr(error))
        raise SignInFailed(
            _(
                "Hiện không hỏi được %(label)s. Bạn hãy thử lại sau ít phút, hoặc dùng cách khác.",
                label=provider.label,
            )
        ) from error
    if found.get("issuer") != provider.issuer or not complete:
        raise _untrue(provider, "its description names another issuer, or no endpoints")
    _metadata[provider.issuer] = (now + METADATA_LIFE, found)
    return found


def _fetched(address: str) -> dict[str, Any]:
    import requests

    answer = requests.get(address, timeout=PATIENCE, allow_redirects=False)
    answer.raise_for_status()
    found = answer.json()
    if not isinstance(found, dict):
        raise TypeError(f"{address} answered no object")
    return found


def _untrue(provider: OidcProvider, why: str) -> SignInFailed:
    log.warning("oidc_untrue", provider=provider.name, why=why[:300])
    return SignInFailed(
        _(
            "Câu trả lời của %(label)s không hợp lệ nên bạn chưa được đăng nhập. Bạn hãy thử lại.",
            label=provider.label,
        )
    )
