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
		company: DF.Data | None
		completed: DF.Int
		completed_in_window: DF.Int
		counted_at: DF.Datetime | None
		date: DF.Date
		department: DF.Link | None
		detractors: DF.Int
		discharges: DF.Int
		discharges_covered: DF.Int
		informed: DF.Int
		key: DF.Data | None
		missed: DF.Int
		open_tasks: DF.Int
		planned: DF.Int
		promoters: DF.Int
		readmissions: DF.Int
		recommend_count: DF.Int
		revisits_attended: DF.Int
		revisits_due: DF.Int
		risk_tier: DF.Literal["", "High", "Medium", "Low"]
		satisfaction_count: DF.Int
		satisfaction_good: DF.Int
		satisfaction_sum: DF.Int
		skipped: DF.Int
		staff: DF.Link | None
		tasks_attempted: DF.Int
		tasks_reached: DF.Int
	# end: auto-generated types
