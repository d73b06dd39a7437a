"""A version that says nothing and a title in one language."""

from __future__ import annotations

import sys

from core.plugin_api import PluginInfo, Text
from tests.support.bad_plugins.parts import made

plugin = made(
    sys.modules[__name__], info=PluginInfo("nameless", "mới nhất", Text("Không tên"), ("1.0", "2.0"))
)
