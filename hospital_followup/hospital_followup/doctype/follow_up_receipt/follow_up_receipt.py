import frappe
from frappe.model.document import Document
from frappe.utils import add_days, today


class FollowupReceipt(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		code: DF.Data | None
		dead_number: DF.Check
		key: DF.Data | None
		kind: DF.Literal["Delivery", "Reply"]
		message: DF.Link | None
		opted_out: DF.Check
		provider: DF.Data
		provider_id: DF.Data | None
		reference: DF.Data | None
		reported_at: DF.Datetime
		state: DF.Literal["Delivered", "Failed", "Text", "Stop", "Subscribed", "Unsubscribed"]
		status: DF.Literal["Waiting", "Applied", "Unknown"]
	# end: auto-generated types

	@staticmethod
	def clear_old_logs(days: int = 180) -> None:
		"""Called by Frappe's Log Settings. What still waits for its message is work to do, no old log."""
		receipt = frappe.qb.DocType("Follow-up Receipt")
		old = (receipt.creation < add_days(today(), -days)) & (receipt.status != "Waiting")
		frappe.qb.from_(receipt).delete().where(old).run()


def on_doctype_update() -> None:
	# The dispatcher's question: what waits for its message, the oldest first.
	frappe.db.add_index("Follow-up Receipt", ["status", "creation"], "followup_receipt_waiting")
