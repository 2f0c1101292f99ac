"""The readable page of a patient's copy: every record with the labels of its form, in the language of who prints it.

Plain HTML without scripts, for a screen or a printer; everything that was typed is escaped.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from html import unescape
from typing import Any
from urllib.parse import quote

import frappe
from frappe import _
from frappe.model import no_value_fields, table_fields
from frappe.model.document import Document
from frappe.utils import cint, escape_html, format_date, format_datetime, now_datetime, strip_html

from hospital_followup.services.patient_records import PATIENT
from hospital_followup.services.wording import sentences_of

STYLE = """
body { font: 15px/1.6 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; color: #1f272e; max-width: 60em; margin: 2em auto; padding: 0 1em; }
h1 { font-size: 1.5em; margin: 0; } h2 { font-size: 1.15em; margin: 2em 0 .5em; border-bottom: 2px solid #c0c6cc; }
section { break-inside: avoid; border: 1px solid #d1d8dd; border-radius: 6px; padding: .6em 1em; margin: .8em 0; }
dl { display: grid; grid-template-columns: minmax(9em, 30%) 1fr; gap: .15em 1em; margin: 0; }
dt { color: #596773; } dd { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; margin-top: .5em; } th, td { border: 1px solid #d1d8dd; padding: .2em .5em; text-align: start; vertical-align: top; }
"""
#: Fields that hold reason codes; a reader gets their sentences.
REASONS = frozenset(
	{"reasons", "status_reason", "stop_reason", "decision_reason", "pause_reason", "value_reasons"}
)


def page(
	documents: Mapping[str, Sequence[Document]], comments: Sequence[Mapping[str, Any]], files: Sequence[str]
) -> str:
	"""The whole page."""
	patient = documents[PATIENT][0]
	title = _("What we keep about {0}").format(patient.patient_name)
	parts = [_records(doctype, docs) for doctype, docs in documents.items()]
	parts.append(_comments(comments))
	parts.append(_files(files))
	return (
		f'<!doctype html><html lang="{frappe.local.lang}"><head><meta charset="utf-8">'
		f'<meta name="robots" content="noindex"><title>{escape_html(title)}</title><style>{STYLE}</style></head>'
		f"<body><h1>{escape_html(title)}</h1><p>{_introduction()}</p>{''.join(parts)}</body></html>"
	)


def _introduction() -> str:
	hospital = frappe.get_cached_doc("Follow-up Settings").hospital_name
	lines = [
		hospital,
		_("Copied on {0}.").format(format_datetime(now_datetime())),
		_("The hospital's medical record is not part of this copy."),
	]
	return "<br>".join(escape_html(line) for line in lines if line)


def _records(doctype: str, docs: Sequence[Document]) -> str:
	return f"<h2>{escape_html(_(doctype))}</h2>" + "".join(_record(doc) for doc in docs)


def _record(doc: Document) -> str:
	pairs, tables = "", ""
	for field in doc.meta.fields:
		value = doc.get(field.fieldname)
		if field.hidden or value in (None, "", []) or field.fieldname == "patient":
			continue
		if field.fieldtype in table_fields:
			tables += _table(_label(field, doc.doctype), field.options, value)
		elif field.fieldtype not in no_value_fields and (value or not _is_number(field)):
			pairs += f"<dt>{_label(field, doc.doctype)}</dt><dd>{_shown(field, value, doc.doctype)}</dd>"
	return f"<section><dl>{pairs}</dl>{tables}</section>"


def _table(label: str, doctype: str, rows: Sequence[Document]) -> str:
	fields = [
		field
		for field in frappe.get_meta(doctype).fields
		if field.fieldtype not in no_value_fields and any(row.get(field.fieldname) for row in rows)
	]
	head = "".join(f"<th>{_label(field, doctype)}</th>" for field in fields)
	body = "".join(
		"<tr>"
		+ "".join(f"<td>{_shown(field, row.get(field.fieldname), doctype)}</td>" for field in fields)
		+ "</tr>"
		for row in rows
	)
	return f"<p>{label}</p><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _label(field: Any, doctype: str) -> str:
	return escape_html(_(field.label or field.fieldname, context=doctype))


def _shown(field: Any, value: Any, doctype: str) -> str:
	if value in (None, ""):
		return ""
	if field.fieldtype == "Check":
		return escape_html(_("Yes") if cint(value) else _("No"))
	if field.fieldname in REASONS:
		return escape_html("\n".join(str(line) for line in sentences_of(str(value))))
	if isinstance(value, datetime):
		return escape_html(format_datetime(value))
	if isinstance(value, date):
		return escape_html(format_date(value))
	if isinstance(value, timedelta):
		return escape_html(str(value))
	if field.fieldtype == "Select":
		return escape_html(_(str(value), context=doctype))
	# Frappe escapes some of what is typed when it is saved.
	return escape_html(unescape(str(value)))


def _is_number(field: Any) -> bool:
	"""Frappe keeps an empty number as 0, so 0 says nothing."""
	return field.fieldtype in ("Int", "Float", "Currency", "Percent", "Check")


def _comments(comments: Sequence[Mapping[str, Any]]) -> str:
	rows = "".join(
		f"<tr><td>{escape_html(format_datetime(row['creation']))}</td><td>{escape_html(strip_html(row['content'] or ''))}</td></tr>"
		for row in comments
	)
	return f"<h2>{escape_html(_('Comments'))}</h2><table>{rows}</table>" if rows else ""


def _files(files: Sequence[str]) -> str:
	links = "".join(f'<li><a href="{quote(path)}">{escape_html(path)}</a></li>' for path in files)
	return f"<h2>{escape_html(_('Files'))}</h2><ul>{links}</ul>" if links else ""
