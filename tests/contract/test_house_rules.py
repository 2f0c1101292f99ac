"""Rules of the house that a reader would otherwise have to look for in every review."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.app_files import PACKAGE, ROOT, files, relative, syntax_tree

LONGEST_FILE = 300
REASON = "# reason: "
WRAPPED = 4
# Allowed only with the reason on the same line.
WITH_REASON = re.compile(
	r"ignore_permissions\s*=\s*True|frappe\.db\.sql\(|frappe\.db\.commit\(|pytest\.skip\(|frappe\.log_error\("
)
FORBIDDEN = {
	"work left for later": re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XXX)\b(?!\")"),
	"a path of one machine": re.compile(r"(?<![\w.])/(work|root|home)/\w"),
	"a link that breaks with the next desk": re.compile(r"[\"'`]/app/"),
	"code that users edit, rendered with everything": re.compile(r"frappe\.render_template\(|safe_eval\("),
}
# Frappe's own hook wants the address of the desk.
EXCEPT = {"hospital_followup/hooks.py": "a link that breaks with the next desk"}
CODE = files(".py", ".js", ".html", ".css", ".vue")
TESTS = [path for path in files(".py", under=ROOT / "tests") if path != Path(__file__)]


def lines(path: Path) -> Iterator[tuple[str, str]]:
	for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
		yield f"{relative(path)}:{number}", line


def without_reason(path: Path) -> list[str]:
	"""Lines that need a reason and have none; the formatter may have moved it to the end of the statement."""
	numbered = list(lines(path))
	return [
		place
		for index, (place, line) in enumerate(numbered)
		if WITH_REASON.search(line)
		and not any(REASON in text for _place, text in numbered[index : index + WRAPPED])
	]


def whitelisted(path: Path) -> Iterator[tuple[ast.FunctionDef, ast.expr]]:
	for node in ast.walk(syntax_tree(path)):
		for decorator in node.decorator_list if isinstance(node, ast.FunctionDef) else ():
			if "whitelist" in ast.unparse(decorator):
				yield node, decorator


def test_no_file_is_two_files() -> None:
	sizes = {relative(path): len(path.read_text(encoding="utf-8").splitlines()) for path in CODE}
	assert {name: size for name, size in sizes.items() if size > LONGEST_FILE} == {}


def test_exceptions_give_their_reason() -> None:
	assert [place for path in [*CODE, *TESTS] for place in without_reason(path)] == []


@pytest.mark.parametrize("what", FORBIDDEN)
def test_there_is_no(what: str) -> None:
	found = [
		place
		for path in CODE
		if EXCEPT.get(relative(path)) != what
		for place, line in lines(path)
		if FORBIDDEN[what].search(line)
	]
	assert found == []


def test_no_file_named_after_nothing() -> None:
	assert [
		relative(path) for path in CODE if re.search(r"\b(utils?|helpers?|manager|misc)\b", path.stem)
	] == []


def test_whitelisted_methods_say_what_they_take() -> None:
	"""Frappe checks the types of annotated arguments, and refuses a GET that would write."""
	found = []
	for path in files(".py"):
		for function, decorator in whitelisted(path):
			arguments = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
			typed = all(argument.annotation for argument in arguments if argument.arg != "self")
			if not (typed and function.returns and "methods=" in ast.unparse(decorator)):
				found.append(f"{relative(path)}:{function.lineno}")
	assert found == []


def test_lists_are_asked_for_without_functions_of_sql() -> None:
	"""Frappe 16 refuses `count(name)` and the like as a field of get_all; the query builder says it."""
	found = []
	for path in files(".py"):
		for node in ast.walk(syntax_tree(path)):
			if isinstance(node, ast.Call) and ast.unparse(node.func).endswith((".get_all", ".get_list")):
				asked = [keyword.value for keyword in node.keywords if keyword.arg in ("fields", "pluck")]
				texts = [
					part.value
					for value in asked
					for part in ast.walk(value)
					if isinstance(part, ast.Constant)
				]
				if any(isinstance(text, str) and "(" in text for text in texts):
					found.append(f"{relative(path)}:{node.lineno}")
	assert found == []


def test_the_module_starts_no_other_module_of_the_same_name() -> None:
	"""`hospital_followup.hospital_followup` is the Frappe module; code lives beside it, not in it."""
	kinds = {
		"doctype",
		"report",
		"print_format",
		"workspace",
		"number_card",
		"dashboard_chart",
		# Frappe looks for the dashboards of a module in a folder that is named after it.
		"hospital_followup_dashboard",
		"page",
	}
	kinds |= {
		"notification",
		"web_form",
		"module_onboarding",
		"onboarding_step",
		"form_tour",
		"dashboard_chart_source",
	}
	folders = {path.name for path in (PACKAGE / "hospital_followup").iterdir() if path.is_dir()}
	assert folders - kinds - {"__pycache__"} == set()
