"""A clinician's word over the computed tier."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import today

from hospital_followup.engine.model import RISK_TIERS
from hospital_followup.exceptions import TierError
from hospital_followup.services import planning

TIER = "Patient Tier"
DISCHARGE = "Patient Discharge"


def override_tier(discharge: str, risk_tier: str, reason: str) -> str:
	"""Record a clinician's override as a submitted Patient Tier; what is open is re-planned on its submit.

	Returns the name of the new Patient Tier. Raises TierError without a reason, for an unknown tier, or when the tier
	is already the one asked for. Only a doctor may lower a tier: the Patient Tier checks it.
	"""
	current = frappe.db.get_value(
		DISCHARGE, discharge, ["patient", "company", "department", "risk_tier"], as_dict=True
	)
	if risk_tier not in RISK_TIERS:
		frappe.throw(_("Unknown risk tier: {0}").format(risk_tier), TierError, title=_("Not possible"))
	if not (reason or "").strip():
		frappe.throw(_("Give the reason for changing the tier."), TierError, title=_("Reason missing"))
	if current.risk_tier == risk_tier:
		frappe.throw(
			_("The risk tier is already {0}.").format(_(risk_tier)), TierError, title=_("Nothing to change")
		)
	doc = frappe.get_doc(
		{
			"doctype": TIER,
			"patient": current.patient,
			"discharge": discharge,
			"company": current.company,
			"department": current.department,
			"assessed_on": today(),
			"method": "Clinician",
			"risk_tier": risk_tier,
			"computed_risk_tier": current.risk_tier,
			"override_reason": reason.strip(),
		}
	)
	doc.insert()
	doc.submit()
	return doc.name


def on_tier_changed(doc: Document) -> None:
	"""A clinician's assessment was submitted or cancelled: plan again what is open."""
	if doc.method == "Clinician" and doc.discharge:
		planning.plan_discharges([doc.discharge], cause="tier_changed")
