"""Reaches past the plugin API, and for a library of the web."""

from __future__ import annotations

import sys

import flask

from core.kernel.errors import DomainError
from core.plugin_api import NavItem, Text, VotePolicy, hookimpl
from tests.support.bad_plugins.parts import RULE, made


@hookimpl
def vote_policy() -> VotePolicy:
    """As the sound one, with what it should not know."""
    return VotePolicy(enabled=not issubclass(DomainError, flask.Flask), clause=RULE)


@hookimpl
def navigation() -> tuple[NavItem, ...]:
    """One item."""
    return (NavItem(Text("Lạ", "Odd"), "/la", 1),)


plugin = made(sys.modules[__name__])
