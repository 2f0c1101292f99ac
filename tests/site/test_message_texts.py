"""What a message says: which template, in which language, with which values, and when there is no text at all."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import frappe
import pytest
from frappe.utils import get_system_timezone, getdate, now_datetime

from hospital_followup.services import message_texts, spoken
from hospital_followup.services.message_placeholders import LINK, LINK_TOKEN
from hospital_followup.services.messages import Wanted
from hospital_followup.tests import factories as make
from hospital_followup.tests.factories import days_from_now
from tests.site.message_samples import provider as make_provider
from tests.site.samples import saved, title
from tests.support.queries import count_queries

#: By channel a service that carries any text.
FREE = {"SMS": "Twilio SMS", "WeChat": "WeCom", "Email": "Email Account", "App Push": "Push Webhook"}
URL = "https://hospital.example/follow-up#" + "t" * 32
SPECIAL = "Other"


def to(patient: str, **fields: Any) -> Wanted:
	"""A wanted message to `patient`, with the values that most tests leave alone."""
	usual = {"key": "k", "channel": "SMS", "purpose": "Clinical", "occasion": SPECIAL, "language": "en"}
	now = now_datetime()
	return Wanted(patient=patient, send_after=now, expires_at=now + timedelta(days=1), **{**usual, **fields})


@pytest.fixture(autouse=True)
def hospital() -> None:
	settings(
		hospital_name="Renai Hospital",
		hospital_phone="010-5555 0123",
		emergency_number="120",
		base_url="https://hospital.example",
		default_language="en",
	)


def settings(**values: Any) -> None:
	for field_name, value in values.items():
		frappe.db.set_single_value("Follow-up Settings", field_name, value)
	frappe.clear_document_cache("Follow-up Settings", "Follow-up Settings")


def template(body: str, *, status: str = "Approved", **fields: Any) -> str:
	doc = saved("Message Template", **{"language": "en", "occasion": SPECIAL, "body": body, **fields})
	doc.db_set("status", status)
	return doc.name


def services(**kinds: str) -> dict[str, list[Any]]:
	"""By channel one account with a service; `kinds` by name stand behind those of SMS."""
	found = {channel: [account(kind, kind)] for channel, kind in FREE.items()}
	found["SMS"] += [account(name, kind) for name, kind in kinds.items()]
	return found


def account(name: str, kind: str) -> Any:
	return frappe.get_doc({"doctype": "Follow-up Provider", "name": name, "provider": kind})


def text(item: Wanted, providers: dict[str, list[Any]] | None = None) -> message_texts.Text | None:
	return message_texts.prepare([item], providers or services())[item.key]


class TestChoice:
	def test_the_newest_approved_version_is_taken(self) -> None:
		name = title()
		template("first", title=name)
		second = template("second", title=name)
		template("not yet", title=name, status="Draft")
		found = text(to(make.patient().name))
		assert (found.template, found.body) == (second, "second")

	@pytest.mark.parametrize(
		"other", [{"occasion": "Last Ask"}, {"purpose": "Survey"}, {"channel": "WeChat"}]
	)
	def test_occasion_purpose_and_channel_must_fit(self, other: dict[str, str]) -> None:
		template("elsewhere", **other)
		assert text(to(make.patient().name)) is None

	def test_the_patients_language_then_its_base_then_the_hospitals(self) -> None:
		patient = make.patient(language="zh-TW").name
		template("English")
		assert text(to(patient, language=None)).body == "English"
		template("中文", language="zh")
		assert text(to(patient, language=None)).body == "中文"
		template("繁體", language="zh-TW")
		assert text(to(patient, language=None)).body == "繁體"
		assert text(to(patient, language="en")).body == "English"

	def test_a_language_that_neither_patient_nor_hospital_speaks_is_no_answer(self) -> None:
		template("Bonjour", language="fr")
		assert text(to(make.patient().name)) is None

	def test_a_template_that_cannot_be_completed_gives_way_to_one_that_can(self) -> None:
		template("Call us")
		template("Your visit is on {{ revisit_date }}")
		assert text(to(make.patient().name)).body == "Call us"

	def test_what_was_written_past_the_form_is_never_rendered(self) -> None:
		name = template("Call us")
		frappe.db.set_value("Message Template", name, "body", "{{ salutation.__class__ }}")
		assert text(to(make.patient().name)) is None

	def test_many_are_prepared_with_as_many_queries_as_one(self) -> None:
		template("{{ salutation }}, {{ due_date }}")
		plan = make.plan(make.patient().name)
		wanted = [to(plan.patient, key=str(n), task=make.task(plan).name) for n in range(20)]
		message_texts.prepare(wanted[:1], services())
		one = count_queries(lambda: message_texts.prepare(wanted[:1], services()))
		assert count_queries(lambda: message_texts.prepare(wanted, services())) == one


class TestCarriers:
	def test_who_asks_for_registered_texts_carries_no_other(self) -> None:
		template("Call us")
		patient = make.patient().name
		for kind in ("Aliyun SMS", "Tencent Cloud SMS"):
			assert text(to(patient), {"SMS": [account("A", kind)]}) is None
		assert text(to(patient), services(A="Aliyun SMS")).provider is None

	def test_a_registered_text_stands_in_for_one_that_is_not(self) -> None:
		template("registered", provider_template="SMS_1")
		template("newer")
		patient = make.patient().name
		assert text(to(patient)).body == "newer"
		found = text(to(patient), {"SMS": [account("A", "Aliyun SMS")]})
		assert (found.body, found.provider_template, found.provider) == ("registered", "SMS_1", "A")

	def test_a_number_without_an_account_is_the_first_ones(self) -> None:
		template("registered", provider_template="SMS_1")
		both = [account("A", "Aliyun SMS"), account("B", "Tencent Cloud SMS")]
		assert text(to(make.patient().name), {"SMS": both}).provider == "A"

	def test_another_account_in_front_does_not_get_the_number(self) -> None:
		own = make_provider("SMS").name
		name = template("registered", provider_template="SMS_1", provider=own)
		offered = [account("In front", "Aliyun SMS"), account(own, "Tencent Cloud SMS")]
		patient = make.patient().name
		found = text(to(patient), {"SMS": offered})
		assert (found.template, found.provider) == (name, own)
		assert text(to(patient), {"SMS": offered[:1]}) is None


class TestValues:
	def test_records_fill_the_placeholders_in_the_language_of_the_text(self) -> None:
		department = make.department(contact_phone="010-5555 0199")
		patient = make.patient(patient_name="欧阳小红", sex="Female", department=department)
		day = days_from_now(3)
		revisit = saved("Follow-up Revisit", patient=patient.name, expected_on=day)
		template(
			"{{ salutation }}：{{ revisit_date }}，{{ hospital_phone }}，{{ hospital_name }}", language="zh"
		)
		found = text(to(patient.name, revisit=revisit.name, language="zh"))
		said = spoken.day(getdate(day), getdate(), "zh")
		assert found.body == f"欧阳女士：{said}，010-5555 0199，Renai Hospital"

	def test_of_a_child_the_parents_are_addressed(self) -> None:
		patient = make.patient(patient_name="王小明", date_of_birth=days_from_now(-2000))
		template("{{ salutation }}，您好", language="zh")
		assert text(to(patient.name, language="zh")).body == "王小明小朋友的家长，您好"

	@pytest.mark.parametrize(
		("language", "expected"),
		[("zh", "2026年11月24日星期二14:30"), ("en", "Tuesday 24 November 2026, 14:30")],
	)
	def test_a_moment_is_said_as_people_say_it(self, language: str, expected: str) -> None:
		template("{{ call_by }}", language=language)
		values = {"call_by": "2026-11-24 14:30:00"}
		said = text(to(make.patient().name, language=language, values=values)).body
		assert said == expected or said == expected.replace("2026年", "").replace(" 2026", "")

	@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Tokyo"])
	def test_a_moment_is_said_on_the_patients_own_clock_and_a_day_stays_as_it_is(self, zone: str) -> None:
		template("{{ call_by }} {{ due_date }}", language="zh")
		agreed = datetime(2026, 11, 24, 8, 30, tzinfo=ZoneInfo(get_system_timezone()))
		values = {"call_by": f"{agreed:%Y-%m-%d %H:%M}", "due_date": "2026-11-24"}
		patient = make.patient(time_zone=zone).name
		there = agreed.astimezone(ZoneInfo(zone))
		said = [spoken.day(moment.date(), getdate(), "zh") for moment in (there, agreed)]
		assert text(to(patient, language="zh", values=values)).body == f"{said[0]}{there:%H:%M} {said[1]}"

	def test_several_lines_become_one_in_a_text_message(self) -> None:
		patient = make.patient().name
		revisit = saved(
			"Follow-up Revisit", patient=patient, expected_on=days_from_now(3), preparation="禁食\n带病历"
		)
		template("{{ preparation }}", channel="WeChat", language="zh")
		wanted = to(patient, channel="WeChat", language="zh", revisit=revisit.name)
		assert text(wanted).body == "禁食\n带病历"
		template("{{ call_by }}", language="zh")
		assert text(to(patient, language="zh", values={"call_by": "上午\n10点"})).body == "上午；10点"

	def test_advice_in_another_language_is_not_quoted(self) -> None:
		patient = make.patient().name
		content = saved(
			"Care Content", title="伤口护理", language="zh", body="<p>保持干燥</p><p>按时换药</p>"
		).name
		template("{{ content_title }}\n{{ content_text }}", channel="WeChat")
		template("{{ content_title }}\n{{ content_text }}", channel="WeChat", language="zh")
		wanted = to(patient, channel="WeChat", content=content, language="zh")
		assert text(wanted).body == "伤口护理\n保持干燥\n按时换药"
		assert text(to(patient, channel="WeChat", content=content, language="en")) is None

	def test_the_providers_variables_keep_their_order(self) -> None:
		template(
			"{{ salutation }} {{ call_by }}",
			provider_template="SMS_1",
			variables="2 = call_by\n1 = salutation",
		)
		found = text(to(make.patient(patient_name="Ann Lee", sex="Female").name, values={"call_by": "noon"}))
		assert found.provider_template == "SMS_1"
		assert list(found.variables.items()) == [("2", "noon"), ("1", "Ms Ann Lee")]

	def test_a_variable_without_a_value_is_no_text(self) -> None:
		template("Call us", provider_template="SMS_1", variables="day = revisit_date")
		assert text(to(make.patient().name)) is None

	@pytest.mark.parametrize("channel", ["SMS", "WeChat", "Email", "App Push"])
	@pytest.mark.parametrize("language", ["zh", "en"])
	def test_every_channel_says_how_to_stop(self, channel: str, language: str) -> None:
		template("{{ stop_hint }}", channel=channel, language=language, subject="x")
		found = text(to(make.patient().name, channel=channel, language=language)).body
		assert found
		assert found.isascii() is (language == "en")


class TestLink:
	def test_the_stored_text_says_that_there_is_a_link_never_which(self) -> None:
		template(
			"{{ link }} {{ link_token }} 120", provider_template="T", variables="t = link_token\nu = link"
		)
		found = text(to(make.patient().name, survey="a page"))
		assert found.body == f"{LINK} {LINK_TOKEN} 120"
		assert message_texts.fill_link(found.body, URL) == f"{URL} {'t' * 32} 120"
		assert message_texts.fill_link(found.variables["t"], URL) == "t" * 32

	@pytest.mark.parametrize(
		"url", [None, "", "https://hospital.example/follow-up", "https://hospital.example/#"]
	)
	def test_a_text_never_goes_out_with_the_mark_in_it(self, url: str | None) -> None:
		with pytest.raises(ValueError, match="no page"):
			message_texts.fill_link(f"see {LINK}", url)
		assert message_texts.fill_link("no link here", url) == "no link here"

	def test_without_a_page_or_an_address_a_condition_says_something_else(self) -> None:
		template("{% if link %}{{ link }} 120{% else %}Call us{% endif %}")
		patient = make.patient().name
		assert text(to(patient)).body == "Call us"
		assert text(to(patient, survey="a page")).body == f"{LINK} 120"
		settings(base_url=None)
		assert text(to(patient, survey="a page")).body == "Call us"

	@pytest.mark.parametrize("value", [LINK, f"王{LINK_TOKEN}", "⟨link"])
	def test_no_value_can_ask_for_a_link(self, value: str) -> None:
		template("{{ salutation }} {{ call_by }}")
		patient = make.patient(patient_name=value, sex=None).name
		body = text(to(patient, survey="a page", values={"call_by": value})).body
		assert message_texts.fill_link(body, URL).count("hospital.example") == 0

	def test_text_stays_out_of_tracebacks(self) -> None:
		template("{{ salutation }}")
		found = text(to(make.patient(patient_name="王小明", sex="Male").name, language="en"))
		assert "王小明" in found.body
		assert "王小明" not in repr(found)
