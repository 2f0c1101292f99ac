"""Whether a script can be read out: every part is a template of known placeholders, the opening without health facts."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import escape_html

from hospital_followup.exceptions import TemplateError
from hospital_followup.services import placeholders, templates
from hospital_followup.services.scripts import PARTS, part_labels
from hospital_followup.services.template_limits import Finding
from hospital_followup.services.template_words import complaint


def problems(script: Any) -> list[dict[str, Any]]:
	"""What is wrong with the parts of a script: `part`, `label`, `line`, `subject`, `nearest`, and the `message`."""
	labels, everything = part_labels(), placeholders.kinds()
	early = placeholders.kinds(before_identity_check=True)
	found = []
	for part in PARTS:
		for finding in templates.check(script.get(part), everything if part != "opening" else early):
			if finding.code == "placeholder" and finding.subject in everything:
				finding = Finding("health", finding.line, finding.subject)
			found.append(
				{
					"part": part,
					"label": labels[part],
					"line": finding.line,
					"subject": finding.subject,
					"nearest": finding.nearest,
					"message": _("{0}, line {1}: {2}").format(labels[part], finding.line, complaint(finding)),
				}
			)
	return found


def refuse_unreadable(script: Any) -> None:
	"""Stop the saving of a script that could not be read out as it is meant. To retire one is always possible."""
	if script.status == "Retired":
		return
	found = problems(script)
	if found:
		frappe.throw(
			[escape_html(problem["message"]) for problem in found],
			TemplateError,
			title=_("The Text Cannot Be Read Out"),
			as_list=True,
		)
	if not any((script.get(part) or "").strip() for part in PARTS):
		frappe.throw(
			_("Write at least one part of the script, for example the opening."),
			TemplateError,
			title=_("The Script Is Empty"),
		)
