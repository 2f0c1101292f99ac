"""What the form of a message template asks while somebody writes."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import frappe
import pytest

from hospital_followup import message_desk
from hospital_followup.exceptions import InvalidValueError
from hospital_followup.tests import factories as make
from tests.site.rights import AD, DR, SP, SV, department, person
from tests.site.samples import saved

As = Callable[..., AbstractContextManager[str]]
TEMPLATE = "Message Template"
LINKED = "【{{ hospital_name }}】{{ salutation }}您好，请打开{{ link }} 急症请拨{{ emergency_number }}。{{ stop_hint }}"


@pytest.fixture(autouse=True)
def hospital() -> None:
	for field, value in (("hospital_name", "仁爱医院"), ("base_url", "https://renai.example")):
		frappe.db.set_single_value("Follow-up Settings", field, value)
	frappe.clear_document_cache("Follow-up Settings", "Follow-up Settings")


def draft(body: str, **values: Any) -> dict[str, Any]:
	usual = {"purpose": "Clinical", "occasion": "Other", "channel": "SMS", "language": "zh"}
	return {**usual, "body": body, **values}


def check(body: str, patient: str | None = None, **values: Any) -> dict[str, Any]:
	return message_desk.check_message(draft(body, **values), patient)


class TestPlaceholders:
	def test_a_channel_lists_what_may_stand_in_it(self) -> None:
		names = {row["name"] for row in message_desk.message_placeholder_list("SMS")}
		assert "content_text" not in names
		assert names < {row["name"] for row in message_desk.message_placeholder_list("WeChat")}

	def test_every_one_is_explained_in_the_language_of_the_user(self) -> None:
		english = {row["name"]: row["meaning"] for row in message_desk.message_placeholder_list("Email")}
		frappe.local.lang = "zh"
		chinese = {row["name"]: row["meaning"] for row in message_desk.message_placeholder_list("Email")}
		assert all(english[name] != chinese[name] for name in english)


class TestCheck:
	def test_length_is_counted_with_the_real_length_of_a_link(self) -> None:
		preview = check(LINKED)["preview"]
		assert "https://renai.example/follow-up#" + "x" * 32 in preview["body"]
		assert (preview["encoding"], preview["segments"]) == ("UCS-2", 2)
		assert preview["units"] == len(preview["body"])

	@pytest.mark.parametrize(
		("body", "segments", "left"),
		[("好" * 70, 1, 0), ("好" * 71, 2, 63), ("a" * 160, 1, 0), ("a" * 161, 2, 145)],
	)
	def test_segments_are_those_of_the_networks(self, body: str, segments: int, left: int) -> None:
		preview = check(body, language="zh")["preview"]
		assert (preview["segments"], preview["left"]) == (segments, left)

	def test_the_signature_of_a_provider_counts(self) -> None:
		assert check("好" * 64)["preview"]["units"] == 64
		assert check("好" * 64, provider_template="SMS_1")["preview"]["units"] == 70

	def test_what_is_wrong_comes_instead_of_a_preview(self) -> None:
		found = check("本周八折")
		assert found["preview"] is None
		assert found["problems"][0]["field"] == "body"
		assert check("")["problems"] == []

	def test_advice_stops_nobody(self) -> None:
		found = check("好" * 135)
		assert len(found["advice"]) == 3
		assert found["problems"] == []
		assert check("【{{ hospital_name }}】您好，{{ stop_hint }}")["advice"] == []

	def test_the_text_to_register_has_the_domain_as_fixed_text(self) -> None:
		register = check(LINKED)["register"]
		assert register["body"].startswith(
			"${salutation}您好，请打开https://renai.example/follow-up#${link_token} 急症"
		)
		assert register["variables"] == "salutation = salutation\nlink_token = link_token"
		again = check(
			LINKED.replace("{{ link }}", "https://renai.example/follow-up#{{ link_token }}"),
			provider_template="SMS_1",
			variables=register["variables"],
		)
		assert again["problems"] == []
		assert again["preview"]["variables"] == {"salutation": "王女士", "link_token": "x" * 32}
		assert check("您好", channel="Email", subject="x")["register"] is None

	def test_a_patients_own_values_are_shown_to_who_may_read_the_patient(self, as_user: As) -> None:
		inside, outside = department("Inside"), department("Outside")
		patient = make.patient(patient_name="赵小红", sex="Female", department=inside).name
		with as_user(email=person(AD, departments=(inside,))):
			assert check("{{ salutation }}", patient)["preview"]["body"] == "赵女士"
		with as_user(email=person(AD, departments=(outside,))), pytest.raises(frappe.PermissionError):
			check("{{ salutation }}", patient)

	@pytest.mark.parametrize(
		"wrong", ["[]", "{}", '{"channel": "Pigeon"}', '{"channel": "SMS", "body": {"a": 1}}']
	)
	def test_what_is_no_draft_is_refused(self, wrong: str) -> None:
		with pytest.raises(InvalidValueError):
			message_desk.check_message(wrong)


class TestNewVersion:
	def test_is_a_draft_of_the_same_title(self) -> None:
		first = saved(TEMPLATE, status="Approved")
		draft = frappe.get_doc(TEMPLATE, message_desk.new_message_version(first.name))
		assert (draft.title, draft.version, draft.status) == (first.title, 2, "Draft")

	@pytest.mark.parametrize("role", [SP, DR, SV])
	def test_is_for_administrators(self, role: str, as_user: As) -> None:
		first = saved(TEMPLATE)
		with as_user(role), pytest.raises(frappe.PermissionError):
			message_desk.new_message_version(first.name)
