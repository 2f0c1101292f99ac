"""One suite over every adapter that a site registers: what services may rely on, whoever wrote the adapter.

A hospital's own app runs the same suite over its own adapters by installing beside this one.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

import frappe
import pytest
from frappe.utils import add_years, getdate

from hospital_followup.channels import registry as channels
from hospital_followup.channels.visit import HomeVisitChannel
from hospital_followup.engine.appointments import AppointmentBook
from hospital_followup.engine.names import CHANNELS
from hospital_followup.engine.ports import Channel, DischargeIntake, PatientSource, RevisitSource
from hospital_followup.exceptions import SourceError
from hospital_followup.services import patient_intake
from hospital_followup.sources import registry as sources
from tests.site.message_samples import provider

KINDS = ("plain", "erpnext", "health")
#: What each kind of site can read patients from.
PATIENT_DOCTYPES = {
	"plain": {"Contact"},
	"erpnext": {"Contact", "Customer"},
	"health": {"Contact", "Customer", "Patient"},
}


class Dialler:
	"""A channel that a program uses."""

	name = "Phone"
	automatic = True

	def available(self) -> bool:
		return True

	def address_of(self, patient: dict) -> str | None:
		return patient.get("email")


@pytest.fixture(params=[pytest.param(kind, marks=pytest.mark.site(kind)) for kind in KINDS])
def kind(request: pytest.FixtureRequest) -> str:
	return request.param


def test_every_adapter_keeps_its_protocol(kind: str) -> None:
	for name, channel in channels.registered().items():
		assert isinstance(channel, Channel) and channel.name == name and name in CHANNELS
		assert isinstance(channel.automatic, bool) and isinstance(channel.available(), bool)
	for doctype, source in sources.patient_sources().items():
		assert isinstance(source, PatientSource) and source.doctype == doctype
		assert source.available() == bool(frappe.db.exists("DocType", doctype))
	for doctype, intake in sources.intakes().items():
		assert isinstance(intake, DischargeIntake) and intake.doctype == doctype
		assert intake.patient_doctype in sources.patient_sources()
	for doctype, source in sources.revisit_sources().items():
		assert isinstance(source, RevisitSource) and source.patient_doctype == doctype
		assert doctype in sources.patient_sources() and isinstance(source.knows_absence, bool)
		assert list(source.evidence(["nobody"], date(2026, 1, 1), date(2026, 12, 31))) == []
	for doctype in sources.patient_sources():
		book = sources.appointment_book(doctype)
		assert book is None or (isinstance(book, AppointmentBook) and book.patient_doctype == doctype)


def test_who_can_tell_that_patients_came_back(kind: str) -> None:
	found = {doctype: source.knows_absence for doctype, source in sources.revisit_sources().items()}
	assert (
		found
		== {
			"plain": {},
			"erpnext": {"Customer": False},
			"health": {"Customer": False, "Patient": True},
		}[kind]
	)
	assert (sources.appointment_book("Patient") is not None) == (kind == "health")


def test_a_channel_reaches_nobody_without_an_address(kind: str) -> None:
	for channel in channels.registered().values():
		assert channel.address_of({}) is None
		assert channel.address_of({"mobile": "", "email": None, "home_address": "  "}) is None


def test_a_site_reads_patients_from_what_is_installed(kind: str) -> None:
	available = {doctype for doctype, source in sources.patient_sources().items() if source.available()}
	assert available == PATIENT_DOCTYPES[kind]


def test_an_available_source_refuses_a_name_that_is_not_there(kind: str) -> None:
	for source in sources.patient_sources().values():
		if source.available():
			with pytest.raises(frappe.DoesNotExistError):
				source.read("nobody")
			assert source.same_as("nobody") is None
	for intake in sources.intakes().values():
		if intake.available():
			assert intake.read("nothing") is None


def test_an_available_intake_answers_on_an_empty_hospital(kind: str) -> None:
	since = datetime.now() - timedelta(days=1)  # noqa: DTZ005 (Frappe's own datetimes are naive)
	for intake in sources.intakes().values():
		if intake.available():
			assert list(intake.current()) == []
			assert list(intake.changed(since)) == []
			assert list(intake.unrecorded(since.date(), 10)) == []


def test_an_unknown_source_is_a_sentence_that_names_the_known_ones(kind: str) -> None:
	with pytest.raises(SourceError) as refusal:
		patient_intake.ensure_patient("Supplier", "anything")
	assert "Contact" in str(refusal.value)


def test_the_last_installed_app_wins(monkeypatch: pytest.MonkeyPatch) -> None:
	real = frappe.get_hooks

	def with_another_app(hook=None, default="_KEEP_DEFAULT_LIST", app_name=None):
		answer = real(hook, default, app_name)
		if hook == channels.HOOK:
			answer["Phone"] = [*answer["Phone"], *answer["Home Visit"]]
		return answer

	monkeypatch.setattr(frappe, "get_hooks", with_another_app)
	assert isinstance(channels.registered()["Phone"], HomeVisitChannel)


@pytest.mark.parametrize(
	("patient", "usable"),
	[
		({}, set()),
		({"mobile": "13812345678"}, {"Phone"}),
		({"mobile": "13812345678", "mobile_status": "Wrong Number"}, set()),
		({"mobile": "1", "mobile_status": "Out of Service", "caregiver_mobile": "2"}, {"Phone"}),
		({"caregiver_mobile": "2", "caregiver_mobile_status": "Wrong Number"}, set()),
		({"home_address": "Nanjing Road 1"}, {"Home Visit"}),
		({"email": "a@b.example", "wechat_openid": "o1"}, set()),  # no service is set up
	],
)
def test_usable_channels(patient: dict, usable: set[str]) -> None:
	settings = frappe.get_single("Follow-up Settings")
	assert channels.usable_channels(patient, settings) == usable


@pytest.mark.parametrize(
	("channel", "patient", "address"),
	[
		("SMS", {"mobile": "138 0013 8000"}, "+8613800138000"),
		("SMS", {"mobile": "+1 415 555 2671"}, "+14155552671"),
		("SMS", {"mobile": "010-6234 5678"}, None),  # a landline
		("SMS", {"mobile": "12345"}, None),
		("SMS", {"mobile": "13800138000", "mobile_status": "Wrong Number"}, None),
		("SMS", {"mobile": "13800138000", "mobile_status": "Out of Service"}, None),
		("SMS", {"mobile": "", "caregiver_mobile": "13900139000"}, None),  # not the caregiver's business
		(
			"SMS",
			{"mobile": "13800138000", "caregiver_mobile": "13900139000", "child": True},
			"+8613900139000",
		),
		("SMS", {"mobile": "13800138000", "child": True}, None),
		("WeChat", {"wechat_openid": " oA1_b-2 "}, "oA1_b-2"),
		("WeChat", {"wechat_openid": "not an id"}, None),
		("Email", {"email": "wang@hospital.example"}, "wang@hospital.example"),
		("Email", {"email": "wang@hospital.example, li@hospital.example"}, None),
		("Email", {"email": "nobody"}, None),
		("App Push", {"app_account": "user-7"}, "user-7"),
	],
)
def test_where_a_message_goes(channel: str, patient: dict, address: str | None) -> None:
	born = {"date_of_birth": add_years(getdate(), -5 if patient.get("child") else -50)}
	assert channels.registered()[channel].address_of({**patient, **born}) == address


def test_every_address_is_read_from_the_fields_that_callers_read(kind: str) -> None:
	asked: set[str] = set()

	class Patient(dict):
		def get(self, field: str, default: object = None) -> object:
			asked.add(field)
			return add_years(getdate(), -5) if field == "date_of_birth" else default

	for channel in channels.registered().values():
		channel.address_of(Patient())
	assert asked <= set(channels.ADDRESS_FIELDS)


def test_a_message_channel_is_available_while_a_service_of_it_is_switched_on() -> None:
	automatic = {name for name, channel in channels.registered().items() if channel.automatic}
	assert automatic == {"SMS", "WeChat", "Email", "App Push"}
	assert not any(channels.registered()[name].available() for name in automatic)
	service = provider("SMS")
	assert {name for name in automatic if channels.registered()[name].available()} == {"SMS"}
	service.update({"enabled": 0}).save()
	assert not channels.registered()["SMS"].available()


def test_a_channel_that_is_switched_off_is_not_usable() -> None:
	settings = frappe.new_doc("Follow-up Settings")
	settings.append("channels", {"channel": "Phone", "enabled": 0})
	patient = {"mobile": "13812345678", "home_address": "Nanjing Road 1"}
	assert channels.usable_channels(patient, settings) == {"Home Visit"}


@pytest.mark.parametrize(
	("allowed", "consents", "usable"),
	[(0, (), False), (1, (), True), (0, ("Phone",), True), (0, ("All",), True), (0, ("SMS",), False)],
)
def test_a_message_needs_consent_or_the_setting(allowed: int, consents: tuple, usable: bool) -> None:
	settings = frappe.new_doc("Follow-up Settings")
	settings.messages_without_consent = allowed
	found = channels.usable_channels(
		{"email": "a@b.example"}, settings, consents=consents, channels={"Phone": Dialler()}
	)
	assert ("Phone" in found) is usable
