"""A contact that was brought forward says why: on its call sheet and in the plan, in both languages."""

from __future__ import annotations

from collections.abc import Callable

import frappe
import pytest
from playwright.sync_api import expect

from hospital_followup.tests import factories
from tests.site.reaction_samples import HIGH, TITLE, WORDS, call, contacts, pathway, stay
from tests.stack.browser import Visitor

pytestmark = pytest.mark.commits

DOCTOR = "Follow-up Doctor"
#: What the person reads, by language.
SAYS = {
	"en": {
		"sheet": "Sooner Because",
		"why": "Why?",
		"code": "Sooner than planned",
		"came": "the next contact came",
	},
	"zh": {"sheet": "提前原因", "why": "为什么？", "code": "根据患者的回答提前随访。", "came": "下次随访由"},
}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_reason_is_where_it_is_needed(visit: Callable[..., Visitor], language: str) -> None:
	words = SAYS[language]
	factories.standard_policy()
	pathway()
	plan = stay()
	first, second, *_rest = contacts(plan)
	call(first, HIGH)
	frappe.db.commit()  # reason: the server must see it
	visitor = visit(DOCTOR, language=language)

	page = visitor.open(f"/app/follow-up-task/{second.name}")
	sheet = page.locator(".hf-facts", has_text=words["sheet"])
	expect(sheet).to_contain_text(WORDS)
	visitor.screenshot(f"reaction-sheet-{language}")

	page = visitor.open(f"/app/follow-up-plan/{plan.name}")
	contact = page.locator("[data-fieldname=contacts] details", has_text=words["code"])
	contact.locator("summary").click()
	expect(contact).to_contain_text(WORDS)
	entry = page.locator(".new-timeline .timeline-item", has_text=words["came"])
	expect(entry).to_contain_text(TITLE)
	expect(entry).to_contain_text(WORDS)
	visitor.screenshot(f"reaction-plan-{language}")
