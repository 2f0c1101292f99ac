import frappe
from frappe.model.document import Document
from frappe.utils import add_days, today


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

	@staticmethod
	def clear_old_logs(days: int = 90) -> None:
		"""Called by Frappe's Log Settings. A failure that is not resolved is work to do, no old log."""
		run, error = frappe.qb.DocType("Follow-up Run"), frappe.qb.DocType("Follow-up Run Error")
		before = add_days(today(), -days)
		old = (run.started_at < before) & (run.status != "Failed")
		frappe.qb.from_(error).delete().where(
			error.parent.isin(frappe.qb.from_(run).select(run.name).where(old))
		).run()
		frappe.qb.from_(run).delete().where(old).run()


def on_doctype_update() -> None:
	frappe.db.add_index("Follow-up Run", ["job", "started_at"], "followup_run_job_start")
