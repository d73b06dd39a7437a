"""`python __main__.py SOURCE TARGET`: the words and pictures of a DOCX or XLSX, into the new folder TARGET.

What a stranger sent in is opened here and not in a worker, as in `core/judging/blind_reader.py`: a file that makes a
reader crash, run on or ask for gigabytes ends this process alone. Written are `text.json`: `{"kind", "blocks",
"is_wide", "left_out"}`, and the pictures, drawn anew, that its blocks name.
"""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path

MEMORY = 1536 * 1024 * 1024
SECONDS = 60
LARGEST = 64 * 1024 * 1024


def read(source: Path, target: Path) -> None:
    """Read SOURCE into TARGET. Raises TooMuch, and whatever a broken file makes of it."""
    from core.judging.text_reader.package import Package, Tally, TooMuch
    from core.judging.text_reader.pictures import Pictures

    package, tally = Package(source), Tally()
    folder = target.with_name(f"{target.name}-begun")
    folder.mkdir()
    pictures, is_wide = Pictures(folder), False
    main = package.main()
    if main.startswith("word/"):
        from core.judging.text_reader.word import read_word

        kind, blocks = "word", read_word(package, pictures, tally)
    elif main.startswith("xl/"):
        from core.judging.text_reader.workbook import read_workbook

        sheets = read_workbook(source, package, pictures, tally)
        kind, blocks, is_wide = "sheet", sheets.blocks, sheets.is_wide
    else:
        raise TooMuch(f"no document and no workbook: {main}")
    if not blocks:
        raise TooMuch("nothing to read in it")
    left_out = {key: count for key, count in sorted(tally.left_out.items()) if count > 0}
    made = {"kind": kind, "blocks": blocks, "is_wide": is_wide, "left_out": left_out}
    (folder / "text.json").write_text(json.dumps(made, ensure_ascii=False), encoding="utf-8")
    folder.rename(target)


def main(arguments: list[str]) -> int:
    """Read under limits of memory, time and size; 0 when TARGET is there."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST, LARGEST))
    sys.path.insert(0, str(Path(__file__).resolve().parents[3]))
    source, target = arguments
    read(Path(source), Path(target))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
