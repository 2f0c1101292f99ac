"""The files of `settings` the other way round: a policy or pathways as the objects that are read there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hospital_followup.engine.facts import Pathway, PathwayStep, Policy, PolicyRule

Content = dict[str, Any]


def policy_content(policy: Policy) -> Content:
	"""What `settings.read_policy` reads as this policy."""
	return {
		"title": policy.title,
		"version": policy.version,
		"rules": [_rule(rule) for rule in policy.rules],
	}


def _rule(rule: PolicyRule) -> Content:
	content: Content = {
		"risk_tier": rule.risk_tier,
		"value_tier": rule.value_tier,
		"interval": rule.interval,
		"interval_unit": rule.interval_unit,
		"contacts": rule.contacts,
		"first_contact_day": rule.first_contact_day,
		"channel": rule.channel,
		"role": rule.role,
		"topics": list(rule.topics),
	}
	return {**content, "clinical_floor": True} if rule.clinical_floor else content


def pathways_content(pathways: Sequence[Pathway]) -> Content:
	"""What `settings.read_pathways` reads as these pathways."""
	return {"pathways": [_pathway(pathway) for pathway in pathways]}


def _pathway(pathway: Pathway) -> Content:
	wanted = pathway.applies
	applies: Content = {"diagnoses": list(wanted.diagnoses), "departments": list(wanted.departments)}
	if wanted.procedures:
		applies["procedures"] = list(wanted.procedures)
	applies.update({"sex": wanted.sex, "age_from": wanted.age_from, "age_to": wanted.age_to})
	return {
		"title": pathway.title,
		"version": pathway.version,
		"anchor": pathway.anchor,
		"applies": applies,
		"steps": [_step(step) for step in pathway.steps],
	}


def _step(step: PathwayStep) -> Content:
	content: Content = {"id": step.id, "offset": step.offset, "offset_unit": step.offset_unit}
	if step.repeat_every or step.repeat_unit != "Day":
		content["repeat_every"] = step.repeat_every
		content["repeat_unit"] = step.repeat_unit
	if step.repeat_count != 1:
		content["repeat_count"] = step.repeat_count
	content.update({"window_days": step.window_days, "topics": list(step.topics)})
	for name in ("channel", "role", "script", "questionnaire"):
		if getattr(step, name):
			content[name] = getattr(step, name)
	return content
