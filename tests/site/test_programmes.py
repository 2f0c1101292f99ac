"""Enrolments in life-long programmes: how they begin, wait for consent, rest, end and move with their plan."""

from __future__ import annotations

from functools import partial
from typing import Any

import frappe
import pytest
from frappe.utils import add_days, add_months, getdate, now_datetime, today

from hospital_followup import api
from hospital_followup.exceptions import (
	DuplicateRecordError,
	EnrolmentError,
	InvalidValueError,
	PlanTransitionError,
)
from hospital_followup.services import (
	bedside_consent,
	consents,
	patient_stops,
	patient_undo,
	patients,
	plans,
	programme_consents,
	programme_graduation,
	programmes,
	queries,
	wording,
)
from hospital_followup.services.programmes import Entry
from hospital_followup.services.workflow_states import state_fields
from hospital_followup.tests import factories
from tests.site.programme_samples import (
	ENROLMENT,
	PLAN,
	SIGNED,
	after_days,
	enrolled,
	monthly,
	open_days,
	plan_of,
	tasks_of,
)
from tests.site.samples import approved_pathway, saved

CONSENT = "Follow-up Consent"


@pytest.fixture
def patient(site: Any) -> str:
	factories.standard_policy()
	return factories.patient().name


def state(name: str) -> tuple[str, str | None]:
	return frappe.db.get_value(ENROLMENT, name, ["status", "status_reason"])


def merge(source: str, target: str) -> None:
	doc = frappe.get_doc("Follow-up Patient", source)
	doc.update({"status": "Merged", "merged_into": target})
	doc.save()


