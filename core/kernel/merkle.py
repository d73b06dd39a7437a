"""Merkle trees as RFC 6962 section 2 (SHA-256): roots, inclusion proofs, and appending without the old leaves."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(data: bytes) -> bytes:
    """The hash of one log entry: SHA-256 of 0x00 ‖ data."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node: SHA-256 of 0x01 ‖ left ‖ right."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """The tree head over leaf hashes in log order."""
    if not leaves:
        return EMPTY_ROOT
    if len(leaves) == 1:
        return leaves[0]
    split = _split(len(leaves))
    return node_hash(root(leaves[:split]), root(leaves[split:]))


def inclusion_proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """The audit path of leaf `index` (RFC 6962 section 2.1.1), from the leaf upwards."""
    if not 0 <= index < len(leaves):
        raise IndexError(f"no leaf {index} in a log of {len(leaves)}")
    if len(leaves) == 1:
        return []
    split = _split(len(leaves))
    if index < split:
        return [*inclusion_proof(leaves[:split], index), root(leaves[split:])]
    return [*inclusion_proof(leaves[split:], index - split), root(leaves[:split])]


def verify_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], head: bytes) -> bool:
    """Whether `path` shows that `leaf` stands at `index` in the log of `size` entries with tree head `head`."""
    if not 0 <= index < size:
        return False
    position, last, current = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return False
        if position % 2 or position == last:
            current = node_hash(sibling, current)
            while position % 2 == 0 and position:
                position, last = position >> 1, last >> 1
        else:
            current = node_hash(current, sibling)
        position, last = position >> 1, last >> 1
    return last == 0 and current == head


def consistency_proof(leaves: Sequence[bytes], size: int) -> list[bytes]:
    """The nodes that show that the log of `leaves` extends its own first `size` entries (RFC 6962 section 2.1.2)."""
    if not 0 <= size <= len(leaves):
        raise IndexError(f"no first {size} entries in a log of {len(leaves)}")
    return [] if size in {0, len(leaves)} else _subproof(leaves, size, is_whole=True)


def _subproof(leaves: Sequence[bytes], size: int, *, is_whole: bool) -> list[bytes]:
    if size == len(leaves):
        return [] if is_whole else [root(leaves)]
    split = _split(len(leaves))
    if size <= split:
        return [*_subproof(leaves[:split], size, is_whole=is_whole), root(leaves[split:])]
    return [*_subproof(leaves[split:], size - split, is_whole=False), root(leaves[:split])]


def verify_consistency(size: int, head: bytes, new_size: int, new_head: bytes, path: Sequence[bytes]) -> bool:
    """Whether `path` shows that the log of `new_size` entries with `new_head` begins with the `size` entries of `head`
    (RFC 9162 section 2.1.4.2)."""
    if size in {0, new_size}:
        return not path and head == (EMPTY_ROOT if size == 0 else new_head)
    nodes = [head, *path] if size & (size - 1) == 0 else list(path)
    if not 0 < size < new_size or not nodes:
        return False
    position, last = size - 1, new_size - 1
    while position % 2:
        position, last = position >> 1, last >> 1
    old = new = nodes[0]
    for node in nodes[1:]:
        if last == 0:
            return False
        if position % 2 or position == last:
            old, new = node_hash(node, old), node_hash(node, new)
            while position % 2 == 0 and position:
                position, last = position >> 1, last >> 1
        else:
            new = node_hash(new, node)
        position, last = position >> 1, last >> 1
    return last == 0 and old == head and new == new_head


def extend_frontier(frontier: Sequence[bytes], size: int, leaf: bytes) -> list[bytes]:
    """The roots of the perfect subtrees after appending `leaf` to a log of `size` entries (largest first)."""
    grown = [*frontier, leaf]
    while size % 2:
        right, left = grown.pop(), grown.pop()
        grown.append(node_hash(left, right))
        size //= 2
    return grown


def frontier_root(frontier: Sequence[bytes]) -> bytes:
    """The tree head of a log whose perfect subtrees have these roots."""
    if not frontier:
        return EMPTY_ROOT
    head = frontier[-1]
    for left in reversed(frontier[:-1]):
        head = node_hash(left, head)
    return head


def _split(size: int) -> int:
    """The largest power of two smaller than `size`."""
    return 1 << (size - 1).bit_length() - 1
