"""What staff are told: one Notification Log entry per person and occasion, in that person's language, never per task.

An entry that may exist once a day has a name made of occasion, person and day, so that the database refuses the second
one, however often and however parallel the job runs. No entry names a patient.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from urllib.parse import urlencode, urlsplit

import frappe
from frappe import _
from frappe.desk.doctype.notification_settings.notification_settings import is_notifications_enabled
from frappe.query_builder.functions import Count, Sum
from frappe.utils import get_fullname, get_url_to_form, get_url_to_list
from pypika import Case

from hospital_followup.engine.names import HUMAN_CHANNELS
from hospital_followup.services.tasks import TASK

STAFF = "Follow-up Staff"
NOTICE = "Notification Log"
SUPERVISOR = "Follow-up Supervisor"


def morning_reminders(today: date) -> int:
	"""Tell everybody who has contacts to make today how many; returns how many entries were written.

	Counts what the worklist shows: due today, overdue, and calls promised for today.
	"""
	if not frappe.get_cached_doc("Follow-up Settings").morning_reminder:
		return 0
	written = 0
	for user, due, overdue, promised in _workload(today):
		language = language_of(user)
		subject = _(
			"Your follow-up contacts: {0} due today, {1} overdue, {2} promised calls.", language
		).format(due, overdue, promised)
		written += _notify(user, subject, once=f"morning|{user}|{today}", filters=_own(user, today))
	return written


def notify_reassigned(user: str, tasks: Sequence[str]) -> bool:
	"""Tell `user` that contacts of somebody else are now theirs: one entry, however many."""
	language = language_of(user)
	if len(tasks) == 1:
		subject = _("A follow-up contact was handed to you.", language)
	else:
		subject = _("{0} follow-up contacts were handed to you.", language).format(len(tasks))
	return _notify(user, subject, filters={"assigned_to": user, "status": "Open"})


def notify_unassigned(departments: Mapping[str | None, int], today: date) -> None:
	"""Tell the supervisors of each department, once a day, how many open contacts nobody can take."""
	for department, count in departments.items():
		for user in supervisors_of(department):
			language = language_of(user)
			subject = _(
				"{0}: {1} follow-up contacts have no owner, because nobody is available.", language
			).format(_name_of(department, language), count)
			_notify(
				user,
				subject,
				once=f"unassigned|{user}|{department}|{today}",
				filters={"status": "Open", "department": department or ""},
			)


def notify_overload(people: Mapping[str | None, Iterable[str]], today: date) -> None:
	"""Tell the supervisors of each department, once a day, who has more contacts than a full day holds."""
	for department, users in people.items():
		names = sorted(get_fullname(user) for user in users)
		for user in supervisors_of(department):
			language = language_of(user)
			subject = _("{0}: more contacts today than these people can make: {1}", language).format(
				_name_of(department, language), ", ".join(names)
			)
			_notify(
				user,
				subject,
				once=f"overload|{user}|{department}|{today}",
				filters={"status": "Open", "department": department or ""},
			)


def supervisors_of(department: str | None) -> list[str]:
	"""The department's supervisor, else the supervisors among the staff who look after it, else all supervisors."""
	named = department and frappe.db.get_value("Follow-up Department", department, "supervisor")
	if named:
		return [named]
	staff = frappe.get_all(
		STAFF, filters={"enabled": 1, "role": SUPERVISOR}, fields=["name", "user"], order_by="name"
	)
	limits: defaultdict[str, set[str]] = defaultdict(set)
	for row in frappe.get_all(
		"Follow-up Staff Department",
		filters={"parenttype": STAFF, "parent": ("in", [row.name for row in staff])},
		fields=["parent", "department"],
		order_by="parent",
	):
		limits[row.parent].add(row.department)
	chosen = [row.user for row in staff if not limits[row.name] or department in limits[row.name]]
	return chosen or [row.user for row in staff]


