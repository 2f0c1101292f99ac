"""The commands behind the Makefile: python3 -m tests.stack COMMAND [pytest arguments]."""

from __future__ import annotations

import argparse
import sys

from tests.stack import kept, lint, packages, runs
from tests.stack.processes import StackError
from tests.stack.scratch import say

COMMANDS = {
	"test": (runs.test, "all tests in a fresh stack, which is gone afterwards"),
	"quick": (runs.quick, "engine, contract and provider tests only"),
	"lint": (lint.lint, "every linter"),
	"format": (lint.format_code, "ruff and prettier put the code in order"),
	"packages": (packages.provide_command, "install the Debian packages that are missing"),
	"site-test": (kept.test, "tests in the kept stack of this checkout, started if it is not up"),
	"up": (kept.up, "start the kept stack and leave it running"),
	"down": (kept.down, "stop the kept stack and delete it"),
	"reset": (kept.reset, "make the kept stack anew"),
	"status": (kept.status, "what is running"),
	"keep": (kept.keep, argparse.SUPPRESS),
}


def main() -> int:
	parser = argparse.ArgumentParser(prog="python3 -m tests.stack", description=__doc__)
	parser.add_argument("command", choices=COMMANDS)
	options, arguments = parser.parse_known_args()
	action, _about = COMMANDS[options.command]
	try:
		return action(arguments)
	except StackError as error:
		say(str(error))
		return 1


if __name__ == "__main__":
	sys.exit(main())
