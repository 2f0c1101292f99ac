"""Runs the preview: arguments in, text out, exit status back."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from hospital_followup.engine.calendar import Calendar
from hospital_followup.engine.facts import Config
from hospital_followup.engine.standard import STANDARD_POLICY
from hospital_followup.preview.arguments import WORKDAYS, Arguments, language_of, read_arguments
from hospital_followup.preview.as_html import render_html
from hospital_followup.preview.as_json import render_json
from hospital_followup.preview.as_table import printable, render_table
from hospital_followup.preview.csvfile import why
from hospital_followup.preview.discharges import read_discharges
from hospital_followup.preview.forecast import Forecast, forecast
from hospital_followup.preview.language import Unusable, say
from hospital_followup.preview.settings import left_out, read_holidays, read_pathways, read_policy

ALL_WELL, SOME_REJECTED, UNUSABLE = 0, 1, 2


def main(words: Sequence[str]) -> int:
	"""The whole command line after `python3 -m hospital_followup`; returns the exit status."""
	language = language_of(words)
	try:
		return _run(words, language)
	except Unusable as problem:
		_tell(say(language, problem.code, *problem.values))
		if problem.code in ("no_command", "unknown_command", "unknown_option", "no_input", "two_inputs"):
			_tell(say(language, "usage"))
		return UNUSABLE


def _run(words: Sequence[str], language: str) -> int:
	if not words:
		raise Unusable("no_command")
	if words[0] in ("-h", "--help"):
		_write(say(language, "usage"))
		return ALL_WELL
	if words[0] != "preview":
		raise Unusable("unknown_command", words[0])
	arguments = read_arguments(words[1:])
	if arguments.help:
		_write(say(language, "usage"))
		return ALL_WELL
	result, notes = _forecast(arguments)
	for note in notes:
		_tell(say(language, note.code, *note.values))
	text = _render(result, notes, arguments)
	if arguments.output:
		_save(arguments.output, text, arguments)
		_tell(say(language, "written", arguments.output))
	else:
		_write(text)
	return SOME_REJECTED if result.rejections else ALL_WELL


def _forecast(arguments: Arguments) -> tuple[Forecast, list[Unusable]]:
	policy, notes = read_policy(arguments.policy) if arguments.policy else (STANDARD_POLICY, [])
	pathways = read_pathways(arguments.pathways) if arguments.pathways else ()
	holidays = read_holidays(arguments.holidays) if arguments.holidays else {}
	sheet, listed, rejections = read_discharges(arguments.discharges)
	if sheet.unused:
		notes.append(Unusable("unknown_columns", ", ".join(sheet.unused)))
	notes += left_out(pathways)
	calendar = Calendar(WORKDAYS[arguments.workdays], holidays)
	config = Config(policy, pathways=pathways, calendar=calendar)
	return forecast(listed, rejections, config), notes


def _render(result: Forecast, notes: Sequence[Unusable], arguments: Arguments) -> str:
	if arguments.format == "json":
		return render_json(result, arguments.lang)
	if arguments.format == "html":
		return render_html(result, notes, arguments.lang)
	return render_table(result, arguments.lang)


def _save(path: str, text: str, arguments: Arguments) -> None:
	inputs = (arguments.discharges, arguments.policy, arguments.pathways, arguments.holidays)
	try:
		if any(name and Path(path).exists() and Path(path).samefile(name) for name in inputs):
			raise Unusable("is_input", path)
		Path(path).write_bytes(_bytes(text))
	except (OSError, ValueError) as error:
		raise Unusable("cannot_write", path, why(error)) from error


def _write(text: str) -> None:
	"""To the standard output as UTF-8, whatever the terminal's locale says; a closed pipe is not an error."""
	try:
		sys.stdout.buffer.write(_bytes(text))
		sys.stdout.flush()
	except BrokenPipeError:
		# The interpreter would complain once more when it flushes at exit.
		os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _tell(text: str) -> None:
	sys.stderr.buffer.write(_bytes("\n".join(printable(line) for line in text.split("\n"))))
	sys.stderr.flush()


def _bytes(text: str) -> bytes:
	return (text + "\n").encode("utf-8", "replace")
