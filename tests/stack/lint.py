"""Every linter of .ci/run, from a private environment in the cache."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.stack.overlay import clean_environment
from tests.stack.processes import StackError, run
from tests.stack.scratch import APP, CHECKOUT, cache_dir, digest, lock, say

REQUIREMENTS = CHECKOUT / ".ci" / "requirements.txt"
SYSTEM_AUTHORITIES = Path("/etc/ssl/certs/ca-certificates.crt")
NODE_PACKAGES = ("eslint@9", "prettier@3")
SEMGREP = ("semgrep", "--metrics=off", "--disable-version-check", "--config", ".semgrep/house.yml")


def lint(_arguments: Sequence[str] = ()) -> int:
	"""`make lint`: 0 when every linter is content."""
	failed = [name for name, command in _commands() if not _content(name, command)]
	if failed:
		say(f"not content: {', '.join(failed)}")
	return 1 if failed else 0


def format_code(_arguments: Sequence[str] = ()) -> int:
	"""`make format`: ruff and prettier write what they would check."""
	ruff = str(_python_tools() / "bin" / "ruff")
	commands = [[ruff, "check", "--fix", "."], [ruff, "format", "."]]
	scripts = _scripts()
	if scripts and (node := _node_tools()):
		commands.append([str(node / "prettier"), "--write", "--log-level=warn", *scripts])
	return max(subprocess.run(command, cwd=CHECKOUT).returncode for command in commands)


def _scripts() -> list[str]:
	found = sorted(str(path.relative_to(CHECKOUT)) for path in (CHECKOUT / APP).rglob("*.js"))
	return [path for path in found if "/dist/" not in path and "/node_modules/" not in path]


def _commands() -> Iterator[tuple[str, list[str]]]:
	tools = _python_tools() / "bin"

	def tool(name: str, *arguments: str) -> list[str]:
		return [str(tools / name), *arguments]

	yield "ruff check", tool("ruff", "check", ".")
	yield "ruff format", tool("ruff", "format", "--check", ".")
	yield "mypy", tool("mypy")
	yield "bandit", tool("bandit", "-q", "-c", "pyproject.toml", "-r", APP)
	for example in ("house.py", "house.js"):
		yield f"semgrep --test {example}", tool(SEMGREP[0], "--test", *SEMGREP[1:], f".semgrep/{example}")
	yield "semgrep", tool(SEMGREP[0], "scan", *SEMGREP[1:], "--error", "--quiet", APP)
	scripts = _scripts()
	node = _node_tools() if scripts else None
	if node:
		yield "eslint", [str(node / "eslint"), "--max-warnings=0", *scripts]
		yield "prettier", [str(node / "prettier"), "--check", "--log-level=warn", *scripts]


def _content(name: str, command: list[str]) -> bool:
	done = subprocess.run(
		command,
		cwd=CHECKOUT,
		env={**clean_environment(), "PATH": f"{Path(command[0]).parent}:{clean_environment()['PATH']}"},
		stdin=subprocess.DEVNULL,
		stdout=subprocess.PIPE,
		stderr=subprocess.STDOUT,
		text=True,
	)
	say(f"{name}: {'ok' if done.returncode == 0 else 'FAILED'}")
	if done.returncode:
		print(done.stdout, file=sys.stderr)
	return done.returncode == 0


def _python_tools() -> Path:
	venv = cache_dir() / f"lint-{digest(sys.executable, sys.version, REQUIREMENTS.read_text())}"
	with lock(venv.name, "installing the linters"):
		if not (venv / "complete").exists():
			say("installing the linters from PyPI into a private environment")
			shutil.rmtree(venv, ignore_errors=True)
			run([sys.executable, "-m", "venv", str(venv)], env=clean_environment(), what="python -m venv")
			pip = [str(venv / "bin" / "python"), "-m", "pip", "install", "-q", "-r", str(REQUIREMENTS)]
			run(pip, env=clean_environment(), what="pip install")
			(venv / "complete").touch()
	return venv


def _node_tools() -> Path | None:
	"""eslint and prettier; None, and a word about it, on a machine without npm or without its registry."""
	folder = cache_dir() / f"lint-js-{digest(*NODE_PACKAGES)}"
	with lock(folder.name, "installing eslint and prettier"):
		if not (folder / "complete").exists():
			say("installing eslint and prettier from npm into a private folder")
			shutil.rmtree(folder, ignore_errors=True)
			folder.mkdir()
			npm = ["npm", "install", "--prefix", str(folder), "--no-audit", "--no-fund", "--fetch-retries=1"]
			try:
				run([*npm, *NODE_PACKAGES], env=_npm_environment(), cwd=folder, what="npm install")
			except (StackError, FileNotFoundError) as error:
				say(f"eslint and prettier did not run: {error}")
				return None
			(folder / "complete").touch()
	return folder / "node_modules" / ".bin"


def _npm_environment() -> dict[str, str]:
	"""npm trusts its own list of authorities; add the machine's, as pip does."""
	env = clean_environment()
	if SYSTEM_AUTHORITIES.exists():
		env.setdefault("NODE_EXTRA_CA_CERTS", str(SYSTEM_AUTHORITIES))
	return env
