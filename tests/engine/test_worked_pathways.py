"""Worked cases: several conditions at once give one sensible calendar. The tables were worked out by hand.

A line is: day, what the contact is for (source and step), last day of its window, what happened to its date. The working
week is Monday to Friday, and New Year's Day 2027, a Friday, is closed. The steps are like those of the shipped pathways.
"""

from __future__ import annotations

from datetime import date, timedelta

from hospital_followup.engine.calendar import Calendar
from hospital_followup.engine.model import Contact, Diagnosis, Procedure
from hospital_followup.engine.plan import plan
from hospital_followup.engine.programme import plan_programmes
from hospital_followup.engine.programme_course import Enrolled
from hospital_followup.engine.replan import diff
from tests.engine.factories import config, discharge, pathway, patient, step, stored, tier

CALENDAR = Calendar(exceptions={date(2027, 1, 1): False})
MONTHLY = {"repeat_every": 1, "repeat_unit": "Month", "repeat_count": 12}
OPERATION = pathway(
	"Operation",
	step("day-2", 2, window=1),
	step("week-1", 1, "Week", window=2),
	step("month-1", 1, "Month", window=7),
	step("month-3", 3, "Month", window=7),
	procedures=("胆囊切除", "剖宫产"),
)
PRESSURE = pathway("Pressure", step("monthly", 1, "Month", window=7, **MONTHLY), diagnoses=("I10",))
SUGAR = pathway("Sugar", step("monthly", 1, "Month", window=7, **MONTHLY), diagnoses=("E11",))
CHILDBIRTH = pathway(
	"Childbirth", step("day-5", 5, window=2), step("day-42", 42, window=5), diagnoses=("O82",)
)
CHILD = pathway(
	"Child",
	*(step(f"month-{n}", n, "Month", window=7) for n in (1, 2, 3, 6, 8, 12, 24, 36, 48)),
	anchor="Birth",
)
PATHWAYS = (SUGAR, OPERATION, CHILDBIRTH, PRESSURE)
RULES = config(calendar=CALENDAR, pathways=PATHWAYS)

# Discharged on Thursday 5 November 2026. Day 2 is a Saturday: a High-risk first contact stays, and the step of the
# operation, which could have come on Friday, joins it. 5 December and the like are Saturdays or Sundays: Monday.
AFTER_SURGERY_WITH_HIGH_PRESSURE = """
2026-11-07 Sat | Operation day-2, policy 1          | 2026-11-08 | kept_on_closed_day merged
2026-11-12 Thu | Operation week-1                   | 2026-11-14 |
2026-11-16 Mon | policy 2                           | 2026-11-19 | moved_working_day
2026-11-23 Mon | policy 3                           | 2026-11-26 | moved_working_day
2026-11-30 Mon | policy 4                           | 2026-12-03 | moved_working_day
2026-12-07 Mon | Operation month-1, Pressure monthly | 2026-12-12 | moved_working_day merged
2027-01-05 Tue | Pressure monthly#2                 | 2027-01-12 |
2027-02-05 Fri | Operation month-3, Pressure monthly#3 | 2027-02-12 | merged
2027-03-05 Fri | Pressure monthly#4                 | 2027-03-12 |
2027-04-05 Mon | Pressure monthly#5                 | 2027-04-12 |
2027-05-05 Wed | Pressure monthly#6                 | 2027-05-12 |
2027-06-07 Mon | Pressure monthly#7                 | 2027-06-12 | moved_working_day
2027-07-05 Mon | Pressure monthly#8                 | 2027-07-12 |
2027-08-05 Thu | Pressure monthly#9                 | 2027-08-12 |
2027-09-06 Mon | Pressure monthly#10                | 2027-09-12 | moved_working_day
2027-10-05 Tue | Pressure monthly#11                | 2027-10-12 |
2027-11-05 Fri | Pressure monthly#12                | 2027-11-12 |
"""

