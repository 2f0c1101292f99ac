"""One line of the health page: how something stands, what it means, and the plain fix beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import frappe
from frappe import _

from hospital_followup.services.failures import code_of

OK, WARN, BAD = "ok", "warn", "bad"
#: The worst first.
LEVELS = (BAD, WARN, OK)
#: Rows are looked at up to here and never counted: a million of them must not make the page slow.
AT_MOST = 100


@dataclass(frozen=True, slots=True)
class Check:
	"""`sentence` says how it stands, `fix` what to do; `route` and `options` lead there in the desk.

	Never a patient's name, number or text: the page is for whoever runs the server.
	"""

	code: str
	level: str
	sentence: str
	fix: str = ""
	route: tuple[str, ...] = ()
	options: dict[str, Any] = field(default_factory=dict)


def guarded(code: str, look: Callable[[], Sequence[Check]]) -> list[Check]:
	"""The checks of `look`; when it fails itself, that is what the page says: no line may take the others away."""
	try:
		return list(look())
	except Exception as error:
		sentence = _("This could not be looked at ({0}).").format(code_of(error))
		return [Check(code, BAD, sentence, _("Ask whoever runs the server to look into its error log."))]


def some(doctype: str, filters: dict[str, Any]) -> int:
	"""How many rows match, at most one more than AT_MOST. The filters must be those of an index.

	Without an order: a list's own, newest first, would go through the whole table where hardly any row matches.
	"""
	query = frappe.qb.get_query(doctype, fields=["name"], filters=filters, limit=AT_MOST + 1)
	return len(query.run())


def counted(number: int) -> str:
	"""The number as people read it: "7", or "more than 100"."""
	return _("more than {0}").format(AT_MOST) if number > AT_MOST else str(number)
