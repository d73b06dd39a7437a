"""What is read on every request and changes seldom, held in the process under the version of its tenant.

Whoever changes such a thing makes the tenant's version grow in the same transaction (`tenancy.scope.touch_public`);
the version is read fresh on each request, so an old value is never served after the change is stored.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, ClassVar, Generic, TypeVar
from uuid import UUID
from weakref import WeakSet

T = TypeVar("T")


class Held(Generic[T]):
    """A bounded store of one value for each (tenant, version); safe between threads. Values must be frozen."""

    _all: ClassVar[WeakSet[Held[Any]]] = WeakSet()

    def __init__(self, most: int = 200) -> None:
        Held._all.add(self)
        self._values: OrderedDict[tuple[UUID, Hashable], T] = OrderedDict()
        self._lock = Lock()
        self._most = most

    @classmethod
    def forget_all(cls) -> None:
        """Forget everything that any store holds: another database is about to be read under the same ids."""
        for store in cls._all:
            with store._lock:
                store._values.clear()

    def get(self, tenant_id: UUID, version: Hashable, make: Callable[[], T]) -> T:
        """The value for this version of the tenant, made by `make` the first time.

        A version is what was read fresh and says that nothing has changed: the tenant's number, or something narrower.
        """
        key = (tenant_id, version)
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                return self._values[key]
        value = make()
        with self._lock:
            self._values[key] = value
            while len(self._values) > self._most:
                self._values.popitem(last=False)
        return value
