"""Public copies of pictures: made anew without metadata (no place, no camera), small enough for a phone."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable
from dataclasses import dataclass

import structlog
from PIL import Image, ImageOps

from core.entries.models import Attachment, Entry, PublicPicture
from core.entries.states import Scan
from core.kernel.db import session
from core.kernel.files import file_key, file_store

CARD_SIDE = 640
PAGE_SIDE = 1600
MAX_PICTURES = 10
QUALITY = 80
MEDIA_TYPE = "image/webp"

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Made:
    """A picture made anew: WebP bytes and its size in pixels."""

    content: bytes
    width: int
    height: int


def make_pictures(entry: Entry, attachments: Iterable[Attachment]) -> list[PublicPicture]:
    """Rows (not yet added) for the public copies of the pictures among `attachments`; contents are stored.

    A file that cannot be drawn is left out and logged: the entry is published without it.
    """
    rows: list[PublicPicture] = []
    position = 0
    for attachment in attachments:
        is_picture = attachment.media_type.startswith("image/") and attachment.scan == Scan.CLEAN
        if not is_picture or position == MAX_PICTURES:
            continue
        try:
            content = b"".join(file_store().read(file_key(session().tenant_id, attachment.sha256)))
            made = {"page": redraw(content, PAGE_SIDE), "card": redraw(content, CARD_SIDE)}
        except (OSError, ValueError, Image.DecompressionBombError) as error:
            log.warning("picture_not_drawn", entry=entry.ref, sha256=attachment.sha256, error=repr(error))
            continue
        position += 1
        for variant, picture in made.items():
            rows.append(_stored(entry, attachment, position, variant, picture))
    return rows


def redraw(content: bytes, side: int) -> Made:
    """`content` turned upright, no longer than `side` pixels either way, as WebP without any metadata."""
    with Image.open(io.BytesIO(content)) as opened:
        opened.draft("RGB", (side * 2, side * 2))
        upright = ImageOps.exif_transpose(opened)
        has_alpha = "A" in upright.getbands() or "transparency" in upright.info
        image = upright.convert("RGBA" if has_alpha else "RGB")
    image.thumbnail((side, side), Image.Resampling.LANCZOS)
    image.info = {}
    target = io.BytesIO()
    image.save(target, "WEBP", quality=QUALITY, method=4)
    return Made(target.getvalue(), image.width, image.height)


def _stored(
    entry: Entry, attachment: Attachment, position: int, variant: str, picture: Made
) -> PublicPicture:
    digest = hashlib.sha256(picture.content).hexdigest()
    file_store().put(file_key(session().tenant_id, digest), io.BytesIO(picture.content))
    return PublicPicture(
        entry_id=entry.id,
        attachment_id=attachment.id,
        position=position,
        variant=variant,
        sha256=digest,
        width=picture.width,
        height=picture.height,
    )
