import frappe
from frappe.model.document import Document

from hospital_followup.services import handout, plans, reactions


class FollowupPlan(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from hospital_followup.hospital_followup.doctype.follow_up_plan_pathway.follow_up_plan_pathway import (
			FollowupPlanPathway,
		)
		from hospital_followup.hospital_followup.doctype.follow_up_plan_reaction.follow_up_plan_reaction import (
			FollowupPlanReaction,
		)

		advised: DF.Check
		anchor_date: DF.Date | None
		company: DF.Data | None
		completed_contacts: DF.Int
		department: DF.Link | None
		discharge: DF.Link | None
		end_date: DF.Date | None
		enrolment: DF.Link | None
		key: DF.Data | None
		pathways: DF.Table[FollowupPlanPathway]
		pathways_chosen: DF.Check
		patient: DF.Link
		patient_name: DF.Data | None
		pause_reason: DF.SmallText | None
		paused_on: DF.Datetime | None
		planned_contacts: DF.Int
		policy: DF.Link | None
		policy_version: DF.Int
		purpose: DF.Literal["Discharge", "Programme"]
		reactions: DF.Table[FollowupPlanReaction]
		risk_tier: DF.Literal["", "High", "Medium", "Low"]
		start_date: DF.Date | None
		status: DF.Literal["Draft", "Active", "Paused", "Completed", "Stopped"]
		status_before_stop: DF.Data | None
		stop_reason: DF.SmallText | None
		stopped_by: DF.Link | None
		stopped_on: DF.Datetime | None
		tier: DF.Link | None
		workflow_state: DF.Link | None
	# end: auto-generated types

	def validate(self) -> None:
		plans.on_plan_validate(self)
		reactions.keep_rows(self)

	def on_update(self) -> None:
		plans.on_plan_saved(self)

	def handout(self) -> dict:
		"""What the hand-out for the patient says; read by its print format."""
		return handout.handout(self)


def on_doctype_update() -> None:
	# The dispatcher's question: plans that began lately.
	frappe.db.add_index("Follow-up Plan", ["status", "start_date"], "followup_plan_begun")
