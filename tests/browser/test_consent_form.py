"""Consent on the form of a patient: read out and given in a dialog, taken back with one click."""

from __future__ import annotations

from collections.abc import Callable

import frappe
import pytest
from playwright.sync_api import expect

from hospital_followup.services import consents
from hospital_followup.tests import factories
from tests.stack.browser import Visitor

pytestmark = pytest.mark.commits

WORDS = {
	"en": {
		"tab": "Contact Details",
		"ask": "Clinical, SMS: not asked. Ask again",
		"agreed": "Clinical, SMS: agreed. Withdraw",
		"refused": "Clinical, SMS: refused. Ask again",
		"read": "After you go home",
		"way": "On the Telephone",
		"yes": "The Patient Agrees",
		"who": "Who said what, when (2)",
		"all": "Withdraw Every Consent",
	},
	"zh": {
		"tab": "联系资料",
		"ask": "诊疗, 短信: 未询问. 重新询问",
		"agreed": "诊疗, 短信: 已同意. 撤回",
		"refused": "诊疗, 短信: 已拒绝. 重新询问",
		"read": "希望继续与您保持联系",
		"way": "电话",
		"yes": "患者同意",
		"who": "同意与拒绝的记录（2）",
		"all": "撤回全部同意",
	},
}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_is_given_after_reading_out_and_withdrawn_with_one_click(
	visit: Callable[..., Visitor], language: str
) -> None:
	words = WORDS[language]
	patient = factories.patient(patient_name="王秀英", language=language).name
	frappe.db.commit()  # reason: the server must see it
	nurse = visit("Follow-up Specialist", language=language)
	page = nurse.open(f"/app/follow-up-patient/{patient}")
	page.get_by_role("tab", name=words["tab"]).click()
	page.get_by_role("button", name=words["ask"]).click()
	dialog = page.locator(".modal.show")
	expect(dialog).to_contain_text(words["read"])
	dialog.locator("[data-fieldname=way] select").select_option(label=words["way"])
	nurse.screenshot(f"consent-ask-{language}")
	dialog.get_by_role("button", name=words["yes"], exact=True).click()
	expect(dialog).to_be_hidden()
	page.get_by_role("button", name=words["agreed"]).click()
	expect(page.get_by_role("button", name=words["refused"])).to_be_visible()
	page.get_by_text(words["who"]).click()
	nurse.screenshot(f"consent-{language}")
	frappe.db.rollback()  # a fresh view of what the server has committed
	assert consents.standing_of([patient], "Clinical")[patient]["SMS"] is False

	page.get_by_role("button", name=words["all"]).click()
	expect(page.locator(".hf-standing .hf-state-gray")).to_have_count(0)
	frappe.db.rollback()
	for purpose in ("Clinical", "Survey", "Promotion", "Research"):
		assert set(consents.standing_of([patient], purpose)[patient].values()) == {False}
