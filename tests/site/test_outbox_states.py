"""Messages and consents as a whole: whatever people say, clocks do and services answer, in any order, on the real outbox."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import frappe
import pytest
from frappe.utils import get_system_timezone, now_datetime
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
	RuleBasedStateMachine,
	initialize,
	invariant,
	rule,
	run_state_machine_as_test,
)

from hospital_followup import jobs
from hospital_followup.channels.handing_over import Pool
from hospital_followup.services import consents, messages, outbox_claims
from hospital_followup.services.messages import Wanted
from hospital_followup.services.retry import with_retry
from hospital_followup.tests import factories
from tests.providers import stubs
from tests.providers.stubs import Mood, Stub, running, says, takes_and_says
from tests.stack.connection import Site
from tests.support import outbox
from tests.support.carriers import Forgetful
from tests.support.steps_seen import Steps, written_down

pytestmark = [pytest.mark.site("plain"), pytest.mark.commits]

MOODS: dict[str, Mood] = {
	"well": stubs.well,
	"busy": says(429, b"", Retry_After="60"),
	"breaks after it took it": stubs.hangs_up_after_accept,
	"breaks before it took it": says(500),
	"refuses": says(400, b'{"code": 21605}'),
	"talks nonsense": takes_and_says(200, b"<html>"),
}
PURPOSES = ("Clinical", "Survey", "Promotion")
WITHOUT_CONSENT = ("Clinical", "Survey")
ZONES = ("", "Asia/Shanghai", "America/New_York", "Asia/Kathmandu")
NIGHTS = (("00:00", "00:00"), ("00:00", "00:00"), ("20:00", "09:00"), ("00:00", "23:59"), ("11:00", "13:30"))
PER_DAY = 3
SETTLED = {"Sent", "Failed", "Uncertain", "Expired", "Suppressed"}

EVENTS = st.one_of(
	st.tuples(
		st.just("write"), st.sampled_from(PURPOSES), st.integers(0, 3), st.integers(1, 60), st.integers(0, 1)
	),
	st.tuples(st.just("speak"), st.sampled_from(PURPOSES), st.sampled_from(["SMS", "All"]), st.booleans()),
	st.tuples(
		st.just("patient_becomes"), st.sampled_from(["Active", "Active", "Do Not Contact", "Deceased"])
	),
	st.tuples(
		st.just("plan_becomes"), st.integers(0, 1), st.sampled_from(["Active", "Active", "Paused", "Stopped"])
	),
	st.tuples(st.just("write_to_those_who_said_nothing"), st.booleans()),
	st.tuples(st.just("choose_night"), st.sampled_from(NIGHTS)),
	st.tuples(st.just("person_settles"), st.sampled_from(["Sent", "Failed"])),
)


@pytest.fixture
def steps(site: Site) -> Iterator[Steps]:
	with written_down(site) as seen:
		yield seen


def test_messages_and_consents_in_any_order(site: Site, steps: Steps) -> None:
	outbox.open_for_sending(messages_per_day=PER_DAY)
	template_for_every_purpose()
	with running(Forgetful()) as stub:
		outbox.provider(stub)
		Whole.stub, Whole.steps = stub, steps
		run_state_machine_as_test(
			Whole, settings=settings(settings.default, max_examples=20, stateful_step_count=12)
		)
	steps.all_legal()


class Whole(RuleBasedStateMachine):
	"""One patient with two plans; what the model knows is compared with what the service was handed."""

	stub: Stub
	steps: Steps

	@initialize(zone=st.sampled_from(ZONES))
	def begin(self, zone: str) -> None:
		[self.patient] = outbox.patients(1)
		frappe.db.set_value(outbox.PATIENT, self.patient, "time_zone", zone or None)
		self.zone = ZoneInfo(zone or get_system_timezone())
		self.plans = {factories.plan(self.patient).name: "Active" for _number in range(2)}
		self.wanted: dict[str, Wanted] = {}
		self.by_hand: set[str] = set()
		self.said: dict[str, bool] = {}
		self.status, self.without_consent, self.night = "Active", True, NIGHTS[0]
		self.setting("messages_without_consent", 1)
		self.choose_night(self.night)
		outbox.commit()
		self.stub.mood, before = stubs.well, self.stub.service.accepted.total()
		self.write("Clinical", 0, 60, 0)
		work("job")
		assert self.stub.service.accepted.total() == before + 1
		self.write("Clinical", 1, 60, 0)
		self.write("Survey", 0, 60, 1)

	def teardown(self) -> None:
		"""In the end nothing waits any more, and nothing is for ever on its way."""
		if hasattr(self, "patient"):
			outbox.later(days=5)
			work("tick")
			assert {row.status for row in self.rows()} <= SETTLED
			frappe.db.delete(outbox.MESSAGE, {"patient": self.patient})
			frappe.db.set_value(
				outbox.PROVIDER,
				{"enabled": 1},
				{"breaker_failures": 0, "breaker_openings": 0, "breaker_retry_at": None},
			)
			outbox.commit()

	# --- What people say and services do ----------------------------------------------------------------------------------

	@rule(
		event=EVENTS,
		minutes=st.sampled_from([0, 0, 5, 90, 1000]),
		mood=st.sampled_from(sorted(MOODS)),
		sender=st.sampled_from(["job", "job", "tick", "killed before", "killed after"]),
	)
	def something_happens_and_a_sender_comes(
		self, event: tuple[Any, ...], minutes: int, mood: str, sender: str
	) -> None:
		getattr(self, event[0])(*event[1:])
		outbox.later(minutes=minutes)
		self.stub.mood = MOODS[mood]
		before = Counter(self.stub.service.accepted)
		rows = {row.reference: row for row in self.rows()}
		begin = now_datetime()
		work(sender)
		for reference in self.stub.service.accepted - before:
			row = rows[reference]
			assert row.status == "Queued"
			assert row.expires_at > begin, "too late"
			assert self.may_go_out(row), (row.purpose, self.said, self.status, self.plans)
			assert not (self.at_night(begin) and self.at_night(now_datetime())), "at night"

	def write(self, purpose: str, number: int, hours: int, plan: int) -> None:
		now = now_datetime()
		key = f"{self.patient}|{purpose}|{number}"
		item = Wanted(
			key=key,
			patient=self.patient,
			channel="SMS",
			purpose=purpose,
			occasion=outbox.OCCASION,
			send_after=now,
			expires_at=now + timedelta(hours=hours),
			plan=list(self.plans)[plan],
			language="en",
		)
		written = messages.write([item, item])[key]
		outbox.commit()
		if key in self.wanted:
			assert written.name, "what was written once stays written"
		elif written.name:
			assert self.may_be_written(item)
			self.wanted[key] = item
		else:
			assert not self.may_be_written(item), written.reason

	def speak(self, purpose: str, channel: str, agreed: bool) -> None:
		say = consents.give if agreed else consents.withdraw
		say(self.patient, channel, [purpose], evidence="on the telephone")
		outbox.commit()
		self.said[purpose] = agreed

	def patient_becomes(self, status: str) -> None:
		frappe.db.set_value(outbox.PATIENT, self.patient, "status", status)
		outbox.commit()
		self.status = status

	def plan_becomes(self, plan: int, status: str) -> None:
		name = list(self.plans)[plan]
		frappe.db.set_value("Follow-up Plan", name, "status", status)
		outbox.commit()
		self.plans[name] = status

	def write_to_those_who_said_nothing(self, allowed: bool) -> None:
		self.setting("messages_without_consent", int(allowed))
		self.without_consent = allowed

	def choose_night(self, night: tuple[str, str]) -> None:
		self.setting("quiet_from", night[0])
		self.setting("quiet_to", night[1])
		self.night = night

	def person_settles(self, status: str) -> None:
		for row in self.rows("Uncertain")[:1]:
			doc = frappe.get_doc(outbox.MESSAGE, row.name)
			doc.status = status
			doc.save()
			outbox.commit()
			self.by_hand.add(doc.name)

	# --- What always holds ------------------------------------------------------------------------------------------------

	@invariant()
	def at_most_once(self) -> None:
		assert max(self.stub.service.accepted.values(), default=0) <= 1

	@invariant()
	def what_is_called_sent_was_taken(self) -> None:
		for row in self.rows("Sent"):
			assert self.stub.service.accepted[row.reference] or row.name in self.by_hand

	@invariant()
	def nothing_is_lost(self) -> None:
		assert len(self.rows()) == len(getattr(self, "wanted", ()))

	# --- The model ----------------------------------------------------------------------------------------------------------

	def may_be_written(self, item: Wanted) -> bool:
		return self.status == "Active" and self.plans[item.plan] != "Stopped" and self.agreed(item.purpose)

	def may_go_out(self, row: frappe._dict) -> bool:
		return self.status == "Active" and self.plans[row.plan] == "Active" and self.agreed(row.purpose)

	def agreed(self, purpose: str) -> bool:
		said = self.said.get(purpose)
		return said if said is not None else self.without_consent and purpose in WITHOUT_CONSENT

	def at_night(self, moment: datetime) -> bool:
		"""Minute by minute on the patient's own clock, so that nothing is shared with the code that is tried."""
		start, end = (time.fromisoformat(text) for text in self.night)
		local = moment.replace(tzinfo=ZoneInfo(get_system_timezone())).astimezone(self.zone).time()
		if start == end:
			return False
		return start <= local < end if start < end else not end <= local < start

	def rows(self, status: str | None = None) -> list[frappe._dict]:
		if not hasattr(self, "patient"):
			return []
		frappe.db.rollback()
		filters = {"patient": self.patient, **({"status": status} if status else {})}
		return frappe.get_all(outbox.MESSAGE, filters=filters, fields=["*"], order_by="name")

	def setting(self, field: str, value: object) -> None:
		frappe.db.set_single_value(outbox.SETTINGS, field, value)
		outbox.commit()


def work(sender: str) -> None:
	"""A whole job, a whole tick, or one that is gone right after its claim, or right after the service has answered."""
	frappe.db.rollback()
	if sender == "job":
		jobs.followup_send_messages()
	elif sender == "tick":
		jobs.followup_dispatch_tick()
	else:
		now = now_datetime()
		group = with_retry(lambda: outbox_claims.claim(outbox_claims.due(now, 50, 1), now))
		if sender == "killed after":
			with Pool() as pool:
				pool.send(group.letters, group.providers, group.watch, group.until)
	frappe.db.rollback()


def template_for_every_purpose() -> None:
	for purpose in PURPOSES:
		if not frappe.db.exists("Message Template", {"title": f"States {purpose}"}):
			doc = frappe.get_doc(
				{
					"doctype": "Message Template",
					"title": f"States {purpose}",
					"version": 1,
					"language": "en",
					"occasion": outbox.OCCASION,
					"purpose": purpose,
					"channel": "SMS",
					"body": "Dear {{ patient_name }}, good wishes. {{ stop_hint }}",
				}
			).insert()
			doc.db_set("status", "Approved")
	outbox.commit()
