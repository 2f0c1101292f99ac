"""Who is told of an alert and with which words: at once, once, in their language, and never with a patient's name."""

from __future__ import annotations

from collections.abc import Iterator
from email import message_from_string

import frappe
import pytest

from hospital_followup.services.alerts import raise_alert
from hospital_followup.tests import factories as make
from tests.site.alert_samples import at, doctor, raised, told, ward
from tests.site.rights import AD, DR, SV
from tests.stack.users import make_user

NAME = "Ouyang Xiuying"


@pytest.fixture
def mail_account() -> None:
	"""A default outgoing account; the queue keeps what is sent."""
	frappe.get_doc(
		{
			"doctype": "Email Account",
			"email_account_name": "Follow-up",
			"email_id": "follow-up@renhe.test",
			"enable_outgoing": 1,
			"default_outgoing": 1,
			"smtp_server": "localhost",
			"no_smtp_authentication": 1,
			"awaiting_password": 1,
		}
	).db_insert()


def mails_to(user: str) -> list[str]:
	queue, recipient = frappe.qb.DocType("Email Queue"), frappe.qb.DocType("Email Queue Recipient")
	return (
		frappe.qb.from_(recipient)
		.join(queue)
		.on(queue.name == recipient.parent)
		.select(queue.message)
		.where(recipient.recipient == user)
		.run(pluck=True)
	)


@pytest.fixture
def place() -> Iterator[str]:
	"""A ward on a working day, whatever day it is."""
	with at("2026-11-18 10:00"):
		yield ward()


def test_the_person_on_duty_is_told_once(place: str) -> None:
	user, key = doctor(place), frappe.generate_hash(length=8)
	alert = raised(place, "Amber", key=key)
	assert (
		raise_alert(kind="Clinical", severity="Amber", patient=alert.patient, detail="again", key=key) is None
	)
	assert len(told(user, alert.name)) == 1


def test_an_alert_that_becomes_worse_is_told_again(place: str) -> None:
	user, key = doctor(place), frappe.generate_hash(length=8)
	alert = raised(place, "Amber", key=key)
	raised(place, "Red", key=key, patient=alert.patient)
	assert len(told(user, alert.name)) == 2
	assert "worse" in told(user, alert.name)[1] or "worse" in told(user, alert.name)[0]


def test_nobody_on_duty_everybody_responsible_hears_of_it(place: str) -> None:
	frappe.db.set_value("Follow-up Staff", {"enabled": 1}, "enabled", 0)
	people = [make_user(SV), make_user(AD)]
	alert = raised(place, "Amber")
	assert not alert.assigned_to
	assert [len(told(user, alert.name)) for user in people] == [1, 1]
	assert told(make_user(DR), alert.name) == []


@pytest.mark.parametrize(("language", "words"), [("en", "Red alert"), ("zh", "红色预警")])
def test_in_the_persons_language_without_the_patients_name(place: str, language: str, words: str) -> None:
	user = make_user(DR, language=language)
	make.staff(user, place, role=DR)
	patient = make.patient(department=place, patient_name=NAME)
	alert = raised(place, patient=patient.name, detail="fever 39.5")
	(subject,) = told(user, alert.name)
	assert words in subject
	assert place in subject
	assert "2026-11-18 12:00" in subject
	assert NAME not in subject
	assert "fever" not in subject


def test_the_mail_carries_severity_department_limit_and_link_only(place: str, mail_account) -> None:
	user = doctor(place)
	patient = make.patient(department=place, patient_name=NAME)
	alert = raised(place, patient=patient.name, detail="fever 39.5")
	(mail,) = mails_to(user)
	message = message_from_string(mail)
	text = "".join(
		part.get_payload(decode=True).decode()
		for part in message.walk()
		if part.get_content_maintype() == "text"
	)
	for word in (alert.name, place, "Red alert", "2026-11-18 12:00"):
		assert word in text
	for secret in (NAME, "fever", "39.5", patient.name, patient.patient_id):
		assert secret not in mail
		assert secret not in text


def test_the_link_is_the_configured_address_whatever_the_request_says(place: str, mail_account) -> None:
	frappe.db.set_single_value("Follow-up Settings", "base_url", "https://follow-up.renhe.test")
	user = doctor(place)
	raised(place)
	(mail,) = mails_to(user)
	assert "https://follow-up.renhe.test/" in mail.replace("=\n", "").replace("=3D", "=")


def test_a_site_without_mail_raises_alerts_all_the_same(place: str) -> None:
	frappe.db.delete("Email Account", {"enable_outgoing": 1})
	user = doctor(place)
	alert = raised(place)
	assert (alert.status, alert.assigned_to) == ("Open", user)
	assert mails_to(user) == []


def test_the_hospital_may_switch_mail_off(place: str, mail_account) -> None:
	frappe.db.set_single_value("Follow-up Settings", "alert_emails", 0)
	user = doctor(place)
	alert = raised(place)
	assert mails_to(user) == []
	assert len(told(user, alert.name)) == 1
