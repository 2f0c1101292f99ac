"""From a stay in another app's records to one Patient Discharge, however often and in whatever order it is told.

Only Patient Discharge (and, where missing, the Follow-up Patient and Follow-up Department it names) is written here.
Tier, plan and tasks follow after commit, so that the hospital's own discharge never waits for planning.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate, today

from hospital_followup.engine.ports import StayRecord
from hospital_followup.services import admissions
from hospital_followup.services.department_intake import ensure_department
from hospital_followup.services.discharge_key import discharge_key, forms_of
from hospital_followup.services.erased_patients import is_erased
from hospital_followup.services.patient_intake import ensure_patient
from hospital_followup.services.retry import unseen_duplicates
from hospital_followup.services.stay_dates import revisit_problem
from hospital_followup.services.wake import plan_after_commit
from hospital_followup.sources.changes import news

__all__ = ["ensure_department", "ensure_patient", "forget_stay", "intake_discharge"]

DISCHARGE = "Patient Discharge"
#: What another app's change of must be planned again; the rest is only kept up to date.
PLANNED_FROM = frozenset(
	{"admission_date", "discharge_date", "department", "company", "diagnoses", "procedures", "length_of_stay"}
	| {"admissions_12m", "state"}
)
CHILD_FIELDS = {"diagnoses": ("code", "title", "primary"), "procedures": ("code", "title", "performed_on")}


def intake_discharge(stay: StayRecord) -> str | None:
	"""Insert or update the Patient Discharge of `stay`; its name, or None when the stay is none of follow-up's business.

	Saying the same again changes nothing. A stay that is no longer discharged cancels its Patient Discharge, one that
	is discharged again revives it. What staff corrected stays until the source itself changes it.
	"""
	if stay.state in ("cancelled", "expected"):
		admissions.withdraw(stay_key(stay))
	name = _stored(stay)
	if name:
		return _update(frappe.get_doc(DISCHARGE, name, for_update=True), stay)
	return _insert(stay) if stay.state == "discharged" else None


def is_known(stay: StayRecord) -> bool:
	"""Whether a Patient Discharge carries this stay already."""
	return bool(_stored(stay))


def in_ledger(stay: StayRecord) -> bool:
	"""Whether the stay ended on or after the day from which the hospital counts discharges (a setting)."""
	first = frappe.get_cached_doc("Follow-up Settings").ledger_from
	return bool(first and stay.discharge_date and stay.discharge_date >= getdate(first))


def forget_stay(source_doctype: str, source_name: str) -> None:
	"""The source's document is being deleted: cancel what came of it and let go of the link.

	The former source goes on as the external id, so that the record says where it came from and keeps a key of its own.
	"""
	key = discharge_key(frappe._dict(source_doctype=source_doctype, source_name=source_name))
	admissions.withdraw(key)
	name, patient = frappe.db.get_value(DISCHARGE, {"key": key}, ["name", "patient"]) or (None, None)
	if name and not is_erased(patient):
		_release(frappe.get_doc(DISCHARGE, name, for_update=True))


def _stored(stay: StayRecord) -> str | None:
	return frappe.db.get_value(DISCHARGE, {"key": ("in", forms_of(stay_key(stay)))}, "name")


def stay_key(stay: StayRecord) -> str:
	"""The key of the Patient Discharge that `stay` has or would have."""
	return discharge_key(frappe._dict(_identity(stay), company=stay.company))


def _insert(stay: StayRecord) -> str:
	doc = frappe.new_doc(DISCHARGE)
	doc.update(_identity(stay))
	doc.patient = ensure_patient(stay.patient_doctype, stay.patient_name, company=stay.company)
	values = _values(stay)
	taken, doc.source_digest = news(values, {}, None)
	taken.pop("state")
	doc.update(taken)
	doc.discharge_date = doc.discharge_date or today()
	doc.flags.plan_later = True
	with unseen_duplicates():
		doc.insert(ignore_permissions=True)  # reason: the clerk discharges, the system records
	if stay.admission_date:
		record = (stay.source_doctype, stay.source_name)
		admissions.mark(doc.patient, doc.key, stay.admission_date, record)
	return doc.name


def _update(doc: Document, stay: StayRecord) -> str:
	if is_erased(doc.patient):
		return doc.name
	taken, digest = news(_values(stay), _ours(doc), doc.source_digest)
	planned = not PLANNED_FROM.isdisjoint(taken)
	state = taken.pop("state", None)
	if state == "discharged" and doc.cancelled:
		taken.update({"cancelled": 0, "cancel_reason": None})
	elif state and state != "discharged" and not doc.cancelled:
		taken.update({"cancelled": 1, "cancel_reason": _withdrawn(doc)})
	if not taken.get("discharge_date", True):
		taken.pop("discharge_date")
	if taken:
		doc.update(taken)
		doc.source_digest = digest
		_save(doc, planned)
	elif digest != doc.source_digest:
		doc.db_set("source_digest", digest, update_modified=False)
	return doc.name


def _save(doc: Document, planned: bool) -> None:
	doc.flags.plan_later = True
	if planned:
		doc.update({"decision": "Pending", "decision_reason": None})
	doc.save(ignore_permissions=True)  # reason: the source changed, whoever triggered it
	if planned:
		plan_after_commit()


def _release(doc: Document) -> None:
	"""Cancel a discharge whose stay is gone, and let go of the source document."""
	if not doc.cancelled:
		doc.update({"cancelled": 1, "cancel_reason": _withdrawn(doc)})
	doc.external_id = doc.external_id or f"{doc.source_doctype} {doc.source_name}"
	if frappe.db.exists(DISCHARGE, {"key": discharge_key(doc)}):
		doc.external_id = f"{doc.external_id} ({doc.name})"
	doc.update({"source_doctype": None, "source_name": None})
	_save(doc, planned=True)


def _withdrawn(doc: Document) -> str:
	return _("The discharge was taken back in {0} {1}.").format(_(doc.source_doctype), doc.source_name)


def _identity(stay: StayRecord) -> dict[str, str | None]:
	return {
		"source_doctype": stay.source_doctype,
		"source_name": stay.source_name,
		"external_id": stay.external_id,
	}


def _values(stay: StayRecord) -> dict[str, Any]:
	"""What the source says, field by field; facts that contradict each other count as unknown."""
	admission, discharge = stay.admission_date, stay.discharge_date
	possible = not (admission and discharge and discharge < admission)
	return {
		"state": stay.state,
		"company": stay.company,
		"admission_date": admission if possible else None,
		"discharge_date": discharge,
		"department": ensure_department(stay.department_doctype, stay.department_name, stay.company),
		"attending_doctor": stay.attending_doctor,
		"diagnoses": _rows(stay.diagnoses, "diagnoses"),
		"procedures": _rows(stay.procedures, "procedures"),
		"length_of_stay": None if stay.length_of_stay is None or not possible else str(stay.length_of_stay),
		"admissions_12m": None if stay.admissions_12m is None else str(stay.admissions_12m),
		"revisit_date": _possible_revisit(stay),
		"instructions": stay.instructions,
	}


def _possible_revisit(stay: StayRecord) -> date | None:
	"""The day that the source names, unless its year is mistyped: that must not keep the stay from being followed up."""
	day, left = stay.revisit_date, stay.discharge_date
	return None if day and left and revisit_problem(day, left) else day


def _rows(items: tuple[Any, ...], table: str) -> list[dict[str, Any]]:
	return [{field: getattr(item, field) for field in CHILD_FIELDS[table]} for item in items]


def _ours(doc: Document) -> dict[str, Any]:
	"""The document's values in the form in which `_values` gives the source's."""
	ours = doc.as_dict()
	for table, fields in CHILD_FIELDS.items():
		ours[table] = [{field: row.get(field) for field in fields} for row in doc.get(table)]
	for field in ("admission_date", "discharge_date", "revisit_date"):
		ours[field] = getdate(doc.get(field)) if doc.get(field) else None
	return ours
