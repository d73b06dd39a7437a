"""The API's documentation as a page: the OpenAPI document, read here and shown without a script or a foreign server."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from flask import Blueprint, current_app, render_template, url_for
from flask_babel import gettext as _

from core.kernel.pagecache import cached_public
from core.kernel.web import Access, allows

blueprint = Blueprint("api_docs", __name__)

METHODS = ("get", "post", "put", "patch", "delete")
Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class FieldDoc:
    """A field of a schema, or a parameter: `kind` is its type in words, `schema` the schema it leads to."""

    name: str
    kind: str
    schema: str | None
    required: bool
    about: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class AnswerDoc:
    """An answer of an operation: its status ("201" or "default"), what it means and what it holds."""

    status: str
    about: str
    kind: str
    schema: str | None


@dataclass(frozen=True, slots=True)
class OperationDoc:
    """One method of one address."""

    anchor: str
    method: str
    path: str
    summary: str
    about: str
    parameters: tuple[FieldDoc, ...]
    body: str | None
    body_kind: str
    answers: tuple[AnswerDoc, ...]


@dataclass(frozen=True, slots=True)
class GroupDoc:
    """The operations of one tag."""

    name: str
    operations: tuple[OperationDoc, ...]


@dataclass(frozen=True, slots=True)
class SchemaDoc:
    """A named schema and its fields."""

    name: str
    fields: tuple[FieldDoc, ...]


@blueprint.get("/api/docs")
@allows(Access.PUBLIC)
@cached_public
def index() -> str:
    """Every operation with its parameters and answers, and the schemas they use."""
    document = openapi_document()
    groups = groups_of(document)
    return render_template(
        "publishing/api_docs.html",
        groups=groups,
        schemas=schemas_of(document, groups),
        document_url=url_for("api-docs.openapi_json"),
        version=document["info"]["version"],
    )


def openapi_document() -> Document:
    """The OpenAPI document of this application, the one that /api/v1/openapi.json serves."""
    document: Document = current_app.extensions["flask-smorest"]["apis"][""]["ext_obj"].spec.to_dict()
    return document


def groups_of(document: Document) -> list[GroupDoc]:
    """The operations by tag, in the order of the tags; within one by address and method."""
    told = {tag["name"]: tag.get("description") or tag["name"] for tag in document.get("tags", [])}
    found: dict[str, list[OperationDoc]] = {}
    for path, item in sorted(document.get("paths", {}).items()):
        for method in (one for one in METHODS if one in item):
            operation = item[method]
            tag = next(iter(operation.get("tags", [])), "")
            shared = item.get("parameters", [])
            found.setdefault(tag, []).append(_operation(document, method, path, operation, shared))
    order = [*told, *(tag for tag in found if tag not in told)]
    return [GroupDoc(_(told.get(tag, tag)), tuple(found[tag])) for tag in order if tag in found]


def schemas_of(document: Document, groups: list[GroupDoc]) -> list[SchemaDoc]:
    """The schemas that the operations use, directly or through another schema, by name."""
    known = document.get("components", {}).get("schemas", {})
    asked = {answer.schema for group in groups for one in group.operations for answer in one.answers}
    asked |= {one.body for group in groups for one in group.operations}
    waiting = [name for name in asked if name is not None]
    found: dict[str, SchemaDoc] = {}
    while waiting:
        name = waiting.pop()
        if name in found or name not in known:
            continue
        found[name] = SchemaDoc(name, _fields(known[name]))
        waiting += [one.schema for one in found[name].fields if one.schema is not None]
    return [found[name] for name in sorted(found)]


def kind_of(schema: Document) -> tuple[str, str | None]:
    """A schema's type in words of OpenAPI ("string, date-time", "array of Phase") and the named schema in it."""
    if "$ref" in schema:
        name = str(schema["$ref"]).rpartition("/")[2]
        return name, name
    for many in ("anyOf", "oneOf", "allOf"):
        if many in schema:
            kinds = [kind_of(one) for one in schema[many]]
            return " | ".join(kind for kind, _name in kinds), next((name for _k, name in kinds if name), None)
    if schema.get("type") == "array":
        kind, target = kind_of(schema.get("items", {}))
        return f"array of {kind}", target
    if isinstance(schema.get("additionalProperties"), Mapping) and schema["additionalProperties"]:
        kind, target = kind_of(schema["additionalProperties"])
        return f"map of {kind}", target
    return _plain(schema), None


def _plain(schema: Document) -> str:
    given = schema.get("type", "any")
    kind = " | ".join(given) if isinstance(given, list) else str(given)
    return f"{kind}, {schema['format']}" if "format" in schema else kind


def _fields(schema: Document) -> tuple[FieldDoc, ...]:
    required = set(schema.get("required", []))
    made = []
    for name, one in schema.get("properties", {}).items():
        kind, target = kind_of(one)
        made.append(FieldDoc(name, kind, target, name in required, _about(one)))
    return tuple(made)


def _about(schema: Document) -> str:
    values = [str(one) for one in schema.get("enum", []) if one is not None]
    return " ".join(part for part in (_said(schema), ", ".join(values)) if part)


def _said(part: Document) -> str:
    """What a part of the document says of itself, in the reader's language."""
    words = str(part.get("description", ""))
    return str(_(words)) if words else ""


def _operation(
    document: Document, method: str, path: str, operation: Document, shared: list[Any]
) -> OperationDoc:
    parameters = [_resolved(document, one) for one in (*shared, *operation.get("parameters", []))]
    body, body_kind = _content(_resolved(document, operation.get("requestBody", {})))
    answers = sorted(operation.get("responses", {}).items())
    return OperationDoc(
        anchor=f"{method}-{path.strip('/').translate(str.maketrans('/{}', '---')).rstrip('-')}",
        method=method.upper(),
        path=path,
        summary=operation.get("summary", ""),
        about=operation.get("description", ""),
        parameters=tuple(_parameter(one) for one in parameters),
        body=body,
        body_kind=body_kind,
        answers=tuple(_answer(str(status), _resolved(document, one)) for status, one in answers),
    )


def _parameter(parameter: Document) -> FieldDoc:
    kind, target = kind_of(parameter.get("schema", {}))
    about = _said(parameter) or _about(parameter.get("schema", {}))
    return FieldDoc(parameter["name"], kind, target, bool(parameter.get("required")), about, parameter["in"])


def _answer(status: str, response: Document) -> AnswerDoc:
    schema, kind = _content(response)
    about = _said(response)
    if not about and status.isdigit():
        about = HTTPStatus(int(status)).phrase
    return AnswerDoc(status, about, kind, schema)


def _content(holder: Document) -> tuple[str | None, str]:
    """The named schema and the type in words of what a body or an answer holds; (None, "") for nothing."""
    for content in holder.get("content", {}).values():
        kind, target = kind_of(content.get("schema", {}))
        return target, kind
    return None, ""


def _resolved(document: Document, part: Document) -> Document:
    """`part`, or what it refers to."""
    if "$ref" not in part:
        return part
    found: Any = document
    for step in str(part["$ref"]).removeprefix("#/").split("/"):
        found = found[step]
    resolved: Document = found
    return resolved
