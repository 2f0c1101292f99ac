"""What other apps' documents tell us, and what we tell them. Each handler is guarded: nothing here can fail a save.

Modules are imported inside the handlers, so that even a broken installation of this app does not stop a discharge.
"""

from __future__ import annotations

from frappe.model.document import Document

from hospital_followup.sources.guard import never_raises


@never_raises
def stay_saved(doc: Document) -> None:
	"""A record of a stay was saved: keep its Patient Discharge, and notice who is back in hospital."""
	from hospital_followup.services import intake, wake
	from hospital_followup.sources.registry import intake_for

	stay = intake_for(doc.doctype).read(doc.name)
	if stay is None:
		return
	is_news = doc.has_value_changed("status")
	# An old stay that somebody tidies up years later is not a new discharge.
	if is_news or intake.is_known(stay) or intake.in_ledger(stay):
		intake.intake_discharge(stay)
	if is_news:
		wake.settle_admissions_after_commit()
		wake.check_revisits_after_commit("Patient", doc.patient)


@never_raises
def stay_deleted(doc: Document) -> None:
	"""A record of a stay is being deleted: its discharge is cancelled, and lets go of the link that would forbid it."""
	from hospital_followup.services import intake, wake

	intake.forget_stay(doc.doctype, doc.name)
	wake.settle_admissions_after_commit()


@never_raises
def patient_saved(doc: Document) -> None:
	"""A patient, customer or contact changed: ours follows after commit, in a transaction of its own."""
	from hospital_followup.services import wake
	from hospital_followup.services.patient_intake import stored_patient

	if not doc.flags.in_insert and stored_patient(doc.doctype, doc.name):
		wake.refresh_patient_after_commit(doc.doctype, doc.name)


@never_raises
def patient_renamed(doc: Document, old: str, new: str, merge: bool = False) -> None:
	"""Frappe has moved our link to the new name already; number and duplicates follow after commit."""
	from hospital_followup.services import wake

	wake.refresh_patient_after_commit(doc.doctype, new)


@never_raises
def patient_deleted(doc: Document) -> None:
	"""A patient, customer or contact is being deleted: the follow-up stays, without the link that would forbid it."""
	from hospital_followup.services import patient_history
	from hospital_followup.services.patient_intake import detach_patient

	detach_patient(doc.doctype, doc.name)
	if doc.doctype == patient_history.SOURCE:
		patient_history.release_patient(doc.name)


@never_raises
def follow_up_recorded(doc: Document) -> None:
	"""A Follow-up Log was submitted or cancelled: Frappe Health's Patient History shows it, or no longer."""
	from hospital_followup.services import patient_history

	patient_history.settle(doc.name)


@never_raises
def visit_told(doc: Document) -> None:
	"""An encounter, appointment, stay or bill was written: its patient may have come back, which is looked at after commit."""
	from hospital_followup.services import wake
	from hospital_followup.services.patient_intake import stored_patient

	for doctype, field in (("Patient", "patient"), ("Customer", "customer")):
		name = doc.get(field)
		if name and stored_patient(doctype, name):
			wake.check_revisits_after_commit(doctype, name)


@never_raises
def encounter_submitted(doc: Document) -> None:
	"""A visit to the outpatient department was recorded: rules may take the patient into a programme, after commit."""
	from hospital_followup.services import programme_visits, wake

	if programme_visits.is_asked_for():
		wake.enrol_after_visit_after_commit(doc.name)