class TestEnrolling:
	def test_with_consent_the_contacts_of_the_next_months_are_planned(self, patient) -> None:
		enrolment = enrolled(patient, monthly())
		plan = plan_of(enrolment)
		assert (enrolment.status, enrolment.plan, plan.purpose) == ("Active", plan.name, "Programme")
		assert (plan.key, plan.discharge) == (f"{enrolment.name}|Programme", None)
		assert 2 <= len(open_days(enrolment)) <= 3
		assert plan.planned_contacts == len(open_days(enrolment))

	def test_without_consent_it_waits_and_plans_nothing(self, patient) -> None:
		name = programmes.enrol(patient, monthly())
		assert state(name) == ("Paused", "awaiting_consent")
		assert not frappe.db.exists(PLAN, {"enrolment": name})

	def test_consent_given_later_begins_it(self, patient) -> None:
		name = programmes.enrol(patient, monthly())
		consent = programmes.give_consent(name, "Said on the phone")
		enrolment = frappe.get_doc(ENROLMENT, name)
		assert (enrolment.status, enrolment.consent) == ("Active", consent)
		assert open_days(enrolment)

	def test_consent_needs_evidence(self, patient) -> None:
		name = programmes.enrol(patient, monthly())
		with pytest.raises(InvalidValueError, match="how the patient agreed"):
			programmes.give_consent(name, "  ")

	def test_twice_is_once(self, patient) -> None:
		pathway = monthly()
		first = enrolled(patient, pathway)
		again = programmes.enrol(patient, pathway, through="Rule")
		assert again == first.name
		assert frappe.db.count(ENROLMENT, {"patient": patient}) == 1

	def test_nobody_follows_one_programme_twice_at_a_time(self, patient) -> None:
		pathway = monthly()
		first = enrolled(patient, pathway)
		another = add_days(today(), -20)
		assert programmes.enrol(patient, pathway, through="Rule", anchor_date=another) == first.name
		with pytest.raises(DuplicateRecordError, match="already"):
			programmes.enrol(patient, pathway, anchor_date=another)
		programmes.finish(first.name, "Moved to the clinic of another hospital")
		assert programmes.enrol(patient, pathway, anchor_date=another) != first.name

	def test_who_left_comes_back_only_by_hand(self, patient) -> None:
		pathway = monthly()
		name = enrolled(patient, pathway).name
		programmes.leave(name, "Moved away")
		assert programmes.enrol(patient, pathway, through="Rule") == name
		assert state(name) == ("Left", "Moved away")
		assert programmes.enrol(patient, pathway) == name
		assert state(name) == ("Active", None)

	@pytest.fixture
	def courses(self, patient) -> tuple[str, str]:
		"""One that was left, and the one that the patient is in since."""
		pathway = monthly()
		left = enrolled(patient, pathway, anchor_date=add_days(today(), -20))
		programmes.leave(left.name, "Moved away")
		return left.name, programmes.enrol(patient, pathway)

	def test_a_course_that_was_left_is_not_taken_up_beside_another(self, patient, courses) -> None:
		left, running = courses
		pathway = frappe.db.get_value(ENROLMENT, left, "pathway")
		for again in (
			lambda: programmes.resume(left),
			lambda: programmes.enrol(patient, pathway, anchor_date=add_days(today(), -20)),
		):
			with pytest.raises(DuplicateRecordError, match="already"):
				again()
		assert (state(left)[0], state(running)[0]) == ("Left", "Active")

	def test_nor_is_its_plan(self, courses) -> None:
		left, running = courses
		plan = frappe.get_doc(PLAN, {"enrolment": left})
		plan.update(state_fields(PLAN, "Active"))
		for again in (
			lambda: patient_undo.undo_plan(plan.name),
			lambda: api.resume_plan(plan.name),
			plan.save,
		):
			with pytest.raises(DuplicateRecordError, match="already"):
				again()
		assert (state(left)[0], state(running)[0]) == ("Left", "Active")

	def test_what_stopped_everything_is_taken_back_without_the_older_course(self, patient) -> None:
		pathway = monthly()
		older = enrolled(patient, pathway, anchor_date=add_days(today(), -20))
		patient_stops.stop_patient(patient, "moved_away")
		newer = programmes.enrol(patient, pathway)
		patient_stops.undo(patient, "moved_away")
		assert (state(older.name)[0], state(newer)[0]) == ("Left", "Active")

	def test_a_birth_pathway_counts_from_the_birth(self, patient) -> None:
		pathway = after_days(30, title="Older People", anchor="Birth")
		name = programmes.enrol(patient, pathway)
		assert frappe.db.get_value(ENROLMENT, name, "anchor_date") == getdate("1960-05-04")

	def test_a_delivery_must_be_named(self, patient) -> None:
		with pytest.raises(EnrolmentError, match="Expected Delivery"):
			programmes.enrol(patient, after_days(1, title="Antenatal", anchor="Expected Delivery"))

	def test_a_draft_is_no_programme(self, patient) -> None:
		draft = saved("Care Pathway", anchor="Enrolment").name
		with pytest.raises(EnrolmentError, match="Draft"):
			programmes.enrol(patient, draft)

	def test_who_is_not_followed_up_is_not_enrolled(self, patient) -> None:
		frappe.get_doc("Follow-up Patient", patient).update({"status": "Do Not Contact"}).save()
		with pytest.raises(EnrolmentError, match="not followed up"):
			programmes.enrol(patient, monthly())

	def test_a_corrected_anchor_moves_the_contacts(self, patient) -> None:
		enrolment = enrolled(patient, after_days(30), anchor_date=today())
		enrolment.anchor_date = add_days(today(), 5)
		enrolment.save()
		assert [(day - getdate()).days for day in open_days(enrolment)] in ([35], [36], [37])


