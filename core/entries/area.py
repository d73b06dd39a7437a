"""The entrant's area: the blueprint that the modules of its pages (`portal`, `receipts`) share."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("entries", __name__, url_prefix="/du-thi")
