"""Calendars, staff, duties, departments and settings: what an administrator may enter."""

from __future__ import annotations

import frappe
import pytest
from frappe.utils import get_timedelta

from hospital_followup.exceptions import (
	ClosedCalendarError,
	DuplicateRecordError,
	InvalidPeriodError,
	InvalidValueError,
)
from hospital_followup.tests.drafts import calendar, department, new

WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class TestCalendar:
	def test_a_new_calendar_works_monday_to_friday(self) -> None:
		doc = calendar().insert()
		assert [doc.get(day) for day in WEEK] == [1, 1, 1, 1, 1, 0, 0]

	def test_a_week_without_a_working_day_is_refused(self) -> None:
		with pytest.raises(ClosedCalendarError, match="no working day"):
			calendar(**dict.fromkeys(WEEK, 0)).insert()

	def test_a_date_listed_twice_names_both_rows(self) -> None:
		rows = [{"date": "2026-10-01"}, {"date": "2026-10-02"}, {"date": "2026-10-01", "working": 1}]
		with pytest.raises(InvalidValueError, match="Rows 1 and 3"):
			calendar(exceptions=rows).insert()

	@pytest.mark.site("plain")
	def test_a_holiday_list_needs_erpnext(self) -> None:
		with pytest.raises(InvalidValueError, match="ERPNext, which is not installed"):
			calendar(holiday_doctype="Holiday List").insert()

	@pytest.mark.site("erpnext")
	def test_a_chosen_holiday_list_may_close_every_weekday_here(self) -> None:
		frappe.get_doc(
			{
				"doctype": "Holiday List",
				"holiday_list_name": "国定假日",
				"from_date": "2026-01-01",
				"to_date": "2026-12-31",
			}
		).insert()
		doc = calendar(
			holiday_doctype="Holiday List", holiday_list="国定假日", **dict.fromkeys(WEEK, 0)
		).insert()
		assert doc.holiday_list == "国定假日"
		doc.holiday_list = None
		with pytest.raises(InvalidValueError, match="Choose the holiday list"):
			doc.save()


class TestStaff:
	def staff(self, **values: object) -> frappe.model.document.Document:
		return new("Follow-up Staff", **{"user": "Administrator", "role": "Follow-up Specialist", **values})

	def test_the_name_comes_from_the_user(self) -> None:
		doc = self.staff().insert()
		assert (doc.name, doc.staff_name, doc.capacity_per_day) == ("Administrator", "Administrator", 25)

	@pytest.mark.parametrize(
		("rows", "sentence"),
		[
			([("2026-05-09", "2026-05-01")], "Row 1: the absence ends on"),
			([("2026-05-01", "2026-05-05"), ("2026-05-05", "2026-05-06")], "Rows 1 and 2 overlap"),
			([("2026-05-04", "2026-05-09"), ("2026-05-01", "2026-05-04")], "Rows 2 and 1 overlap"),
		],
	)
	def test_impossible_absences_are_refused(self, rows: list[tuple[str, str]], sentence: str) -> None:
		with pytest.raises(InvalidPeriodError, match=sentence):
			self.staff(absences=[{"from_date": start, "to_date": end} for start, end in rows]).insert()

	def test_absences_one_after_the_other_are_fine(self) -> None:
		rows = [("2026-05-01", "2026-05-05"), ("2026-05-06", "2026-05-06")]
		doc = self.staff(absences=[{"from_date": start, "to_date": end} for start, end in rows]).insert()
		assert len(doc.absences) == 2

	def test_capacity_zero_is_refused_with_the_way_to_do_it(self) -> None:
		with pytest.raises(InvalidValueError, match="clear “Takes Contacts”"):
			self.staff(capacity_per_day=0).insert()

	def test_a_missing_role_is_pointed_out(self, as_user) -> None:
		with as_user("Follow-up Doctor") as user:
			pass
		self.staff(user=user, role="Follow-up Specialist").insert()
		assert "does not have the role" in str(frappe.get_message_log())


class TestDutyRoster:
	def duty(self, **values: object) -> frappe.model.document.Document:
		return new(
			"Duty Roster",
			**{"date": "2026-10-01", "role": "Follow-up Doctor", "user": "Administrator", **values},
		)

	def test_the_same_duty_twice_is_refused(self) -> None:
		self.duty().insert()
		with pytest.raises(DuplicateRecordError, match="on duty"):
			self.duty().insert()

	def test_other_roles_departments_and_days_are_other_duties(self) -> None:
		ward = department().insert().name
		changes: list[dict[str, str]] = [
			{},
			{"date": "2026-10-02"},
			{"role": "Follow-up Specialist"},
			{"department": ward},
		]
		assert len({self.duty(**change).insert().key for change in changes}) == len(changes)


