"""What somebody with the database or the signing key can do to the sheets of a bundle; both verifiers say so."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from core.entries.models import Entry
from core.judging.conflict_values import Kind
from core.judging.models import Assignment, Judge, Sheet
from core.judging.services import declare
from core.kernel.canonical import canonical_bytes
from core.kernel.db import session, tenant_scope
from core.kernel.files import file_key, file_store
from core.results.bundle import STANDALONE
from core.results.container import unpack
from core.results.errors import NotVerifiable
from core.results.services import publish
from core.results.services.publishing import bundle_parts
from core.results.verify import verify_bytes
from tests.golden.refresh import BUNDLES
from tests.support.entries import account
from tests.support.factories import World, actor_of
from tests.support.results import LATER, OFFICER, Judged, computed, decide, judge_edition
from tests.support.results_bundle import forged, signed

FIRST = "TT-K1-0001 (vòng hoi_dong)"
REMARK = "Nhận xét riêng của giám khảo"


@pytest.fixture(autouse=True)
def bound(world: World) -> Iterator[None]:
    """The first tenant is bound during each test."""
    with world.app.app_context(), tenant_scope(world.first.id):
        yield


def published(judged: Judged) -> bytes:
    """The bundle of the edition, computed, decided and published."""
    decide(judged, computed(judged))
    made = publish(judged.edition, actor=OFFICER, now=LATER)
    return b"".join(file_store().read(file_key(session().tenant_id, made.bundle_sha256)))


def by_force(judged: Judged) -> bytes:
    """A bundle of what stands in the database, made past the checks of a publication and signed."""
    computation = computed(judged)
    decision = decide(judged, computation)
    return signed(bundle_parts(judged.edition, computation, decision, LATER))


def said_of(tmp_path: Path, bundle: bytes) -> str:
    """What both verifiers say, which must be the same but for how they praise."""
    place = tmp_path / "goi.zip"
    place.write_bytes(bundle)
    command = [sys.executable, "-I", str(STANDALONE / "verify.py"), str(place)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.stderr == ""
    report = verify_bytes(bundle)
    if not report.holds:
        assert done.stdout == f"{report}\n"
    return done.stdout.strip()


def of_judge(number: int, code: str) -> Any:
    """The criterion of sheets, or assignments, of J<number> for an entry."""
    judge = select(Judge.id).where(Judge.number == f"J{number}").scalar_subquery()
    entry = select(Entry.id).where(Entry.code == code).scalar_subquery()
    return judge, entry


def sheet_by(number: int, code: str) -> Sheet:
    """The sheet of J<number> for an entry."""
    judge, entry = of_judge(number, code)
    return session().scalars(select(Sheet).where(Sheet.judge_id == judge, Sheet.entry_id == entry)).one()


def test_a_published_bundle_opens_every_line_about_sheets_and_no_remark(world: World, tmp_path: Path) -> None:
    judged = judge_edition(world.first)

    bundle = published(judged)

    log = json.loads(unpack(bundle)["log.json"])
    lines = [one["line"] for one in log["records"] if one["line"]["action"] == "sheet.locked"]
    assert (log["format"], len(lines), len(log["sheets"]), log["not_counted"]) == ("bangvang.log/2", 8, 8, [])
    assert {line["data"]["form"] for line in lines} == {2}
    assert set(log["sheets"][0]) == {
        "round", "judge", "entry", "commitment", "nonce", "points_nonce", "remark_sha256",
    }  # fmt: skip
    secrets = {one.nonce for one in session().scalars(select(Sheet))}
    assert not [one for one in secrets if one is not None and one.encode() in unpack(bundle)["log.json"]]
    assert said_of(tmp_path, bundle).startswith("Đúng:")


def test_a_sheet_copied_into_the_row_of_another_judge_is_found(world: World, tmp_path: Path) -> None:
    judged = judge_edition(world.first)
    mine, other = (sheet_by(number, judged.codes[0]) for number in (1, 2))
    other.nonce, other.commitment = mine.nonce, mine.commitment
    session().flush()

    assert said_of(tmp_path, by_force(judged)) == (
        "log.json: cam kết của phiếu sheets[1] đã được dùng cho một phiếu khác."
    )


def test_points_swapped_between_two_judges_are_found(world: World, tmp_path: Path) -> None:
    judged = judge_edition(world.first)
    one, two = (sheet_by(number, judged.codes[0]) for number in (1, 2))
    (one.nonce, one.commitment), (two.nonce, two.commitment) = (
        (two.nonce, two.commitment),
        (one.nonce, one.commitment),
    )
    session().flush()

    assert said_of(tmp_path, by_force(judged)) == (
        "log.json: cam kết của phiếu sheets[0] không khớp với điểm."
    )


def test_a_remark_changed_by_hand_is_found(world: World, tmp_path: Path) -> None:
    judged = judge_edition(world.first)
    sheet_by(1, judged.codes[0]).remark = REMARK
    session().flush()

    bundle = by_force(judged)

    assert said_of(tmp_path, bundle) == "log.json: cam kết của phiếu sheets[0] không khớp với điểm."
    assert REMARK not in "".join(one.decode() for one in unpack(bundle).values())


@pytest.mark.parametrize("how", ["conflict", "deleted"])
def test_a_sheet_taken_out_by_hand_stops_the_publication_and_is_found(
    world: World, tmp_path: Path, how: str
) -> None:
    judged = judge_edition(world.first)
    code = judged.codes[0]
    judge, entry = of_judge(1, code)
    of_it = (Assignment.judge_id == judge) & (Assignment.entry_id == entry)
    out = {"synchronize_session": False}
    if how == "conflict":
        session().execute(
            update(Assignment).where(of_it).values(why="conflict", ended_at=LATER), execution_options=out
        )
    else:
        session().execute(delete(Assignment).where(of_it), execution_options=out)

    assert said_of(tmp_path, by_force(judged)) == (
        f"log.json: nhật ký không ghi xung đột lợi ích của J1 với {code} (not_counted[0])."
    )
    with pytest.raises(NotVerifiable, match="đã bị sửa ngoài hệ thống"):
        publish(judged.edition, actor=OFFICER, now=LATER)


def in_conflict(world: World) -> Judged:
    """A judged edition in which J1 said after locking that he has to do with the first entry."""
    judged = judge_edition(world.first)
    entry = session().scalars(select(Entry).where(Entry.code == judged.codes[0])).one()
    declare([entry], [Kind.FAMILY], "", actor=actor_of(account("gk1@example.vn")), now=LATER)
    return judged


def test_a_sheet_under_a_conflict_is_told_of_without_its_points(world: World, tmp_path: Path) -> None:
    bundle = published(in_conflict(world))

    log = json.loads(unpack(bundle)["log.json"])
    (row,) = log["not_counted"]
    assert set(row) == {
        "round", "judge", "entry", "commitment", "reason", "nonce", "remark_sha256", "points_sha256",
    }  # fmt: skip
    assert (row["judge"], row["reason"], len(log["sheets"])) == ("J1", "conflict", 7)
    assert said_of(tmp_path, bundle).startswith("Đúng:")


def _silent(log: Any) -> None:
    log["not_counted"] = []


def _without_line(log: Any) -> None:
    log["records"] = [one for one in log["records"] if one["line"]["action"] != "conflict.declared"]


def _other_judge(log: Any) -> None:
    log["not_counted"][0]["judge"] = "J9"


def _other_reason(log: Any) -> None:
    log["not_counted"][0]["reason"] = ""


def _older_format(log: Any) -> None:
    log["format"] = "bangvang.log/1"


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        (_silent, f"nhật ký ghi một phiếu đã khóa của {FIRST} mà gói không có, cũng không nêu lý do."),
        (_without_line, "nhật ký không ghi xung đột lợi ích của J1 với TT-K1-0001 (not_counted[0])."),
        (_other_judge, "cam kết của not_counted[0] không phải của giám khảo J9."),
        (_other_reason, "nhật ký không ghi xung đột lợi ích của J1 với TT-K1-0001 (not_counted[0])."),
        (_older_format, "có cam kết dạng 2 nên không thể ở định dạng bangvang.log/1."),
    ],
)  # fmt: skip
def test_a_bundle_that_hides_why_a_sheet_does_not_count_fails(
    world: World, tmp_path: Path, edit: Callable[[Any], None], told: str
) -> None:
    bundle = published(in_conflict(world))
    log = json.loads(unpack(bundle)["log.json"])
    edit(log)

    false = forged(bundle, {"log.json": canonical_bytes(log)})

    assert said_of(tmp_path, false) == f"log.json: {told}"


@pytest.mark.parametrize("name", ["log-1.zip", "log-1-changes.zip"])
def test_bundles_of_the_first_format_hold(tmp_path: Path, name: str) -> None:
    """Made before commitments named the judge; the plugins that they name are still installed in that version."""
    assert said_of(tmp_path, (BUNDLES / name).read_bytes()).startswith("Đúng:")
