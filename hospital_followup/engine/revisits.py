"""Whether a patient came back: what the hospital's own documents make of one expected revisit.

A missed visit leaves no document, and many visits leave one that nobody booked. So a revisit is attended as soon as any
document shows the patient in the outpatient department, and missed only when its day has passed without one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal

#: `visit` seen by a doctor, `kept` an appointment that the desk closed, `bill` an outpatient invoice; `booking` an
#: appointment that nobody closed (a missed one stays so), `dropped` a cancelled one; `admission` back in hospital.
EvidenceKind = Literal["visit", "kept", "bill", "booking", "dropped", "admission"]
#: Of documents of one day, the one that says most.
ATTENDED_BY: tuple[EvidenceKind, ...] = ("visit", "kept", "bill")

EXPECTED, BOOKED, ATTENDED, MISSED, CANCELLED = "Expected", "Booked", "Attended", "Missed", "Cancelled"
#: A revisit that is still to come, or that is still asked for.
OPEN = (EXPECTED, BOOKED)
READMITTED, UNKNOWN = "readmitted", "nobody_knows"
#: A revisit that was expected longer ago is no matter for a contact any more, and nobody will tell whether it was kept.
RECENT_DAYS = 60


@dataclass(frozen=True, slots=True)
class Evidence:
	"""One document of another app that says something about a patient's coming back."""

	kind: EvidenceKind
	on: date
	"""The day of the visit, bill or admission; for a booking the day that was booked."""
	patient: str
	"""Name of the patient's document in the source."""
	doctype: str
	name: str
	appointment: str | None = None
	"""The appointment that this visit was booked with."""
	department: str | None = None
	"""Our department, when the source names one that is mapped."""
	stay: str | None = None
	"""The source's document of the stay that this visit was entered under."""
	at: datetime | None = None
	"""The hour of an appointment, as far as it has one."""
	who: str | None = None
	"""With whom an appointment was made."""


@dataclass(frozen=True, slots=True)
class Limits:
	"""Days around the expected day within which a visit counts as the revisit."""

	early: int = 7
	late: int = 30


@dataclass(frozen=True, slots=True)
class Revisit:
	"""One expected revisit as it is recorded."""

	expected_on: date
	status: str
	after: date | None = None
	"""The discharge; a document of that day or before belongs to the stay."""
	appointment: str | None = None
	department: str | None = None
	own_stay: str | None = None
	"""The source's document of the stay that the revisit follows; it is no readmission."""
	readmitted_on: date | None = None
	"""Known from elsewhere, for example told in a call."""
	knowable: bool = True
	"""Whether the patient's source would know of a visit; otherwise the absence of documents says nothing."""


@dataclass(frozen=True, slots=True)
class Verdict:
	"""What a revisit is now. `evidence` is the document that shows it, or the booking it stands on."""

	status: str
	expected_on: date
	attended_on: date | None = None
	evidence: Evidence | None = None
	booking: Evidence | None = None
	"""The appointment that the revisit is booked with; None when it has none (any more)."""
	reason: str | None = None


def judge(
	revisit: Revisit, documents: Iterable[Evidence], today: date, limits: Limits, taken: Sequence[str] = ()
) -> Verdict:
	"""What `documents` make of `revisit` on the day `today`.

	`taken` are appointments that other revisits of the patient are booked with.
	"""
	found = sorted(documents, key=lambda each: (each.on, each.name))
	booking = _booking(revisit, found, today, limits, taken)
	expected = booking.on if booking else revisit.expected_on
	current = replace(revisit, expected_on=expected)
	attended = _attended(current, found, booking, today, limits)
	readmitted = _readmitted(current, found, today)
	if readmitted and not (attended and attended.on <= readmitted):
		return Verdict(CANCELLED, expected, booking=booking, reason=READMITTED)
	if attended:
		kept = booking or _by_name(found, attended.appointment)
		return Verdict(ATTENDED, expected, attended_on=attended.on, evidence=attended, booking=kept)
	status = _undecided(current, booking, today)
	if status in OPEN and today > expected + timedelta(days=max(limits.late, RECENT_DAYS)):
		return Verdict(CANCELLED, expected, booking=booking, reason=UNKNOWN)
	return Verdict(status, expected, booking=booking)


