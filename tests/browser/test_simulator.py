"""A supervisor asks what a policy would mean for the people who call, in both languages; charts, tables and files."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import frappe
import pytest
from frappe.utils import add_days, today
from playwright.sync_api import Page, expect

from hospital_followup.tests import factories
from tests.site.message_samples import hospital
from tests.site.rights import AD, DR, SP, SV
from tests.site.simulations import dense_policy, pathway
from tests.stack.browser import Visitor
from tests.stack.users import make_user

pytestmark = pytest.mark.commits
PAGE = "/app/follow-up-simulator"
WORDS = {
	"en": {
		"simulate": "Simulate",
		"few": "there is more work than the people who are there can do.",
		"compared": "Compared With Today",
		"capacity": "Can be done",
		"specialist": "Follow-up Specialist: calls and visits",
		"missing": "People Missing",
		"sheet": "Spreadsheet",
		"policy": "Policy for the Preview Command",
		"menu": "File for the Preview Command",
		"made up": "Made-up Volume",
		"enough": "There are enough people on every day.",
		"wait": "Waiting for a background worker",
		"stop": "Stop",
	},
	"zh": {
		"simulate": "模拟",
		"few": "的工作量超过在岗人员的能力",
		"compared": "与现行方案比较",
		"capacity": "可完成量",
		"specialist": "随访专员：",
		"missing": "缺少人数",
		"sheet": "导出电子表格",
		"policy": "导出策略文件（预览命令用）",
		"menu": "导出预览命令所用文件",
		"made up": "模拟出院量",
		"enough": "每天的人手都足够。",
		"wait": "正在等待后台进程",
		"stop": "中止",
	},
}


@pytest.fixture(params=["en", "zh"])
def language(request: pytest.FixtureRequest) -> str:
	return request.param


@pytest.fixture(autouse=True)
def _hospital(site) -> None:
	"""Forty discharges of a month, two specialists of whom one is away for some days, one doctor."""
	frappe.db.delete("Patient Discharge")
	frappe.db.delete("Follow-up Staff")
	factories.standard_policy()
	away = {"from_date": add_days(today(), -16), "to_date": add_days(today(), -10), "reason": "Leave"}
	factories.staff(make_user(SP), capacity_per_day=3, absences=[away])
	factories.staff(make_user(SP), capacity_per_day=3)
	factories.staff(make_user(DR), role=DR, capacity_per_day=3)
	hospital("WeChat")
	tiers = ("High", "Medium", "Low", "Low")
	for number in range(40):
		factories.discharge(
			factories.patient(wechat_openid=f"openid{number}").name,
			discharge_date=add_days(today(), -1 - number * 3 % 28),
			given_risk_tier=tiers[number % 4],
			diagnoses=[{"code": "K80.2"}] if number % 3 == 0 else [],
		)
	frappe.db.commit()  # reason: the browser is another process


def result(page: Page):
	return page.locator(".hf-simulator-result:visible")


def drawn(page: Page, count: int, only_today: int = 0) -> None:
	"""Every chart, with its numbers: it begins with an empty one. The last `only_today` stay without: nothing is left to do."""
	charts = result(page).locator("svg.frappe-chart")
	expect(charts).to_have_count(count)
	for number in range(count - only_today):
		expect(
			charts.nth(number).locator(".data-point-value").filter(has_text=re.compile("[1-9]")).first
		).to_be_visible()


def test_from_the_form_of_a_policy_to_the_answer(visit: Callable[..., Visitor], language: str) -> None:
	words = WORDS[language]
	policy = dense_policy("加密随访" if language == "zh" else "Closer Follow-up").name
	frappe.db.commit()  # reason: the browser is another process
	visitor = visit(AD, language=language)
	page = visitor.open(f"/app/follow-up-policy/{policy}")
	page.get_by_role("button", name=words["simulate"], exact=True).click()
	found = result(page)
	expect(found).to_contain_text(words["few"])
	expect(found).to_contain_text(words["compared"])
	expect(found).to_contain_text(words["capacity"])
	expect(found).to_contain_text(words["specialist"])
	expect(found).to_contain_text(words["missing"])
	drawn(page, 2, only_today=1)
	visitor.screenshot(f"simulator-{language}")
	with page.expect_download() as download:
		found.get_by_role("button", name=words["policy"]).click()
	content = json.loads(download.value.path().read_text(encoding="utf-8"))
	assert len(content["rules"]) == 9
	with page.expect_download() as download:
		found.get_by_role("button", name=words["sheet"]).click()
	assert download.value.suggested_filename == "follow-up-simulation.xlsx"


def test_a_pathway_from_its_form_and_its_file(visit: Callable[..., Visitor], language: str) -> None:
	words = WORDS[language]
	name = pathway("胆囊切除术后" if language == "zh" else "After Gallbladder Surgery").name
	frappe.db.commit()  # reason: the browser is another process
	visitor = visit(AD, language=language)
	page = visitor.open(f"/app/care-pathway/{name}")
	page.locator(".menu-btn-group:visible > button").click()
	with page.expect_download() as download:
		page.get_by_role("link", name=words["menu"]).click()
	assert json.loads(download.value.path().read_text(encoding="utf-8"))["pathways"][0]["version"] == 1
	page.get_by_role("button", name=words["simulate"], exact=True).click()
	expect(result(page)).to_contain_text(words["compared"])
	drawn(page, 2)
	expect(page.locator('[data-fieldname="pathways"]:visible').first).to_contain_text(name)
	visitor.screenshot(f"simulator-pathway-{language}")


def test_a_supervisor_tries_a_made_up_volume(visit: Callable[..., Visitor], language: str) -> None:
	words = WORDS[language]
	visitor = visit(SV, language=language)
	page = visitor.open(PAGE)
	page.locator('select[data-fieldname="source"]').select_option("Made-up Volume")
	page.locator('input[data-fieldname="per_day"]').fill("12")
	page.get_by_role("button", name=words["simulate"], exact=True).click()
	expect(result(page)).to_contain_text(words["few"])
	drawn(page, 3)
	expect(result(page).get_by_role("button", name=words["policy"])).to_have_count(0)
	visitor.screenshot(f"simulator-made-up-{language}")
	# What is too much for one request waits for a worker, and can be stopped.
	page.locator('input[data-fieldname="per_day"]').fill("200")
	page.get_by_role("button", name=words["simulate"], exact=True).click()
	expect(result(page)).to_contain_text(words["wait"])
	visitor.screenshot(f"simulator-waits-{language}")
	result(page).get_by_role("button", name=words["stop"], exact=True).click()
	expect(result(page)).to_be_empty()


def test_another_question_takes_the_place_of_one_that_waits(visit: Callable[..., Visitor]) -> None:
	words = WORDS["en"]
	visitor = visit(SV)
	page, asked = visitor.open(PAGE), []
	page.locator('select[data-fieldname="source"]').select_option("Made-up Volume")
	page.locator('input[data-fieldname="per_day"]').fill("200")
	page.locator(".page-head:visible .primary-action").click()
	expect(result(page)).to_contain_text(words["wait"])
	page.on("request", lambda request: asked.append(request.url.rpartition(".")[2]))
	page.locator('input[data-fieldname="per_day"]').fill("12")
	page.locator(".page-head:visible .primary-action").click()
	drawn(page, 3)
	page.wait_for_timeout(4_000)  # longer than the page waits before it asks again
	assert [name.partition("?")[0] for name in asked if "simul" in name] == ["stop_simulation", "simulate"]
	expect(result(page)).to_contain_text(words["compared"])


def test_an_answer_that_is_lost_is_said(visit: Callable[..., Visitor]) -> None:
	visitor = visit(SV, language="zh")
	page = visitor.open(PAGE)
	page.locator('select[data-fieldname="source"]').select_option("Made-up Volume")
	page.locator('input[data-fieldname="per_day"]').fill("200")
	page.route("**/*simulation_state*", lambda route: route.abort())
	page.locator(".page-head:visible .primary-action").click()
	expect(result(page)).to_contain_text("未能取得模拟结果，请重新模拟。")


def test_on_a_telephone_nothing_is_cut_off(visit: Callable[..., Visitor]) -> None:
	visitor = visit(SV, language="zh")
	visitor.page.set_viewport_size({"width": 390, "height": 844})
	page = visitor.open(PAGE)
	expect(page.locator('input[data-fieldname="from_date"]:visible')).not_to_have_value("")
	page.locator(".page-head:visible .primary-action").click()
	expect(result(page)).to_contain_text(WORDS["zh"]["compared"])
	assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
	visitor.screenshot("simulator-phone-zh")
