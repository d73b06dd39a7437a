"""`python -m core.cli` is `bangvang`."""

from __future__ import annotations

from core.cli import main

main()
