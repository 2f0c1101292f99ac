"""The call sheet on paper: everything that the screen shows, with boxes and lines to fill in by hand.

For the morning on which the network is down. What is read out stays in the patient's language; the rest is in the
language of the print.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import frappe
from frappe import _
from frappe.utils import get_fullname, today

from hospital_followup.engine.questionnaire import shown
from hospital_followup.engine.questions import CHOICE, NUMERIC, SCALE, YES_NO, Question, Questionnaire
from hospital_followup.services import questionnaires
from hospital_followup.services.callsheet import call_sheet
from hospital_followup.services.condition_sentences import condition_sentence
from hospital_followup.services.handout import long_date
from hospital_followup.services.plain_dates import plain_date, plain_moment
from hospital_followup.services.spoken import listed

if TYPE_CHECKING:
	from hospital_followup.hospital_followup.doctype.follow_up_task.follow_up_task import FollowupTask

LOG = "Follow-up Log"
#: Longer scales are a line to write on.
LONGEST_SCALE = 11
#: Advice on one sheet; the library may hold more, paper does not.
ADVICE = 4
CONTACTS = 3


def printed_sheet(task: FollowupTask) -> frappe._dict[str, Any]:
	"""The content of the print format for one task, in plain values and clean HTML."""
	sheet = call_sheet(task.name)
	settings = frappe.get_cached_doc("Follow-up Settings")
	brief = sheet["brief"]
	return frappe._dict(
		hospital=settings.hospital_name or task.company or "",
		emergency=settings.emergency_number,
		task=_task(sheet["task"]),
		who=frappe._dict(brief["who"]),
		reach=_reach(brief["who"]),
		identity=sheet["identity"]["facts"],
		why=_why(brief["why"]),
		happened=_happened(brief["happened"]),
		due=_due(brief["due"]),
		script=sheet["script"],
		questionnaire=sheet["questionnaire"],
		questions=_questions(sheet["questionnaire"]),
		advice=_advice(sheet["content"], sheet["task"]["topics"]),
		outcomes=[row["label"] for row in sheet["outcomes"]],
		printed=plain_date(today()),
		caller=get_fullname(task.assigned_to) if task.assigned_to else "",
	)


def _task(task: dict[str, Any]) -> frappe._dict:
	return frappe._dict(
		due=long_date(task["due_date"]),
		until=plain_date(task["expires_on"]),
		overdue=task["overdue_days"],
		channel=_(task["channel"]),
		risk=_risk(task["risk_tier"]),
		attempts=task["attempts"],
		next_attempt=plain_moment(task["next_attempt_at"]),
		to_caregiver=task["contact_point"] == "Caregiver",
	)


def _risk(tier: str | None) -> str:
	words = {"High": _("High risk"), "Medium": _("Medium risk"), "Low": _("Low risk")}
	return words.get(tier or "", "")


def _reach(who: dict[str, Any]) -> list[tuple[str, str]]:
	"""Whom to ring on which number, with what is known of the number."""
	people = [
		(_("Patient"), who["mobile"] or who["mobile_masked"], who["mobile_status"]),
		(
			" · ".join(filter(None, (_("Caregiver"), who["caregiver_name"], who["caregiver_relation"]))),
			who["caregiver_mobile"],
			who["caregiver_mobile_status"],
		),
	]
	wrong = ("Wrong Number", "Out of Service")
	return [
		(label, f"{number} ({_(status)})" if status in wrong else number)
		for label, number, status in people
		if number
	]


def _why(why: dict[str, Any]) -> list[tuple[str, str]]:
	stay = ""
	if why["discharge_date"]:
		stay = _("{0}, {1} days ago").format(plain_date(why["discharge_date"]), why["days_since"])
	medicines = [
		" ".join(filter(None, (row["drug"], row["dosage"] and f"({row['dosage']})")))
		for row in why["medicines"]
	]
	taken = {True: _("taken, by the last answer"), False: _("not all taken, by the last answer")}
	if medicines and why["medicines_taken"] is not None:
		medicines.append(f"– {taken[why['medicines_taken']]}")
	if why["record_withheld"]:
		medicines.append(_("Not shown here: look into the medical record."))
	lines = [
		(_("Discharge"), " · ".join(filter(None, (stay, why["department"], why["attending_doctor"])))),
		(_("Programme"), _listed(why["programmes"])),
		(_("Ask for Consent to"), _listed([one["title"] for one in why["awaiting_consent"]])),
		(_("Diagnoses"), _listed(_title(row) for row in why["diagnoses"])),
		(_("Procedures"), _listed(_title(row) for row in why["procedures"])),
		(_("Instructions"), why["instructions"] or ""),
		(_("Medicines"), _listed(medicines)),
		(_("Allergies"), why["allergies"] or ""),
		(_("Long-term conditions"), _listed(why["conditions"])),
		(_("Results Pending"), _listed(why["pending_results"])),
	]
	return [(label, text) for label, text in lines if text]


def _happened(happened: dict[str, Any]) -> list[str]:
	lines = []
	if happened["promise"]:
		lines.append(_("Promised: a call on {0}").format(plain_moment(happened["promise"]["at"])))
	for alert in happened["alerts"]:
		severity = _(alert["severity"])
		lines.append(_("Open alert ({0}): {1}").format(severity, alert["detail"] or _(alert["kind"])))
	for row in happened["contacts"][:CONTACTS]:
		flagged = [f"{answer['text']} {answer['value']}" for answer in row["answers"] if answer["flag"]]
		parts = (plain_moment(row["contacted_at"]), _(row["outcome"], context=LOG), row["notes"], *flagged)
		lines.append(" · ".join(filter(None, parts)))
	return lines


def _due(due: dict[str, Any]) -> list[tuple[str, str]]:
	revisit = due["revisit"] or {}
	day = revisit.get("date") or due["revisit_date"]
	coming = [f"{plain_date(row.due_date)} {_(row.channel)}" for row in due["next_contacts"][:CONTACTS]]
	lines = [
		(
			_("Revisit", context="Follow-up Task"),
			" · ".join(filter(None, (long_date(day), revisit.get("preparation")))),
		),
		(_("Tests"), _listed(due["tests"])),
		(_("Next Contacts"), _listed(coming)),
	]
	return [(label, text) for label, text in lines if text]


def _questions(asked: dict[str, Any] | None) -> list[frappe._dict]:
	if not asked:
		return []
	questionnaire = questionnaires.load(asked["name"])
	return [_question(question, questionnaire) for question in questionnaire.questions]


def _question(question: Question, questionnaire: Questionnaire) -> frappe._dict:
	"""`boxes` to tick or ring, or a `line` to write on with its `unit` and `limits`."""
	boxes, line = [], False
	if question.answer_type == YES_NO:
		boxes = [_("Yes"), _("No")]
	elif question.answer_type == CHOICE:
		boxes = [choice.label for choice in question.choices]
	elif question.answer_type == SCALE and (steps := _steps(question)):
		boxes = steps
	else:
		line = True
	limits = (question.minimum, question.maximum)
	numeric = question.answer_type in NUMERIC and None not in limits and line
	return frappe._dict(
		text=question.text,
		hint=question.hint,
		required=question.required,
		boxes=boxes,
		scale=question.answer_type == SCALE,
		line=line,
		unit=question.unit,
		limits=_("{0} to {1}").format(*map(shown, limits)) if numeric else "",
		only_if=condition_sentence(question.show_if, None, questionnaire),
		red_if=condition_sentence(question.red_if, question.code, questionnaire),
	)


def _steps(question: Question) -> list[str]:
	low, high = question.minimum, question.maximum
	if low is None or high is None or not 0 < high - low < LONGEST_SCALE:
		return []
	return [str(step) for step in range(int(low), int(high) + 1)]


def _advice(content: list[dict[str, Any]], topics: list[str]) -> list[dict[str, Any]]:
	"""What the contact is about, and of that first what the patient was not given yet."""
	fitting = [row for row in content if not topics or row["topic"] in topics] or content
	chosen = sorted(fitting, key=lambda row: bool(row["given_on"]))[:ADVICE]
	return [{**row, "given": plain_date(row["given_on"])} for row in chosen]


def _title(row: dict[str, Any]) -> str:
	return " ".join(filter(None, (row["title"], row["code"] and f"({row['code']})")))


def _listed(items: Any) -> str:
	return listed(items, frappe.local.lang)
