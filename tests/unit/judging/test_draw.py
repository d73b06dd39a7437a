"""The draw of an order: the same for everybody, fair, and different with every input."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.judging.draw import DrawInputs, drawn_order

HEAD = "ab" * 32
INPUTS = DrawInputs("backan", "8", "chung_khao", HEAD, "07-15-23")
CODES = tuple(f"BK-8-{number:04d}" for number in range(1, 8))


def repeated(inputs: DrawInputs, codes: tuple[str, ...]) -> list[str]:
    """The same by hand, as the description of the draw says it, for somebody without this software."""
    lines = ["bangvang.draw/1", inputs.tenant, inputs.edition, inputs.round, inputs.log_head, inputs.said]
    seed = hashlib.sha256("\n".join(lines).encode()).digest()
    order, counter = sorted(codes), 0
    for place in reversed(range(1, len(order))):
        while True:
            number = int.from_bytes(hashlib.sha256(seed + counter.to_bytes(8, "big")).digest()[:8], "big")
            counter += 1
            if number < 2**64 - 2**64 % (place + 1):
                break
        taken = number % (place + 1)
        order[place], order[taken] = order[taken], order[place]
    return order


def test_anybody_gets_the_same_order_from_the_description() -> None:
    assert list(drawn_order(INPUTS, CODES)) == repeated(INPUTS, CODES)


def test_the_order_in_which_the_entries_are_given_does_not_matter() -> None:
    assert drawn_order(INPUTS, reversed(CODES)) == drawn_order(INPUTS, CODES)


@pytest.mark.parametrize(
    ("part", "other"),
    [("tenant", "bacgiang"), ("edition", "9"), ("round", "so_khao"), ("log_head", "cd" * 32), ("said", "")],
)
def test_each_part_of_what_it_is_made_from_changes_the_order(part: str, other: str) -> None:
    many = [f"E{number}" for number in range(30)]

    assert drawn_order(replace(INPUTS, **{part: other}), many) != drawn_order(INPUTS, many)


def test_each_place_falls_to_each_entry_about_as_often() -> None:
    firsts = Counter(drawn_order(replace(INPUTS, said=str(number)), "ABCD")[0] for number in range(4000))

    # 1,000 each; four standard deviations of a binomial are 110.
    assert all(890 <= count <= 1110 for count in firsts.values()), firsts


@given(st.sets(st.text("ABC123", min_size=1), max_size=40))
def test_nobody_is_lost_or_drawn_twice(codes: set[str]) -> None:
    assert sorted(drawn_order(INPUTS, codes)) == sorted(codes)


def test_an_entry_that_is_given_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        drawn_order(INPUTS, ["A", "A"])


def test_a_part_of_two_lines_is_refused() -> None:
    with pytest.raises(ValueError, match="one line"):
        drawn_order(replace(INPUTS, said="1\n2"), ["A"])
