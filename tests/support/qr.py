"""A paper looked at as a telephone does: its pages drawn as pictures, and the QR codes in them read."""

from __future__ import annotations

import pypdfium2
import zxingcpp

SCALE = 200 / 72  # dots of an ordinary scanner for each point


def codes_on(pdf: bytes) -> list[list[str]]:
    """What the QR codes on each page of a PDF say, page by page."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [
            [one.text for one in zxingcpp.read_barcodes(page.render(scale=SCALE, grayscale=True).to_pil())]
            for page in document
        ]
    finally:
        document.close()
