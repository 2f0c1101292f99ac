"""What `pip install` brings to a bench: every file that Frappe reads, and no stray top-level package."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.contract.app_files import IGNORED_FOLDERS, PACKAGE, ROOT

READ_BY_FRAPPE = {".py", ".json", ".csv", ".js", ".css", ".html", ".txt", ".svg", ".png", ".md"}


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
	"""What an installation puts into site-packages: built from a clean copy, offline, by the setuptools at hand."""
	source, result = tmp_path_factory.mktemp("source") / "app", tmp_path_factory.mktemp("built")
	shutil.copytree(ROOT, source, ignore=shutil.ignore_patterns(*IGNORED_FOLDERS, "*.egg-info"))
	build = [
		sys.executable,
		"setup.py",
		"-q",
		"build",
		"--build-base",
		str(source / "build"),
		"--build-lib",
		str(result),
	]
	subprocess.run(build, cwd=source, check=True, capture_output=True)
	return {path.relative_to(result).as_posix() for path in result.rglob("*") if path.is_file()}


def test_every_file_of_the_package_is_installed(installed: set[str]) -> None:
	expected = {
		path.relative_to(ROOT).as_posix()
		for path in PACKAGE.rglob("*")
		if path.is_file() and path.suffix in READ_BY_FRAPPE and not IGNORED_FOLDERS & set(path.parts)
	}
	assert expected - installed == set()


def test_nothing_but_the_package_becomes_importable(installed: set[str]) -> None:
	"""A top-level `tests` or `fixtures` of one app hides that of another on the same bench."""
	assert {name.split("/")[0] for name in installed} == {"hospital_followup"}


def test_bench_finds_the_name() -> None:
	"""bench reads setup.py with a greedy pattern: `name=` stands alone on its line."""
	lines = [line.strip() for line in (ROOT / "setup.py").read_text(encoding="utf-8").splitlines()]
	assert [line for line in lines if "name=" in line] == ['name="hospital_followup",']


def test_bench_knows_which_frappe_fits() -> None:
	text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
	section = text.split("[tool.bench.frappe-dependencies]", 1)[1]
	assert section.split("\n")[1] == 'frappe = ">=15.0.0,<17.0.0"'


def test_fixtures_at_the_root_are_those_of_the_package() -> None:
	assert (ROOT / "fixtures").is_symlink()
	assert Path(ROOT / "fixtures").resolve() == PACKAGE / "fixtures"


def test_styles_are_plain_files() -> None:
	"""Frappe's build writes the result of a style bundle over its source when the app is a link to elsewhere."""
	assert [path.name for path in (PACKAGE / "public").rglob("*.bundle.*ss")] == []
