"""Message templates: what may be saved, and what the shipped ones say and cost."""

from __future__ import annotations

from typing import Any

import frappe
import pytest

from hospital_followup.engine.promotion import promotion_in
from hospital_followup.engine.segments import length_of
from hospital_followup.exceptions import TemplateError
from hospital_followup.services import message_placeholders, message_texts
from hospital_followup.services.message_check import problems
from hospital_followup.setup.seed_messages import seed_messages, shipped_messages
from tests.site.samples import sample, saved, title

TEMPLATE = "Message Template"
URL = "https://www.renai-hospital.com/follow-up#" + "t" * 32
OCCASIONS = [
	"Scheduled Contact",
	"Programme Contact",
	"Revisit Reminder",
	"Missed Revisit Notice",
	"Promised Callback",
	"Education",
	"Survey Invitation",
	"Last Ask",
]
HELP = "急症请拨{{ emergency_number }}"
SHIPPED = shipped_messages()


def refused(body: str, **fields: Any) -> str:
	with pytest.raises(TemplateError) as error:
		saved(TEMPLATE, body=body, **fields)
	return str(error.value)


def filled(values: dict[str, Any], **known: str | None) -> str:
	"""A shipped template with the values of a made-up patient; None takes a value away."""
	language, channel = values["language"], values["channel"]
	samples = message_placeholders.samples(language)
	samples["stop_hint"] = message_placeholders.stop_hint(channel, language, link=True, phone="010-5555 0123")
	given = {name: value for name, value in {**samples, **known}.items() if value is not None}
	text = message_texts.filled({"name": "shipped", **values}, given)
	return message_texts.fill_link(text.body, URL)


class TestPlaceholders:
	@pytest.mark.parametrize(
		("body", "words"),
		[
			("{{ salutaton }}", "salutation"),
			("{{ diagnosis }}", "diagnosis"),
			("{{ salutation.__class__ }}", "not possible"),
			("您好 { salutation }", "placeholder is written"),
			("{% for x in y %}", "not possible"),
		],
	)
	def test_only_known_ones_may_stand(self, body: str, words: str) -> None:
		assert words in refused(body)

	@pytest.mark.parametrize("channel", ["SMS", "App Push"])
	@pytest.mark.parametrize("name", ["preparation", "content_title", "content_text"])
	def test_nothing_that_tells_an_illness_shows_itself_on_a_locked_telephone(
		self, channel: str, name: str
	) -> None:
		assert name in refused(f"{{{{ {name} }}}}", channel=channel)
		assert not problems(sample(TEMPLATE, body=f"{{{{ {name} }}}}", channel="WeChat"))

	@pytest.mark.parametrize("name", ["department", "doctor", "preparation", "content_title", "link"])
	def test_the_subject_line_tells_nothing(self, name: str) -> None:
		said = refused("您好", channel="Email", subject=f"{{{{ {name} }}}}")
		assert "subject line" in said

	def test_the_providers_variables_are_placeholders(self) -> None:
		assert "salutation" in refused("您好", variables="name = salutatio")
		assert "locked telephone" in refused("您好", variables="text = content_text")


class TestPromotion:
	@pytest.mark.parametrize("purpose", ["Clinical", "Survey", "Research"])
	def test_the_sentence_is_named(self, purpose: str) -> None:
		said = refused("请按时服药。本周体检八折优惠。", purpose=purpose)
		assert "本周体检八折优惠。" in said
		assert "请按时服药" not in said

	def test_the_subject_is_read_as_well(self) -> None:
		assert "Coupon" in refused("Hello", channel="Email", language="en", subject="Coupon inside")

	def test_a_promotion_says_how_to_end_it(self) -> None:
		assert "stop_hint" in refused("体检八折", purpose="Promotion")
		assert saved(TEMPLATE, body="体检八折 {{ stop_hint }}", purpose="Promotion").name


