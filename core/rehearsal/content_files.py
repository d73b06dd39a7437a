"""Sample attachments: a small PDF of one page and abstract pictures, drawn with Pillow.

Deterministic: the same arguments (and the same state of `rng`) give the same picture.
"""

from __future__ import annotations

import io
import math
import textwrap
import zlib
from collections.abc import Callable, Sequence
from functools import cache
from random import Random

from fontpkg_be_vietnam_pro import ROOT
from PIL import Image, ImageColor, ImageDraw, ImageFont

WIDTH, HEIGHT = 800, 600
_FINE = 2  # drawn twice as large, then reduced: smooth edges
_PAGE = (1240, 1754)  # A4 at 150 dots an inch
_A4 = (595, 842)  # A4 in points

Colours = tuple[str, str, str]
_Motif = Callable[[ImageDraw.ImageDraw, Random, Colours], None]


def sample_pdf(title: str, paragraphs: Sequence[str] = ()) -> bytes:
    """A valid PDF of one A4 page: the title, the paragraphs that fit, and a line that says it is a sample."""
    page = Image.new("1", _PAGE, 1)
    pen = ImageDraw.Draw(page)
    pen.text((150, 120), "DỮ LIỆU TRÌNH DIỄN", font=_font("SemiBold", 24), fill=0)
    pen.line((150, 165, 1090, 165), fill=0, width=2)
    pen.text((150, 210), "BẢN MÔ TẢ", font=_font("SemiBold", 30), fill=0)
    y = _write(pen, title, 270, font=_font("SemiBold", 34), width=46, leading=50)
    for paragraph in paragraphs or (
        "Tài liệu minh chứng kèm theo hồ sơ dự thi, lập để trình diễn hệ thống.",
    ):
        y = _write(pen, paragraph, y + 22, font=_font("Regular", 25), width=72, leading=40)
    return _pdf(title, page)


def draw_picture(rng: Random, theme: str, colours: Colours) -> bytes:
    """A PNG of 800 × 600 pixels: an abstract drawing of the theme in its three colours."""
    canvas = _ground(rng, colours)
    _MOTIFS[theme](ImageDraw.Draw(canvas), rng, colours)
    small = canvas.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    small.quantize(96, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


def _write(
    pen: ImageDraw.ImageDraw, text: str, y: int, *, font: ImageFont.FreeTypeFont, width: int, leading: int
) -> int:
    for line in textwrap.wrap(text, width):
        if y > _PAGE[1] - 160:
            return y
        pen.text((150, y), line, font=font, fill=0)
        y += leading
    return y


@cache
def _font(weight: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(ROOT / "files" / f"BeVietnamPro-{weight}.ttf", size)


def _pdf(title: str, page: Image.Image) -> bytes:
    """The page as a black and white picture in a PDF 1.4 file; the title stands in the document information."""
    pixels = zlib.compress(page.tobytes(), 9)
    draw = f"q {_A4[0]} 0 0 {_A4[1]} 0 0 cm /Page Do Q".encode()
    name = ("\ufeff" + title).encode("utf-16-be").hex().upper()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /Lang (vi) >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {_A4[0]} {_A4[1]}] /Contents 5 0 R "
        "/Resources << /XObject << /Page 4 0 R >> >> >>".encode(),
        f"<< /Type /XObject /Subtype /Image /Width {page.width} /Height {page.height} /BitsPerComponent 1 "
        f"/ColorSpace /DeviceGray /Filter /FlateDecode /Length {len(pixels)} >>\nstream\n".encode()
        + pixels
        + b"\nendstream",
        f"<< /Length {len(draw)} >>\nstream\n".encode() + draw + b"\nendstream",
        f"<< /Title <{name}> /Producer (Bang Vang) >>".encode(),
    ]
    out = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    starts = []
    for number, body in enumerate(objects, start=1):
        starts.append(len(out))
        out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    table = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{start:010d} 00000 n \n".encode() for start in starts)
    out += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R /Info 6 0 R >>\n".encode()
    out += f"startxref\n{table}\n%%EOF\n".encode()
    return bytes(out)


def _mix(one: str, other: str, share: float) -> tuple[int, int, int]:
    """A colour between two: `share` 0 gives the first, 1 the other."""
    start, end = ImageColor.getrgb(one)[:3], ImageColor.getrgb(other)[:3]
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(start, end, strict=True))
    return red, green, blue


