"""A hospital on Frappe Health, moved only by the methods behind its own buttons."""

from __future__ import annotations

import json
from typing import Any

import frappe
from frappe.utils import add_to_date, now_datetime, today
from healthcare.healthcare.doctype.inpatient_record.inpatient_record import (
	schedule_discharge,
	schedule_inpatient,
	set_ip_order_cancelled,
)

COMPANY = "Renhe Hospital"
STAY = "Inpatient Record"


def settings(**values: Any) -> None:
	"""Change Healthcare Settings; unbilled services do not hold up a discharge unless asked."""
	for field, value in {"allow_discharge_despite_unbilled_services": 1, **values}.items():
		frappe.db.set_single_value("Healthcare Settings", field, value)


def make_patient(name: str = "王秀兰", **values: Any) -> Any:
	"""A Patient of Frappe Health."""
	facts = {"first_name": name, "sex": "Female", "dob": "1954-03-08", "mobile": "13812345678", **values}
	return frappe.get_doc({"doctype": "Patient", **facts}).insert()


def make_diagnosis(title: str, code: str | None = None) -> str:
	"""A Diagnosis, with an ICD-10 code in its codification table when given."""
	if frappe.db.exists("Diagnosis", title):
		return title
	doc = frappe.new_doc("Diagnosis")
	doc.diagnosis = title
	if code:
		doc.append("codification_table", {"code_value": _icd_code(code), "code_system": _icd()})
	doc.insert()
	return title


def make_encounter(
	patient: str,
	*,
	diagnoses: tuple[str, ...] = (),
	codes: tuple[str, ...] = (),
	medicines: tuple[dict[str, Any], ...] = (),
	tests: tuple[str, ...] = (),
	department: str = "Cardiology",
	**values: Any,
) -> Any:
	"""A submitted Patient Encounter, from which admissions and discharges are ordered."""
	facts = {
		"doctype": "Patient Encounter",
		"patient": patient,
		"company": COMPANY,
		"practitioner": make_practitioner(department),
		"encounter_date": today(),
		**values,
	}
	doc = frappe.get_doc(facts)
	for title in diagnoses:
		doc.append("diagnosis", {"diagnosis": title})
	for code in codes:
		doc.append("codification_table", {"code_value": _icd_code(code), "code_system": _icd()})
	for medicine in medicines:
		facts = {"dosage_form": _named("Dosage Form", "dosage_form", "Tablet"), **medicine}
		facts["drug_code"] = make_drug(facts["drug_name"])
		facts["period"] = _named("Prescription Duration", "name", facts.get("period", "1 Month"))
		doc.append("drug_prescription", facts)
	for test in tests:
		doc.append("lab_test_prescription", {"lab_test_code": make_lab_template(test), "lab_test_name": test})
	doc.insert()
	doc.submit()
	return doc


def make_drug(name: str) -> str:
	"""The stock item of a medicine, made when missing."""
	if not frappe.db.exists("Item", name):
		facts = {"item_code": name, "item_name": name, "item_group": "All Item Groups", "stock_uom": "Nos"}
		frappe.get_doc({"doctype": "Item", **facts}).insert()
	return name


def make_lab_template(title: str) -> str:
	if frappe.db.exists("Lab Test Template", title):
		return title
	facts = {"lab_test_name": title, "lab_test_code": title, "lab_test_group": "Services", "is_billable": 0}
	doc = frappe.get_doc(
		{"doctype": "Lab Test Template", **facts, "department": make_department("Laboratory")}
	)
	return doc.insert().name


def make_lab_test(patient: str, title: str) -> Any:
	"""A test whose sample was taken and whose result is not there yet."""
	facts = {"patient": patient, "patient_sex": "Female", "template": make_lab_template(title)}
	return frappe.get_doc({"doctype": "Lab Test", **facts, "company": COMPANY, "date": today()}).insert()


def make_practitioner(department: str = "Cardiology") -> str:
	name = frappe.db.exists("Healthcare Practitioner", {"department": make_department(department)})
	if name:
		return name
	doc = frappe.get_doc(
		{"doctype": "Healthcare Practitioner", "first_name": "李", "last_name": "医生", "status": "Active"}
	)
	doc.department = department
	return doc.insert().name


