from __future__ import annotations

import frappe
from frappe import _
from frappe.utils import today

from hospital_followup.exceptions import InvalidValueError
from hospital_followup.services.typed_text import read_number, require_one_of
from hospital_followup.services.versions import VersionedDocument


class CarePathway(VersionedDocument):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from hospital_followup.hospital_followup.doctype.care_pathway_department.care_pathway_department import (
			CarePathwayDepartment,
		)
		from hospital_followup.hospital_followup.doctype.care_pathway_diagnosis.care_pathway_diagnosis import (
			CarePathwayDiagnosis,
		)
		from hospital_followup.hospital_followup.doctype.care_pathway_procedure.care_pathway_procedure import (
			CarePathwayProcedure,
		)
		from hospital_followup.hospital_followup.doctype.care_pathway_step.care_pathway_step import (
			CarePathwayStep,
		)

		age_from: DF.Data | None
		age_to: DF.Data | None
		anchor: DF.Literal["Discharge", "Surgery", "Enrolment", "Expected Delivery", "Birth"]
		departments: DF.TableMultiSelect[CarePathwayDepartment]
		description: DF.SmallText | None
		diagnoses: DF.Table[CarePathwayDiagnosis]
		procedures: DF.Table[CarePathwayProcedure]
		review_by: DF.Date | None
		sex: DF.Literal["", "Male", "Female"]
		sign_off: DF.Link | None
		sign_off_note: DF.SmallText | None
		signed_off_on: DF.Date | None
		source_note: DF.SmallText | None
		status: DF.Literal["Draft", "Approved", "Retired"]
		steps: DF.Table[CarePathwayStep]
		title: DF.Data
		version: DF.Int
	# end: auto-generated types

	def validate(self) -> None:
		super().validate()
		self.validate_ages()
		self.validate_applicability()
		for step in self.steps:
			step.check(self.anchor)
		self.identify_steps()
		self.require_sign_off()

	def validate_ages(self) -> None:
		youngest, oldest = (read_number(self, field, whole=True) for field in ("age_from", "age_to"))
		if youngest is not None and oldest is not None and youngest > oldest:
			frappe.throw(
				_("Age from {0} to {1} fits nobody. Exchange the two ages.").format(
					self.age_from, self.age_to
				),
				InvalidValueError,
				title=_("Age Range"),
			)

	def validate_applicability(self) -> None:
		for row in (*self.diagnoses, *self.procedures):
			require_one_of(row, "code", "title")

	def identify_steps(self) -> None:
		"""A step keeps its id through all versions; a row copied inside the table becomes a step of its own."""
		seen: set[str] = set()
		for step in self.steps:
			if not step.step_id or step.step_id in seen:
				step.step_id = frappe.generate_hash(length=10)
			seen.add(step.step_id)

	def require_sign_off(self) -> None:
		if self.status != "Approved":
			return
		if not self.sign_off:
			frappe.throw(
				_("{0} cannot be approved before a doctor has signed it off. Fill in {1}.").format(
					frappe.bold(self.name or self.title), _("Signed Off By")
				),
				InvalidValueError,
				title=_("Sign-off Missing"),
			)
		self.signed_off_on = self.signed_off_on or today()
