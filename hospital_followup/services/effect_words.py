"""What may and may not be concluded from the comparison, in words."""

from __future__ import annotations

from datetime import date

import frappe
from frappe import _
from frappe.utils import cint, escape_html, format_date, getdate

from hospital_followup.engine.uplift import ENOUGH, HIGHER, LOWER, TOO_FEW, Estimate, Uplift
from hospital_followup.services.effect import Comparison

SETTINGS = "Follow-up Settings"


def verdict(found: Uplift) -> str:
	"""One sentence about one outcome."""
	if found.verdict == TOO_FEW:
		return _("Too few to say: at least {0} patients are needed in each group.").format(ENOUGH)
	if found.verdict == HIGHER:
		return _("More often when followed up, by more than chance explains.")
	if found.verdict == LOWER:
		return _("Less often when followed up, by more than chance explains.")
	return _("No difference shown; an effect as large as the interval allows is not ruled out.")


def interval(found: Estimate | None, *, points: bool) -> str:
	"""“−4.0 to 10.0”: percentage points, or a ratio with two decimals."""
	if found is None:
		return "–"
	low, high = (
		(f"{100 * found.low:.1f}", f"{100 * found.high:.1f}")
		if points
		else (f"{found.low:.2f}", f"{found.high:.2f}")
	)
	return _("{0} to {1}", context="Interval").format(low, high).replace("-", "−")


def explanation(found: Comparison, start: date) -> str:
	"""The paragraphs above the table, as HTML."""
	settings = frappe.get_cached_doc(SETTINGS)
	if not (found.held_out or found.followed_up):
		return _paragraphs(_nobody(cint(settings.holdout_percent)))
	said = [
		_(
			"A lot decided who went without messages, so the groups differ by chance only, and a difference larger than chance can be put down to the messages."
		),
		_(
			"It holds for patients at low risk for whom only automatic messages were planned. It says nothing about calls, or about patients at higher risk."
		),
		_(
			"Only visits and admissions in the hospital's own documents count, in both groups alike. Visits to other hospitals are not known."
		),
	]
	if found.crossed_over:
		said.append(
			_(
				"{0} of {1} patients who were held out were followed up after all. They count as held out, so the true effect may be larger than shown."
			).format(found.crossed_over, found.held_out)
		)
	since = settings.holdout_since and getdate(settings.holdout_since)
	if since and start < since:
		said.append(
			_(
				"The present share is held out since {0}. Before that day another share, or nobody, was held out: choose a period from that day on."
			).format(format_date(since))
		)
	said.append(
		_(
			"Please promise nobody fewer readmissions: a large randomised trial (FUTR-30, 3054 patients) found no effect of a follow-up call on readmission within 30 days."
		)
	)
	headlines = (
		_("Revisit attended: {0}").format(verdict(found.revisit)),
		_("Readmitted: {0}").format(verdict(found.readmission)),
	)
	return "".join(f"<p><strong>{escape_html(line)}</strong></p>" for line in headlines) + _paragraphs(*said)


def _nobody(percent: int) -> str:
	if percent:
		return _(
			"Nobody in this period took part in the comparison yet. The groups fill with new discharges."
		)
	return _(
		"Nobody is held out, so there is nobody to compare with: how many came back tells nothing about why. An administrator can hold out a small share of low-risk patients in the settings (“Held Out for Comparison (%)”)."
	)


def _paragraphs(*sentences: str) -> str:
	return "".join(f"<p>{escape_html(sentence)}</p>" for sentence in sentences)
