"""The shadow run of an edition: nothing is stored but one line of the audit log."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from core.contests.values import EditionView
from core.kernel import audit
from core.kernel.actor import Actor
from core.results import policies
from core.results.errors import NotReady
from core.results.formats import InputsError
from core.results.models import Computation
from core.results.queries import inputs_of, latest_computation, outputs_of
from core.results.shadow_inputs import parse_outputs
from core.results.shadow_run import ShadowChange, ShadowReport, run_shadow

MOST_ENTRIES = 20_000
"""Above this a run takes longer than a page may; 10,000 entries with 70,000 sheets take a few seconds."""

_SHEET = re.compile(r"sheets\[([0-9]+)\]")


def shadow_run(
    edition: EditionView, change: ShadowChange, *, actor: Actor, now: datetime
) -> tuple[Computation, ShadowReport]:
    """The official computation of the edition, and what its frozen inputs would give under `change`.

    Computation, decision and publication are read and left as they are; the log says who tried what. Raises NotReady
    without a computation, for more than MOST_ENTRIES, or where the inputs do not fit the rules that are tried;
    SettingsInvalid, PluginUnavailable, PluginFailed as the run does.
    """
    policies.require_manager(actor)
    official = latest_computation(edition.id)
    if official is None:
        raise NotReady(_("Chưa tính kết quả nên chưa có gì để chạy thử."))
    document = inputs_of(official)
    if len(document["entries"]) > MOST_ENTRIES:
        raise NotReady(
            _(
                "Kỳ thi có hơn %(most)s hồ sơ nên không chạy thử được trên trang; "
                "đề nghị người vận hành dùng lệnh bangvang rules shadow.",
                most=MOST_ENTRIES,
            )
        )
    try:
        report = run_shadow(document, parse_outputs(outputs_of(official)), change)
    except InputsError as error:
        raise NotReady(_misfit(error, document)) from error
    line = {
        "number": official.number,
        "outputs_sha256": official.outputs_sha256,
        "plugins": [{"name": one.name, "version": one.version} for one in report.plugins],
        "settings": {f"{one.plugin}.{one.key}": one.shadow for one in report.settings},
        "shadow_outputs_sha256": report.outputs_sha256,
    }
    audit.append("shadow.run", edition.key, line, actor=actor, now=now)
    return official, report


def _misfit(error: InputsError, document: Mapping[str, Any]) -> str:
    """Why the frozen inputs cannot be computed under what is tried, with the sheet named as officers know it."""
    found = _SHEET.match(error.path)
    if found is None:
        return str(_("Dữ liệu đã chốt không hợp với những gì đang thử: %(error)s", error=error))
    sheet = document["sheets"][int(found[1])]
    return str(
        _(
            "Phiếu đã khóa của %(judge)s cho %(entry)s không hợp với những gì đang thử: %(error)s",
            judge=sheet["judge"],
            entry=sheet["entry"],
            error=error.sentence,
        )
    )
