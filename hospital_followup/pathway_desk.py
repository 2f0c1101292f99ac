"""What the form of a Care Pathway asks: its drawing and what the check finds, and a doctor's sign-off."""

from dataclasses import asdict
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document

from hospital_followup.services import pathway_replan, pathway_sign_off, versions
from hospital_followup.services.care_pathways import PATHWAY
from hospital_followup.services.pathway_check import readable, remarks
from hospital_followup.services.pathway_timeline import timeline


@frappe.whitelist(methods=["GET", "POST"])
def draw_pathway(draft: str | dict[str, Any]) -> dict[str, Any]:
	"""A pathway that is being edited: what is drawn, what the check finds, and which version its activation retires."""
	frappe.has_permission(PATHWAY, "read", throw=True)
	doc = readable(frappe.get_doc({**frappe.parse_json(draft), "doctype": PATHWAY}))
	return {
		**timeline(doc),
		"remarks": [asdict(remark) for remark in remarks(doc)],
		"former": versions.former_versions(doc) if doc.title and doc.status != "Approved" else [],
	}


@frappe.whitelist(methods=["POST"])
def sign_off_pathway(pathway: str, seen: str, note: str | None = None) -> None:
	"""The doctor who is signed in answers for the content as it was last changed at `seen`."""
	doc = frappe.get_doc(PATHWAY, pathway)
	doc.check_permission("read")
	pathway_sign_off.sign_off(doc, seen, note)


@frappe.whitelist(methods=["GET", "POST"])
def plans_behind(pathway: str) -> int:
	"""How many running plans follow another version of the pathway than this one."""
	_may_write(pathway)
	return len(pathway_replan.behind(pathway))


@frappe.whitelist(methods=["GET", "POST"])
def preview_replan(pathway: str) -> dict[str, int]:
	"""What taking those plans over to this version would do: counts of plans and contacts."""
	_may_write(pathway)
	return pathway_replan.preview(pathway)


@frappe.whitelist(methods=["POST"])
def replan_running_plans(pathway: str) -> None:
	"""Take those plans over to this version, in the background, with progress. The pathway is the whole site's, and so is this."""
	doc = _may_write(pathway)
	pathway_replan.ask(pathway)
	doc.add_comment("Info", _("Running plans are planned again with this version"))


def _may_write(pathway: str) -> Document:
	doc = frappe.get_doc(PATHWAY, pathway)
	doc.check_permission("write")
	return doc
