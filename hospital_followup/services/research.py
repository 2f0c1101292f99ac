"""A research export from its request to its file: queued, run once, shown while it runs, stopped on request, logged."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

import frappe
from frappe import _
from frappe.core.doctype.access_log.access_log import make_access_log
from frappe.utils import now_datetime

from hospital_followup.engine.deidentify import Masks
from hospital_followup.exceptions import RequesterError, ResearchExportError
from hospital_followup.services.acting import acting_as
from hospital_followup.services.failures import code_of
from hospital_followup.services.research_archive import Archive
from hospital_followup.services.research_cohort import Cohort, cohort
from hospital_followup.services.research_rows import ResearchRows
from hospital_followup.services.wake import research_after_commit
from hospital_followup.services.writer import set_values

EXPORT = "Follow-up Research Export"
WAITING, RUNNING = "Queued", "Running"
COUNTED = ("patients", "discharges", "plans", "contacts", "attempts", "answers", "outcomes")
#: A job that has not been heard of for so long was killed, or its wake-up was lost.
SILENT = timedelta(minutes=30)


class Stopped(Exception):
	"""A person stopped the export."""


def start(name: str) -> None:
	"""Queue an export. Raises ResearchExportError when it has run already: each request is one file."""
	doc = frappe.get_doc(EXPORT, name, for_update=True)
	if doc.status not in ("Draft", "Failed", "Stopped"):
		frappe.throw(
			_("This export is {0} already. Make a new one for another file.").format(_(doc.status)),
			ResearchExportError,
			title=_("Not possible"),
		)
	_set(name, status=WAITING, progress=0, error_code=None)
	research_after_commit(name)


def stop(name: str) -> None:
	"""Stop an export that waits or runs; nothing of it is kept."""
	if frappe.db.get_value(EXPORT, name, "status", for_update=True) in (WAITING, RUNNING):
		_set(name, status="Stopped", finished_at=now_datetime())


def run(name: str) -> None:
	"""Make the file. Whoever comes second, or after a stop, does nothing."""
	if not _claim(name):
		return
	try:
		_make_as_requested(name)
	except Stopped:
		frappe.db.rollback()
	except Exception as error:
		frappe.db.rollback()
		_set(name, status="Failed", error_code=code_of(error), finished_at=now_datetime())
	frappe.db.commit()  # reason: the job ends here
	_tell(name)


def catch_up(now: datetime) -> int:
	"""For the dispatcher: wake what was queued and never ran; say so of what began and was killed."""
	filters = {"status": ("in", (WAITING, RUNNING)), "heard_of": ("<", now - SILENT)}
	rows = frappe.get_all(EXPORT, filters=filters, fields=["name", "status"], order_by="name")
	for row in rows:
		if row.status == WAITING:
			research_after_commit(row.name)
		else:
			_set(row.name, status="Failed", error_code="interrupted", finished_at=now)
	return len(rows)


def _claim(name: str) -> bool:
	if frappe.db.get_value(EXPORT, name, "status", for_update=True) != WAITING:
		return False
	_set(name, status=RUNNING, started_at=now_datetime(), progress=1)
	frappe.db.commit()  # reason: the claim must be seen before the work begins
	return True


def _make_as_requested(name: str) -> None:
	"""The job may run as anybody (the dispatcher is Administrator); the file holds what the requester may read."""
	user = frappe.db.get_value(EXPORT, name, "requested_by")
	if not user or not frappe.db.get_value("User", user, "enabled"):
		raise RequesterError
	with acting_as(user):
		if not frappe.has_permission(EXPORT, "write", doc=name):
			raise RequesterError
		_make(name)


def _make(name: str) -> None:
	doc = frappe.get_doc(EXPORT, name)
	found = cohort(doc.as_dict())
	# The secret lives in this function alone; with it go the ways back.
	masks = Masks(secrets.token_bytes(32))
	with Archive() as archive:

		def reached(done: int, total: int) -> None:
			_beat(name, 1 + 98 * done // total)

		ResearchRows(archive, found, masks).write(reached)
		content, counts = archive.finish(), archive.counts
	_keep(name, content, found, dict(counts))


def _keep(name: str, content: bytes, found: Cohort, counts: dict[str, int]) -> None:
	file = frappe.get_doc(
		{
			"doctype": "File",
			"file_name": f"research-{name}.zip",
			"attached_to_doctype": EXPORT,
			"attached_to_name": name,
			"attached_to_field": "archive",
			"is_private": 1,
			"content": content,
		}
	).insert()
	if frappe.db.get_value(EXPORT, name, "status", for_update=True) != RUNNING:
		file.delete()
		raise Stopped
	_set(
		name,
		status="Finished",
		progress=100,
		finished_at=now_datetime(),
		archive=file.file_url,
		consenting_patients=found.consenting,
		patients_generalised=found.generalised,
		patients_left_out=found.left_out,
		**{table: counts.get(table, 0) for table in COUNTED},
	)
	make_access_log(doctype=EXPORT, document=name, method="Research Export", file_type="zip", filters=counts)


def _beat(name: str, percent: int) -> None:
	"""How far the export has come; ends it when somebody stopped it meanwhile."""
	frappe.db.commit()  # reason: a new snapshot, in which a stop is seen; nothing else was written
	if frappe.db.get_value(EXPORT, name, "status") != RUNNING:
		raise Stopped
	_set(name, progress=percent)
	frappe.db.commit()  # reason: progress is there to be seen
	frappe.publish_progress(percent, title=_("Preparing research data"), doctype=EXPORT, docname=name)


def _tell(name: str) -> None:
	frappe.publish_realtime("doc_update", {"doctype": EXPORT, "name": name}, doctype=EXPORT, docname=name)


def _set(name: str, **values: object) -> None:
	set_values(EXPORT, [name], {**values, "heard_of": now_datetime()})
	frappe.clear_document_cache(EXPORT, name)
