"""The queue of contacts: whose, in which order, on which tab, and read by index whatever the size of the table."""

from __future__ import annotations

from datetime import timedelta

import frappe
import pytest
from frappe.utils import now_datetime, today

from hospital_followup import call_api
from hospital_followup.services import worklist
from hospital_followup.services.writer import insert_rows, new_names
from hospital_followup.tests import factories as make
from tests.site.call_samples import TASK
from tests.site.rights import AD, DR, SP, SV, department, person
from tests.support.queries import count_queries

MINUTE = timedelta(minutes=1)


@pytest.fixture
def me() -> str:
	user = person(SP)
	frappe.set_user(user)
	return user


def task(**fields) -> str:
	frappe.set_user("Administrator")
	owner = fields.get("assigned_to")
	name = make.task(make.plan(fields.pop("patient", None)), **fields).name
	frappe.set_user(owner or "Administrator")
	return name


def listed(tab: str, **asked) -> list[str]:
	return [row["name"] for row in call_api.worklist(tab, **asked)["rows"]]


class TestTabs:
	def test_each_contact_stands_where_it_belongs(self, me: str) -> None:
		now = now_datetime()
		mine = {"assigned_to": me}
		due = task(**mine)
		overdue = task(**mine, due_date=make.days_from_now(-2), opens_on=make.days_from_now(-2))
		asked = task(**mine, next_attempt_at=now + 60 * MINUTE, outcome="Callback Requested")
		retried = task(**mine, next_attempt_at=now + 90 * MINUTE, outcome="No Answer")
		ripe = task(**mine, next_attempt_at=now - MINUTE, outcome="Rescheduled")
		task(**mine, on_hold=1)
		task(**mine, status="Scheduled")
		task(assigned_to="Administrator")
		frappe.set_user(me)
		assert set(listed("due")) == {due, overdue, ripe}
		assert listed("overdue") == [overdue]
		assert listed("callback") == [ripe, asked]
		assert listed("later") == [asked, retried]
		counts = call_api.worklist()["counts"]
		assert counts == {"due": 3, "overdue": 1, "callback": 2, "later": 2, "done": 0}

	def test_done_is_what_was_closed_today(self, me: str) -> None:
		finished, retried = task(assigned_to=me), task(assigned_to=me)
		frappe.set_user(me)
		call_api.finish_call(finished, "Reached Patient", incomplete_reason="In a hurry")
		call_api.finish_call(retried, "No Answer")
		assert listed("done") == [finished]
		assert call_api.worklist()["counts"]["done"] == 1

	def test_done_is_searched_like_the_other_tabs(self, me: str) -> None:
		names = []
		for patient_name in ("王秀英", "李建国"):
			frappe.set_user("Administrator")
			names.append(task(assigned_to=me, patient=make.patient(patient_name=patient_name).name))
			frappe.set_user(me)
			call_api.finish_call(names[-1], "Reached Patient", incomplete_reason="In a hurry")
		found = call_api.worklist("done", search="建国")
		assert [row["name"] for row in found["rows"]] == names[1:]
		assert found["counts"]["done"] == 1

	def test_the_most_urgent_comes_first(self, me: str) -> None:
		third = task(assigned_to=me, priority=30)
		first = task(assigned_to=me, priority=10, status="In Progress")
		second = task(assigned_to=me, priority=20)
		frappe.set_user(me)
		assert listed("due") == [first, second, third]

	def test_pages_hold_everything_once(self, me: str) -> None:
		names = {task(assigned_to=me, priority=number % 3) for number in range(7)}
		frappe.set_user(me)
		pages = [call_api.worklist(start=start, length=3) for start in (0, 3, 6)]
		assert [page["more"] for page in pages] == [True, True, False]
		assert [len(page["rows"]) for page in pages] == [3, 3, 1]
		assert {row["name"] for page in pages for row in page["rows"]} == names

	def test_a_tab_that_does_not_exist_is_refused(self, me: str) -> None:
		with pytest.raises(frappe.ValidationError, match="There is no tab"):
			call_api.worklist("all")


class TestRows:
	def test_say_what_the_caller_needs(self, me: str) -> None:
		patient = make_patient(mobile="13800138000")
		name = task(patient=patient, assigned_to=me, topics="Care, Revisit", due_date=make.days_from_now(-1))
		frappe.set_user(me)
		call_api.save_call(name, {"notes": "begun"})
		(row,) = call_api.worklist()["rows"]
		assert (row["name"], row["patient"], row["overdue_days"], row["draft"]) == (name, patient, 1, True)
		assert (row["number"], row["topics"]) == ("+8613800138000", ["Care", "Revisit"])
		assert (row["holder"]["user"], row["status"]) == (me, "In Progress")

	def test_the_caregivers_number_stands_where_the_caregiver_is_called(self, me: str) -> None:
		patient = make_patient(mobile="13800138000", caregiver_mobile="13900139000")
		task(patient=patient, assigned_to=me, contact_point="Caregiver")
		frappe.set_user(me)
		assert call_api.worklist()["rows"][0]["number"] == "+8613900139000"

	def test_an_empty_draft_is_no_draft(self, me: str) -> None:
		name = task(assigned_to=me)
		frappe.set_user(me)
		call_api.start_call(name)
		assert call_api.worklist()["rows"][0]["draft"] is False

	def test_numbers_are_masked_for_those_who_may_not_read_them(self) -> None:
		user = person("System Manager")
		task(patient=make_patient(mobile="13800138000"), assigned_to=user)
		frappe.set_user("Administrator")
		shown = frappe.get_doc({"doctype": "Role", "role_name": "Worklist Reader"}).insert().name
		for doctype in (TASK, "Follow-up Patient"):
			frappe.permissions.add_permission(doctype, shown)
		frappe.get_doc("User", user).add_roles(shown)
		frappe.set_user(user)
		assert call_api.worklist()["rows"][0]["number"] == "138****8000"


