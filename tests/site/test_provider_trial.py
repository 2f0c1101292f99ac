"""A test of a provider goes to the person who asks, to nobody else, and says in words what the service said."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import frappe
import pytest

from hospital_followup import provider_api
from hospital_followup.exceptions import TrialError
from hospital_followup.services import provider_settings, provider_trial
from tests.providers import stubs
from tests.providers.services.twilio import TwilioService
from tests.providers.stubs import Stub
from tests.site.message_samples import provider, template
from tests.site.rights import AD, DR, SP, SV
from tests.stack.rest import Rest

NUMBER = "+8613912345678"
ACCEPTED = stubs.says(201, b'{"sid": "SM1", "status": "queued", "error_code": null}')


@pytest.fixture
def stub(site: Any) -> Iterator[Stub]:
	with stubs.running(TwilioService()) as made:
		made.mood = ACCEPTED
		yield made


def account(stub: Stub, **values: Any) -> Any:
	return provider(endpoint=stub.url, allow_private=1, **values)


def own_number(number: str | None) -> None:
	frappe.db.set_value("User", frappe.session.user, {"mobile_no": number, "phone": None})


def test_it_goes_to_ones_own_number_also_in_dry_run(stub: Stub) -> None:
	frappe.db.set_single_value("Follow-up Settings", "go_live", 0)
	own_number("139 1234 5678")
	answer = provider_trial.send(account(stub))
	assert answer["state"] == "accepted"
	(seen,) = stub.messages
	assert parse_qs(seen.body.decode())["To"] == [NUMBER]
	assert frappe.db.count("Follow-up Message", {"recipient": NUMBER}) == 0


def test_a_refusal_is_said_in_words_with_the_code_of_the_service(stub: Stub) -> None:
	own_number(NUMBER)
	stub.mood = stubs.says(401, b'{"code": 20003, "message": "no"}')
	answer = provider_trial.send(account(stub))
	assert answer["state"] == "retry"
	assert "20003" in answer["code"]
	assert "secret" in answer["sentence"]


def test_silence_is_said(stub: Stub) -> None:
	own_number(NUMBER)
	doc = account(stub, read_timeout=0.3, total_timeout=1)
	stub.mood = stubs.silent_after_accept
	assert "may arrive" in provider_trial.send(doc)["sentence"]


@pytest.mark.parametrize("number", [None, "123"])
def test_without_a_number_of_ones_own_nothing_is_sent(stub: Stub, number: str | None) -> None:
	own_number(number)
	with pytest.raises(TrialError, match="My Settings"):
		provider_trial.send(account(stub))
	assert stub.seen == []


def test_a_provider_that_lacks_something_sends_nothing(stub: Stub) -> None:
	own_number(NUMBER)
	with pytest.raises(TrialError, match="missing"):
		provider_trial.send(account(stub, account=""))
	assert stub.seen == []


def test_services_with_texts_of_their_own_need_one(site: Any) -> None:
	own_number(NUMBER)
	values = {"provider": "Aliyun SMS", "account": "id", "secret": "s", "sender": "医院"}
	doc = provider(**values)
	assert provider_trial.state(doc)["needs_template"]
	with pytest.raises(TrialError, match="approved texts"):
		provider_trial.send(doc)


def test_wechat_says_how_to_try_it_instead(site: Any) -> None:
	doc = provider("WeChat")
	assert provider_trial.state(doc)["can_test"] is False
	with pytest.raises(TrialError, match="follower"):
		provider_trial.send(doc)


def test_the_form_shows_the_address_for_receipts_and_a_masked_number(stub: Stub) -> None:
	own_number(NUMBER)
	settings = frappe.get_doc("Follow-up Settings")
	settings.base_url = "https://hospital.example"
	settings.save()
	shown = provider_trial.state(account(stub))
	assert shown["callback"].startswith("https://hospital.example/api/method/")
	assert shown["to"] == "139****5678"
	assert shown["missing"] is None


def test_the_number_of_another_account_is_not_tried(site: Any) -> None:
	own_number(NUMBER)
	values = {"provider": "Aliyun SMS", "account": "id", "secret": "s", "sender": "医院"}
	first, second = (provider(title=title, **values) for title in ("First", "Second"))
	fields = {"provider_template": "SMS_1", "body": "Call us", "provider": first.name}
	with pytest.raises(TrialError, match="approved texts"):
		provider_trial.send(second, template("Other", **fields).name)


KEY = "k&y=1 #canary密"
KEYED = {"callback_secret": KEY, "account": "id", "secret": "s", "sender": "医院", "application": "1"}


class TestAddressToCopy:
	@pytest.fixture(autouse=True)
	def _address_of_the_site(self, site: Any) -> None:
		settings = frappe.get_doc("Follow-up Settings")
		settings.update({"base_url": "https://hospital.example"}).save()

	@pytest.mark.parametrize("kind", ["Aliyun SMS", "Tencent Cloud SMS"])
	def test_carries_the_key_by_which_the_service_is_known(self, kind: str) -> None:
		doc = provider(provider=kind, **KEYED)
		query = parse_qs(urlsplit(provider_api.callback_address(doc.name)).query)
		assert query == {"provider": [doc.name], "key": [KEY]}

	@pytest.mark.parametrize(
		"values", [{"callback_secret": ""}, {"provider": "WeCom"}, {"provider": "Twilio SMS"}]
	)
	def test_carries_no_key_where_none_is_asked_for(self, values: dict[str, str]) -> None:
		doc = provider(**{"provider": "Aliyun SMS", **KEYED, **values})
		address = provider_api.callback_address(doc.name)
		assert address == provider_settings.callback_address(doc)
		assert address
		assert not provider_trial.state(doc)["key_in_address"]

	@pytest.mark.commits
	def test_stands_nowhere_else(self) -> None:
		doc = provider(provider="Aliyun SMS", **KEYED)
		doc.update({"callback_secret": f"{KEY}2"}).save()
		shown = [
			provider_trial.state(doc),
			frappe.get_doc(doc.doctype, doc.name).as_dict(),
			frappe.get_all("Version", filters={"docname": doc.name}, fields=["data"], order_by="name"),
			frappe.get_print(doc.doctype, doc.name),
		]
		assert provider_trial.state(doc)["key_in_address"]
		assert KEY in frappe.get_doc(doc.doctype, doc.name).get_password("callback_secret")
		assert "canary" not in str(shown)


@pytest.mark.commits
def test_only_administrators_try_and_switch(rest: Callable[..., Rest]) -> None:
	name = provider().name
	calls = {
		"provider_state": {"provider": name},
		"send_test": {"provider": name},
		"callback_address": {"provider": name},
		"what_would_go_out": {},
		"switch_on_again": {},
	}
	for role in (SP, DR, SV):
		client = rest(role)
		for method, values in calls.items():
			answer = client.call(f"hospital_followup.provider_api.{method}", **values)
			assert answer.status_code == 403, (role, method)
	administrator = rest(AD)
	assert administrator.call("hospital_followup.provider_api.what_would_go_out").ok
	assert administrator.call("hospital_followup.provider_api.provider_state", provider=name).ok
	path = "hospital_followup.provider_api.callback_address"
	assert administrator.call(path, provider=name).ok
	assert administrator.get(f"/api/method/{path}", provider=name).status_code == 403


@pytest.mark.parametrize(
	"changed",
	[
		{"endpoint": "https://elsewhere.example"},
		{"allow_private": 0, "endpoint": None},
	],
)
def test_a_stored_secret_goes_to_nobody_else(stub: Stub, changed: dict[str, Any]) -> None:
	doc = account(stub, callback_secret="token")
	doc.update(changed).save()
	assert "Removed" in frappe.get_message_log()[-1]["message"]
	frappe.clear_last_message()
	kept = frappe.get_doc(doc.doctype, doc.name)
	assert kept.get_password("secret", raise_exception=False) is None
	assert kept.get_password("callback_secret") == "token"


def test_a_secret_that_is_entered_with_the_address_stays(stub: Stub) -> None:
	doc = account(stub)
	doc.update({"endpoint": "https://elsewhere.example", "secret": "anew"}).save()
	assert frappe.get_doc(doc.doctype, doc.name).get_password("secret") == "anew"
	doc.update({"title": "Another title", "allow_private": "1"}).save()
	assert frappe.get_doc(doc.doctype, doc.name).get_password("secret") == "anew"


@pytest.mark.commits
def test_nor_when_it_is_sent_back_as_stars(stub: Stub, rest: Callable[..., Rest]) -> None:
	doc = account(stub)
	frappe.db.commit()  # reason: the server reads it
	sent = {"endpoint": "https://elsewhere.example", "secret": "*" * 8}
	assert rest(AD).put(f"/api/resource/{doc.doctype}/{doc.name}", sent).ok
	frappe.db.rollback()  # reason: see what the server has committed
	assert frappe.get_doc(doc.doctype, doc.name).get_password("secret", raise_exception=False) is None
