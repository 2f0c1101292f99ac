"""Whether a message template may be saved: placeholders, the provider's variables, no promotion in care, and ways out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

import frappe
from frappe import _
from frappe.utils import escape_html

from hospital_followup.engine.promotion import promotion_in
from hospital_followup.exceptions import TemplateError
from hospital_followup.services import message_placeholders, templates
from hospital_followup.services.message_placeholders import PLACEHOLDERS
from hospital_followup.services.message_texts import variable_map
from hospital_followup.services.template_limits import Finding
from hospital_followup.services.template_words import complaint

PARTS = ("subject", "body")
LINKS = frozenset({"link", "link_token"})
FIXED = frozenset(item.name for item in PLACEHOLDERS if item.fixed)
PLACEHOLDER = re.compile(r"\{\{-?\s*(\w+)")
CONDITION = re.compile(r"\{%-?\s*(?:el)?if\s+(.*?)-?%\}", re.DOTALL)
CODE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)


def problems(template: Any) -> list[dict[str, str]]:
	"""What is wrong with a template: the `field` it stands in and the `message`, in the order of the form."""
	found = [*_unreadable(template)]
	if not found:  # what a text asks of the patient is looked at once it can be read
		found += [*_promoting(template), *_incomplete(template), *_of_provider(template)]
	return found


def refuse_unsendable(template: Any) -> None:
	"""Stop the saving of a template that must not go out as it is. To retire one is always possible."""
	if template.status == "Retired":
		return
	found = problems(template)
	if found:
		frappe.throw(
			[escape_html(problem["message"]) for problem in found],
			TemplateError,
			title=_("The Message Cannot Be Sent Like This"),
			as_list=True,
		)


def names_in(text: str | None) -> set[str]:
	"""The placeholders that a text shows."""
	return set(PLACEHOLDER.findall(text or ""))


def _unreadable(template: Any) -> list[dict[str, str]]:
	channel, everything = template.channel, {item.name for item in PLACEHOLDERS}
	labels = {"subject": _("Subject"), "body": _("Body")}
	found = []
	for part in PARTS:
		allowed = message_placeholders.kinds(channel, subject=part == "subject")
		for finding in templates.check(template.get(part), allowed):
			if finding.code == "placeholder" and finding.subject in everything:
				words = _misplaced(finding.subject, part, channel)
			else:
				words = complaint(finding)
			found.append(_problem(part, _("{0}, line {1}: {2}").format(labels[part], finding.line, words)))
	for name, placeholder in variable_map(template.get("variables")).items():
		if placeholder not in message_placeholders.kinds(channel):
			words = (
				_misplaced(placeholder, "body", channel)
				if placeholder in everything
				else complaint(Finding("placeholder", 1, placeholder, _nearest(placeholder, everything)))
			)
			found.append(_problem("variables", _("{0}, {1}: {2}").format(_("Variables"), name, words)))
	return found


def _nearest(name: str, names: Iterable[str]) -> str:
	return next(iter(get_close_matches(name.lower(), sorted(names), n=1, cutoff=0.5)), "")


def _misplaced(name: str, part: str, channel: str) -> str:
	if part == "subject":
		return _("“{0}” cannot stand in the subject line, which is read over the patient's shoulder.").format(
			name
		)
	return _(
		"“{0}” can tell an illness, and {1} shows itself on a locked telephone. Use it in WeChat or an email, or "
		"write a sentence without it."
	).format(name, _(channel))


def _promoting(template: Any) -> list[dict[str, str]]:
	if template.purpose == "Promotion":
		return []
	for part in PARTS:
		found = promotion_in(CODE.sub(" ", template.get(part) or ""))
		if found:
			return [
				_problem(
					part,
					_(
						"“{0}” advertises (“{1}”). Who agreed to {2} has not agreed to advertising: take the sentence "
						"out, or make a template of its own with the purpose {3}."
					).format(found.sentence, found.words, _(template.purpose), _("Promotion")),
				)
			]
	return []


def _incomplete(template: Any) -> list[dict[str, str]]:
	body = template.get("body") or ""
	shown = names_in(body)
	found = []
	if template.occasion == "Survey Invitation" and not shown & LINKS:
		found.append(_problem("body", _("An invitation to a survey needs the link: write {{ link }}.")))
	number = frappe.get_cached_doc("Follow-up Settings").emergency_number or ""
	if shown & LINKS and not ("emergency_number" in shown or (number and number in CODE.sub(" ", body))):
		found.append(
			_problem(
				"body",
				_(
					"Who is invited to answer may need help at once: name the emergency number, {{ emergency_number }}."
				),
			)
		)
	if template.purpose == "Promotion" and "stop_hint" not in shown:
		found.append(
			_problem(
				"body", _("Advertising says how to end it: write {{ stop_hint }} at the end of the text.")
			)
		)
	return found


def _of_provider(template: Any) -> list[dict[str, str]]:
	"""Where the provider's approved template is what goes out, our text must be able to say the same."""
	if not template.get("provider_template"):
		return []
	mapped = set(variable_map(template.get("variables")).values())
	found = [
		_problem(
			"body",
			_(
				"“{0}” changes from message to message, but the provider is not told it. Add a line to {1}."
			).format(name, _("Variables")),
		)
		for name in sorted(names_in(template.get("body")) - mapped - FIXED - {"stop_hint"})
	]
	for condition in CONDITION.findall(template.get("body") or ""):
		if not set(re.findall(r"[a-z_]+", condition)) <= FIXED | {"and", "or", "not"}:
			found.append(
				_problem(
					"body",
					_(
						"The provider's template knows no conditions: “{0}”. Write the text as it was approved."
					).format(condition.strip()),
				)
			)
	return found


def _problem(field: str, message: str) -> dict[str, str]:
	return {"field": field, "message": message}