class TestEnrollingMany:
	def test_in_bulk_as_one_by_one(self, site) -> None:
		factories.standard_policy()
		pathway = monthly("Elderly")
		people = [factories.patient().name for _ in range(3)]
		programme_consents.give(people[0], "Elderly", SIGNED)
		known = programmes.enrol(people[2], pathway)
		names = programmes.enrol_many([Entry(person, pathway) for person in people])
		assert len(names) == 2 and known not in names
		by_patient = {frappe.db.get_value(ENROLMENT, name, "patient"): state(name) for name in names}
		assert by_patient == {people[0]: ("Active", None), people[1]: ("Paused", "awaiting_consent")}

	def test_twice_enrols_nobody(self, site) -> None:
		entries = [Entry(factories.patient().name, monthly("Elderly"))]
		assert len(programmes.enrol_many(entries)) == 1
		assert programmes.enrol_many(entries) == []

	def test_who_has_no_birthday_is_left_out_of_a_birth_pathway(self, site) -> None:
		person = factories.patient(date_of_birth=None).name
		pathway = approved_pathway(anchor="Birth")
		assert programmes.enrol_many([Entry(person, pathway)]) == []


class TestConsent:
	"""A word about a programme is about that programme, and nothing else."""

	@pytest.fixture
	def agreed(self, patient) -> str:
		return enrolled(patient, monthly()).name

	def test_it_is_no_consent_to_messages(self, patient, agreed) -> None:
		assert queries.consents([patient]) == []
		assert set(consents.standing_of([patient], "Clinical")[patient].values()) == {None}
		assert set(bedside_consent.standing(patient)["Clinical"].values()) == {""}

	def test_it_is_shown_among_the_words_of_the_patient(self, patient, agreed) -> None:
		(word,) = consents.words_of(patient)
		assert (word["programme"], word["agreed"]) == ("Hypertension", True)

	def test_withdrawn_the_patient_has_left(self, patient, agreed) -> None:
		programmes.refuse_consent(agreed, "Said on the phone")
		assert state(agreed) == ("Left", "programme_refused")
		assert frappe.db.get_value(PLAN, {"enrolment": agreed}, ["status", "stop_reason"]) == (
			"Stopped",
			"programme_refused",
		)

	def test_withdrawn_in_its_record_as_well(self, patient, agreed) -> None:
		consent = frappe.get_doc(CONSENT, {"patient": patient})
		consent.withdrawn_on = frappe.utils.now_datetime()
		consent.save()
		assert state(agreed) == ("Left", "programme_refused")

	def test_who_withdrew_is_not_brought_back_by_hand(self, patient, agreed) -> None:
		programmes.refuse_consent(agreed, "Said on the phone")
		with pytest.raises(EnrolmentError, match="has not agreed"):
			programmes.resume(agreed)
		assert state(agreed) == ("Left", "programme_refused")

	def test_a_consent_of_somebody_else_is_none(self, patient, agreed) -> None:
		programmes.refuse_consent(agreed, "Said on the phone")
		stranger = enrolled(factories.patient().name, monthly("Diabetes"))
		doc = frappe.get_doc(ENROLMENT, agreed)
		doc.update({"status": "Active", "consent": stranger.consent})
		with pytest.raises(EnrolmentError, match="has not agreed"):
			doc.save()

	def test_the_plan_of_who_withdrew_does_not_go_on(self, patient, agreed) -> None:
		plan = frappe.db.get_value(PLAN, {"enrolment": agreed})
		programmes.refuse_consent(agreed, "Said on the phone")
		with pytest.raises(PlanTransitionError, match="has not agreed"):
			patient_undo.undo_plan(plan)
		plans.undo_stop(plan)
		assert frappe.db.get_value(PLAN, plan, "status") == "Paused"
		assert state(agreed) == ("Paused", "awaiting_consent")
		with pytest.raises(PlanTransitionError, match="has not agreed"):
			api.resume_plan(plan)
		programmes.give_consent(agreed, "Signed form")
		assert frappe.db.get_value(PLAN, plan, "status") == "Active"
		assert state(agreed) == ("Active", None)

	@pytest.mark.parametrize("consent", [SIGNED, None], ids=["agreed", "waiting"])
	def test_before_the_day_from_which_it_was_to_be(self, patient, consent) -> None:
		name = programmes.enrol(patient, monthly(), consent=consent, enrolled_on=add_days(today(), 7))
		programmes.refuse_consent(name, "Said on the phone")
		assert state(name) == ("Left", "programme_refused")

	@pytest.mark.parametrize("language", ["en", "zh"])
	def test_why_somebody_left_is_a_sentence(self, language) -> None:
		frappe.local.lang = language
		for code in (programme_consents.REFUSED, programme_graduation.OUTGROWN):
			assert wording.sentence(code) != code
			assert wording.sentence(code).isascii() == (language == "en")

	def test_refused_messages_leave_the_programme_standing(self, patient, agreed) -> None:
		consents.withdraw(patient, "SMS", ["Clinical"], evidence="Reply")
		assert state(agreed) == ("Active", None)

	def test_who_wants_no_contact_at_all_is_asked_for_no_programme(self, patient, agreed) -> None:
		waiting = programmes.enrol(patient, monthly("Diabetes"))
		consents.withdraw(patient, "SMS", ["Clinical"], evidence="Said on the phone")
		assert state(waiting) == ("Paused", "awaiting_consent")
		consents.withdraw(patient, evidence="Said on the phone")
		assert state(waiting) == ("Left", "withdrawn")
		consents.give(patient, "Phone", ["Clinical"], evidence="Said on the ward")
		assert state(waiting) == ("Paused", "awaiting_consent")

	def test_so_says_the_form_of_a_consent(self, patient) -> None:
		waiting = programmes.enrol(patient, monthly("Diabetes"))
		word = {"doctype": CONSENT, "patient": patient, "purpose": "Clinical", "channel": "All"}
		refusal = frappe.get_doc({**word, "withdrawn_on": now_datetime()}).insert()
		assert state(waiting) == ("Left", "withdrawn")
		refusal.delete()
		assert state(waiting) == ("Paused", "awaiting_consent")

	def test_who_is_asked_again_is_asked_for_one_course(self, patient) -> None:
		pathway = monthly("Diabetes")
		older = programmes.enrol(patient, pathway, anchor_date=add_days(today(), -20))
		consents.withdraw(patient, evidence="Said on the phone")
		newer = programmes.enrol(patient, pathway)
		consents.give(patient, "Phone", ["Clinical"], evidence="Said on the ward")
		assert (state(older)[0], state(newer)[0]) == ("Left", "Paused")

	@pytest.mark.parametrize(
		("word", "then"),
		[
			(partial(programme_consents.refuse, evidence="Said on the phone"), ("Left", "programme_refused")),
			(partial(programme_consents.give, given=SIGNED), ("Active", None)),
		],
		ids=["refused", "agreed"],
	)
	def test_what_was_said_of_the_programme_meanwhile_counts(self, patient, word, then) -> None:
		waiting = programmes.enrol(patient, monthly("Diabetes"))
		consents.withdraw(patient, evidence="Said on the phone")
		word(patient, "Diabetes")
		assert state(waiting) == ("Left", "withdrawn")
		consents.give(patient, "Phone", ["Clinical"], evidence="Said on the ward")
		assert state(waiting) == then

	def test_a_word_about_no_programme_is_refused(self, patient) -> None:
		with pytest.raises(InvalidValueError, match="No pathway is called"):
			programme_consents.give(patient, "Hypertensoin", SIGNED)

	def test_a_programme_is_written_as_its_pathway_has_it(self, patient) -> None:
		name = programmes.enrol(patient, monthly())
		programme_consents.give(patient, "HYPERTENSION", SIGNED)
		assert state(name) == ("Active", None)

	def test_a_consent_that_was_recorded_by_mistake_is_taken_back(self, patient, agreed) -> None:
		frappe.db.set_value(ENROLMENT, agreed, "consent", None)
		frappe.delete_doc(CONSENT, frappe.db.get_value(CONSENT, {"patient": patient}))
		assert state(agreed) == ("Paused", "awaiting_consent")