class TestDepartment:
	def test_the_name_is_the_name(self) -> None:
		doc = department(department_name=" 随访测试骨科 ").insert()
		assert doc.name == doc.department_name == "随访测试骨科"

	def test_a_second_company_may_have_a_department_of_that_name(self) -> None:
		department(department_name="随访测试骨科", company="East").insert()
		assert (
			department(department_name="随访测试骨科", company="West").insert().name == "随访测试骨科 - West"
		)

	@pytest.mark.site("health")
	def test_a_foreign_department_has_one_home(self) -> None:
		frappe.get_doc({"doctype": "Medical Department", "department": "随访测试科"}).insert()
		row = {"source_doctype": "Medical Department", "source_name": "随访测试科"}
		with pytest.raises(InvalidValueError, match="listed twice"):
			department(mappings=[dict(row), dict(row)]).insert()
		first = department(mappings=[row]).insert()
		with pytest.raises(DuplicateRecordError, match=first.name):
			department(mappings=[dict(row)]).insert()


class TestSettings:
	def settings(self, **values: object) -> frappe.model.document.Document:
		doc = frappe.get_doc("Follow-up Settings")
		doc.update(values)
		return doc

	def test_the_defaults_are_those_of_the_specification(self) -> None:
		meta = frappe.get_meta("Follow-up Settings")
		expected = {
			"max_attempts": "3",
			"attempt_days": "2",
			"morning_call_from": "09:00",
			"afternoon_call_to": "20:00",
			"quiet_from": "20:00",
			"quiet_to": "09:00",
			"unanswered_messages": "3",
			"red_response_hours": "2",
			"amber_response_days": "1",
			"missed_revisit_message_days": "1",
			"missed_revisit_call_days": "3",
			"capacity_per_day": "25",
			"reviews_per_week": "3",
			"reviews_per_week_new": "10",
			"training_hours_per_year": "8",
			"risk_score": "LACE",
			"tier_when_incomplete": "Medium",
			"merge_within_days": "2",
			"max_contacts_per_day": "1",
			"max_contacts_per_week": "3",
			"value_months": "24",
			"value_minimum_patients": "20",
			"value_high_from": "12",
			"value_medium_from": "7",
			"value_high_from_two": "8",
			"value_medium_from_two": "5",
			"emergency_number": "120",
			"messages_without_consent": "0",
			"go_live": "0",
			"guardian_under_age": "18",
			"lease_minutes": "20",
		}
		assert {field: meta.get_field(field).default for field in expected} == expected

	@pytest.mark.parametrize(
		("values", "sentence"),
		[
			({"max_attempts": 0}, "Attempts per Task: 0 is outside 1 to 20"),
			({"red_response_hours": 0}, "Red Alerts"),
			({"max_contacts_per_day": 4, "max_contacts_per_week": 3}, "fewer contacts in seven days"),
			({"max_attempts": 1, "attempt_days": 2}, "1 attempts cannot fall on 2 days"),
			({"value_medium_from": 12}, "must be more than"),
			({"morning_call_from": "12:00"}, "must be before"),
			({"morning_call_from": "25:00"}, "25:00.* is not a time of day"),
			({"quiet_to": "soon"}, "not a time of day"),
			({"default_country_code": "XX"}, "no country code"),
			({"base_url": "http://hospital.example"}, "must begin with https"),
			({"base_url": "hospital.example"}, "must begin with https"),
		],
	)
	def test_what_cannot_be_meant_is_refused(self, values: dict[str, object], sentence: str) -> None:
		with pytest.raises(frappe.ValidationError, match=sentence):
			self.settings(**values).save()

	def test_a_fresh_site_has_the_hours_of_the_specification(self) -> None:
		doc = self.settings()
		assert (doc.morning_call_from, doc.afternoon_call_to, doc.quiet_from, doc.quiet_to) == (
			"09:00",
			"20:00",
			"20:00",
			"09:00",
		)

	@pytest.mark.parametrize("typed", ["8:30", "08:30", "08:30:00", "８：３０"])
	def test_times_are_stored_alike_however_they_are_typed(self, typed: str) -> None:
		doc = self.settings(morning_call_from=typed)
		doc.save()
		assert doc.morning_call_from == "08:30"

	def test_quiet_hours_may_go_over_midnight_or_not(self) -> None:
		for start, end in (("21:00", "08:00"), ("00:00", "07:00")):
			self.settings(quiet_from=start, quiet_to=end).save()

	def test_a_channel_stands_in_one_row(self) -> None:
		doc = self.settings()
		doc.set("channels", [{"channel": "Phone", "enabled": 1}, {"channel": "Phone"}])
		with pytest.raises(InvalidValueError, match="Phone is listed twice"):
			doc.save()

	@pytest.mark.parametrize("url", ["https://hospital.example/", "http://localhost:8000", None])
	def test_an_address_patients_can_reach_safely_is_kept(self, url: str | None) -> None:
		doc = self.settings(base_url=url, default_country_code="cn")
		doc.save()
		assert (doc.base_url, doc.default_country_code) == (url and url.rstrip("/"), "CN")


HOURS = ("morning_call_from", "morning_call_to", "afternoon_call_to", "slot_evening_from", "quiet_from")


@pytest.mark.parametrize("field", HOURS)
def test_hours_are_the_shipped_ones(field: str) -> None:
	"""Frappe itself fills the default of a Time field with the moment of the installation."""
	settings = frappe.get_doc("Follow-up Settings")
	default = settings.meta.get_field(field).default
	assert get_timedelta(str(settings.get(field))) == get_timedelta(default)
