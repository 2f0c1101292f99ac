"""What Frappe keeps about our records: comments, versions, mails, notices, files, the search index, the bin.

The log of who looked at a record (View Log) and of exports (Access Log) stays: it says what people did. What they were
shown, an export's whole table or its filters, goes where the patient stands in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from operator import or_
from typing import Any

import frappe
from frappe.utils import escape_html

from hospital_followup.services.patient_records import PATIENT
from hospital_followup.services.writer import NAMES_PER_STATEMENT, chunks, set_values
from hospital_followup.sources.base import exists

Records = Mapping[str, Sequence[str]]
MESSAGE, RECEIPT = "Follow-up Message", "Follow-up Receipt"

#: doctype → (field with the doctype, field with the name) of the record that it is about.
TRACES = {
	"Comment": ("reference_doctype", "reference_name"),
	"Communication": ("reference_doctype", "reference_name"),
	"Version": ("ref_doctype", "docname"),
	"Email Queue": ("reference_doctype", "reference_name"),
	"Notification Log": ("document_type", "document_name"),
	"Activity Log": ("reference_doctype", "reference_name"),
	"ToDo": ("reference_type", "reference_name"),
	"Tag Link": ("document_type", "document_name"),
	"DocShare": ("share_doctype", "share_name"),
	"Document Follow": ("ref_doctype", "ref_docname"),
	"Integration Request": ("reference_doctype", "reference_docname"),
	"Deleted Document": ("deleted_doctype", "deleted_name"),
	# Entries of ours in the Patient History of Frappe Health
	"Patient Medical Record": ("reference_doctype", "reference_name"),
}
#: By doctype the fields under which a list or report shows a patient.
SHOWN_AS = {
	PATIENT: ("patient_name", "patient_id", "mobile", "caregiver_name", "caregiver_mobile", "email"),
	"Patient Discharge": ("patient_name", "external_id"),
}
#: What Frappe keeps of an export beside who did it: the table as it was printed, the filters.
EXPORTED = ("page", "filters", "columns")
#: Of these the bin may hold what was written about a record of ours.
BINNED = ("Comment", "Communication", "File", "ToDo", "Version")
#: Columns beside the fields that hold words or people.
LOOSE = ("_comments", "_user_tags", "_assign", "_liked_by", "_seen")


def traces_of(records: Records, doctype: str) -> list[str]:
	"""The names of the `doctype` rows about these records."""
	if not exists(doctype):
		return []
	of_doctype, of_name = TRACES[doctype]
	found: list[str] = []
	for about, names in records.items():
		for part in chunks(names, NAMES_PER_STATEMENT):
			filters = {of_doctype: about, of_name: ("in", part)}
			found += frappe.get_all(doctype, filters=filters, pluck="name", order_by="name")
	return found


def files_of(records: Records) -> list[str]:
	"""The names of the files attached to these records."""
	found: list[str] = []
	for about, names in records.items():
		for part in chunks(names, NAMES_PER_STATEMENT):
			filters = {"attached_to_doctype": about, "attached_to_name": ("in", part)}
			found += frappe.get_all("File", filters=filters, pluck="name", order_by="creation, name")
	return found


def remove(records: Records) -> int:
	"""Delete every trace of these records, the files on the disk included; returns how many rows and files."""
	for name in (files := files_of(records)):
		# The disk is no part of the transaction. A file that goes although the rest fails goes once more the next time.
		frappe.delete_doc(
			"File",
			name,
			force=True,
			ignore_permissions=True,  # reason: who may erase the patient erases the patient's files
			delete_permanently=True,
		)
	removed = len(files)
	_messages_elsewhere(records)
	_forget_exports(records)
	links = traces_of(records, "Tag Link")
	tags = frappe.get_all("Tag Link", filters={"name": ("in", links or [""])}, pluck="tag", order_by="tag")
	for doctype in TRACES:
		removed += _delete(doctype, traces_of(records, doctype))
	removed += _delete("Tag", (tag for tag in set(tags) if not frappe.db.exists("Tag Link", {"tag": tag})))
	removed += _delete("Deleted Document", _binned(records))
	_forget_search(records)
	return removed


def forget_receipts(messages: Sequence[str]) -> None:
	"""Empty the ids under which a service knows these messages, and with them whom it sent them to."""
	known: set[str] = set()
	for part in chunks(messages, NAMES_PER_STATEMENT):
		known.update(_receipts(message=part))
		fields = ["reference", "provider", "provider_id"]
		rows = frappe.get_all(MESSAGE, filters={"name": ("in", part)}, fields=fields, order_by="name")
		known.update(_receipts(reference=[row.reference for row in rows if row.reference]))
		for provider in {row.provider for row in rows if row.provider}:
			ids = [row.provider_id for row in rows if row.provider == provider and row.provider_id]
			known.update(_receipts(provider=[provider], provider_id=ids))
	set_values(RECEIPT, sorted(known), dict.fromkeys(("provider_id", "reference", "code")))


def _receipts(**values: Sequence[str]) -> list[str]:
	"""Read without locks: services report at any time, and the ids have no index."""
	if not all(values.values()):
		return []
	filters = {field: ("in", wanted) for field, wanted in values.items()}
	return frappe.get_all(RECEIPT, filters=filters, pluck="name", order_by="name")


def clear_loose_columns(doctype: str, names: Sequence[str]) -> None:
	"""Empty what Frappe keeps in the row itself beside the fields."""
	table = frappe.qb.DocType(doctype)
	columns = [column for column in LOOSE if frappe.db.has_column(doctype, column)]
	for part in chunks(names, NAMES_PER_STATEMENT) if columns else ():
		query = frappe.qb.update(table).where(table.name.isin(part))
		for column in columns:
			query = query.set(table[column], None)
		query.run()


def _messages_elsewhere(records: Records) -> None:
	"""Messages by e-mail and by Frappe's own notices stand in its tables under ids of their own (channels/providers)."""
	for part in chunks(records.get(MESSAGE) or (), NAMES_PER_STATEMENT):
		filters = {"name": ("in", part), "reference": ("is", "set")}
		references = frappe.get_all(MESSAGE, filters=filters, pluck="reference", order_by="name") or [""]
		_delete("Notification Log", _existing("Notification Log", "name", references))
		ids = [f"{reference}@{frappe.local.site}" for reference in references]
		_delete("Email Queue", _existing("Email Queue", "message_id", ids))