def _ground(rng: Random, colours: Colours) -> Image.Image:
    """Warm paper that takes on the second colour towards the bottom, with a pale disc."""
    width, height = WIDTH * _FINE, HEIGHT * _FINE
    canvas = Image.new("RGB", (width, height))
    pen = ImageDraw.Draw(canvas)
    bands = 24
    for band in range(bands):
        top = height * band // bands
        shade = _mix("#fffdf8", colours[1], 0.1 + 0.4 * band / bands)
        pen.rectangle((0, top, width, height * (band + 1) // bands), fill=shade)
    x, y, r = rng.randint(300, 1300), rng.randint(200, 480), rng.randint(140, 240)
    pen.ellipse((x - r, y - r, x + r, y + r), fill=_mix("#fffdf8", colours[2], 0.55))
    return canvas


def _network(pen: ImageDraw.ImageDraw, rng: Random, colours: Colours) -> None:
    points = [(rng.randint(120, 1480), rng.randint(120, 1080)) for _ in range(16)]
    for at, here in enumerate(points):
        for there in sorted(points[at + 1 :], key=lambda point: math.dist(point, here))[:2]:
            pen.line((here, there), fill=_mix(colours[0], colours[1], 0.45), width=7)
    for at, (x, y) in enumerate(points):
        r = rng.randint(20, 54)
        pen.ellipse((x - r, y - r, x + r, y + r), fill=colours[at % 3], outline="#fffdf8", width=8)


def _gears(pen: ImageDraw.ImageDraw, rng: Random, colours: Colours) -> None:
    spots = ((480, 700, 300), (1010, 480, 230), (1230, 900, 180))
    for at, (x, y, size) in enumerate(spots):
        r = size + rng.randint(-25, 25)
        teeth = rng.randint(10, 15)
        turn = rng.random()
        outline = []
        for step in range(teeth * 4):
            reach = r if step % 4 in (1, 2) else r * 0.84
            angle = math.tau * (step / (teeth * 4)) + turn
            outline.append((x + reach * math.cos(angle), y + reach * math.sin(angle)))
        pen.polygon(outline, fill=colours[at % 3])
        for share, fill in ((0.56, _mix("#fffdf8", colours[1], 0.25)), (0.2, colours[(at + 1) % 3])):
            pen.ellipse((x - r * share, y - r * share, x + r * share, y + r * share), fill=fill)


def _hexagons(pen: ImageDraw.ImageDraw, rng: Random, colours: Colours) -> None:
    side = 118
    for row in range(6):
        for column in range(8):
            if rng.random() < 0.42:
                continue
            x = column * side * 1.8 + (row % 2) * side * 0.9 + 90
            y = 190 + row * side * 1.56
            outline = [
                (x + side * math.cos(math.tau * (k + 0.5) / 6), y + side * math.sin(math.tau * (k + 0.5) / 6))
                for k in range(6)
            ]
            fill = _mix(colours[rng.randint(0, 2)], "#fffdf8", rng.choice((0.0, 0.2, 0.45)))
            pen.polygon(outline, fill=fill, outline="#fffdf8", width=7)


def _hills(pen: ImageDraw.ImageDraw, rng: Random, colours: Colours) -> None:
    for layer in range(4):
        base, swell = 560 + layer * 150, rng.randint(60, 110)
        turn, pace = rng.random() * math.tau, rng.uniform(1.1, 2.1)
        ridge = [(x, base + swell * math.sin(pace * math.tau * x / 1600 + turn)) for x in range(0, 1641, 40)]
        pen.polygon([*ridge, (1600, 1200), (0, 1200)], fill=_mix(colours[1], colours[0], layer / 3))
        pale = _mix("#fffdf8", colours[1], 0.5)
        pen.line([(x, y + 62) for x, y in ridge], fill=pale, width=5, joint="curve")
    for _ in range(7):
        x, y, r = rng.randint(100, 1500), rng.randint(840, 1130), rng.randint(34, 60)
        pen.pieslice((x - r, y - r * 2, x + r, y), 90, 270, fill=_mix(colours[2], "#fffdf8", 0.1))
        pen.pieslice((x - r, y - r * 2, x + r, y), -90, 90, fill=colours[2])


def _pulse(pen: ImageDraw.ImageDraw, rng: Random, colours: Colours) -> None:
    for _ in range(9):
        x, y, r = rng.randint(100, 1500), rng.randint(150, 1050), rng.randint(40, 130)
        pen.ellipse((x - r, y - r, x + r, y + r), fill=_mix(colours[1], "#fffdf8", rng.uniform(0.2, 0.7)))
    cross, arm = (rng.randint(330, 560), rng.randint(380, 480)), 190
    for wide, high in ((arm, arm // 3), (arm // 3, arm)):
        box = (cross[0] - wide, cross[1] - high, cross[0] + wide, cross[1] + high)
        pen.rounded_rectangle(box, 30, fill=colours[2])
    line: list[tuple[float, float]] = [(0, 820)]
    for beat in range(4):
        x, height = 120 + beat * 380, rng.randint(170, 330)
        line += [(x, 820), (x + 55, 820 - height), (x + 120, 820 + height * 0.6), (x + 175, 820)]
    pen.line([*line, (1600, 820)], fill=colours[0], width=18, joint="curve")


def _books(pen: ImageDraw.ImageDraw, rng: Random, colours: Colours) -> None:
    y = 1080
    for at in range(6):
        high, wide = rng.randint(84, 120), rng.randint(560, 860)
        left = 400 + rng.randint(-90, 90)
        pen.rounded_rectangle((left, y - high, left + wide, y), 18, fill=colours[at % 3])
        pen.rectangle((left + 60, y - high, left + 84, y), fill=_mix("#fffdf8", colours[(at + 1) % 3], 0.3))
        pen.line((left + 130, y - high / 2, left + wide - 60, y - high / 2), fill="#fffdf8", width=6)
        y -= high + 8
    for ray in range(12):
        angle = math.tau * ray / 12
        start, end = 120, 170 + rng.randint(0, 40)
        spot = (820, y - 190)
        ends = [(spot[0] + r * math.cos(angle), spot[1] + r * math.sin(angle)) for r in (start, end)]
        pen.line(ends, fill=colours[0], width=12)
    pen.ellipse((730, y - 280, 910, y - 100), fill=colours[1], outline="#fffdf8", width=8)


_MOTIFS: dict[str, _Motif] = {
    "cntt": _network,
    "co_khi": _gears,
    "vat_lieu": _hexagons,
    "nong_lam": _hills,
    "y_duoc": _pulse,
    "giao_duc": _books,
}
