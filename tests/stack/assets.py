"""Assets for the browser: the bench's built files are linked, our own bundles are built into the scratch."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from tests.stack.bench import Bench
from tests.stack.processes import run
from tests.stack.scratch import APP, CHECKOUT, cache_dir, digest, lock, say

if TYPE_CHECKING:
	from tests.stack.stack import Stack


def lay(stack: Stack) -> None:
	"""Fill sites/assets. Call again after a change in public/: links and bundles are renewed."""
	target = stack.sites / "assets"
	if not target.exists():
		target.mkdir()
		source = _built(stack)
		for entry in source.iterdir():
			# An app's folder is only read; Frappe itself may write into the others.
			if entry.name in stack.bench.apps:
				(target / entry.name).symlink_to(entry.resolve() if entry.is_symlink() else entry)
			elif entry.is_dir():
				shutil.copytree(entry, target / entry.name, symlinks=True)
			else:
				shutil.copy2(entry, target / entry.name)
	ours = CHECKOUT / APP / "public"
	_link_all_but_dist(ours, target / APP)
	if any(ours.rglob("*.bundle.*")):
		_build(stack, APP)


def _built(stack: Stack) -> Path:
	"""The bench's assets, or our own build of them when the bench was never built."""
	bench = stack.bench
	found = bench.path / "sites" / "assets"
	if (found / "assets.json").exists():
		return found
	made = cache_dir() / f"assets-{digest(bench.path, bench.identity)}"
	with lock(made.name, "the bench's assets are being built"):
		if not made.exists():
			say("the bench has no built assets: building them in the cache")
			_build_all(stack, bench)
			shutil.copytree(stack.sites / "assets", made.with_suffix(".half-made"), symlinks=True)
			made.with_suffix(".half-made").rename(made)
			shutil.rmtree(stack.sites / "assets")
			(stack.sites / "assets").mkdir()
	return made


def _build_all(stack: Stack, bench: Bench) -> None:
	for app in bench.apps:
		_link_all_but_dist(bench.path / "apps" / app / app / "public", stack.sites / "assets" / app)
	_build(stack, *bench.apps)


def _link_all_but_dist(public: Path, target: Path) -> None:
	"""Links to what is served as it is; `dist`, which the build writes, is a folder of our own."""
	target.mkdir(exist_ok=True)
	for entry in target.iterdir():
		if entry.is_symlink():
			entry.unlink()
	for entry in public.iterdir():
		if entry.name != "dist":
			(target / entry.name).symlink_to(entry)


def _build(stack: Stack, *apps: str) -> None:
	"""Frappe's own build, told through FRAPPE_BENCH_ROOT to write into our sites/assets."""
	frappe = stack.bench.path / "apps" / "frappe"
	command = ["node", "esbuild", "--production", "--apps", ",".join(apps)]
	run(command, env={**stack.env, "CI": "1"}, cwd=frappe, what="building the assets")
