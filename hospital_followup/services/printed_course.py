"""The rehabilitation record on paper: each course as a drawing with its target, and the same as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import frappe
from frappe import _
from frappe.utils import formatdate, getdate, today

from hospital_followup.services.course_drawing import DASHES, drawing
from hospital_followup.services.rehabilitation import rehabilitation
from hospital_followup.services.stay_dates import completed_years

if TYPE_CHECKING:
	from hospital_followup.hospital_followup.doctype.follow_up_patient.follow_up_patient import (
		FollowupPatient,
	)

#: Dates in one table; a longer course goes on in the next.
COLUMNS = 8
STROKE_WORDS = ("———", "– – –", "· · ·")


def printed_course(patient: FollowupPatient) -> frappe._dict[str, Any]:
	"""The content of the print format for one patient, in the language of the print."""
	record = rehabilitation(patient.name)
	born = patient.date_of_birth
	settings = frappe.get_cached_doc("Follow-up Settings")
	return frappe._dict(
		hospital=settings.hospital_name or patient.company or "",
		patient_name=patient.patient_name,
		patient_id=patient.patient_id,
		sex=_(patient.sex) if patient.sex else "",
		age=completed_years(getdate(born), getdate(today())) if born else None,
		courses=[
			*(_course(chart["title"], chart["lines"], drawing(chart)) for chart in record["charts"]),
			*(_course(row["title"], [row], "") for row in record["rows"]),
		],
		printed=formatdate(today()),
	)


def _course(title: str, lines: list[dict[str, Any]], svg: str) -> frappe._dict:
	several = len(lines) > 1
	return frappe._dict(
		title=title,
		svg=svg,
		targets=[
			_("Target of {0}: {1}").format(line["title"], line["band"]["words"])
			if several
			else _("Target: {0}").format(line["band"]["words"])
			for line in lines
			if line.get("band")
		],
		key=[f"{STROKE_WORDS[place % len(DASHES)]} {line['title']}" for place, line in enumerate(lines)]
		if several and svg
		else [],
		tables=_tables(lines),
	)


def _tables(lines: list[dict[str, Any]]) -> list[frappe._dict]:
	"""Contacts as columns, a few at a time, so that a long course stays on the paper."""
	contacts = {point["log"]: point["on"] for line in lines for point in line["points"]}
	logs = sorted(contacts, key=lambda log: contacts[log])
	words = [{point["log"]: _cell(point) for point in line["points"]} for line in lines]
	tables = []
	for start in range(0, len(logs), COLUMNS):
		part = logs[start : start + COLUMNS]
		rows = [
			frappe._dict(
				title=line["title"] if len(lines) > 1 else _("Answer"),
				cells=[known.get(log, "") for log in part],
			)
			for line, known in zip(lines, words, strict=True)
		]
		tables.append(frappe._dict(days=[formatdate(contacts[log]) for log in part], rows=rows))
	return tables


def _cell(point: dict[str, Any]) -> str:
	flags = {"Red": _("red flag"), "Amber": _("needs attention")}
	return f"{point['shown']} ⚑ {flags[point['flag']]}" if point["flag"] in flags else point["shown"]
