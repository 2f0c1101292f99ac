"""Frappe's own processes for one site: web server, background worker, scheduler, realtime."""

from __future__ import annotations

import http.client
import signal
from collections.abc import Sequence
from pathlib import Path

from tests.stack.processes import Record, StackError, children, free_port, run, spawn, stop, wait_until
from tests.stack.stack import Stack

SCRIPTS = Path(__file__).parent / "scripts"
QUEUES = "short,default,long"


class Service:
	"""A process of a site that can be stopped, killed and started again."""

	def __init__(self, stack: Stack, site: str, name: str) -> None:
		self.stack = stack
		self.site = site
		self.name = f"{name}-{site}"

	@property
	def log(self) -> str:
		return (self.stack.scratch / "logs" / f"{self.name}.log").read_text(errors="replace")

	@property
	def pid(self) -> int | None:
		record = Record.read(self.stack.scratch / "pids" / f"{self.name}.json")
		return record.pid if record and record.alive else None

	def family(self) -> list[Record]:
		"""The process and every process below it: a worker runs each job in a child."""
		pid = self.pid
		return [Record.of(pid), *children(Record.of(pid))] if pid else []

	def stop(self) -> None:
		stop(self.name, scratch=self.stack.scratch)

	def kill(self) -> None:
		"""kill -9, its children included."""
		stop(self.name, scratch=self.stack.scratch, how=signal.SIGKILL)

	def _spawn(self, argv: Sequence[str], **extra: str) -> None:
		env = {**self.stack.env, **extra}
		spawn(self.name, argv, scratch=self.stack.scratch, env=env, cwd=self.stack.sites)

	def _frappe(self, *arguments: str) -> list[str]:
		return [str(self.stack.python), "-m", "frappe.utils.bench_helper", "frappe", *arguments]


class Web(Service):
	def __init__(self, stack: Stack, site: str, port: int | None = None) -> None:
		super().__init__(stack, site, f"web-{site}")
		self.port = port or free_port()

	@property
	def url(self) -> str:
		return f"http://127.0.0.1:{self.port}"

	def start(self) -> None:
		script = [str(self.stack.python), str(SCRIPTS / "serve.py"), self.site, str(self.port)]
		self._spawn([*script, str(Realtime.socket_path(self.stack, self.site))])
		if not wait_until(lambda: self.pid is None or self.answers(), timeout=60) or not self.answers():
			self.kill()
			raise StackError(f"the web server of {self.site} did not start:\n{self.log[-3000:]}")

	def answers(self) -> bool:
		connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
		try:
			connection.request("GET", "/api/method/ping")
			return connection.getresponse().status == 200
		except OSError:
			return False
		finally:
			connection.close()


class Worker(Service):
	"""A background worker as `bench worker` starts it."""

	def __init__(self, stack: Stack, site: str, name: str = "worker") -> None:
		super().__init__(stack, site, name)

	def start(self) -> None:
		self._spawn(self._frappe("worker", "--queue", QUEUES))

	def run_until_empty(self) -> str:
		"""Work off every queued job in a process of its own, and return what it printed."""
		argv = self._frappe("worker", "--queue", QUEUES, "--burst")
		return run(argv, env=self.stack.env, cwd=self.stack.sites, what="bench worker --burst")


class Scheduler(Service):
	def __init__(self, stack: Stack, site: str) -> None:
		super().__init__(stack, site, "scheduler")

	def start(self) -> None:
		self._spawn(self._frappe("schedule"))

	def tick(self) -> None:
		"""What the scheduler does once a minute for this site: put jobs that are due into the queue."""
		argv = [str(self.stack.python), str(SCRIPTS / "tick.py"), self.site]
		run(argv, env=self.stack.env, cwd=self.stack.sites, what="scheduler tick")


class Realtime(Service):
	"""Frappe's socket.io server, on a unix socket; the web server passes the browser's polling on to it."""

	def __init__(self, stack: Stack, site: str) -> None:
		super().__init__(stack, site, f"realtime-{site}")

	@staticmethod
	def socket_path(stack: Stack, site: str) -> Path:
		"""One per site: a realtime server belongs to the site it was started for."""
		return stack.scratch / "run" / f"{site}.sock"

	@property
	def possible(self) -> bool:
		return (self.stack.bench.path / "apps" / "frappe" / "node_modules" / "socket.io").exists()

	def start(self) -> None:
		path = self.socket_path(self.stack, self.site)
		path.unlink(missing_ok=True)
		script = self.stack.bench.path / "apps" / "frappe" / "socketio.js"
		self._spawn(["node", str(script)], FRAPPE_SITE=self.site, FRAPPE_SOCKETIO_UDS=str(path))
		if not wait_until(lambda: self.pid is None or path.exists(), timeout=30) or not path.exists():
			self.kill()
			raise StackError(f"the realtime server did not start:\n{self.log[-3000:]}")
