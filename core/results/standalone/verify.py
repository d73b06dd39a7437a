"""Checks a result bundle of Bảng Vàng with nothing but Python's standard library (3.9 or newer).

    python3 verify.py [BUNDLE.zip | FOLDER]

Exit 0 and one line when everything holds; 1 and the first difference when not; 2 when there is nothing to check.
It checks the hashes and the Ed25519 signature (RFC 8032), the audit log's proofs (RFC 6962) and the opened
commitments of the score sheets, and recomputes sums, vote part, ranks and quotas. It knows no plugin: a part of the
total that follows a rule of the contest's own is added up as published, and the last line says so.
"""

from __future__ import annotations

import hashlib
import json
import sys
import zipfile
import zlib
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, NoReturn

Document = dict[str, Any]
Files = dict[str, bytes]
Point = tuple[int, int, int, int]


class Difference(Exception):
    """The first thing that does not hold: `file: what`."""


def fail(name: str, what: str) -> NoReturn:
    """Stop with the name of the file and what is wrong with it."""
    raise Difference(f"{name}: {what}")


# -- files ---------------------------------------------------------------------------------------------------------


def read_files(place: Path) -> Files:
    """Name → bytes of the bundle at `place`, a .zip or the folder it was unpacked into."""
    if place.is_dir():
        return read_folder(place)
    files: Files = {}
    try:
        with zipfile.ZipFile(place) as archive:
            for info in archive.infolist():
                try:
                    files[info.filename] = archive.read(info)
                except (zipfile.BadZipFile, zlib.error, ValueError, OSError, EOFError, RuntimeError):
                    fail(info.filename, "nội dung bị hỏng hoặc đã bị thay đổi.")
    except zipfile.BadZipFile:
        raise Difference("Tệp không phải là gói .zip còn nguyên vẹn.") from None
    return files


def read_folder(folder: Path) -> Files:
    """The files that the manifest of `folder` names, and the manifest."""
    files = {"manifest.json": (folder / "manifest.json").read_bytes()}
    for name in load(files, "manifest.json")["files"]:
        path = folder.joinpath(*name.split("/"))
        if path.is_file():
            files[name] = path.read_bytes()
    return files


def canonical(document: Any) -> bytes:
    """RFC 8785 for the documents of a bundle: no floats, ASCII keys."""
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def sha256(data: bytes) -> str:
    """Hexadecimal SHA-256."""
    return hashlib.sha256(data).hexdigest()


def load(files: Files, name: str) -> Any:
    """The JSON document `name`."""
    try:
        return json.loads(files[name])
    except ValueError:
        fail(name, "không phải JSON hợp lệ.")


def check_manifest(files: Files) -> Document:
    """Signature, then every hash, then nothing else in the bundle."""
    if "manifest.json" not in files:
        fail("manifest.json", "thiếu trong gói.")
    manifest: Document = load(files, "manifest.json")
    signed = {key: value for key, value in manifest.items() if key != "signature"}
    key, signature = bytes.fromhex(manifest["public_key"]), bytes.fromhex(manifest["signature"])
    if canonical(manifest) != files["manifest.json"] or not ed25519_verify(key, canonical(signed), signature):
        fail("manifest.json", "chữ ký Ed25519 không khớp.")
    for name, digest in manifest["files"].items():
        if name not in files:
            fail(name, "thiếu trong gói.")
        if sha256(files[name]) != digest:
            fail(name, "SHA-256 không khớp.")
    for name in files:
        if name != "manifest.json" and name not in manifest["files"]:
            fail(name, "không có tên trong manifest.json.")
    return manifest


# -- Ed25519 (RFC 8032 section 5.1) --------------------------------------------------------------------------------

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def recover_x(y: int, sign: int) -> int | None:
    """The x of a point with this y, or None."""
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    if square == 0:
        return None if sign else 0
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if (x * x - square) % P:
        return None
    return P - x if x & 1 != sign else x


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE_X = recover_x(BASE_Y, 0) or 0
BASE = (BASE_X, BASE_Y, 1, BASE_X * BASE_Y % P)


