"""Debian packages that the servers and the browser need, installed when missing and when we may."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from tests.stack.processes import StackError, run
from tests.stack.scratch import lock, say
from tests.stack.server import program

POLICY = Path("/usr/sbin/policy-rc.d")


def _has(*names: str) -> bool:
	try:
		return bool(program(*names))
	except StackError:
		return False


def _has_chinese_font() -> bool:
	shown = (
		subprocess.run(["fc-list", ":lang=zh"], capture_output=True, text=True) if _has("fc-list") else None
	)
	return bool(shown and shown.stdout.strip())


# Debian package: whether what it brings is there.
SERVERS: dict[str, Callable[[], bool]] = {
	"mariadb-server": lambda: _has("mariadbd", "mysqld") and _has("mariadb-dump", "mysqldump"),
	"redis-server": lambda: _has("redis-server"),
}
FOR_PAGES: dict[str, Callable[[], bool]] = {
	"chromium": lambda: _has("chromium", "chromium-browser", "google-chrome"),
	"wkhtmltopdf": lambda: _has("wkhtmltopdf"),
	"fonts-noto-cjk": _has_chinese_font,
}


def provide() -> None:
	"""Install what is missing. Servers are a must; without the rest only the tests that need it fail."""
	missing = [name for name, there in {**SERVERS, **FOR_PAGES}.items() if not there()]
	if not missing:
		return
	if not shutil.which("apt-get") or not _as_root():
		say(f"not installed: {', '.join(missing)} (Debian: apt-get install {' '.join(missing)})")
	else:
		with lock("packages", "Debian packages are being installed"), _no_service_is_started():
			say(f"installing Debian packages: {', '.join(missing)}")
			apt = [*_as_root(), "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
			run([*apt, "update"], what="apt-get update")
			run([*apt, "install", "--no-install-recommends", "-y", *missing], what="apt-get install")
	lacking = [name for name, there in SERVERS.items() if not there()]
	if lacking:
		raise StackError(
			f"the site tests need {' and '.join(lacking)}: ask for these packages to be installed"
		)


def provide_command(_arguments: Sequence[str]) -> int:
	provide()
	return 0


def _as_root() -> list[str]:
	"""How to run a command as root: directly, through sudo without a password, or not at all (empty)."""
	if os.getuid() == 0:
		return ["env"]
	if shutil.which("sudo") and subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode == 0:
		return ["sudo", "-n"]
	return []


@contextlib.contextmanager
def _no_service_is_started() -> Iterator[None]:
	"""Debian's way to install a server without starting it: we only want the program."""
	if POLICY.exists():
		yield
		return
	run([*_as_root(), "sh", "-c", f"printf '#!/bin/sh\\nexit 101\\n' > {POLICY} && chmod 755 {POLICY}"])
	try:
		yield
	finally:
		run([*_as_root(), "rm", "-f", str(POLICY)])
