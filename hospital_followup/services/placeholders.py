"""The placeholders of scripts: which facts there are, what they mean, and their values for one call.

The list is the documentation: the form shows it, the check on save uses it. A fact marked `is_health` says something
about the patient's stay, body or age, so it may not stand in the opening, which is read out before the identity check.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, get_fullname, getdate, now_datetime, today

from hospital_followup.services import spoken

TEXT, NUMBER, FLAG = "text", "number", "flag"
OLDER_FROM = 65
REACHED = ("Reached Patient", "Reached Caregiver", "Replied")
#: Discharge instructions are read out in part; the whole text stands in the brief.
LONGEST_INSTRUCTIONS = 400


@dataclass(frozen=True, slots=True)
class Placeholder:
	"""One fact: its name in templates, whether it is about health, its kind, and an example in English and Chinese."""

	name: str
	is_health: bool
	kind: str
	en: Any
	zh: Any

	def example(self, language: str | None) -> Any:
		return self.zh if spoken.base_language(language) == "zh" else self.en


FACTS: tuple[Placeholder, ...] = (
	Placeholder("greeting", False, TEXT, "Good morning", "上午好"),
	Placeholder("salutation", False, TEXT, "Ms Wang Xiuying", "王女士"),
	Placeholder("patient_name", False, TEXT, "Wang Xiuying", "王秀英"),
	Placeholder("caregiver_name", False, TEXT, "Li Hua", "李华"),
	Placeholder("caregiver_relation", False, TEXT, "daughter", "女儿"),
	Placeholder("calls_caregiver", False, FLAG, False, False),
	Placeholder("is_child", False, FLAG, False, False),
	Placeholder("is_older_person", False, FLAG, True, True),
	Placeholder("promised_callback", False, FLAG, False, False),
	Placeholder("hospital_name", False, TEXT, "Renai Hospital", "仁爱医院"),
	Placeholder("hospital_phone", False, TEXT, "010-5555 0123", "010-5555 0123"),
	Placeholder("emergency_number", False, TEXT, "120", "120"),
	Placeholder("caller_name", False, TEXT, "Chen Min", "陈敏"),
	Placeholder("today", False, TEXT, "Tuesday 10 November", "11月10日星期二"),
	Placeholder("age", True, NUMBER, 68, 68),
	Placeholder("department", True, TEXT, "Orthopaedics", "骨科"),
	Placeholder("attending_doctor", True, TEXT, "Dr Zhao", "赵医生"),
	Placeholder("discharge_date", True, TEXT, "5 November", "11月5日"),
	Placeholder("days_since_discharge", True, NUMBER, 5, 5),
	Placeholder("time_since_discharge", True, TEXT, "5 days", "5天"),
	Placeholder("diagnosis", True, TEXT, "osteoarthritis of the right knee", "右膝骨关节炎"),
	Placeholder("diagnoses", True, TEXT, "osteoarthritis of the right knee, hypertension", "右膝骨关节炎、高血压"),
	Placeholder("procedure", True, TEXT, "right knee replacement", "右膝关节置换术"),
	Placeholder("conditions", True, TEXT, "hypertension", "高血压"),
	Placeholder("allergies", True, TEXT, "penicillin", "青霉素"),
	Placeholder("instructions", True, TEXT, "Keep the wound dry for two weeks.", "两周内伤口保持干燥。"),
	Placeholder("medicines", True, TEXT, "aspirin (once a day), amlodipine (once a day)", "阿司匹林（每日一次）、氨氯地平（每日一次）"),
	Placeholder("pending_results", True, TEXT, "blood culture", "血培养"),
	Placeholder("revisit_date", True, TEXT, "Tuesday 24 November", "11月24日星期二"),
	Placeholder("revisit_in", True, TEXT, "in 14 days", "还有14天"),
	Placeholder("revisit_preparation", True, TEXT, "Bring your X-rays.", "请带上X光片。"),
	Placeholder("past_revisit_date", True, TEXT, None, None),
	Placeholder("tests", True, TEXT, "blood count", "血常规"),
	Placeholder("last_contact_date", True, TEXT, "7 November", "11月7日"),
	Placeholder("next_contact_date", True, TEXT, "Thursday 26 November", "11月26日星期四"),
)  # fmt: skip


def meanings(language: str | None = None) -> dict[str, str]:
	"""What each placeholder stands for, in the language of the session or the one asked for."""
	return {
		"greeting": _("Good morning, afternoon or evening", language),
		"salutation": _("Polite form of address", language),
		"patient_name": _("Patient's name", language),
		"caregiver_name": _("Caregiver's name", language),
		"caregiver_relation": _("Caregiver's relation", language),
		"calls_caregiver": _("Yes when the caregiver or guardian is called", language),
		"is_child": _("Yes when the patient is under age", language),
		"is_older_person": _("Yes from the age of 65", language),
		"promised_callback": _("Yes when this call was promised", language),
		"hospital_name": _("Hospital's name", language),
		"hospital_phone": _("Telephone of the department or hospital", language),
		"emergency_number": _("Emergency number", language),
		"caller_name": _("Caller's name", language),
		"today": _("Today's date", language),
		"age": _("Age in years", language),
		"department": _("Department of the stay", language),
		"attending_doctor": _("Attending doctor", language),
		"discharge_date": _("Discharge date", language),
		"days_since_discharge": _("Days since discharge, as a number", language),
		"time_since_discharge": _("Time since discharge, in words", language),
		"diagnosis": _("Main diagnosis", language),
		"diagnoses": _("All diagnoses", language),
		"procedure": _("Operation or procedure", language),
		"conditions": _("Long-term conditions", language),
		"allergies": _("Allergies", language),
		"instructions": _("Discharge instructions", language),
		"medicines": _("Medicines at discharge", language),
		"pending_results": _("Results that were still pending", language),
		"revisit_date": _("Revisit date", language),
		"revisit_in": _("How long until the revisit", language),
		"revisit_preparation": _("How to prepare for the revisit", language),
		"past_revisit_date": _("Revisit date that has passed", language),
		"tests": _("Tests that are due", language),
		"last_contact_date": _("Day of the last conversation", language),
		"next_contact_date": _("Day of the next planned contact", language),
	}


def kinds(*, before_identity_check: bool = False) -> dict[str, str]:
	"""The placeholders that may be used, with their kind; before the identity check those without health facts."""
	return {fact.name: fact.kind for fact in FACTS if not (before_identity_check and fact.is_health)}


def unknown_labels(language: str | None) -> dict[str, str]:
	"""What stands in brackets where a value is missing, in the language that is read out."""
	return {
		name: _("{0} not known", language).format(meaning) for name, meaning in meanings(language).items()
	}


def sample_facts(language: str | None) -> dict[str, Any]:
	"""The facts of a made-up patient, for trying a script out."""
	return {fact.name: fact.example(language) for fact in FACTS}


def facts_of(
	brief: Mapping[str, Any], *, task: Mapping[str, Any], settings: Any, language: str | None
) -> dict[str, Any]:
	"""The value of every placeholder, in the language that is read out; None where nothing is known.

	`brief` is what services/brief.py tells about `task`; what its reader may not see is missing there, and so here.
	"""
	now = getdate(today())
	facts: dict[str, Any] = dict.fromkeys(fact.name for fact in FACTS)
	facts |= _people(brief["who"], brief["happened"], task, settings, language or "")
	facts |= _hospital(brief["why"], settings, language or "", now)
	facts |= _stay(brief["why"], language or "", now)
	facts |= _dates(brief, language or "", now)
	return {name: value or None if isinstance(value, str) else value for name, value in facts.items()}


def _people(
	who: Mapping[str, Any], happened: Mapping[str, Any], task: Mapping[str, Any], settings: Any, language: str
) -> dict[str, Any]:
	age = who.get("age")
	child = age is not None and age < (cint(settings.guardian_under_age) or 18)
	name = who.get("patient_name") or ""
	return {
		"patient_name": name,
		"salutation": spoken.salutation(name, who.get("sex"), language, child=child),
		"caregiver_name": who.get("caregiver_name"),
		"caregiver_relation": who.get("caregiver_relation"),
		"calls_caregiver": child or task.get("contact_point") == "Caregiver",
		"is_child": child,
		"is_older_person": age is not None and age >= OLDER_FROM,
		"promised_callback": bool(happened.get("promise")) or task.get("kind") == "Callback",
		"age": age,
	}


def _hospital(why: Mapping[str, Any], settings: Any, language: str, now: date) -> dict[str, Any]:
	department = why.get("department")
	title, phone = (
		frappe.get_cached_value("Follow-up Department", department, ["department_name", "contact_phone"])
		if department and frappe.db.exists("Follow-up Department", department, cache=True)
		else (department, None)
	)
	return {
		"greeting": spoken.greeting(now_datetime().time(), language),
		"hospital_name": settings.hospital_name,
		"hospital_phone": phone or settings.hospital_phone,
		"emergency_number": settings.emergency_number,
		"caller_name": get_fullname(frappe.session.user),
		"today": spoken.day(now, now, language),
		"department": title,
	}


def _stay(why: Mapping[str, Any], language: str, now: date) -> dict[str, Any]:
	left = getdate(why["discharge_date"]) if why.get("discharge_date") else None
	days = (now - left).days if left else None
	diagnoses = [_title(row) for row in why.get("diagnoses") or ()]
	procedures = [_title(row) for row in why.get("procedures") or ()]
	medicines = [
		spoken.with_dosage(row["drug"], row.get("dosage"), language) for row in why.get("medicines") or ()
	]
	return {
		"attending_doctor": why.get("attending_doctor"),
		"discharge_date": spoken.short_day(left, now, language) if left else None,
		"days_since_discharge": days,
		# On the day itself there is no span to speak of.
		"time_since_discharge": spoken.span(days, language) if days else None,
		"diagnosis": diagnoses[0] if diagnoses else None,
		"diagnoses": spoken.listed(diagnoses, language),
		"procedure": procedures[0] if procedures else None,
		"conditions": _listed(why.get("conditions"), language),
		"allergies": _listed(why.get("allergies"), language),
		"instructions": (why.get("instructions") or "")[:LONGEST_INSTRUCTIONS],
		"medicines": spoken.listed(medicines, language),
		"pending_results": _listed(why.get("pending_results"), language),
	}


def _dates(brief: Mapping[str, Any], language: str, now: date) -> dict[str, Any]:
	due = brief["due"]
	revisit = due.get("revisit") or {}
	planned = revisit.get("date") or due.get("revisit_date")
	day = getdate(planned) if planned else None
	ahead = day if day and day >= now else None
	spoken_to = [row for row in brief["happened"].get("contacts") or () if row["outcome"] in REACHED]
	coming = [getdate(row["due_date"]) for row in due.get("next_contacts") or ()]
	coming = [when for when in coming if when > now]
	return {
		"revisit_date": spoken.day(ahead, now, language) if ahead else None,
		"revisit_in": spoken.until((ahead - now).days, language) if ahead else None,
		"revisit_preparation": revisit.get("preparation") if ahead else None,
		"past_revisit_date": spoken.short_day(day, now, language) if day and not ahead else None,
		"tests": _listed(due.get("tests"), language),
		"last_contact_date": spoken.short_day(getdate(spoken_to[0]["contacted_at"]), now, language)
		if spoken_to
		else None,
		"next_contact_date": spoken.day(min(coming), now, language) if coming else None,
	}


def _title(row: Any) -> str:
	"""What a diagnosis or procedure is called: its title, never its code, which nobody can read out."""
	return row if isinstance(row, str) else row.get("title") or ""


def _listed(value: Any, language: str) -> str:
	"""Lines, or several things, as one sentence part."""
	items = value.splitlines() if isinstance(value, str) else [_title(row) for row in value or ()]
	return spoken.listed((item.strip() for item in items), language)
