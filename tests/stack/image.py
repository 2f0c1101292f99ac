"""The base image: a stopped database with one prepared site per variant, without our app.

Made once for a bench and kept in the cache, so that a run only copies it and installs this checkout.
"""

from __future__ import annotations

import fcntl
import json
import shutil
import time
from pathlib import Path

from tests.stack import prepared_sites
from tests.stack.bench import Bench
from tests.stack.prepared_sites import SITES, WIZARD, prepare_sites
from tests.stack.processes import run
from tests.stack.scratch import cache_dir, digest, lock, make_scratch, remove_scratch, say
from tests.stack.server import program

KEPT_IMAGES = 3


def image_key(bench: Bench) -> str:
	"""Everything a prepared site depends on. The year, because the company's fiscal year is the current one."""
	recipe = [Path(prepared_sites.__file__).read_text(), WIZARD.read_text()]
	server = run([program("mariadbd", "mysqld"), "--version"])
	return digest(bench.path, bench.identity, server, time.gmtime().tm_year, *recipe)


def copy_image(bench: Bench, scratch: Path) -> None:
	"""Give ``scratch`` its own copy of the base image, making the image first if there is none."""
	key = image_key(bench)
	image = cache_dir() / f"image-{key}"
	with lock("image", "a base image is being made (a few minutes, once per bench version)"):
		if not (image / "image.json").exists():
			_make(bench, image)
			_forget_old_images(image)
	with lock(f"image-{key}", shared=True):
		(image / "image.json").touch()
		run(
			["cp", "-a", "--reflink=auto", str(image / "data"), str(scratch / "data")],
			what="copying the image",
		)
		shutil.copy2(image / "mysqld.password", scratch / "mysqld.password")
		(scratch / "backups").symlink_to(image / "backups")
		for site in (image / "sites").iterdir():
			shutil.copytree(site, scratch / "bench" / "sites" / site.name)


def _make(bench: Bench, image: Path) -> None:
	say(f"making the base image for {bench.identity} (a few minutes, once)")
	started = time.monotonic()
	scratch = make_scratch()
	try:
		prepare_sites(bench, scratch)
		half_made = image.with_suffix(".half-made")
		shutil.rmtree(half_made, ignore_errors=True)
		shutil.rmtree(image, ignore_errors=True)
		(half_made / "sites").mkdir(parents=True)
		for name in ("data", "backups", "mysqld.password"):
			shutil.move(scratch / name, half_made / name)
		for variant in bench.variants:
			shutil.move(scratch / "bench" / "sites" / SITES[variant], half_made / "sites" / SITES[variant])
		seconds = round(time.monotonic() - started)
		(half_made / "image.json").write_text(json.dumps({"bench": bench.identity, "seconds": seconds}))
		half_made.rename(image)
		say(f"base image made in {seconds} s")
	finally:
		remove_scratch(scratch)


def _forget_old_images(newest: Path) -> None:
	"""Keep the images used last, leaving alone what another run is copying."""
	images = [path for path in cache_dir().glob("image-*") if path.is_dir() and path != newest]
	images.sort(key=lambda path: path.stat().st_mtime, reverse=True)
	for image in images[KEPT_IMAGES - 1 :]:
		with (cache_dir() / "locks" / f"{image.name}.lock").open("w") as handle:
			try:
				fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
			except BlockingIOError:
				continue
			shutil.rmtree(image, ignore_errors=True)
