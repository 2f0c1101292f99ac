"""Who is taken into a life-long programme by itself: by age, sex, condition and department."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document

from hospital_followup.engine.programme_rules import ANCHORS_OF_RULES, OLDEST
from hospital_followup.exceptions import InvalidValueError
from hospital_followup.services.typed_text import read_ages, require_one_of


class ProgrammeRule(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from hospital_followup.hospital_followup.doctype.care_pathway_department.care_pathway_department import (
			CarePathwayDepartment,
		)
		from hospital_followup.hospital_followup.doctype.programme_rule_condition.programme_rule_condition import (
			ProgrammeRuleCondition,
		)

		age_from: DF.Data | None
		age_to: DF.Data | None
		conditions: DF.Table[ProgrammeRuleCondition]
		departments: DF.TableMultiSelect[CarePathwayDepartment]
		enabled: DF.Check
		last_enrolled: DF.Int
		last_looked_at: DF.Int
		last_run_on: DF.Datetime | None
		look_again: DF.SmallText | None
		looked_until: DF.Datetime | None
		looked_with: DF.Data | None
		nightly: DF.Check
		on_visit: DF.Check
		pathway: DF.Link
		sex: DF.Literal["", "Male", "Female"]
		source_note: DF.SmallText | None
		title: DF.Data
		visits_again: DF.SmallText | None
		visits_until: DF.Datetime | None
	# end: auto-generated types

	def validate(self) -> None:
		self.validate_ages()
		for row in self.conditions:
			require_one_of(row, "code", "title")
		self.validate_pathway()
		self.validate_occasion()

	def validate_ages(self) -> None:
		if any(age is not None and not 0 <= age <= OLDEST for age in read_ages(self)):
			frappe.throw(
				_("An age is a number from 0 to {0}.").format(OLDEST), InvalidValueError, title=_("Age Range")
			)

	def validate_pathway(self) -> None:
		anchor = frappe.db.get_value("Care Pathway", self.pathway, "anchor")
		if anchor not in ANCHORS_OF_RULES:
			frappe.throw(
				_(
					"{0} counts from: {1}. Nobody can be enrolled in it by rule, because a person must enter that day. "
					"Choose a pathway that counts from {2}."
				).format(
					frappe.bold(self.pathway), _(anchor), " / ".join(_(name) for name in ANCHORS_OF_RULES)
				),
				InvalidValueError,
				title=_("Pathway"),
			)

	def validate_occasion(self) -> None:
		if self.enabled and not (self.nightly or self.on_visit):
			frappe.throw(
				_("Choose when the rule enrols patients: {0} or {1}.").format(
					_(self.meta.get_label("nightly")), _(self.meta.get_label("on_visit"))
				),
				InvalidValueError,
				title=_("Occasion Missing"),
			)
