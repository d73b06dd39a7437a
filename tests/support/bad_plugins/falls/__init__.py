"""A package that cannot be imported."""

from __future__ import annotations

raise RuntimeError("không có máy in")
