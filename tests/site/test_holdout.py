"""Hold-out groups: through real planning, with message channels that another app brings."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta, timezone

import frappe
import pytest
from frappe.utils import add_days, getdate, today
from freezegun import freeze_time

from hospital_followup import effect_api
from hospital_followup.exceptions import InvalidValueError, PlanningError
from hospital_followup.services import planning, preview
from hospital_followup.services.tiers import override_tier
from hospital_followup.tests import factories as make
from hospital_followup.tests.demo_messages import DemoMessages, DemoWeChat

DISCHARGE = "Patient Discharge"
SETTINGS = "Follow-up Settings"


@pytest.fixture(autouse=True)
def messages(monkeypatch: pytest.MonkeyPatch) -> None:
	"""Another app that sends messages, on a site that sends without asking for consent first."""
	make.standard_policy()
	real = frappe.get_hooks
	adapters = {kind.name: [f"{kind.__module__}.{kind.__name__}"] for kind in (DemoMessages, DemoWeChat)}

	def with_another_app(hook=None, *args, **kwargs):
		found = real(hook, *args, **kwargs)
		return {**found, **adapters} if hook == "followup_channels" else found

	monkeypatch.setattr(frappe, "get_hooks", with_another_app)
	set_share(0, messages_without_consent=1)


@pytest.fixture
def later() -> Iterator[Callable[[int], None]]:
	"""Go on so many days."""
	with ExitStack() as stack:
		yield lambda days: stack.enter_context(freeze_time(datetime.now(timezone.utc) + timedelta(days=days)))


def set_share(percent: int, **values) -> None:
	settings = frappe.get_doc(SETTINGS)
	settings.update({"holdout_percent": percent, **values}).save()


def low_risk(**fields) -> frappe._dict:
	return make.discharge(**{"given_risk_tier": "Low", **fields})


def held_out(**fields):
	"""A discharge that the lot fell on."""
	set_share(20)
	for _try in range(200):
		doc = low_risk(**fields)
		if doc.comparison_group == "Held Out":
			return doc
	raise AssertionError("the lot fell on nobody")


def test_nobody_is_held_out_unless_the_hospital_says_so():
	doc = low_risk()
	assert (doc.decision, doc.comparison_group or "") == ("Planned", "")
	assert {task.channel for task in make.tasks_of(doc.plan)} == {"WeChat"}


def test_a_share_goes_without_and_the_others_are_compared_with_them():
	set_share(20)
	patients = [make.patient().name for _number in range(60)]
	docs = [low_risk(of=name) for name in patients]
	groups = {doc.comparison_group: doc for doc in docs}
	assert set(groups) == {"Held Out", "Followed Up"}
	out, followed = groups["Held Out"], groups["Followed Up"]
	assert (out.decision, out.decision_reason, out.plan) == ("Excluded", "hold_out", None)
	assert (followed.decision, followed.planned_contacts) == ("Planned", 2)
	assert not frappe.db.exists("Follow-up Task", {"patient": out.patient})


@pytest.mark.parametrize(
	"fields", [{"given_risk_tier": "High"}, {"given_risk_tier": "Medium"}, {"disposition": "Against Advice"}]
)
def test_nobody_at_risk_takes_part(fields):
	set_share(20)
	groups = {low_risk(**fields).comparison_group for _number in range(15)}
	assert groups == {""}


def test_nobody_with_a_call_or_in_special_care_takes_part():
	set_share(20)
	for patient in ({"special_care": 1, "home_address": "1 Long Street"}, {"preferred_channel": "Phone"}):
		docs = [low_risk(of=make.patient(**patient).name) for _number in range(15)]
		assert {(doc.decision, doc.comparison_group) for doc in docs} == {("Planned", "")}


def test_a_high_value_patient_is_called_and_so_takes_no_part():
	set_share(20)
	patients = [make.patient().name for _number in range(15)]
	for name in patients:
		make.value(name, "High")
	assert {low_risk(of=name).comparison_group for name in patients} == {""}


def test_discharges_from_before_the_comparison_take_no_part():
	set_share(20)
	docs = [low_risk(discharge_date=add_days(today(), -1)) for _number in range(15)]
	assert {doc.comparison_group for doc in docs} == {""}


def test_saving_planning_again_and_ending_the_comparison_leave_the_lot_as_it_fell():
	doc = held_out()
	doc.reload()
	doc.update(
		{"instructions": "Rest", "attending_doctor": "Li", "revisit_date": add_days(today(), 20)}
	).save()
	planning.plan_discharges([doc.name], cause="test", force=True)
	set_share(0)
	planning.plan_discharges([doc.name], cause="test", force=True)
	doc.reload()
	assert (doc.decision_reason, doc.comparison_group) == ("hold_out", "Held Out")


def test_a_corrected_date_draws_no_second_lot():
	doc = held_out()
	doc.reload()
	doc.discharge_date = add_days(today(), -1)
	doc.save()
	assert (doc.decision_reason, doc.comparison_group) == ("hold_out", "Held Out")


def test_a_plan_that_runs_is_never_taken_away():
	doc = low_risk()
	set_share(20)
	planning.plan_discharges([doc.name], cause="test", force=True)
	doc.reload()
	assert (doc.decision, doc.comparison_group or "") == ("Planned", "")


@pytest.mark.parametrize("days", [0, 40])
def test_a_raised_tier_plans_at_once_and_counts_from_that_day(days, later):
	doc = held_out()
	later(days)
	override_tier(doc.name, "High", "Deteriorated")
	doc.reload()
	assert (doc.decision, doc.comparison_group) == ("Planned", "Held Out")
	first = make.tasks_of(doc.plan)[0]
	assert first.due_date == getdate(add_days(today(), 2)) and first.channel == "Phone"


def test_a_tier_lowered_again_keeps_the_plan():
	doc = held_out()
	override_tier(doc.name, "Medium", "Deteriorated")
	override_tier(doc.name, "Low", "Better")
	doc.reload()
	assert (doc.decision, doc.comparison_group) == ("Planned", "Held Out")


def test_somebody_can_follow_the_patient_up_after_all():
	doc = held_out()
	effect_api.follow_up_after_all(doc.name)
	doc.reload()
	assert (doc.decision, doc.comparison_group, doc.followed_up_after_all) == ("Planned", "Held Out", 1)
	assert len(make.tasks_of(doc.plan)) == 2
	with pytest.raises(PlanningError):
		effect_api.follow_up_after_all(doc.name)


def test_following_up_after_all_says_when_it_is_too_late(later):
	doc = held_out()
	later(100)
	with pytest.raises(PlanningError, match="has passed"):
		effect_api.follow_up_after_all(doc.name)


def test_a_doctor_sees_beforehand_what_raising_the_tier_would_plan():
	doc = held_out()
	shown = preview.preview_override(doc.name, "High")
	assert (shown["decision"], {row["action"] for row in shown["changes"]}) == ("Planned", {"create"})
	assert preview.preview_discharge(doc.name)["reason"] == "hold_out"


def test_a_stay_while_the_one_before_is_followed_up_takes_no_part():
	patients = [make.patient().name for _number in range(15)]
	for name in patients:
		low_risk(of=name, discharge_date=add_days(today(), -3))
	set_share(20)
	docs = [low_risk(of=name) for name in patients]
	assert {(doc.decision, doc.comparison_group) for doc in docs} == {("Planned", "")}


def test_another_share_begins_another_comparison():
	set_share(10, holdout_since=None)
	settings = frappe.get_doc(SETTINGS)
	assert getdate(settings.holdout_since) == getdate(today())
	settings.update({"holdout_since": add_days(today(), -9)}).save()
	settings.reload()
	settings.update({"hospital_name": "Test"}).save()
	assert getdate(frappe.get_doc(SETTINGS).holdout_since) == getdate(add_days(today(), -9))
	set_share(15)
	assert getdate(frappe.get_doc(SETTINGS).holdout_since) == getdate(today())


def test_more_than_a_fifth_is_refused():
	with pytest.raises(InvalidValueError):
		set_share(21)


def test_the_secret_of_the_lot_is_made_once_and_shown_to_nobody():
	set_share(10)
	secret = frappe.get_doc(SETTINGS).get_password("holdout_salt")
	set_share(15)
	assert len(secret) == 32 and frappe.get_doc(SETTINGS).get_password("holdout_salt") == secret
	assert secret not in frappe.as_json(frappe.get_doc(SETTINGS).as_dict())
