"""Complaints: every one is an alert of ours for the supervisor, and handed to the desk where the site keeps complaints."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import frappe
from frappe import _

from hospital_followup.engine.complaints import Complaint
from hospital_followup.engine.names import SUPERVISOR
from hospital_followup.exceptions import AlertError
from hospital_followup.services import alert_course, alerts
from hospital_followup.services.alert_actions import remark
from hospital_followup.services.alerts import ALERT
from hospital_followup.services.failures import code_of
from hospital_followup.services.retry import has_lost_transaction, is_conflict
from hospital_followup.services.writer import NAMES_PER_STATEMENT, chunks, set_values
from hospital_followup.sources.base import exists
from hospital_followup.sources.registry import complaint_desks

if TYPE_CHECKING:
	from hospital_followup.hospital_followup.doctype.follow_up_survey.follow_up_survey import FollowupSurvey

PATIENT = "Follow-up Patient"
#: As much as a person writes; a desk gets all of it.
LONGEST = 2_000


def take(page: FollowupSurvey) -> None:
	"""Hand over the complaint that a patient has just sent with the page: with the alert that it raised, else with a new one."""
	words = (page.comment or "").strip() or _("The patient complains, without saying of what.")
	name = _alert_of(page) or alerts.raise_alert(
		kind="Satisfaction",
		severity="Amber",
		patient=page.patient,
		task=page.task,
		survey=page.name,
		role=SUPERVISOR,
		detail=_("Complaint: {0}").format(words),
		key=f"complaint|{page.name}",
	)
	if name:
		_hand_over(alert_course.lock(name), words)


def of_contact(log: str, words: str) -> str:
	"""Record that the patient complained in the contact `log`; returns the alert. Saying it twice is recorded once."""
	said = _checked(words)
	of = frappe.db.get_value("Follow-up Log", log, ["patient", "task"], as_dict=True)
	key = f"complaint|{log}"
	name = frappe.db.get_value(ALERT, {"key": key}, "name") or alerts.raise_alert(
		kind="Satisfaction",
		severity="Amber",
		patient=of.patient,
		task=of.task,
		log=log,
		role=SUPERVISOR,
		detail=_("Complaint: {0}").format(said),
		key=key,
	)
	of_alert(name, said)
	return name


def of_alert(alert: str, words: str) -> tuple[str, str] | None:
	"""Hand over what an alert is about as a complaint; the doctype and name of its record, None where no desk keeps one.

	A complaint is handed over once.
	"""
	said = _checked(words)
	row = alert_course.lock(alert)
	if not row.complaint:
		_hand_over(row, said)
		remark(alert, _("Handed over as a complaint"))
	return _record_of(alert)


def kept_elsewhere(alerts: Sequence[str]) -> dict[str, list[str]]:
	"""By doctype the records that desks keep of the complaints among these alerts, where they still exist."""
	found: dict[str, list[str]] = {}
	for part in chunks(alerts, NAMES_PER_STATEMENT):
		rows = frappe.get_all(
			ALERT,
			filters={"name": ("in", part), "complaint_record": ("is", "set")},
			fields=["complaint_doctype", "complaint_record"],
			order_by="creation, name",
		)
		for doctype, name in ((row.complaint_doctype, row.complaint_record) for row in rows):
			if exists(doctype) and frappe.db.exists(doctype, name):
				found.setdefault(doctype, []).append(name)
	return found


def _checked(words: str) -> str:
	said = (words or "").strip()
	if not said:
		message = _("Write down what the patient complains of.")
	elif len(said) > LONGEST:
		message = _("Keep the complaint to {0} characters; it has {1}.").format(LONGEST, len(said))
	else:
		return said
	frappe.throw(message, AlertError, title=_("Not possible"))


def _alert_of(page: FollowupSurvey) -> str | None:
	"""The alert about satisfaction that the page, or the contact it became, has raised."""
	causes = [{"survey": page.name}, *([{"log": page.log}] if page.log else [])]
	for cause in causes:
		found = {"kind": "Satisfaction", **cause}
		if name := frappe.db.get_value(ALERT, found, "name", order_by="creation desc"):
			return name
	return None


def _hand_over(row: frappe._dict, words: str) -> None:
	"""Mark the locked alert as a complaint and open a record at the first desk that takes it."""
	set_values(ALERT, [row.name], {"complaint": 1})
	patient = frappe.db.get_value(
		PATIENT, row.patient, ["patient_id", "patient_name", "source_doctype", "source_name"], as_dict=True
	)
	complaint = Complaint(
		reference=row.name,
		words=words,
		patient_id=patient.patient_id,
		patient_name=patient.patient_name,
		source_doctype=patient.source_doctype,
		source_name=patient.source_name,
		department=row.department,
		company=row.company,
		raised_on=row.raised_on,
	)
	for desk in complaint_desks():
		frappe.db.savepoint("followup_complaint")
		try:
			record = desk.open(complaint)
		except Exception as error:
			if has_lost_transaction(error) or is_conflict(error):
				raise
			# The alert stands: nobody's complaint is lost because another app refused it.
			frappe.db.rollback(save_point="followup_complaint")
			frappe.clear_last_message()
			frappe.logger("hospital_followup").error("complaint %s: %s", row.name, code_of(error))
			continue
		frappe.db.release_savepoint("followup_complaint")
		set_values(ALERT, [row.name], {"complaint_doctype": desk.doctype, "complaint_record": record})
		return


def _record_of(alert: str) -> tuple[str, str] | None:
	fields = ["complaint_doctype", "complaint_record"]
	doctype, name = frappe.db.get_value(ALERT, alert, fields)
	return (doctype, name) if name else None
