"""A bench of our own laid over the found one: its apps and packages are read, nothing is written to it."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

from tests.stack.bench import Bench
from tests.stack.processes import StackError, run
from tests.stack.scratch import APP, CHECKOUT, cache_dir, digest, lock, say

# The vendors' own SDKs: tests/providers compares our signatures with theirs. None of them replaces a package of a bench.
SDK_PACKAGES = {
	"alibabacloud_tea_openapi": "alibabacloud-tea-openapi>=0.4",
	"tencentcloud": "tencentcloud-sdk-python-sms>=3.1",
	"twilio": "twilio>=9",
}
# What the tests need beside the bench's own packages.
TEST_PACKAGES = {
	**SDK_PACKAGES,
	"pytest": "pytest>=8",
	"hypothesis": "hypothesis",
	"freezegun": "freezegun",
	"playwright": "playwright",
	"xdist": "pytest-xdist",
	"setuptools": "setuptools>=64",
}
# A v15 bench imports pkg_resources (through google-api-python-client), which setuptools 81 and later lack.
V15_PACKAGES = {"pkg_resources": "setuptools>=64,<81"}


def clean_environment() -> dict[str, str]:
	"""The machine's environment without what changes Frappe's or Python's behaviour.

	``CI`` goes because Frappe acts differently with it (background jobs run as in a test).
	"""
	unwanted = ("FRAPPE_", "PYTHON", "VIRTUAL_ENV", "CI", "DEV_SERVER", "SITES_PATH", "MYSQL_", "NO_STATICS")
	return {key: value for key, value in os.environ.items() if not key.startswith(unwanted)}


def environment(scratch: Path) -> dict[str, str]:
	"""For every process of a stack: our Python first, our bench, compiled files in our cache."""
	env = clean_environment()
	env["PATH"] = f"{scratch / 'env' / 'bin'}:{env.get('PATH', '')}:/usr/sbin"
	env["VIRTUAL_ENV"] = str(scratch / "env")
	env["FRAPPE_BENCH_ROOT"] = str(scratch / "bench")
	env["PYTHONPYCACHEPREFIX"] = str(cache_dir() / "pycache")
	env["PYTHONUNBUFFERED"] = "1"
	# Looking at a repository must not refresh its index: the bench is not ours.
	env["GIT_OPTIONAL_LOCKS"] = "0"
	env.setdefault("LANG", "C.UTF-8")
	return env


def tools(bench: Bench) -> Path:
	"""site-packages with the test packages that the bench lacks; made once and shared by all runs."""
	wanted = {**TEST_PACKAGES, **(V15_PACKAGES if bench.major < 16 else {})}
	key = digest(bench.site_packages, bench.python.resolve(), sorted(wanted.values()), _installed(bench))
	target = cache_dir() / f"tools-{key}"
	with lock(f"tools-{key}", "installing the test packages"):
		if not (target / "complete").exists():
			shutil.rmtree(target, ignore_errors=True)
			run(
				[str(bench.python), "-m", "venv", str(target)], env=clean_environment(), what="python -m venv"
			)
			packages = _site_packages(target)
			_see(packages, bench.site_packages)
			missing = [need for name, need in wanted.items() if not _imports(target, name)]
			if missing:
				say(f"installing {', '.join(missing)} from PyPI, beside the bench")
				pip = [str(target / "bin" / "python"), "-m", "pip", "install", "-q", *missing]
				run(pip, env=clean_environment(), what="pip install")
			(target / "complete").touch()
	return _site_packages(target)


def lay_environment(bench: Bench, scratch: Path) -> Path:
	"""A virtual environment that sees the test packages and the bench's packages; returns its python."""
	seen = [tools(bench), bench.site_packages]
	target = scratch / "env"
	run([str(bench.python), "-m", "venv", "--without-pip", str(target)], env=clean_environment())
	_see(_site_packages(target), *seen)
	return target / "bin" / "python"


def install_app(scratch: Path) -> None:
	"""Install this checkout the way ``bench get-app`` does: pip, editable, dependencies already there."""
	pip = [
		str(scratch / "env" / "bin" / "python"),
		"-m",
		"pip",
		"install",
		"-q",
		"--no-deps",
		"--no-build-isolation",
	]
	run([*pip, "--editable", str(CHECKOUT)], env=environment(scratch), what="pip install --editable")


def lay_bench(bench: Bench, scratch: Path) -> None:
	"""apps, sites, logs and config; the apps are links, the sites are ours."""
	target = scratch / "bench"
	for name in ("apps", "sites", "logs", "config"):
		(target / name).mkdir(parents=True, exist_ok=True)
	for app in bench.apps:
		(target / "apps" / app).symlink_to(bench.path / "apps" / app)
		# `install-app` asks a remote service where a required app lives, unless a path of that name exists.
		if app != "frappe":
			(target / "sites" / app).symlink_to(target / "apps" / app)
	(target / "sites" / "apps.txt").write_text("\n".join(bench.apps) + "\n")


def add_app(bench: Bench, scratch: Path) -> None:
	target = scratch / "bench"
	(target / "apps" / APP).symlink_to(CHECKOUT)
	(target / "sites" / "apps.txt").write_text("\n".join([*bench.apps, APP]) + "\n")


def configure(scratch: Path, **settings: object) -> None:
	"""Change common_site_config.json."""
	path = scratch / "bench" / "sites" / "common_site_config.json"
	config = json.loads(path.read_text()) if path.exists() else {}
	path.write_text(json.dumps({**config, **settings}, indent=1))


def _installed(bench: Bench) -> str:
	return " ".join(sorted(entry.name for entry in bench.site_packages.glob("*.dist-info")))


def _site_packages(venv: Path) -> Path:
	found = next(venv.glob("lib/python*/site-packages"), None)
	if found is None:
		raise StackError(f"no site-packages in {venv}")
	return found


def _see(site_packages: Path, *others: Path) -> None:
	"""addsitedir, not a bare path: the bench's editable apps are themselves .pth files."""
	lines = [f"import site; site.addsitedir({str(other)!r})\n" for other in others]
	(site_packages / "bench_overlay.pth").write_text("".join(lines))


def _imports(venv: Path, module: str) -> bool:
	code = f"import importlib.util as u, sys; sys.exit(u.find_spec({module!r}) is None)"
	try:
		run([str(venv / "bin" / "python"), "-c", code], env=clean_environment())
	except StackError:
		return False
	return True
