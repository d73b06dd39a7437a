"""A backup beside the nightly sweep: a content that goes between the list and the reading is no failure."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

from core.kernel.archive import write_archive
from core.kernel.db import platform_scope
from core.kernel.files import LocalStore, file_key
from tests.support.factories import World


class Sweeping(LocalStore):
    """A store from which the first content goes as soon as all are listed."""

    def keys(self, tenant: str) -> Iterator[str]:
        listed = list(super().keys(tenant))
        for key in listed[:1]:
            self.delete(key)
        return iter(listed)


def test_a_content_that_went_since_it_was_listed_is_left_out(world: World, tmp_path: Path) -> None:
    store = Sweeping(tmp_path / "files")
    keys = [file_key(world.first.id, letter * 64) for letter in "ab"]
    for key in keys:
        store.put(key, BytesIO(b"x"))
    world.app.extensions["file_store"] = store

    with world.app.app_context(), platform_scope():
        counts = write_archive(tmp_path / "one.zip", world.first.id)

    assert counts.files == 1
    files = [name for name in ZipFile(tmp_path / "one.zip").namelist() if name.startswith("files/")]
    assert files == [f"files/{keys[1]}"]
