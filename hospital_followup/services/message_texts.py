"""The text of a message: which template, in which language, with what in its places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import frappe

from hospital_followup.services import templates
from hospital_followup.services.call_context import spoken_language

if TYPE_CHECKING:
	from hospital_followup.services.messages import Wanted

TEMPLATE = "Message Template"
#: Stands in the stored text where the link to the patient's page goes: the token itself is never stored.
LINK = "[[follow-up-link]]"


@dataclass(frozen=True, slots=True)
class Text:
	"""What is sent, but for the link (`fill_link`)."""

	template: str
	body: str = field(repr=False)
	subject: str | None = field(default=None, repr=False)
	provider_template: str | None = None
	variables: Mapping[str, str] = field(default_factory=dict, repr=False)


def prepare(wanted: Sequence[Wanted]) -> dict[str, Text | None]:
	"""The text of each message by key; None where no approved template fits."""
	found: dict[str, Text | None] = {}
	for item in wanted:
		name = frappe.db.get_value(
			TEMPLATE,
			{
				"status": "Approved",
				"occasion": item.occasion,
				"purpose": item.purpose,
				"channel": item.channel,
				"language": spoken_language(item.language),
			},
			"name",
			order_by="version desc, name",
		)
		if not name:
			found[item.key] = None
			continue
		template = frappe.get_cached_doc(TEMPLATE, name)
		values = {**item.values, **({"link": LINK} if item.survey else {})}
		lines = (line.partition("=") for line in (template.variables or "").splitlines() if line.strip())
		found[item.key] = Text(
			name,
			templates.render(template.body, values),
			template.subject or None,
			template.provider_template or None,
			{left.strip(): values.get(right.strip(), "") for left, _equals, right in lines},
		)
	return found


def fill_link(text: str, url: str | None) -> str:
	"""`text` with the link in its place."""
	return text.replace(LINK, url or "")
