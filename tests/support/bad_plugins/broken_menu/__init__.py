"""A hook that only decorates, and raises."""

from __future__ import annotations

import sys

from core.plugin_api import NavItem, hookimpl
from tests.support.bad_plugins.parts import made


@hookimpl
def navigation() -> tuple[NavItem, ...]:
    """No menu."""
    raise LookupError("không có trang nào")


plugin = made(sys.modules[__name__])
