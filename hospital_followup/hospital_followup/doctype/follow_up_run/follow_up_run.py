import frappe
from frappe.model.document import Document


class FollowupRun(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from hospital_followup.hospital_followup.doctype.follow_up_run_error.follow_up_run_error import (
			FollowupRunError,
		)

		done: DF.Int
		ended_at: DF.Datetime | None
		errors: DF.Table[FollowupRunError]
		failed: DF.Int
		job: DF.Data
		skipped: DF.Int
		started_at: DF.Datetime
		status: DF.Literal["Running", "Finished", "Failed", "Stopped"]
		total: DF.Int
	# end: auto-generated types


def on_doctype_update() -> None:
	frappe.db.add_index("Follow-up Run", ["job", "started_at"], "followup_run_job_start")
