"""March 2024 of a made-up hospital: few records, every corner of the definitions of clinical.md §6.

`golden_records.make()` writes the records; EXPECTED holds every measure, counted by hand from the tables below, for the whole month and
for each filter. What is not named in a row of EXPECTED is 0; what a filter cannot know is None.
"""

from __future__ import annotations

from datetime import date
from typing import Any

START, END = date(2024, 3, 1), date(2024, 3, 31)
CARDIOLOGY, SURGERY = "Golden Cardiology", "Golden Surgery"
RENHE, ANKANG = "Renhe", "Ankang"
LI, WANG = "li@golden.example", "wang@golden.example"
CHEN, ZHOU = "Dr Chen", "Dr Zhou"
WOUND, CHRONIC = "Golden Wound", "Golden Chronic"

# name: discharged, company, department, doctor, tier, disposition, decision, reason, readmitted on, pathways
DISCHARGES: dict[str, tuple[Any, ...]] = {
	# back on the 30th day
	"D1": ("03-01", RENHE, CARDIOLOGY, CHEN, "High", "Home", "Planned", None, "03-31", ()),
	# back on the 31st day
	"D2": ("03-05", RENHE, CARDIOLOGY, CHEN, "Medium", "Home", "Planned", None, "04-05", (CHRONIC,)),
	"D3": ("03-10", RENHE, SURGERY, ZHOU, "Low", "Home", "Planned", None, None, (WOUND,)),
	# every contact after the month
	"D4": ("03-31", RENHE, SURGERY, ZHOU, "High", "Against Advice", "Planned", None, None, (WOUND,)),
	"D5": ("03-12", RENHE, CARDIOLOGY, CHEN, "Low", "", "Excluded", "hold_out", None, ()),
	"D6": ("03-15", RENHE, SURGERY, ZHOU, "High", "Deceased", "Excluded", "deceased", None, ()),
	# cancelled: not counted anywhere
	"D7": ("03-20", RENHE, CARDIOLOGY, CHEN, "High", "Home", "Excluded", "discharge_cancelled", None, ()),
	# discharged before the month, contacts in it; two pathways
	"D8": ("02-28", ANKANG, SURGERY, ZHOU, "Medium", "Home", "Planned", None, None, (WOUND, CHRONIC)),
	"D9": ("03-25", ANKANG, SURGERY, ZHOU, "Medium", "Transferred", "Excluded", "transferred", None, ()),
	"D10": ("04-01", RENHE, CARDIOLOGY, CHEN, "High", "Home", "Planned", None, None, ()),
}
# name: of, kind, due, window ends, staff, channel, status, late, attempts, outcome
TASKS: dict[str, tuple[Any, ...]] = {
	"T1": ("D1", "Planned", "03-03", "03-08", LI, "Phone", "Completed", 0, 1, "Reached Patient"),
	"T2": ("D1", "Planned", "03-10", "03-15", LI, "Phone", "Completed", 1, 2, "Reached Caregiver"),
	"T3": ("D1", "Planned", "03-17", "03-22", LI, "Phone", "Missed", 0, 3, "No Answer"),
	"T4": ("D1", "Planned", "03-24", "03-29", WANG, "Phone", "Cancelled", 0, 0, None),
	# a message arrived, nobody answered: informed, not completed
	"T5": ("D2", "Planned", "03-08", "03-19", LI, "WeChat", "Missed", 0, 0, None),
	# completed by a message of the patient's own: no attempt; its window ends with the month
	"T6": ("D2", "Planned", "03-20", "03-31", LI, "WeChat", "Completed", 0, 0, "Replied"),
	# windows beyond the month's end: beside
	"T7": ("D3", "Planned", "03-17", "04-10", WANG, "SMS", "Open", 0, 0, None),
	"T8": ("D3", "Planned", "03-18", "04-02", WANG, "Phone", "Completed", 0, 1, "Reached Patient"),
	"T9": ("D4", "Planned", "04-02", "04-07", WANG, "Phone", "Completed", 0, 1, "Reached Patient"),
	"T10": ("D8", "Planned", "03-02", "03-09", WANG, "Home Visit", "Skipped", 0, 2, "Declined"),
	# its plan was paused: the window is over, nothing was done, nobody's yet
	"T11": ("D8", "Planned", "03-30", "03-31", None, "Phone", "Open", 0, 2, "Busy"),
	# no planned contact, but a follow-up of a patient who was held out
	"T12": ("D5", "Callback", "03-20", "03-20", LI, "Phone", "Completed", 0, 1, "Reached Patient"),
	# without a window: judged from its due date on
	"T13": ("D8", "Planned", "03-31", None, WANG, "Phone", "Completed", 0, 1, "Reached Patient"),
}
# name: task, at, staff, channel, direction, outcome, seconds, satisfaction, docstatus
LOGS: dict[str, tuple[Any, ...]] = {
	"L1": ("T1", "03-03 10:00:00", LI, "Phone", "Out", "Reached Patient", 300, 5, 1),
	"L2": ("T2", "03-11 09:30:00", LI, "Phone", "Out", "No Answer", 20, 0, 1),
	"L3": ("T2", "03-16 00:01:00", LI, "Phone", "Out", "Reached Caregiver", 240, 3, 1),
	"L4": ("T3", "03-17 23:59:00", LI, "Phone", "Out", "No Answer", 0, 0, 1),
	"L5": ("T3", "03-18 10:00:00", WANG, "Phone", "Out", "No Answer", 0, 0, 1),
	"L6": ("T3", "03-19 18:00:00", LI, "Phone", "Out", "No Answer", 0, 0, 1),
	"L7": ("T10", "03-02 15:00:00", WANG, "Home Visit", "Out", "Declined", 0, 0, 1),
	"L8": ("T12", "03-20 11:00:00", LI, "Phone", "Out", "Reached Patient", 100, 4, 1),
	# came in: satisfaction counts, an attempt of ours it is not
	"L9": ("T6", "03-21 20:00:00", LI, "WeChat", "In", "Replied", 0, 2, 1),
	"L10": ("T8", "03-18 09:00:00", WANG, "Phone", "Out", "Reached Patient", 200, 0, 1),
	# a draft, and a log that was cancelled
	"L11": ("T7", "03-18 09:00:00", WANG, "Phone", "Out", "Reached Patient", 99, 1, 0),
	"L12": ("T1", "03-03 09:00:00", LI, "Phone", "Out", "Reached Patient", 99, 1, 2),
	# the last second before, the last of, and the first after the month
	"L13": ("T10", "02-29 23:59:59", WANG, "Phone", "Out", "Reached Patient", 99, 1, 1),
	"L14": ("T11", "03-31 23:59:59", WANG, "Phone", "Out", "Busy", 0, 0, 1),
	"L15": ("T11", "04-01 00:00:00", WANG, "Phone", "Out", "Reached Patient", 99, 1, 1),
	"L16": ("T13", "03-31 08:00:00", WANG, "Phone", "Out", "Reached Patient", 0, 0, 1),
}
# name: task, answered on, satisfaction, recommend
SURVEYS: dict[str, tuple[Any, ...]] = {
	"S1": ("T1", "03-04 12:00:00", 4, "10"),
	"S2": ("T5", "03-31 23:59:59", 0, "0"),
	"S3": ("T2", "03-20 12:00:00", 5, "8"),
	"S4": ("T3", None, 0, ""),
	"S5": ("T10", "04-01 00:00:00", 1, "1"),
	# of a patient of Surgery, sent without a contact
	"S6": (None, "03-15 12:00:00", 0, "9"),
}
# name: of, expected on, status, attended on, reminded by
REVISITS: dict[str, tuple[Any, ...]] = {
	"R1": ("D1", "03-20", "Attended", "03-20", "L3"),
	"R2": ("D2", "03-25", "Attended", "03-24", None),
	"R3": ("D3", "03-28", "Missed", None, None),
	"R4": ("D5", "03-30", "Expected", None, None),
	"R5": ("D4", "03-31", "Cancelled", None, None),
	"R6": ("D4", "04-15", "Booked", None, None),
}
# name: task or revisit, raised on, respond by, acknowledged on, judgement, person, department, tier
ALERTS: dict[str, tuple[Any, ...]] = {
	"A1": ("T1", "03-03 10:05:00", "03-03 12:05:00", "03-03 12:05:00", "True", LI, CARDIOLOGY, "High"),
	"A2": ("T2", "03-16 00:05:00", "03-16 02:05:00", "03-16 02:05:01", "False", LI, CARDIOLOGY, "High"),
	"A3": ("R3", "03-31 08:00:00", "04-01 08:00:00", None, "", WANG, SURGERY, "Low"),
	"A4": ("T8", "03-18 09:05:00", "03-18 11:05:00", "03-18 10:00:00", "", WANG, SURGERY, "Low"),
	"A5": ("T9", "04-01 00:00:00", "04-01 02:00:00", "04-01 01:00:00", "True", WANG, SURGERY, "High"),
	"A6": (None, "03-15 09:00:00", "03-15 11:00:00", "03-15 09:30:00", "True", None, SURGERY, "High"),
}
# name: task, status, occasion
MESSAGES = {
	"M1": ("T5", "Delivered", "Scheduled Contact"),
	"M2": ("T7", "Sent", "Last Ask"),
	"M3": ("T3", "Failed", "Scheduled Contact"),
	"M4": ("T6", "Sent", "Scheduled Contact"),
	# went out beside a call: nobody was informed by it
	"M5": ("T3", "Delivered", "Promised Callback"),
	"M6": ("T11", "Sent", "Promised Callback"),
}