class TestWhose:
	def test_the_team_is_what_one_may_see(self) -> None:
		ward, other = department("Cardiology"), department("Surgery")
		here, there = task(department=ward), task(department=other)
		for role in (SP, DR, SV, AD):
			frappe.set_user("Administrator")
			user = person(role, departments=(ward,))
			frappe.set_user(user)
			names = listed("due", team=1, length=200)
			assert (here in names, there in names) == (True, False), role
			assert listed("due") == []

	def test_nothing_for_who_has_no_role(self) -> None:
		frappe.set_user(person())
		with pytest.raises(frappe.PermissionError):
			call_api.worklist()


class TestSearch:
	@pytest.mark.parametrize("text", ["小明", "王小明", "S-4711", "138 1111 2222", "+86 138-1111-2222"])
	def test_by_name_hospital_number_or_telephone(self, me: str, text: str) -> None:
		patient = make_patient(patient_name="王小明", patient_id="S-4711", mobile="13811112222")
		name = task(patient=patient, assigned_to=me)
		task(assigned_to=me)
		frappe.set_user(me)
		page = call_api.worklist(search=text)
		assert [row["name"] for row in page["rows"]] == [name]
		assert page["counts"]["due"] == 1

	@pytest.mark.parametrize("text", ["%", "_", "\\", "' or 1=1 --", "nobody"])
	def test_a_pattern_is_only_text(self, me: str, text: str) -> None:
		task(assigned_to=me)
		frappe.set_user(me)
		assert listed("due", search=text) == []


class TestSize:
	"""Thousands of tasks, most of them closed long ago, as after years of use."""

	@pytest.fixture
	def crowd(self) -> str:
		user = person(SP)
		patient = make_patient()
		days = [make.days_from_now(-(number % 400)) for number in range(400)]
		rows = [
			{
				"name": name,
				"patient": patient,
				"patient_name": "Crowd",
				"kind": "Planned",
				"status": "Open" if number % 40 == 0 else "Completed",
				"assigned_to": user if number % 50 == 0 else "Administrator",
				"due_date": days[number % 400],
				"priority": number % 90,
				"channel": "Phone",
				"on_hold": 0,
			}
			for number, name in enumerate(new_names(12_000))
		]
		insert_rows(TASK, rows)
		return user

	@pytest.mark.parametrize("team", [False, True])
	@pytest.mark.parametrize("tab", worklist.TABS)
	def test_pages_are_read_by_index(self, crowd: str, tab: str, team: bool) -> None:
		frappe.set_user(crowd)
		query = worklist.page_query(
			worklist.TABS[tab], worklist.scope_of(team), "Open", now_datetime(), worklist.PAGE + 1
		)
		(plan,) = frappe.db.sql(f"EXPLAIN {query.get_sql()}", as_dict=True)  # reason: the query's own plan
		assert plan.key
		assert plan.type in ("ref", "range", "index_merge"), plan
		open_tasks = frappe.db.count(TASK, {"status": "Open"})
		assert int(plan.rows) <= open_tasks * 2, plan
		if team and tab in ("due", "overdue"):
			assert "filesort" not in (plan.Extra or ""), plan

	def test_one_page_costs_the_same_queries_for_one_and_for_thousands(self, crowd: str) -> None:
		frappe.set_user(crowd)
		many = count_queries(call_api.worklist)
		frappe.set_user("Administrator")
		alone = person(SP)
		task(assigned_to=alone)
		assert many == count_queries(call_api.worklist) <= 15


def make_patient(**fields) -> str:
	frappe.set_user("Administrator")
	return make.patient(**fields).name


def test_the_day_begins_at_midnight_of_the_site(me: str) -> None:
	name = task(assigned_to=me)
	frappe.set_user(me)
	log = call_api.finish_call(name, "Reached Patient", incomplete_reason="In a hurry")["log"]
	yesterday = f"{make.days_from_now(-1)} 23:59:59"
	frappe.db.set_value("Follow-up Log", log, "contacted_at", yesterday)
	assert listed("done") == []
	frappe.db.set_value("Follow-up Log", log, "contacted_at", f"{today()} 00:00:00")
	assert listed("done") == [name]
