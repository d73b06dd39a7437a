"""How the documentation is built: `make docs`, warnings being errors."""

from __future__ import annotations

import tomllib
from pathlib import Path

_project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8"))[
    "project"
]

project = "Bảng Vàng"
author = "the Bảng Vàng contributors"
copyright = f"{author}, Apache-2.0"
version = release = _project["version"]
language = "en"

extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build"]
nitpicky = True
myst_enable_extensions = ["colon_fence", "deflist", "fieldlist"]
myst_heading_anchors = 3

html_theme = "furo"
html_title = f"Bảng Vàng {release}"
html_theme_options = {
    "light_css_variables": {"color-brand-primary": "#7a5600", "color-brand-content": "#7a5600"},
    "dark_css_variables": {"color-brand-primary": "#e0b04a", "color-brand-content": "#e0b04a"},
}
html_show_sphinx = False
html_copy_source = False
