"""Texts with placeholders that people write in forms: checked when saved, filled in without any way to run code.

A template is text with `{{ placeholder }}`, `{% if placeholder %} … {% elif … %} … {% else %} … {% endif %}` and a few
filters. Nothing else passes the check: no attribute, index or call, no loop, assignment, macro or import. What is
rendered is checked again, so that a row written past the form is no way round; values are plain text, numbers and
yes/no. Without loops the work grows with the length of the template, which is limited: rendering needs no time limit.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from difflib import get_close_matches
from functools import lru_cache
from typing import Any

from jinja2 import TemplateSyntaxError, Undefined, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from hospital_followup.services.template_limits import (
	MAX_LENGTH,
	Finding,
	limit_findings,
	line_at,
	stray_marks,
)

#: Filters a template may use, with the number of quoted texts each takes.
FILTERS = {"default": 1, "upper": 0, "lower": 0, "capitalize": 0, "trim": 0}
#: One value is never longer than this many characters in a text that is read out.
MAX_VALUE = 2000
ORDER = frozenset({"lt", "lteq", "gt", "gteq"})
EQUALITY = frozenset({"eq", "ne"})
WITHIN = frozenset({"in", "notin"})


class Unknown(Undefined):
	"""A fact nobody has entered: false in a condition, a label in square brackets where it would be read out."""

	__slots__ = ()

	@property
	def label(self) -> str:
		return f"[{self._undefined_hint or self._undefined_name}]"

	def __str__(self) -> str:
		return self.label

	def __html__(self) -> str:
		return Markup('<mark class="hf-unknown">{}</mark>').format(self.label)

	def _never(self, other: object) -> bool:
		return False

	__lt__ = __le__ = __gt__ = __ge__ = _never


class MissingValueError(LookupError):
	"""A text asks for a value that is not known, where a label in brackets must not stand."""


class Required(Unknown):
	"""A fact nobody has entered, in a text that goes out unread: false in a condition, refused where it would be shown."""

	__slots__ = ()

	def __str__(self) -> str:
		raise MissingValueError(self._undefined_name)


def check(text: str | None, allowed: Mapping[str, str] | Collection[str]) -> list[Finding]:
	"""What is wrong with a template, in the order of its lines; an empty list when it may be saved.

	`allowed` names the placeholders, each with its kind: `text`, `number` (may be compared) or `flag` (yes or no, only
	in a condition). A plain collection means texts.
	"""
	if not text:
		return []
	kinds = dict(allowed) if isinstance(allowed, Mapping) else dict.fromkeys(allowed, "text")
	found = limit_findings(text, _environment(False)) or stray_marks(text, kinds)
	if found:
		return found
	try:
		tree = _environment(False).parse(text)
	except TemplateSyntaxError as error:
		return [Finding("syntax", error.lineno, line_at(text, error.lineno))]
	checker = _Checker(kinds)
	checker.body(tree.body)
	return sorted(checker.found, key=lambda finding: finding.line)


def render(
	text: str | None,
	values: Mapping[str, Any],
	*,
	kinds: Mapping[str, str],
	unknown: Mapping[str, str] | None = None,
	html: bool = False,
	complete: bool = False,
) -> str:
	"""The text with `values` filled in; with `html` as HTML, in which the template and every value are plain text.

	`kinds` is what `check` takes; `unknown` gives the words that stand in brackets for a placeholder without a value;
	with `complete` such a placeholder raises MissingValueError. Raises ValueError when the template would not pass the
	check.
	"""
	if not text:
		return ""
	labels, absent = unknown or {}, Required if complete else Unknown
	known = {name: _plain(value) for name, value in values.items() if value is not None and value != ""}
	missing = {
		name: absent(hint=labels.get(name), name=name) for name in {*kinds, *values} if name not in known
	}
	return _compiled(text, tuple(sorted(kinds.items())), html).render({**missing, **known})


@lru_cache(maxsize=512)
def _compiled(text: str, kinds: tuple[tuple[str, str], ...], html: bool) -> Any:
	found = check(text, dict(kinds))
	if found:
		raise ValueError(f"template refused: {found[0].code} in line {found[0].line}")
	environment = _environment(html)
	tree = environment.parse(text)
	if html:
		for data in tree.find_all(nodes.TemplateData):
			data.data = str(escape(data.data))
	return environment.template_class.from_code(environment, environment.compile(tree), {})


@lru_cache(maxsize=2)
def _environment(html: bool) -> ImmutableSandboxedEnvironment:
	environment = ImmutableSandboxedEnvironment(autoescape=html, undefined=Unknown, cache_size=0)
	environment.globals.clear()
	environment.tests.clear()
	environment.filters = {name: environment.filters[name] for name in FILTERS}
	return environment


def _plain(value: Any) -> str | int | float | bool:
	"""A value that carries nothing but itself: a text that calls itself safe HTML is a text again."""
	if type(value) in (bool, int, float):
		return value
	return "".join(str(value))[:MAX_VALUE] if type(value) is str else str.__str__(str(value))[:MAX_VALUE]


class _Checker:
	"""Walks the parsed template; whatever it does not know is refused."""

	def __init__(self, kinds: Mapping[str, str]) -> None:
		self.kinds = kinds
		self.found: list[Finding] = []

	def body(self, body: list[nodes.Node]) -> None:
		for node in body:
			if isinstance(node, nodes.Output):
				for part in node.nodes:
					if not isinstance(part, nodes.TemplateData):
						self.output(part)
			elif isinstance(node, nodes.If):
				self.condition(node.test)
				self.body(node.body)
				self.body(node.elif_)
				self.body(node.else_)
			else:
				self.refuse("tag", node, type(node).__name__.lower())

	def output(self, node: nodes.Node) -> None:
		"""A placeholder, with filters or without."""
		while isinstance(node, nodes.Filter):
			self.filter(node)
			if node.node is None:
				return
			node = node.node
		if isinstance(node, nodes.Name):
			if self.name(node) == "flag":
				self.refuse("flag", node, node.name)
		else:
			self.expression(node)

	def filter(self, node: nodes.Filter) -> None:
		if node.name not in FILTERS:
			self.refuse("filter", node, node.name)
		elif (
			node.kwargs
			or node.dyn_args
			or node.dyn_kwargs
			or len(node.args) > FILTERS[node.name]
			or not all(isinstance(arg, nodes.Const) and isinstance(arg.value, str) for arg in node.args)
		):
			self.refuse("filter_arguments", node, node.name)

	def condition(self, node: nodes.Node) -> None:
		if isinstance(node, nodes.And | nodes.Or):
			self.condition(node.left)
			self.condition(node.right)
		elif isinstance(node, nodes.Not):
			self.condition(node.node)
		elif isinstance(node, nodes.Compare):
			self.comparison(node)
		elif isinstance(node, nodes.Name):
			self.name(node)
		else:
			self.expression(node)

	def comparison(self, node: nodes.Compare) -> None:
		"""One placeholder against one fixed value, of the same kind, so that comparing cannot fail."""
		operand = node.ops[0]
		if len(node.ops) > 1:
			return self.refuse("comparison", node, "")
		left, right, way = node.expr, operand.expr, operand.op
		if way in WITHIN:
			left, right = right, left
		if not (isinstance(left, nodes.Name) and isinstance(right, nodes.Const)):
			for side in (left, right):
				if not isinstance(side, nodes.Const | nodes.Name):
					return self.expression(side)
			return self.refuse("comparison", node, "")
		kind = self.name(left)
		number = type(right.value) in (int, float)
		fits = {
			"text": isinstance(right.value, str) and way in EQUALITY | WITHIN,
			"number": number and way in EQUALITY | ORDER,
			None: True,
		}
		if not fits.get(kind):
			self.refuse("comparison", node, left.name)

	def name(self, node: nodes.Name) -> str | None:
		kind = self.kinds.get(node.name)
		if kind is None or node.ctx != "load":
			near = get_close_matches(node.name.lower(), self.kinds, n=1, cutoff=0.5)
			self.refuse("placeholder", node, node.name, near[0] if near else "")
		return kind

	def expression(self, node: nodes.Node) -> None:
		"""Anything that is neither a placeholder nor a comparison, named as people would call it."""
		names = {
			nodes.Getattr: "attribute",
			nodes.Getitem: "item",
			nodes.Call: "call",
			nodes.Filter: "filter_place",
			nodes.Const: "constant",
			nodes.Test: "test",
		}
		code = next((code for kind, code in names.items() if isinstance(node, kind)), "expression")
		attribute = getattr(node, "attr", None) or getattr(node, "name", None)
		self.refuse(code, node, attribute if isinstance(attribute, str) else "")

	def refuse(self, code: str, node: nodes.Node, subject: str, nearest: str = "") -> None:
		self.found.append(Finding(code, node.lineno, subject, nearest))


__all__ = ["FILTERS", "MAX_LENGTH", "Finding", "MissingValueError", "Unknown", "check", "render"]
