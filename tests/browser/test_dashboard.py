"""The dashboard and the workspace as a director sees them: numbers, charts, filters, and the way to what is behind."""

from __future__ import annotations

from typing import Any

import frappe
import pytest
from frappe.utils import add_days, add_to_date, getdate, now_datetime, today
from playwright.sync_api import Page, expect

from hospital_followup.hospital_followup.doctype.follow_up_task.follow_up_task import FollowupTask
from hospital_followup.services import figure_marks
from tests.site.rights import department, record

pytestmark = pytest.mark.commits
SURGERY, CARDIOLOGY = "普外科", "心内科"
WORDS = {
	"en": {
		"completion": "Completion Rate",
		"alerts": "Open Red Alerts",
		"late": "1 past their time",
		"chart": "Completion by Department",
		"question": "Is follow-up done?",
		"former": "in the 30 days before",
	},
	"zh": {
		"completion": "随访完成率",
		"alerts": "待处理红色预警",
		"late": "其中 1 条已超时",
		"chart": "各科室随访完成率",
		"question": "随访做了吗？",
		"former": "前 30 天：",
	},
}
LANGUAGES = pytest.mark.parametrize("language", ["en", "zh"])


def task(ward: str, days_ago: int, status: str, **fields: Any) -> FollowupTask:
	day = add_days(today(), -days_ago)
	return record(
		"Follow-up Task",
		kind="Planned",
		department=ward,
		status=status,
		due_date=day,
		opens_on=day,
		expires_on=day,
		completed_on=day if status == "Completed" else None,
		channel="Phone",
		risk_tier="High",
		**fields,
	)


@pytest.fixture
def work() -> None:
	"""Surgery 3 of 4 (2 of 4 in the thirty days before), Cardiology 1 of 2; one red alert that nobody took up in time."""
	surgery, cardiology = department(SURGERY), department(CARDIOLOGY)
	for days_ago, status in ((3, "Completed"), (9, "Completed"), (17, "Completed"), (20, "Missed")):
		task(surgery, days_ago, status)
	for days_ago, status in ((4, "Completed"), (11, "Missed")):
		task(cardiology, days_ago, status)
	for days_ago, status in ((33, "Completed"), (34, "Completed"), (35, "Missed"), (36, "Missed")):
		task(surgery, days_ago, status)
	for days_ago, score in ((2, 5), (8, 4), (15, 5), (22, 2)):
		record(
			"Follow-up Log",
			docstatus=1,
			direction="Out",
			department=surgery,
			outcome="Reached Patient",
			satisfaction=score,
			contacted_at=add_to_date(now_datetime(), days=-days_ago),
		)
	record(
		"Follow-up Alert",
		department=surgery,
		status="Open",
		severity="Red",
		kind="Clinical",
		raised_on=add_to_date(now_datetime(), hours=-5),
		respond_by=add_to_date(now_datetime(), hours=-3),
	)
	# Rows that were written past the services: their days are to be counted.
	figure_marks.add([getdate(add_days(today(), -days_ago)) for days_ago in range(60)])
	frappe.db.commit()  # reason: the browser is another process


def card(page: Page, name: str) -> Any:
	return page.locator(".number-widget-box", has_text=name).first


def drawn(page: Page, name: str) -> Any:
	return page.locator(".dashboard-widget-box", has_text=name).locator("svg.frappe-chart")


@LANGUAGES
def test_a_supervisor_reads_filters_and_follows_the_numbers(work, visit, language) -> None:
	words = WORDS[language]
	visitor = visit("Follow-up Supervisor", language=language)
	page = visitor.open("/app/dashboard-view/Hospital Follow-up")
	completion = card(page, words["completion"])
	expect(completion.locator(".number")).to_have_text("66.7%")
	expect(completion.locator(".hf-beside")).to_contain_text("50%")
	expect(completion.locator(".hf-beside")).to_contain_text(words["former"])
	expect(completion.locator(".hf-beside")).to_contain_text("▲")
	expect(card(page, words["alerts"]).locator(".number")).to_have_text("1")
	expect(card(page, words["alerts"]).locator(".hf-beside")).to_have_text(words["late"])
	expect(drawn(page, words["chart"])).to_be_visible()
	expect(page.get_by_text("undefined")).to_have_count(0)
	visitor.screenshot(f"dashboard-{language}")
	page.set_viewport_size({"width": 390, "height": 844})
	visitor.screenshot(f"dashboard-phone-{language}")
	assert page.evaluate("document.documentElement.scrollWidth") <= 390
	page.set_viewport_size({"width": 1366, "height": 900})
	page.locator(".hf-filters select[data-fieldname=department]").select_option(CARDIOLOGY)
	expect(completion.locator(".number")).to_have_text("50%")
	expect(drawn(page, words["chart"]).get_by_text(CARDIOLOGY)).to_be_visible()
	expect(drawn(page, words["chart"]).get_by_text(SURGERY)).to_have_count(0)
	completion.locator(".number").click()
	page.wait_for_function("() => frappe.get_route()[1] === 'Follow-up Performance'")
	expect(page.locator(".dt-row-totalRow, .dt-row").first).to_be_visible()
	shown = page.evaluate("() => frappe.query_report.get_filter_values()")
	assert shown["department"] == CARDIOLOGY and shown["from_date"] == add_days(today(), -29)


@LANGUAGES
@pytest.mark.parametrize("role", ["Supervisor", "Specialist"])
def test_the_workspace_asks_the_three_questions(work, visit, language, role) -> None:
	words = WORDS[language]
	visitor = visit(f"Follow-up {role}", language=language)
	page = visitor.open("/app/hospital-follow-up")
	expect(page.get_by_text(words["question"]).first).to_be_visible()
	expect(card(page, words["completion"]).locator(".number")).to_have_text(
		"66.7%" if role == "Supervisor" else "–"
	)
	page.wait_for_function("() => !frappe.ajax_count")
	visitor.screenshot(f"workspace-{role}-{language}")
	page.set_viewport_size({"width": 390, "height": 844})
	visitor.screenshot(f"workspace-phone-{role}-{language}")
	assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_specialist_meets_no_error_on_the_dashboard(work, visit) -> None:
	visitor = visit("Follow-up Specialist")
	page = visitor.open("/app/dashboard-view/Hospital Follow-up")
	expect(card(page, "Open Red Alerts").locator(".number")).to_have_text("1")
	expect(page.locator(".number-widget-box", has_text="Coverage of Discharges")).to_have_count(0)
	expect(page.locator(".msgprint:visible")).to_have_count(0)
