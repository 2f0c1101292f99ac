"""Start a private stack with made-up data, web server, worker and scheduler; print where to look; wait."""

from __future__ import annotations

import json
import os
import signal
import sys
import tempfile
from pathlib import Path
from typing import Any

from demo import gateway
from tests.stack.packages import provide
from tests.stack.prepared_sites import ADMIN_PASSWORD
from tests.stack.processes import StackError, listening, run, wait_until
from tests.stack.runs import NOT_FOUND, WITHOUT, Stopped, a_bench, disposable
from tests.stack.scratch import CHECKOUT, say, scratch_base, sweep
from tests.stack.services import Realtime, Scheduler, Service, Web, Worker
from tests.stack.stack import Stack

USUAL_PORT = 8000
SCHEDULER_SECONDS = 20


def main() -> int:
	sweep()
	bench = a_bench()
	if bench is None:
		say(f"{NOT_FOUND} {WITHOUT}")
		return 1
	provide()
	scratch = Path(tempfile.mkdtemp(prefix="demo-", dir=scratch_base()))
	with disposable(bench, scratch) as stack, gateway.running() as texts_go_to:
		say("starting MariaDB, Redis and a site (some minutes the first time)")
		stack.start()
		site = stack.installed_on(stack.bench.variants[-1])
		stack.remove_other_sites(site)
		stack.configure(scheduler_tick_interval=SCHEDULER_SECONDS)
		say("filling the site with a month of made-up patients (some minutes)")
		web = a_web_server(stack, site)
		filled = populate(stack, site, texts_go_to, web.url)
		services = start_services(stack, site, web)
		show(web.url, filled)
		wait_until(lambda: not all(service.pid for service in services), timeout=float("inf"), every=1)
		fallen = [service for service in services if not service.pid]
		raise StackError("\n".join(f"{service.name} ended:\n{service.log[-2000:]}" for service in fallen))


def a_web_server(stack: Stack, site: str) -> Web:
	"""Not started yet; its address is known, so that links to it can be sent."""
	wanted = int(os.environ.get("DEMO_PORT", USUAL_PORT))
	return Web(stack, site, None if listening(wanted) else wanted)


def populate(stack: Stack, site: str, texts_go_to: str, address: str) -> dict[str, Any]:
	"""Run demo.data.populate on the site, in the stack's Python."""
	answer = stack.scratch / "filled.json"
	argv = [str(stack.python), "-m", "demo.populate", site, str(answer), texts_go_to, address]
	env = {**stack.env, "PYTHONPATH": str(CHECKOUT)}
	run(argv, env=env, cwd=stack.sites, what="filling the demo site")
	filled: dict[str, Any] = json.loads(answer.read_text())
	return filled


def start_services(stack: Stack, site: str, web: Web) -> list[Service]:
	stack.configure(host_name=web.url)
	worker, scheduler, realtime = Worker(stack, site), Scheduler(stack, site), Realtime(stack, site)
	if realtime.possible:
		realtime.start()
	web.start()
	worker.start()
	scheduler.start()
	return [web, worker, scheduler]


def show(url: str, filled: dict[str, Any]) -> None:
	everyone = [("Administrator", ADMIN_PASSWORD, "everything"), *filled["logins"]]
	width, longest = (max(len(login[column]) for login in everyone) for column in (0, 1))
	print(f"\nHospital Follow-up is running at {url}\n")
	for user, password, about in everyone:
		print(f"  {user:<{width}}  password {password:<{longest}}  {about}")
	print("\n" + ", ".join(f"{number} × {doctype}" for doctype, number in filled["made"].items()))
	print(
		"\nText messages go to a made-up gateway inside this demo: nothing leaves this machine, no telephone rings."
	)
	if filled["page"]:
		print(f"A patient's own page, as the link in such a message opens it:\n  {filled['page']}\n")
	print("The worker and the scheduler are running. Ctrl-C ends everything and removes it.\n", flush=True)


if __name__ == "__main__":
	signal.signal(signal.SIGINT, signal.default_int_handler)
	try:
		sys.exit(main())
	except (KeyboardInterrupt, Stopped):
		sys.exit(0)
	except StackError as error:
		say(str(error))
		sys.exit(1)
