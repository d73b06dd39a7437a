"""The bundle: one changed byte is found and its file named, by `verify_bundle` and by the standalone program."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from core.kernel import merkle
from core.results.bundle import STANDALONE
from core.results.container import unpack
from core.results.decisions import DecidedItem
from core.results.formats import canonical_text
from core.results.proofs import inclusion_proofs
from core.results.verify import verify_bundle, verify_bytes
from tests.support.results_bundle import bundle_parts, forged, make_bundle
from tests.support.results_inputs import document, total_of
from tests.unit.results.test_compute import backan_edition_6

FILES = (
    "README.vi.md",
    "decisions.json",
    "inputs.json",
    "log.json",
    "manifest.json",
    "outputs.json",
    "rules/rules.en.md",
    "rules/rules.json",
    "rules/the-le.vi.md",
    "verify.py",
)


def thainguyen() -> dict[str, Any]:
    """Four entries with votes, one of them withdrawn, sorted as a frozen document is."""
    scores = {
        "TN-1": [["18.5", "27", "25"], ["18", "26.5", "25"]],
        "TN-2": [["12", "20", "20"]],
        "TN-3": [["12", "20", "20"]],
        "TN-4": [["20", "30", "30"]],
    }
    return document(
        scores=scores, votes={"TN-1": 312, "TN-2": 480, "TN-3": 7, "TN-4": 900}, withdrawn=["TN-4"]
    )


@cache
def bundle() -> bytes:
    """The bundle most tests start from."""
    return make_bundle(thainguyen())


def standalone(place: Path, program: Path = STANDALONE / "verify.py") -> subprocess.CompletedProcess[str]:
    """`python -I verify.py place`."""
    command = [sys.executable, "-I", str(program), str(place)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def saved(tmp_path: Path, content: bytes) -> Path:
    """A file with `content`."""
    place = tmp_path / "goi.zip"
    place.write_bytes(content)
    return place


def test_the_bundle_holds_what_the_format_says_and_nothing_else() -> None:
    assert tuple(sorted(unpack(bundle()))) == FILES


def test_the_same_parts_give_the_same_bytes() -> None:
    assert make_bundle(thainguyen()) == bundle()


def test_a_whole_bundle_holds(tmp_path: Path) -> None:
    report = verify_bundle(saved(tmp_path, bundle()))
    assert (report.holds, report.tenant, report.edition, report.ranked) == (True, "thainguyen", "2025", 3)


def test_the_standalone_program_agrees(tmp_path: Path) -> None:
    done = standalone(saved(tmp_path, bundle()))
    assert done.stdout.startswith("Đúng: thainguyen 2025, 3 hồ sơ được xếp hạng")
    assert (done.returncode, done.stderr) == (0, "")


def test_the_standalone_program_runs_from_the_unpacked_bundle(tmp_path: Path) -> None:
    with zipfile.ZipFile(saved(tmp_path, bundle())) as archive:
        archive.extractall(tmp_path / "goi")
    done = standalone(tmp_path / "goi", tmp_path / "goi" / "verify.py")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("name", FILES)
def test_a_flipped_byte_in_a_file_names_the_file(name: str, tmp_path: Path) -> None:
    whole = bundle()
    at = whole.index(unpack(whole)[name]) + 5
    changed = whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]
    assert verify_bytes(changed).name == name
    assert not verify_bytes(changed).holds
    done = standalone(saved(tmp_path, changed))
    assert done.returncode == 1
    assert done.stdout.startswith(f"{name}: ")


@pytest.mark.parametrize("name", [name for name in FILES if name != "manifest.json"])
def test_a_changed_file_in_a_sound_zip_is_named_by_its_hash(name: str, tmp_path: Path) -> None:
    files = unpack(bundle())
    files[name] += b" "
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for each, content in files.items():
            archive.writestr(each, content)
    assert str(verify_bytes(target.getvalue())) == f"{name}: SHA-256 không khớp."
    assert standalone(saved(tmp_path, target.getvalue())).stdout == f"{name}: SHA-256 không khớp.\n"


def test_every_single_byte_of_the_container_counts() -> None:
    whole = make_bundle(document(scores={"TN-1": [["1", "1", "1"]]}))
    holds = [
        at
        for at in range(0, len(whole), 97)
        if verify_bytes(whole[:at] + bytes([whole[at] ^ 0x10]) + whole[at + 1 :]).holds
    ]
    assert holds == []


@pytest.mark.parametrize(
    "content",
    [b"", b"PK", b"not a zip at all", bundle()[:-30], bundle()[: len(bundle()) // 2]],
    ids=["empty", "two bytes", "text", "end cut", "half"],
)
def test_a_damaged_zip_is_one_sentence(content: bytes, tmp_path: Path) -> None:
    assert str(verify_bytes(content)) == "Tệp không phải là gói .zip còn nguyên vẹn."
    assert standalone(saved(tmp_path, content)).stdout == "Tệp không phải là gói .zip còn nguyên vẹn.\n"


def change(name: str, edit: Callable[[Any], None]) -> bytes:
    """The bundle with one document edited, hashed and signed as if it were right."""
    edited = json.loads(unpack(bundle())[name])
    edit(edited)
    return forged(bundle(), {name: canonical_text(edited).encode()})


def _total(outputs: Any) -> None:
    outputs["ranking"][0]["total"] = "99.00"


def _vote(outputs: Any) -> None:
    outputs["ranking"][0]["components"]["vote"] = "19.0"
    outputs["ranking"][0]["total"] = "89.00"


def _rank(outputs: Any) -> None:
    outputs["ranking"][0]["rank"] = 2


def _tier(outputs: Any) -> None:
    outputs["proposal"][0]["tier"] = "khuyen_khich"


@pytest.mark.parametrize("edit", [_total, _vote, _rank, _tier])
def test_a_forged_output_is_found_by_recomputing(edit: Callable[[Any], None], tmp_path: Path) -> None:
    forgery = change("outputs.json", edit)
    assert verify_bytes(forgery).name == "outputs.json"
    assert standalone(saved(tmp_path, forgery)).stdout.startswith("outputs.json: ")


def test_the_first_difference_is_told_by_its_path() -> None:
    assert str(verify_bytes(change("outputs.json", _total))) == (
        'outputs.json: ranking[0].total ghi "99.00", tính lại được "83.00".'
    )


def test_a_forged_score_is_found_by_its_commitment(tmp_path: Path) -> None:
    """Everything is recomputed from a changed sheet and signed; only the log still knows the judge's score."""
    changed = thainguyen()
    changed["sheets"][0]["scores"]["doi_moi"] = "20"
    parts = bundle_parts(changed)
    honest = unpack(bundle())["log.json"]
    forgery = forged(
        bundle(),
        {
            "inputs.json": parts.inputs.encode(),
            "outputs.json": parts.outputs.encode(),
            "decisions.json": canonical_text(dict(parts.decisions)).encode(),
            "rules/rules.json": canonical_text(dict(parts.rules)).encode(),
            "log.json": honest,
        },
    )
    told = "log.json: cam kết của phiếu sheets[0] không khớp với điểm."
    assert str(verify_bytes(forgery)) == told
    assert standalone(saved(tmp_path, forgery)).stdout == told + "\n"


