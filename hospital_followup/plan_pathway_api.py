"""What the form of a Follow-up Plan asks about its pathways: adding one, ending one, each shown before it is done."""

from datetime import date
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import escape_html, formatdate

from hospital_followup.exceptions import InvalidValueError
from hospital_followup.services import plan_pathways
from hospital_followup.services.retry import with_retry

PLAN = "Follow-up Plan"


@frappe.whitelist(methods=["GET", "POST"])
def pathways_of_plan(plan: str) -> dict[str, Any]:
	"""What a plan follows, what has ended in it, and what could be added."""
	_allowed(plan)
	return plan_pathways.pathways_of(plan)


@frappe.whitelist(methods=["GET", "POST"])
def preview_pathway_addition(
	plan: str, pathway: str, anchor_date: str | date | None = None
) -> dict[str, Any]:
	"""What adding a pathway would change, and the day that it would count from."""
	_allowed(plan)
	return plan_pathways.preview_add(plan, pathway, anchor_date)


@frappe.whitelist(methods=["POST"])
def add_pathway(plan: str, pathway: str, anchor_date: str | date | None = None) -> str:
	"""Have a plan follow a pathway, counting from `anchor_date` or from what the pathway says; its title."""
	doc = _allowed(plan)
	title = with_retry(lambda: plan_pathways.add_pathway(plan, pathway, anchor_date), commit=False)
	day = frappe.db.get_value(plan_pathways.PLAN_PATHWAY, {"parent": plan, "pathway": pathway}, "anchor_date")
	said = _("Pathway added: {0}, counted from {1}").format(escape_html(title), formatdate(day))
	doc.add_comment("Info", said)
	return title


@frappe.whitelist(methods=["GET", "POST"])
def preview_pathway_end(plan: str, title: str) -> dict[str, Any]:
	"""What ending a pathway would change."""
	_allowed(plan)
	return plan_pathways.preview_end(plan, title)


@frappe.whitelist(methods=["POST"])
def end_pathway(plan: str, title: str, reason: str) -> None:
	"""Have a plan follow a pathway no more, for a stated reason."""
	doc = _allowed(plan)
	if not (reason := reason.strip()):
		frappe.throw(_("Give the reason in a few words."), InvalidValueError, title=_("Reason missing"))
	if with_retry(lambda: plan_pathways.end_pathway(plan, title, reason), commit=False):
		said = _("Pathway ended: {0}. {1}").format(escape_html(title), escape_html(reason))
		doc.add_comment("Info", said)


@frappe.whitelist(methods=["POST"])
def take_back_pathway(plan: str, title: str) -> None:
	"""Undo what was decided last about a pathway of a plan."""
	doc = _allowed(plan)
	with_retry(lambda: plan_pathways.take_back(plan, title), commit=False)
	doc.add_comment(
		"Info", _("Taken back, what was changed about the pathway {0}").format(escape_html(title))
	)


def _allowed(plan: str) -> Document:
	doc = frappe.get_doc(PLAN, plan)
	doc.check_permission("write")
	return doc
