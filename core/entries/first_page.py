"""A small picture of a file, drawn in a process of its own: `python first_page.py SOURCE TARGET SIDE [PAGE]`.

What a stranger sent in is opened here and not in a worker: a file that makes the reader crash, run on or ask for
gigabytes ends this process alone. Knows nothing of the platform, so that it starts quickly.
"""

from __future__ import annotations

import resource
import sys
from pathlib import Path

MEMORY = 1536 * 1024 * 1024
SECONDS = 20
LARGEST = 8 * 1024 * 1024
QUALITY = 78


def draw(source: Path, target: Path, side: int, number: int = 1) -> None:
    """Write a page of a PDF, or a picture turned upright, as WebP without metadata, `side` pixels at most."""
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = 120_000_000
    with source.open("rb") as opened:
        is_pdf = opened.read(5) == b"%PDF-"
    if is_pdf:
        import pypdfium2

        document = pypdfium2.PdfDocument(source)
        page = document[number - 1]
        image = page.render(scale=side / max(page.get_width(), page.get_height(), 1)).to_pil()
    else:
        picture = Image.open(source)
        picture.draft("RGB", (side * 2, side * 2))
        picture.thumbnail((side * 2, side * 2))
        image = ImageOps.exif_transpose(picture)
    has_alpha = "A" in image.getbands() or "transparency" in image.info
    image = image.convert("RGBA" if has_alpha else "RGB")
    image.thumbnail((side, side), Image.Resampling.LANCZOS)
    image.info = {}
    image.save(target, "WEBP", quality=QUALITY, method=4)


def main(arguments: list[str]) -> int:
    """Draw under limits of memory, time and size; 0 when the picture is there."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST, LARGEST))
    source, target, side, *number = arguments
    draw(Path(source), Path(target), int(side), int(number[0]) if number else 1)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
