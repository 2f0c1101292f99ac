"""Every test starts with the same Redis: warm with what no rolled back test can change, empty of the rest."""

from __future__ import annotations

from tests.stack.stack import Stack

# What a doctype's meta is made of. A test that touched none of these read metas that hold for all.
META_SOURCES = ("DocType", "DocField", "Custom Field", "Property Setter", "DocPerm", "Custom DocPerm")
METAS = "*|doctype_meta*"


class WarmCache:
	def __init__(self, stack: Stack) -> None:
		import redis

		self._cache = redis.from_url(stack.redis.url(0))
		self._queue = redis.from_url(stack.redis.url(1))
		self._kept: dict[bytes, bytes] = {}
		self._sources: tuple[object, ...] = ()
		self._size = 0

	def clear(self) -> None:
		"""Forget everything: what an earlier run of a kept stack left may be stale."""
		self._cache.flushdb()
		self._queue.flushdb()

	def take(self) -> None:
		"""Keep the cache as it is now, with a site freshly opened."""
		self._keep(list(self._cache.scan_iter(count=1000)))
		self._sources = _meta_sources()
		self._size = self._metas_loaded()

	def adopt_metas(self) -> None:
		"""Keep the metas that the running test loaded, unless it may have changed them.

		Call it inside of the test's transaction.
		"""
		import frappe

		if not getattr(frappe.local, "db", None):
			return
		if self._metas_loaded() != self._size and _meta_sources() == self._sources:
			self._keep(list(self._cache.scan_iter(METAS, count=1000)))
			self._size = self._metas_loaded()

	def restore(self) -> None:
		self._queue.flushdb()
		with self._cache.pipeline(transaction=True) as pipe:
			pipe.flushdb()
			for key, value in self._kept.items():
				pipe.restore(key, 0, value)
			pipe.execute()

	def _keep(self, keys: list[bytes]) -> None:
		with self._cache.pipeline(transaction=False) as pipe:
			for key in keys:
				pipe.dump(key)
			dumps = pipe.execute()
		self._kept.update((key, value) for key, value in zip(keys, dumps, strict=True) if value)

	def _metas_loaded(self) -> int:
		"""Frappe 15 keeps all metas in one hash, Frappe 16 one key each."""
		keys = list(self._cache.scan_iter(METAS, count=1000))
		return sum(self._cache.hlen(key) if self._cache.type(key) == b"hash" else 1 for key in keys)


def _meta_sources() -> tuple[object, ...]:
	import frappe
	from frappe.query_builder.functions import Count, Max

	found = []
	for doctype in META_SOURCES:
		table = frappe.qb.DocType(doctype)
		found.append(frappe.qb.from_(table).select(Count("*"), Max(table.modified)).run())
	return tuple(found)