def make_department(name: str) -> str:
	if not frappe.db.exists("Medical Department", name):
		frappe.get_doc({"doctype": "Medical Department", "department": name}).insert()
	return name


def make_bed() -> str:
	"""A vacant bed that is not billed."""
	kind = "Follow-up Test Ward"
	if not frappe.db.exists("Healthcare Service Unit Type", kind):
		facts = {
			"doctype": "Healthcare Service Unit Type",
			"service_unit_type": kind,
			"inpatient_occupancy": 1,
		}
		frappe.get_doc(facts).insert()
	root = frappe.db.get_value(
		"Healthcare Service Unit", {"company": COMPANY, "parent_healthcare_service_unit": ("is", "not set")}
	)
	doc = frappe.get_doc(
		{
			"doctype": "Healthcare Service Unit",
			"healthcare_service_unit_name": f"Bed {frappe.generate_hash(length=6)}",
			"service_unit_type": kind,
			"parent_healthcare_service_unit": root,
			"company": COMPANY,
			"inpatient_occupancy": 1,
			"occupancy_status": "Vacant",
		}
	)
	return doc.insert().name


def order_admission(patient: str, **encounter: Any) -> Any:
	"""The encounter's "Schedule Admission"."""
	visit = make_encounter(patient, **encounter)
	schedule_inpatient(
		json.dumps(
			{
				"patient": patient,
				"admission_encounter": visit.name,
				"company": COMPANY,
				"medical_department": frappe.db.get_value(
					"Healthcare Practitioner", visit.practitioner, "department"
				),
				"primary_practitioner": visit.practitioner,
			}
		)
	)
	return stay_of(patient)


def admit(patient: str, *, days_ago: int = 5, **encounter: Any) -> Any:
	"""Order and carry out an admission that began `days_ago` days ago."""
	stay = order_admission(patient, **encounter)
	backdate(stay, days_ago)
	stay.admit(make_bed(), add_to_date(now_datetime(), days=-days_ago))
	return stay.reload()


def backdate(stay: Any, days: int) -> None:
	"""An admission of last week was ordered last week: Frappe Health always writes today."""
	stay.db_set("scheduled_date", add_to_date(today(), days=-days), update_modified=False)
	stay.reload()


def order_discharge(patient: str, **order: Any) -> Any:
	"""The encounter's "Schedule Discharge"."""
	schedule_discharge(json.dumps({"patient": patient, "discharge_ordered_date": today(), **order}))
	return stay_of(patient)


def discharge(patient: str, **order: Any) -> Any:
	"""Order the discharge and press "Discharge"."""
	stay = order_discharge(patient, **order)
	stay.discharge()
	return stay.reload()


def cancel_admission(stay: Any, reason: str = "Patient went elsewhere") -> None:
	"""The button "Cancel Admission"."""
	set_ip_order_cancelled(stay.name, reason)
	stay.reload()


def stay_of(patient: str) -> Any:
	"""The patient's latest Inpatient Record."""
	names = frappe.get_all(
		STAY, filters={"patient": patient}, pluck="name", order_by="creation desc, name desc", limit=1
	)
	return frappe.get_doc(STAY, names[0])


def _icd() -> str:
	return "ICD-10-CM (United States)"


def _icd_code(code: str) -> str:
	existing = frappe.db.exists("Code Value", {"code_value": code, "code_system": _icd()})
	if existing:
		return existing
	doc = frappe.get_doc({"doctype": "Code Value", "code_value": code, "code_system": _icd()})
	return doc.insert().name


def _named(doctype: str, field: str, name: str) -> str:
	"""A small master of Frappe Health, made when missing."""
	if frappe.db.exists(doctype, name):
		return name
	values = {field: name}
	if doctype == "Prescription Duration":
		number, period = name.split()
		values = {"number": number, "period": period}
	return frappe.get_doc({"doctype": doctype, **values}).insert().name
