"""What a province may set."""

from __future__ import annotations

from marshmallow.validate import Range

from core.plugin_api import PluginSettings, Text, Whole, about

NAME = "so_tay"
LONGEST = 500


class RemarkSettings(PluginSettings):
    """How long a remark is."""

    shortest = Whole(
        load_default=10,
        validate=Range(1, 100, error="Từ 1 đến 100 ký tự."),
        metadata=about(
            Text("Góp ý ngắn nhất (ký tự)", "Shortest remark (characters)"),
            Text("Góp ý ngắn hơn được trả lại kèm lời nhắc.", "A shorter one is given back with a word."),
            official=False,
        ),
    )
    longest = Whole(
        load_default=300,
        validate=Range(100, LONGEST, error=f"Từ 100 đến {LONGEST} ký tự."),
        metadata=about(
            Text("Góp ý dài nhất (ký tự)", "Longest remark (characters)"),
            Text("Góp ý dài hơn được trả lại kèm lời nhắc.", "A longer one is given back with a word."),
            official=False,
        ),
    )