def _undecided(revisit: Revisit, booking: Evidence | None, today: date) -> str:
	"""Nothing shows that the patient came: still to come, or missed."""
	promised = booking or (revisit.status == BOOKED and not revisit.appointment)
	if revisit.expected_on >= today:
		return BOOKED if promised else EXPECTED
	if revisit.status == MISSED and not booking:
		return MISSED
	# Who never booked was given a day, not an hour: the day after still counts as coming.
	grace = timedelta(days=0 if booking else 1)
	if revisit.knowable and today > revisit.expected_on + grace:
		return MISSED
	return BOOKED if promised else EXPECTED


def _booking(
	revisit: Revisit, found: Sequence[Evidence], today: date, limits: Limits, taken: Sequence[str]
) -> Evidence | None:
	"""The appointment that the revisit stands on: its own while nobody cancelled it, else one that was made since."""
	own = _by_name(found, revisit.appointment)
	if own and own.kind in ("booking", "kept"):
		return own
	first, last = _window(revisit, limits)
	fitting = [
		each
		for each in found
		if each.kind == "booking"
		and first <= each.on <= last
		and each.name not in taken
		and (not each.department or not revisit.department or each.department == revisit.department)
	]
	ahead = [each for each in fitting if each.on >= today]
	return ahead[0] if ahead else fitting[-1] if fitting else None


def _attended(
	revisit: Revisit, found: Sequence[Evidence], booking: Evidence | None, today: date, limits: Limits
) -> Evidence | None:
	"""The first document that shows the patient there.

	While an appointment is still to come, an earlier visit was for something else. A visit under another stay is part of
	that stay; one under the stay that was left is a revisit, because a stay may be closed days after the patient left.
	"""
	first, last = _window(revisit, limits)
	if booking and booking.on >= today:
		first = booking.on
	shown = [
		each
		for each in found
		if each.kind in ATTENDED_BY
		and each.on <= today
		and (each.stay is None or each.stay == revisit.own_stay)
		and (
			first <= each.on <= last
			or (booking is not None and booking.name in (each.name, each.appointment))
		)
	]
	return min(shown, key=lambda each: (each.on, ATTENDED_BY.index(each.kind), each.name), default=None)


def _readmitted(revisit: Revisit, found: Sequence[Evidence], today: date) -> date | None:
	"""The day on which the patient came back as an inpatient, by the expected day.

	Who was admitted after that day has missed the revisit all the same.
	"""
	last = min(today, revisit.expected_on)
	days = [
		each.on
		for each in found
		if each.kind == "admission"
		and each.name != revisit.own_stay
		and (revisit.after is None or each.on >= revisit.after)
		and each.on <= last
	]
	if revisit.readmitted_on and revisit.readmitted_on <= last:
		days.append(revisit.readmitted_on)
	return min(days, default=None)


def _window(revisit: Revisit, limits: Limits) -> tuple[date, date]:
	first = revisit.expected_on - timedelta(days=limits.early)
	if revisit.after is not None:
		first = max(first, revisit.after + timedelta(days=1))
	return first, revisit.expected_on + timedelta(days=limits.late)


def _by_name(found: Sequence[Evidence], name: str | None) -> Evidence | None:
	"""The appointment `name` among the documents."""
	of_name = (each for each in found if each.name == name and each.kind in ("booking", "kept", "dropped"))
	return next(of_name, None) if name else None


@dataclass(frozen=True, slots=True)
class Steps:
	"""Days after the expected day on which something is done about a missed revisit (clinical.md §5).

	When the supervisor hears of it (day 7) is said by an alert rule.
	"""

	message: int = 1
	call: int = 3


def due_steps(expected_on: date, today: date, steps: Steps, *, can_message: bool, asked: bool) -> list[str]:
	"""What is due by `today` about a revisit whose day has passed, each step once: `message`, `call` or `ask`.

	Without a channel that sends by itself the message is a call at once. `asked`: nobody knows whether the patient
	came, so a person asks.
	"""
	if asked:
		return ["ask"] if today >= expected_on + timedelta(days=steps.call) else []
	due = []
	if today >= expected_on + timedelta(days=steps.message):
		due.append("message" if can_message else "call")
	if today >= expected_on + timedelta(days=steps.call) and "call" not in due:
		due.append("call")
	return due
