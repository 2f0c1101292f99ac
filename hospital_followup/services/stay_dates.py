"""The dates of one hospital stay: which cannot be, and how old the patient was."""

from __future__ import annotations

from datetime import date, timedelta

from frappe import _
from frappe.utils import formatdate

# A ward may write the discharge the evening before; anything further ahead is a typing error.
DAYS_AHEAD = timedelta(days=1)


def date_problem(admission: date | None, discharge: date, born: date | None, today: date) -> str | None:
	"""What is wrong with the dates of a stay, as a sentence that says which to correct; None when they fit."""
	begins = admission or discharge
	if discharge > today + DAYS_AHEAD:
		return _("Discharge date {0} lies more than a day ahead. Enter it once the patient has left.").format(
			formatdate(discharge)
		)
	if discharge < begins:
		return _("Discharge date {0} is before the admission date {1}. Please correct one of them.").format(
			formatdate(discharge), formatdate(begins)
		)
	if born and begins < born:
		return _(
			"The stay begins on {0}, before the patient was born on {1}. Please correct the stay or the date of birth."
		).format(formatdate(begins), formatdate(born))
	return None


def completed_years(born: date, day: date) -> int:
	"""Age in completed years; someone born on 29 February is a year older from 1 March on in common years."""
	return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
