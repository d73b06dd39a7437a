"""The copy: what the person sent as new material for a round of judging."""

from __future__ import annotations

from sqlalchemy import select

from core.entries.models import Entry
from core.judging.material_models import MaterialFile, MaterialQuestion, MaterialText
from core.kernel.db import session
from core.kernel.formats import datetime_
from core.people.models import Account
from core.privacy.collectors.registry import HeldFile, Json, Part, collects, kept_for_others
from core.privacy.collectors.wording import at, safe_name


@collects(
    "tai-lieu-bo-sung",
    "Tài liệu bổ sung bạn đã gửi cho một vòng chấm",
    "material_text: text; material_file: name sha256",
)
def _material(account: Account) -> Part:
    texts = (
        select(MaterialText, MaterialQuestion.title, Entry.code, Entry.id.label("entry"))
        .join(MaterialQuestion, MaterialQuestion.id == MaterialText.question_id)
        .join(Entry, Entry.id == MaterialText.entry_id)
        .where(Entry.owner_id == account.id)
        .order_by(Entry.code, MaterialQuestion.position)
    )
    files = (
        select(MaterialFile, MaterialQuestion.title, Entry.code, Entry.id.label("entry"))
        .join(MaterialQuestion, MaterialQuestion.id == MaterialFile.question_id)
        .join(Entry, Entry.id == MaterialFile.entry_id)
        .where(Entry.owner_id == account.id)
        .order_by(Entry.code, MaterialFile.added_at, MaterialFile.id)
    )
    written, sent = list(session().execute(texts)), list(session().execute(files))
    others = kept_for_others(account, sorted({row.entry for row in (*written, *sent)}))
    held: list[HeldFile] = []
    data: list[dict[str, Json]] = []
    for one, title, code, entry_id in written:
        if entry_id not in others:
            data.append({"hồ sơ": code, "mục": title, "văn bản": one.text})
    for number, (file, title, code, entry_id) in enumerate(sent, start=1):
        if entry_id in others:
            continue
        path = f"tep/{code}/bo-sung/{number}-{safe_name(file.name)}"
        held.append(HeldFile(path, file.sha256))
        data.append(
            {
                "hồ sơ": code,
                "mục": title,
                "tệp": file.name,
                "trong bản sao": path,
                "SHA-256": file.sha256,
                "gửi lúc": datetime_(file.added_at),
                "bỏ lúc": at(file.removed_at),
            }
        )
    return Part(data, tuple(held))
