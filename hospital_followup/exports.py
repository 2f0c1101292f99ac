"""Exports and mailed reports of this app's records: harmless in a spreadsheet, and never more than the reader may see."""

from collections.abc import Callable
from functools import partial
from typing import Any

import frappe
from frappe import _
from frappe.core.doctype.data_export import exporter
from frappe.desk import query_report, reportview
from frappe.email.doctype.auto_email_report.auto_email_report import AutoEmailReport
from frappe.utils import escape_html

from hospital_followup.hidden_fields import MODULE
from hospital_followup.services.acting import acting_as
from hospital_followup.services.export_safety import neutral_csv, neutral_xlsx

NO_VALUE = "–"


@frappe.whitelist(methods=["GET", "POST"])
def export_report(report_name: str) -> None:
	"""`frappe.desk.query_report.export_query`; the file of a report of this app runs nothing that a field holds."""
	_export(query_report.export_query, _doctype_of(report_name) if _is_ours(report_name) else None)


@frappe.whitelist(methods=["GET", "POST"])
def export_list(doctype: str) -> None:
	"""`frappe.desk.reportview.export_query`, the same for the lists of this app."""
	_export(reportview.export_query, doctype if _is_our_doctype(doctype) else None)


@frappe.whitelist(methods=["GET", "POST"])
def export_records(doctype: str | list[Any]) -> None:
	"""`frappe.core.doctype.data_export.exporter.export_data`, the same; a list is a doctype and names of records."""
	kind = str(doctype[0] if isinstance(doctype, list) else doctype)
	exported = partial(frappe.call, exporter.export_data, **frappe.form_dict)
	_export(exported, kind if _is_our_doctype(kind) else None)


class FollowupAutoEmailReport(AutoEmailReport):
	"""A report by e-mail. Frappe runs it as whoever runs the scheduler; ours sees what the chosen user may see."""

	def validate(self) -> None:
		"""Frappe lets a report manager choose anybody; whose figures go to whom, that person decides."""
		super().validate()
		own = self.user == frappe.session.user or "System Manager" in frappe.get_roles()
		if not own and _is_ours(self.report):
			frappe.throw(
				_(
					"This report would be sent with everything that {0} may see. Choose yourself as its user, or ask a "
					"system manager."
				).format(escape_html(self.user)),
				frappe.PermissionError,
				title=_("Somebody else's report"),
			)

	def get_report_content(self) -> str | bytes | None:
		if not _is_ours(self.report):
			return super().get_report_content()
		# Who asks for it now (download, send now) sees no more than in the desk; a job has no request.
		if getattr(frappe.local, "request", None):
			self.user = frappe.session.user
		if not frappe.db.get_value("User", self.user, "enabled"):
			return None
		with acting_as(self.user):
			content = super().get_report_content()
		if content and self.format == "CSV":
			return neutral_csv(frappe.as_unicode(content))
		return neutral_xlsx(content) if content and self.format == "XLSX" else content

	def get_html_table(self, columns: list | None = None, data: list | None = None) -> str:
		"""Frappe's table; where there is nothing to divide it says so instead of 0 %, and texts are only texts."""
		if columns and data and _is_ours(self.report):
			data = [frappe._dict({col.fieldname: _shown(row, col) for col in columns}) for row in data]
			columns = [frappe._dict(col, fieldtype="HTML", options=None) for col in columns]
		return super().get_html_table(columns, data)


def _shown(row: dict[str, Any], col: frappe._dict) -> str:
	value = row.get(col.fieldname)
	if value is None:
		return NO_VALUE
	return (
		frappe.format(value, col, row)
		if col.fieldtype == "Link"
		else escape_html(frappe.format(value, frappe._dict(col), row))
	)


def _is_ours(report: str) -> bool:
	module = frappe.db.get_value("Report", report, "module")
	return module == MODULE or _is_our_doctype(_doctype_of(report))


def _is_our_doctype(doctype: str) -> bool:
	return bool(frappe.db.get_value("DocType", doctype, "module") == MODULE)


def _doctype_of(report: str) -> str:
	return str(frappe.db.get_value("Report", report, "ref_doctype") or "")


def _export(exported: Callable[[], Any], doctype: str | None) -> None:
	"""Run Frappe's `exported`; when the records are ours (of `doctype`), make what it wrote harmless."""
	if not doctype:
		exported()
		return
	frappe.permissions.can_export(doctype, raise_exception=True)
	# A file that is made later, in the background, would not pass through here (Frappe 16).
	frappe.form_dict.pop("export_in_background", None)
	delimiter = str(frappe.form_dict.get("csv_delimiter") or ",")[0]
	excel = "Excel" in (frappe.form_dict.get("file_format_type"), frappe.form_dict.get("file_type"))
	exported()
	content = frappe.response.get("filecontent")
	if content:
		safe = neutral_xlsx(content) if excel else neutral_csv(content.decode(), delimiter).encode()
		frappe.response["filecontent"] = safe
	elif frappe.response.get("type") == "csv":
		frappe.response["result"] = neutral_csv(frappe.response["result"])
