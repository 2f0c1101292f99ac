from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate

from hospital_followup.exceptions import InvalidPeriodError


class FollowupTrainingParticipant(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		full_name: DF.Data | None
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		passed: DF.Check
		user: DF.Link
		valid_until: DF.Date | None
	# end: auto-generated types

	def check(self, held_on: str) -> None:
		"""A certificate belongs to those who passed and begins with the training."""
		if not self.passed:
			self.valid_until = None
		elif self.valid_until and getdate(self.valid_until) < getdate(held_on):
			frappe.throw(
				_("Row {0}: the certificate ends before the training. Choose a later day.").format(self.idx),
				InvalidPeriodError,
				title=_("Valid Until"),
			)
