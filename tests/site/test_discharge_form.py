"""What a Patient Discharge accepts, refuses and makes of what was typed. Form, REST and imports obey it alike."""

from __future__ import annotations

import frappe
import pytest
from frappe.utils import add_days, getdate, today

from hospital_followup.exceptions import DuplicateRecordError, InvalidPeriodError, InvalidValueError
from hospital_followup.tests.drafts import department, discharge, patient

TODAY = 0


def days(count: int) -> str:
	return add_days(today(), count)


class TestDates:
	@pytest.mark.parametrize(
		("admitted", "discharged", "sentence"),
		[
			(-2, -3, "before the admission date"),
			(None, 2, "more than a day ahead"),
			(3, 4, "more than a day ahead"),
		],
	)
	def test_impossible_stays_are_refused(self, admitted: int | None, discharged: int, sentence: str) -> None:
		doc = discharge(
			discharge_date=days(discharged), admission_date=None if admitted is None else days(admitted)
		)
		with pytest.raises(InvalidPeriodError, match=sentence):
			doc.insert()

	@pytest.mark.parametrize(("admitted", "discharged"), [(0, 0), (-5, 0), (-5, 1), (None, -400)])
	def test_possible_stays_are_accepted(self, admitted: int | None, discharged: int) -> None:
		doc = discharge(
			discharge_date=days(discharged), admission_date=None if admitted is None else days(admitted)
		)
		doc.insert()
		assert getdate(frappe.db.get_value(doc.doctype, doc.name, "discharge_date")) == getdate(
			days(discharged)
		)

	@pytest.mark.parametrize("admitted", [None, -20])
	def test_a_stay_before_birth_is_refused(self, admitted: int | None) -> None:
		born = patient(date_of_birth=days(-10)).name
		doc = discharge(
			patient=born,
			discharge_date=days(-15 if admitted is None else -1),
			admission_date=admitted and days(admitted),
		)
		with pytest.raises(InvalidPeriodError, match="before the patient was born"):
			doc.insert()

	def test_a_newborn_may_be_discharged_on_the_day_of_birth(self) -> None:
		doc = discharge(patient=patient(date_of_birth=today()).name, discharge_date=today()).insert()
		assert doc.age_at_discharge == "0"

	@pytest.mark.parametrize(
		("born", "left", "age"),
		[
			("1960-06-15", "2024-06-14", "63"),
			("1960-06-15", "2024-06-15", "64"),
			("2020-02-29", "2023-02-28", "2"),
		],
	)
	def test_age_counts_completed_years(self, born: str, left: str, age: str) -> None:
		assert (
			discharge(patient=patient(date_of_birth=born).name, discharge_date=left).insert().age_at_discharge
			== age
		)

	def test_age_is_empty_without_a_date_of_birth(self) -> None:
		assert not discharge().insert().age_at_discharge


