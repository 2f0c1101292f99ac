"""Finds the calls that translate: `_("…")` in Python, `__("…")` in scripts, both in templates."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.contract.app_files import syntax_tree

OPENING = re.compile(r"(?<![\w$.])_{1,2}\(|(?<=frappe\.)_{1,2}\(")
ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)", re.DOTALL)
ESCAPED = {"n": "\n", "t": "\t", "\n": ""}
CLOSING = {"(": ")", "[": "]", "{": "}"}


@dataclass(frozen=True)
class Call:
	"""One translating call. `text` is None when its argument is computed while the program runs."""

	text: str | None
	context: str | None
	line: int
	built: bool = (
		False  # put together inside the call (f-string, +, %, .format): can never be found in a list
	)


def python_calls(path: Path) -> Iterator[Call]:
	for node in ast.walk(syntax_tree(path)):
		if isinstance(node, ast.Call) and node.args and _name(node.func) in ("_", "_lt"):
			first = node.args[0]
			context = next((k.value for k in node.keywords if k.arg == "context"), None)
			context = node.args[2] if context is None and len(node.args) > 2 else context
			yield Call(_constant(first), _constant(context), node.lineno, _is_built(first))


def _name(function: ast.expr) -> str | None:
	if isinstance(function, ast.Attribute):
		return function.attr
	return function.id if isinstance(function, ast.Name) else None


def _is_built(node: ast.expr) -> bool:
	formatted = isinstance(node, ast.Call) and _name(node.func) == "format"
	return formatted or isinstance(node, ast.JoinedStr | ast.BinOp)


def _constant(node: ast.expr | None) -> str | None:
	return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def text_calls(source: str) -> Iterator[Call]:
	"""Calls in a script or template; tolerant: what cannot be read as a literal counts as computed."""
	for match in OPENING.finditer(source):
		arguments = _arguments(source, match.end())
		first = arguments[0].strip()
		context = arguments[2].strip() if len(arguments) > 2 else ""
		literal = _literal(first)
		line = source.count("\n", 0, match.start()) + 1
		yield Call(literal, _literal(context), line, literal is None and first[:1] in tuple("\"'`"))


def _arguments(source: str, start: int) -> list[str]:
	"""The arguments of the call whose opening parenthesis ends at `start`."""
	arguments, expected, begin, position = [], [")"], start, start
	while position < len(source) and expected:
		character = source[position]
		if character in "\"'`":
			position = _end_of_string(source, position)
		elif character in CLOSING:
			expected.append(CLOSING[character])
		elif character == expected[-1]:
			expected.pop()
		elif character == "," and len(expected) == 1:
			arguments.append(source[begin:position])
			begin = position + 1
		position += 1
	return [*arguments, source[begin : position - 1]]


def _end_of_string(source: str, start: int) -> int:
	position = start + 1
	while position < len(source) and source[position] != source[start]:
		position += 2 if source[position] == "\\" else 1
	return position


def _literal(text: str) -> str | None:
	"""The value of a string literal, or None when the text is anything else."""
	if len(text) < 2 or text[0] not in "\"'`" or _end_of_string(text, 0) != len(text) - 1:
		return None
	if text[0] == "`" and "${" in text:
		return None
	return ESCAPE.sub(_unescaped, text[1:-1])


def _unescaped(match: re.Match[str]) -> str:
	code = match.group(1)
	return chr(int(code[1:], 16)) if len(code) == 5 else ESCAPED.get(code, code)
