"""The comparison of groups and the referrals as a supervisor meets them."""

from __future__ import annotations

import frappe
import pytest
from frappe.utils import add_days, today
from playwright.sync_api import expect

from tests.site.rights import SV, department, record

DISCHARGE = "Patient Discharge"
pytestmark = pytest.mark.commits
WORDS = {
	"en": {
		"effect": "More often when followed up, by more than chance explains.",
		"promise": "Please promise nobody fewer readmissions",
		"mouth": "Word of Mouth, of Those Who Said It",
	},
	"zh": {
		"effect": "随访组较多，差异超出随机范围。",
		"promise": "请勿承诺减少再入院",
		"mouth": "口碑占比（说明来源者中）",
	},
}


@pytest.fixture(params=["en", "zh"])
def language(request: pytest.FixtureRequest) -> str:
	return request.param


def two_groups() -> None:
	ward = department("Cardiology")
	for group, came, total in (("Followed Up", 56, 70), ("Held Out", 48, 80)):
		for number in range(total):
			stay = record(
				DISCHARGE,
				discharge_date=add_days(today(), -120),
				comparison_group=group,
				decision="Excluded" if group == "Held Out" else "Planned",
				department=ward,
				readmitted_on=add_days(today(), -110) if number < 6 else None,
				readmission_evidence_doctype="Inpatient Record",
			).name
			found = {"status": "Attended", "evidence_doctype": "User", "evidence_name": "Administrator"}
			values = found if number < came else {"status": "Missed"}
			record("Follow-up Revisit", discharge=stay, expected_on=add_days(today(), -90), **values)
	frappe.db.commit()  # reason: the browser is another process


def test_the_effect_is_shown_with_chart_and_honest_words(visit, language) -> None:
	two_groups()
	words = WORDS[language]
	visitor = visit(SV, language=language)
	page = visitor.open(f"/app/query-report/Effect of Follow-up?from_date={add_days(today(), -150)}")
	expect(page.locator("strong", has_text=words["effect"])).to_be_visible()
	expect(page.locator(".report-wrapper")).to_contain_text("56")
	expect(page.get_by_text(words["promise"])).to_be_visible()
	expect(page.locator(".chart-container svg .dataset-units rect")).to_have_count(4)
	visitor.screenshot(f"effect-{language}")


def test_referrals_lead_to_the_discharges_behind_them(visit, language) -> None:
	sources = {"Patient": 4, "Family or Friend": 7, "Doctor or Hospital": 2, "Internet": 3}
	for source, count in sources.items():
		for _number in range(count):
			record(DISCHARGE, discharge_date=today(), referral_source=source, patient_name="王秀英")
	frappe.db.commit()  # reason: the browser is another process
	words = WORDS[language]
	visitor = visit(SV, language=language)
	page = visitor.open("/app/query-report/Referrals")
	expect(page.locator(".report-summary")).to_contain_text(words["mouth"])
	expect(page.locator(".chart-container svg .dataset-units rect")).to_have_count(4)
	visitor.screenshot(f"referrals-{language}")
	page.locator('[data-hf-key="Family or Friend"]').click()
	expect(page.locator(".result .list-row-container:visible .list-subject a")).to_have_count(7)
