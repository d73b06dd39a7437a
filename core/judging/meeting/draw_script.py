"""The small program that repeats a draw with standard Python alone; who doubts an order runs it on his own machine."""

from __future__ import annotations

import json
from collections.abc import Iterable

from core.judging.draw import FORMAT, DrawInputs

_PROGRAM = '''#!/usr/bin/env python3
"""Tính lại một lần bốc thăm. Chạy bằng Python 3.8 trở lên, không cần cài thêm gì:  python3 {name}

Repeats a draw. Runs on Python 3.8 or newer with nothing else installed.

1. Hạt giống = SHA-256 của sáu dòng dưới đây, nối bằng dấu xuống dòng.
2. Mã hồ sơ xếp theo thứ tự; từ vị trí cuối lên, mỗi vị trí đổi chỗ với một vị trí từ đầu đến nó.
3. Số dùng để chọn là 8 byte đầu của SHA-256(hạt giống + số đếm 8 byte); số làm lệch cơ hội thì bỏ.
"""

import hashlib
import json

DATA = json.loads(r"""{data}""")

seed = hashlib.sha256("\\n".join(DATA["lines"]).encode("utf-8")).digest()
order = sorted(DATA["codes"])
counter = 0
for place in range(len(order) - 1, 0, -1):
    limit = 2**64 - 2**64 % (place + 1)
    while True:
        digest = hashlib.sha256(seed + counter.to_bytes(8, "big")).digest()
        number = int.from_bytes(digest[:8], "big")
        counter += 1
        if number < limit:
            break
    taken = number % (place + 1)
    order[place], order[taken] = order[taken], order[place]

print("SHA-256 (danh sách / list):", hashlib.sha256("\\n".join(sorted(DATA["codes"])).encode()).hexdigest())
for position, code in enumerate(order, start=1):
    print(position, code)
'''


_OWN_PROGRAM = '''#!/usr/bin/env python3
"""Tính lại thứ tự trình bày của một hồ sơ. Chạy bằng Python 3.8 trở lên, không cần cài thêm gì:  python3 {name}

Repeats the place of one entry in a draw, without the codes of the others. Runs on Python 3.8 or newer alone.

1. Hạt giống = SHA-256 của sáu dòng dưới đây, nối bằng dấu xuống dòng.
2. Hồ sơ xếp theo mã, đánh số từ 1; từ vị trí cuối lên, mỗi vị trí đổi chỗ với một vị trí từ đầu đến nó.
3. Số dùng để chọn là 8 byte đầu của SHA-256(hạt giống + số đếm 8 byte); số làm lệch cơ hội thì bỏ.
"""

import hashlib
import json

DATA = json.loads(r"""{data}""")

seed = hashlib.sha256("\\n".join(DATA["lines"]).encode("utf-8")).digest()
order = list(range(1, DATA["count"] + 1))
counter = 0
for place in range(len(order) - 1, 0, -1):
    limit = 2**64 - 2**64 % (place + 1)
    while True:
        digest = hashlib.sha256(seed + counter.to_bytes(8, "big")).digest()
        number = int.from_bytes(digest[:8], "big")
        counter += 1
        if number < limit:
            break
    taken = number % (place + 1)
    order[place], order[taken] = order[taken], order[place]

print(DATA["code"], "%d/%d" % (order.index(DATA["on_list"]) + 1, DATA["count"]))
'''


def own_script(inputs: DrawInputs, count: int, on_list: int, code: str, name: str) -> str:
    """The program for the place of one entry: the one at place `on_list` of `count` sorted by code."""
    data = {"lines": _lines(inputs), "count": count, "on_list": on_list, "code": code}
    return _OWN_PROGRAM.replace("{name}", name).replace("{data}", json.dumps(data, indent=1))


def draw_script(inputs: DrawInputs, codes: Iterable[str], name: str) -> str:
    """The program for one draw, with what it was made from inside it; `name` is that of its file."""
    # ASCII, each quotation mark in a text escaped: nothing that somebody typed can end the text it stands in.
    data = json.dumps({"lines": _lines(inputs), "codes": sorted(codes)}, indent=1)
    return _PROGRAM.replace("{name}", name).replace("{data}", data)


def _lines(inputs: DrawInputs) -> list[str]:
    return [FORMAT, inputs.tenant, inputs.edition, inputs.round, inputs.log_head, inputs.said]
