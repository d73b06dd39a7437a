"""Where the tests of the kit find the plugins that they check."""

from __future__ import annotations

from pathlib import Path

import tests.support.bad_plugins
from core.plugin_kit.subject import Place

BAD = Place("tests.support.bad_plugins", str(Path(tests.support.bad_plugins.__file__).parent))
