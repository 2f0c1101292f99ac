from __future__ import annotations

from typing import ClassVar

import frappe
from frappe import _

from hospital_followup.exceptions import InvalidValueError
from hospital_followup.services import programme_graduation, simulation_gate
from hospital_followup.services.approval import require_review_date, stamp_approval
from hospital_followup.services.pathway_check import refuse_impossible
from hospital_followup.services.pathway_sign_off import SIGNATURE, keep_signature_true, require_signature
from hospital_followup.services.typed_text import read_ages, require_one_of
from hospital_followup.services.versions import LIFE_FIELDS, VersionedDocument, retire_former


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
		from hospital_followup.hospital_followup.doctype.care_pathway_reaction.care_pathway_reaction import (
			CarePathwayReaction,
		)
		from hospital_followup.hospital_followup.doctype.care_pathway_step.care_pathway_step import (
			CarePathwayStep,
		)

		age_from: DF.Data | None
		age_to: DF.Data | None
		anchor: DF.Literal["Discharge", "Surgery", "Enrolment", "Expected Delivery", "Birth"]
		approved_by: DF.Link | None
		approved_on: DF.Datetime | None
		departments: DF.TableMultiSelect[CarePathwayDepartment]
		description: DF.SmallText | None
		diagnoses: DF.Table[CarePathwayDiagnosis]
		next_pathway: DF.Link | None
		procedures: DF.Table[CarePathwayProcedure]
		reactions: DF.Table[CarePathwayReaction]
		replan_asked_on: DF.Datetime | None
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

	life_fields: ClassVar[frozenset[str]] = (
		LIFE_FIELDS | SIGNATURE | {"approved_by", "approved_on", "replan_asked_on", "next_pathway"}
	)

	def validate(self) -> None:
		super().validate()
		read_ages(self)
		self.validate_applicability()
		programme_graduation.check_next(self)
		for step in self.steps:
			step.check(self.anchor)
		self.identify_steps()
		for reaction in self.reactions:
			reaction.check(self.steps)
		keep_signature_true(self)
		self.check_approval()
		stamp_approval(self)

	def on_update(self) -> None:
		retire_former(self)

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

	def check_approval(self) -> None:
		"""A draft may be unfinished; nothing that cannot be followed, and nothing unsigned, comes into use."""
		require_signature(self)
		require_review_date(self)
		if self.status == "Approved" and self.has_value_changed("status"):
			refuse_impossible(self)
			simulation_gate.check_pathway(self)