class TestScoreFacts:
	"""Empty is unknown, zero is zero, and people type numbers in more ways than one."""

	def test_the_index_is_proposed_from_the_codes_and_counts_only_when_confirmed(self) -> None:
		codes = [{"code": "I50.900"}, {"code": "E11.9"}, {"title": "Cough"}]
		doc = discharge(diagnoses=codes).insert()
		assert (doc.charlson_proposed, doc.charlson) == ("3", None)
		assert "charlson" in frappe.get_doc("Patient Tier", {"discharge": doc.name}).incomplete
		doc.reload().charlson = doc.charlson_proposed
		doc.save()
		current = frappe.db.get_value(doc.doctype, doc.name, "tier")
		assert "charlson" not in frappe.get_doc("Patient Tier", current).incomplete
		doc.reload().set("diagnoses", [{"title": "Cough"}])
		assert doc.save().charlson_proposed is None

	@pytest.mark.parametrize(
		("field", "typed", "stored"),
		[
			("charlson", "3", "3"),
			("charlson", 0, "0"),
			("charlson", "３", "3"),
			("charlson", " 2 ", "2"),
			("charlson", "2.0", "2"),
			("charlson", "十二", "12"),
			("ed_visits", "两次", "2"),
			("ed_visits", "2次", "2"),
			("admissions_12m", "二十", "20"),
			("admissions_12m", "一", "1"),
			("length_of_stay", "0.5", "0.5"),
			("length_of_stay", "12天", "12"),
			("length_of_stay", "一百零五", "105"),
			("length_of_stay", "三点五天", "3.5"),
			("length_of_stay", "10", "10"),
			("sodium", "138 mmol/L", "138"),
			("sodium", "134.5", "134.5"),
			("sodium", "１３８．５", "138.5"),
		],
	)
	def test_numbers_are_stored_plainly(self, field: str, typed: object, stored: str) -> None:
		doc = discharge(**{field: typed}).insert()
		assert frappe.db.get_value(doc.doctype, doc.name, field) == stored

	@pytest.mark.parametrize(
		"field", ["charlson", "ed_visits", "admissions_12m", "length_of_stay", "sodium", "haemoglobin"]
	)
	@pytest.mark.parametrize("typed", [None, "", "  "])
	def test_empty_stays_unknown(self, field: str, typed: str | None) -> None:
		doc = discharge(**{field: typed}).insert()
		assert not frappe.db.get_value(doc.doctype, doc.name, field)

	def test_the_stay_is_never_written_over_by_the_dates(self) -> None:
		doc = discharge(admission_date=days(-10), discharge_date=days(-1), length_of_stay="3").insert()
		assert doc.length_of_stay == "3"

	@pytest.mark.parametrize(
		("field", "typed", "sentence"),
		[
			("charlson", "many", "Charlson Index: “many” is not a whole number"),
			("charlson", "2.5", "is not a whole number"),
			("charlson", "41", "outside 0 to 40"),
			("charlson", "-1", "outside 0 to 40"),
			("ed_visits", "3 pm", "is not a whole number"),
			("ed_visits", "nan", "is not a whole number"),
			("length_of_stay", "1,5", "is not a number"),
			("length_of_stay", "1e2", "is not a number"),
			("sodium", "13.8", "outside 80 to 200"),
			("haemoglobin", "low", "is not a number"),
		],
	)
	def test_what_cannot_be_meant_is_named(self, field: str, typed: str, sentence: str) -> None:
		with pytest.raises(InvalidValueError, match=sentence):
			discharge(**{field: typed}).insert()

	def test_all_bad_facts_are_named_at_once(self) -> None:
		with pytest.raises(InvalidValueError) as refusal:
			discharge(charlson="many", sodium="low", ed_visits="1").insert()
		assert "many" in str(refusal.value) and "low" in str(refusal.value)

	@pytest.mark.parametrize(
		("typed", "unit", "stored", "stored_unit"),
		[
			("11.8", "g/dL", "11.8", "g/dL"),
			("118", "g/L", "118", "g/L"),
			("118", None, "118", "g/L"),
			("11.8", None, "11.8", "g/dL"),
			("118 g/L", None, "118", "g/L"),
			("118g/l", "g/dL", "118", "g/L"),
		],
	)
	def test_haemoglobin_carries_its_unit(
		self, typed: str, unit: str | None, stored: str, stored_unit: str
	) -> None:
		doc = discharge(haemoglobin=typed, haemoglobin_unit=unit).insert()
		assert (doc.haemoglobin, doc.haemoglobin_unit) == (stored, stored_unit)

	@pytest.mark.parametrize(("typed", "unit"), [("118", "g/dL"), ("5", "g/L"), ("0", "g/dL")])
	def test_haemoglobin_in_the_wrong_unit_is_refused(self, typed: str, unit: str) -> None:
		with pytest.raises(InvalidValueError, match="please check the unit"):
			discharge(haemoglobin=typed, haemoglobin_unit=unit).insert()

	def test_haemoglobin_that_could_be_either_asks_for_the_unit(self) -> None:
		with pytest.raises(InvalidValueError, match="choose the unit"):
			discharge(haemoglobin="25").insert()

	@pytest.mark.parametrize(
		("typed", "stored"),
		[("Yes", "Yes"), ("是", "Yes"), (1, "Yes"), ("false", "No"), ("否", "No"), (0, "No"), (None, "")],
	)
	def test_yes_and_no_are_understood(self, typed: object, stored: str) -> None:
		doc = discharge(emergency_admission=typed).insert()
		assert (frappe.db.get_value(doc.doctype, doc.name, "emergency_admission") or "") == stored

	@pytest.mark.parametrize(
		("field", "value"),
		[
			("given_risk_tier", "Severe"),
			("disposition", "Moon"),
			("emergency_admission", "perhaps"),
			("oncology", "2"),
		],
	)
	def test_unknown_choices_are_refused_with_the_possible_ones(self, field: str, value: str) -> None:
		with pytest.raises(frappe.ValidationError, match="should be one of"):
			discharge(**{field: value}).insert()


