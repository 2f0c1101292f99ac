"""What `pip install` brings to a bench: every file that Frappe reads, and no stray top-level package."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.contract.app_files import IGNORED_FOLDERS, PACKAGE, ROOT

READ_BY_FRAPPE = {".py", ".json", ".csv", ".js", ".css", ".html", ".txt", ".svg", ".png", ".md"}
BUILD = "from setuptools import build_meta; build_meta.build_wheel({folder!r})"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
	"""The names in a wheel built from a clean copy, offline, with the setuptools at hand."""
	source, result = tmp_path_factory.mktemp("source") / "app", tmp_path_factory.mktemp("wheel")
	shutil.copytree(ROOT, source, ignore=shutil.ignore_patterns(*IGNORED_FOLDERS, "*.egg-info"))
	subprocess.run(
		[sys.executable, "-c", BUILD.format(folder=str(result))], cwd=source, check=True, capture_output=True
	)
	(path,) = result.glob("*.whl")
	with zipfile.ZipFile(path) as archive:
		return set(archive.namelist())


def test_every_file_of_the_package_is_in_the_wheel(wheel: set[str]) -> None:
	expected = {
		path.relative_to(ROOT).as_posix()
		for path in PACKAGE.rglob("*")
		if path.is_file() and path.suffix in READ_BY_FRAPPE and not IGNORED_FOLDERS & set(path.parts)
	}
	assert expected - wheel == set()


def test_nothing_but_the_package_becomes_importable(wheel: set[str]) -> None:
	"""A top-level `tests` or `fixtures` of one app hides that of another on the same bench."""
	tops = {name.split("/")[0] for name in wheel}
	assert {top for top in tops if not top.endswith(".dist-info")} == {"hospital_followup"}


def test_every_folder_with_python_is_a_package() -> None:
	folders = {path.parent for path in PACKAGE.rglob("*.py") if not IGNORED_FOLDERS & set(path.parts)}
	assert [folder for folder in folders if not (folder / "__init__.py").is_file()] == []


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