# Discharged on Monday 9 November 2026, High risk and medium value: two calls. The fifth day at home is a Saturday and
# comes on Monday 16th, its last day, together with the week after the operation; the second call, two days later, cannot
# come so early (its week begins on 17th), nor the other so late: they stay apart. One call a month from then on.
DIABETIC_MOTHER_AFTER_CAESAREAN = """
2026-11-11 Wed | Operation day-2, policy 1          | 2026-11-12 | merged
2026-11-16 Mon | Childbirth day-5, Operation week-1 | 2026-11-16 | moved_working_day merged
2026-11-18 Wed | policy 2                           | 2026-11-23 |
2026-12-09 Wed | Operation month-1, Sugar monthly   | 2026-12-16 | merged
2026-12-21 Mon | Childbirth day-42                  | 2026-12-26 |
2027-01-11 Mon | Sugar monthly#2                    | 2027-01-16 | moved_working_day
2027-02-09 Tue | Operation month-3, Sugar monthly#3 | 2027-02-16 | merged
2027-03-09 Tue | Sugar monthly#4                    | 2027-03-16 |
2027-04-09 Fri | Sugar monthly#5                    | 2027-04-16 |
2027-05-10 Mon | Sugar monthly#6                    | 2027-05-16 | moved_working_day
2027-06-09 Wed | Sugar monthly#7                    | 2027-06-16 |
2027-07-09 Fri | Sugar monthly#8                    | 2027-07-16 |
2027-08-09 Mon | Sugar monthly#9                    | 2027-08-16 |
2027-09-09 Thu | Sugar monthly#10                   | 2027-09-16 |
2027-10-11 Mon | Sugar monthly#11                   | 2027-10-16 | moved_working_day
2027-11-09 Tue | Sugar monthly#12                   | 2027-11-16 |
"""

# Born on Wednesday 4 November 2026, enrolled when mother and child go home: the next 90 days, to 7 February.
HER_NEWBORN = """
2026-12-04 Fri | Child month-1 | 2026-12-11 |
2027-01-04 Mon | Child month-2 | 2027-01-11 |
2027-02-04 Thu | Child month-3 | 2027-02-11 |
"""

# Born on 29 February 2024. Without that day a birthday of the programme is 28 February: a Friday in 2025, a Saturday in
# 2026, a Sunday in 2027; in 2028 it is the 29th again, a Tuesday.
BORN_ON_A_LEAP_DAY = """
2024-03-29 Fri | Child month-1  | 2024-04-05 |
2024-04-29 Mon | Child month-2  | 2024-05-06 |
2024-05-29 Wed | Child month-3  | 2024-06-05 |
2024-08-29 Thu | Child month-6  | 2024-09-05 |
2024-10-29 Tue | Child month-8  | 2024-11-05 |
2025-02-28 Fri | Child month-12 | 2025-03-07 |
2026-03-02 Mon | Child month-24 | 2026-03-07 | moved_working_day
2027-03-01 Mon | Child month-36 | 2027-03-07 | moved_working_day
2028-02-29 Tue | Child month-48 | 2028-03-07 |
"""

# The first patient is in hospital again from Monday 23 November: what is due from that day on is not made.
READMITTED = """
2026-11-07 Sat | Operation day-2, policy 1 | 2026-11-08 | kept_on_closed_day merged
2026-11-12 Thu | Operation week-1          | 2026-11-14 |
2026-11-16 Mon | policy 2                  | 2026-11-19 | moved_working_day
"""

# Home again on Monday 30 November: everything counts from there. The first week (7 December ± 2) may come on the
# policy's 9th, but that not on the 7th. Three months after the 30th is 28 February, a Sunday.
AND_HOME_AGAIN = """
2026-12-02 Wed | Operation day-2, policy 1            | 2026-12-03 | merged
2026-12-09 Wed | Operation week-1, policy 2           | 2026-12-09 | merged
2026-12-16 Wed | policy 3                             | 2026-12-21 |
2026-12-23 Wed | policy 4                             | 2026-12-28 |
2026-12-30 Wed | Operation month-1, Pressure monthly  | 2027-01-06 | merged
2027-02-01 Mon | Pressure monthly#2                   | 2027-02-06 | moved_working_day
2027-03-01 Mon | Operation month-3, Pressure monthly#3 | 2027-03-07 | moved_working_day merged
2027-03-30 Tue | Pressure monthly#4                   | 2027-04-06 |
2027-04-30 Fri | Pressure monthly#5                   | 2027-05-07 |
2027-05-31 Mon | Pressure monthly#6                   | 2027-06-06 | moved_working_day
2027-06-30 Wed | Pressure monthly#7                   | 2027-07-07 |
2027-07-30 Fri | Pressure monthly#8                   | 2027-08-06 |
2027-08-30 Mon | Pressure monthly#9                   | 2027-09-06 |
2027-09-30 Thu | Pressure monthly#10                  | 2027-10-07 |
2027-11-01 Mon | Pressure monthly#11                  | 2027-11-06 | moved_working_day
2027-11-30 Tue | Pressure monthly#12                  | 2027-12-07 |
"""

