"""The test stack's promises that need no bench: which bench it takes, whom it ends, what it clears away."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.stack import bench, processes, scratch
from tests.stack.overlay import clean_environment

SLEEPER = [sys.executable, "-c", "import time; time.sleep(600)"]


def make_bench(path: Path) -> Path:
	(path / "env" / "bin").mkdir(parents=True)
	(path / "env" / "bin" / "python").touch()
	(path / "apps" / "frappe" / "frappe").mkdir(parents=True)
	(path / "apps" / "frappe" / "frappe" / "__init__.py").write_text('__version__ = "15.1.0"\n')
	return path


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
	monkeypatch.setenv("HOME", str(tmp_path / "home"))
	monkeypatch.setattr(bench, "CHECKOUT", tmp_path / "checkout")
	monkeypatch.delenv("FRAPPE_BENCH", raising=False)
	return tmp_path / "home"


class TestBench:
	def test_none(self, home: Path) -> None:
		assert bench.find_bench() is None

	def test_in_the_home_folder_before_the_checkout(self, home: Path, tmp_path: Path) -> None:
		beside = make_bench(tmp_path / "checkout" / "frappe-bench")
		assert bench.find_bench() == bench.Bench(beside)
		first = make_bench(home / "frappe-bench")
		assert bench.find_bench() == bench.Bench(first)

	def test_a_named_one_is_taken_or_none(
		self, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
	) -> None:
		make_bench(home / "frappe-bench")
		monkeypatch.setenv("FRAPPE_BENCH", str(tmp_path / "elsewhere"))
		assert bench.find_bench() is None
		named = make_bench(tmp_path / "elsewhere")
		assert bench.find_bench() == bench.Bench(named)

	def test_version_and_variants(self, home: Path) -> None:
		found = bench.Bench(make_bench(home / "frappe-bench"))
		assert found.versions == {"frappe": "15.1.0"}
		assert found.major == 15
		assert found.variants == ("plain",)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Path]:
	made = scratch.make_scratch(tmp_path / "run-1")
	yield made
	processes.stop_all(made)


class TestProcesses:
	def spawn(self, place: Path) -> processes.Record:
		child = processes.spawn("sleeper", SLEEPER, scratch=place, env=clean_environment())
		return processes.Record.of(child.pid)

	def test_recorded_and_ended(self, place: Path) -> None:
		record = self.spawn(place)
		assert record.alive
		assert processes.Record.read(place / "pids" / "sleeper.json") == record
		processes.stop("sleeper", scratch=place)
		assert not record.alive

	def test_a_reused_id_is_left_alone(self, place: Path) -> None:
		record = self.spawn(place)
		processes.Record(record.pid, "another start").write(place / "pids" / "sleeper.json")
		processes.stop("sleeper", scratch=place)
		assert record.alive
		os.kill(record.pid, signal.SIGKILL)

	def test_children_end_with_a_killed_parent(self) -> None:
		code = (
			"import subprocess, time; from tests.stack.processes import die_with_parent;"
			f"child = subprocess.Popen({SLEEPER!r}, preexec_fn=die_with_parent);"
			"print(child.pid, flush=True); time.sleep(600)"
		)
		parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, cwd=scratch.CHECKOUT)
		assert parent.stdout is not None
		child = processes.Record.of(int(parent.stdout.readline()))
		parent.kill()
		parent.wait()
		parent.stdout.close()
		assert processes.wait_until(lambda: not child.alive, timeout=10)

	def test_what_a_dead_run_left_is_cleared_away(
		self, place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
	) -> None:
		record = self.spawn(place)
		living = scratch.make_scratch(tmp_path / "run-2")
		processes.Record(record.pid, "long gone").write(place / "owner.json")
		monkeypatch.setattr(scratch, "scratch_base", lambda: tmp_path)
		scratch.sweep()
		assert not place.exists()
		assert not record.alive
		assert living.exists()


def test_environment_is_cleared_of_what_changes_behaviour(monkeypatch: pytest.MonkeyPatch) -> None:
	for name in ("CI", "FRAPPE_DB_HOST", "PYTHONPATH", "DEV_SERVER"):
		monkeypatch.setenv(name, "1")
	assert not {"CI", "FRAPPE_DB_HOST", "PYTHONPATH", "DEV_SERVER"} & set(clean_environment())
