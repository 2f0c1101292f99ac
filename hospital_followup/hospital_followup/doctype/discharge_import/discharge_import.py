from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document

from hospital_followup.exceptions import InvalidValueError


class DischargeImport(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from hospital_followup.hospital_followup.doctype.discharge_import_column.discharge_import_column import (
			DischargeImportColumn,
		)
		from hospital_followup.hospital_followup.doctype.discharge_import_rejection.discharge_import_rejection import (
			DischargeImportRejection,
		)

		company: DF.Data | None
		department: DF.Link | None
		dry_run_on: DF.Datetime | None
		dry_run_result: DF.Text | None
		file: DF.Attach
		imported_on: DF.Datetime | None
		imported_rows: DF.Int
		mapping: DF.Table[DischargeImportColumn]
		rejected_count: DF.Int
		rejected_rows: DF.Table[DischargeImportRejection]
		status: DF.Literal["Draft", "Checked", "Running", "Imported", "Failed", "Undone"]
		title: DF.Data | None
		total_rows: DF.Int
		undo_reason: DF.SmallText | None
		undone_by: DF.Link | None
		undone_on: DF.Datetime | None
	# end: auto-generated types

	def validate(self) -> None:
		self.title = self.title or (self.file or "").rsplit("/", 1)[-1]
		self.validate_mapping()

	def validate_mapping(self) -> None:
		columns: dict[str, str] = {}
		for row in self.mapping:
			if row.target and row.target in columns:
				frappe.throw(
					_("The columns {0} and {1} both go into {2}. Leave one of them out.").format(
						frappe.bold(columns[row.target]), frappe.bold(row.column_title), _(row.target)
					),
					InvalidValueError,
					title=_("Two Columns for One Field"),
				)
			columns[row.target] = row.column_title
