"""What the form of a Follow-up Script asks: placeholders, the check while typing, a preview, the next version."""

from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document

from hospital_followup.services import placeholders, script_check, scripts, versions
from hospital_followup.services.brief import brief
from hospital_followup.services.scripts import PARTS, SCRIPT

PATIENT = "Follow-up Patient"
TASK = "Follow-up Task"
#: Made-up patients of the preview: of whom everything is known, hardly anything, and whose family is called.
SAMPLES = ("everything", "little", "caregiver")


@frappe.whitelist(methods=["GET", "POST"])
def script_placeholders() -> list[dict[str, Any]]:
	"""Every placeholder with its meaning in the user's language, an example, its kind, and whether it is about health."""
	frappe.has_permission(SCRIPT, "read", throw=True)
	meanings, language = placeholders.meanings(), frappe.local.lang
	return [
		{
			"name": fact.name,
			"meaning": meanings[fact.name],
			"example": fact.example(language) if fact.kind != placeholders.FLAG else None,
			"kind": fact.kind,
			"is_health": fact.is_health,
		}
		for fact in placeholders.FACTS
	]


@frappe.whitelist(methods=["GET", "POST"])
def check_script(draft: str | dict[str, Any]) -> dict[str, Any]:
	"""What is wrong with a script that is being written, how long each part takes to read aloud, and whom it replaces."""
	frappe.has_permission(SCRIPT, "read", throw=True)
	script = _script(draft)
	problems = script_check.problems(script)
	# The parts that are right are measured all the same.
	script.update({problem["part"]: None for problem in problems})
	parts = _rendered(script, placeholders.sample_facts(script.language))
	return {
		"problems": problems,
		"seconds": {part["part"]: scripts.reading_seconds(part["text"]) for part in parts},
		"former": versions.former_versions(script) if script.title and script.status != "Approved" else [],
	}


@frappe.whitelist(methods=["GET", "POST"])
def preview_script(
	draft: str | dict[str, Any], sample: str = "everything", patient: str | None = None
) -> dict[str, Any]:
	"""A script as it would be read out to a made-up patient, or to `patient`, with what the user may read of them."""
	frappe.has_permission(SCRIPT, "read", throw=True)
	script = _script(draft)
	problems = script_check.problems(script)
	if problems:
		return {"problems": problems, "parts": [], "seconds": 0}
	facts = _facts_of(patient, script.language) if patient else _sample(sample, script.language)
	parts = _rendered(script, facts)
	seconds = sum(scripts.reading_seconds(part["text"]) for part in parts)
	return {"problems": [], "parts": parts, "seconds": seconds}


@frappe.whitelist(methods=["POST"])
def new_script_version(script: str) -> str:
	"""Copy a script to a draft with the next version number; returns the name of the draft."""
	frappe.get_doc(SCRIPT, script).check_permission("read")
	frappe.has_permission(SCRIPT, "create", throw=True)
	return versions.new_version(SCRIPT, script)


def _script(draft: str | dict[str, Any]) -> Document:
	"""An unsaved script of the values in a form, without its history."""
	values = frappe.parse_json(draft)
	fields = ("name", "title", "version", "status", "language", *PARTS)
	return frappe.get_doc({"doctype": SCRIPT, **{field: values.get(field) for field in fields}})


def _rendered(script: Document, facts: dict[str, Any]) -> list[dict[str, str]]:
	return scripts.render_script(script, facts, script.language)


def _sample(sample: str, language: str) -> dict[str, Any]:
	facts = placeholders.sample_facts(language)
	if sample == "little":
		known = ("greeting", "salutation", "patient_name", "caller_name", "today")
		return {name: value if name in known else None for name, value in facts.items()}
	return {**facts, "calls_caregiver": sample == "caregiver"}


def _facts_of(patient: str, language: str) -> dict[str, Any]:
	"""The facts of a patient's next contact, else of the last one."""
	doc = frappe.get_doc(PATIENT, patient)
	doc.check_permission("read")
	rows = frappe.get_list(
		TASK,
		filters={"patient": patient},
		fields=["name", "status", "contact_point", "kind"],
		order_by="due_date, name",
	)
	waiting = [row for row in rows if row.status in ("Open", "In Progress", "Scheduled")]
	if not rows:
		frappe.throw(
			_("No contact of {0} is planned that you may see. Choose another patient.").format(
				frappe.bold(doc.patient_name)
			),
			title=_("Nothing to Preview"),
		)
	task = waiting[0] if waiting else rows[-1]
	settings = frappe.get_cached_doc("Follow-up Settings")
	return placeholders.facts_of(brief(task.name), task=task, settings=settings, language=language)
