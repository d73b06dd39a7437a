"""Pictures of a document, drawn anew: cropped and turned as they are shown, and with nothing beside their points."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

KINDS = ("JPEG", "PNG", "GIF", "BMP", "TIFF", "WEBP")
POINTS_MAX = 60_000_000
PICTURES_MAX = 200
BYTES_MAX = 24 * 1024 * 1024
DOTS_A_MM = 6.5  # some 165 to the inch; the copy itself is drawn with 150
QUALITY = 82
HIGHEST = 225.0
WHOLE = 100_000

Crop = tuple[int, int, int, int]


class Pictures:
    """Writes pictures as JPEG into a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[Any, tuple[str, float] | None] = {}
        self._bytes = 0

    def add(
        self, name: str, content: bytes, *, width: float, height: float, crop: Crop, turn: int
    ) -> dict[str, Any] | None:
        """A picture of the part `name`, `width` and `height` millimetres as it is shown before it is turned.

        Gives {"k", "file", "mm"}; None for one that cannot be drawn (a metafile, a broken one) or is one too many.
        `crop` are hundred-thousandths cut off at left, top, right, bottom, `turn` degrees to the right.
        """
        key = (name, round(width), round(height), crop, turn)
        if key not in self._known:
            self._known[key] = self._drawn(content, width, height, crop, turn)
        found = self._known[key]
        return None if found is None else {"k": "pic", "file": found[0], "mm": found[1]}

    def _drawn(
        self, content: bytes, width: float, height: float, crop: Crop, turn: int
    ) -> tuple[str, float] | None:
        from PIL import Image

        if len(self._known) >= PICTURES_MAX or self._bytes > BYTES_MAX:
            return None
        Image.init()  # or kinds that are named are not known
        Image.MAX_IMAGE_PIXELS = POINTS_MAX
        try:
            with Image.open(BytesIO(content), formats=KINDS) as opened:
                dots = int(max(width, height) * DOTS_A_MM * _enlarged(crop))
                opened.draft("RGB", (dots, dots))
                image = _plain(_cropped(opened, crop))
        except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError):
            return None
        if turn % 360:
            image = image.rotate(-turn, expand=True, fillcolor="white", resample=Image.Resampling.BICUBIC)
            width = height if turn % 180 == 90 else width
        width = min(width, HIGHEST * image.width / image.height)
        most = max(1, int(width * DOTS_A_MM))
        image.thumbnail((most, most * 20))
        target = BytesIO()
        image.save(target, "JPEG", quality=QUALITY)
        self._bytes += target.tell()
        file = f"{len(self._known) + 1}.jpg"
        (self._folder / file).write_bytes(target.getvalue())
        return file, round(width, 1)


def _enlarged(crop: Crop) -> float:
    """How much larger the whole picture is than what is shown of it."""
    left, top, right, bottom = crop
    shown = min(WHOLE - left - right, WHOLE - top - bottom)
    return WHOLE / max(shown, WHOLE // 50)


def _cropped(image: Any, crop: Crop) -> Any:
    left, top, right, bottom = (max(0, min(one, WHOLE)) for one in crop)
    if not any(crop) or left + right >= WHOLE or top + bottom >= WHOLE:
        return image
    box = (
        image.width * left // WHOLE,
        image.height * top // WHOLE,
        max(1, image.width - image.width * right // WHOLE),
        max(1, image.height - image.height * bottom // WHOLE),
    )
    return image.crop(box)


def _plain(image: Any) -> Any:
    """The picture in RGB on white."""
    from PIL import Image

    if "A" in image.getbands() or "transparency" in image.info:
        image = image.convert("RGBA")
        ground = Image.new("RGB", image.size, "white")
        ground.paste(image, mask=image.getchannel("A"))
        image = ground
    plain = image.convert("RGB")
    plain.info = {}
    return plain
