"""What a Follow-up Patient accepts: one record per hospital number, and telephone numbers that are never lost."""

from __future__ import annotations

import frappe
import pytest
from frappe.utils import add_days, add_years, today

from hospital_followup.exceptions import DuplicateRecordError, InvalidPeriodError, InvalidValueError
from hospital_followup.services.phone import masked
from hospital_followup.tests.drafts import patient


def shown() -> str:
	"""Everything the person who saved was told."""
	return " ".join(str(message.get("message")) for message in frappe.get_message_log())


class TestHospitalNumber:
	def test_a_number_given_twice_names_the_patient_who_has_it(self) -> None:
		first = patient(patient_id="10001", patient_name="张伟")
		with pytest.raises(DuplicateRecordError, match=r"10001.*张伟") as refusal:
			patient(patient_id=" 10001 ", patient_name="王芳")
		assert first.name in str(refusal.value)

	def test_each_company_has_numbers_of_its_own(self) -> None:
		names = {patient(patient_id="10001", company=company).name for company in (None, "East", "West")}
		assert len(names) == 3

	def test_moving_to_a_company_where_the_number_is_taken_is_refused(self) -> None:
		patient(patient_id="10001", company="East")
		other = patient(patient_id="10001", company="West")
		other.company = "East"
		with pytest.raises(DuplicateRecordError):
			other.save()

	@pytest.mark.parametrize("fields", [("company", "patient_id"), ("external_key",)])
	@pytest.mark.parametrize("company", [None, "East"])
	def test_the_database_itself_refuses_a_second_row(
		self, company: str | None, fields: tuple[str, ...]
	) -> None:
		first, second = patient(company=company), patient()
		with pytest.raises(Exception) as refusal:
			frappe.db.set_value(second.doctype, second.name, {field: first.get(field) for field in fields})
		assert frappe.db.is_unique_key_violation(refusal.value)


class TestPhone:
	@pytest.mark.parametrize(
		("typed", "stored", "shown_as"),
		[
			("13812345678", "+8613812345678", "138****5678"),
			("138 1234 5678", "+8613812345678", "138****5678"),
			("１３８１２３４５６７８", "+8613812345678", "138****5678"),
			("+86-138-1234-5678", "+8613812345678", "138****5678"),
			("010-6552 9999", "+861065529999", "106****9999"),
			("+852 2345 6789", "+85223456789", "****89"),
			("+1 415 555 2671", "+14155552671", "415****2671"),
		],
	)
	def test_valid_numbers_are_stored_in_international_form(
		self, typed: str, stored: str, shown_as: str
	) -> None:
		doc = patient(mobile=typed)
		assert (doc.mobile, doc.mobile_masked) == (stored, shown_as)

	@pytest.mark.parametrize(
		"typed",
		["13812345", "138123456789012", "13812345678（女儿）", "ask the daughter", "010-65529999 转 8021"],
	)
	def test_what_is_no_number_is_kept_as_typed(self, typed: str) -> None:
		doc = patient(mobile=typed)
		assert doc.mobile.replace("(", "（").replace(")", "）") == typed

	def test_the_person_is_told_about_a_doubtful_number(self) -> None:
		patient(caregiver_mobile="12345")
		assert "12345 is no valid telephone number; it was kept as typed" in shown()

	def test_the_default_country_is_a_setting(self) -> None:
		frappe.db.set_single_value("Follow-up Settings", "default_country_code", "HK")
		assert patient(mobile="2345 6789").mobile == "+85223456789"

	def test_no_number_is_no_error(self) -> None:
		doc = patient(mobile=None)
		assert not doc.mobile and not doc.mobile_masked

	@pytest.mark.parametrize(
		"number", ["13812345678", "+8613812345678", "12345", "1234567", "abc", "+85223456789"]
	)
	def test_a_masked_number_cannot_be_called(self, number: str) -> None:
		digits = sum(char.isdigit() for char in masked(number) or "")
		assert digits <= 7 and digits < max(1, sum(char.isdigit() for char in number))

	def test_a_new_number_is_unknown_until_confirmed(self) -> None:
		doc = patient(phone_verified=1)
		assert doc.mobile_status == "Verified"
		doc.mobile = "13912345678"
		doc.save()
		assert (doc.mobile_status, doc.phone_verified) == ("Unknown", 0)

	def test_a_wrong_number_is_no_longer_confirmed(self) -> None:
		doc = patient(mobile_status="Verified")
		doc.mobile_status = "Wrong Number"
		doc.save()
		assert doc.phone_verified == 0


class TestStatus:
	def test_merged_needs_the_record_that_remains(self) -> None:
		doc = patient()
		doc.status = "Merged"
		with pytest.raises(InvalidValueError, match="record that remains"):
			doc.save()

	def test_a_record_cannot_be_merged_into_itself_or_into_a_merged_one(self) -> None:
		gone, remaining, doc = patient(), patient(), patient()
		gone.update({"status": "Merged", "merged_into": remaining.name})
		gone.save()
		for target in (doc.name, gone.name):
			doc.reload()
			doc.update({"status": "Merged", "merged_into": target})
			with pytest.raises(InvalidValueError):
				doc.save()

	def test_merging_on_takes_earlier_merges_along(self) -> None:
		first, second, third = patient(), patient(), patient()
		for doc, target in ((first, second), (second, third)):
			doc.update({"status": "Merged", "merged_into": target.name})
			doc.save()
		assert frappe.db.get_value(first.doctype, first.name, "merged_into") == third.name

	def test_an_active_record_forgets_where_it_was_merged(self) -> None:
		doc, other = patient(), patient()
		doc.update({"status": "Merged", "merged_into": other.name})
		doc.save()
		doc.status = "Active"
		doc.save()
		assert not doc.merged_into


class TestPersonalFacts:
	def test_a_birth_in_the_future_is_refused(self) -> None:
		with pytest.raises(InvalidPeriodError):
			patient(date_of_birth=add_days(today(), 1))

	def test_an_unknown_time_zone_is_refused(self) -> None:
		with pytest.raises(InvalidValueError, match="Asia/Shanghai"):
			patient(time_zone="Beijing")
		assert patient(time_zone="Asia/Urumqi").time_zone == "Asia/Urumqi"

	def test_a_minor_without_a_guardian_is_saved_and_asked_about(self) -> None:
		patient(date_of_birth=add_years(today(), -17))
		assert "guardian" in shown()

	def test_nobody_is_asked_for_the_guardian_of_an_adult_or_twice(self) -> None:
		patient(date_of_birth=add_years(today(), -18))
		patient(date_of_birth=add_years(today(), -5), caregiver_name="李雷", caregiver_mobile="13812345678")
		assert "guardian" not in shown()
