"""Texts with placeholders: whatever reaches for more than a plain value is refused when saved, and never rendered."""

from __future__ import annotations

import frappe
import pytest
from markupsafe import Markup

from hospital_followup.exceptions import TemplateError
from hospital_followup.services import templates
from hospital_followup.services.template_limits import MAX_LENGTH
from tests.site.samples import saved

KINDS = {"patient_name": "text", "revisit_date": "text", "age": "number", "is_child": "flag"}

ATTACKS = {
	"dunder of a value": "{{ patient_name.__class__ }}",
	"chain of dunders": "{{ patient_name.__class__.__mro__[1].__subclasses__() }}",
	"method of a text": "{{ patient_name.upper() }}",
	"format with attribute": "{{ '{0.__class__}'.format(patient_name) }}",
	"format_map": "{{ '{x.__init__}'.format_map({'x': patient_name}) }}",
	"percent formatting": "{{ '%s' % patient_name }}",
	"format filter": "{{ '%s'|format(patient_name) }}",
	"attr filter": "{{ patient_name|attr('__class__') }}",
	"attr filter after a good one": "{{ patient_name|upper|attr('__class__') }}",
	"map filter": "{{ patient_name|map(attribute='__class__')|list }}",
	"safe filter": "{{ patient_name|safe }}",
	"tojson filter": "{{ patient_name|tojson }}",
	"a wide column": "{{ patient_name|center(99999999) }}",
	"replacing for ever": "{{ patient_name|replace('', patient_name) }}",
	"item": "{{ patient_name['__class__'] }}",
	"item with a number": "{{ patient_name[0] }}",
	"slice": "{{ patient_name[::-1] }}",
	"loop over a range": "{% for i in range(999999999) %}x{% endfor %}",
	"loop over a text": "{% for letter in patient_name %}{{ letter }}{% endfor %}",
	"nested loops": "{% for a in 'x'*99999 %}{% for b in 'y'*99999 %}.{% endfor %}{% endfor %}",
	"power": "{{ 9**9**9 }}",
	"a long text by multiplying": "{{ 'x' * 999999999 }}",
	"a long number": "{% if age == " + "9" * 3000 + " %}x{% endif %}",
	"concatenation": "{{ patient_name ~ patient_name }}",
	"list": "{{ [patient_name, age] }}",
	"dictionary": "{{ {'a': patient_name} }}",
	"tuple": "{{ patient_name, age }}",
	"set": "{% set x = patient_name %}{{ x }}",
	"set block": "{% set x %}{{ patient_name }}{% endset %}",
	"import": "{% import 'os' as os %}",
	"from import": "{% from 'os' import system %}",
	"include": "{% include 'templates/login.html' %}",
	"extends": "{% extends 'templates/base.html' %}",
	"block": "{% block content %}x{% endblock %}",
	"macro": "{% macro f() %}x{% endmacro %}{{ f() }}",
	"call block": "{% call f() %}x{% endcall %}",
	"filter block": "{% filter upper %}x{% endfilter %}",
	"with": "{% with x = patient_name %}{{ x }}{% endwith %}",
	"do": "{% do patient_name.append(1) %}",
	"raw": "{% raw %}{{ patient_name.__class__ }}{% endraw %}",
	"autoescape off": "{% autoescape false %}{{ patient_name }}{% endautoescape %}",
	"trans": "{% trans %}x{% endtrans %}",
	"cycler": "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
	"joiner": "{{ joiner.__init__.__globals__ }}",
	"namespace": "{{ namespace(a=1).a }}",
	"lipsum": "{{ lipsum.__globals__['os'].system('id') }}",
	"lipsum by name only": "{{ lipsum }}",
	"range by name only": "{{ range }}",
	"self": "{{ self._TemplateReference__context }}",
	"self by name only": "{{ self }}",
	"request": "{{ request.application.__globals__ }}",
	"config": "{{ config.items() }}",
	"frappe": "{{ frappe.db.get_value('User', 'x', 'api_key') }}",
	"frappe by name only": "{{ frappe }}",
	"document": "{{ doc.owner }}",
	"context functions": "{{ get_doc('User', 'Administrator').api_secret }}",
	"call of a placeholder": "{{ patient_name() }}",
	"call inside a condition": "{% if patient_name.startswith('W') %}x{% endif %}",
	"attribute inside a condition": "{% if patient_name.__class__ %}x{% endif %}",
	"filter inside a condition": "{% if patient_name|attr('x') %}x{% endif %}",
	"test": "{% if patient_name is sameas(age) %}x{% endif %}",
	"condition in the output": "{{ patient_name.x if patient_name else 1 }}",
	"nested quotes": "{{ \"'\"|attr('\\x5f\\x5fclass\\x5f\\x5f') }}",
	"hidden underscore": "{{ patient_name|default('a')|attr('\\u005f\\u005fclass\\u005f\\u005f') }}",
	"argument that is a placeholder": "{{ patient_name|default(age.__class__) }}",
	"second argument": "{{ patient_name|default('x', true) }}",
	"named argument": "{{ patient_name|default(default_value='x') }}",
	"spread argument": "{{ patient_name|default(*patient_name) }}",
	"full-width letters": "{{ ｐatient_name }}",
	"letters of another script": "{{ pаtient_name }}",
	"zero-width space": "{{ patient\u200b_name }}",
	"line statement": "# for x in y\n{{ x }}",
	"number against text": "{% if age > 'a' %}x{% endif %}",
	"chain of comparisons": "{% if 1 < age < 9 %}x{% endif %}",
	"deep parentheses": "{{ " + "(" * 1900 + "age" + ")" * 1900 + " }}",
	"deep conditions": "{% if age %}" * 150 + "x" + "{% endif %}" * 150,
	"many negations": "{% if " + "not " * 900 + "age %}x{% endif %}",
	"huge text": "x" * (MAX_LENGTH + 1),
	"unclosed": "{{ patient_name",
	"unclosed condition": "{% if age %}x",
	"empty braces": "{{ }}",
	"script element": "<script>alert(1)</script>",
	"event handler": "<img src=x onerror=alert(1)>",
	"unclosed element": "<svg/onload=alert(1)//",
	"comment element": "<!-- x -->",
}


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS.keys())
class TestAttack:
	def test_is_refused_when_saved(self, attack: str) -> None:
		with pytest.raises(TemplateError):
			saved("Follow-up Script", inquiry=attack)

	def test_is_not_rendered_when_written_past_the_form(self, attack: str) -> None:
		script = saved("Follow-up Script", inquiry="x")
		frappe.db.set_value("Follow-up Script", script.name, "inquiry", attack)
		stored = frappe.db.get_value("Follow-up Script", script.name, "inquiry")
		with pytest.raises(ValueError, match="refused"):
			templates.render(stored, {"patient_name": "Wang"}, kinds=KINDS)


