"""Providers of sign-in (OpenID Connect) as the environment names them: `OIDC_<NAME>_ISSUER` and its companions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from urllib.parse import urlsplit

from core.kernel.errors import WrongUse

_ISSUER = re.compile(r"OIDC_([A-Z0-9]+)_ISSUER")


@dataclass(frozen=True, slots=True)
class OidcProvider:
    """One provider. `name` stands in addresses; `tenants` are the slugs that offer it, none for all."""

    name: str
    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    label: str
    tenants: frozenset[str] = frozenset()

    def serves(self, slug: str) -> bool:
        """Whether the tenant offers it."""
        return not self.tenants or slug in self.tenants


def read_providers(env: Mapping[str, str]) -> tuple[OidcProvider, ...]:
    """The providers that `env` names, in the order of their names. Raises WrongUse with a sentence."""
    found = sorted(match[1] for key in env if (match := _ISSUER.fullmatch(key)) and env[key])
    providers = tuple(_provider(name, env) for name in found)
    issuers = [(one.issuer, tenant) for one in providers for tenant in one.tenants or ("",)]
    if len(issuers) != len(set(issuers)):
        raise WrongUse("Two OIDC providers have the same issuer; one name for each is wanted.")
    if providers and (find_spec("authlib") is None or find_spec("requests") is None):
        raise WrongUse("OIDC_… is set, and the extra is missing: pip install 'bangvang[oidc]'.")
    return providers


def _provider(name: str, env: Mapping[str, str]) -> OidcProvider:
    issuer, client_id = env[f"OIDC_{name}_ISSUER"], env.get(f"OIDC_{name}_CLIENT_ID", "")
    parts = urlsplit(issuer)
    is_here = parts.hostname in {"localhost", "127.0.0.1"}
    if parts.scheme != "https" and not (parts.scheme == "http" and is_here):
        raise WrongUse(f"OIDC_{name}_ISSUER must begin with https://, not {issuer!r}.")
    if not client_id:
        raise WrongUse(f"OIDC_{name}_CLIENT_ID is missing.")
    return OidcProvider(
        name=name.lower(),
        issuer=issuer,
        client_id=client_id,
        client_secret=env.get(f"OIDC_{name}_CLIENT_SECRET", ""),
        label=env.get(f"OIDC_{name}_LABEL", "") or parts.hostname or name,
        tenants=frozenset(env.get(f"OIDC_{name}_TENANTS", "").split()),
    )
