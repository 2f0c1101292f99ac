"""What the desk may call about the comparison of groups and the research export. Same rules as in `api`."""

import frappe
from frappe import _

from hospital_followup.services import holdout
from hospital_followup.services.retry import with_retry

DISCHARGE = "Patient Discharge"


@frappe.whitelist(methods=["POST"])
def follow_up_after_all(discharge: str) -> None:
	"""Plan a discharge that was held out for comparison."""
	doc = frappe.get_doc(DISCHARGE, discharge)
	doc.check_permission("write")
	with_retry(lambda: holdout.follow_up_after_all(discharge), commit=False)
	doc.add_comment("Info", _("Followed up after all; was held out for comparison"))