class TestWhichCourseGoesOn:
	def test_the_course_that_runs_goes_on(self, site: Any) -> None:
		factories.standard_policy()
		pathway = monthly()
		stays, goes = factories.patient().name, factories.patient().name
		waiting = programmes.enrol(stays, pathway)
		running = enrolled(goes, pathway).name
		merge(goes, stays)
		assert state(running) == ("Active", None)
		assert state(waiting) == ("Left", "patient_merged")
		programmes.refuse_consent(running, "Said on the phone")
		assert state(running) == ("Left", "programme_refused")

	def test_a_yes_of_the_other_record_begins_what_waited(self, site: Any) -> None:
		factories.standard_policy()
		pathway = monthly()
		stays, goes = factories.patient().name, factories.patient().name
		waiting = programmes.enrol(stays, pathway)
		programmes.finish(enrolled(goes, pathway).name, "By mistake")
		merge(goes, stays)
		assert state(waiting) == ("Active", None)

	def test_from_different_days_it_is_still_one_course(self, site: Any) -> None:
		factories.standard_policy()
		pathway = monthly()
		stays, goes = factories.patient().name, factories.patient().name
		first = enrolled(stays, pathway).name
		second = enrolled(goes, pathway, anchor_date=add_days(today(), -20)).name
		merge(goes, stays)
		assert [state(name)[0] for name in (first, second)] == ["Active", "Left"]


