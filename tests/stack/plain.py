"""A Python for what needs no Frappe: the engine, the contract tests and the message providers."""

from __future__ import annotations

import importlib.util
import shutil
import sys
from pathlib import Path

from tests.stack.overlay import SDK_PACKAGES, clean_environment
from tests.stack.processes import run
from tests.stack.scratch import cache_dir, digest, lock, say

PACKAGES = {
	"pytest": "pytest>=8",
	"hypothesis": "hypothesis",
	"setuptools": "setuptools>=64",
	# What Frappe brings and the providers use.
	"requests": "requests>=2.32",
	"cryptography": "cryptography>=43",
	**SDK_PACKAGES,
}


def plain_python() -> Path:
	"""The running Python if it has what is needed, else a private environment made once from PyPI."""
	if all(importlib.util.find_spec(package) for package in PACKAGES):
		return Path(sys.executable)
	wanted = list(PACKAGES.values())
	key = digest(sys.executable, sys.version, *wanted)
	venv = cache_dir() / f"plain-{key}"
	with lock(venv.name, f"installing {', '.join(PACKAGES)}"):
		if not (venv / "complete").exists():
			say(f"installing {', '.join(wanted)} from PyPI into {venv}")
			shutil.rmtree(venv, ignore_errors=True)
			run([sys.executable, "-m", "venv", str(venv)], env=clean_environment(), what="python -m venv")
			pip = [str(venv / "bin" / "python"), "-m", "pip", "install", "-q", *wanted]
			run(pip, env=clean_environment(), what="pip install")
			(venv / "complete").touch()
	return venv / "bin" / "python"
