"""The engine and the preview run on plain Python: no Frappe, nothing but the standard library."""

from __future__ import annotations

import ast
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import hospital_followup
from hospital_followup import engine, preview

ROOT = Path(hospital_followup.__file__).parent
MODULES = [
	f"{package.__name__}.{module.name}"
	for package in (engine, preview)
	for module in pkgutil.iter_modules(package.__path__)
]
FILES = [*(ROOT / "engine").glob("*.py"), *(ROOT / "preview").glob("*.py"), ROOT / "__main__.py"]


def test_importing_every_module_leaves_frappe_out():
	code = f"import sys, importlib\nfor name in {MODULES!r}: importlib.import_module(name)\nprint('frappe' in sys.modules)"
	# -I and -S: nothing of the surrounding environment can help.
	command = [
		sys.executable,
		"-I",
		"-S",
		"-c",
		f"import sys; sys.path.insert(0, {str(ROOT.parent)!r})\n{code}",
	]
	done = subprocess.run(command, capture_output=True, text=True, check=True)
	assert done.stdout.strip() == "False"


def imports(path):
	for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
		if isinstance(node, ast.Import):
			yield from (alias.name for alias in node.names)
		elif isinstance(node, ast.ImportFrom) and node.module:
			yield node.module


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_only_the_standard_library(path):
	for name in imports(path):
		top = name.partition(".")[0]
		assert top in sys.stdlib_module_names or name.startswith(
			("hospital_followup.engine", "hospital_followup.preview")
		), name
		if path.parent.name == "engine":
			assert not name.startswith("hospital_followup.preview")


@pytest.mark.parametrize("path", [p for p in FILES if p.parent.name == "engine"], ids=lambda path: path.name)
def test_the_engine_asks_no_clock(path):
	calls = {
		node.func.attr
		for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
		if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
	}
	assert not calls & {"now", "today", "utcnow", "monotonic", "perf_counter"}
