"""What documents make of an expected revisit: a table of the ways in which patients come back, or do not."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from hospital_followup.engine.revisits import Evidence, Limits, Revisit, Steps, due_steps, judge

DISCHARGED = date(2026, 11, 1)
DAY = date(2026, 11, 15)
LIMITS = Limits(early=7, late=30)


def day(offset: int) -> date:
	"""A day counted from the expected one."""
	return DAY + timedelta(days=offset)


def doc(kind: str, offset: int, name: str = "", **values: str) -> Evidence:
	doctype = {"visit": "Patient Encounter", "bill": "Sales Invoice", "admission": "Inpatient Record"}
	return Evidence(
		kind=kind,
		on=day(offset),
		patient="P1",
		doctype=doctype.get(kind, "Patient Appointment"),
		name=name or f"{kind}{offset}",
		**values,
	)


def expected(status: str = "Expected", **values: object) -> Revisit:
	return Revisit(DAY, status, after=DISCHARGED, **values)


VISIT, KEPT, BILL = (doc(kind, 0) for kind in ("visit", "kept", "bill"))
MOVED = doc("booking", 5, "A1")

TABLE = {
	"nothing yet": (expected(), [], 0, ("Expected", 0, None)),
	"nothing the day after": (expected(), [], 1, ("Expected", 0, None)),
	"never booked": (expected(), [], 2, ("Missed", 0, None)),
	"walked in": (expected(), [VISIT], 0, ("Attended", 0, 0)),
	"walked in early": (expected(), [doc("visit", -7)], 0, ("Attended", 0, -7)),
	"too early is another visit": (expected(), [doc("visit", -8)], 0, ("Expected", 0, None)),
	"walked in late": (expected("Missed"), [doc("visit", 30)], 30, ("Attended", 0, 30)),
	"too late is another visit": (expected("Missed"), [doc("visit", 31)], 31, ("Missed", 0, None)),
	"a visit entered for tomorrow": (expected(), [doc("visit", 1)], 0, ("Expected", 0, None)),
	"only a bill": (expected(), [BILL], 0, ("Attended", 0, 0)),
	"the visit says more than the bill": (expected(), [BILL, VISIT, KEPT], 0, ("Attended", 0, 0)),
	"booked": (expected(), [doc("booking", 3)], 0, ("Booked", 3, None)),
	"booked and kept": (expected("Booked", appointment="kept0"), [KEPT], 0, ("Attended", 0, 0)),
	"booked, today": (
		expected("Booked", appointment="A1"),
		[doc("booking", 0, "A1")],
		0,
		("Booked", 0, None),
	),
	"booked and missed": (
		expected("Booked", appointment="A1"),
		[doc("booking", 0, "A1")],
		1,
		("Missed", 0, None),
	),
	"booked, seen, the appointment left open": (
		expected("Booked", appointment="A1"),
		[doc("booking", 0, "A1"), VISIT],
		1,
		("Attended", 0, 0),
	),
	"rescheduled": (expected("Booked", appointment="A1"), [MOVED], 1, ("Booked", 5, None)),
	"rescheduled far away": (
		expected("Booked", appointment="A1"),
		[doc("booking", 90, "A1")],
		1,
		("Booked", 90, None),
	),
	"rescheduled and kept": (
		expected("Booked", appointment="A1"),
		[doc("kept", 90, "A1")],
		90,
		("Attended", 90, 90),
	),
	"rescheduled after it was missed": (
		expected("Missed", appointment="A1"),
		[MOVED],
		2,
		("Booked", 5, None),
	),
	"cancelled before the day": (
		expected("Booked", appointment="A1"),
		[doc("dropped", 0, "A1")],
		0,
		("Expected", 0, None),
	),
	"cancelled and never came": (
		expected("Booked", appointment="A1"),
		[doc("dropped", 0, "A1")],
		2,
		("Missed", 0, None),
	),
	"cancelled and booked anew": (
		expected("Booked", appointment="A1"),
		[doc("dropped", 0, "A1"), doc("booking", 4, "A2")],
		0,
		("Booked", 4, None),
	),
	"an earlier visit does not stand for an appointment to come": (
		expected("Booked", appointment="A1"),
		[doc("visit", -3), doc("booking", 0, "A1")],
		-1,
		("Booked", 0, None),
	),
	"but it does once the appointment was not kept": (
		expected("Booked", appointment="A1"),
		[doc("visit", -3), doc("booking", 0, "A1")],
		1,
		("Attended", 0, -3),
	),
	"agreed without an appointment": (expected("Booked"), [], 0, ("Booked", 0, None)),
	"agreed without an appointment, not come": (expected("Booked"), [], 2, ("Missed", 0, None)),
	"another department's appointment": (
		expected(department="Cardiology"),
		[doc("booking", 3, department="Dentistry")],
		0,
		("Expected", 0, None),
	),
	"a visit in another department is a visit": (
		expected(department="Cardiology"),
		[doc("visit", 0, department="Dentistry")],
		0,
		("Attended", 0, 0),
	),
	"readmitted": (expected(), [doc("admission", -2)], 0, ("Cancelled", 0, None)),
	"readmitted after the visit": (
		expected(),
		[doc("visit", -4), doc("admission", -2)],
		0,
		("Attended", 0, -4),
	),
	"visited after the readmission": (
		expected(),
		[doc("admission", -4), doc("visit", 0)],
		0,
		("Cancelled", 0, None),
	),
	"the stay itself": (expected(own_stay="S1"), [doc("admission", -14, "S1")], 0, ("Expected", 0, None)),
	"an earlier stay": (expected(), [doc("admission", -40)], 0, ("Expected", 0, None)),
	"a visit on the ward of another stay": (
		expected(),
		[doc("visit", -2, stay="S2")],
		0,
		("Expected", 0, None),
	),
	"a visit while the stay left was not closed yet": (
		expected(own_stay="S1"),
		[doc("visit", -2, stay="S1")],
		0,
		("Attended", 0, -2),
	),
	"readmitted elsewhere": (expected(readmitted_on=day(-3)), [], 0, ("Cancelled", 0, None)),
	"admitted on the day itself": (expected(), [doc("admission", 0)], 0, ("Cancelled", 0, None)),
	"admitted the day after": (expected(), [doc("admission", 1)], 2, ("Missed", 0, None)),
	"admitted after it was missed": (expected("Missed"), [doc("admission", 18)], 20, ("Missed", 0, None)),
	"told of an admission after it was missed": (
		expected("Missed", readmitted_on=day(18)),
		[],
		20,
		("Missed", 0, None),
	),
	"no admission any more": (expected("Cancelled"), [], 0, ("Expected", 0, None)),
	"unknowable": (expected(knowable=False), [], 60, ("Expected", 0, None)),
	"unknowable, agreed": (expected("Booked", knowable=False), [], 60, ("Booked", 0, None)),
	"unknowable for good": (expected(knowable=False), [], 61, ("Cancelled", 0, None)),
	"unknowable for good, agreed": (expected("Booked", knowable=False), [], 61, ("Cancelled", 0, None)),
	"not looked at for months": (expected(), [], 90, ("Missed", 0, None)),
	"unknowable, somebody said so": (expected("Missed", knowable=False), [], 30, ("Missed", 0, None)),
}


@pytest.mark.parametrize("case", TABLE)
def test_what_documents_make_of_it(case: str) -> None:
	revisit, documents, offset, (status, expected_on, attended_on) = TABLE[case]
	verdict = judge(revisit, documents, day(offset), LIMITS)
	assert (verdict.status, verdict.expected_on) == (status, day(expected_on))
	assert verdict.attended_on == (None if attended_on is None else day(attended_on))


@pytest.mark.parametrize("case", TABLE)
def test_looking_again_changes_nothing(case: str) -> None:
	revisit, documents, offset, _answer = TABLE[case]
	first = judge(revisit, documents, day(offset), LIMITS)
	again = Revisit(
		first.expected_on,
		first.status,
		after=revisit.after,
		appointment=first.booking and first.booking.name,
		department=revisit.department,
		own_stay=revisit.own_stay,
		readmitted_on=revisit.readmitted_on,
		knowable=revisit.knowable,
	)
	assert judge(again, documents, day(offset), LIMITS) == first


def test_what_the_stay_left_behind_is_no_revisit() -> None:
	"""A revisit three days after the discharge: the discharge's own encounter and bill lie in the early days."""
	soon = Revisit(DISCHARGED + timedelta(days=3), "Expected", after=DISCHARGED)
	own = Evidence("visit", DISCHARGED, "P1", "Patient Encounter", "E1")
	assert judge(soon, [own], DISCHARGED + timedelta(days=1), LIMITS).status == "Expected"


def test_the_evidence_is_named() -> None:
	verdict = judge(expected(), [BILL, VISIT, KEPT], day(0), LIMITS)
	assert verdict.evidence == VISIT


def test_an_appointment_belongs_to_one_revisit() -> None:
	verdict = judge(expected(), [doc("booking", 3, "A1")], day(0), LIMITS, taken=["A1"])
	assert (verdict.status, verdict.booking) == ("Expected", None)


@pytest.mark.parametrize(
	("offset", "can_message", "asked", "steps"),
	[
		(0, True, False, []),
		(1, True, False, ["message"]),
		(2, True, False, ["message"]),
		(3, True, False, ["message", "call"]),
		(40, True, False, ["message", "call"]),
		(1, False, False, ["call"]),
		(3, False, False, ["call"]),
		(1, False, True, []),
		(3, True, True, ["ask"]),
	],
)
def test_steps_after_a_missed_revisit(offset: int, can_message: bool, asked: bool, steps: list[str]) -> None:
	assert due_steps(DAY, day(offset), Steps(), can_message=can_message, asked=asked) == steps
