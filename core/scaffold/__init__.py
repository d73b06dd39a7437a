"""What `bangvang plugins new` writes: a plugin of an invented contest that runs, checks and tests itself."""

from __future__ import annotations

from core.scaffold.golden import golden_edition
from core.scaffold.names import name_problem
from core.scaffold.write import default_folder, write_plugin

__all__ = ["default_folder", "golden_edition", "name_problem", "write_plugin"]
