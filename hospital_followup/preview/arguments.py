"""The command line of the preview."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from hospital_followup.engine.calendar import EVERY_DAY, MONDAY_TO_FRIDAY, MONDAY_TO_SATURDAY
from hospital_followup.preview.language import LANGUAGES, Unusable

WORKDAYS = {"Mon-Fri": MONDAY_TO_FRIDAY, "Mon-Sat": MONDAY_TO_SATURDAY, "all": EVERY_DAY}
_CHOICES = {"--workdays": tuple(WORKDAYS), "--format": ("table", "json", "html"), "--lang": LANGUAGES}
_FILES = ("--policy", "--pathways", "--holidays", "--output")


@dataclass(frozen=True, slots=True)
class Arguments:
	discharges: str
	policy: str | None = None
	pathways: str | None = None
	holidays: str | None = None
	workdays: str = "Mon-Fri"
	format: str = "table"
	lang: str = "en"
	output: str | None = None
	help: bool = False


def read_arguments(words: Sequence[str]) -> Arguments:
	"""Raises Unusable. `--option value` and `--option=value` are the same; after `--` everything is a file."""
	arguments = Arguments("", lang=language_of(words))
	files: list[str] = []
	queue = list(words)
	while queue:
		word = queue.pop(0)
		if word in ("-h", "--help"):
			return replace(arguments, help=True)
		if word == "--":
			files += queue
			break
		if not word.startswith("-") or word == "-":
			files.append(word)
			continue
		option, assigned, value = word.partition("=")
		if option not in _CHOICES and option not in _FILES:
			raise Unusable("unknown_option", option)
		if not assigned:
			if not queue or queue[0].startswith("--"):
				raise Unusable("option_needs_value", option)
			value = queue.pop(0)
		chosen: dict[str, Any] = {option.removeprefix("--"): _checked(option, value)}
		arguments = replace(arguments, **chosen)
	if not files:
		raise Unusable("no_input")
	if len(files) > 1:
		raise Unusable("two_inputs", files[0], files[1])
	return replace(arguments, discharges=files[0])


def language_of(words: Sequence[str]) -> str:
	"""The language to complain in, found before the arguments are known to be good."""
	language = LANGUAGES[0]
	for place, word in enumerate(words):
		option, assigned, value = word.partition("=")
		if option == "--lang":
			wanted = value if assigned else "".join(words[place + 1 : place + 2])
			language = wanted if wanted in LANGUAGES else language
	return language


def _checked(option: str, value: str) -> str:
	if not value:
		raise Unusable("option_needs_value", option)
	choices = _CHOICES.get(option)
	if choices and value not in choices:
		raise Unusable("option_choices", option, value, ", ".join(choices))
	return value
