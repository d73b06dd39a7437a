"""`python -m core.cli` is `bangvang`."""

from core.cli import main

main()
