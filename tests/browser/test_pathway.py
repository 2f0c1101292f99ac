"""An administrator draws a pathway, a doctor signs it off, the administrator puts it in use; the former one retires."""

from __future__ import annotations

from collections.abc import Callable

import frappe
import pytest
from playwright.sync_api import Page, expect

from tests.browser.grids import open_row
from tests.site.call_samples import approved
from tests.site.samples import saved
from tests.stack.browser import Visitor

pytestmark = pytest.mark.commits

ADMINISTRATOR, DOCTOR = "Follow-up Administrator", "Follow-up Doctor"
PATHWAY = "Care Pathway"

#: What the person reads, by language.
WORDS = {
	"en": {
		"title": "After Gallbladder Surgery",
		"steps": ["Wound", "Diet and activity", "Monthly"],
		"tab": "Steps",
		"draft": "Draft: no patient is followed up by it yet.",
		"fine": "Every step can be reached",
		"close": "can be only 1 day(s) apart",
		"when": "1 month after discharge, then every month, 3 contacts in all",
		"save": "Save",
		"sign": "Sign Off",
		"signed": "Signed off by",
		"approve": "Approve",
		"retires": "retires.",
		"in use": "In use. It cannot be changed",
		"new": "New Version",
	},
	"zh": {
		"title": "胆囊切除术后",
		"steps": ["伤口", "饮食与活动", "每月随访"],
		"tab": "时间节点",
		"draft": "草稿：尚未用于任何患者。",
		"fine": "每个节点都能执行",
		"close": "最近只相隔 1 天",
		"when": "出院后 1 个月，之后每月，共 3 次",
		"save": "保存",
		"sign": "签字审核",
		"signed": "签字",
		"approve": "审核通过",
		"retires": "停用",
		"in use": "使用中。不能修改",
		"new": "新建版本",
	},
}


def pathway(words: dict, **values: object) -> str:
	wound, diet, monthly = words["steps"]
	doc = saved(
		PATHWAY,
		title=words["title"],
		diagnoses=[{"code": "K80"}],
		steps=[
			{"title": wound, "offset": 2, "window_days": 1, "channel": "Phone", "role": DOCTOR},
			{"title": diet, "offset": 1, "offset_unit": "Week", "window_days": 3, "topics": "Guidance"},
			{
				"title": monthly,
				"offset": 1,
				"offset_unit": "Month",
				"repeat_every": 1,
				"repeat_unit": "Month",
				"repeat_count": 3,
				"window_days": 5,
				"topics": "Condition, Revisit",
				"revisit_after_days": "4",
			},
		],
		**values,
	)
	frappe.db.commit()  # reason: the server must see it
	return doc.name


def set_offset(page: Page, row: int, offset: int) -> None:
	page.locator(f"[data-fieldname=steps] .grid-row[data-idx='{row}'] .btn-open-row").click()
	box = open_row(page).locator("[data-fieldname=offset] input:visible")
	box.fill(str(offset))
	box.press("Tab")
	page.keyboard.press("Escape")
	expect(page.locator(".grid-row-open")).to_have_count(0)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_from_drawing_to_use(visit: Callable[..., Visitor], language: str) -> None:
	words = WORDS[language]
	former = pathway(words, status="Approved", sign_off="Administrator")
	name = pathway(words)
	visitor = visit(ADMINISTRATOR, language=language)
	page = visitor.open(f"/app/care-pathway/{name}")
	expect(page.get_by_text(words["draft"])).to_be_visible()
	page.get_by_role("tab", name=words["tab"], exact=True).click()
	expect(page.get_by_text(words["fine"])).to_be_visible()
	expect(page.locator(".hf-pathway .hf-lane")).to_have_count(3)
	expect(page.locator(".hf-pathway table")).to_contain_text(words["when"])
	visitor.screenshot(f"pathway-timeline-{language}")

	# What gets in each other's way is said while it is written.
	set_offset(page, 1, 6)
	expect(page.locator(".hf-pathway .hf-problems")).to_contain_text(words["close"])
	expect(page.locator(".hf-pathway .hf-doubtful")).to_have_count(2)
	visitor.screenshot(f"pathway-findings-{language}")
	set_offset(page, 1, 3)
	expect(page.get_by_text(words["fine"])).to_be_visible()
	page.get_by_role("button", name=words["save"], exact=True).click()
	page.get_by_role("button", name=words["approve"], exact=True).wait_for()

	visitor = visit(DOCTOR, language=language)
	page = visitor.open(f"/app/care-pathway/{name}")
	page.get_by_role("button", name=words["sign"], exact=True).click()
	dialog = page.locator(".modal.show")
	expect(dialog.get_by_role("button", name=words["sign"], exact=True)).to_be_visible()
	visitor.screenshot(f"pathway-sign-off-{language}")
	dialog.get_by_role("button", name=words["sign"], exact=True).click()
	expect(dialog).to_have_count(0)
	expect(page.locator("[data-fieldname=overview]")).to_contain_text(words["signed"])
	expect(page.get_by_role("button", name=words["sign"], exact=True)).to_have_count(0)

	visitor = visit(ADMINISTRATOR, language=language)
	page = visitor.open(f"/app/care-pathway/{name}")
	page.get_by_role("button", name=words["approve"], exact=True).click()
	dialog = page.locator(".modal.show")
	expect(dialog).to_contain_text(former)
	expect(dialog).to_contain_text(words["retires"])
	visitor.screenshot(f"pathway-approve-{language}")
	dialog.get_by_role("button", name=words["approve"], exact=True).click()
	expect(page.get_by_text(words["in use"])).to_be_visible()
	expect(page.get_by_role("button", name=words["new"], exact=True)).to_be_visible()
	visitor.screenshot(f"pathway-in-use-{language}")

	frappe.db.rollback()  # a fresh view of what the server has committed
	assert frappe.db.get_value(PATHWAY, former, "status") == "Retired"
	assert frappe.db.get_value(PATHWAY, name, "status") == "Approved"
	assert frappe.get_doc(PATHWAY, name).steps[0].offset == 3