GALLBLADDER = {
	"diagnoses": (Diagnosis("K80.1", "胆囊结石", True), Diagnosis("I10", "高血压")),
	"procedures": (Procedure("51.23", "腹腔镜胆囊切除术", date(2026, 11, 2)),),
}
CAESAREAN = {
	"diagnoses": (Diagnosis("O82.0", "择期剖宫产", True), Diagnosis("E11.9", "2型糖尿病")),
	"procedures": (Procedure("74.1", "子宫下段剖宫产术", date(2026, 11, 4)),),
}
OF_THE_DATE = ("moved_working_day", "kept_on_closed_day", "merged", "capped")


def calendar_of(contacts: tuple[Contact, ...]) -> list[list[str]]:
	return [
		[
			f"{contact.due_date} {contact.due_date:%a}",
			", ".join(
				sorted(f"{origin.source.split(':')[-1]} {origin.step_id}" for origin in contact.origins)
			),
			str(contact.expires_on),
			" ".join(reason for reason in OF_THE_DATE if reason in contact.reasons),
		]
		for contact in contacts
	]


def table(text: str) -> list[list[str]]:
	return [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]


def planned(day: date, value: str, facts: dict, **more):
	return plan(
		discharge(day, **facts), patient(), tier("High", value, RULES), RULES, key="D1|Discharge", **more
	)


def child_programme(born: date, today: date, days: int):
	one = Enrolled("child|Programme", CHILD, born, today)
	decision = plan_programmes(
		[one], patient(date_of_birth=born), RULES, today=today, until=today + timedelta(days)
	)
	return decision.contacts[one.key]


def test_after_surgery_with_high_pressure():
	contacts = planned(date(2026, 11, 5), "High", GALLBLADDER).contacts
	assert calendar_of(contacts) == table(AFTER_SURGERY_WITH_HIGH_PRESSURE)
	# The doctor's week is the doctor's: a call for both is made by the higher role.
	assert {contact.role for contact in contacts} == {"Follow-up Doctor"}


def test_a_diabetic_mother_after_a_caesarean():
	contacts = planned(date(2026, 11, 9), "Medium", CAESAREAN).contacts
	assert calendar_of(contacts) == table(DIABETIC_MOTHER_AFTER_CAESAREAN)


def test_her_newborn_has_a_calendar_of_its_own():
	contacts = child_programme(date(2026, 11, 4), date(2026, 11, 9), 90)
	assert calendar_of(contacts) == table(HER_NEWBORN)
	assert {contact.contact_point for contact in contacts} == {"Caregiver"}


def test_born_on_a_leap_day():
	born = date(2024, 2, 29)
	assert calendar_of(child_programme(born, born, 5 * 366)) == table(BORN_ON_A_LEAP_DAY)


def test_a_readmission_in_the_middle_of_a_pathway():
	first_stay, again = date(2026, 11, 5), date(2026, 11, 23)
	before = planned(first_stay, "High", GALLBLADDER).contacts
	assert calendar_of(planned(first_stay, "High", GALLBLADDER, until=again).contacts) == table(READMITTED)
	tasks = [
		stored(contact, "Completed", completed_on=contact.due_date)
		if contact.due_date < again
		else stored(contact)
		for contact in before
	]
	stopped = planned(first_stay, "High", GALLBLADDER, until=again, today=again, existing=tasks)
	change = diff(tasks, stopped.contacts, again)
	assert len(change.keep) == 3 and len(change.cancel) == 14
	made = [task.completed_on for task in tasks if task.completed_on]
	second = planned(date(2026, 11, 30), "High", GALLBLADDER, occupied=made)
	assert calendar_of(second.contacts) == table(AND_HOME_AGAIN)
