"""What a research export tells: fixed facts of consenting patients, and nothing that says who they are."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date, timedelta
from typing import Any

import frappe
import pytest
from frappe.utils import add_days, get_datetime, getdate, now_datetime, today

from hospital_followup.engine.deidentify import HIDDEN, Masks
from hospital_followup.services.research_archive import Archive, dictionary
from hospital_followup.services.research_cohort import cohort, consenting_patients
from hospital_followup.services.research_rows import ResearchRows
from hospital_followup.tests import factories as make
from tests.site.rights import AD, department, person
from tests.site.samples import saved

MASKS = Masks(b"a secret of the tests alone, 32 b")
PERIOD = {"from_date": "2000-01-01", "to_date": "2999-12-31"}
WORDS = (
	"Data",
	"Small Text",
	"Text",
	"Long Text",
	"Text Editor",
	"Markdown Editor",
	"HTML Editor",
	"Code",
	"Attach",
)
Tables = dict[str, list[dict[str, str]]]


@pytest.fixture(autouse=True)
def policy() -> None:
	make.standard_policy()


def agree(patient: str, *, given: int = -300, withdrawn: int | None = None) -> None:
	fields = {"given_on": add_days(now_datetime(), given)}
	if withdrawn is not None:
		fields["withdrawn_on"] = add_days(now_datetime(), withdrawn)
	saved("Follow-up Consent", patient=patient, purpose="Research", channel="All", **fields)


def stay(code: str = "I10.x00", *, consent: bool = True, born: str = "1960-05-04", **fields: Any) -> Any:
	patient = make.patient(date_of_birth=born)
	if consent:
		agree(patient.name)
	return make.discharge(
		patient.name,
		**{
			"discharge_date": add_days(today(), -3),
			"admission_date": add_days(today(), -10),
			"diagnoses": [{"code": code, "title": "原发性高血压", "primary": 1}],
			**fields,
		},
	)


def export(filters: dict[str, Any] | None = None) -> tuple[Tables, dict[str, bytes]]:
	with Archive() as archive:
		ResearchRows(archive, cohort(filters or PERIOD), MASKS).write(lambda _done, _total: None)
		packed = zipfile.ZipFile(io.BytesIO(archive.finish()))
	files = {name: packed.read(name) for name in packed.namelist()}
	tables = {
		name.removesuffix(".csv"): list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
		for name, content in files.items()
		if name.endswith(".csv")
	}
	return tables, files


def of(tables: Tables, table: str, patient: str) -> list[dict[str, str]]:
	return [row for row in tables[table] if row["patient"] == MASKS.pseudonym("patient", patient)]


def test_only_patients_whose_last_word_was_yes():
	yes, no, back, again, asked = (make.patient().name for _number in range(5))
	agree(yes)
	saved("Follow-up Consent", patient=no, purpose="Clinical", channel="All", given_on=now_datetime())
	agree(back, withdrawn=-1)
	agree(again, withdrawn=-100)
	agree(again, given=-10)
	moment = add_days(now_datetime(), -5)
	for fields in ({"given_on": moment}, {"given_on": add_days(moment, -1), "withdrawn_on": moment}):
		saved("Follow-up Consent", patient=asked, purpose="Research", channel="All", **fields)
	found = consenting_patients()
	assert {yes, again} <= set(found) and not {no, back, asked} & set(found)


def test_what_was_said_to_a_merged_record_counts_for_the_patient_who_remains():
	remaining, merged = make.patient().name, make.patient().name
	agree(remaining)
	agree(merged, withdrawn=-1)
	assert remaining in consenting_patients()
	frappe.db.set_value("Follow-up Patient", merged, {"status": "Merged", "merged_into": remaining})
	assert remaining not in consenting_patients() and merged not in consenting_patients()


def test_who_did_not_agree_is_not_in_any_file():
	others = [stay() for _number in range(5)]
	left = stay(consent=False)
	tables, files = export()
	assert {MASKS.pseudonym("patient", doc.patient) for doc in others} <= {
		row["patient"] for row in tables["patients"]
	}
	hidden = MASKS.pseudonym("patient", left.patient).encode()
	assert not any(hidden in content for content in files.values())


def test_a_small_group_is_hidden_and_a_smaller_one_left_out():
	common = [stay() for _number in range(5)]
	rare = [stay(f"C{number}0.1") for number in range(1, 6)]
	old = stay(born="1921-01-01", department=make.department("Test Geriatrics"))
	tables, files = export()
	assert {of(tables, "discharges", doc.patient)[0]["diagnosis"] for doc in common} == {"I10"}
	assert {of(tables, "discharges", doc.patient)[0]["diagnosis"] for doc in rare} == {HIDDEN}
	assert not of(tables, "patients", old.patient)
	assert not any(b"C10" in content or b"Geriatrics" in content for content in files.values())
	found = cohort(PERIOD)
	assert (found.left_out, found.generalised) == (1, 5)


def reached(doc: Any, **answers: str) -> Any:
	"""A talk of the first contact of the discharge, with answers to the questionnaire of the tests."""
	task = frappe.get_doc("Follow-up Task", make.tasks_of(doc.plan)[0].name)
	return make.log(
		task,
		"Reached Patient",
		contacted_at=get_datetime(f"{add_days(doc.discharge_date, 2)} 15:30:00"),
		questionnaire=QUESTIONNAIRE["name"],
		answers=[
			{"question": code, "question_text": "asked", "value": value} for code, value in answers.items()
		],
		satisfaction=4,
		identity_verified=1,
	)


QUESTIONNAIRE: dict[str, str] = {}


@pytest.fixture
def asked() -> None:
	questions = [
		{"code": "fever", "text": "Fever?", "answer_type": "Yes/No"},
		{"code": "weight", "text": "=Weight?", "answer_type": "Number", "unit": "kg"},
		{"code": "mood", "text": "Mood?", "answer_type": "Choice", "choices": "good | Good\nbad | Bad"},
		{"code": "words", "text": "Anything else?", "answer_type": "Text"},
	]
	doc = saved("Follow-up Questionnaire", questions=questions)
	frappe.db.set_value("Follow-up Questionnaire", doc.name, "status", "Approved")
	QUESTIONNAIRE["name"] = doc.name


def test_fixed_answers_go_out_and_words_do_not(asked):
	docs = [stay() for _number in range(5)]
	log = reached(docs[0], fever="Yes", weight="71.5", mood="good", words="call my neighbour")
	for doc in docs[1:]:
		reached(doc, fever="No")
	tables, files = export()
	found = {row["question"]: row for row in of(tables, "answers", docs[0].patient)}
	assert {code: (row["value"], row["number"]) for code, row in found.items()} == {
		"fever": ("Yes", "1.0"),
		"weight": ("71.5", "71.5"),
		"mood": ("good", ""),
	}
	assert found["fever"]["attempt"] == MASKS.pseudonym("attempt", log.name)
	assert not any(b"neighbour" in content for content in files.values())
	asked_texts = {row["question"]: row["text"] for row in tables["questions"]}
	assert asked_texts == {"fever": "Fever?", "weight": "'=Weight?", "mood": "Mood?"}


@pytest.mark.parametrize(
	("code", "value"),
	[("weight", "13800138000"), ("weight", "王小明"), ("mood", "ask 王小明"), ("gone", "Yes")],
)
def test_an_answer_that_does_not_fit_its_question_stays(asked, code, value):
	docs = [stay() for _number in range(5)]
	log, *_others = (reached(doc, fever="No") for doc in (*docs, stay()))
	frappe.db.set_value("Follow-up Answer", {"parent": log.name}, {"question": code, "value": value})
	tables, files = export()
	assert len(tables["answers"]) == 5 and not of(tables, "answers", docs[0].patient)
	assert not any(value.encode() in content for content in files.values() if value != "Yes")


def test_a_questionnaire_of_a_few_would_name_their_condition(asked):
	docs = [stay() for _number in range(5)]
	for doc in docs[:4]:
		reached(doc, fever="Yes")
	tables, files = export()
	assert (tables["answers"], tables["questions"]) == ([], [])
	assert len(tables["attempts"]) == 4
	assert not any(b"Fever?" in content for content in files.values())
	reached(docs[4], fever="Yes")
	tables, _files = export()
	assert {row["patient"] for row in tables["answers"]} == {row["patient"] for row in tables["patients"]}
	assert len(tables["answers"]) == 5 and [row["text"] for row in tables["questions"]] == ["Fever?"]


def test_what_is_still_to_come_does_not_go_out(asked):
	docs = [stay() for _number in range(5)]
	log = reached(docs[0], fever="Yes")
	saved(
		"Follow-up Revisit", patient=docs[0].patient, discharge=docs[0].name, expected_on=add_days(today(), 9)
	)
	assert len(make.tasks_of(docs[0].plan)) > 1
	tables, _files = export()
	assert [(row["contact"], row["status"]) for row in tables["contacts"]] == [
		(MASKS.pseudonym("contact", log.task), "Completed")
	]
	assert not [row for row in tables["outcomes"] if row["outcome"] == "Revisit Expected"]


def test_a_rare_length_of_stay_is_hidden_wherever_it_shows():
	common = [stay() for _number in range(5)]
	rare = [stay(admission_date=add_days(today(), -3 - nights)) for nights in (1, 5, 15, 33)]
	rare.append(stay(admission_date=None))
	frappe.db.set_value("Patient Discharge", rare[0].name, "readmitted_on", add_days(today(), -1))
	tables, _files = export()
	assert HIDDEN not in {of(tables, "discharges", doc.patient)[0]["admission_date"] for doc in common}
	assert {
		(row["admission_date"], row["disposition"], row["diagnosis"])
		for doc in rare
		for row in of(tables, "discharges", doc.patient)
	} == {(HIDDEN, "Home", "I10")}
	assert [row["date"] for row in tables["outcomes"] if row["outcome"] == "Readmission"] == [""]


def test_a_rare_end_of_a_stay_is_hidden_wherever_it_shows():
	common = [stay() for _number in range(5)]
	ends = ("Transferred", "Hospice", "Against Advice", "Other", "Deceased")
	rare = [stay(disposition=end) for end in ends]
	dead = {"status": "Deceased", "deceased_on": rare[-1].discharge_date}
	frappe.db.set_value("Follow-up Patient", rare[-1].patient, dead)
	frappe.db.set_value("Patient Discharge", rare[0].name, "decision_reason", "transferred")
	tables, files = export()
	assert {of(tables, "discharges", doc.patient)[0]["disposition"] for doc in common} == {"Home"}
	assert {
		(row["disposition"], row["decision_reason"])
		for doc in rare
		for row in of(tables, "discharges", doc.patient)
	} == {(HIDDEN, HIDDEN)}
	assert not [row for row in tables["outcomes"] if row["outcome"] == "Death"]
	assert not any(end in files["discharges.csv"].decode() for end in ends)


def everything_about(doc: Any) -> list[Any]:
	"""The discharge with all records around it, one of each kind."""
	log = reached(doc, fever="Yes", words="…")
	task = log.task
	near = {"patient": doc.patient, "task": task}
	revisit = saved(
		"Follow-up Revisit", patient=doc.patient, discharge=doc.name, expected_on=add_days(today(), -1)
	)
	saved("Follow-up Survey", **near, recommend="9", satisfaction=5, comment="…")
	saved("Follow-up Alert", **near, detail="…")
	frappe.db.set_value("Follow-up Survey", near, {"status": "Answered", "answered_on": now_datetime()})
	frappe.db.set_value("Follow-up Revisit", revisit.name, {"status": "Attended", "attended_on": today()})
	frappe.db.set_value("Patient Discharge", doc.name, "readmitted_on", today())
	names = {
		"Follow-up Patient": {"name": doc.patient},
		"Patient Discharge": {"name": doc.name},
		"Patient Tier": {"discharge": doc.name},
		"Patient Value": {"patient": doc.patient},
		"Follow-up Plan": {"discharge": doc.name},
		"Follow-up Task": {"discharge": doc.name},
		"Follow-up Log": {"patient": doc.patient},
		"Follow-up Survey": {"patient": doc.patient},
		"Follow-up Alert": {"patient": doc.patient},
		"Follow-up Revisit": {"patient": doc.patient},
		"Follow-up Consent": {"patient": doc.patient},
	}
	return [
		frappe.get_doc(doctype, name)
		for doctype, filters in names.items()
		for name in frappe.get_all(doctype, filters=filters, pluck="name", order_by="name")
	]


def canary(doctype: str, field: str) -> str:
	return f"=CANARY {doctype} {field}"


def write_canaries(record: Any) -> None:
	"""A word in every field of the record and its rows that can hold words, whatever its meaning."""
	for row in (record, *record.get_all_children()):
		keep = {
			"Follow-up Answer": {"question", "value"},
			"Discharge Diagnosis": {"code"},
			"Follow-up Consent": {"programme"},  # it would be a word about a programme, not about research
		}.get(row.doctype, set())
		words = {
			field.fieldname: canary(row.doctype, field.fieldname)[: field.length or 140]
			for field in row.meta.fields
			if field.fieldtype in WORDS and field.fieldname not in keep and not field.unique
		}
		words |= {
			field: "CANARY-VALUE" for field in ("value_tier", "value_reasons") if row.meta.has_field(field)
		}
		if words:
			frappe.db.set_value(row.doctype, row.name, words, update_modified=False)


def real_dates(record: Any) -> set[date]:
	found = set()
	for row in (record, *record.get_all_children()):
		for field in row.meta.fields:
			if field.fieldtype in ("Date", "Datetime") and row.get(field.fieldname):
				found.add(getdate(row.get(field.fieldname)))
	return found


@pytest.fixture
def told(asked) -> tuple[Any, list[Any], Tables, dict[str, bytes]]:
	docs = [stay() for _number in range(5)]
	make.value(docs[0].patient, "High")
	records = everything_about(docs[0])
	for doc in docs[1:]:
		reached(doc, fever="No")
	for record in records:
		write_canaries(record)
	return docs[0], records, *export()


def test_no_written_word_and_no_value_tier_gets_out(told):
	doc, records, tables, files = told
	assert len(records) >= 11 and of(tables, "answers", doc.patient)
	for name, content in files.items():
		assert b"CANARY" not in content, name


def test_no_real_name_of_a_record_gets_out(told):
	_doc, records, _tables, files = told
	for record in records:
		assert not any(record.name.encode() in content for content in files.values()), record.doctype


def test_no_real_date_gets_out_and_every_interval_stays(told):
	doc, records, tables, _files = told
	real = set().union(*(real_dates(record) for record in records))
	shift = MASKS.shift(doc.patient)
	shown = {
		row[column]
		for table in tables
		for row in (of(tables, table, doc.patient) if table not in ("dictionary", "questions") else ())
		for column in row
		if row[column][:2] in ("19", "20") and row[column].count("-") == 2
	}
	near = {day for day in real if abs((day - getdate(doc.discharge_date)).days) < 31}
	assert len(shown) > 5 and not shown & {day.isoformat() for day in near}
	assert shown <= {(day + shift).isoformat() for day in real}
	assert abs(shift) >= timedelta(days=31)
	stay_row = of(tables, "discharges", doc.patient)[0]
	nights = date.fromisoformat(stay_row["discharge_date"]) - date.fromisoformat(stay_row["admission_date"])
	assert nights == timedelta(days=7)
	for row in of(tables, "contacts", doc.patient):
		task = next(
			item
			for item in make.tasks_of(doc.plan)
			if MASKS.pseudonym("contact", item.name) == row["contact"]
		)
		distance = date.fromisoformat(row["due_date"]) - date.fromisoformat(stay_row["discharge_date"])
		assert distance == task.due_date - getdate(doc.discharge_date)


def test_what_happened_stands_in_the_outcomes(told):
	doc, _records, tables, _files = told
	found = {(row["outcome"], row["value"]) for row in of(tables, "outcomes", doc.patient)}
	assert found >= {
		("Readmission", ""),
		("Revisit Expected", "Attended"),
		("Revisit Attended", ""),
		("Satisfaction", "5"),
		("Recommendation", "9"),
	}
	assert [row["kind"] for row in of(tables, "outcomes", doc.patient) if row["outcome"] == "Alert"]


def test_times_are_told_as_parts_of_the_day(told):
	doc, _records, tables, files = told
	assert [row["part_of_day"] for row in of(tables, "attempts", doc.patient)] == ["Afternoon"]
	assert not any(b"15:30" in content for content in files.values())


def test_records_stand_in_the_order_of_their_pseudonyms(told):
	_doc, _records, tables, _files = told
	for table in ("patients", "discharges", "plans", "contacts"):
		patients = [row["patient"] for row in tables[table]]
		assert patients == sorted(patients), table


def test_every_column_is_explained_in_both_languages():
	files = dictionary()["files"]
	tables, packed = export()
	assert set(packed) == {f"{table}.csv" for table in files} | {"dictionary.csv", "README.txt"}
	explained = {
		(row["file"], row["column"]) for row in tables["dictionary"] if row["English"] and row["中文"]
	}
	for table, meaning in files.items():
		header = packed[f"{table}.csv"].decode("utf-8-sig").splitlines()[0].split(",")
		assert header == list(meaning["columns"])
		assert {(f"{table}.csv", column) for column in ("", *header)} <= explained
	notes = packed["README.txt"].decode("utf-8-sig")
	assert "research" in notes and "科研" in notes
	assert "can join them" in notes and "可将其关联" in notes


def test_an_administrator_of_one_department_exports_that_department_only():
	here, there = department("Research Here"), department("Research There")
	mine = [stay(department=here) for _number in range(5)]
	others = [stay(department=there) for _number in range(5)]
	user = person(AD, departments=(here,))
	frappe.set_user(user)
	try:
		tables, _files = export()
	finally:
		frappe.set_user("Administrator")
	patients = {row["patient"] for row in tables["patients"]}
	assert {MASKS.pseudonym("patient", doc.patient) for doc in mine} <= patients
	assert not {MASKS.pseudonym("patient", doc.patient) for doc in others} & patients


def test_period_and_department_choose_the_stays():
	ward = make.department("Test Research Ward")
	inside = [stay(department=ward) for _number in range(5)]
	for _number in range(5):
		stay(department=ward, discharge_date=add_days(today(), -300), admission_date=None)
	chosen = {"from_date": add_days(today(), -100), "to_date": today(), "department": ward}
	assert set(cohort(chosen).stays) == {doc.patient for doc in inside}


def test_a_cancelled_discharge_did_not_take_place():
	docs = [stay() for _number in range(5)]
	frappe.db.set_value("Patient Discharge", docs[0].name, "cancelled", 1)
	assert docs[0].patient not in cohort(PERIOD).stays
