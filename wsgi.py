from __future__ import annotations

import gc

from core.app import create_app

app = create_app()
# What stands now lives as long as the worker: the collector need not walk over it between requests again and again.
gc.collect()
gc.freeze()
