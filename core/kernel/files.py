"""The file store: content-addressed by SHA-256, per tenant; a local folder by default, S3 by configuration."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Protocol
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

from flask import current_app

CHUNK = 1024 * 1024
PART, ASIDE = ".part-", ".aside-"


class FileStore(Protocol):
    """Where contents live. A key is `<tenant>/<sha256>`; the same content is stored once in a tenant."""

    def put(self, key: str, source: IO[bytes]) -> None:
        """Store `source` under `key`; storing it again changes nothing."""

    def read(self, key: str, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        """The content in chunks, `length` bytes of it (default: all) from `start`; raises FileNotFoundError."""

    def exists(self, key: str) -> bool:
        """Whether something is stored under `key`."""

    def delete(self, key: str) -> None:
        """Forget `key`; nothing happens when it is not there."""

    def keys(self, tenant: str) -> Iterator[str]:
        """All keys of a tenant, sorted; for backups."""

    def old_keys(self, tenant: str, before: datetime, after: str = "") -> Iterator[str]:
        """The keys of a tenant that were put last before `before`, sorted, from the one after the key `after` on."""

    def delete_old(self, key: str, before: datetime) -> bool:
        """Forget `key` unless it was put again at `before` or later; returns whether it is gone by this."""

    def clear(self, tenant: str, before: datetime) -> int:
        """Remove what a process that died left half-written before `before`; returns how many files it was."""

    def address(self, key: str, lasts: timedelta) -> str | None:
        """An address at which the store itself hands the content out for as long as it `lasts`, if it does that."""


class LocalStore:
    """Files in a folder: written beside, flushed to disk, then renamed, so a crash leaves no half file.

    A content's time is that of its last `put`, also where it was there already: who has just put one names it soon,
    and `delete_old` leaves it. To delete it is first moved aside, so that nobody puts it between the look and the end.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def _path(self, key: str) -> Path:
        tenant, digest = key.split("/")
        return self.folder / tenant / digest[:2] / digest

    def put(self, key: str, source: IO[bytes]) -> None:
        path = self._path(key)
        with suppress(FileNotFoundError):
            os.utime(path)
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=PART)
        try:
            with os.fdopen(handle, "wb") as target:
                while chunk := source.read(CHUNK):
                    target.write(chunk)
                target.flush()
                os.fsync(target.fileno())
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise

    def read(self, key: str, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        source = self._path(key).open("rb")
        source.seek(start)
        return _chunks(source, length)

    def exists(self, key: str) -> bool:
        return self._path(key).exists()

    def delete(self, key: str) -> None:
        self._path(key).unlink(missing_ok=True)

    def keys(self, tenant: str) -> Iterator[str]:
        return self._keys(tenant, "")

    def old_keys(self, tenant: str, before: datetime, after: str = "") -> Iterator[str]:
        for key in self._keys(tenant, after.rpartition("/")[2]):
            with suppress(FileNotFoundError):
                if self._path(key).stat().st_mtime < before.timestamp():
                    yield key

    def _keys(self, tenant: str, after: str) -> Iterator[str]:
        """A shard at a time, so that who wants the next few does not read the whole folder."""
        for shard in sorted((self.folder / tenant).glob("??")):
            if shard.name >= after[:2]:
                for path in sorted(shard.iterdir()):
                    if path.name > after and not path.name.startswith("."):
                        yield f"{tenant}/{path.name}"

    def delete_old(self, key: str, before: datetime) -> bool:
        path = self._path(key)
        aside = path.with_name(f"{ASIDE}{path.name}")
        try:
            path.rename(aside)
        except FileNotFoundError:
            return False
        if aside.stat().st_mtime >= before.timestamp():
            aside.rename(path)
            return False
        aside.unlink()
        return True

    def clear(self, tenant: str, before: datetime) -> int:
        for aside in (self.folder / tenant).glob(f"??/{ASIDE}*"):
            aside.rename(aside.with_name(aside.name.removeprefix(ASIDE)))  # whether it may go is asked anew
        left = [
            path
            for path in (self.folder / tenant).glob(f"??/{PART}*")
            if path.stat().st_mtime < before.timestamp()
        ]
        for path in left:
            path.unlink(missing_ok=True)
        return len(left)

    def address(self, key: str, lasts: timedelta) -> str | None:
        return None


class S3Store:
    """Files in an S3-compatible bucket: `s3://bucket/prefix?endpoint=…&region=…`.

    The keys come from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; `endpoint` names a server other than Amazon's.
    With `direct=1` the bucket hands files out itself, at pre-signed addresses of a few minutes.
    """

    def __init__(self, url: str) -> None:
        from obstore.store import S3Store as Bucket

        parts = urlsplit(url)
        options = dict(parse_qsl(parts.query))
        endpoint = options.get("endpoint")
        self._is_direct = options.get("direct") == "1"
        self._store = Bucket(
            parts.netloc,
            prefix=parts.path.strip("/") or None,
            endpoint=endpoint,
            region=options.get("region", "us-east-1"),
            client_options={"allow_http": bool(endpoint and endpoint.startswith("http://"))},
        )

    def put(self, key: str, source: IO[bytes]) -> None:
        import obstore

        obstore.put(self._store, key, source)

    def read(self, key: str, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        import obstore

        options = None
        if start or length is not None:
            options = {"range": {"offset": start} if length is None else (start, start + length)}
        found = obstore.get(self._store, key, options=options)  # type: ignore[arg-type]
        return (bytes(chunk) for chunk in found.stream(min_chunk_size=CHUNK))

    def exists(self, key: str) -> bool:
        import obstore

        try:
            obstore.head(self._store, key)
        except FileNotFoundError:
            return False
        return True

    def delete(self, key: str) -> None:
        import obstore

        obstore.delete(self._store, key)

    def keys(self, tenant: str) -> Iterator[str]:
        import obstore

        found = [item["path"] for page in obstore.list(self._store, prefix=f"{tenant}/") for item in page]
        return iter(sorted(found))

    def old_keys(self, tenant: str, before: datetime, after: str = "") -> Iterator[str]:
        import obstore

        pages = obstore.list(self._store, prefix=f"{tenant}/", offset=after or None)
        return iter(sorted(item["path"] for page in pages for item in page if item["last_modified"] < before))

    def delete_old(self, key: str, before: datetime) -> bool:
        import obstore

        # The bucket cannot do both at once: a content that was unnamed for a day is lost if it is put in between.
        try:
            if obstore.head(self._store, key)["last_modified"] >= before:
                return False
        except FileNotFoundError:
            return False
        obstore.delete(self._store, key)
        return True

    def clear(self, tenant: str, before: datetime) -> int:
        return 0  # a half upload is no object; buckets have a rule of their own for those

    def address(self, key: str, lasts: timedelta) -> str | None:
        import obstore

        return obstore.sign(self._store, "GET", key, lasts) if self._is_direct else None


def _chunks(source: IO[bytes], length: int | None) -> Iterator[bytes]:
    left = length
    with source:
        while chunk := source.read(CHUNK if left is None else min(CHUNK, left)):
            yield chunk
            if left is not None:
                left -= len(chunk)


def make_store(storage_url: str, var: Path) -> FileStore:
    """The store of the configuration: `STORAGE_URL`, else the folder `files` under the data folder."""
    return S3Store(storage_url) if storage_url else LocalStore(var / "files")


def file_store() -> FileStore:
    """The store of this application."""
    store: FileStore = current_app.extensions["file_store"]
    return store


@contextmanager
def copied_out(key: str) -> Iterator[IO[bytes]]:
    """A copy of the content under `key` on this machine's disk, to read and to seek in; raises FileNotFoundError."""
    with tempfile.TemporaryFile() as copy:
        for chunk in file_store().read(key):
            copy.write(chunk)
        copy.seek(0)
        yield copy


def file_key(tenant_id: UUID, sha256: str) -> str:
    """Where a tenant's content is stored."""
    return f"{tenant_id.hex}/{sha256}"


def digest_of(source: IO[bytes]) -> tuple[str, int]:
    """The SHA-256 (hexadecimal) and size in bytes of a stream, which is then rewound."""
    digest, size = hashlib.sha256(), 0
    while chunk := source.read(CHUNK):
        digest.update(chunk)
        size += len(chunk)
    source.seek(0)
    return digest.hexdigest(), size
