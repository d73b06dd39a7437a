"""Soát thể lệ: whether a configured edition makes sense before anybody takes part in it."""

from __future__ import annotations

from core.contests.lint.edition import lint_edition
from core.contests.lint.packages import lint_package
from core.contests.lint.values import LintFinding, Place, SettingRef, Spot, Weight

__all__ = ["LintFinding", "Place", "SettingRef", "Spot", "Weight", "lint_edition", "lint_package"]