def test_a_line_that_is_not_in_the_log_is_found(tmp_path: Path) -> None:
    def edit(log: Any) -> None:
        log["records"][0]["line"]["at"] = "2025-11-12T03:00:00+00:00"

    forgery = change("log.json", edit)
    assert verify_bytes(forgery).name == "log.json"
    assert standalone(saved(tmp_path, forgery)).stdout.startswith("log.json: ")


def test_a_decision_by_too_few_is_found(tmp_path: Path) -> None:
    forgery = make_bundle(thainguyen(), members=15, agreed=9)
    assert verify_bytes(forgery).name == "decisions.json"
    assert standalone(saved(tmp_path, forgery)).stdout.startswith("decisions.json: 9/15")
    assert verify_bytes(make_bundle(thainguyen(), members=15, agreed=10)).holds


def test_the_real_change_of_backan_edition_6_is_a_departure_with_a_reason(tmp_path: Path) -> None:
    """Four solutions reached the third-prize band; the committee gave three thirds and three encouragements."""
    given = {**backan_edition_6(), "votes": {}}
    moved = DecidedItem("BK-6-0006", "tier", "khuyen_khich", "ba", "Ban Tổ chức chỉ trao ba Giải Ba.")
    whole = make_bundle(given, moved)
    assert verify_bytes(whole).holds
    assert standalone(saved(tmp_path, whole)).returncode == 0
    silent = make_bundle(given, DecidedItem("BK-6-0006", "tier", "khuyen_khich", "ba", ""))
    told = "decisions.json: quyết định khác đề xuất cho BK-6-0006 không có lý do."
    assert str(verify_bytes(silent)) == told
    assert standalone(saved(tmp_path, silent)).stdout == told + "\n"


def test_a_special_award_verifies_too(tmp_path: Path) -> None:
    given = document("bacgiang", edition="11", scores={"BG-1": [total_of("80")], "BG-2": [total_of("90")]})
    given["entries"][0]["authors"][0]["birth_year"] = 1940
    whole = make_bundle(given)
    assert str(verify_bytes(whole)).startswith("Đúng: bacgiang 11")
    assert standalone(saved(tmp_path, whole)).returncode == 0


def test_no_person_is_named_in_the_bundle() -> None:
    texts = b"".join(content for name, content in unpack(bundle()).items() if name.endswith(".json"))
    assert b"J1" in texts
    assert "Giám Khảo".encode() not in texts


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 33])
def test_batch_proofs_are_those_of_rfc_6962(size: int) -> None:
    leaves = [merkle.leaf_hash(bytes([number])) for number in range(size)]
    expected = {index: merkle.inclusion_proof(leaves, index) for index in range(size)}
    assert inclusion_proofs(leaves, range(size)) == expected
