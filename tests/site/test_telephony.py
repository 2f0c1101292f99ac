"""Click-to-call: one suite over every adapter, and what the service does with one."""

from __future__ import annotations

import frappe
import pytest

from hospital_followup import contact_api
from hospital_followup.channels.telephony import HOOK, telephony
from hospital_followup.engine.ports import CallRequest, Telephony
from hospital_followup.exceptions import TaskClaimedError, TelephonyError
from hospital_followup.jobs import followup_dispatch_tick
from hospital_followup.services import logs, wording
from hospital_followup.tests import factories as make
from hospital_followup.tests.demo_telephony import DemoTelephony, OutOfOrder, Overloaded, Unreachable
from tests.site.rights import SP
from tests.stack.users import make_user

TASK = "Follow-up Task"
LOG = "Follow-up Log"
REQUEST = CallRequest(task="T", patient="P", contact_point="Patient", user="Administrator")


@pytest.fixture
def connect(monkeypatch: pytest.MonkeyPatch):
	"""Another app that names these adapters in its hook; what was called so far is forgotten."""
	real = frappe.get_hooks

	def install(*adapters: type) -> None:
		DemoTelephony.calls.clear()
		paths = [f"{adapter.__module__}.{adapter.__name__}" for adapter in adapters]

		def with_another_app(hook=None, *args, **kwargs):
			return paths if hook == HOOK else real(hook, *args, **kwargs)

		monkeypatch.setattr(frappe, "get_hooks", with_another_app)

	return install


def registered() -> list[type]:
	"""The demo adapter and whatever this site's apps bring."""
	return [DemoTelephony, *(frappe.get_attr(path) for path in frappe.get_hooks(HOOK, default=[]))]


def test_every_adapter_keeps_the_contract() -> None:
	for adapter in (kind() for kind in registered()):
		assert isinstance(adapter, Telephony)
		assert isinstance(adapter.name, str) and adapter.name
		assert isinstance(adapter.available(), bool)
		assert adapter.recording_url("no such call") is None


def test_the_demo_gives_every_call_an_id_of_its_own() -> None:
	adapter = DemoTelephony()
	ids = [adapter.call("+8613800138000", REQUEST) for _number in range(2)]
	assert len(set(ids)) == 2
	assert all(adapter.recording_url(call_id).startswith("https://") for call_id in ids)


class TestRegistry:
	def test_nothing_configured(self) -> None:
		assert telephony() is None
		bootinfo = frappe._dict()
		wording.extend_bootinfo(bootinfo)
		assert bootinfo.followup_click_to_call is False

	def test_the_last_app_that_is_available_wins(self, connect) -> None:
		connect(Overloaded, DemoTelephony, OutOfOrder)
		assert type(telephony()) is DemoTelephony

	def test_one_that_fails_does_not_keep_the_desk_from_starting(self, connect) -> None:
		connect(DemoTelephony, Unreachable)
		assert type(telephony()) is DemoTelephony
		connect(Unreachable)
		bootinfo = frappe._dict()
		wording.extend_bootinfo(bootinfo)
		assert bootinfo.followup_click_to_call is False


def test_without_a_system_the_caller_dials_by_hand() -> None:
	with pytest.raises(TelephonyError, match="by hand"):
		contact_api.click_to_call(make.task(make.plan()).name)


@pytest.mark.commits
class TestCalls:
	def test_the_number_comes_from_the_record_and_the_patient_is_held(self, connect) -> None:
		connect(DemoTelephony)
		task = make.task(make.plan())
		call_id = contact_api.click_to_call(task.name)
		((number, request),) = DemoTelephony.calls
		assert (number, request.task, request.patient) == ("+8613800138000", task.name, task.patient)
		row = frappe.db.get_value(TASK, task.name, ["status", "claimed_by", "call_id"], as_dict=True)
		assert (row.status, row.claimed_by, row.call_id) == ("In Progress", "Administrator", call_id)

	def test_the_caregivers_number(self, connect) -> None:
		connect(DemoTelephony)
		patient = make.patient(caregiver_name="Li", caregiver_mobile="13900139000")
		contact_api.click_to_call(make.task(make.plan(patient.name)).name, "Caregiver")
		assert DemoTelephony.calls[0][0] == "+8613900139000"

	@pytest.mark.parametrize(
		("fields", "sentence"),
		[
			({"mobile_status": "Wrong Number"}, "leads nowhere"),
			({"mobile": None}, "No number that can be dialled"),
		],
	)
	def test_no_call_without_a_good_number(self, connect, fields, sentence: str) -> None:
		connect(DemoTelephony)
		task = make.task(make.plan(make.patient(**fields).name))
		with pytest.raises(TelephonyError, match=sentence):
			contact_api.click_to_call(task.name)
		assert DemoTelephony.calls == []
		assert frappe.db.get_value(TASK, task.name, "status") == "Open"

	def test_a_refused_call_says_so_without_the_number_and_keeps_the_lease(self, connect) -> None:
		connect(Overloaded)
		task = make.task(make.plan())
		with pytest.raises(TelephonyError) as refusal:
			contact_api.click_to_call(task.name)
		assert "13800138000" not in str(refusal.value)
		assert frappe.db.get_value(TASK, task.name, "status") == "In Progress"

	def test_two_people_never_call_one_patient(self, connect) -> None:
		connect(DemoTelephony)
		task = make.task(make.plan())
		contact_api.click_to_call(task.name)
		colleague = make_user(SP)
		frappe.db.set_value(TASK, task.name, "assigned_to", colleague)
		frappe.set_user(colleague)
		with pytest.raises(TaskClaimedError):
			contact_api.click_to_call(task.name)
		frappe.set_user("Administrator")
		assert len(DemoTelephony.calls) == 1

	@pytest.mark.parametrize(
		"kind", [pytest.param(name, marks=pytest.mark.site(name)) for name in ("plain", "erpnext")]
	)
	def test_the_log_keeps_the_call_and_its_recording(self, connect, kind: str) -> None:
		connect(DemoTelephony)
		task = make.task(make.plan())
		call_id = contact_api.click_to_call(task.name)
		log = logs.log_attempt(task.name, "No Answer")
		assert frappe.db.get_value(LOG, log, "call_id") == call_id
		assert not frappe.db.get_value(TASK, task.name, "call_id")
		if kind == "erpnext":
			record = frappe.get_doc("Call Log", call_id)
			assert (record.to, record.medium, record.type) == ("138****8000", "Demo Switchboard", "Outgoing")
			assert [(link.link_doctype, link.link_name) for link in record.links] == [
				("Follow-up Patient", task.patient),
				(TASK, task.name),
			]
			record.db_set("recording_url", "https://erp.example/recording")
		frappe.db.commit()  # reason: the job begins a transaction of its own
		followup_dispatch_tick()
		expected = (
			"https://erp.example/recording" if kind == "erpnext" else f"https://recordings.example/{call_id}"
		)
		assert frappe.db.get_value(LOG, log, "recording_url") == expected

	@pytest.mark.site("erpnext")
	def test_a_record_that_the_telephone_system_wrote_itself_is_linked(self, connect) -> None:
		connect(DemoTelephony)
		task = make.task(make.plan())
		frappe.get_doc({"doctype": "Call Log", "id": f"demo-{task.name}-1", "type": "Outgoing"}).insert()
		call_id = contact_api.click_to_call(task.name)
		links = frappe.get_doc("Call Log", call_id).links
		assert [link.link_doctype for link in links] == ["Follow-up Patient", TASK]
