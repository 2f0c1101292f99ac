"""What a desk that keeps complaints is told, and what it has to offer.

A hospital's own app names its desk in the hook `followup_complaints`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, runtime_checkable


@dataclass(frozen=True, slots=True)
class Complaint:
	"""One complaint. No diagnosis and no telephone number go along: whoever looks into it asks the follow-up's own record."""

	reference: str
	"""Name of the Follow-up Alert."""
	words: str = field(repr=False)
	"""What the patient said or wrote."""
	patient_id: str = field(repr=False)
	patient_name: str = field(repr=False)
	source_doctype: str | None = None
	source_name: str | None = None
	"""The patient's document in another app."""
	department: str | None = None
	company: str | None = None
	raised_on: datetime | None = None


@runtime_checkable
class ComplaintDesk(Protocol):
	"""Where another app keeps complaints."""

	doctype: str

	def available(self) -> bool:
		"""Whether the site keeps complaints there."""
		...

	def open(self, complaint: Complaint) -> str:
		"""Open a record of the complaint in the running transaction; its name. Raises the other app's error when refused."""
		...
