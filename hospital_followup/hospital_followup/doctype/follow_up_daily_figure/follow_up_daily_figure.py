"""What was counted on one day for one department, person, tier and channel (services/figure_rollup.py)."""

import frappe
from frappe.model.document import Document


class FollowupDailyFigure(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		alerts: DF.Int
		alerts_in_time: DF.Int
		alerts_judged: DF.Int
		alerts_true: DF.Int
		attempts: DF.Int
		attempts_reached: DF.Int
		call_seconds: DF.Int
		cancelled: DF.Int
		channel: DF.Literal["", "Phone", "Home Visit", "WeChat", "SMS", "Email", "App Push"]
		closes_on: DF.Date | None
		company: DF.Data | None
		completed: DF.Int
		completed_in_window: DF.Int
		counted_at: DF.Datetime | None
		date: DF.Date
		department: DF.Link | None
		detractors: DF.Int
		died: DF.Int
		discharges: DF.Int
		discharges_covered: DF.Int
		discharges_planned: DF.Int
		discharges_revisited: DF.Int
		held_out: DF.Int
		informed: DF.Int
		key: DF.Data | None
		missed: DF.Int
		open_attempted: DF.Int
		open_completed: DF.Int
		open_in_window: DF.Int
		open_informed: DF.Int
		open_missed: DF.Int
		open_reached: DF.Int
		open_skipped: DF.Int
		open_tasks: DF.Int
		planned: DF.Int
		promoters: DF.Int
		readmissions: DF.Int
		recommend_count: DF.Int
		revisits_attended: DF.Int
		revisits_due: DF.Int
		revisits_kept: DF.Int
		risk_tier: DF.Literal["", "High", "Medium", "Low"]
		satisfaction_count: DF.Int
		satisfaction_good: DF.Int
		satisfaction_sum: DF.Int
		skipped: DF.Int
		staff: DF.Link | None
		tasks_attempted: DF.Int
		tasks_reached: DF.Int
	# end: auto-generated types


def on_doctype_update() -> None:
	frappe.db.add_index("Follow-up Daily Figure", ["closes_on", "date"], "followup_figure_day")
	frappe.db.add_index("Follow-up Daily Figure", ["staff", "closes_on", "date"], "followup_figure_staff_day")
	frappe.db.add_index(
		"Follow-up Daily Figure", ["department", "closes_on", "date"], "followup_figure_department_day"
	)
