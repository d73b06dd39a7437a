"""The file store: one behaviour in a folder and in a bucket behind a real S3 API."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer

from core.kernel.files import FileStore, digest_of, make_store

KEY = "0" * 32 + "/" + "ab" * 32


@pytest.fixture(params=["folder", "bucket"])
def store(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[FileStore]:
    """A store of each kind."""
    if request.param == "folder":
        yield make_store("", tmp_path)
        return
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    endpoint = "http://{}:{}".format(*server.get_host_and_port())
    boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1").create_bucket(Bucket="ho-so")
    yield make_store(f"s3://ho-so/thu-muc?endpoint={endpoint}", tmp_path)
    server.stop()


def test_what_is_put_is_read_back_in_chunks(store: FileStore) -> None:
    content = b"x" * 3_000_000
    store.put(KEY, BytesIO(content))
    assert store.exists(KEY)
    assert b"".join(store.read(KEY)) == content


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
