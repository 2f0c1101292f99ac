"""An administrator changes how closely patients are followed: new version, matrix, activation; the next plan obeys."""

from __future__ import annotations

from collections.abc import Callable

import frappe
import pytest
from playwright.sync_api import Locator, Page, expect

from hospital_followup.tests import factories
from tests.browser.grids import open_row
from tests.stack.browser import Visitor

pytestmark = pytest.mark.commits

ADMINISTRATOR = "Follow-up Administrator"
POLICY = "Follow-up Policy"

#: What the person reads, by language.
WORDS = {
	"en": {
		"new": "New Version",
		"draft": "Draft: change the matrix below, then activate it.",
		"five": "5 contacts",
		"covered": "All nine pairs are covered.",
		"hole": "No rule",
		"twice": "2 rules for the same pair",
		"add": "Add a rule",
		"to put right": "No row for risk High and value High. Add one.",
		"save": "Save",
		"actions": "Actions",
		"activate": "Activate Policy",
		"retires": "retires; plans that run keep it",
		"yes": "Yes",
		"in force": "In force. It cannot be changed",
		"planned": "3 contacts, first on",
	},
	"zh": {
		"new": "新建版本",
		"draft": "草稿：请在下方修改矩阵，然后启用。",
		"five": "5 次随访",
		"covered": "九种组合均已覆盖。",
		"hole": "没有规则",
		"twice": "同一组合有 2 条规则",
		"add": "添加规则",
		"to put right": "缺少风险高、价值高的规则行，请补充。",
		"save": "保存",
		"actions": "操作",
		"activate": "启用策略",
		"retires": "将停用；进行中的计划仍沿用它",
		"yes": "是",
		"in force": "启用中。不能修改",
		"planned": "3 次随访，首次",
	},
}


def cell(page: Page, risk: str, value: str) -> Locator:
	"""A cell of the matrix, by its place in the table."""
	tiers = ("High", "Medium", "Low")
	return page.locator(".hf-matrix tbody tr").nth(tiers.index(risk)).locator("td").nth(tiers.index(value))


def edit_cell(page: Page, risk: str, value: str, **fields: int) -> None:
	"""Click a cell and change its row in the form that opens, as a person does."""
	row = page.locator(".grid-row-open")
	cell(page, risk, value).get_by_role("button").click()
	if not row.count():
		# Drawn anew under the pointer after the last change: a person clicks again.
		page.wait_for_timeout(1000)
		if not row.count():
			cell(page, risk, value).get_by_role("button").click()
	open_row(page)
	for name, number in fields.items():
		box = row.locator(f"[data-fieldname={name}] input:visible").first
		box.fill(str(number))
		box.press("Tab")
	page.keyboard.press("Escape")
	expect(row).to_have_count(0)
	for number in fields.values():
		expect(cell(page, risk, value)).to_contain_text(str(number))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_next_plan_follows_the_changed_matrix(visit: Callable[..., Visitor], language: str) -> None:
	words = WORDS[language]
	before = frappe.db.get_value(POLICY, {"status": "Active", "department": ("is", "not set")}, "name")
	visitor = visit(ADMINISTRATOR, language=language)
	page = visitor.open(f"/app/follow-up-policy/{before}")
	expect(page.get_by_text(words["in force"])).to_be_visible()
	page.get_by_role("button", name=words["new"], exact=True).click()
	expect(page.get_by_text(words["draft"])).to_be_visible()

	edit_cell(page, "High", "Medium", contacts=3)
	edit_cell(page, "High", "High", contacts=5)
	expect(cell(page, "High", "High")).to_contain_text(words["five"])
	expect(page.get_by_text(words["covered"])).to_be_visible()
	visitor.screenshot(f"administrator-matrix-{language}")
	page.get_by_role("button", name=words["save"], exact=True).click()
	page.get_by_role("button", name=words["actions"]).click()
	page.get_by_role("link", name=words["activate"]).click()
	dialog = page.locator(".modal.show")
	expect(dialog).to_contain_text(before)
	expect(dialog).to_contain_text(words["retires"])
	visitor.screenshot(f"administrator-activate-{language}")
	dialog.get_by_role("button", name=words["yes"], exact=True).click()
	expect(page.get_by_text(words["in force"])).to_be_visible()

	frappe.db.rollback()  # a fresh view of what the server has committed
	assert frappe.db.get_value(POLICY, before, "status") == "Retired"
	discharge = factories.discharge()
	frappe.db.commit()  # reason: the server must see it
	page = visitor.open(f"/app/patient-discharge/{discharge.name}")
	expect(page.get_by_text(words["planned"])).to_be_visible()
	visitor.screenshot(f"administrator-next-plan-{language}")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_holes_and_overlaps_are_shown_while_editing(visit: Callable[..., Visitor], language: str) -> None:
	words = WORDS[language]
	draft = factories.policy("Wound clinic", activate=False)
	frappe.db.commit()  # reason: the server must see it
	visitor = visit(ADMINISTRATOR, language=language)
	page = visitor.open(f"/app/follow-up-policy/{draft.name}")
	first = page.locator("[data-fieldname=rules] .grid-body .grid-row").first
	first.locator(".grid-row-check").check()
	page.locator("[data-fieldname=rules] .grid-remove-rows").click()
	expect(cell(page, "High", "High")).to_contain_text(words["hole"])
	expect(page.get_by_text(words["to put right"])).to_be_visible()

	cell(page, "High", "High").get_by_text(words["add"]).click()
	row = open_row(page)
	row.locator("[data-fieldname=value_tier] select").select_option("Medium")
	page.keyboard.press("Escape")
	expect(cell(page, "High", "Medium")).to_contain_text(words["twice"])
	visitor.screenshot(f"administrator-holes-{language}")
