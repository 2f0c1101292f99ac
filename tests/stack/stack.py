"""One private stack: database, Redis, bench overlay and sites, described by its scratch directory alone."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from tests.stack import assets
from tests.stack.bench import Bench
from tests.stack.image import copy_image
from tests.stack.mariadb import MariaDB
from tests.stack.overlay import add_app, configure, environment, install_app, lay_bench, lay_environment
from tests.stack.prepared_sites import SITES
from tests.stack.processes import free_port, run
from tests.stack.redis_server import Redis
from tests.stack.scratch import APP, say


class Stack:
	"""Any process may open a stack by its path; whoever called ``start`` is its servers' parent."""

	def __init__(self, scratch: Path) -> None:
		self.scratch = scratch
		self.bench = Bench(Path(json.loads((scratch / "bench.json").read_text())["path"]))
		self.env = environment(scratch)
		self.mariadb = MariaDB(scratch, self.env)
		self.redis = Redis(scratch, self.env)

	@classmethod
	def lay(cls, bench: Bench, scratch: Path) -> Stack:
		"""What a process needs before it can start our Python: the environment, no server yet."""
		(scratch / "bench.json").write_text(json.dumps({"path": str(bench.path)}))
		lay_environment(bench, scratch)
		lay_bench(bench, scratch)
		return cls(scratch)

	@property
	def python(self) -> Path:
		return self.scratch / "env" / "bin" / "python"

	@property
	def sites(self) -> Path:
		return self.scratch / "bench" / "sites"

	@property
	def started(self) -> bool:
		return (self.scratch / "started").exists()

	def start(self) -> None:
		"""Servers up, sites without our app in place, this checkout installed into the environment."""
		if self.started:
			return
		copy_image(self.bench, self.scratch)
		self.mariadb.start()
		self.redis.start()
		configure(
			self.scratch,
			db_host="127.0.0.1",
			db_port=self.mariadb.port,
			redis_cache=self.redis.url(0),
			redis_queue=self.redis.url(1),
			redis_socketio=self.redis.url(1),
			socketio_port=free_port(),
			allow_tests=1,
		)
		install_app(self.scratch)
		add_app(self.bench, self.scratch)
		assets.lay(self)
		(self.scratch / "started").touch()

	def frappe(self, *arguments: str, site: str | None = None) -> str:
		"""Run a bench command (``bench --site … …``) and return what it printed."""
		chosen = ["--site", site] if site else []
		argv = [str(self.python), "-m", "frappe.utils.bench_helper", "frappe", *chosen, *arguments]
		return run(argv, env=self.env, cwd=self.sites, what=f"bench {' '.join([*chosen, *arguments])}")

	def installed_on(self, variant: str) -> str:
		"""The name of this variant's site, with our app installed."""
		site = SITES[variant]
		mark = self.sites / site / f"{APP}.installed"
		if not mark.exists():
			say(f"installing {APP} on {site}")
			self.frappe("install-app", APP, site=site)
			mark.touch()
		return site

	def sites_with_app(self) -> list[str]:
		return [mark.parent.name for mark in sorted(self.sites.glob(f"*/{APP}.installed"))]

	def configure(self, **settings: object) -> None:
		"""Change common_site_config.json; processes that run already keep the old settings."""
		configure(self.scratch, **settings)

	def remove_other_sites(self, kept: str) -> None:
		"""A scheduler and a worker serve every site there is: leave them this one."""
		for config in self.sites.glob("*/site_config.json"):
			if config.parent.name != kept:
				shutil.rmtree(config.parent)
