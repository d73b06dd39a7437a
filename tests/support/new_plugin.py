"""What `bangvang plugins new` writes is held to what it asks of an author: ruff, its format, and mypy --strict.

Run `python -m tests.support.new_plugin`: it writes one with tables and one without into an installation of its own, and
exits with 1 where a tool finds something. These tools are no part of the packages that the tests stand on.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.support.installation import make_installation

TOOLS = (("ruff", "check", "--no-cache", "."), ("ruff", "format", "--no-cache", "--check", "."), ("mypy",))
PLUGINS = (("demo_contest", ()), ("cuoc_thi_mau_co_bang", ("--with-tables",)))


def main() -> int:
    """Write the plugins and let the tools look at them; 1 when one finds something."""
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        house = make_installation(Path(folder))
        for name, words in PLUGINS:
            written = house.bangvang("plugins", "new", name, *words)
            if written.returncode:
                sys.stderr.write(written.stderr)
                return 1
            for tool in TOOLS:
                done = house.python("-m", *tool, at=house.plugins / name)
                if done.returncode:
                    sys.stderr.write(f"{name}: {' '.join(tool)}\n{done.stdout}{done.stderr}")
                    failed = 1
    return failed


if __name__ == "__main__":
    sys.exit(main())
