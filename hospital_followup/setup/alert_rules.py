"""The alert rules a hospital starts with; switched on are those whose source is solid."""

from __future__ import annotations

import frappe

from hospital_followup.services.alert_rule_check import problem_sentences
from hospital_followup.setup.content import shipped, text

RULE = "Follow-up Alert Rule"


def seed_alert_rules() -> None:
	"""Insert what is missing, known by its title in any language; beside a hospital's own rules it comes switched off."""
	first = not frappe.db.count(RULE)
	for rule in shipped("alert_rules"):
		if frappe.db.exists(RULE, {"title": ("in", list(rule["title"].values()))}):
			continue
		texts = {field: text(rule[field]) for field in ("title", "source_note")}
		doc = frappe.get_doc({"doctype": RULE, **rule, **texts})
		# The hospital's own questionnaires may not ask what the rule looks at.
		doc.enabled = int(bool(rule["enabled"] and first and not problem_sentences(doc)))
		doc.insert()
