from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint

from hospital_followup.engine.pathway import LONGEST_WINDOW
from hospital_followup.exceptions import InvalidValueError
from hospital_followup.services.typed_text import read_number, read_topics


class CarePathwayStep(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		channel: DF.Literal["", "Phone", "Home Visit", "WeChat", "SMS", "Email", "App Push"]
		note: DF.SmallText | None
		offset: DF.Int
		offset_unit: DF.Literal["Day", "Week", "Month"]
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		questionnaire: DF.Link | None
		repeat_count: DF.Int
		repeat_every: DF.Int
		repeat_unit: DF.Literal["", "Day", "Week", "Month"]
		revisit_after_days: DF.Data | None
		role: DF.Literal["", "Follow-up Specialist", "Follow-up Doctor"]
		script: DF.Link | None
		step_id: DF.Data | None
		title: DF.Data | None
		topics: DF.Data | None
		window_days: DF.Int
	# end: auto-generated types

	def check(self, anchor: str) -> None:
		"""Called by the pathway, which knows what the step is counted from."""
		read_topics(self)
		days = read_number(self, "revisit_after_days", whole=True)
		if days is not None and not 0 <= days <= LONGEST_WINDOW:
			self.refuse(
				_(
					"Step {0}: the revisit is 0 to {1} days after the contact. Enter a number in between."
				).format(self.idx, LONGEST_WINDOW)
			)
		if not self.repeat_every:
			if self.repeat_unit or self.repeat_count:
				self.repeat_unit = self.repeat_count = None
		elif not self.repeat_unit or not self.repeat_count:
			self.refuse(
				_("Step {0} repeats. Enter the unit of the repetition and the number of contacts.").format(
					self.idx
				)
			)
		if cint(self.offset) < 0 and anchor != "Expected Delivery":
			self.refuse(
				_(
					"Step {0} lies before its starting point. Only steps counted from {1} may be negative."
				).format(self.idx, _("Expected Delivery"))
			)

	def refuse(self, why: str) -> None:
		frappe.throw(why, InvalidValueError, title=_("Step to Correct"))
