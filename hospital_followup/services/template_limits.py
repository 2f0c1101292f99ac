"""What is looked at before a template is parsed: its size, its tags, and marks that look like a placeholder and are none.

Reading the tokens needs no recursion, so a text that is nested a thousand deep is refused before a parser meets it.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from jinja2 import Environment, TemplateSyntaxError

#: Characters of one part of a script: some eight minutes of reading, far more than anybody listens to.
MAX_LENGTH = 4000
#: Pieces (names, signs, texts) inside one tag.
MAX_PIECES = 24
#: Conditions inside conditions.
MAX_DEPTH = 4
MAX_NUMBER = 6
TAGS = frozenset({"if", "elif", "else", "endif"})

HTML_TAG = re.compile(r"<\s*/?\s*[a-zA-Z!?][^>]*>?")
CODE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
#: Braces of the Chinese keyboard, single braces, and ends without a beginning.
STRAY = re.compile(r"[｛｝]+|\{\{|\}\}|\{%|%\}|\{\s*(\w+)\s*\}")


@dataclass(frozen=True, slots=True)
class Finding:
	"""One thing that is wrong with a template: what kind, in which line, about which word, and what was meant."""

	code: str
	line: int
	subject: str = ""
	nearest: str = ""


def limit_findings(text: str, environment: Environment) -> list[Finding]:
	"""The first limit that a text breaks, found from its tokens."""
	if len(text) > MAX_LENGTH:
		return [Finding("length", 1, str(MAX_LENGTH))]
	try:
		return _token_findings(text, environment)
	except TemplateSyntaxError as error:
		return [Finding("syntax", error.lineno, line_at(text, error.lineno))]


def stray_marks(text: str, names: Collection[str]) -> list[Finding]:
	"""HTML, and braces that would be read out because they are not the ones of a placeholder."""
	outside = CODE.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), text)
	found = [
		Finding("html", _line_of(outside, match.start()), match.group()[:40])
		for match in HTML_TAG.finditer(outside)
	]
	for match in STRAY.finditer(outside):
		if match.group(1) is None or match.group(1) in names:
			found.append(Finding("braces", _line_of(outside, match.start()), match.group()))
	return sorted(found, key=lambda finding: finding.line)[:1]


def _token_findings(text: str, environment: Environment) -> list[Finding]:
	depth = pieces = 0
	tag = False
	for line, kind, value in environment.lex(text):
		if kind in ("variable_begin", "block_begin"):
			pieces, tag = 0, kind == "block_begin"
		elif kind in ("raw_begin", "raw_end"):
			return [Finding("tag", line, "raw")]
		elif kind in ("integer", "float") and len(value) > MAX_NUMBER:
			return [Finding("long_tag", line)]
		elif kind not in ("data", "whitespace", "comment", "variable_end", "block_end"):
			if tag and pieces == 0:
				if value not in TAGS:
					return [Finding("tag", line, value)]
				depth += {"if": 1, "endif": -1}.get(value, 0)
			pieces += 1
			if pieces > MAX_PIECES:
				return [Finding("long_tag", line)]
			if depth > MAX_DEPTH:
				return [Finding("depth", line, str(MAX_DEPTH))]
	return []


def _line_of(text: str, position: int) -> int:
	return text.count("\n", 0, position) + 1


def line_at(text: str, number: int) -> str:
	"""The line with this number, counted from 1."""
	lines = text.splitlines()
	return lines[number - 1].strip() if 0 < number <= len(lines) else ""
