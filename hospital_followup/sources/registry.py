"""Which adapters this site has for patients and for discharges."""

from __future__ import annotations

import frappe
from frappe import _

from hospital_followup.engine.ports import DischargeIntake, PatientSource
from hospital_followup.exceptions import SourceError

PATIENT_HOOK = "followup_patient_sources"
DISCHARGE_HOOK = "followup_sources"


def patient_sources() -> dict[str, PatientSource]:
	"""Every patient source by doctype, installed or not; of several apps the last installed one wins."""
	return _adapters(PATIENT_HOOK)


def intakes() -> dict[str, DischargeIntake]:
	"""Every discharge intake by doctype, installed or not; of several apps the last installed one wins."""
	return _adapters(DISCHARGE_HOOK)


def source_for(doctype: str) -> PatientSource:
	"""The patient source that reads `doctype`. Raises SourceError when no installed app offers one."""
	return _available(patient_sources(), doctype)


def intake_for(doctype: str) -> DischargeIntake:
	"""The discharge intake that reads `doctype`. Raises SourceError when no installed app offers one."""
	return _available(intakes(), doctype)


def _adapters(hook: str) -> dict:
	return {
		doctype: frappe.get_attr(paths[-1])() for doctype, paths in frappe.get_hooks(hook, default={}).items()
	}


def _available(adapters: dict, doctype: str):
	adapter = adapters.get(doctype)
	if adapter is None or not adapter.available():
		known = ", ".join(_(name) for name, each in adapters.items() if each.available())
		frappe.throw(
			_("Follow-up cannot read {0} on this site. It reads: {1}.").format(_(doctype), known or "–"),
			SourceError,
			title=_("Unknown source"),
		)
	return adapter
