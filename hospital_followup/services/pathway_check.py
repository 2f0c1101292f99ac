"""What is impossible or unwise in a Care Pathway, in sentences that name the step; the engine decides, here it gets its words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import frappe
from frappe import _
from frappe.utils import cstr, escape_html

from hospital_followup.engine.pathway import PathwayIssue, check
from hospital_followup.engine.pathway_check import Finding, StepText, Surroundings, examine
from hospital_followup.exceptions import InvalidValueError
from hospital_followup.services.care_pathways import of_document
from hospital_followup.services.queries import select
from hospital_followup.services.reaction_check import doubtful

SETTINGS = "Follow-up Settings"
#: What a step may name, and the doctype that holds it.
TEXTS = {"script": "Follow-up Script", "questionnaire": "Follow-up Questionnaire"}
APPROVED = "Approved"


@dataclass(frozen=True, slots=True)
class Remark:
	"""One finding in words; `steps` are the rows that it is about. A blocking one stands in the way of activation."""

	code: str
	sentence: str
	steps: tuple[int, ...]
	blocking: bool


def remarks(doc: Any) -> list[Remark]:
	"""Everything the check finds in a pathway, saved or being edited, what stands in the way of activation first."""
	pathway = of_document(doc)
	found = [
		Remark(issue.code, _issue(doc, issue), (issue.step,) if issue.step else (), True)
		for issue in check(pathway)
		if issue.field != "id"  # given when the pathway is saved
	]
	for finding in examine(pathway, _surroundings(doc)):
		rows = tuple(row for row in (finding.step, finding.other) if row)
		found.append(Remark(finding.code, _sentence(doc, finding), rows, finding.blocking))
	found += [Remark(*words) for words in doubtful(doc)]
	return sorted(found, key=lambda remark: not remark.blocking)


def refuse_impossible(doc: Any) -> None:
	"""Stop the activation of a pathway with a step that nobody would reach, or with criteria that nobody meets."""
	blocking = [remark.sentence for remark in remarks(doc) if remark.blocking]
	if blocking:
		frappe.throw(
			[escape_html(sentence) for sentence in blocking],
			InvalidValueError,
			title=_("The Pathway Cannot Be Followed"),
			as_list=True,
		)


def readable(doc: Any) -> Any:
	"""A pathway that is being typed, without the ages and days that are no numbers yet."""
	for row, field in (
		(doc, "age_from"),
		(doc, "age_to"),
		*((step, "revisit_after_days") for step in doc.steps),
	):
		if not cstr(row.get(field)).strip().isdecimal():
			row.set(field, None)
	return doc


def _surroundings(doc: Any) -> Surroundings:
	settings = frappe.get_cached_doc(SETTINGS)
	return Surroundings(
		merge_within_days=settings.merge_within_days,
		max_per_week=settings.max_contacts_per_week or 3,
		language=settings.default_language or frappe.get_system_settings("language") or "",
		texts={
			field: _texts(doctype, {cstr(step.get(field)) for step in doc.steps if step.get(field)})
			for field, doctype in TEXTS.items()
		},
	)


def _texts(doctype: str, names: set[str]) -> dict[str, StepText]:
	"""The named texts; a call takes another approved version or translation of them where there is one."""
	named = select(
		doctype, ("name", "title", "set_code", "language", "status", "department"), "name", sorted(names)
	)
	in_use: dict[tuple[str, str], set[str]] = {}
	for field in ("title", "set_code"):
		wanted = sorted({row[field] for row in named if row[field]})
		for row in select(doctype, (field, "language", "status"), field, wanted):
			if row.status == APPROVED:
				in_use.setdefault((field, row[field]), set()).add(row.language or "")
	return {
		row.name: StepText(
			row.name,
			row.status,
			frozenset(in_use.get(("title", row.title), ()))
			| frozenset(in_use.get(("set_code", row.set_code), ())),
			row.department or "",
		)
		for row in named
	}


def _issue(doc: Any, issue: PathwayIssue) -> str:
	if issue.code == "no_steps":
		return _("The pathway has no steps. Add the first contact.")
	row = doc.steps[issue.step - 1] if issue.step else doc
	label = _(row.meta.get_label(issue.field), context=row.doctype)
	if issue.code == "out_of_range":
		return _("Row {0}: {1} is {2}, possible is {3}.").format(
			issue.step, label, issue.value, issue.expected
		)
	return _("Row {0}: {1} cannot be “{2}”. Choose from {3}.").format(
		issue.step, label, issue.value, issue.expected
	)


def _sentence(doc: Any, finding: Finding) -> str:
	labels = [_field(doc, name) for name in finding.fields]
	words: dict[str, object] = {
		"step": _named(doc, finding.step, finding.contact),
		"other": _named(doc, finding.other, finding.other_contact),
		"field": _("{0} and {1}").format(", ".join(labels[:-1]), labels[-1])
		if labels[1:]
		else "".join(labels),
		"value": finding.value,
		"expected": finding.expected,
		"days": finding.days,
		"count": finding.count,
		"total": finding.total,
	}
	if finding.code == "sex_never_fits":
		words["value"] = _(finding.value)
	if finding.code == "text_not_approved":
		words["expected"] = _(finding.expected)
	if finding.code == "text_language":
		words["expected"] = (
			frappe.db.get_value("Language", finding.expected, "language_name") or finding.expected
		)
	for sentences in (_of_people, _of_dates, _of_texts):
		if finding.code in (known := sentences()):
			return known[finding.code].format(**words)
	raise KeyError(finding.code)


def _field(doc: Any, name: str) -> str:
	"""The label of a field of the step, else of the pathway."""
	meta = frappe.get_meta("Care Pathway Step")
	owner = meta if meta.has_field(name) else doc.meta
	return _(owner.get_label(name), context=owner.name)


def _named(doc: Any, row: int, contact: int) -> str:
	"""Step 2 “One month”, or its third contact."""
	if not row:
		return ""
	step = doc.steps[row - 1]
	name = _("step {0} “{1}”").format(row, step.title) if step.title else _("step {0}").format(row)
	if step.repeat_every and contact > 1:
		return _("{0}, contact {1}").format(name, contact)
	return name


def _of_people() -> dict[str, str]:
	return {
		"nobody_fits": _("Nobody is {value} years old. Exchange the two ages."),
		"age_never_fits": _("{field}: nobody of {value} years expects a child. Change the ages."),
		"sex_never_fits": _(
			"{field} does not go with the sex “{value}”, so the pathway fits nobody. Change one of them."
		),
	}


def _of_dates() -> dict[str, str]:
	return {
		"before_anchor": _(
			"{step}: {count} of {total} contacts are over before the pathway begins. Choose a later day."
		),
		"before_pregnancy": _(
			"{step}: {count} of {total} contacts are over before the pregnancy begins, 40 weeks before the expected "
			"delivery. Choose a later day."
		),
		"over_before_age": _(
			"{step}: {count} of {total} contacts are over before the age of {value}, from which on the pathway fits. "
			"Choose a later day, or a younger age."
		),
		"too_far": _(
			"{step}: {count} of {total} contacts lie beyond a human life. Choose a shorter time or fewer contacts."
		),
		"too_many_contacts": _(
			"The pathway has {value} contacts; more than {expected} are not possible. Repeat less often."
		),
		"contradiction": _(
			"{step} and {other} can fall on the same day with a different {field}. Only one contact a day is made, so "
			"one of the two would be lost. Move one of them, or put them together."
		),
		"same_day": _(
			"{step} and {other} can fall on the same day. One of them would be moved, or both become one contact. Put "
			"them together, or move one."
		),
		"too_close": _(
			"{step} and {other} can be only {days} day(s) apart: two contacts where one would do. Put them together, or "
			"move one."
		),
		"week_cap": _(
			"From {step} to {other} there are {value} contacts within seven days, more than the settings allow. Some "
			"would be moved or put together."
		),
		"window_over_repeat": _(
			"{step}: the window of {days} days is longer than the {value} days until the next contact, so two of them "
			"could be made on one day. Choose at most {expected} days before and after."
		),
	}


def _of_texts() -> dict[str, str]:
	return {
		"text_missing": _("{step}: {field} “{value}” does not exist any more. Choose another one."),
		"text_not_approved": _(
			"{step}: {field} “{value}” is not approved ({expected}). Until it is, the call sheet chooses another one "
			"that fits the patient."
		),
		"text_language": _(
			"{step}: {field} “{value}” is not approved in {expected}, the language of the hospital. Choose one in that "
			"language, or have a translation approved."
		),
		"text_department": _(
			"{step}: {field} “{value}” was written for {expected}, but the pathway is for other departments as well. "
			"Choose another one, or limit the pathway to this department."
		),
	}
