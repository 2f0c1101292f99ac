"""What the desk may call about the comparison of groups and the research export. Same rules as in `api`."""

import frappe
from frappe import _

from hospital_followup.services import holdout, research
from hospital_followup.services.retry import with_retry

DISCHARGE = "Patient Discharge"
EXPORT = "Follow-up Research Export"


@frappe.whitelist(methods=["POST"])
def follow_up_after_all(discharge: str) -> None:
	"""Plan a discharge that was held out for comparison."""
	doc = frappe.get_doc(DISCHARGE, discharge)
	doc.check_permission("write")
	with_retry(lambda: holdout.follow_up_after_all(discharge), commit=False)
	doc.add_comment("Info", _("Followed up after all; was held out for comparison"))


@frappe.whitelist(methods=["POST"])
def start_research_export(export: str) -> None:
	"""Queue a research export; the form shows how far it has come."""
	frappe.get_doc(EXPORT, export).check_permission("write")
	research.start(export)


@frappe.whitelist(methods=["POST"])
def stop_research_export(export: str) -> None:
	"""Stop a research export that waits or runs."""
	frappe.get_doc(EXPORT, export).check_permission("write")
	research.stop(export)
