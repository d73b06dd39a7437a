"""RFC 6962 trees, against the known roots of the RFC's reference tests."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.kernel import merkle

# The eight inputs and roots of the certificate-transparency reference implementation.
INPUTS = [
    bytes.fromhex(x)
    for x in (
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"
    )
]  # fmt: skip
ROOTS = {
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


@pytest.mark.parametrize("size", ROOTS)
def test_the_root_is_the_reference_root(size: int) -> None:
    assert merkle.root([merkle.leaf_hash(x) for x in INPUTS[:size]]).hex() == ROOTS[size]


def test_the_empty_log_has_the_hash_of_nothing() -> None:
    assert merkle.root([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@given(st.integers(1, 70), st.data())
def test_every_leaf_is_proved_and_no_other(size: int, data: st.DataObject) -> None:
    leaves = [merkle.leaf_hash(str(n).encode()) for n in range(size)]
    index = data.draw(st.integers(0, size - 1))
    path = merkle.inclusion_proof(leaves, index)
    head = merkle.root(leaves)
    assert merkle.verify_inclusion(leaves[index], index, size, path, head)
    assert not merkle.verify_inclusion(merkle.leaf_hash(b"another"), index, size, path, head)
    if size > 1:
        assert not merkle.verify_inclusion(leaves[index], (index + 1) % size, size, path, head)


@given(st.integers(0, 130))
def test_the_frontier_gives_the_root_of_all_leaves(size: int) -> None:
    leaves = [merkle.leaf_hash(str(n).encode()) for n in range(size)]
    frontier: list[bytes] = []
    for n, leaf in enumerate(leaves):
        frontier = merkle.extend_frontier(frontier, n, leaf)
    assert merkle.frontier_root(frontier) == merkle.root(leaves)


@pytest.mark.parametrize("new_size", range(1, 18))
def test_a_consistency_proof_leads_from_each_earlier_head_and_from_no_other(new_size: int) -> None:
    leaves = [merkle.leaf_hash(bytes([number])) for number in range(new_size)]
    head = merkle.root(leaves)
    for size in range(new_size + 1):
        old, path = merkle.root(leaves[:size]), merkle.consistency_proof(leaves, size)
        assert merkle.verify_consistency(size, old, new_size, head, path)
        assert not merkle.verify_consistency(size, merkle.leaf_hash(b"other"), new_size, head, path)
        if path:
            assert not merkle.verify_consistency(size, old, new_size, head, path[:-1])


def test_a_consistency_proof_is_that_of_the_rfc() -> None:
    """RFC 6962 section 2.1.3: the proof from 3 to 7 leaves is c, d, g, l."""
    leaves = [merkle.leaf_hash(bytes([number])) for number in range(7)]
    c, d, g = leaves[2], leaves[3], merkle.root(leaves[:2])
    assert merkle.consistency_proof(leaves, 3) == [c, d, g, merkle.root(leaves[4:])]
