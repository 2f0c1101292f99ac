"""The outbox against a service on the loopback: never twice, never late, never to somebody who may not be written to."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import frappe
import pytest
from frappe.utils import now_datetime

from hospital_followup.engine.breaker import THRESHOLD
from hospital_followup.engine.outbox import BACKOFF
from hospital_followup.exceptions import MessageTransitionError
from hospital_followup.services import consents, go_live, outbox, outbox_asking, outbox_claims, outbox_results
from hospital_followup.services.messages import MESSAGE
from hospital_followup.tests import factories as make
from tests.providers import stubs
from tests.providers.services.twilio import TwilioService, error
from tests.providers.stubs import Said, Stub
from tests.site.outbox_samples import (
	BODY,
	a_run,
	ago,
	change,
	hasty,
	hospital,
	provider,
	queued,
	reference,
	row,
	statuses,
	time_passes,
	wanted,
	written,
)
from tests.support.processes import Program, kill_leftovers  # noqa: F401

pytestmark = pytest.mark.commits
PROVIDER = "Follow-up Provider"


@pytest.fixture
def stub() -> Iterator[Stub]:
	"""The service, and a hospital with an account there that is live."""
	with stubs.running(TwilioService()) as made:
		provider(made.url)
		hospital()
		yield made


def send() -> int:
	return outbox.send_due(a_run())


class TestSending:
	def test_what_is_due_goes_out_once_and_says_so(self, stub: Stub) -> None:
		names = queued(3)
		assert send() == 3
		assert send() == 0
		assert stub.service.accepted == {reference(name): 1 for name in names}
		sent = row(names[0])
		assert (sent.status, sent.status_reason, sent.tries, sent.provider) == ("Sent", None, 1, "Stub")
		assert sent.provider_id.startswith("SM")
		assert sent.sent_at == sent.tried_at <= now_datetime()
		frappe.db.rollback()
		assert frappe.db.get_value(PROVIDER, "Stub", "last_accepted_on")

	def test_what_is_not_due_waits(self, stub: Stub) -> None:
		(name,) = queued(1, send_after=ago(hours=-1))
		assert send() == 0
		assert row(name).status == "Queued"
		assert stub.seen == []

	def test_more_than_one_group(self, stub: Stub) -> None:
		names = queued(7)
		assert outbox.send_due(a_run(), size=3) == 7
		assert statuses(names) == ["Sent"] * 7
		assert set(stub.service.accepted.values()) == {1}

	def test_the_number_is_the_one_of_now(self, stub: Stub) -> None:
		patient = make.patient(language="en")
		(written_row,) = written(wanted(patient=patient.name))
		frappe.db.set_value("Follow-up Patient", patient.name, "mobile", "+8613900139000")
		frappe.db.commit()  # reason: senders are processes of their own
		send()
		assert row(written_row.name).recipient == "+8613900139000"
		assert [entry["to"] for entry in stub.service.log.values()] == ["+8613900139000"]

	def test_two_senders_at_once_send_each_message_once(self, stub: Stub, site) -> None:
		names = queued(40)
		program = """
			from hospital_followup.services import outbox
			from hospital_followup.services.runs import Run
			print(outbox.send_due(Run("test"), sender={sender}, size=10))
		"""
		programs = [Program(site, program.format(sender=sender)) for sender in (1, 2)]
		for running in programs:
			running.go()
		for running in programs:
			running.end()
		assert set(statuses(names)) == {"Sent"}
		assert stub.service.accepted == {reference(name): 1 for name in names}


class TestAnswers:
	@pytest.mark.parametrize(
		("said", "status", "reason"),
		[
			(error(21211), "Failed", "no_such_number"),
			(error(21610), "Failed", "opted_out"),
			(error(20429, 429), "Queued", "try_again"),
			(error(20500, 500), "Uncertain", "no_clear_answer"),
			(Said(b'{"status": "queued"}', 201), "Uncertain", "no_clear_answer"),
		],
	)
	def test_each_answer_has_its_status(self, stub: Stub, said: Said, status: str, reason: str) -> None:
		stub.mood = stubs.says(said.status, said.body)
		(name,) = queued()
		send()
		found = row(name)
		assert (found.status, found.status_reason) == (status, reason)
		assert len(stub.messages) == 1

	@pytest.mark.parametrize("mood", [stubs.silent_after_accept, stubs.hangs_up_after_accept, stubs.babbles])
	def test_silence_is_never_answered_with_a_second_message(self, stub: Stub, mood: stubs.Mood) -> None:
		stub.mood = mood
		hasty()
		(name,) = queued()
		send()
		stub.mood = stubs.well
		send()
		assert row(name).status == "Uncertain"
		assert stub.service.accepted == {reference(name): 1}

	def test_a_service_that_is_not_there_has_nothing(self) -> None:
		with stubs.closed_port() as url:
			provider(url)
			hospital()
			(name,) = queued()
			before = now_datetime()
			send()
		found = row(name)
		assert (found.status, found.tries) == ("Queued", 1)
		assert before + BACKOFF[0] <= found.send_after <= now_datetime() + BACKOFF[0] * 1.25

	def test_tries_end(self, stub: Stub) -> None:
		stub.mood = stubs.says(429, error(20429, 429).body)
		(name,) = queued()
		change(name, tries=len(BACKOFF))
		send()
		assert (row(name).status, row(name).status_reason) == ("Failed", "rate_limit")

	def test_a_try_that_would_come_too_late_is_not_waited_for(self, stub: Stub) -> None:
		stub.mood = stubs.says(429, error(20429, 429).body)
		(name,) = queued(1, expires_at=ago(seconds=-20))
		send()
		assert row(name).status == "Failed"


class TestGuards:
	def test_consent_withdrawn_after_writing(self, stub: Stub) -> None:
		patient = make.patient(language="en").name
		(item,) = written(wanted(patient=patient))
		consents.withdraw(patient, "SMS", evidence="said so on the telephone")
		change(item.name, status="Queued", status_reason=None)
		send()
		assert (row(item.name).status, row(item.name).status_reason) == ("Suppressed", "withdrawn")
		assert stub.seen == []

	@pytest.mark.parametrize(
		("doctype", "values", "reason"),
		[
			("Follow-up Patient", {"status": "Deceased"}, "deceased"),
			("Follow-up Patient", {"status": "Do Not Contact"}, "do_not_contact"),
			("Follow-up Patient", {"mobile": None}, "no_address"),
			("Follow-up Plan", {"status": "Stopped"}, "plan_stopped"),
			("Follow-up Task", {"status": "Completed"}, "contact_closed"),
		],
	)
	def test_what_happened_meanwhile_is_heeded(
		self, stub: Stub, doctype: str, values: dict[str, str | None], reason: str
	) -> None:
		plan = make.plan(make.patient(language="en").name)
		task = make.task(plan)
		(item,) = written(wanted(patient=plan.patient, plan=plan.name, task=task.name))
		names = {"Follow-up Patient": plan.patient, "Follow-up Plan": plan.name, "Follow-up Task": task.name}
		frappe.db.set_value(doctype, names[doctype], values)
		frappe.db.commit()  # reason: senders are processes of their own
		send()
		assert (row(item.name).status, row(item.name).status_reason) == ("Suppressed", reason)
		assert stub.seen == []

	def test_a_paused_plan_holds_its_messages(self, stub: Stub) -> None:
		plan = make.plan(make.patient(language="en").name, status="Paused")
		(item,) = written(wanted(patient=plan.patient, plan=plan.name))
		send()
		found = row(item.name)
		assert (found.status, found.status_reason) == ("Queued", "plan_paused")
		assert found.send_after > now_datetime()

	def test_quiet_hours(self, stub: Stub) -> None:
		now = now_datetime()
		quiet = {
			"quiet_from": f"{now - timedelta(hours=1):%H:%M}",
			"quiet_to": f"{now + timedelta(hours=2):%H:%M}",
		}
		frappe.get_doc("Follow-up Settings").update(quiet).save()
		(name,) = queued()
		send()
		found = row(name)
		assert (found.status, found.status_reason) == ("Queued", "quiet_hours")
		assert f"{found.send_after:%H:%M}" == quiet["quiet_to"]
		assert stub.seen == []

	def test_quiet_hours_are_the_patients(self, stub: Stub) -> None:
		patient = make.patient(language="en", time_zone="Pacific/Kiritimati").name
		there = frappe.utils.convert_utc_to_timezone(
			frappe.utils.get_datetime_in_timezone("UTC").replace(tzinfo=None), "Pacific/Kiritimati"
		)
		quiet = {
			"quiet_from": f"{there - timedelta(hours=1):%H:%M}",
			"quiet_to": f"{there + timedelta(hours=1):%H:%M}",
		}
		frappe.get_doc("Follow-up Settings").update(quiet).save()
		here, away = written(wanted(), wanted(patient=patient))
		send()
		assert statuses([here.name, away.name]) == ["Sent", "Queued"]
		assert row(away.name).status_reason == "quiet_hours"

	def test_caps_hold_within_a_group_and_spare_what_belongs_to_a_contact(self, stub: Stub) -> None:
		frappe.get_doc("Follow-up Settings").update({"messages_per_day": 2}).save()
		plan = make.plan(make.patient(language="en").name)
		task = make.task(plan)
		loose = written(*[wanted(patient=plan.patient) for _number in range(3)])
		(of_task,) = written(wanted(patient=plan.patient, task=task.name))
		send()
		assert sorted(statuses([item.name for item in loose])) == ["Queued", "Sent", "Sent"]
		assert row(of_task.name).status == "Sent"
		waits = frappe.get_all(MESSAGE, {"status": "Queued"}, ["status_reason", "send_after"])
		assert [item.status_reason for item in waits] == ["day_cap"]
		assert waits[0].send_after.date() == now_datetime().date() + timedelta(days=1)

	def test_what_is_over_expires(self, stub: Stub) -> None:
		(name,) = queued()
		change(name, expires_at=ago(minutes=1))
		send()
		assert (row(name).status, row(name).status_reason) == ("Expired", "expired")
		assert stub.seen == []


class TestLiveness:
	def test_a_dry_run_writes_checks_and_waits(self) -> None:
		with stubs.running(TwilioService()) as stub:
			provider(stub.url)
			hospital(live=False)
			first, over = queued(2)
			send()
			assert row(first).status_reason == "not_live"
			assert send() == 0
			change(over, expires_at=ago(minutes=1))
			send()
			assert statuses([first, over]) == ["Queued", "Expired"]
			assert stub.seen == []


class TestLeases:
	def test_a_claim_that_ran_out_is_asked_about_and_never_sent_again(self, stub: Stub) -> None:
		(name,) = queued()
		claimed = a_run().transaction(lambda: outbox_claims.claim(due(), now_datetime()))
		assert list(claimed.rows) == [name]
		assert row(name).status == "Sending"
		assert send() == 0
		change(name, claimed_until=ago(minutes=1), tried_at=ago(minutes=20))
		a_run().step("leases", lambda: outbox_asking.end_leases(now_datetime()))
		assert (row(name).status, row(name).status_reason) == ("Uncertain", "sender_lost")
		outbox_asking.ask_all(a_run())
		assert row(name).asked_at
		assert row(name).status == "Uncertain"
		change(name, tried_at=ago(hours=2), asked_at=ago(hours=1))
		outbox_asking.ask_all(a_run())
		assert (row(name).status, row(name).status_reason) == ("Uncertain", "unresolved")
		assert stub.messages == []

	def test_the_answer_of_a_slow_sender_counts_as_long_as_nobody_knows_better(self, stub: Stub) -> None:
		(name,) = queued()
		claimed = a_run().transaction(lambda: outbox_claims.claim(due(), now_datetime()))
		change(name, status="Uncertain", status_reason="sender_lost")
		with outbox.Pool() as pool:
			outbox.hand_over(a_run(), claimed, pool)
		assert row(name).status == "Sent"

	def test_the_answer_of_a_claim_that_was_lost_is_not_written(self, stub: Stub) -> None:
		(name,) = queued()
		claimed = a_run().transaction(lambda: outbox_claims.claim(due(), now_datetime()))
		change(name, claim_id="another")
		with outbox.Pool() as pool:
			outbox.hand_over(a_run(), claimed, pool)
		assert row(name).status == "Sending"

	def test_the_provider_settles_what_is_uncertain(self, stub: Stub) -> None:
		sent, lost = queued(2)
		send()
		change(sent, status="Uncertain", tried_at=ago(minutes=5))
		change(lost, status="Uncertain", tried_at=ago(minutes=5))
		stub.service.settle(reference(sent), "delivered")
		stub.service.settle(reference(lost), "failed")
		outbox_asking.ask_all(a_run())
		assert statuses([sent, lost]) == ["Delivered", "Failed"]
		assert row(sent).delivered_at


def due() -> list[frappe._dict]:
	return outbox_claims.due(now_datetime(), 10, 1)


class TestBreaker:
	def test_a_dead_service_is_left_alone_and_tried_with_one_message(self, stub: Stub) -> None:
		stub.mood = stubs.says(429, error(20429, 429).body)
		names = queued(40)
		send()
		tried = len(stub.messages)
		assert THRESHOLD <= tried < 40
		assert set(statuses(names)) == {"Queued"}
		breaker = health()
		assert breaker.breaker_openings == 1
		assert breaker.breaker_retry_at > now_datetime()
		assert send() == 0

		frappe.db.set_value(PROVIDER, "Stub", "breaker_retry_at", ago(minutes=1))
		time_passes()
		send()
		assert len(stub.messages) == tried + 1
		assert health().breaker_openings == 2

		stub.mood = stubs.well
		frappe.db.set_value(PROVIDER, "Stub", "breaker_retry_at", ago(minutes=1))
		time_passes()
		send()
		assert (health().breaker_openings, health().breaker_retry_at) == (0, None)
		time_passes()
		send()
		assert set(statuses(names)) == {"Sent"}
		assert stub.service.accepted == {reference(name): 1 for name in names}

	def test_the_next_provider_takes_over(self, stub: Stub) -> None:
		with stubs.closed_port() as dead:
			provider(dead, "First", priority=0)
			frappe.db.set_value(
				PROVIDER,
				"First",
				{"breaker_failures": 9, "breaker_openings": 1, "breaker_retry_at": ago(hours=-1)},
			)
			(name,) = queued()
			send()
		assert (row(name).status, row(name).provider) == ("Sent", "Stub")

	def test_one_that_carries_registered_texts_only_takes_over_nothing_else(self, stub: Stub) -> None:
		(name,) = queued()
		registered_only(stub)
		frappe.db.set_value(PROVIDER, "Stub", {"breaker_failures": 9, "breaker_retry_at": ago(hours=-1)})
		frappe.db.commit()  # reason: senders are processes of their own
		send()
		assert (row(name).status, row(name).provider) == ("Queued", None)
		assert stub.seen == []

	def test_what_no_provider_carries_any_more_goes_to_a_person_unasked(self, stub: Stub) -> None:
		(name,) = queued()
		registered_only(stub)
		frappe.db.set_value(PROVIDER, "Stub", "enabled", 0)
		frappe.db.commit()  # reason: senders are processes of their own
		send()
		assert (row(name).status, row(name).status_reason) == ("Suppressed", "no_template")
		assert stub.seen == []


def registered_only(stub: Stub) -> None:
	provider(stub.url, "Registered", provider="Aliyun SMS", sender="医院", priority=9)


def health() -> frappe._dict:
	frappe.db.rollback()
	return frappe.db.get_value(PROVIDER, "Stub", ["breaker_openings", "breaker_retry_at"], as_dict=True)


class TestWriting:
	def test_a_key_is_written_once(self, stub: Stub) -> None:
		item = wanted("once")
		(first,), (second,) = written(item), written(item)
		assert first == second
		assert frappe.db.count(MESSAGE, {"key": "once"}) == 1
		assert row(first.name).body == BODY

	def test_a_rival_that_was_faster_is_found(self, stub: Stub, site) -> None:
		patient = make.patient(language="en").name
		frappe.db.commit()  # reason: the other process must see the patient
		frappe.db.count(MESSAGE)  # the snapshot of this transaction begins before the rival writes
		program = f"""
			from datetime import timedelta
			from frappe.utils import now_datetime
			from hospital_followup.services.messages import Wanted, write
			now, later = now_datetime(), now_datetime() + timedelta(days=1)
			item = Wanted("race", "{patient}", "SMS", "Clinical", "Other", now, later)
			print(write([item])["race"].name)
		"""
		theirs = Program(site, program).go().end().strip().splitlines()[-1]
		mine = written(wanted("race", patient=patient), wanted("alone", patient=patient))
		assert mine[0].name == theirs
		assert frappe.db.count(MESSAGE, {"patient": patient}) == 2

	@pytest.mark.parametrize(
		("change_it", "reason"),
		[
			(
				lambda item: frappe.db.set_value("Follow-up Patient", item.patient, "status", "Deceased"),
				"deceased",
			),
			(
				lambda item: frappe.db.set_value("Follow-up Patient", item.patient, "mobile", None),
				"no_address",
			),
			(lambda item: consents.withdraw(item.patient, "SMS", evidence="said so"), "withdrawn"),
			(lambda _item: frappe.db.set_value(PROVIDER, "Stub", "enabled", 0), "no_provider"),
			(lambda _item: frappe.db.set_value("Message Template", {}, "status", "Retired"), "no_template"),
		],
	)
	def test_a_refusal_says_why(self, stub: Stub, change_it: Callable, reason: str) -> None:
		item = wanted()
		change_it(item)
		frappe.clear_document_cache(PROVIDER, "Stub")
		(found,) = written(item)
		assert (found.name, found.reason) == (None, reason)

	def test_nobody_is_advertised_to_without_having_agreed(self, stub: Stub) -> None:
		(found,) = written(wanted(purpose="Promotion"))
		assert found.reason == "no_consent"


class TestEffects:
	def test_effects_that_failed_are_tried_again(self, stub: Stub) -> None:
		(name,) = queued()
		send()
		change(name, effects_due=1)
		assert outbox_results.with_failed_effects() == [name]
		assert a_run().transaction(lambda: outbox_results.repeat_effects([name], now_datetime())) == 1
		assert outbox_results.with_failed_effects() == []


def mark_of_this_site() -> Path:
	return Path(frappe.get_site_path("private", go_live.FILE))


class TestOnlyThisSite:
	@pytest.fixture(autouse=True)
	def _no_mark_is_left_behind(self) -> Iterator[None]:
		yield
		mark_of_this_site().unlink(missing_ok=True)

	def test_a_copy_of_the_site_sends_nothing(self, stub: Stub) -> None:
		(name,) = queued()
		mark_of_this_site().unlink()
		assert go_live.state() == go_live.State(False, "moved")
		send()
		assert row(name).status_reason == "not_live"
		assert stub.seen == []
		go_live.switch_on()
		frappe.db.commit()  # reason: the mark is written with the commit
		send()
		assert row(name).status == "Sent"

	@pytest.mark.parametrize(
		"other", [{"mark": "another"}, {"site": "clone.test"}, {"address": "https://x.example"}]
	)
	def test_a_mark_of_another_site_is_none(self, stub: Stub, other: dict[str, str]) -> None:
		kept = json.loads(mark_of_this_site().read_text(encoding="utf-8"))
		mark_of_this_site().write_text(json.dumps({**kept, **other}), encoding="utf-8")
		assert go_live.state() == go_live.State(False, "moved")

	def test_an_old_backup_sends_nothing_twice(self, stub: Stub) -> None:
		(name,) = queued()
		send()
		change(name, status="Queued", claim_id=None)
		settings = frappe.qb.DocType("Singles")
		counted = (settings.doctype == "Follow-up Settings") & (settings.field == "live_count")
		frappe.qb.update(settings).set(settings.value, "0").where(counted).run()
		frappe.db.commit()  # reason: the backup is restored
		assert go_live.state() == go_live.State(False, "restored")
		send()
		assert stub.service.accepted == {reference(name): 1}

	def test_the_sender_that_writes_last_need_not_have_counted_last(self, stub: Stub) -> None:
		for _group in range(2):
			queued()
			send()
		mark = go_live._read()
		go_live._write(replace(mark, count=mark.count - 1))
		assert go_live._read() == mark

	def test_a_form_that_was_open_meanwhile_does_not_turn_the_count_back(self, stub: Stub) -> None:
		form = frappe.get_doc("Follow-up Settings")
		queued()
		send()
		form.messages_per_day = 7
		form.save()
		frappe.db.commit()  # reason: as a request does it
		assert go_live.state().live

	def test_another_address_of_the_settings_is_not_a_move(self, stub: Stub) -> None:
		frappe.get_doc("Follow-up Settings").update({"base_url": "https://other.example"}).save()
		frappe.db.commit()  # reason: as a request does it
		assert go_live.state().live

	def test_a_full_disk_does_not_look_like_a_claim_that_failed(self, stub: Stub) -> None:
		(name,) = queued()
		mark_of_this_site().unlink()
		mark_of_this_site().mkdir()
		try:
			go_live.switch_on()
			frappe.db.commit()  # reason: the mark is written with the commit
			assert go_live.state() == go_live.State(False, "moved")
		finally:
			mark_of_this_site().rmdir()
		go_live.switch_on()
		frappe.db.commit()  # reason: the mark is written with the commit
		send()
		assert row(name).status == "Sent"

	def test_switched_off_is_off(self, stub: Stub) -> None:
		frappe.get_doc("Follow-up Settings").update({"go_live": 0}).save()
		frappe.db.commit()  # reason: as a request does it
		assert go_live.state() == go_live.State(False, "not_live")


class TestEmail:
	"""What is written into our own queue is one transaction with the word that it was accepted."""

	@pytest.fixture
	def mail(self) -> None:
		account = {"email_id": "ward@hospital.example", "email_account_name": "Ward", "enable_outgoing": 1}
		server = {"smtp_server": "localhost", "no_smtp_authentication": 1, "default_outgoing": 1}
		doc = frappe.get_doc({"doctype": "Email Account", **account, **server})
		doc.flags.ignore_validate = True
		doc.insert()
		values = {"provider": "Email Account", "account": None, "secret": None, "sender": None}
		provider("", "Mail", **values, endpoint=None)
		hospital(channel="Email", subject="Your visit")

	def test_it_is_queued_once(self, mail: None) -> None:
		patient = make.patient(language="en", email="wang@patient.example").name
		(item,) = written(wanted(patient=patient, channel="Email"))
		send()
		found = row(item.name)
		assert found.status == "Sent"
		queue = frappe.get_all("Email Queue", {"name": found.provider_id}, pluck="message_id")
		assert queue == [f"{reference(item.name)}@{frappe.local.site}"]

	def test_what_was_claimed_and_never_written_is_sent_after_all(self, mail: None) -> None:
		patient = make.patient(language="en", email="wang@patient.example").name
		(item,) = written(wanted(patient=patient, channel="Email"))
		a_run().transaction(lambda: outbox_claims.claim(due(), now_datetime()))
		change(item.name, claimed_until=ago(minutes=1), tried_at=ago(minutes=20))
		a_run().step("leases", lambda: outbox_asking.end_leases(now_datetime()))
		outbox_asking.ask_all(a_run())
		assert (row(item.name).status, row(item.name).status_reason) == ("Queued", "try_again")
		time_passes()
		send()
		assert row(item.name).status == "Sent"
		assert frappe.db.count("Email Queue", {"message_id": ("like", f"{reference(item.name)}@%")}) == 1


class TestByHand:
	@pytest.mark.parametrize(
		("before", "after"), [("Uncertain", "Sent"), ("Uncertain", "Failed"), ("Queued", "Suppressed")]
	)
	def test_an_administrator_settles(self, stub: Stub, as_user, before: str, after: str) -> None:
		(name,) = queued()
		change(name, status=before, tried_at=ago(hours=1))
		with as_user("Follow-up Administrator"):
			doc = frappe.get_doc(MESSAGE, name)
			doc.status = after
			doc.provider_id = "forged"
			doc.save()
		frappe.db.commit()  # reason: as a request does it
		found = row(name)
		assert (found.status, found.status_reason, found.provider_id) == (after, "by_hand", None)

	@pytest.mark.parametrize(
		("before", "after"),
		[("Uncertain", "Queued"), ("Queued", "Sent"), ("Sent", "Queued"), ("Failed", "Queued")],
	)
	def test_nobody_sends_again_by_hand(self, stub: Stub, as_user, before: str, after: str) -> None:
		(name,) = queued()
		change(name, status=before)
		with as_user("Follow-up Administrator"):
			doc = frappe.get_doc(MESSAGE, name)
			doc.status = after
			with pytest.raises(MessageTransitionError):
				doc.save()

	def test_what_was_put_off_until_its_end_can_be_held_back(self, stub: Stub) -> None:
		(name,) = queued()
		over = ago(hours=-1)
		change(name, send_after=over, expires_at=over)
		doc = frappe.get_doc(MESSAGE, name)
		doc.status = "Suppressed"
		doc.save()
		frappe.db.commit()  # reason: as a request does it
		assert row(name).status == "Suppressed"

	def test_what_it_says_cannot_be_changed(self, stub: Stub) -> None:
		doc = frappe.get_doc(MESSAGE, queued()[0])
		doc.body = "something else"
		with pytest.raises(MessageTransitionError, match="Body"):
			doc.save()
