"""How many statements a piece of code sends to the database."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import frappe


def count_queries(work: Callable[[], Any]) -> int:
	"""The SQL statements of `work`, run a second time with caches warm: what a caller in the middle of the day pays."""
	work()
	sent: list[str] = []
	original = frappe.db.sql

	def counting(query: Any, *args: Any, **kwargs: Any) -> Any:
		sent.append(str(query))
		return original(query, *args, **kwargs)

	frappe.db.sql = counting
	try:
		work()
	finally:
		frappe.db.sql = original
	return len(sent)
