"""Each name that the platform reads from its environment is documented, and no other."""

from __future__ import annotations

import re
from pathlib import Path

HOUSE = Path(__file__).parents[2]
READ = re.compile(r"env(?:iron)?(?:\.get\(|\[)\s*\"([A-Z][A-Z0-9_]+)\"")
ROW = re.compile(r"^\| `([A-Z][A-Z0-9_]+)` \| (.+) \|$", re.MULTILINE)


def names_read(*folders: str) -> set[str]:
    files = [path for folder in folders for path in (HOUSE / folder).rglob("*.py")]
    files.remove(HOUSE / "core/kernel/pagecache.py")  # its environ is a request's
    return {name for path in files for name in READ.findall(path.read_text(encoding="utf-8"))}


def documented(section: str) -> dict[str, str]:
    text = (HOUSE / "docs/operators/configuration.md").read_text(encoding="utf-8")
    return dict(ROW.findall(text.partition(f"## {section}\n")[2].partition("\n## ")[0]))


def test_every_name_that_the_platform_reads_is_documented_and_no_other() -> None:
    rows = documented("The platform") | documented("Database") | documented("Files and mail")
    assert set(rows) == names_read("core")


def test_every_documented_name_has_a_default_and_an_example() -> None:
    rows = [documented(section) for section in ("The platform", "Database", "Files and mail", "Tests")]
    incomplete = [name for part in rows for name, cells in part.items() if len(cells.split(" | ")) != 3]
    assert incomplete == []
