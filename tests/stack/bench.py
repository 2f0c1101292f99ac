"""Find the bench whose apps and Python environment the tests borrow, and never write to it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from tests.stack.processes import StackError, run
from tests.stack.scratch import CHECKOUT, cache_dir, say

KNOWN_APPS = ("frappe", "erpnext", "healthcare")
BRANCH = "version-15"
REPOSITORIES = {
	"frappe": "https://github.com/frappe/frappe",
	"erpnext": "https://github.com/frappe/erpnext",
	"healthcare": "https://github.com/earthians/marley",
}
UNFINISHED = CHECKOUT / ".scratch" / "frappe-bench.unfinished"


@dataclass(frozen=True)
class Bench:
	path: Path

	@property
	def python(self) -> Path:
		return self.path / "env" / "bin" / "python"

	@cached_property
	def apps(self) -> tuple[str, ...]:
		"""The apps that matter here, in the order in which they are installed."""
		return tuple(app for app in KNOWN_APPS if (self.path / "apps" / app / app / "__init__.py").exists())

	@cached_property
	def versions(self) -> dict[str, str]:
		return {app: self._version(app) for app in self.apps}

	@property
	def major(self) -> int:
		return int(self.versions["frappe"].split(".")[0])

	@cached_property
	def site_packages(self) -> Path:
		code = "import sysconfig; print(sysconfig.get_paths()['purelib'])"
		return Path(run([str(self.python), "-c", code], what="asking the bench's Python").strip())

	@cached_property
	def identity(self) -> str:
		"""Changes whenever the bench's apps change: version and commit of each."""
		return " ".join(f"{app}={version}@{self._commit(app)}" for app, version in self.versions.items())

	@property
	def variants(self) -> tuple[str, ...]:
		"""The kinds of site this bench can make."""
		names = {"frappe": "plain", "erpnext": "erpnext", "healthcare": "health"}
		return tuple(names[app] for app in self.apps)

	def _version(self, app: str) -> str:
		source = (self.path / "apps" / app / app / "__init__.py").read_text()
		found = re.search(r"^__version__\s*=\s*[\"']([^\"']+)", source, re.MULTILINE)
		return found.group(1) if found else "0"

	def _commit(self, app: str) -> str:
		shown = subprocess.run(
			["git", "-c", "safe.directory=*", "-C", str(self.path / "apps" / app), "rev-parse", "HEAD"],
			capture_output=True,
			text=True,
		)
		return shown.stdout.strip() or "no-git"


def find_bench() -> Bench | None:
	"""``FRAPPE_BENCH`` alone when it is set, else ``~/frappe-bench``, then ``./frappe-bench``."""
	named = os.environ.get("FRAPPE_BENCH")
	places = [Path(named)] if named else [Path.home() / "frappe-bench", CHECKOUT / "frappe-bench"]
	for place in places:
		if place == CHECKOUT / "frappe-bench" and UNFINISHED.exists():
			continue
		bench = Bench(place.absolute())
		if bench.python.exists() and "frappe" in bench.apps:
			return bench
	return None


def official_repositories_answer() -> bool:
	try:
		asked = subprocess.run(
			["git", "ls-remote", "--exit-code", REPOSITORIES["frappe"], f"refs/heads/{BRANCH}"],
			capture_output=True,
			timeout=20,
			env={**os.environ, "GIT_TERMINAL_PROMPT": "0"},
		)
	except (OSError, subprocess.TimeoutExpired):
		return False
	return asked.returncode == 0


def make_bench() -> Bench:
	"""Make ``./frappe-bench`` the way Frappe's documentation says: bench init, then bench get-app."""
	target = CHECKOUT / "frappe-bench"
	UNFINISHED.parent.mkdir(exist_ok=True)
	if UNFINISHED.exists():
		shutil.rmtree(target, ignore_errors=True)
	UNFINISHED.touch()
	venv = cache_dir() / "bench-cli"
	command = venv / "bin" / "bench"
	if not command.exists():
		say("installing the bench command from PyPI into a private environment")
		run([sys.executable, "-m", "venv", str(venv)], what="python -m venv")
		run([str(venv / "bin" / "pip"), "install", "-q", "frappe-bench"], what="pip install frappe-bench")
	say(f"bench init --frappe-branch {BRANCH} {target} (official repositories; this takes minutes)")
	env = {**os.environ, "PATH": f"{venv / 'bin'}:{os.environ['PATH']}"}
	init = ["init", "--frappe-branch", BRANCH, "--skip-redis-config-generation", str(target)]
	run([str(command), *init], env=env, cwd=CHECKOUT, what="bench init")
	for app in KNOWN_APPS[1:]:
		say(f"bench get-app --branch {BRANCH} {REPOSITORIES[app]}")
		get_app = ["get-app", "--branch", BRANCH, REPOSITORIES[app]]
		run([str(command), *get_app], env=env, cwd=target, what=f"bench get-app {app}")
	UNFINISHED.unlink()
	made = find_bench()
	if made is None:
		raise StackError(f"bench init ended without a usable bench in {target}")
	return made