def language_of(user: str) -> str:
	"""The language a person reads the desk in."""
	return frappe.get_cached_value("User", user, "language") or frappe.db.get_default("lang") or "en"


def _workload(today: date) -> list[tuple[str, int, int, int]]:
	task, staff = frappe.qb.DocType(TASK), frappe.qb.DocType(STAFF)
	midnight, evening = datetime.combine(today, time.min), datetime.combine(today, time.max)
	waiting = task.next_attempt_at.isnull() | (task.next_attempt_at < midnight)
	promised = (task.next_attempt_at >= midnight) & (task.next_attempt_at <= evening)

	def count(condition) -> Sum:
		return Sum(Case().when(condition, 1).else_(0))

	return [
		(user, int(due), int(overdue), int(calls))
		for user, _all, due, overdue, calls in (
			frappe.qb.from_(task)
			.inner_join(staff)
			.on((staff.user == task.assigned_to) & (staff.enabled == 1))
			.select(
				task.assigned_to,
				Count("*"),
				count(waiting & (task.due_date == today)),
				count(waiting & (task.due_date < today)),
				count(promised),
			)
			.where(task.status.isin(("Open", "In Progress")) & (task.on_hold == 0))
			.where(task.channel.isin(sorted(HUMAN_CHANNELS)))
			.where((task.due_date <= today) | promised)
			.groupby(task.assigned_to)
			.orderby(task.assigned_to)
			.run()
		)
		if due or overdue or calls
	]


def notify_once(user: str, subject: str, *, task: str, once: str) -> bool:
	"""Tell `user` something about one task; `once` names the occasion, which is told a single time. False when it was."""
	link = urlsplit(get_url_to_form(TASK, task)).path
	return tell(user, subject, link=link, document_name=task, once=once)


def tell(
	user: str,
	subject: str,
	*,
	link: str,
	document_type: str = TASK,
	document_name: str | None = None,
	once: str | None = None,
) -> bool:
	"""Write one entry into a person's notifications, unless they want none; `once` names an occasion told only once."""
	if not is_notifications_enabled(user) or not frappe.db.get_value("User", user, "enabled"):
		return False
	# Type Alert is never mailed: what stands here stays inside the site.
	notice = frappe.get_doc(
		{
			"doctype": NOTICE,
			"subject": subject,
			"for_user": user,
			"from_user": frappe.session.user,
			"type": "Alert",
			"document_type": document_type,
			"document_name": document_name,
			"link": link,
		}
	)
	name = once and entry_name(once)
	if name and frappe.db.exists(NOTICE, name):
		return False
	frappe.db.savepoint("followup_notice")
	try:
		notice.insert(ignore_permissions=True, set_name=name)  # reason: the system writes to people's inboxes
	except frappe.DuplicateEntryError:
		frappe.db.rollback(save_point="followup_notice")
		frappe.clear_last_message()
		return False
	frappe.db.release_savepoint("followup_notice")
	return True


def entry_name(once: str) -> str:
	"""The name of the entry about an occasion that is told only once."""
	return hashlib.sha256(once.encode()).hexdigest()[:20]


def worklist_link(filters: Mapping[str, str]) -> str:
	"""The list of tasks with these filters, as a path of this site whatever its host is called."""
	return list_link(TASK, filters)


def list_link(doctype: str, filters: Mapping[str, str]) -> str:
	"""The list of a doctype with these filters, as a path of this site."""
	path = urlsplit(get_url_to_list(doctype)).path
	return f"{path}?{urlencode(filters)}"


def _notify(user: str, subject: str, *, filters: Mapping[str, str], once: str | None = None) -> bool:
	return tell(user, subject, link=worklist_link(filters), once=once)


def _own(user: str, today: date) -> dict[str, str]:
	return {"assigned_to": user, "status": "Open", "due_date": f'["<=","{today}"]'}


def _name_of(department: str | None, language: str) -> str:
	if not department:
		return _("Without department", language)
	return frappe.get_cached_value("Follow-up Department", department, "department_name")
