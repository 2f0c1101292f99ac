from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, cstr

from hospital_followup.engine.conditions import ConditionError, parse
from hospital_followup.engine.reactions import LONGEST_WAIT, MOST_IN_A_ROW, SOONER
from hospital_followup.exceptions import InvalidValueError
from hospital_followup.services.questionnaire_check import unreadable


class CarePathwayReaction(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		condition: DF.SmallText
		effect: DF.Literal["Sooner", "End Pathway"]
		in_a_row: DF.Int
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		reason: DF.Data
		step: DF.Autocomplete | None
		within_days: DF.Int
	# end: auto-generated types

	def check(self, steps: Sequence[Any]) -> None:
		"""Called by the pathway, whose steps a reaction may name."""
		self.condition, self.step = cstr(self.condition).strip(), cstr(self.step).strip() or None
		self.in_a_row = cint(self.in_a_row) or 1
		self.check_condition()
		self.check_step(steps)
		if self.in_a_row > MOST_IN_A_ROW:
			self.refuse(_("at most {0} contacts in a row can be asked for.").format(MOST_IN_A_ROW))
		if self.effect != SOONER:
			self.within_days = None
		elif not 1 <= cint(self.within_days) <= LONGEST_WAIT:
			self.refuse(
				_("enter within how many days the next contact is to be made, 1 to {0}.").format(LONGEST_WAIT)
			)

	def check_condition(self) -> None:
		try:
			parse(self.condition, own=None)
		except ConditionError as error:
			self.refuse(unreadable(self.condition, error))

	def check_step(self, steps: Sequence[Any]) -> None:
		titles = [step.title for step in steps if step.title]
		if self.step and self.step not in titles:
			self.refuse(
				_("no contact of the pathway is called {0}. Choose from: {1}.").format(
					frappe.bold(frappe.utils.escape_html(self.step)),
					frappe.utils.escape_html(", ".join(titles)) or "–",
				)
			)

	def refuse(self, why: str) -> None:
		frappe.throw(
			_("Reaction {0}: {1}").format(self.idx, why), InvalidValueError, title=_("Reaction to Correct")
		)
