"""People, words and work for the tests of the call sheet and of the page of today's follow-up."""

from __future__ import annotations

from collections.abc import Sequence

import frappe
from playwright.sync_api import Locator, Page, expect

from hospital_followup.tests import factories as make
from hospital_followup.tests.factories import days_from_now as day
from tests.stack.browser import Visitor
from tests.stack.users import PASSWORD, make_user

TASK = "Follow-up Task"
LOG = "Follow-up Log"
PAGE = "/app/follow-up-worklist"
NAMES = ("王建国", "李秀英", "Anna Berg", "张伟", "刘芳", "陈晨", "赵敏", "Carl Olsen", "孙丽", "周强")

#: What the person reads, by language.
WORDS = {
	"en": {
		"saved": "Saved",
		"unsaved": "Not saved yet: no connection.",
		"closed": "Confirm who you are speaking to first.",
		"red": "Red flag",
		"told": "The doctor is being told now.",
		"amber": "Needs attention",
		"finish": "Finish and Next",
		"reached": "Reached Patient",
		"back": "Back to the list",
		"result": "Result of the call",
		"nobody": "Nobody is waiting now.",
		"yes": "Yes",
		"keys": "Keys of the call sheet",
	},
	"zh": {
		"saved": "已保存",
		"unsaved": "尚未保存：网络已断开。",
		"closed": "请先核对对方身份。",
		"red": "危险信号",
		"told": "正在通知医生。",
		"amber": "需关注",
		"finish": "完成，下一位",
		"reached": "联系到患者",
		"back": "返回列表",
		"result": "通话结果",
		"nobody": "现在没有待随访的患者。",
		"yes": "是",
		"keys": "通话单快捷键",
	},
}


def caller(language: str = "en") -> str:
	"""A specialist who takes contacts."""
	user = make_user("Follow-up Specialist", language=language, password=PASSWORD)
	make.staff(user)
	return user


def tasks_for(user: str | None, names: Sequence[str] = NAMES, language: str = "zh") -> list:
	"""Open contacts of today, one per name, in the order of the list: the first has waited longest."""
	made = []
	for number, name in enumerate(names):
		patient = make.patient(
			patient_name=name, date_of_birth="1958-03-14", language=language, preferred_slot="Afternoon"
		)
		stay = make.discharge(
			patient.name,
			discharge_date=day(-20 - number),
			diagnoses=[{"code": "K80.2", "title": "胆囊结石", "primary": 1}],
		)
		late = number - len(names) + 1
		made.append(
			make.task(
				make.plan(patient.name, discharge=stay.name),
				discharge=stay.name,
				assigned_to=user,
				due_date=day(late),
				opens_on=day(late),
				priority=number + 1,
				topics="Condition, Guidance",
			)
		)
	frappe.db.commit()  # reason: the web server must see them
	return made


def questions(language: str) -> str:
	"""An approved questionnaire about the wound: a red yes, a branch with a number, an amber scale."""
	words = {
		"en": ("Have you had a fever?", "How high was it?", "How strong is the pain?", "How is the wound?"),
		"zh": ("有没有发热？", "最高体温是多少？", "现在疼痛有几分？", "伤口情况如何？"),
	}[language]
	fever, height, pain, wound = words
	return (
		frappe.get_doc(
			{
				"doctype": "Follow-up Questionnaire",
				"title": f"Wound {frappe.generate_hash(length=6)}",
				"language": language,
				"status": "Approved",
				"review_by": day(180),
				"condition": "K80",
				"questions": [
					{
						"code": "fever",
						"text": fever,
						"answer_type": "Yes/No",
						"required": 1,
						"red_if": "yes",
					},
					{
						"code": "height",
						"text": height,
						"answer_type": "Number",
						"unit": "°C",
						"minimum": "34",
						"maximum": "43",
						"show_if": "fever = yes",
					},
					{
						"code": "pain",
						"text": pain,
						"answer_type": "Scale",
						"minimum": "0",
						"maximum": "10",
						"required": 1,
						"amber_if": ">= 4",
					},
					{
						"code": "wound",
						"text": wound,
						"answer_type": "Choice",
						"choices": "dry | 干燥\nred | 发红" if language == "zh" else "dry | Dry\nred | Red",
					},
				],
			}
		)
		.insert()
		.name
	)


def open_worklist(visitor: Visitor) -> Page:
	"""The page with its first patient's sheet."""
	page = visitor.open(PAGE)
	sheet(page).wait_for()
	return page


def open_sheet(visitor: Visitor, task: str) -> Page:
	page = visitor.open(f"{PAGE}/{task}")
	expect(sheet(page)).to_have_attribute("data-task", task)
	return page


def sheet(page: Page) -> Locator:
	return page.locator(".hf-worklist .hf-sheet")


def shown_task(page: Page) -> str:
	return sheet(page).get_attribute("data-task")


def say(page: Page, word: str) -> None:
	"""Write it into the notes and leave the field, by keyboard."""
	page.keyboard.press("w")
	expect(page.locator(".hf-worklist [data-field=notes]")).to_be_focused()
	page.keyboard.type(word)
	page.keyboard.press("Escape")


def wait_saved(page: Page, words: dict[str, str]) -> None:
	expect(page.locator(".hf-worklist .hf-saving")).to_have_attribute("data-state", "saved")
	expect(page.locator(".hf-worklist .hf-saving")).to_contain_text(words["saved"])


def outcomes_of(task: str) -> list[str]:
	"""The outcomes of the task's submitted logs."""
	frappe.db.rollback()
	return frappe.get_all(
		LOG, filters={"task": task, "docstatus": 1}, pluck="outcome", order_by="creation, name"
	)


def draft_of(task: str) -> frappe._dict:
	"""The task's draft log as the database has it."""
	frappe.db.rollback()
	return frappe.db.get_value(LOG, {"task": task, "docstatus": 0}, "*", as_dict=True)
