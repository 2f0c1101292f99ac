"""The dates of one hospital stay: which cannot be, and how old the patient was."""

from __future__ import annotations

from datetime import date, timedelta

from frappe import _
from frappe.utils import add_years, formatdate, getdate

# A ward may write the discharge the evening before; anything further ahead is a typing error.
DAYS_AHEAD = timedelta(days=1)
# A revisit is planned for years ahead at most (a cancer programme takes five); anything else is a typing error.
REVISIT_YEARS = 5
REVISIT_YEARS_BACK = 2


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


def revisit_problem(day: date, discharge: date) -> str | None:
	"""Why `day` cannot be the revisit after a discharge, as a sentence; None when it can."""
	last = getdate(add_years(discharge, REVISIT_YEARS))
	if day > last:
		return _(
			"Revisit date {0} lies more than {1} years after the discharge. Please correct the year."
		).format(formatdate(day), REVISIT_YEARS)
	return None


def expected_problem(day: date, today: date) -> str | None:
	"""Why nobody can be expected on `day`, as a sentence; None when somebody can."""
	if getdate(add_years(today, -REVISIT_YEARS_BACK)) <= day <= getdate(add_years(today, REVISIT_YEARS)):
		return None
	return _("{0} cannot be the day of a revisit: enter a day from {1} years ago to {2} years ahead.").format(
		formatdate(day), REVISIT_YEARS_BACK, REVISIT_YEARS
	)


def completed_years(born: date, day: date) -> int:
	"""Age in completed years; someone born on 29 February is a year older from 1 March on in common years."""
	return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
