"""The file store: one behaviour in a folder and in a bucket behind a real S3 API."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
import requests

from core.kernel.files import ASIDE, FileStore, digest_of, make_store

KEY = "0" * 32 + "/" + "ab" * 32


@pytest.fixture(params=["folder", "bucket"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> FileStore:
    """A store of each kind."""
    url = request.getfixturevalue("bucket") if request.param == "bucket" else ""
    return make_store(url, tmp_path)


def test_what_is_put_is_read_back_in_chunks(store: FileStore) -> None:
    content = b"x" * 3_000_000
    store.put(KEY, BytesIO(content))
    assert store.exists(KEY)
    assert b"".join(store.read(KEY)) == content


@pytest.mark.parametrize(("start", "length"), [(0, 10), (1_500_000, 1_200_000), (2_999_990, None), (5, None)])
def test_a_part_is_read_alone(store: FileStore, start: int, length: int | None) -> None:
    content = bytes(range(250)) * 12_000
    store.put(KEY, BytesIO(content))
    stop = len(content) if length is None else start + length
    assert b"".join(store.read(KEY, start, length)) == content[start:stop]


def test_only_a_bucket_that_is_told_to_hands_contents_out_itself(bucket: str, tmp_path: Path) -> None:
    content = b"x" * 1000
    direct = make_store(f"{bucket}&direct=1", tmp_path)
    direct.put(KEY, BytesIO(content))
    address = direct.address(KEY, timedelta(minutes=5))
    assert address is not None
    assert requests.get(address, timeout=10).content == content
    assert make_store(bucket, tmp_path).address(KEY, timedelta(minutes=5)) is None
    assert make_store("", tmp_path).address(KEY, timedelta(minutes=5)) is None


def test_putting_again_and_deleting_twice_is_no_error(store: FileStore) -> None:
    store.put(KEY, BytesIO(b"one"))
    store.put(KEY, BytesIO(b"one"))
    assert list(store.keys("0" * 32)) == [KEY]
    assert list(store.keys("1" * 32)) == []
    store.delete(KEY)
    store.delete(KEY)
    assert not store.exists(KEY)


def test_reading_what_is_not_there_says_so(store: FileStore) -> None:
    with pytest.raises(FileNotFoundError):
        b"".join(store.read(KEY))


def test_a_broken_upload_leaves_nothing(tmp_path: Path) -> None:
    class Broken(BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise OSError("the line is cut")

    store = make_store("", tmp_path)
    with pytest.raises(OSError, match="cut"):
        store.put(KEY, Broken())
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_digest_rewinds() -> None:
    source = BytesIO(b"abc")
    digest, size = digest_of(source)
    assert digest == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert (size, source.read()) == (3, b"abc")


def test_what_is_old_is_listed_from_a_key_on_and_goes_and_what_was_put_again_stays(store: FileStore) -> None:
    tenant = "0" * 32
    keys = [f"{tenant}/{letter * 64}" for letter in "abc"]
    for key in keys:
        store.put(key, BytesIO(b"x"))
    store.put(f"{'1' * 32}/{'a' * 64}", BytesIO(b"x"))
    past, future = datetime(2020, 1, 1, tzinfo=UTC), datetime.now(UTC) + timedelta(days=1)

    assert list(store.old_keys(tenant, past)) == []
    assert list(store.old_keys(tenant, future)) == keys
    assert list(store.old_keys(tenant, future, keys[0])) == keys[1:]
    assert not store.delete_old(keys[0], past)
    assert [store.delete_old(keys[0], future) for _time in range(2)] == [True, False]
    assert list(store.keys(tenant)) == keys[1:]


def test_a_content_that_is_put_again_is_as_young_as_if_it_were_new(store: FileStore, tmp_path: Path) -> None:
    store.put(KEY, BytesIO(b"x"))
    for path in tmp_path.rglob("*"):
        if path.is_file():
            os.utime(path, (0, 0))
    store.put(KEY, BytesIO(b"x"))
    assert list(store.old_keys("0" * 32, datetime.now(UTC) - timedelta(hours=1))) == []


def test_what_a_killed_process_left_is_cleared_and_what_it_only_moved_aside_is_put_back(
    tmp_path: Path,
) -> None:
    store = make_store("", tmp_path)
    store.put(KEY, BytesIO(b"x"))
    (content,) = (path for path in tmp_path.rglob("*") if path.is_file())
    for name, at in ((".part-old", 0), (".part-new", None)):
        half = content.with_name(name)
        half.write_bytes(b"half")
        if at is not None:
            os.utime(half, (at, at))
    content.rename(content.with_name(f"{ASIDE}{content.name}"))
    assert list(store.keys("0" * 32)) == []

    assert store.clear("0" * 32, datetime.now(UTC) - timedelta(days=1)) == 1

    assert b"".join(store.read(KEY)) == b"x"
    assert sorted(path.name for path in content.parent.iterdir()) == [".part-new", content.name]
