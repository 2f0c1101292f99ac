"""The list of the day on screen and as it is printed: numbers, reasons and boxes to tick."""

from __future__ import annotations

import frappe
import pytest
from frappe.utils import today
from playwright.sync_api import expect

from hospital_followup.tests import factories as make
from tests.stack.users import PASSWORD, make_user

pytestmark = pytest.mark.commits
WORDS = {
	"en": {"title": "Follow-up Day List", "ended": "How It Ended", "count": "2 contacts"},
	"zh": {"title": "随访日清单", "ended": "本次结果", "count": "2"},
}
#: What the desk's own "Print" of a report does with its layout.
PAPER = """() => {
	const report = frappe.query_report;
	return frappe.render_template(report.report_settings.html_format, {
		title: report.report_name, filters: report.get_filter_values(), data: report.get_data_for_print(),
		columns: report.get_columns_for_print(), report,
	});
}"""


@pytest.mark.parametrize("language", ["en", "zh"])
def test_it_is_read_on_screen_and_on_paper(visit, language) -> None:
	words = WORDS[language]
	user = make_user("Follow-up Specialist", language=language, password=PASSWORD)
	for name in ("王秀英", "<b>李雷</b>"):
		patient = make.patient(patient_name=name, mobile="13800138000").name
		task = make.task(patient=patient, assigned_to=user, patient_name=name, topics="Condition, Guidance")
		assert str(task.due_date) == today()
	frappe.db.commit()  # reason: the browser is another process
	visitor = visit(user=user, language=language)
	page = visitor.open("/app/query-report/Follow-up Day List")
	expect(page.locator(".dt-row[data-row-index='1']")).to_be_visible()
	visitor.screenshot(f"day-list-{language}")
	page.wait_for_function("() => frappe.query_report.report_settings.html_format")
	paper = page.evaluate(PAPER)
	for word in (*words.values(), "王秀英", "+8613800138000", "&lt;b&gt;李雷"):
		assert word in paper, word
	assert paper.count("☐") == 8 and "<b>李雷</b>" not in paper and "undefined" not in paper
	assert frappe.db.get_value("User", user, "full_name") in paper
	sheet = visitor.context.new_page()
	sheet.set_content(f"<html><body>{paper}</body></html>")
	expect(sheet.locator("tbody tr")).to_have_count(2)
