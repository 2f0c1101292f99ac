"""The patient calls: written down without a task, or as the contact that was open anyway."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import frappe
from frappe import _
from frappe.utils import now_datetime

from hospital_followup.engine.attempts import OUTCOMES
from hospital_followup.exceptions import InvalidValueError, LogError
from hospital_followup.services import calls

if TYPE_CHECKING:
	from hospital_followup.hospital_followup.doctype.follow_up_log.follow_up_log import FollowupLog

LOG = "Follow-up Log"
TASK = "Follow-up Task"


def log_inbound(
	patient: str, outcome: str, changes: Mapping[str, Any], *, task: str | None = None, **details: Any
) -> FollowupLog:
	"""Submit the log of a contact that the patient began; `task` is the open contact that it settles."""
	check_outcome(outcome)
	if task:
		if frappe.db.get_value(TASK, task, "patient") != patient:
			frappe.throw(_("This contact belongs to another patient."), LogError, title=_("Not possible"))
		return calls.finish(task, outcome, changes, patient=patient, direction="In", **details)
	doc = frappe.get_doc(
		{
			"doctype": LOG,
			"patient": patient,
			"outcome": outcome,
			"direction": "In",
			"staff": frappe.session.user,
			"contacted_at": now_datetime().replace(microsecond=0),
			**{field: value for field, value in details.items() if value not in (None, "")},
		}
	)
	calls.write(doc, changes)
	doc.docstatus = 1
	return doc.insert()


def check_outcome(outcome: str) -> None:
	"""Who calls us has reached us. Raises InvalidValueError for an outcome that says otherwise."""
	if outcome not in OUTCOMES or not OUTCOMES[outcome].reached:
		frappe.throw(
			_("{0} cannot come of a call that the patient made.").format(_(outcome, context=LOG)),
			InvalidValueError,
			title=_("Outcome"),
		)