@pytest.mark.parametrize("html", [False, True])
@pytest.mark.parametrize(
	"value",
	["{{ age }}", "{% if x %}", "{{ ''.__class__ }}", "%s %(a)s {0}", "<script>alert(1)</script>", "a & b"],
)
def test_a_value_is_never_read_as_a_template(value: str, html: bool) -> None:
	text = templates.render("{{ patient_name }}", {"patient_name": value}, kinds=KINDS, html=html)
	assert text == (value if not html else str(Markup.escape(value)))


@pytest.mark.parametrize(
	"value",
	[
		"<script>alert(1)</script>",
		'"><img src=x onerror=alert(1)>',
		Markup("<b>trusted?</b>"),
		"<svg onload='x'>",
	],
)
def test_html_of_a_patient_is_text(value: str) -> None:
	html = templates.render(
		"{{ patient_name }} {{ revisit_date|default('<i>') }}",
		{"patient_name": value},
		kinds=KINDS,
		html=True,
	)
	assert "<" not in html


def test_the_labels_of_unknown_values_are_text() -> None:
	html = templates.render("{{ revisit_date }}", {}, kinds=KINDS, unknown={"revisit_date": "<b>"}, html=True)
	assert html == '<mark class="hf-unknown">[&lt;b&gt;]</mark>'


