"""The lot that keeps a share of low-risk patients out of automatic messages: its settings, and the way out of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
from frappe import _
from frappe.utils import cint, today

from hospital_followup.engine.holdout import HOLD_OUT
from hospital_followup.exceptions import PlanningError
from hospital_followup.services import planning
from hospital_followup.services.writer import set_values

if TYPE_CHECKING:
	from hospital_followup.hospital_followup.doctype.follow_up_settings.follow_up_settings import (
		FollowupSettings,
	)

DISCHARGE = "Patient Discharge"
SALT_LENGTH = 32


def prepare_settings(settings: FollowupSettings) -> None:
	"""A new share begins a new comparison today; the lot gets its secret the first time it is used."""
	if not settings.holdout_percent:
		return
	before = settings.get_doc_before_save()
	same_share = before and cint(before.holdout_percent) == cint(settings.holdout_percent)
	day_chosen = before and str(before.holdout_since or "") != str(settings.holdout_since or "")
	if not settings.holdout_since or not (same_share or day_chosen):
		settings.holdout_since = today()
	if not settings.holdout_salt:
		settings.holdout_salt = frappe.generate_hash(length=SALT_LENGTH)


def follow_up_after_all(discharge: str) -> None:
	"""Plan a discharge that was held out. It stays in its group: what is compared is how the lot fell.

	Raises PlanningError when it is not held out, or when the time for its contacts has passed.
	"""
	if frappe.db.get_value(DISCHARGE, discharge, "decision_reason", for_update=True) != HOLD_OUT:
		frappe.throw(
			_("This discharge is not held out; nothing has to be changed."),
			PlanningError,
			title=_("Not possible"),
		)
	set_values(DISCHARGE, [discharge], {"followed_up_after_all": 1})
	if discharge not in planning.plan_discharges([discharge], cause="released").planned:
		frappe.throw(
			_(
				"The time for the contacts of this discharge has passed. Raise the risk tier to follow the patient up from today."
			),
			PlanningError,
			title=_("Not possible"),
		)