_NO_CALLER = dict.fromkeys(
	(
		"discharges",
		"discharges_planned",
		"discharges_covered",
		"discharges_revisited",
		"readmissions",
		"held_out",
		"died",
		"revisits_due",
		"revisits_kept",
		"revisits_attended",
	)
)
_NO_CHANNEL = {**_NO_CALLER, **dict.fromkeys(("alerts", "alerts_in_time", "alerts_judged", "alerts_true"))}


def _row(numbers: str, **others: Any) -> dict[str, int | None]:
	"""Measures as "name number name number …"."""
	words = numbers.split()
	return {**{name: int(number) for name, number in zip(words[::2], words[1::2], strict=True)}, **others}


ALL = _row(
	"planned 8 completed 4 completed_in_window 3 skipped 1 missed 2 informed 1 tasks_attempted 6 tasks_reached 3"
	" cancelled 1 open_tasks 2 open_completed 1 attempts 11 attempts_reached 5 call_seconds 860"
	" satisfaction_count 6 satisfaction_sum 23 satisfaction_good 4 recommend_count 4 promoters 2 detractors 1"
	" discharges 6 discharges_planned 4 discharges_covered 5 discharges_revisited 2 readmissions 1 held_out 1 died 1"
	" revisits_due 4 revisits_kept 2 revisits_attended 1"
	" alerts 5 alerts_in_time 3 alerts_judged 3 alerts_true 2"
)
#: The indicators of the whole month, as fractions: numerator and denominator.
INDICATORS: dict[str, tuple[float, int]] = {
	"completion_rate": (400, 8),
	"timeliness": (300, 8),
	"coverage": (500, 6),
	"reach_rate": (500, 11),
	"task_reach_rate": (300, 6),
	"satisfaction": (23, 6),
	"satisfaction_share": (400, 6),
	"nps": (100, 4),
	"revisit_conversion": (100, 4),
	"alert_response": (300, 5),
	"alert_yield": (200, 3),
	"readmission_rate": (100, 6),
}
#: (filter, value): the measures that are not 0.
EXPECTED: dict[tuple[str, str], dict[str, int | None]] = {
	# T1 T2 T3 T5 T6, T4 cancelled · L1-L6 L8 L9 · S1 S2 S3 · D1 D2 D5 · R1 R2 R4 · A1 A2
	("department", CARDIOLOGY): _row(
		"planned 5 completed 3 completed_in_window 2 missed 2 informed 1 tasks_attempted 3 tasks_reached 2 cancelled 1"
		" attempts 7 attempts_reached 3 call_seconds 660 satisfaction_count 6 satisfaction_sum 23 satisfaction_good 4"
		" recommend_count 3 promoters 1 detractors 1"
		" discharges 3 discharges_planned 2 discharges_covered 3 discharges_revisited 2 readmissions 1 held_out 1"
		" revisits_due 3 revisits_kept 2 revisits_attended 1 alerts 2 alerts_in_time 1 alerts_judged 2 alerts_true 1"
	),
	# T10 T11 T13, open T7 T8 · L7 L10 L14 L16 · S6 · D3 D4 D9, D6 died · R3 · A3 A4 A6
	("department", SURGERY): _row(
		"planned 3 completed 1 completed_in_window 1 skipped 1 tasks_attempted 3 tasks_reached 1"
		" open_tasks 2 open_completed 1 attempts 4 attempts_reached 2 call_seconds 200"
		" recommend_count 1 promoters 1 discharges 3 discharges_planned 2 discharges_covered 2 died 1"
		" revisits_due 1 alerts 3 alerts_in_time 2 alerts_judged 1 alerts_true 1"
	),
	# T1 T2 T3 T5 T6, T4 cancelled, open T7 T8 · L1-L6 L8-L10 · all surveys · all but D9 · all revisits and alerts
	("company", RENHE): _row(
		"planned 5 completed 3 completed_in_window 2 missed 2 informed 1 tasks_attempted 3 tasks_reached 2 cancelled 1"
		" open_tasks 2 open_completed 1 attempts 8 attempts_reached 4 call_seconds 860"
		" satisfaction_count 6 satisfaction_sum 23 satisfaction_good 4 recommend_count 4 promoters 2 detractors 1"
		" discharges 5 discharges_planned 4 discharges_covered 5 discharges_revisited 2 readmissions 1 held_out 1 died 1"
		" revisits_due 4 revisits_kept 2 revisits_attended 1 alerts 5 alerts_in_time 3 alerts_judged 3 alerts_true 2"
	),
	# T10 T11 T13 · L7 L14 L16 · D9
	("company", ANKANG): _row(
		"planned 3 completed 1 completed_in_window 1 skipped 1 tasks_attempted 3 tasks_reached 1"
		" attempts 3 attempts_reached 1 discharges 1"
	),
	# T1 T2 T3 T5 T6 · L1-L4 L6 L8 L9 · S1 S2 S3 · A1 A2
	("staff", LI): _row(
		"planned 5 completed 3 completed_in_window 2 missed 2 informed 1 tasks_attempted 3 tasks_reached 2"
		" attempts 6 attempts_reached 3 call_seconds 660 satisfaction_count 6 satisfaction_sum 23 satisfaction_good 4"
		" recommend_count 3 promoters 1 detractors 1 alerts 2 alerts_in_time 1 alerts_judged 2 alerts_true 1",
		**_NO_CALLER,
	),
	# T10 T13, T4 cancelled, open T7 T8 · L5 L7 L10 L14 L16 · A3 A4
	("staff", WANG): _row(
		"planned 2 completed 1 completed_in_window 1 skipped 1 tasks_attempted 2 tasks_reached 1 cancelled 1"
		" open_tasks 2 open_completed 1 attempts 5 attempts_reached 2 call_seconds 200 alerts 2 alerts_in_time 1",
		**_NO_CALLER,
	),
	# T1 T2 T3, T4 cancelled · L1-L6 · S1 S3 · D1 D4, D6 died · R1 · A1 A2 A6
	("risk_tier", "High"): _row(
		"planned 3 completed 2 completed_in_window 1 missed 1 tasks_attempted 3 tasks_reached 2 cancelled 1"
		" attempts 6 attempts_reached 2 call_seconds 560 satisfaction_count 4 satisfaction_sum 17 satisfaction_good 3"
		" recommend_count 2 promoters 1 discharges 2 discharges_planned 2 discharges_covered 2 discharges_revisited 1"
		" readmissions 1 died 1 revisits_due 1 revisits_kept 1 revisits_attended 1"
		" alerts 3 alerts_in_time 2 alerts_judged 3 alerts_true 2"
	),
	# T5 T6 T10 T11 T13 · L7 L9 L14 L16 · S2 · D2 D9 · R2
	("risk_tier", "Medium"): _row(
		"planned 5 completed 2 completed_in_window 2 skipped 1 missed 1 informed 1 tasks_attempted 3 tasks_reached 1"
		" attempts 3 attempts_reached 1 satisfaction_count 1 satisfaction_sum 2 recommend_count 1 detractors 1"
		" discharges 2 discharges_planned 1 discharges_covered 1 discharges_revisited 1 revisits_due 1 revisits_kept 1"
	),
	# open T7 T8 · L8 L10 · D3 D5 · R3 R4 · A3 A4
	("risk_tier", "Low"): _row(
		"open_tasks 2 open_completed 1 attempts 2 attempts_reached 2 call_seconds 300"
		" satisfaction_count 1 satisfaction_sum 4 satisfaction_good 1"
		" discharges 2 discharges_planned 1 discharges_covered 2 held_out 1 revisits_due 2 alerts 2 alerts_in_time 1"
	),
	# T1 T2 T3 T11 T13, T4 cancelled, open T8 · L1-L6 L8 L10 L14 L16 · S1 S3
	("channel", "Phone"): _row(
		"planned 5 completed 3 completed_in_window 2 missed 1 tasks_attempted 5 tasks_reached 3 cancelled 1"
		" open_tasks 1 open_completed 1 attempts 10 attempts_reached 5 call_seconds 860"
		" satisfaction_count 5 satisfaction_sum 21 satisfaction_good 4 recommend_count 2 promoters 1",
		**_NO_CHANNEL,
	),
	# T5 T6 · L9 · S2
	("channel", "WeChat"): _row(
		"planned 2 completed 1 completed_in_window 1 missed 1 informed 1 satisfaction_count 1 satisfaction_sum 2"
		" recommend_count 1 detractors 1",
		**_NO_CHANNEL,
	),
	("channel", "SMS"): _row("open_tasks 1", **_NO_CHANNEL),
	("channel", "Home Visit"): _row("planned 1 skipped 1 tasks_attempted 1 attempts 1", **_NO_CHANNEL),
	# his are D1 D2 D5: as Cardiology
	("doctor", CHEN): _row(
		"planned 5 completed 3 completed_in_window 2 missed 2 informed 1 tasks_attempted 3 tasks_reached 2 cancelled 1"
		" attempts 7 attempts_reached 3 call_seconds 660 satisfaction_count 6 satisfaction_sum 23 satisfaction_good 4"
		" recommend_count 3 promoters 1 detractors 1"
		" discharges 3 discharges_planned 2 discharges_covered 3 discharges_revisited 2 readmissions 1 held_out 1"
		" revisits_due 3 revisits_kept 2 revisits_attended 1 alerts 2 alerts_in_time 1 alerts_judged 2 alerts_true 1"
	),
	# as Surgery, less the survey and the alert that belong to no stay (S6, A6)
	("doctor", ZHOU): _row(
		"planned 3 completed 1 completed_in_window 1 skipped 1 tasks_attempted 3 tasks_reached 1"
		" open_tasks 2 open_completed 1 attempts 4 attempts_reached 2 call_seconds 200"
		" discharges 3 discharges_planned 2 discharges_covered 2 died 1 revisits_due 1 alerts 2 alerts_in_time 1"
	),
	# T10 T11 T13, open T7 T8 · L7 L10 L14 L16 · D3 D4 · R3 · A3 A4
	("pathway", WOUND): _row(
		"planned 3 completed 1 completed_in_window 1 skipped 1 tasks_attempted 3 tasks_reached 1"
		" open_tasks 2 open_completed 1 attempts 4 attempts_reached 2 call_seconds 200"
		" discharges 2 discharges_planned 2 discharges_covered 2 revisits_due 1 alerts 2 alerts_in_time 1"
	),
	# T5 T6 T10 T11 T13 · L7 L9 L14 L16 · S2 · D2 · R2
	("pathway", CHRONIC): _row(
		"planned 5 completed 2 completed_in_window 2 skipped 1 missed 1 informed 1 tasks_attempted 3 tasks_reached 1"
		" attempts 3 attempts_reached 1 satisfaction_count 1 satisfaction_sum 2 recommend_count 1 detractors 1"
		" discharges 1 discharges_planned 1 discharges_covered 1 discharges_revisited 1 revisits_due 1 revisits_kept 1"
	),
}