#: What the administrator writes and reads while a reaction is added, by language.
REACTION = {
	"en": {
		"title": "Blood Pressure at Home",
		"asks": "Blood Pressure",
		"steps": ("First month", "Third month"),
		"tab": "Steps",
		"reason": "Blood pressure not controlled",
		"never": "no questionnaire of these contacts has a question with the code “sistolic”",
		"what": "the next contact within 14 day(s)",
		"ends": "2 contacts in a row: the pathway ends",
		"legend": ("An answer can bring the next contact forward", "An answer can end the pathway"),
		"save": "Save",
	},
	"zh": {
		"title": "居家血压",
		"asks": "血压问卷",
		"steps": ("第 1 个月", "第 3 个月"),
		"tab": "时间节点",
		"reason": "血压控制不满意",
		"never": "没有编码为“sistolic”的问题",
		"what": "14 天内再次随访",
		"ends": "连续 2 次随访：终止本路径",
		"legend": ("回答可使下次随访提前", "回答可终止路径"),
		"save": "保存",
	},
}


def blood_pressure(words: dict, language: str) -> str:
	question = {"code": "systolic", "text": "Systolic?", "answer_type": "Number", "unit": "mmHg"}
	asks = approved(
		saved("Follow-up Questionnaire", title=words["asks"], language=language, questions=[question])
	).name
	step = {"offset_unit": "Month", "window_days": 5, "questionnaire": asks}
	first, third = words["steps"]
	doc = saved(
		PATHWAY,
		title=words["title"],
		diagnoses=[{"code": "I10"}],
		steps=[{**step, "title": first, "offset": 1}, {**step, "title": third, "offset": 3}],
		reactions=[
			{
				"condition": "systolic < 130",
				"step": third,
				"in_a_row": 2,
				"effect": "End Pathway",
				"reason": "✓",
			}
		],
	)
	frappe.db.commit()  # reason: the server must see it
	return doc.name


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_reaction_is_written_and_seen_in_the_timeline(visit: Callable[..., Visitor], language: str) -> None:
	words = REACTION[language]
	name = blood_pressure(words, language)
	visitor = visit(ADMINISTRATOR, language=language)
	page = visitor.open(f"/app/care-pathway/{name}")
	page.get_by_role("tab", name=words["tab"], exact=True).click()
	drawing = page.locator(".hf-pathway")
	expect(drawing.locator(".hf-reactions")).to_contain_text(words["ends"])
	expect(drawing.locator("svg.hf-pathway-drawing .hf-reaction")).to_have_count(1)

	grid = page.locator("[data-fieldname=reactions]").first
	row = page.locator(".grid-row-open")
	condition = row.locator("[data-fieldname=condition] textarea")
	# A slow answer draws the line of time while somebody types, and takes nothing away.
	page.route("**/*draw_pathway", lambda route: (page.wait_for_timeout(3000), route.continue_()), times=1)
	with page.expect_response("**/*draw_pathway"):
		grid.locator(".grid-add-row").click()
		grid.locator(".grid-row[data-idx='2'] .btn-open-row").click()
		open_row(page)
		condition.fill("sistolic >= 140")
	page.wait_for_timeout(1000)  # the grid draws itself a moment later
	expect(condition).to_have_value("sistolic >= 140")
	row.locator("[data-fieldname=within_days] input").fill("14")
	row.locator("[data-fieldname=reason] input").fill(words["reason"])
	box = row.locator("[data-fieldname=step] input")
	box.click()
	expect(row.locator("[data-fieldname=step] .awesomplete li")).to_have_count(2)
	visitor.screenshot(f"reaction-row-{language}")
	row.locator("[data-fieldname=reason] input").click()

	# A code that no contact asks for is said at once.
	expect(drawing.locator(".hf-problems")).to_contain_text(words["never"])
	condition.fill("systolic >= 140")
	row.locator("[data-fieldname=reason] input").click()
	expect(drawing.locator(".hf-problems .hf-red")).to_have_count(0)
	page.keyboard.press("Escape")
	expect(page.locator(".grid-row-open")).to_have_count(0)
	table = drawing.locator(".hf-reactions")
	expect(table).to_contain_text(words["what"])
	expect(table).to_contain_text(words["reason"])
	for sentence in words["legend"]:
		expect(drawing.locator(".hf-legend")).to_contain_text(sentence)
	expect(drawing.locator("svg.hf-pathway-drawing .hf-reaction")).to_have_count(3)
	drawing.scroll_into_view_if_needed()
	visitor.screenshot(f"reaction-timeline-{language}")
	page.get_by_role("button", name=words["save"], exact=True).click()
	expect(page.locator(".indicator-pill.orange:visible", has_text="Not Saved")).to_have_count(0)

	page.wait_for_function("() => !cur_frm.is_dirty()")
	frappe.db.rollback()  # a fresh view of what the server has committed
	added = frappe.get_doc(PATHWAY, name).reactions[1]
	assert (added.condition, added.effect, added.within_days, added.in_a_row) == (
		"systolic >= 140",
		"Sooner",
		14,
		1,
	)