def add(one: Point, other: Point) -> Point:
    """The sum of two points in extended coordinates."""
    a = (one[1] - one[0]) * (other[1] - other[0]) % P
    b = (one[1] + one[0]) * (other[1] + other[0]) % P
    c = 2 * one[3] * other[3] * D % P
    d = 2 * one[2] * other[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def times(scalar: int, point: Point) -> Point:
    """`scalar` times `point`."""
    result = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            result = add(result, point)
        point = add(point, point)
        scalar >>= 1
    return result


def decompress(data: bytes) -> Point | None:
    """The point written in 32 bytes, or None."""
    y = int.from_bytes(data, "little")
    sign = y >> 255
    y &= (1 << 255) - 1
    x = recover_x(y, sign)
    return None if x is None else (x, y, 1, x * y % P)


def ed25519_verify(key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether `signature` is that of `message` under the public `key`."""
    if len(key) != 32 or len(signature) != 64:
        return False
    point, commitment = decompress(key), decompress(signature[:32])
    scalar = int.from_bytes(signature[32:], "little")
    if point is None or commitment is None or scalar >= L:
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % L
    left, right = times(scalar, BASE), add(commitment, times(challenge, point))
    same_x = (left[0] * right[2] - right[0] * left[2]) % P == 0
    return same_x and (left[1] * right[2] - right[1] * left[2]) % P == 0


# -- the log (RFC 6962 section 2) ----------------------------------------------------------------------------------


def stands_in_log(leaf: bytes, index: int, size: int, path: list[bytes], head: bytes) -> bool:
    """Whether `path` leads from `leaf` at `index` to the root of a log of `size` lines."""
    if not 0 <= index < size:
        return False
    position, last, current = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return False
        if position % 2 or position == last:
            current = hashlib.sha256(b"\x01" + sibling + current).digest()
            while position % 2 == 0 and position:
                position, last = position >> 1, last >> 1
        else:
            current = hashlib.sha256(b"\x01" + current + sibling).digest()
        position, last = position >> 1, last >> 1
    return last == 0 and current == head


def points_text(value: str) -> str:
    """Points as a commitment writes them: no idle zeros."""
    return value.rstrip("0").rstrip(".") if "." in value else value


def points_lines(scores: Document) -> list[str]:
    """The points of a sheet by criterion, one a line."""
    return [f"{key}={points_text(scores[key])}" for key in sorted(scores)]


def commitment_of(edition: str, opened: Document, scores: Document, form: int) -> str:
    """What the log holds of the sheet that `opened` opens, with these points, in the form its line has."""
    if form != 2:
        lines = [opened["nonce"], edition, opened["round"], opened["entry"], *points_lines(scores)]
        return sha256("\n".join(lines).encode())
    return sealed(
        edition, opened, sha256("\n".join([opened["points_nonce"], *points_lines(scores)]).encode())
    )


def sealed(edition: str, opened: Document, points: str) -> str:
    """The second form: whose sheet it is, with the digests of its remark and of its points."""
    place = [edition, opened["round"], opened["entry"], opened["judge"]]
    lines = [opened["nonce"], "bangvang.sheet/2", *place, opened["remark_sha256"], points]
    return sha256("\n".join(lines).encode())


class SheetLines:
    """What the log says of sheets: (entry, round, commitment) that were locked, that replaced another with their line,
    that were replaced; and the form of each."""

    def __init__(self, found: dict[str, list[Document]]) -> None:
        """Read from the lines of the log by action."""
        self.locked = {sheet_place(line, "commitment"): line for line in found.get("sheet.locked", [])}
        self.changed = {sheet_place(line, "commitment"): line for line in found.get("sheet.changed", [])}
        self.replaced = {sheet_place(line, "before") for line in self.changed.values()}
        lines = [*self.locked.items(), *self.changed.items()]
        self.forms = {place: 2 if line["data"].get("form") == 2 else 1 for place, line in lines}
        self.good = set(self.forms) - self.replaced


def check_sheets(log: Document, inputs: Document, found: dict[str, list[Document]]) -> None:
    """Each sheet is what was locked, or what it became by the changes that the log holds, all of them opened; each
    commitment stands for one sheet, and none is left over without a reason."""
    told, is_first = SheetLines(found), log["format"] == "bangvang.log/1"
    if not is_first and log["format"] != "bangvang.log/2":
        fail("log.json", "không phải định dạng bangvang.log/2.")
    if is_first and 2 in told.forms.values():
        fail("log.json", "có cam kết dạng 2 nên không thể ở định dạng bangvang.log/1.")
    history: dict[tuple[str, str, str], list[Document]] = {}
    for one in sorted(log.get("changes", []), key=lambda change: -change["number"]):
        history.setdefault((one["round"], one["judge"], one["entry"]), []).append(one)
    opened = {(row["round"], row["judge"], row["entry"]): row for row in log["sheets"]}
    taken: set[tuple[str, str, str]] = set()
    for number, sheet in enumerate(inputs["sheets"]):
        place = (sheet["round"], sheet["judge"], sheet["entry"])
        row = opened.get(place)
        if row is None:
            fail("log.json", f"không có cam kết của phiếu sheets[{number}].")
        now = (sheet["entry"], sheet["round"], row["commitment"])
        if now in taken:
            fail("log.json", f"cam kết của phiếu sheets[{number}] đã được dùng cho một phiếu khác.")
        taken.add(now)
        if commitment_of(inputs["edition"], row, sheet["scores"], told.forms.get(now, 1)) != now[2]:
            fail("log.json", f"cam kết của phiếu sheets[{number}] không khớp với điểm.")
        wrong = fault_of_history(inputs["edition"], told, now, history.get(place, []))
        if wrong is not None:
            fail("log.json", f"cam kết của phiếu sheets[{number}] {wrong}")
    if not is_first:
        check_not_counted(log, inputs, found, told, taken)


def fault_of_history(
    edition: str, told: SheetLines, now: tuple[str, str, str], history: list[Document]
) -> str | None:
    """What is wrong with how a sheet came to its commitment by its changes, the last first; None when all holds."""
    if now in told.replaced:
        return "đã được sửa sau đó trong phần thảo luận."
    for one in history:
        line = told.changed.get(now, {"at": None, "data": {"before": None}})
        if (line["data"]["before"], line["at"]) != (one["commitment"], one["at"]):
            return f"có lần sửa {one['number']} không khớp với nhật ký."
        now = (now[0], now[1], one["commitment"])
        if commitment_of(edition, one, one["before"], told.forms.get(now, 1)) != one["commitment"]:
            return f"có điểm trước lần sửa {one['number']} không khớp với cam kết."
    return None if now in told.locked else "không khớp với điểm."


def check_not_counted(
    log: Document,
    inputs: Document,
    found: dict[str, list[Document]],
    told: SheetLines,
    taken: set[tuple[str, str, str]],
) -> None:
    """Every other commitment is that of a sheet which does not count for a conflict that the log knows."""
    stands = {}
    lines = [line for action in found if action.startswith("conflict.") for line in found[action]]
    for line in sorted(lines, key=lambda one: one["seq"]):
        stands[line["subject"], line["data"]["judge"]] = line["action"] != "conflict.dismissed"
    places = {(sheet["round"], sheet["judge"], sheet["entry"]) for sheet in inputs["sheets"]}
    for number, row in enumerate(log["not_counted"]):
        place = (row["round"], row["judge"], row["entry"])
        key = (row["entry"], row["round"], row["commitment"])
        if place in places or key in taken or key not in told.good:
            fail("log.json", f"not_counted[{number}] không phải là một phiếu đã khóa mà không được tính.")
        if told.forms[key] == 2 and sealed(inputs["edition"], row, row["points_sha256"]) != key[2]:
            fail("log.json", f"cam kết của not_counted[{number}] không phải của giám khảo {row['judge']}.")
        if row["reason"] != "conflict" or not stands.get((row["entry"], row["judge"]), False):
            who = f"{row['judge']} với {row['entry']}"
            fail("log.json", f"nhật ký không ghi xung đột lợi ích của {who} (not_counted[{number}]).")
        places.add(place)
        taken.add(key)
    for entry, judging_round, _commitment in sorted(told.good - taken):
        where = f"{entry} (vòng {judging_round})"
        told_of = f"nhật ký ghi một phiếu đã khóa của {where} mà gói không có, cũng không nêu lý do."
        fail("log.json", told_of)


def sheet_place(line: Document, key: str) -> tuple[str, str, str]:
    """The entry, the round and one of the commitments of a line about a sheet."""
    return (line["subject"], line["data"]["round"], line["data"][key])


def check_log(files: Files, log: Document, inputs: Document, decisions: Document) -> None:
    """Every line stands in the log; sheets, votes, computation and decision are what the log says."""
    head, size = bytes.fromhex(log["head"]["root"]), log["head"]["size"]
    found: dict[str, list[Document]] = {}
    for record in log["records"]:
        line = record["line"]
        leaf = hashlib.sha256(b"\x00" + canonical(line)).digest()
        path = [bytes.fromhex(node) for node in record["proof"]]
        if not stands_in_log(leaf, line["seq"], size, path, head):
            fail("log.json", f"dòng {line['seq']} không nằm trong nhật ký.")
        found.setdefault(line["action"], []).append(line)
    check_sheets(log, inputs, found)
    expected = [
        ("result.computed", "outputs_sha256", sha256(files["outputs.json"])),
        ("result.computed", "inputs_sha256", sha256(files["inputs.json"])),
        ("result.decided", "decisions_sha256", sha256(files["decisions.json"])),
    ]
    if inputs["votes"]:
        expected.append(("votes.frozen", "sha256", sha256(canonical(inputs["votes"]))))
    for action, key, digest in expected:
        if not any(line["data"].get(key) == digest for line in found.get(action, [])):
            fail("log.json", f"không có dòng {action} nào ghi {key} là {digest}.")
    if decisions["outputs_sha256"] != sha256(files["outputs.json"]):
        fail("decisions.json", "quyết định dựa trên một kết quả tính khác.")


# -- arithmetic ----------------------------------------------------------------------------------------------------


def half_up(value: Fraction, places: int) -> str:
    """`value` as text with `places` decimals, halves up; values are not negative."""
    scaled = value * 10**places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    text = str(whole).rjust(places + 1, "0")
    return text if places == 0 else f"{text[:-places]}.{text[-places:]}"


def places_of(text: str) -> int:
    """The number of decimals written."""
    return len(text.partition(".")[2])


def check_part(component: str, rows: list[Document], values: dict[str, Fraction], at: str) -> None:
    """Every entry's part is what `values` say, rounded once."""
    for row in rows:
        published = row["components"][component]
        if half_up(values[row["entry"]], places_of(published)) != published:
            again = half_up(values[row["entry"]], places_of(published))
            fail("outputs.json", f"{at} của {row['entry']} ghi {published}, tính lại được {again}.")


def check_sums(inputs: Document, outputs: Document, rules: Document) -> list[str]:
    """Parts, totals and ranks. Gives the parts that only the contest's own rules can recompute."""
    rows, deciding = outputs["ranking"], rules["round"]["key"]
    sums: dict[str, Fraction] = {}
    counts: dict[str, int] = {}
    criteria: dict[tuple[str, str], Fraction] = {}
    for sheet in inputs["sheets"]:
        if sheet["round"] != deciding:
            continue
        code = sheet["entry"]
        sums[code] = sums.get(code, Fraction(0)) + sum(map(Fraction, sheet["scores"].values()))
        counts[code] = counts.get(code, 0) + 1
        for key, score in sheet["scores"].items():
            criteria[key, code] = criteria.get((key, code), Fraction(0)) + Fraction(score)
    unknown = []
    for component in rules["components"]:
        key, formula = component["key"], component["formula"]
        if formula == "mean":
            means = {row["entry"]: sums[row["entry"]] / counts[row["entry"]] for row in rows}
            check_part(key, rows, means, "điểm hội đồng")
        elif formula == "share_of_most":
            votes = {row["entry"]: inputs["votes"].get(row["entry"], 0) for row in rows}
            most = max(votes.values(), default=0)
            full = Fraction(component["maximum"])
            shares = {code: full * count / most if most else Fraction(0) for code, count in votes.items()}
            check_part(key, rows, shares, "điểm bình chọn")
        else:
            unknown.append(key)
    check_ranks(rows, rules, criteria, counts)
    return unknown


def check_ranks(
    rows: list[Document], rules: Document, criteria: dict[tuple[str, str], Fraction], counts: dict[str, int]
) -> None:
    """Totals are the sums of their parts; ranks follow totals and tie-breaks; ties share a rank."""

    def key_of(row: Document) -> tuple[Fraction, ...]:
        code = row["entry"]
        ties = [
            Fraction(row["components"][rule["component"]])
            if rule["component"]
            else criteria[rule["criterion"], code] / counts[code]
            for rule in rules["tie_breaks"]
        ]
        return (Fraction(row["total"]), *ties)

    for row in rows:
        if sum(Decimal(score) for score in row["components"].values()) != Decimal(row["total"]):
            fail("outputs.json", f"tổng điểm của {row['entry']} không bằng tổng các phần.")
    keys = [key_of(row) for row in rows]
    ordered = sorted(keys, reverse=True)
    if keys != ordered:
        fail("outputs.json", "thứ tự xếp hạng không đúng.")
    first: dict[tuple[Fraction, ...], int] = {}
    for number, one in enumerate(ordered, start=1):
        first.setdefault(one, number)
    for place, row in enumerate(rows):
        key = keys[place]
        if row["rank"] != first[key]:
            fail("outputs.json", f"hạng của {row['entry']} ghi {row['rank']}, tính lại được {first[key]}.")


def check_who(inputs: Document, outputs: Document) -> None:
    """Every entry is ranked or named among those that are not; nobody twice, nobody foreign, nobody withdrawn."""
    ranked = [row["entry"] for row in outputs["ranking"]]
    left = [row["entry"] for row in outputs["not_ranked"]]
    withdrawn = set(inputs["withdrawn"])
    everybody = {entry["code"] for entry in inputs["entries"]} | withdrawn
    if len(ranked + left) != len(everybody) or set(ranked + left) != everybody or withdrawn & set(ranked):
        fail("outputs.json", "danh sách xếp hạng không đúng với danh sách hồ sơ.")


def check_quotas(outputs: Document, rules: Document) -> None:
    """Quotas are ceilings, minimums are reached, tiers follow ranks, nobody better placed is passed over."""
    rows = {row["entry"]: row for row in outputs["ranking"]}
    tiers = {tier["key"]: (number, tier) for number, tier in enumerate(rules["tiers"])}
    taken: dict[str, int] = {}
    given: dict[str, int] = {}
    for proposal in outputs["proposal"]:
        code, key = proposal["entry"], proposal["tier"]
        if code not in rows:
            fail("outputs.json", f"đề xuất giải cho {code} không có trong bảng xếp hạng.")
        if key not in tiers:
            continue
        taken[key] = taken.get(key, 0) + 1
        given[code] = tiers[key][0]
        minimum = tiers[key][1]["minimum"]
        if minimum is not None and Decimal(rows[code]["total"]) < Decimal(minimum):
            fail("outputs.json", f"{code} chưa đạt mức tối thiểu của {tiers[key][1]['name']}.")
    for key, count in taken.items():
        quota = tiers[key][1]["quota"]
        if quota is not None and count > quota and not rules["spill"]:
            fail("outputs.json", f"{tiers[key][1]['name']} có {count} đề xuất, vượt chỉ tiêu {quota}.")
    undecided = set(outputs["steps"][-1]["data"].get("undecided", []))
    order = [row["entry"] for row in outputs["ranking"] if row["entry"] not in undecided]
    levels = [given.get(code, len(tiers)) for code in order]
    if levels != sorted(levels):
        fail("outputs.json", "giải đề xuất không theo thứ tự xếp hạng.")


def check_decisions(outputs: Document, decisions: Document, rules: Document) -> None:
    """Enough of the committee agreed; proposals are told as they were; each departure has a reason."""
    rule, members, agreed = rules["decision"], decisions["members"], decisions["agreed"]
    share = Fraction(members * rule["numerator"], rule["denominator"])
    if members <= 0 or agreed > members or agreed < share or (rule["strictly"] and agreed == share):
        fail("decisions.json", f"{agreed}/{members} thành viên đồng ý là chưa đủ.")
    specials = {award["key"] for award in rules["specials"]}
    proposed = {
        (row["entry"], row["tier"] if row["tier"] in specials else "tier"): row["tier"]
        for row in outputs["proposal"]
    }
    told = {(item["entry"], item["award"]): item for item in decisions["items"]}
    for place in proposed:
        if place not in told:
            fail("decisions.json", f"thiếu quyết định cho {place[0]}.")
    for place, item in told.items():
        if item["proposed"] != proposed.get(place):
            fail("decisions.json", f"đề xuất ghi cho {place[0]} không đúng với outputs.json.")
        if item["tier"] != item["proposed"] and not item["reason"].strip():
            fail("decisions.json", f"quyết định khác đề xuất cho {place[0]} không có lý do.")


# -- all of it -----------------------------------------------------------------------------------------------------


def verify(place: Path) -> str:
    """Check the bundle at `place`; gives the sentence for the end, or raises Difference."""
    files = read_files(place)
    manifest = check_manifest(files)
    names = ("inputs.json", "outputs.json", "decisions.json", "log.json", "rules/rules.json")
    inputs, outputs, decisions, log, rules = (load(files, name) for name in names)
    if sha256(canonical(inputs)) != outputs["inputs_sha256"]:
        fail("outputs.json", "inputs_sha256 không phải của inputs.json.")
    check_who(inputs, outputs)
    unknown = check_sums(inputs, outputs, rules)
    check_quotas(outputs, rules)
    check_decisions(outputs, decisions, rules)
    check_log(files, log, inputs, decisions)
    left = f" Không tính lại phần {', '.join(unknown)}: cần quy tắc riêng của cuộc thi." if unknown else ""
    return (
        f"Đúng: {manifest['tenant']} {manifest['edition']}, {len(outputs['ranking'])} hồ sơ được xếp hạng, "
        f"khóa công khai {manifest['public_key'][:16]}….{left}"
    )


def main() -> int:
    """The command."""
    place = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(encoding="utf-8")
    if not place.exists():
        print(f"Không có {place}.")
        return 2
    try:
        print(verify(place))
    except Difference as difference:
        print(difference)
        return 1
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, OSError) as error:
        print(f"Gói không đúng định dạng: {type(error).__name__} {error}.")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
