"""A setting without bounds, with help in one language and a float for its default."""

from __future__ import annotations

import sys

from marshmallow import EXCLUDE, fields

from core.plugin_api import PluginSettings, Text, Whole, about
from tests.support.bad_plugins.parts import made


class LooseSettings(PluginSettings):
    """Anything goes."""

    class Meta:
        """Also what is unknown."""

        unknown = EXCLUDE

    places = Whole(
        load_default=3, metadata=about(Text("Số giải", "Prizes"), Text("Bao nhiêu giải."), official=False)
    )
    share = fields.Float(
        load_default=0.5,
        metadata=about(
            Text("Tỷ lệ", "Share"), Text("Phần của mỗi bên.", "The part of each."), official=False
        ),
    )


plugin = made(sys.modules[__name__], settings=LooseSettings)
