"""Every report of follow-up as a director sees it: with its chart, in both languages, and the records behind a number."""

from __future__ import annotations

import frappe
import pytest
from playwright.sync_api import Page, expect

from tests.site.rights import record
from tests.stack.users import PASSWORD, make_user
from tests.support import golden_month as golden
from tests.support import golden_records

pytestmark = pytest.mark.commits
#: Each report with what its first column is called.
REPORTS = {
	"Follow-up Performance": {"en": "Completion Rate", "zh": "完成率"},
	"Follow-up Coverage": {"en": "Discharges", "zh": "出院"},
	"Patient Satisfaction": {"en": "Satisfaction", "zh": "满意"},
	"Revisit Conversion": {"en": "Revisit Conversion", "zh": "复诊转化率"},
	"Alert Response and Yield": {"en": "Alert Yield", "zh": "预警"},
	"Staff Workload and Targets": {"en": "Waiting Today", "zh": "今日待随访"},
	"Contact Equity": {"en": "Value Tier", "zh": "价值等级"},
	"Outcome by Attempt": {"en": "Reach Rate", "zh": "联系"},
	"Patient Follow-up History": {"en": "Outcome", "zh": "结果"},
	"Readmission": {"en": "Readmission Rate", "zh": "再入院率"},
	"Follow-up Funnel": {"en": "Discharges", "zh": "出院"},
}
#: Frappe's charts grow from nothing: a bar stands when it has a height.
DRAWN = """() => [...document.querySelectorAll(".frappe-chart .bar")].some(
	(bar) => bar.getClientRects().length && Number(bar.getAttribute("height")) > 1)"""
PERIOD = f"from_date={golden.START}&to_date={golden.END}"


def value_tiers() -> None:
	"""The value of two patients of the golden month, as their plans knew it."""
	for stay, value in (("D1", "High"), ("D2", "Low")):
		plan = frappe.get_doc("Follow-up Plan", {"discharge": golden_records.name_of(stay)})
		risk = golden.DISCHARGES[stay][4]
		tier = record("Patient Tier", 1, patient=plan.patient, risk_tier=risk, value_tier=value)
		plan.db_set("tier", tier.name)


@pytest.fixture
def director(visit):
	"""``director(language)``: a supervisor's browser on a site with the golden month."""

	def open_as(language: str):
		golden_records.make()
		value_tiers()
		for name, full_name in ((golden.LI, "李梅"), (golden.WANG, "王强")):
			make_user("Follow-up Specialist", email=name)
			frappe.db.set_value("User", name, "full_name", full_name)
		user = make_user("Follow-up Supervisor", language=language, password=PASSWORD)
		frappe.db.commit()  # reason: the browser is another process
		return visit(user=user, language=language)

	return open_as


def wait_for_rows(page: Page) -> None:
	page.wait_for_function("() => window.cur_page && frappe.query_report && frappe.query_report.datatable")
	expect(page.locator(".page-container:visible .dt-row[data-row-index='0']")).to_be_visible()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_each_report_opens_with_its_chart(director, language: str) -> None:
	visitor = director(language)
	page = None
	for name, words in REPORTS.items():
		page = visitor.open(f"/app/query-report/{name}?{PERIOD}")
		wait_for_rows(page)
		shown = page.locator(".page-container:visible")
		expect(shown.locator(".report-wrapper .dt-header, .dt-header").first).to_contain_text(words[language])
		expect(shown.locator(".chart-wrapper svg.frappe-chart, .frappe-chart.chart").first).to_be_visible()
		expect(shown.locator(".summary-item").first).to_be_visible()
		page.wait_for_function(DRAWN)
		visitor.screenshot(f"report-{frappe.scrub(name)}-{language}")


def test_a_number_leads_to_the_list_behind_it(director) -> None:
	page = director("en").open(f"/app/query-report/Follow-up Performance?{PERIOD}")
	wait_for_rows(page)
	row = page.locator(".dt-row", has_text=golden.CARDIOLOGY)
	row.locator("a.hf-figure[data-hf-column='completed']").click()
	page.wait_for_url("**/follow-up-task/view/list**")
	expect(page.locator(".list-row-container .list-row:visible")).to_have_count(
		golden.EXPECTED["department", golden.CARDIOLOGY]["completed"]
	)


def test_where_no_list_can_show_them_the_records_are_named(director) -> None:
	visitor = director("zh")
	page = visitor.open(f"/app/query-report/Patient Satisfaction?{PERIOD}")
	wait_for_rows(page)
	page.locator(".dt-row", has_text=golden.CARDIOLOGY).locator(
		"a.hf-figure[data-hf-column='satisfaction_good']"
	).click()
	page.wait_for_url("**/query-report/Records*")
	wait_for_rows(page)
	rows = page.locator(".page-container:visible .dt-scrollable .dt-row:not(.dt-row-header)")
	expect(rows).to_have_count(golden.EXPECTED["department", golden.CARDIOLOGY]["satisfaction_good"])
	expect(rows.first.locator("a[href*='/follow-up-']")).to_be_visible()
	visitor.screenshot("report-records-behind-zh")
