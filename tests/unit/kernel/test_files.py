"""The file store: one behaviour in a folder and in a bucket behind a real S3 API."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import boto3
import pytest
import requests
from moto.server import ThreadedMotoServer

from core.kernel.files import FileStore, digest_of, make_store

KEY = "0" * 32 + "/" + "ab" * 32


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a bucket behind a real S3 API."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    endpoint = "http://{}:{}".format(*server.get_host_and_port())
    boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1").create_bucket(Bucket="ho-so")
    yield f"s3://ho-so/thu-muc?endpoint={endpoint}"
    server.stop()


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
