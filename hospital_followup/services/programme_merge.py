"""Two records were one person: the enrolments of both become those of the one who remains."""

from __future__ import annotations

from collections import defaultdict

import frappe

from hospital_followup.services import plans, programme_consents
from hospital_followup.services.patient_stops import PATIENT_STOPS
from hospital_followup.services.programme_status import AWAITING, ENROLMENT, OPEN, fields_of, wake
from hospital_followup.services.writer import set_values

FIELDS = ("name", "key", "plan", "status", "status_reason")


def take_over(source: str, target: str) -> None:
	"""Make the enrolments that came from the record `source` those of `target`, after their records were moved.

	Who was in one programme twice goes on in one of the two, the one that is running before the one that waits; the
	other one ends.
	"""
	rows = frappe.get_all(ENROLMENT, filters={"patient": target}, fields=FIELDS, order_by="creation, name")
	courses: defaultdict[str, list[frappe._dict]] = defaultdict(list)
	for row in rows:
		row.owner, _bar, row.course = row.key.partition("|")
		courses[row.course.rpartition("|")[0]].append(row)
	for title, own in courses.items():
		own.sort(key=lambda row: (_rank(row), row.owner != target))
		for row in own[1:]:
			if row.status in OPEN:
				_end(row)
		_give_keys(own, source, target)
		if own[0].status_reason == AWAITING and programme_consents.agreed(target, title):
			programme_consents.on_word(frappe._dict(patient=target, programme=title))
	wake([target])


def _rank(row: frappe._dict) -> int:
	if row.status == "Active":
		return 0
	if row.status == "Paused":
		return 2 if row.status_reason == AWAITING else 1
	return 3


def _end(row: frappe._dict) -> None:
	reason = PATIENT_STOPS["Merged"]
	if row.plan and frappe.db.get_value(plans.PLAN, row.plan, "status") in plans.OPEN_PLANS:
		plans.stop(row.plan, reason)
	else:
		set_values(ENROLMENT, [row.name], fields_of("Left", reason))


def _give_keys(own: list[frappe._dict], source: str, target: str) -> None:
	"""The best of several from the same day has the key of `target`, any other one that of the record that is no more."""
	seen: set[str] = set()
	for row in own:
		row.wanted = f"{source if row.course in seen else target}|{row.course}"
		seen.add(row.course)
	changed = [row for row in own if row.key != row.wanted]
	# Keys are unique: those that change places let go first.
	set_values(ENROLMENT, [row.name for row in changed], {"key": None})
	for row in changed:
		set_values(ENROLMENT, [row.name], {"key": row.wanted})
