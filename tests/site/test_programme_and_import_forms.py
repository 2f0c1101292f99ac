"""Enrolments in life-long programmes, and the mapping of an import."""

from __future__ import annotations

import frappe
import pytest
from frappe.utils import add_days, getdate, today

from hospital_followup.exceptions import (
	DuplicateRecordError,
	EnrolmentError,
	InvalidPeriodError,
	InvalidValueError,
)
from tests.site.samples import approved_pathway, saved


class TestEnrolment:
	def test_is_unique_for_patient_pathway_and_day(self) -> None:
		first = saved("Programme Enrolment")
		with pytest.raises(DuplicateRecordError, match=first.name):
			saved("Programme Enrolment", patient=first.patient, pathway=first.pathway)

	def test_another_version_of_the_pathway_is_the_same_pathway(self) -> None:
		first = saved("Programme Enrolment")
		pathway = frappe.get_doc("Care Pathway", first.pathway)
		second = approved_pathway(title=pathway.title)
		with pytest.raises(DuplicateRecordError):
			saved("Programme Enrolment", patient=first.patient, pathway=second)

	def test_another_starting_day_is_another_enrolment(self) -> None:
		first = saved("Programme Enrolment")
		again = {"patient": first.patient, "pathway": first.pathway, "anchor_date": add_days(today(), -280)}
		with pytest.raises(DuplicateRecordError, match=first.name):
			saved("Programme Enrolment", **again)
		first.update({"status": "Finished"})
		first.save()
		assert saved("Programme Enrolment", **again).key != first.key

	def test_the_database_itself_refuses_a_second(self) -> None:
		first, second = saved("Programme Enrolment"), saved("Programme Enrolment")
		with pytest.raises(Exception) as refusal:
			frappe.db.set_value(second.doctype, second.name, "key", first.key)
		assert frappe.db.is_unique_key_violation(refusal.value)

	def test_leaving_has_a_reason_and_a_day(self) -> None:
		enrolment = saved("Programme Enrolment")
		enrolment.status = "Left"
		with pytest.raises(InvalidValueError, match="why"):
			enrolment.save()
		enrolment.reload()
		enrolment.status = "Left"
		enrolment.status_reason = "Moved away"
		enrolment.save()
		assert getdate(enrolment.ended_on) == getdate()

	def test_who_comes_back_has_no_end(self) -> None:
		enrolment = saved("Programme Enrolment", status="Finished")
		assert enrolment.ended_on
		enrolment.update({"status": "Paused", "status_reason": "awaiting_consent"})
		enrolment.save()
		assert enrolment.ended_on is None

	def test_waits_for_the_patients_consent(self) -> None:
		enrolment = saved("Programme Enrolment", status="Active")
		assert (enrolment.status, enrolment.status_reason) == ("Paused", "awaiting_consent")
		assert getdate(enrolment.paused_on) == getdate()
		assert enrolment.plan is None

	def test_nobody_is_active_without_having_agreed(self) -> None:
		enrolment = saved("Programme Enrolment")
		enrolment.status = "Active"
		with pytest.raises(EnrolmentError, match="not agreed"):
			enrolment.save()

	def test_a_pause_has_a_day_for_as_long_as_it_lasts(self) -> None:
		enrolment = saved("Programme Enrolment")
		title = frappe.db.get_value("Care Pathway", enrolment.pathway, "title")
		saved("Follow-up Consent", patient=enrolment.patient, programme=title)
		enrolment.reload()
		assert (enrolment.status, enrolment.paused_on) == ("Active", None)

	def test_a_draft_pathway_has_no_programme(self) -> None:
		with pytest.raises(EnrolmentError, match="Draft"):
			saved("Programme Enrolment", pathway=saved("Care Pathway").name)

	def test_the_day_to_count_from_is_asked_for_where_nobody_knows_it(self) -> None:
		pathway = approved_pathway(anchor="Expected Delivery")
		with pytest.raises(EnrolmentError, match="Expected Delivery"):
			saved("Programme Enrolment", pathway=pathway, anchor_date=None)

	def test_does_not_end_before_it_begins(self) -> None:
		with pytest.raises(InvalidPeriodError, match="before the enrolment"):
			saved("Programme Enrolment", status="Finished", ended_on=add_days(today(), -1))

	def test_is_not_linked_to_itself(self) -> None:
		enrolment = saved("Programme Enrolment")
		enrolment.related_enrolment = enrolment.name
		with pytest.raises(InvalidValueError, match="itself"):
			enrolment.save()


class TestImport:
	def test_is_called_by_its_file(self) -> None:
		assert saved("Discharge Import").title == "discharges.csv"

	def test_no_two_columns_go_into_one_field(self) -> None:
		mapping = [
			{"column_title": "编号", "target": "patient_id"},
			{"column_title": "住院号", "target": "patient_id"},
		]
		with pytest.raises(InvalidValueError, match=r"编号.*住院号"):
			saved("Discharge Import", mapping=mapping)

	def test_columns_may_be_left_out(self) -> None:
		mapping = [{"column_title": "备注"}, {"column_title": "床号"}]
		assert saved("Discharge Import", mapping=mapping).name
