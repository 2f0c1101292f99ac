"""What is wrong with a template, said to the person who wrote it: which line, which word, what to do."""

from __future__ import annotations

from frappe import _

from hospital_followup.services.template_limits import Finding
from hospital_followup.services.templates import FILTERS


def complaint(finding: Finding) -> str:
	"""What is wrong and what to do, without the line."""
	subject, nearest = finding.subject, finding.nearest
	if finding.code == "placeholder":
		if nearest:
			return _("there is no placeholder “{0}”. Did you mean “{1}”?").format(subject, nearest)
		return _("there is no placeholder “{0}”. Choose one from the list below the text.").format(subject)
	if finding.code == "filter":
		names = ", ".join(FILTERS)
		return _("“{0}” is not possible after “|”. Possible are: {1}.").format(subject, names)
	return _complaints().get(finding.code, _complaints()["expression"]).format(subject)


def _complaints() -> dict[str, str]:
	return {
		"health": _(
			"“{0}” tells something about health or the stay. The opening is read out before the identity check; "
			"use it in a later part."
		),
		"flag": _("“{0}” is a yes or no. Use it as a condition, {{% if {0} %}} … {{% endif %}}."),
		"braces": _("“{0}” is read out as it stands. A placeholder is written {{{{ name }}}}."),
		"html": _("“{0}” looks like HTML. Write plain text; each line becomes a paragraph."),
		"syntax": _("this cannot be read: “{0}”. A placeholder or a condition is not written to its end."),
		"tag": _("“{0}” is not possible. Only if, elif, else and endif are."),
		"attribute": _("“.{0}” is not possible; placeholders are plain texts."),
		"item": _("square brackets are not possible; placeholders are plain texts."),
		"call": _("round brackets after a name are not possible; nothing can be called from a text."),
		"constant": _("a fixed text or number needs no braces; write it as it is."),
		"test": _("“is {0}” is not possible. Write {{% if name %}} to ask whether something is known."),
		"filter_place": _("“|{0}” is not possible inside a condition."),
		"filter_arguments": _("“{0}” takes a text in quotation marks at most."),
		"comparison": _("compare one placeholder with one fixed text or number: {{% if age >= 65 %}}."),
		"expression": _("only placeholders can be shown, and conditions can only compare them."),
		"long_tag": _("too much stands between one pair of braces. Make it several shorter ones."),
		"depth": _("more than {0} conditions stand inside each other."),
		"length": _("the text is longer than {0} characters. Nobody listens that long."),
	}