def _forget_exports(records: Records) -> None:
	"""Empty what was exported with one of these patients in it."""
	log = frappe.qb.DocType("Access Log")
	found: set[str] = set()
	for part in chunks(sorted(_shown(records)), 50):
		texts = [_pattern(form) for word in part for form in {word, escape_html(word)}]
		about = reduce(or_, (log[column].like(text) for column in EXPORTED for text in texts))
		found.update(frappe.qb.from_(log).select(log.name).where(about).run(pluck=True))
	set_values("Access Log", sorted(found), dict.fromkeys(EXPORTED))


def _shown(records: Records) -> set[str]:
	"""The names and numbers under which these patients may have been shown; a single sign would be found everywhere."""
	words: set[str] = set()
	for doctype, fields in SHOWN_AS.items():
		for part in chunks(records.get(doctype, ()), NAMES_PER_STATEMENT):
			rows = frappe.get_all(
				doctype, filters={"name": ("in", part)}, fields=list(fields), order_by="name", as_list=True
			)
			words.update(word for row in rows for word in row if word and len(word) > 1)
	return words


def _pattern(text: str) -> str:
	"""`text` anywhere, each of its signs meaning itself."""
	for sign in ("\\", "%", "_"):
		text = text.replace(sign, f"\\{sign}")
	return f"%{text}%"


def _existing(doctype: str, field: str, values: Sequence[str]) -> list[str]:
	return frappe.get_all(doctype, filters={field: ("in", values)}, pluck="name", order_by="name")


def _binned(records: Records) -> list[str]:
	"""Copies in the bin: deleted records of these patients, and deleted words about their records."""
	binned = frappe.qb.DocType("Deleted Document")
	found: list[str] = []
	of_patients = [f'%"patient": "{name}"%' for name in records.get(PATIENT, ())]
	of_records = [f'%"{name}"%' for names in records.values() for name in names]
	for doctypes, patterns in ((tuple(records), of_patients), (BINNED, of_records)):
		for part in chunks(patterns, 50):
			about = reduce(or_, (binned.data.like(pattern) for pattern in part))
			query = frappe.qb.from_(binned).select(binned.name)
			found += query.where(binned.deleted_doctype.isin(doctypes) & about).run(pluck=True)
	return found


def _delete(doctype: str, names: Iterable[str]) -> int:
	"""Delete rows with their child rows; nothing of them may reach the bin."""
	wanted = list(names)
	for part in chunks(wanted, NAMES_PER_STATEMENT):
		for field in frappe.get_meta(doctype).get_table_fields():
			frappe.db.delete(field.options, {"parenttype": doctype, "parent": ("in", part)})
		frappe.db.delete(doctype, {"name": ("in", part)})
	return len(wanted)


def _forget_search(records: Records) -> None:
	index: Any = frappe.qb.Table("__global_search")
	for doctype, names in records.items():
		for part in chunks(names, NAMES_PER_STATEMENT):
			frappe.qb.from_(index).delete().where((index.doctype == doctype) & index.name.isin(part)).run()