@pytest.mark.parametrize("value", [None, ""])
def test_an_unknown_value_is_false_and_shown_in_brackets(value: str | None) -> None:
	text = "{% if revisit_date %}x{% else %}y{% endif %} {{ revisit_date }}"
	values = {"revisit_date": value}
	assert templates.render(text, values, kinds=KINDS, unknown={"revisit_date": "date?"}) == "y [date?]"


@pytest.mark.parametrize(
	("text", "said"),
	[
		("{% if age >= 65 %}a{% elif age > 17 %}b{% else %}c{% endif %}", "b"),
		("{% if not is_child and (revisit_date or age == 30) %}a{% endif %}", "a"),
		("{% if '王' in patient_name %}a{% endif %}", "a"),
		("{% if patient_name == '王芳' %}a{% endif %}", "a"),
		("{% if revisit_date > 'x' %}a{% endif %}b", None),
		("{% if revisit_date == 'x' %}a{% else %}b{% endif %}", "b"),
		("{{ revisit_date|default('soon') }}, {{ patient_name|default('x') }}", "soon, 王芳"),
		("{{ patient_name|trim|upper }}", "王芳"),
		("{# for the writer #}a", "a"),
		("100 % { a } # b", "100 % { a } # b"),
		("{%- if age -%} a {%- endif -%} ", "a"),
	],
)
def test_what_a_template_can_say(text: str, said: str | None) -> None:
	values = {"patient_name": "王芳", "age": 30, "is_child": False}
	if said is None:
		assert templates.check(text, KINDS)
	else:
		assert templates.check(text, KINDS) == []
		assert templates.render(text, values, kinds=KINDS) == said


def test_comparing_what_is_unknown_never_fails() -> None:
	for way in ("==", "!=", "<", "<=", ">", ">="):
		templates.render("{% if age " + way + " 3 %}a{% endif %}", {}, kinds=KINDS)


@pytest.mark.parametrize(
	("text", "line", "subject", "nearest"),
	[
		("a\nb {{ patient_nam }}", 2, "patient_nam", "patient_name"),
		("{{ Patient_Name }}", 1, "Patient_Name", "patient_name"),
		("{% if revist_date %}a{% endif %}", 1, "revist_date", "revisit_date"),
		("a\n\n{% if age %}\n{{ zzz }}{% endif %}", 4, "zzz", ""),
	],
)
def test_a_wrong_placeholder_is_named_with_its_line_and_what_was_meant(
	text: str, line: int, subject: str, nearest: str
) -> None:
	(finding,) = templates.check(text, KINDS)
	assert (finding.code, finding.line, finding.subject, finding.nearest) == (
		"placeholder",
		line,
		subject,
		nearest,
	)


@pytest.mark.parametrize(
	"text", ["｛｛ patient_name ｝｝", "{patient_name}", "a }} b", "a %} b", "｛patient_name｝"]
)
def test_braces_that_would_be_read_out_are_refused(text: str) -> None:
	(finding,) = templates.check(text, KINDS)
	assert finding.code == "braces"


def test_every_finding_has_words_of_its_own() -> None:
	from hospital_followup.services import template_words
	from hospital_followup.services.template_limits import Finding

	codes = {
		finding.code
		for text in [*ATTACKS.values(), "{patient_name}", "{{ is_child }}", "{{ 5 }}"]
		for finding in templates.check(text, KINDS)
	}
	fallback = template_words.complaint(Finding("expression", 1))
	words = {code: template_words.complaint(Finding(code, 1, "x")) for code in codes}
	assert [code for code, text in words.items() if text == fallback and code != "expression"] == []
	assert codes >= {
		"placeholder",
		"filter",
		"flag",
		"html",
		"length",
		"depth",
		"long_tag",
		"tag",
		"attribute",
	}