class TestMovingTogether:
	"""Enrolment and plan, whoever moved one of them."""

	@pytest.fixture
	def enrolment(self, patient) -> Any:
		return enrolled(patient, monthly())

	def both(self, enrolment) -> tuple[str, str]:
		return (state(enrolment.name)[0], plan_of(enrolment).status)

	def test_pause_and_resume(self, enrolment) -> None:
		programmes.pause(enrolment.name, "Abroad until spring")
		assert self.both(enrolment) == ("Paused", "Paused")
		assert {row.on_hold for row in tasks_of(enrolment)} == {1}
		programmes.resume(enrolment.name)
		assert self.both(enrolment) == ("Active", "Active")
		assert {row.on_hold for row in tasks_of(enrolment)} == {0}

	def test_leave(self, enrolment) -> None:
		programmes.leave(enrolment.name, "Moved away")
		assert self.both(enrolment) == ("Left", "Stopped")
		assert open_days(enrolment) == []

	def test_leaving_by_mistake_is_undone(self, enrolment) -> None:
		before = open_days(enrolment)
		programmes.leave(enrolment.name, "Moved away")
		programmes.resume(enrolment.name)
		assert (self.both(enrolment), open_days(enrolment)) == (("Active", "Active"), before)

	def test_one_reason_for_two_steps(self, enrolment) -> None:
		programmes.pause(enrolment.name, "Moved away")
		programmes.leave(enrolment.name, "Moved away")
		assert state(enrolment.name) == ("Left", "Moved away")
		assert plan_of(enrolment).stop_reason == "Moved away"

	def test_finished_for_what_it_was_paused_for(self, enrolment) -> None:
		programmes.pause(enrolment.name, "Two normal results")
		programmes.finish(enrolment.name, "Two normal results")
		assert state(enrolment.name) == ("Finished", "Two normal results")

	def test_finish(self, enrolment) -> None:
		programmes.finish(enrolment.name, "Two normal results")
		assert self.both(enrolment) == ("Finished", "Completed")
		assert {(row.status, row.status_reason) for row in tasks_of(enrolment)} == {
			("Cancelled", "Two normal results")
		}

	def test_what_waits_for_consent_is_finished_too(self, enrolment) -> None:
		plan = plan_of(enrolment).name
		programmes.refuse_consent(enrolment.name, "Said on the phone")
		plans.undo_stop(plan)
		assert self.both(enrolment) == ("Paused", "Paused")
		programmes.finish(enrolment.name, "Two normal results")
		assert self.both(enrolment) == ("Finished", "Completed")
		assert state(enrolment.name) == ("Finished", "Two normal results")
		assert open_days(enrolment) == []

	def test_a_pause_needs_a_reason(self, enrolment) -> None:
		with pytest.raises(InvalidValueError, match="why"):
			programmes.pause(enrolment.name, "")

	def test_the_plan_paused_on_its_form(self, enrolment) -> None:
		plans.pause(plan_of(enrolment).name, "Abroad")
		assert state(enrolment.name) == ("Paused", "Abroad")
		plans.resume(plan_of(enrolment).name)
		assert state(enrolment.name) == ("Active", None)

	def test_the_plan_stopped_and_taken_back(self, enrolment) -> None:
		plans.stop(plan_of(enrolment).name, "Wrong person")
		assert state(enrolment.name) == ("Left", "Wrong person")
		plans.undo_stop(plan_of(enrolment).name)
		assert self.both(enrolment) == ("Active", "Active")

	def test_the_plan_is_not_completed_between_two_contacts(self, enrolment) -> None:
		for row in tasks_of(enrolment):
			frappe.db.set_value("Follow-up Task", row.name, "status", "Completed")
		plans.complete_finished()
		assert self.both(enrolment) == ("Active", "Active")

	def test_a_readmission_pauses_it(self, enrolment) -> None:
		plans.stop(plan_of(enrolment).name, "readmitted")
		assert state(enrolment.name) == ("Paused", "readmitted")
		patient_stops.resume_paused(enrolment.patient, "readmitted")
		assert self.both(enrolment) == ("Active", "Active")

	def test_the_discharge_after_it_brings_it_back(self, enrolment) -> None:
		plans.stop(plan_of(enrolment).name, "readmitted")
		rested = add_days(now_datetime(), -3)
		frappe.db.set_value(PLAN, plan_of(enrolment).name, "paused_on", rested)
		factories.discharge(of=enrolment.patient, discharge_date=add_days(today(), -5))
		assert self.both(enrolment) == ("Paused", "Paused")
		factories.discharge(of=enrolment.patient, discharge_date=today())
		assert self.both(enrolment) == ("Active", "Active")

	def test_death_ends_everything_and_is_taken_back(self, enrolment) -> None:
		waiting = programmes.enrol(enrolment.patient, monthly("Elderly"))
		before = open_days(enrolment)
		patients.mark_deceased(enrolment.patient)
		assert self.both(enrolment) == ("Left", "Stopped")
		assert state(waiting) == ("Left", "deceased")
		patients.unmark_deceased(enrolment.patient)
		assert (self.both(enrolment), open_days(enrolment)) == (("Active", "Active"), before)
		assert state(waiting) == ("Paused", "awaiting_consent")

	def test_a_save_of_an_old_form_keeps_what_planning_wrote(self, enrolment) -> None:
		old = frappe.get_doc(ENROLMENT, enrolment.name)
		until = add_months(today(), 7)
		frappe.db.set_value(ENROLMENT, enrolment.name, "planned_until", until, update_modified=False)
		old.relation = None
		old.save()
		assert str(frappe.db.get_value(ENROLMENT, enrolment.name, "planned_until")) == str(until)
		assert frappe.db.get_value(ENROLMENT, enrolment.name, "plan")


class TestTwoRecordsOfOnePerson:
	def merge(self, source: str, target: str) -> None:
		frappe.get_doc("Follow-up Patient", source).update({"status": "Merged", "merged_into": target}).save()

	def test_the_enrolment_goes_on_under_the_other_record(self, patient) -> None:
		other = factories.patient().name
		enrolment = enrolled(other, monthly())
		before = open_days(enrolment)
		self.merge(other, patient)
		enrolment.reload()
		assert (enrolment.patient, enrolment.status) == (patient, "Active")
		assert enrolment.key.startswith(f"{patient}|")
		assert open_days(enrolment) == before

	def test_who_was_enrolled_twice_is_called_once(self, patient) -> None:
		pathway, other = monthly(), factories.patient().name
		kept, double = enrolled(patient, pathway), enrolled(other, pathway)
		self.merge(other, patient)
		assert state(kept.name) == ("Active", None)
		assert state(double.name) == ("Left", "patient_merged")
		assert open_days(double) == [] and open_days(kept)