class TestDiagnoses:
	def test_the_first_is_primary_when_none_is_ticked(self) -> None:
		doc = discharge(diagnoses=[{"code": "I10"}, {"title": "糖尿病"}]).insert()
		assert [row.primary for row in doc.diagnoses] == [1, 0]

	def test_a_ticked_one_stays_primary(self) -> None:
		doc = discharge(diagnoses=[{"code": "I10"}, {"code": "E11", "primary": 1}]).insert()
		assert [row.primary for row in doc.diagnoses] == [0, 1]

	def test_two_primary_ones_are_refused(self) -> None:
		with pytest.raises(InvalidValueError, match="rows 1, 3 are ticked"):
			discharge(
				diagnoses=[{"code": "A", "primary": 1}, {"code": "B"}, {"code": "C", "primary": 1}]
			).insert()

	def test_an_empty_row_is_refused(self) -> None:
		with pytest.raises(InvalidValueError, match="Row 2"):
			discharge(diagnoses=[{"code": "I10"}, {}]).insert()


class TestOneRecordPerStay:
	def test_the_same_patient_and_day_twice_is_refused_and_the_first_is_named(self) -> None:
		first = discharge().insert()
		with pytest.raises(DuplicateRecordError, match=first.name):
			discharge(patient=first.patient).insert()

	def test_the_external_id_decides_where_there_is_one(self) -> None:
		first = discharge(external_id="STAY-1").insert()
		discharge(patient=first.patient, external_id="STAY-2").insert()
		with pytest.raises(DuplicateRecordError):
			discharge(external_id="STAY-1").insert()

	def test_two_companies_may_use_the_same_external_id(self) -> None:
		keys = {discharge(external_id="STAY-1", company=name).insert().key for name in ("East", "West", None)}
		assert len(keys) == 3

	def test_the_source_document_decides_before_patient_and_date(self) -> None:
		source = {"source_doctype": "User", "source_name": "Administrator"}
		first = discharge(**source).insert()
		discharge(patient=first.patient).insert()
		with pytest.raises(DuplicateRecordError):
			discharge(discharge_date=days(-9), **source).insert()

	def test_saving_again_is_no_duplicate(self) -> None:
		doc = discharge().insert()
		key = doc.key
		doc.attending_doctor = "王医生"
		doc.save()
		assert doc.key == key

	def test_the_database_itself_keeps_the_key_unique(self) -> None:
		first, second = discharge().insert(), discharge().insert()
		with pytest.raises(Exception) as refusal:
			frappe.db.set_value(second.doctype, second.name, "key", first.key)
		assert frappe.db.is_unique_key_violation(refusal.value)


class TestPatient:
	def test_company_and_department_come_from_the_patient(self) -> None:
		ward = department().insert().name
		doc = discharge(patient=patient(company="East", department=ward).name).insert()
		assert (doc.patient_name, doc.company, doc.department) == ("李梅", "East", ward)

	def test_what_was_entered_stands(self) -> None:
		ward = department().insert().name
		person = patient(company="East", department=department().insert().name)
		doc = discharge(patient=person.name, company="West", department=ward).insert()
		assert (doc.company, doc.department) == ("West", ward)

	def test_the_default_department_fills_the_gap(self) -> None:
		ward = department().insert().name
		frappe.db.set_single_value("Follow-up Settings", "default_department", ward)
		assert discharge().insert().department == ward

	def test_a_stay_of_a_merged_record_goes_to_the_remaining_one(self) -> None:
		remaining, merged = patient(patient_name="李 梅"), patient()
		merged.update({"status": "Merged", "merged_into": remaining.name})
		merged.save()
		doc = discharge(patient=merged.name).insert()
		assert (doc.patient, doc.patient_name) == (remaining.name, "李 梅")