class TestWhatATextOwes:
	def test_a_survey_needs_its_link(self) -> None:
		said = refused("请打分", occasion="Survey Invitation", purpose="Survey")
		assert "{{ link }}" in said

	@pytest.mark.parametrize("name", ["link", "link_token"])
	def test_an_invitation_to_answer_names_the_emergency_number(self, name: str) -> None:
		assert "emergency" in refused(f"请回答 {{{{ {name} }}}}")
		assert saved(TEMPLATE, body=f"请回答 {{{{ {name} }}}} {HELP}").name
		assert saved(TEMPLATE, body=f"请回答 {{{{ {name} }}}} 急症请拨120").name

	def test_what_changes_must_be_told_to_the_provider(self) -> None:
		fields: dict[str, Any] = {
			"provider_template": "SMS_1",
			"body": "【{{ hospital_name }}】{{ salutation }}您好",
		}
		assert "salutation" in refused(**fields)
		assert saved(TEMPLATE, variables="name = salutation", **fields).name

	def test_the_providers_template_knows_no_conditions(self) -> None:
		said = refused(
			"{% if due_date %}{{ due_date }}{% endif %}", provider_template="S", variables="d = due_date"
		)
		assert "due_date" in said
		assert saved(
			TEMPLATE, body="{% if hospital_phone %}{{ hospital_phone }}{% endif %}", provider_template="S"
		).name

	def test_what_is_wrong_can_be_retired(self) -> None:
		doc = saved(TEMPLATE)
		frappe.db.set_value(TEMPLATE, doc.name, "body", "八折")
		doc.reload()
		doc.status = "Retired"
		doc.save()
		assert doc.status == "Retired"

	def test_a_new_version_in_use_retires_the_former(self) -> None:
		name = title()
		first = saved(TEMPLATE, title=name, status="Approved")
		second = saved(TEMPLATE, title=name)
		second.status = "Approved"
		second.save()
		assert frappe.db.get_value(TEMPLATE, first.name, "status") == "Retired"


class TestShipped:
	def test_every_occasion_has_every_channel_in_both_languages(self) -> None:
		places = {(row["occasion"], row["channel"], row["language"]) for row in SHIPPED}
		assert places == {
			(occasion, channel, language)
			for occasion in OCCASIONS
			for channel in ("SMS", "WeChat", "Email", "App Push")
			for language in ("zh", "en")
		}
		assert len(SHIPPED) == len(places)

	@pytest.mark.parametrize("values", SHIPPED, ids=lambda values: values["title"])
	def test_may_be_saved_names_the_way_out_and_is_complete(self, values: dict[str, Any]) -> None:
		assert problems(frappe.get_doc({"doctype": TEMPLATE, "status": "Draft", **values})) == []
		body = filled(values)
		assert (
			message_placeholders.stop_hint(
				values["channel"], values["language"], link=True, phone="010-5555 0123"
			)
			in body
		)
		assert not promotion_in(body)
		filled(values, hospital_phone=None, preparation=None)

	@pytest.mark.parametrize(
		"values",
		[row for row in SHIPPED if row["occasion"] == "Promised Callback"],
		ids=lambda values: values["title"],
	)
	def test_a_call_is_promised_at_about_the_time_that_was_agreed(self, values: dict[str, Any]) -> None:
		around = {"zh": "会在⟨then⟩左右给您", "en": "around ⟨then⟩"}[values["language"]]
		assert around in filled(values, call_by="⟨then⟩")

	@pytest.mark.parametrize(
		"values", [row for row in SHIPPED if row["channel"] == "SMS"], ids=lambda values: values["title"]
	)
	def test_a_text_message_is_short(self, values: dict[str, Any]) -> None:
		"""One segment, two with the link, which alone is longer than one."""
		body = filled(values)
		length = length_of(body)
		assert length.segments <= (2 if URL in body else 1), (length, body)

	@pytest.mark.parametrize(
		"values",
		[row for row in SHIPPED if row["occasion"] == "Programme Contact"],
		ids=lambda values: values["title"],
	)
	def test_whom_a_programme_writes_to_did_not_come_home_from_hospital(self, values: dict[str, Any]) -> None:
		words = f"{values['subject'] or ''} {filled(values)}".lower()
		assert not [word for word in ("home", "recover", "回家", "出院", "恢复") if word in words]

	def test_a_site_without_any_begins_with_all_of_them_approved(self) -> None:
		frappe.db.delete(TEMPLATE)
		seed_messages()
		rows = frappe.get_all(TEMPLATE, fields=["status"], order_by="name")
		assert len(rows) == len(SHIPPED)
		assert {row.status for row in rows} == {"Approved"}
		seed_messages()
		assert frappe.db.count(TEMPLATE) == len(SHIPPED)

	def test_a_hospital_keeps_its_own_and_gets_the_rest_as_drafts(self) -> None:
		frappe.db.delete(TEMPLATE)
		own = saved(TEMPLATE, occasion="Last Ask", status="Approved").name
		seed_messages()
		assert frappe.db.count(TEMPLATE) == len(SHIPPED)
		place = {"occasion": "Last Ask", "channel": "SMS", "language": "zh"}
		assert frappe.get_all(TEMPLATE, filters=place, pluck="name", order_by="name") == [own]
		assert frappe.get_all(TEMPLATE, filters={"status": "Approved"}, pluck="name", order_by="name") == [
			own
		]
