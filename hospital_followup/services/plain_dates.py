"""Dates that nobody can read the wrong way round: the month as a word, or with 年 and 月, whatever the site's format is."""

from __future__ import annotations

from datetime import date, datetime

from frappe.utils import format_datetime, formatdate


def plain_date(day: date | str | None) -> str:
	"""December 11, 1983 or 1983年12月11日, in the language of the reader; empty for no date."""
	return formatdate(day, "long") if day else ""


def plain_moment(moment: datetime | str | None) -> str:
	"""The date as above with hours and minutes; empty for none."""
	return f"{plain_date(str(moment)[:10])} {format_datetime(moment, 'HH:mm')}" if moment else ""
