"""What the printed plan for the patient says: dates, channels, what we ask, the revisit, advice, and whom to call.

Never a tier, never a diagnosis: the sheet lies on kitchen tables. The advice is the hospital's own text, in the
patient's language.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import frappe
from frappe import _
from frappe.utils import formatdate, getdate, today

from hospital_followup.engine.names import TOPICS
from hospital_followup.services.call_context import context_of
from hospital_followup.services.content import choose_content
from hospital_followup.services.facts import split
from hospital_followup.services.overview import OPEN_TASKS, contacts_of

if TYPE_CHECKING:
	from hospital_followup.hospital_followup.doctype.follow_up_plan.follow_up_plan import FollowupPlan

REVISIT = "Follow-up Revisit"
TASK = "Follow-up Task"
#: Pieces of advice on one sheet: two pages are read, four are not.
ADVICE = 3


def handout(plan: FollowupPlan) -> frappe._dict[str, Any]:
	"""The content of the hand-out in the language of the print, for the print format's template."""
	discharge = _discharge(plan)
	contacts = contacts_of(plan=plan.name, status=("in", OPEN_TASKS))
	settings = frappe.get_cached_doc("Follow-up Settings")
	department = plan.department and frappe.get_cached_doc("Follow-up Department", plan.department)
	return frappe._dict(
		advice=_advice(contacts),
		hospital=settings.hospital_name or plan.company or "",
		patient_name=plan.patient_name,
		patient_id=frappe.get_cached_value("Follow-up Patient", plan.patient, "patient_id"),
		department=department.department_name if department else "",
		discharged=long_date(discharge.discharge_date),
		caregiver=any(row.contact_point == "Caregiver" for row in contacts),
		contacts=[contact_words(row) for row in contacts],
		asks=_asks(contacts),
		instructions=discharge.instructions,
		revisit=revisit_words(plan.name, discharge),
		phone=(department and department.contact_phone) or settings.hospital_phone,
		emergency=settings.emergency_number,
		printed=long_date(today()),
	)


def long_date(day: Any) -> str:
	"""A date with its weekday, as the language of the print writes it; empty for no date."""
	return formatdate(day, "full") if day else ""


def _discharge(plan: FollowupPlan) -> frappe._dict:
	"""The stay, without what this person may not read."""
	if not plan.discharge:
		return frappe._dict()
	doc = frappe.get_doc("Patient Discharge", plan.discharge)
	doc.apply_fieldlevel_read_permissions()
	return frappe._dict(doc.as_dict())


def contact_words(row: frappe._dict) -> frappe._dict:
	"""When, how and by whom a patient is contacted, as the patient reads it."""
	day = max(getdate(row.due_date), getdate(today())) if row.status != "Scheduled" else row.due_date
	last = row.expires_on if row.expires_on and getdate(row.expires_on) > getdate(day) else None
	return frappe._dict(
		day=long_date(day),
		until=long_date(last),
		how=_how(row.channel),
		who=_who(row.role),
	)


def _how(channel: str) -> str:
	return {
		"Phone": _("We call you"),
		"Home Visit": _("We visit you at home"),
		"WeChat": _("We write on WeChat"),
		"SMS": _("We send a text message"),
		"Email": _("We send an email"),
		"App Push": _("We write in the app"),
	}.get(channel, _(channel))


def _who(role: str) -> str:
	return {
		"Follow-up Doctor": _("your follow-up doctor"),
		"Follow-up Supervisor": _("the head of the follow-up team"),
	}.get(role, _("your follow-up nurse"))


def _asks(contacts: list[frappe._dict]) -> list[str]:
	"""What all the contacts together are about, in the order of the topics."""
	topics = {topic for row in contacts for topic in split(row.topics)}
	words = {
		"Condition": _("How you feel, and whether anything worries you"),
		"Guidance": _("How medicines, meals and exercise are going"),
		"Revisit": _("When you come back to us, and what to bring"),
		"Care": _("How you and your family are coping"),
	}
	return [words[topic] for topic in TOPICS if topic in topics]


def _advice(contacts: list[frappe._dict]) -> list[dict[str, Any]]:
	"""The most fitting advice from the library, in the language that the patient reads."""
	if not contacts:
		return []
	context = context_of(frappe.db.get_value(TASK, contacts[0].name, "*", as_dict=True))
	fitting = [row for row in choose_content(context) if not row["other_language"]]
	return fitting[:ADVICE]


def revisit_words(plan: str | None, discharge: frappe._dict) -> frappe._dict | None:
	"""The revisit to come: its long date and preparation; the date of the discharge while nothing is booked."""
	rows = (
		frappe.get_list(
			REVISIT,
			filters={"plan": plan, "status": ("in", ("Expected", "Booked"))},
			fields=["expected_on", "preparation"],
			order_by="expected_on, name",
			limit=1,
		)
		if plan and frappe.has_permission(REVISIT, "read")
		else []
	)
	if rows:
		return frappe._dict(day=long_date(rows[0].expected_on), preparation=rows[0].preparation)
	if discharge.revisit_date:
		return frappe._dict(day=long_date(discharge.revisit_date), preparation=None)
	return None
