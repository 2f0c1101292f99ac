"""Messages as an administrator meets them: what became of one, what nobody else can tell, and a site that was copied."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import frappe
import pytest
from playwright.sync_api import expect

from hospital_followup.services import go_live, health
from hospital_followup.tests import factories as make
from tests.site.message_samples import provider
from tests.site.reports import MESSAGE, sent
from tests.stack.browser import Visitor

pytestmark = pytest.mark.commits
SETTINGS = "Follow-up Settings"
WORDS = {
	"en": {
		"unclear": "Nobody knows whether it reached the patient. It is not sent again.",
		"until": "Not sent after this time.",
		"settle": "Settle",
		"was sent": "It Was Sent",
		"was not": "It Was Not Sent",
		"hold": "Hold Back",
		"sure": "Hold this message back for good?",
		"yes": "Yes",
		"void": "Was not sent.",
		"by hand": "An administrator decided so.",
		"copy": "Nothing is sent: this site is a copy",
		"stopped": "This site is a copy, or its address has changed; nothing is sent.",
		"again": "Switch On Again…",
		"wait": "These messages wait; 1 of them are due at once:",
		"occasion": "Scheduled Contact",
		"let out": "Let Messages Out",
		"live": "Live: messages go out to patients.",
	},
	"zh": {
		"unclear": "不清楚患者是否收到。不会重复发送。",
		"until": "超过此时间不再发送。",
		"settle": "确认结果",
		"was sent": "确认已发送",
		"was not": "确认未发送",
		"hold": "停发",
		"sure": "确定不再发送此消息？",
		"yes": "是",
		"void": "未发送。",
		"by hand": "由管理员决定。",
		"copy": "未发送任何消息：本站点是副本",
		"stopped": "本站点是副本，或其地址已更改；未发送任何消息。",
		"again": "重新启用…",
		"wait": "以下消息正在等待，其中 1 条将立即发出：",
		"occasion": "按计划随访",
		"let out": "允许发送消息",
		"live": "已上线：会向患者发送消息。",
	},
}


@pytest.fixture(params=["en", "zh"])
def language(request: pytest.FixtureRequest) -> str:
	return request.param


@pytest.fixture
def copied(site) -> Iterator[None]:
	"""A live site with a message that waits, restored under another mark."""
	provider()
	sent(make.patient(patient_name="王秀英"), status="Queued", occasion="Scheduled Contact")
	go_live.switch_on()
	frappe.db.set_single_value(SETTINGS, "live_mark", "of another site")
	frappe.db.commit()  # reason: the server must see it
	health.forget()
	yield
	go_live.forget()


def status_of(name: str) -> tuple[str, str | None]:
	frappe.db.rollback()  # a fresh view of what the server has committed
	return frappe.db.get_value(MESSAGE, name, ["status", "status_reason"])


def test_what_nobody_knows_an_administrator_settles(visit: Callable[..., Visitor], language: str) -> None:
	words = WORDS[language]
	patient = make.patient(patient_name="王秀英")
	account = provider().name
	message = sent(patient, status="Uncertain", provider=account)
	other = sent(patient, status="Uncertain", provider=account)
	frappe.db.commit()  # reason: the server must see it
	administrator = visit("Follow-up Administrator", language=language)
	for name, button, status in ((message.name, "was sent", "Sent"), (other.name, "was not", "Failed")):
		page = administrator.open(f"/app/follow-up-message/{name}")
		expect(page.locator(".form-message:visible")).to_contain_text(words["unclear"])
		expect(page.locator("[data-fieldname=expires_at] .help-box")).to_contain_text(words["until"])
		page.locator(".page-head:visible").get_by_role("button", name=words["settle"]).click()
		administrator.screenshot(f"message-unclear-{language}")
		page.locator(".page-head:visible").get_by_role("link", name=words[button], exact=True).click()
		dialog = page.locator(".modal.show")
		administrator.screenshot(f"message-{status}-{language}")
		dialog.get_by_role("button", name=words["yes"], exact=True).click()
		expect(page.locator(".form-message:visible")).not_to_contain_text(words["unclear"])
		administrator.screenshot(f"message-{status}-said-{language}")
		assert status_of(name)[0] == status


def test_one_that_waits_is_held_back(visit: Callable[..., Visitor], language: str) -> None:
	words = WORDS[language]
	message = sent(make.patient(patient_name="王秀英"), status="Queued")
	frappe.db.commit()  # reason: the server must see it
	administrator = visit("Follow-up Administrator", language=language)
	page = administrator.open(f"/app/follow-up-message/{message.name}")
	page.locator(".page-head:visible").get_by_role("button", name=words["settle"]).click()
	page.locator(".page-head:visible").get_by_role("link", name=words["hold"], exact=True).click()
	dialog = page.locator(".modal.show")
	expect(dialog).to_contain_text(words["sure"])
	administrator.screenshot(f"message-hold-back-{language}")
	dialog.get_by_role("button", name=words["yes"], exact=True).click()
	expect(page.locator(".form-message:visible")).to_contain_text(words["void"])
	expect(page.locator(".form-message:visible")).to_contain_text(words["by hand"])
	assert status_of(message.name) == ("Suppressed", "by_hand")


def test_others_see_what_became_of_it_and_settle_nothing(
	visit: Callable[..., Visitor], language: str
) -> None:
	words = WORDS[language]
	message = sent(make.patient(patient_name="王秀英"), status="Uncertain", provider=provider().name)
	frappe.db.commit()  # reason: the server must see it
	specialist = visit("Follow-up Specialist", language=language)
	page = specialist.open(f"/app/follow-up-message/{message.name}")
	expect(page.locator(".form-message:visible")).to_contain_text(words["unclear"])
	expect(page.locator(".page-head:visible").get_by_role("button", name=words["settle"])).to_have_count(0)


def test_a_copied_site_sends_again_when_somebody_has_looked(
	visit: Callable[..., Visitor], copied: None, language: str
) -> None:
	words = WORDS[language]
	administrator = visit("Follow-up Administrator", language=language)
	page = administrator.open(f"/app/{frappe.scrub(SETTINGS).replace('_', '-')}")
	expect(page.locator(".hf-panel:visible").first).to_contain_text(words["copy"])
	expect(page.locator(".hf-health-banner:visible")).to_contain_text(words["stopped"])
	administrator.screenshot(f"settings-copied-{language}")
	page.get_by_role("button", name=words["again"]).click()
	dialog = page.locator(".modal.show")
	expect(dialog).to_contain_text(words["wait"])
	expect(dialog.locator("td", has_text=words["occasion"])).to_be_visible()
	administrator.screenshot(f"settings-switch-on-again-{language}")
	dialog.get_by_role("button", name=words["let out"], exact=True).click()
	expect(page.locator(".hf-panel:visible").first).to_contain_text(words["live"])
	expect(page.locator(".hf-health-banner:visible")).not_to_contain_text(words["stopped"])
	expect(page.get_by_role("button", name=words["again"])).to_have_count(0)
	administrator.screenshot(f"settings-live-{language}")
	frappe.db.rollback()  # a fresh view of what the server has committed
	assert go_live.state().live
