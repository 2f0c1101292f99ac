"""What follows for the patient's contacts from what became of a message.

Nothing is remembered here: what a lost message leaves undone is found in the database again by the dispatcher
(`task_messages.to_take_over`, `revisit_tasks.to_remind`), so that a step that failed, or never ran, is caught up.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import frappe

from hospital_followup.engine.outbox import is_lost
from hospital_followup.services import refused_addresses, revisit_tasks, taking_over, task_messages
from hospital_followup.services.attempts import CONTACT, LAST_ASK, MESSAGE
from hospital_followup.services.revisit_messages import MISSED_NOTICE, REMINDER


def settled(rows: Sequence[frappe._dict], now: datetime) -> None:
	"""Called in the transaction in which messages got a status that needs no further doing of the sender.

	`rows` are rows of Follow-up Message (what it is for, patient, address, times) with their new `status`: Sent, Delivered,
	Failed, Expired, Suppressed, or Uncertain with the reason `unresolved`: nobody could tell what became of it, so a person takes
	over. Called again for rows whose effects failed, so everything here has to be done once however often it is asked for.
	`now` is on the site's clock.
	"""
	lost = [row for row in rows if is_lost(row.status, row.status_reason)]
	lost += refused_addresses.note(lost)
	if not lost:
		return
	task_messages.take_over([row.task for row in lost if row.task and row.occasion == CONTACT], now)
	for row in lost:
		if row.task and row.occasion == LAST_ASK and taking_over.hand_over(row.task, "messages_unanswered"):
			frappe.db.set_value(MESSAGE, row.name, "call_task", row.task, update_modified=False)
	of_revisits = [row for row in lost if row.revisit]
	revisit_tasks.remind(now.date(), [row.revisit for row in of_revisits if row.occasion == REMINDER])
	revisit_tasks.follow_missed(
		now.date(), [row.revisit for row in of_revisits if row.occasion == MISSED_NOTICE]
	)
