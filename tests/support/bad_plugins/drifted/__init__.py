"""Gives other results than its golden edition says."""

from __future__ import annotations

import sys

from tests.support.bad_plugins.parts import made

plugin = made(sys.modules[__name__])
