"""The steps of the pipeline: compute, decide, publish. Each is idempotent and told to the audit log.

Beside them stands the shadow run, which stores nothing but its line in the log.
"""

from __future__ import annotations

from core.results.services.computing import compute_results, freeze_inputs
from core.results.services.deciding import record_decision
from core.results.services.publishing import publish
from core.results.services.shadowing import shadow_run

__all__ = ["compute_results", "freeze_inputs", "publish", "record_decision", "shadow_run"]
