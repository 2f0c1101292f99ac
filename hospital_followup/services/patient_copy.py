"""A copy of everything kept about one patient, to be handed over: readable (HTML) and machine-readable (JSON), with the files.

The medical record and the bills are other apps' records; who asks for those gets them there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import PurePath
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import frappe
from frappe.model.document import Document
from frappe.utils import now_datetime

from hospital_followup.services import access_note, patient_copy_page, patient_traces
from hospital_followup.services.patient_records import PATIENT, person, records_of

#: What opens or identifies something to a machine and says nothing about the patient.
SECRET = frozenset({"token_hash", "claim_id", "inputs_hash", "source_digest", "reference"})
#: What people wrote about the records outside of their fields.
WRITTEN = {
	"Comment": ("reference_doctype", "reference_name", "creation", "owner", "comment_type", "content"),
	"Communication": ("reference_doctype", "reference_name", "creation", "sender", "subject", "content"),
}


def archive(patient: str) -> bytes:
	"""The zip file for `patient` and the records merged into it. The export is noted in the Access Log."""
	records = records_of(person(patient))
	documents = {
		doctype: [frappe.get_doc(doctype, name) for name in names] for doctype, names in records.items()
	}
	written = {doctype: _written(records, doctype) for doctype in WRITTEN}
	packed = BytesIO()
	with ZipFile(packed, "w", ZIP_DEFLATED) as file:
		attached = _attached(file, records)
		file.writestr("data.json", _machine_readable(documents, written, attached))
		file.writestr("index.html", patient_copy_page.page(documents, written["Comment"], attached))
	access_note.note(PATIENT, patient, "Patient Copy", file_type="zip")
	return packed.getvalue()


def _machine_readable(
	documents: Mapping[str, Sequence[Document]],
	written: Mapping[str, Sequence[Mapping[str, Any]]],
	attached: Sequence[str],
) -> str:
	records = {doctype: [_plain(doc) for doc in docs] for doctype, docs in documents.items()}
	copied_on = now_datetime()
	return frappe.as_json(
		{"copied_on": copied_on, "records": records, "written": written, "files": attached},
		ensure_ascii=False,
	)


def _plain(doc: Document) -> dict[str, Any]:
	values = doc.as_dict(no_nulls=True, convert_dates_to_str=True)
	return {field: value for field, value in values.items() if field not in SECRET}


def _written(records: Mapping[str, Sequence[str]], doctype: str) -> list[frappe._dict]:
	names = patient_traces.traces_of(records, doctype)
	filters = {"name": ("in", names or [""])}
	return frappe.get_all(doctype, filters=filters, fields=list(WRITTEN[doctype]), order_by="creation, name")


def _attached(archive: ZipFile, records: Mapping[str, Sequence[str]]) -> list[str]:
	"""Pack the files; their names in the zip file. A file whose content is gone from the disk is left out."""
	packed = []
	for number, name in enumerate(patient_traces.files_of(records), start=1):
		file = frappe.get_doc("File", name)
		if file.is_folder or not file.exists_on_disk():
			continue
		path = f"files/{number}-{PurePath(file.file_name or name).name}"
		archive.writestr(path, file.get_content())
		packed.append(path)
	return packed
