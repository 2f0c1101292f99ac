"""Whether the work is done at all: the dispatcher, Frappe's scheduler, the queue and its workers.

The database is asked first and the queue last, because a queue that does not answer must not hide what the database knows.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta

import frappe
from frappe import _
from frappe.utils import now_datetime, pretty_date
from frappe.utils.background_jobs import generate_qname, get_redis_conn
from frappe.utils.scheduler import is_dormant
from redis import Redis
from redis.exceptions import AuthenticationError, ConnectionError, ResponseError, TimeoutError
from rq import Queue, Worker

from hospital_followup.services.health_check import BAD, OK, WARN, Check
from hospital_followup.services.runs import RUN

TICK = "hospital_followup.jobs.followup_dispatch_tick"
#: The tick comes every five minutes. Three of them lost is a sign, twelve are an outage.
LATE, DEAD = timedelta(minutes=15), timedelta(hours=1)
#: The nightly proof runs once a day.
NIGHT_LATE, NIGHT_DEAD = timedelta(hours=26), timedelta(hours=50)
#: Jobs whose runs say something about the last day.
JOBS = (
	"dispatch",
	"plan",
	"replan",
	"admissions",
	"nightly",
	"reconcile",
	"revisits",
	"programmes",
	"enrol",
	"visit",
	"figures",
	"reminders",
	"send",
	"beside",
)
QUEUES = ("default", "long")
LONG_QUEUE = 500
#: Seconds; a Redis on the same machine or beside it answers in thousandths.
PATIENCE = 2


def checks() -> Iterator[Check]:
	now = now_datetime()
	yield _last_tick(now)
	yield _last_night(now)
	yield _failures(now)
	yield from _scheduler()
	yield from _queue()


def _last_tick(now: datetime) -> Check:
	last = _last("dispatch")
	runs = {"route": ("List", RUN), "options": {"job": "dispatch"}}
	if last is None:
		sentence = _("The dispatcher has never run. Nothing is planned, opened or sent by itself.")
		return Check("dispatcher", BAD, sentence, _("See the lines about scheduler and workers."), **runs)
	age = now - last
	sentence = _("The dispatcher last ran {0}; it should run every five minutes.").format(pretty_date(last))
	if age <= LATE:
		return Check("dispatcher", OK, _("The dispatcher last ran {0}.").format(pretty_date(last)), **runs)
	fix = _("See the lines about scheduler and workers. Nothing is lost: the next run catches up.")
	return Check("dispatcher", WARN if age <= DEAD else BAD, sentence, fix, **runs)


def _last_night(now: datetime) -> Check:
	last = _last("reconcile")
	runs = {"route": ("List", RUN), "options": {"job": "reconcile"}}
	if last is None:
		sentence = _("The nightly proof that no discharge was forgotten has not run yet.")
		return Check("nightly", WARN, sentence, _("It runs every night at 02:30."), **runs)
	age = now - last
	sentence = _("The nightly proof that no discharge was forgotten last ran {0}.").format(pretty_date(last))
	if age <= NIGHT_LATE:
		return Check("nightly", OK, sentence, **runs)
	fix = _("See the lines about scheduler and workers.")
	return Check("nightly", WARN if age <= NIGHT_DEAD else BAD, sentence, fix, **runs)


def _failures(now: datetime) -> Check:
	"""Runs of the last day that ended early, or in which single records failed."""
	recent = {"job": ("in", JOBS), "started_at": (">", now - timedelta(days=1))}
	rows = frappe.get_all(
		RUN,
		filters={**recent, "failed": (">", 0)},
		fields=["job", "status"],
		order_by="started_at desc",
		limit=50,
	)
	if not rows:
		return Check("runs", OK, _("No background run of the last day had an error."))
	ended = any(row.status == "Failed" for row in rows)
	jobs = ", ".join(sorted({row.job for row in rows}))
	sentence = (
		_("Background runs ended early within the last day: {0}.")
		if ended
		else _("Single records failed in background runs of the last day: {0}.")
	)
	fix = _("Open the run: each error row names the record and what was wrong with it.")
	options = {"failed": [">", 0]}
	return Check("runs", BAD if ended else WARN, sentence.format(jobs), fix, ("List", RUN), options)


def _last(job: str) -> datetime | None:
	rows = frappe.get_all(RUN, filters={"job": job}, pluck="started_at", order_by="started_at desc", limit=1)
	return rows[0] if rows else None


def _scheduler() -> Iterator[Check]:
	site = frappe.local.site
	conf = frappe.local.conf
	on = True
	for key, sentence, command in (
		(
			"maintenance_mode",
			_("The site is in maintenance mode: no job runs."),
			f"bench --site {site} set-maintenance-mode off",
		),
		(
			"pause_scheduler",
			_("Frappe's scheduler is paused: no job runs."),
			f"bench --site {site} scheduler resume",
		),
		(
			"disable_scheduler",
			_("Frappe's scheduler is switched off in the site's configuration: no job runs."),
			f"bench --site {site} set-config disable_scheduler 0",
		),
	):
		if conf.get(key):
			on = False
			yield Check("scheduler", BAD, sentence, _("On the server: {0}").format(command))
	if not frappe.db.get_single_value("System Settings", "enable_scheduler"):
		on = False
		fix = _("Tick Enable Scheduled Jobs in the System Settings, or on the server: {0}")
		command = f"bench --site {site} enable-scheduler"
		sentence = _("Frappe's scheduler is switched off: no job runs.")
		yield Check("scheduler", BAD, sentence, fix.format(command), ("Form", "System Settings"))
	job = frappe.db.get_value("Scheduled Job Type", {"method": TICK}, ["name", "stopped"], as_dict=True)
	if job is None or job.stopped:
		on = False
		sentence = _("The scheduled job of the dispatcher is stopped or missing.")
		fix = _("Untick Stopped in the scheduled job. If it is missing, on the server: {0}")
		route = ("Form", "Scheduled Job Type", job.name) if job else ("List", "Scheduled Job Type")
		yield Check("scheduler", BAD, sentence, fix.format(f"bench --site {site} migrate"), route)
	if on and is_dormant():
		on = False
		sentence = _("Nobody has signed in for days, so Frappe runs jobs only once a day.")
		fix = _(
			"It ends by itself within the hour after somebody signs in. To avoid it, raise the dormant days in the System Settings."
		)
		yield Check("scheduler", WARN, sentence, fix, ("Form", "System Settings"))
	if on:
		yield Check("scheduler", OK, _("Frappe's scheduler is switched on."))


def _queue() -> Iterator[Check]:
	try:
		connection = _connection()
		waiting = {name: Queue(generate_qname(name), connection=connection).count for name in QUEUES}
		served = {queue for worker in Worker.all(connection=connection) for queue in worker.queue_names()}
	except (ConnectionError, TimeoutError):
		sentence = _(
			"The queue (Redis) does not answer. Jobs do not run; nothing is lost, they catch up later."
		)
		yield Check(
			"queue", BAD, sentence, _("Start Redis: {0}").format("bench start, supervisorctl restart all")
		)
		return
	unserved = [name for name in QUEUES if generate_qname(name) not in served]
	if unserved:
		sentence = _("No background worker is running for the queue {0}; {1} jobs wait.")
		waits = sum(waiting[name] for name in unserved)
		fix = _("Start the workers: {0}").format("bench start, supervisorctl restart all")
		yield Check("workers", BAD, sentence.format(", ".join(unserved), waits), fix, ("List", "RQ Worker"))
	else:
		yield Check("workers", OK, _("Background workers are running."), route=("List", "RQ Worker"))
	total = sum(waiting.values())
	if total > LONG_QUEUE:
		sentence = _("{0} jobs wait in the queue; new ones start late.").format(total)
		yield Check(
			"queue", WARN, sentence, _("Add workers, or see which app fills the queue."), ("List", "RQ Job")
		)
	else:
		yield Check("queue", OK, _("{0} jobs wait in the queue.").format(total), route=("List", "RQ Job"))


def _connection() -> Redis:
	"""A connection to the queue. Frappe's own asks five times, a second apart, before it gives up: ask once first."""
	if not frappe.conf.get("redis_queue_sentinel_enabled"):
		patience = {"socket_connect_timeout": PATIENCE, "socket_timeout": PATIENCE}
		# Asked for the password, it has answered; Frappe knows it.
		with suppress(AuthenticationError, ResponseError):
			Redis.from_url(frappe.conf.redis_queue, **patience).ping()
	return get_redis_conn()
