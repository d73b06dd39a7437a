"""New material that comes in pieces, and files of it taken out again one by one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import IO
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from core.contests.values import EditionView
from core.entries.errors import FileRefused
from core.entries.examine import Examined
from core.entries.models import Entry
from core.entries.policies import NO_FILE
from core.entries.services.moves import fresh
from core.entries.states import Scan
from core.judging.errors import NotScanned
from core.judging.material import Asked, Sent, field_of, name_of, questions_of, sent_by
from core.judging.material_models import MaterialCall, MaterialFile, MaterialQuestion
from core.judging.material_window import place_key
from core.judging.services.material import require_sending
from core.judging.services.material_files import put_file, require_place
from core.judging.services.material_receipts import give_receipt
from core.kernel.actor import Actor
from core.kernel.db import session
from core.kernel.errors import NotFound
from core.plugin_api import FormField


@dataclass(frozen=True, slots=True)
class MaterialPlace:
    """What a call asks of one dossier: the second kind of place where files that come in pieces land.

    A file counts as sent, with a receipt, once it is whole.
    """

    entry_id: UUID
    call_id: UUID
    round_key: str
    edition: EditionView

    @property
    def key(self) -> str:
        return place_key(self.round_key)

    def form_field(self, key: str) -> FormField:
        return field_of(self._question(key))

    def require_open(self, *, actor: Actor, now: datetime, begun_at: datetime) -> None:
        require_sending(self._entry(), self._call(), self.edition, actor=actor, now=now, begun_at=begun_at)

    def require_room(self, field: FormField, name: str, size: int) -> None:
        sent = self._sent(field.key)
        require_place(sent.question, list(sent.files), field.key, name)

    def keep(
        self, examined: Examined, stream: IO[bytes], *, actor: Actor, now: datetime, begun_at: datetime
    ) -> str:
        if examined.scan is not Scan.CLEAN:
            raise NotScanned(
                _(
                    "Hiện chưa kiểm tra được tệp “%(name)s” có an toàn không. Phần đã tải vẫn được giữ; bạn để trang "
                    "này mở thì tệp được gửi lại sau ít phút.",
                    name=examined.sniffed.name,
                )
            )
        entry, call = fresh(self._entry()), self._call()
        proof = require_sending(entry, call, self.edition, actor=actor, now=now, begun_at=begun_at)
        sent = self._sent(examined.field.key)
        if put_file(sent.question, entry.id, list(sent.files), examined, stream, now=now):
            session().flush()
            give_receipt(entry, call, proof=proof, actor=actor, now=now)
        return examined.sha256

    def held(self, field: str, sha256: str) -> UUID | None:
        ask = select(MaterialFile.id).where(
            MaterialFile.entry_id == self.entry_id,
            MaterialFile.question_id == self._question(field).id,
            MaterialFile.sha256 == sha256,
            MaterialFile.removed_at.is_(None),
        )
        return session().scalars(ask).first()

    def files(self, key: str) -> Sent:
        """What is there under `key`. Raises FileRefused where nothing takes files."""
        self._question(key)
        return self._sent(key)

    def _entry(self) -> Entry:
        return session().get_one(Entry, (session().tenant_id, self.entry_id))

    def _call(self) -> MaterialCall:
        return session().get_one(MaterialCall, (session().tenant_id, self.call_id))

    def _question(self, key: str) -> MaterialQuestion:
        for one in questions_of(self.call_id):
            if name_of(one) == key and one.kind == Asked.FILES:
                return one
        raise FileRefused(key, _("Mục này không nhận tệp."))

    def _sent(self, key: str) -> Sent:
        sent = sent_by(self._call(), self.entry_id)
        return next(one for one in sent if name_of(one.question) == key)


def take_out(
    entry: Entry, call: MaterialCall, edition: EditionView, file_id: UUID, *, actor: Actor, now: datetime
) -> Sent:
    """Take one file out at once; gives what is left under its question. The file stays behind with `removed_at`.

    Raises NotFound, and what `require_sending` raises.
    """
    proof = require_sending(fresh(entry), call, edition, actor=actor, now=now)
    found = next(
        (
            (one.question.id, held)
            for one in sent_by(call, entry.id)
            for held in one.files
            if held.id == file_id
        ),
        None,
    )
    if found is None:
        raise NotFound(_(NO_FILE))
    question_id, held = found
    held.removed_at = now
    session().flush()
    give_receipt(entry, call, proof=proof, actor=actor, now=now)
    return next(one for one in sent_by(call, entry.id) if one.question.id == question_id)
