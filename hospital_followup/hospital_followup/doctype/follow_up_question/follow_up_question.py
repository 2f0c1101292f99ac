from __future__ import annotations

import re

import frappe
from frappe import _
from frappe.model.document import Document

from hospital_followup.exceptions import InvalidValueError
from hospital_followup.services.typed_text import read_number

CODE = re.compile(r"[a-z][a-z0-9_]*")


class FollowupQuestion(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		amber_if: DF.Data | None
		answer_type: DF.Literal["Yes/No", "Number", "Scale", "Choice", "Text"]
		choices: DF.SmallText | None
		code: DF.Data
		hint: DF.SmallText | None
		maximum: DF.Data | None
		minimum: DF.Data | None
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		red_if: DF.Data | None
		required: DF.Check
		show_if: DF.Data | None
		text: DF.SmallText
		unit: DF.Data | None
	# end: auto-generated types

	def check(self) -> None:
		self.check_code()
		self.check_range()
		self.check_choices()

	def check_code(self) -> None:
		self.code = (self.code or "").strip().lower()
		if not CODE.fullmatch(self.code):
			self.refuse(
				_(
					"the code may hold small letters, digits and _ and begins with a letter, for example pain_score."
				)
			)

	def check_range(self) -> None:
		if self.answer_type not in ("Number", "Scale"):
			self.unit = self.minimum = self.maximum = None
			return
		lowest, highest = read_number(self, "minimum"), read_number(self, "maximum")
		if self.answer_type == "Scale" and (lowest is None or highest is None):
			self.refuse(_("a scale needs a minimum and a maximum."))
		if lowest is not None and highest is not None and lowest >= highest:
			self.refuse(_("the minimum must be smaller than the maximum."))

	def check_choices(self) -> None:
		if self.answer_type != "Choice":
			self.choices = None
			return
		choices = [line.strip() for line in (self.choices or "").splitlines() if line.strip()]
		if len(choices) < 2 or len(set(choices)) < len(choices):
			self.refuse(_("write at least two different choices, one per line."))
		self.choices = "\n".join(choices)

	def refuse(self, why: str) -> None:
		frappe.throw(
			_("Question {0} ({1}): {2}").format(self.idx, frappe.bold(self.code), why),
			InvalidValueError,
			title=_("Question to Correct"),
		)
