"""When a message cannot make a contact: the next way that reaches the patient takes its place, in the end a person.

Everything is decided on the locked task as it is now, so that a job, a receipt and a patient who just answered never
take over the same contact twice.
"""

from __future__ import annotations

import frappe
from frappe.utils import cstr, getdate, now_datetime

from hospital_followup.engine.names import HUMAN_CHANNELS, OPEN_STATUSES
from hospital_followup.services import attempts, claims, numbers, settling
from hospital_followup.services.page_answers import give_to_person
from hospital_followup.services.tasks import PLAN, TASK
from hospital_followup.services.writer import set_values

#: Reasons of messages that would say something else about a contact.
REASONS = {
	"withdrawn": "message_withdrawn",
	"expired": "message_too_late",
	"no_link": "no_page_address",
	"unreadable": "message_failed",
}
#: Whose messages did not go out because nobody is to contact them: no person does either.
NOBODY = ("deceased", "do_not_contact", "plan_stopped", "contact_closed")


def take_over(task: str, reason: str) -> bool:
	"""Go on with an open contact on another channel, because of `reason`; False when there is nothing to take over.

	`reason` is a code of a message's refusal or one of `wording`. Somebody who is on the phone with the patient already
	makes the contact anyway.
	"""
	row = claims.lock(task)
	if reason in NOBODY or not is_open(row) or row.channel in HUMAN_CHANNELS:
		return False
	code = REASONS.get(reason, reason)
	if row.attempts:
		# The story of the attempts goes on without the channel that had its message, or could have none.
		_note(row, code)
		settling.conclude(settling.settle(task, "log"))
		return True
	patient = frappe.db.get_value(claims.PATIENT, row.patient, attempts.PATIENT_FIELDS, as_dict=True)
	written = attempts.channels_written(task) | {row.channel}
	channel = attempts.remaining(attempts.channels_to_try(row.channel, patient), written)[0]
	if channel in HUMAN_CHANNELS:
		_give(row, code)
	else:
		planned = row.planned_channel or row.channel
		set_values(TASK, [task], {"channel": channel, "planned_channel": planned})
		_note(row, code)
	return True


def hand_over(task: str, reason: str) -> bool:
	"""Have a person make an open contact whose message went out, because of `reason`; False when nobody has to."""
	row = claims.lock(task)
	if not is_open(row) or row.channel in HUMAN_CHANNELS:
		return False
	_give(row, reason)
	return True


def is_open(task: frappe._dict) -> bool:
	"""Whether the contact of this locked row is still to be made, by anybody, with a patient who may be contacted."""
	if task.status not in OPEN_STATUSES - {"In Progress"} or task.on_hold:
		return False
	if task.expires_on and getdate(task.expires_on) < getdate(now_datetime()):
		return False
	if frappe.db.get_value(claims.PATIENT, task.patient, "status") != "Active":
		return False
	return not task.plan or frappe.db.get_value(PLAN, task.plan, "status") == "Active"


def _give(row: frappe._dict, code: str) -> None:
	"""To a person, who calls the caregiver when the patient's own number leads nowhere."""
	give_to_person(row, code)
	numbers.point_tasks(row.patient)


def _note(row: frappe._dict, code: str) -> None:
	codes = [known for known in cstr(row.reasons).split(",") if known.strip()]
	if code not in codes:
		set_values(TASK, [row.name], {"reasons": ",".join([*codes, code])})
