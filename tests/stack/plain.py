"""A Python with pytest, hypothesis and setuptools for what needs no Frappe: the engine and the contract tests."""

from __future__ import annotations

import importlib.util
import shutil
import sys
from pathlib import Path

from tests.stack.overlay import clean_environment
from tests.stack.processes import run
from tests.stack.scratch import cache_dir, digest, lock, say

PACKAGES = ("pytest", "hypothesis", "setuptools")


def plain_python() -> Path:
	"""The running Python if it has what is needed, else a private environment made once from PyPI."""
	if all(importlib.util.find_spec(package) for package in PACKAGES):
		return Path(sys.executable)
	key = digest(sys.executable, sys.version, *PACKAGES)
	venv = cache_dir() / f"plain-{key}"
	with lock(venv.name, f"installing {', '.join(PACKAGES)}"):
		if not (venv / "complete").exists():
			say(f"installing {', '.join(PACKAGES)} from PyPI into {venv}")
			shutil.rmtree(venv, ignore_errors=True)
			run([sys.executable, "-m", "venv", str(venv)], env=clean_environment(), what="python -m venv")
			pip = [str(venv / "bin" / "python"), "-m", "pip", "install", "-q", *PACKAGES]
			run(pip, env=clean_environment(), what="pip install")
			(venv / "complete").touch()
	return venv / "bin" / "python"
