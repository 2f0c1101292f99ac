"""Texts whose day of review comes near: one entry per person, however many texts and however often the job runs."""

from __future__ import annotations

from datetime import date, timedelta

import frappe
import pytest
from frappe.utils import getdate, today

from hospital_followup import jobs
from hospital_followup.services.review_dates import REVIEWED, review_reminders
from tests.site.samples import saved
from tests.stack.users import make_user

NOTICE = "Notification Log"
ADMINISTRATOR = "Follow-up Administrator"


def day(days: int = 0) -> date:
	return getdate(today()) + timedelta(days=days)


def in_use(doctype: str, days: int | None, **values) -> str:
	doc = saved(doctype)
	doc.db_set({"status": "Approved", "review_by": None if days is None else day(days), **values})
	return doc.name


def notices(user: str) -> list[frappe._dict]:
	return frappe.get_all(
		NOTICE,
		filters={"for_user": user},
		fields=["subject", "link", "document_type", "type"],
		order_by="creation",
	)


@pytest.fixture
def keeper() -> str:
	"""The one administrator of follow-up; no text is due yet."""
	frappe.db.delete("Has Role", {"role": ADMINISTRATOR, "parenttype": "User"})
	for doctype in REVIEWED:
		frappe.db.set_value(doctype, {"status": "Approved"}, "review_by", day(400))
	return make_user(ADMINISTRATOR)


class TestWhen:
	@pytest.mark.parametrize("doctype", REVIEWED)
	@pytest.mark.parametrize(
		("days", "told"), [(15, False), (14, True), (0, True), (-1, True), (-400, True), (None, False)]
	)
	def test_two_weeks_before_and_afterwards(
		self, keeper: str, doctype: str, days: int | None, told: bool
	) -> None:
		in_use(doctype, days)
		assert review_reminders(day()) == int(told)
		assert len(notices(keeper)) == int(told)

	@pytest.mark.parametrize("status", ["Draft", "Retired"])
	def test_only_what_is_in_use(self, keeper: str, status: str) -> None:
		frappe.db.set_value("Follow-up Script", in_use("Follow-up Script", 3), "status", status)
		assert review_reminders(day()) == 0

	def test_again_once_the_day_has_passed_and_not_in_between(self, keeper: str) -> None:
		in_use("Follow-up Script", 14)
		written = [review_reminders(day(days)) for days in range(40)]
		assert [days for days, count in enumerate(written) if count] == [0, 15]

	def test_job_missed_for_weeks_tells_once(self, keeper: str) -> None:
		in_use("Follow-up Script", 14)
		assert [review_reminders(day(days)) for days in (20, 20, 21)] == [1, 0, 0]

	def test_one_that_joins_is_told_and_one_that_was_reviewed_is_not(self, keeper: str) -> None:
		first = in_use("Follow-up Script", 10)
		in_use("Care Content", 20)
		assert review_reminders(day()) == 1
		assert review_reminders(day(6)) == 1
		frappe.db.set_value("Follow-up Script", first, "review_by", day(200))
		assert [review_reminders(day(days)) for days in (7, 8)] == [0, 0]


class TestWhom:
	def test_one_entry_for_all_texts(self, keeper: str) -> None:
		for doctype in REVIEWED:
			in_use(doctype, 5)
			in_use(doctype, -5)
		first = in_use("Care Content", -9, title="伤口护理")
		assert review_reminders(day()) == 1
		(notice,) = notices(keeper)
		assert notice.subject.startswith(
			"To be reviewed: 2 scripts, 2 questionnaires, 3 pieces of advice, 2 pathways."
		)
		assert "伤口护理" in notice.subject
		assert (notice.document_type, notice.type) == ("Care Content", "Alert")
		assert notice.link.startswith("/")
		assert first

	def test_the_doctor_who_signed_off_hears_about_their_own(self, keeper: str) -> None:
		doctor = make_user("Follow-up Doctor", language="zh")
		in_use("Follow-up Script", 5, approved_by=doctor)
		in_use("Follow-up Script", 5)
		assert review_reminders(day()) == 2
		(notice,) = notices(doctor)
		assert notice.subject.startswith("待审阅：话术 1 份、问卷 0 份、指导内容 0 份、照护路径 0 条。")

	def test_without_an_administrator_the_supervisors_hear_of_it(self, keeper: str) -> None:
		from hospital_followup.tests import factories as make

		frappe.db.set_value("User", keeper, "enabled", 0)
		supervisor = make_user("Follow-up Supervisor")
		make.staff(supervisor, role="Follow-up Supervisor")
		in_use("Follow-up Script", 5)
		review_reminders(day())
		assert len(notices(supervisor)) == 1

	@pytest.mark.commits
	def test_the_morning_job_does_it_and_twice_is_once(self, keeper: str) -> None:
		in_use("Follow-up Script", 5)
		frappe.db.commit()  # reason: the job commits
		jobs.followup_morning()
		jobs.followup_morning()
		assert len(notices(keeper)) == 1
