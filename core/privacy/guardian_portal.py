"""The entrant's page for guardians: who acts for each author under 16."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.contests.current import edition_of
from core.entries.models import Entry
from core.entries.policies import access_entry
from core.kernel.clock import real_now
from core.kernel.errors import Invalid
from core.kernel.web import Access, allows, current_actor
from core.privacy import services
from core.privacy.guardian_texts import TEXTS, guardian_text
from core.privacy.guardians import minors_of
from core.privacy.openings import openings_of
from core.privacy.words import opener_word, part_names, relation_choices

blueprint = Blueprint("guardians", __name__, url_prefix="/du-thi/<ref>/nguoi-giam-ho")

Answer = Response | str | tuple[str, int]
PARTS = ("name", "relation", "contact", "guardian_agrees", "child_agrees")


@blueprint.get("")
@allows(Access.ACCOUNT)
def index(ref: str) -> Answer:
    """Each author who may be a child, with the guardian or the form for one."""
    return _page(access_entry(current_actor(), ref))


@blueprint.post("/<int:position>")
@allows(Access.ACCOUNT)
def record(ref: str, position: int) -> Answer:
    """Keep the guardian of one author."""
    entry = access_entry(current_actor(), ref)
    typed = {key: request.form.get(f"{key}_{position}", "") for key in PARTS}
    try:
        services.record_guardian(
            entry, edition_of(entry.edition_id), position, typed, actor=current_actor(), now=real_now()
        )
    except Invalid as error:
        return _page(entry, position, typed, error)
    flash(_("Đã ghi sự đồng ý của người giám hộ."), "success")
    return redirect(url_for("guardians.index", ref=ref), 303)


@blueprint.post("/<int:position>/rut")
@allows(Access.ACCOUNT)
def withdraw(ref: str, position: int) -> Answer:
    """The guardian no longer agrees."""
    entry = access_entry(current_actor(), ref)
    services.withdraw_guardian(entry, position, actor=current_actor(), now=real_now())
    flash(_("Đã ghi việc rút lại sự đồng ý."), "success")
    return redirect(url_for("guardians.index", ref=ref), 303)


def _page(
    entry: Entry, position: int = 0, typed: dict[str, str] | None = None, error: Invalid | None = None
) -> tuple[str, int]:
    edition = edition_of(entry.edition_id)
    page = render_template(
        "privacy/guardians.html",
        entry=entry,
        minors=minors_of(entry, edition),
        present=TEXTS[0],
        text_of=guardian_text,
        relations=relation_choices(),
        at_position=position,
        typed=typed or {},
        # A page may hold several such forms: the names of the controls carry the author's place.
        errors={} if error is None else {f"{key}_{position}": said for key, said in error.errors.items()},
        labels={f"{key}_{position}": name for key, name in part_names().items()},
    )
    return page, 200 if error is None else error.status


@blueprint.app_context_processor
def _for_dossier_panels() -> dict[str, Any]:
    """What `privacy/_dossier_panels.html` asks for on the page of a dossier."""
    return {
        "minors_of": lambda entry: minors_of(entry, edition_of(entry.edition_id)),
        "openings_of": openings_of,
        "opener_word": opener_word,
    }
