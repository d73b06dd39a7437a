"""Which rows name which contents of the file store, read from the models: a new table is not forgotten.

A column of the type `ContentDigest` names one content, a document `JsonDoc(names_contents=True)` any number. Beside
them stands a net: what looks like a digest in any other column as long as one is kept too. A content that is kept
without need costs some room; one that is removed in error is lost.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from typing import Any

from sqlalchemy import String, Table, TypeDecorator, cast, or_, select

from core.kernel.db import Base, TenantOwned, session
from core.kernel.types import ContentDigest, JsonDoc

AT_ONCE = 500
FEW = 20
_DIGEST = re.compile(r"\b[0-9a-f]{64}\b")


def named_among(digests: Collection[str]) -> set[str]:
    """Those of `digests` that some row of the bound tenant names. A fixed number of statements for each 500."""
    left, named = set(digests), set()
    for asked in (_in_columns(is_content), _in_documents, _in_columns(looks_like_a_digest)):
        if left:
            found = asked(left)
            named |= found
            left -= found
    return named


def named_by(model: type[Any], condition: Any) -> set[str]:
    """The contents that those rows of `model` name for which `condition` holds. At most two statements."""
    found: set[str] = set()
    for column in _columns_of(model, is_content):
        found |= {one for one in session().scalars(select(column).where(condition)) if one is not None}
    for column in _columns_of(model, is_document):
        for document in session().scalars(select(column).where(condition)):
            found |= digests_in(document)
    return found


def digests_in(document: Any) -> set[str]:
    """Everything in a JSON document that could be the digest of a content."""
    if isinstance(document, str):
        return set(_DIGEST.findall(document))
    if isinstance(document, dict):
        return {one for pair in document.items() for part in pair for one in digests_in(part)}
    if isinstance(document, list):
        return {one for part in document for one in digests_in(part)}
    return set()


def columns(fits: Callable[[Any], bool]) -> Iterator[tuple[type[Any], Any]]:
    """Each tenant-owned model with each attribute whose column's type `fits`."""
    for mapper in Base.registry.mappers:
        if issubclass(mapper.class_, TenantOwned) and isinstance(mapper.local_table, Table):
            yield from ((mapper.class_, attribute) for attribute in _columns_of(mapper.class_, fits))


def is_content(kind: Any) -> bool:
    """Whether a column of this type names a content."""
    return isinstance(kind, ContentDigest)


def is_document(kind: Any) -> bool:
    """Whether a column of this type holds documents that name contents."""
    return isinstance(kind, JsonDoc) and kind.names_contents


def looks_like_a_digest(kind: Any) -> bool:
    """Whether a column of this type is as long as a digest, and does not say that it names a content."""
    return not isinstance(kind, TypeDecorator) and isinstance(kind, String) and kind.length == 64


def _columns_of(model: type[Any], fits: Callable[[Any], bool]) -> Iterator[Any]:
    mapper = model.__mapper__
    for column in mapper.local_table.columns:
        if fits(column.type):
            yield getattr(model, mapper.get_property_by_column(column).key)


def _in_columns(fits: Callable[[Any], bool]) -> Callable[[set[str]], set[str]]:
    def among(wanted: set[str]) -> set[str]:
        found: set[str] = set()
        ordered = sorted(wanted)
        for start in range(0, len(ordered), AT_ONCE):
            batch = ordered[start : start + AT_ONCE]
            for _model, column in columns(fits):
                found |= set(session().scalars(select(column).where(column.in_(batch)).distinct()))
        return found

    return among


def _in_documents(wanted: set[str]) -> set[str]:
    found: set[str] = set()
    for _model, column in columns(is_document):
        ask = select(column)
        if len(wanted) <= FEW:  # more are quicker looked for in what is read than by the database
            ask = ask.where(or_(*(cast(column, String).contains(one) for one in wanted)))
        for document in session().scalars(ask.execution_options(yield_per=AT_ONCE)):
            found |= wanted & digests_in(document)
    return found
