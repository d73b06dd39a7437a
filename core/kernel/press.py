"""Prints one PDF: a process of its own, started by `core.kernel.pdf`, that reads a job from its input and ends.

Apart from the web workers, so that the time and memory of a long paper are bounded and given back, and a crash takes
nobody along. It imports nothing of the platform and is run as a file (`python -I press.py`).

In: one line of JSON {"parts": {name → text}, "data", "folder", "fonts", "timestamp", "standards"}. Pictures of points
are in `folder`, since Typst takes only texts from memory; without them it is null and nothing is written.
Out: the bytes of the PDF; on failure exit status 1 and the reason on the error output.
"""

from __future__ import annotations

import json
import re
import resource
import sys
from pathlib import Path
from typing import Any

MOST_MEMORY = 2 * 1024**3
MOST_REPAIRS = 60
# Beyond these the fonts at hand have nothing: the scripts of East Asia, pictures (emoji), private characters.
_FIRST_WITHOUT_GLYPHS = 0x2E80
_LIGATURES = range(0xFB00, 0xFB07)
_UNSHOWN = re.compile(r'the text `"(.*?)"` could not be displayed', re.DOTALL)
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")


def main() -> int:
    """Print the job of the standard input to the standard output."""
    import typst

    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    job: dict[str, Any] = json.loads(sys.stdin.buffer.read())
    data: Any = job["data"]
    for attempt in range(MOST_REPAIRS):
        try:
            made = _print(job, data)
        except typst.TypstError as error:
            found = _UNSHOWN.search(str(error))
            if found is None:
                sys.stderr.write(str(error))
                return 1
            data = _spelled_out(data, set(_unescaped(found[1])), bulk=attempt == 0)
        else:
            sys.stdout.buffer.write(made)
            return 0
    sys.stderr.write("too many characters that no font shows")
    return 1


def _print(job: dict[str, Any], data: Any) -> bytes:
    import typst

    sources = {name: text.encode() for name, text in job["parts"].items()}
    sources["data.json"] = json.dumps(data, ensure_ascii=False).encode()
    folder = job["folder"]
    if folder is not None:
        for name, content in sources.items():
            path = Path(folder) / name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content)
    made = typst.compile(
        sources if folder is None else str(Path(folder) / "main.typ"),
        root=folder,
        format="pdf",
        font_paths=[job["fonts"]],
        ignore_system_fonts=True,
        pdf_standards=job["standards"],
        timestamp=job["timestamp"],
    )
    if not isinstance(made, bytes):
        raise TypeError("one PDF is asked for")
    return made


def _spelled_out(value: Any, characters: set[str], *, bulk: bool) -> Any:
    """`value` with these characters as `[U+1F600]`: a paper must not drop silently what somebody wrote.

    With `bulk` also all that the fonts are known not to have, so that a text full of them takes one round.
    """
    if isinstance(value, str):
        return "".join(
            f"[U+{ord(char):04X}]" if char in characters or (bulk and _has_no_glyph(char)) else char
            for char in value
        )
    if isinstance(value, list):
        return [_spelled_out(one, characters, bulk=bulk) for one in value]
    if isinstance(value, dict):
        return {key: _spelled_out(one, characters, bulk=bulk) for key, one in value.items()}
    return value


def _has_no_glyph(char: str) -> bool:
    return ord(char) >= _FIRST_WITHOUT_GLYPHS and ord(char) not in _LIGATURES


def _unescaped(words: str) -> str:
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), words)


if __name__ == "__main__":
    sys.exit(main())
