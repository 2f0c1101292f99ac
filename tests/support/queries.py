"""Which statements a piece of code sends to the database."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import frappe

LOCKED = re.compile(r"FROM [`\"]tab([^`\"]+)[`\"].* FOR UPDATE", re.DOTALL)


def count_queries(work: Callable[[], Any]) -> int:
	"""The SQL statements of `work`, run a second time with caches warm: what a caller in the middle of the day pays."""
	work()
	return len(_sent(work))


def locked(work: Callable[[], Any]) -> list[tuple[str, str]]:
	"""The doctypes from which `work` reads with a lock, in order, each with the statement and its values."""
	return [(found.group(1), query) for query in _sent(work) if (found := LOCKED.search(query))]


def _sent(work: Callable[[], Any]) -> list[str]:
	sent: list[str] = []
	original = frappe.db.sql

	def counting(query: Any, *args: Any, **kwargs: Any) -> Any:
		sent.append(f"{query} {args}")
		return original(query, *args, **kwargs)

	frappe.db.sql = counting
	try:
		work()
	finally:
		frappe.db.sql = original
	return sent
