"""What templates, messages, consents and surveys accept."""

from __future__ import annotations

from typing import Any

import frappe
import pytest
from frappe.utils import add_to_date, now_datetime

from hospital_followup.exceptions import InvalidPeriodError, InvalidValueError
from tests.site.message_samples import provider
from tests.site.samples import saved


class TestTemplate:
	@pytest.mark.parametrize(
		("values", "message"),
		[
			({"channel": "Email"}, "subject"),
			({"variables": "code"}, "Line 1"),
			({"variables": "a = b\nc ="}, "Line 2"),
			({"variables": "a = b\na = c"}, "Line 2"),
		],
	)
	def test_is_refused_with_the_reason(self, values: dict[str, Any], message: str) -> None:
		with pytest.raises(InvalidValueError, match=message):
			saved("Message Template", **values)

	def test_only_an_email_has_a_subject(self) -> None:
		assert saved("Message Template", channel="SMS", subject="Hello").subject is None
		assert saved("Message Template", channel="Email", subject="Hello").subject == "Hello"

	def test_names_the_account_only_of_a_number_and_of_its_channel(self) -> None:
		sms, wechat = provider("SMS").name, provider("WeChat").name
		kept = saved("Message Template", provider_template="SMS_1", body="Call us", provider=sms)
		assert kept.provider == sms
		assert saved("Message Template", provider=sms).provider is None
		with pytest.raises(InvalidValueError, match="WeChat"):
			saved("Message Template", provider_template="SMS_1", body="Call us", provider=wechat)


class TestMessage:
	@pytest.mark.parametrize("minutes", [-60, 0])
	def test_does_not_expire_before_it_may_be_sent(self, minutes: int) -> None:
		with pytest.raises(InvalidPeriodError, match="expires"):
			saved(
				"Follow-up Message",
				send_after="2026-11-05 09:00:00",
				expires_at=add_to_date("2026-11-05 09:00:00", minutes=minutes),
			)

	def test_may_expire_later_or_never(self) -> None:
		assert saved("Follow-up Message", expires_at=add_to_date(now_datetime(), hours=2)).status == "Queued"
		assert saved("Follow-up Message").expires_at is None


class TestConsent:
	def test_needs_a_yes_or_a_no(self) -> None:
		with pytest.raises(InvalidValueError, match="agreed"):
			saved("Follow-up Consent", given_on=None)

	def test_a_refusal_alone_is_recorded(self) -> None:
		assert saved("Follow-up Consent", given_on=None, withdrawn_on=now_datetime()).name

	@pytest.mark.parametrize("field", ["given_on", "withdrawn_on"])
	def test_is_not_given_in_the_future(self, field: str) -> None:
		with pytest.raises(InvalidPeriodError, match="future"):
			saved("Follow-up Consent", **{field: add_to_date(now_datetime(), hours=1)})

	def test_is_withdrawn_after_it_was_given(self) -> None:
		with pytest.raises(InvalidPeriodError, match="before it was given"):
			saved("Follow-up Consent", withdrawn_on=add_to_date(now_datetime(), days=-1))


class TestSurvey:
	@pytest.mark.parametrize("satisfaction", [0, 1, 5])
	def test_satisfaction_is_one_to_five_or_not_asked(self, satisfaction: int) -> None:
		assert saved("Follow-up Survey", satisfaction=satisfaction).satisfaction == satisfaction

	def test_satisfaction_beyond_five_is_refused(self) -> None:
		with pytest.raises(InvalidValueError, match="1 to 5"):
			saved("Follow-up Survey", satisfaction=6)

	def test_zero_is_an_answer_to_would_you_recommend(self) -> None:
		assert saved("Follow-up Survey", recommend="0").recommend == "0"
		assert not saved("Follow-up Survey").recommend

	@pytest.mark.parametrize("recommend", ["11", "-1"])
	def test_recommendation_is_zero_to_ten(self, recommend: str) -> None:
		with pytest.raises(frappe.ValidationError):
			saved("Follow-up Survey", recommend=recommend)

	def test_two_surveys_never_share_a_token(self) -> None:
		first, second = saved("Follow-up Survey"), saved("Follow-up Survey")
		with pytest.raises(Exception, match="Duplicate entry"):
			second.db_set("token_hash", first.token_hash)
