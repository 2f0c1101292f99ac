"""Whether anything lies about undone: discharges without a decision, events that were missed, figures not yet counted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import frappe
from frappe import _
from frappe.utils import now_datetime

from hospital_followup.services import missed_events
from hospital_followup.services.figure_marks import MARK
from hospital_followup.services.health_check import BAD, OK, WARN, Check, counted, some
from hospital_followup.services.reconcile import unrecorded_count
from hospital_followup.services.runs import RUN

DISCHARGE = "Patient Discharge"
#: Three ticks of the dispatcher.
SOON = timedelta(minutes=15)
FIGURES_SOON = timedelta(hours=1)


def checks() -> Iterator[Check]:
	yield _undecided()
	yield _missed()
	yield _figures()
	yield _settings()


def _undecided() -> Check:
	"""The number on the desk counts what came in this very minute too; here only what should have been decided."""
	waiting = some(DISCHARGE, {"decision": "Pending", "modified": ("<", now_datetime() - SOON)})
	unrecorded = unrecorded_count()
	if not waiting and not unrecorded:
		return Check("discharges", OK, _("Every discharge has a decision."))
	sentence = _("{0} discharges wait for a decision, {1} stays of the last week are not recorded yet.")
	fix = _(
		"The dispatcher decides within minutes. Where it cannot, the run names the discharge and the reason."
	)
	options = {"decision": "Pending"}
	return Check(
		"discharges", BAD, sentence.format(counted(waiting), unrecorded), fix, ("List", DISCHARGE), options
	)


def _missed() -> Check:
	missed = len(missed_events.unresolved())
	if not missed:
		return Check("events", OK, _("Everything that other apps told was taken over."))
	sentence = _(
		"{0} events of other apps could not be taken over yet; they are tried again every five minutes."
	)
	fix = _("Open the run: it names the document and what was wrong with it.")
	options = {"job": missed_events.JOB, "status": "Failed"}
	return Check("events", WARN, sentence.format(missed), fix, ("List", RUN), options)


def _figures() -> Check:
	oldest = frappe.get_all(MARK, pluck="creation", order_by="creation", limit=1)
	if not oldest or now_datetime() - oldest[0] < FIGURES_SOON:
		return Check("figures", OK, _("The figures are up to date."))
	sentence = _(
		"Figures have waited to be counted since {0}. Dashboards count those days afresh and are right, only slower."
	)
	fix = _("See the lines about dispatcher and runs.")
	return Check("figures", WARN, sentence.format(frappe.utils.pretty_date(oldest[0])), fix)


def _settings() -> Check:
	settings = frappe.get_cached_doc("Follow-up Settings")
	empty = [
		_(settings.meta.get_label(field), context=settings.doctype)
		for field in ("hospital_name", "hospital_phone", "emergency_number", "base_url", "default_calendar")
		if not settings.get(field)
	]
	route = ("Form", settings.doctype)
	if empty:
		sentence = _("Still empty in the settings: {0}.").format(", ".join(empty))
		return Check("settings", WARN, sentence, _("Fill them in: texts to patients need them."), route)
	if not settings.base_url.startswith("https://"):
		sentence = _("The public address is not https: patients' links would be readable on the way.")
		return Check("settings", WARN, sentence, _("Enter the address that patients reach."), route)
	return Check("settings", OK, _("The settings that texts to patients need are filled in."), route=route)
