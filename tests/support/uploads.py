"""Sending a file in pieces as a program does: tus 1.0.0 spoken by hand, for the in-process client."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

TUS = {"Tus-Resumable": "1.0.0"}
PIECE = "application/offset+octet-stream"
DOSSIER, MATERIAL = "tep", "tai-lieu-bo-sung"


def metadata(name: str, field: str) -> str:
    """The header `Upload-Metadata`."""
    return f"filename {b64encode(name.encode()).decode()},field {b64encode(field.encode()).decode()}"


def create(
    client: FlaskClient, ref: str, name: str, length: int, field: str, *, into: str = DOSSIER
) -> TestResponse:
    """Begin an upload of `length` bytes into a place of the dossier `ref`."""
    headers = {**TUS, "Upload-Length": str(length), "Upload-Metadata": metadata(name, field)}
    return client.post(f"/du-thi/{ref}/{into}/tus/", headers=headers)


def begun(client: FlaskClient, ref: str, name: str, length: int, field: str, *, into: str = DOSSIER) -> str:
    """The path of a new upload."""
    answer = create(client, ref, name, length, field, into=into)
    assert answer.status_code == 201, answer.text
    return "/" + answer.headers["Location"].split("/", 3)[3]


def send(
    client: FlaskClient, path: str, offset: int, piece: bytes, more: Mapping[str, str] | None = None
) -> TestResponse:
    """Send a piece."""
    headers = {**TUS, "Upload-Offset": str(offset), **(more or {})}
    return client.patch(path, data=piece, content_type=PIECE, headers=headers)


def offset_at(client: FlaskClient, path: str) -> int:
    """How far the server says it has got."""
    answer = client.head(path, headers=TUS)
    assert answer.status_code == 200, answer.status
    return int(answer.headers["Upload-Offset"])
