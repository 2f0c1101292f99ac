"""The alarms of a contact: flags of its answers, scores, and the alert rules, raised with the save that caused them.

However a log is saved (call sheet, form, REST), it goes through here. A questionnaire's own flag and a rule about the same
answer are one alarm.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

import frappe
from frappe import _
from frappe.utils import format_time, get_fullname, nowtime

from hospital_followup.engine import alerts as engine
from hospital_followup.engine.questions import RED
from hospital_followup.services import alert_facts, alerts
from hospital_followup.services.alert_rules import enabled_rules
from hospital_followup.services.alert_sentences import detail, spoken
from hospital_followup.services.answers import evaluation_of

if TYPE_CHECKING:
	from hospital_followup.hospital_followup.doctype.follow_up_log.follow_up_log import FollowupLog
	from hospital_followup.hospital_followup.doctype.follow_up_survey.follow_up_survey import FollowupSurvey


#: How the keys of alerts about a patient who asks to be called begin; the call answers them.
CALL_ASKED = "call|"


@dataclass(frozen=True, slots=True)
class Alarm:
	"""One reason for an alert."""

	severity: str
	detail: str
	kind: str = "Clinical"
	rule: str | None = None


def sound(doc: FollowupLog) -> None:
	"""Raise an alert for everything that has become alarming with this save, and note corrections."""
	before = doc.get_doc_before_save()
	rules = enabled_rules(engine.CONTACT)
	context = _Context(doc, rules)
	former = context.alarms(before) if before else {}
	now = context.alarms(doc)
	for key, alarm in former.items():
		corrected = key not in now or (key.startswith("answer|") and now[key].detail != alarm.detail)
		if corrected:
			alerts.note(key, doc.name, _correction(now.get(key), alarm, key, doc))
	for key, alarm in now.items():
		if former.get(key) != alarm:
			alerts.raise_alert(
				kind=alarm.kind,
				severity=alarm.severity,
				patient=doc.patient,
				task=doc.task,
				log=doc.name,
				instead_of=doc.amended_from,
				detail=alarm.detail,
				rule=alarm.rule,
				key=key,
			)


def sound_survey(doc: FollowupSurvey) -> None:
	"""Raise an alert for every rule that an answered survey meets; what became a contact has raised its own."""
	before = doc.get_doc_before_save()
	if doc.status != "Answered" or (before and before.status == "Answered") or doc.log:
		return
	rules = enabled_rules(engine.CONTACT)
	context = _Context(doc, rules)
	for key, alarm in context.alarms(doc).items():
		alerts.raise_alert(
			kind=alarm.kind,
			severity=alarm.severity,
			patient=doc.patient,
			task=doc.task,
			survey=doc.name,
			detail=alarm.detail,
			rule=alarm.rule,
			key=key,
		)


def sound_call(page: FollowupSurvey, call: str, put_off: datetime | None = None) -> None:
	"""Raise an alert for every rule about patients who ask on their own page to be called; `call` is that call.

	`put_off` is the time to which the call had been put off before the patient asked again: an occasion of its own.
	"""
	again = f"|{put_off:%Y-%m-%d %H:%M}" if put_off else ""
	rules = enabled_rules(engine.REQUEST)
	risk_tier = alert_facts.risk_tier_of(page.patient, rules)
	for finding in engine.evaluate(rules, alert_facts.facts_of_call(page, risk_tier=risk_tier)):
		alerts.raise_alert(
			kind=finding.rule.kind,
			severity=finding.rule.severity,
			patient=page.patient,
			task=call,
			survey=page.name,
			detail=detail(finding),
			rule=finding.rule.name,
			key=f"{CALL_ASKED}{finding.rule.name}|{call}{again}",
		)


class _Context:
	"""What the rules need beside the document: read once for its former and its present state."""

	def __init__(self, doc: Any, rules: tuple[engine.Rule, ...]) -> None:
		self.rules = rules
		self.root = doc.task or doc.get("amended_from") or doc.name
		codes = alert_facts.trend_codes(rules) & {row.question for row in doc.get("answers") or ()}
		self.readings = alert_facts.readings_of([doc.patient], codes)
		self.risk_tier = alert_facts.risk_tier_of(doc.patient, rules)

	def alarms(self, doc: Any) -> dict[str, Alarm]:
		found = {self._key(place): alarm for place, alarm in _flagged(doc)}
		questions = alert_facts.questions_of(doc.questionnaire)
		final = doc.doctype != alert_facts.LOG or bool(doc.docstatus)
		facts = alert_facts.facts_of(doc, self.readings, final=final, risk_tier=self.risk_tier)
		for finding in engine.evaluate(self.rules, facts):
			rule = finding.rule
			alarm = Alarm(rule.severity, detail(finding, questions, facts.texts), rule.kind, rule.name)
			if rule.sole_answer:
				key = self._key(rule.sole_answer)
				found[key] = _worse(found.get(key), alarm)
			else:
				found[f"rule|{rule.name}|{doc.patient}"] = alarm
		return found

	def _key(self, place: str) -> str:
		return f"answer|{self.root}|{place}"


def _flagged(doc: Any) -> Iterator[tuple[str, Alarm]]:
	"""The flags that the questionnaire itself has given, to answers and to scores."""
	questions = alert_facts.questions_of(doc.questionnaire)
	for row in doc.answers:
		if row.flag:
			value = spoken(row.value, questions.get(row.question))
			yield row.question, Alarm(row.flag, f"{row.question_text or row.question}: {value}")
	for score in evaluation_of(doc.questionnaire, doc).scores:
		if score.flag:
			yield f"score:{score.group}", Alarm(score.flag, f"{score.title or score.group}: {score.score:g}")


def _worse(flagged: Alarm | None, by_rule: Alarm) -> Alarm:
	"""One alarm of both; a rule that is milder than the flag does not say how fast it is answered."""
	if flagged is None:
		return by_rule
	if flagged.severity == RED != by_rule.severity:
		return flagged
	return replace(by_rule, detail=flagged.detail if flagged.rule is None else by_rule.detail)


def _correction(new: Alarm | None, former: Alarm, key: str, doc: Any) -> str:
	"""One line for the alert: who changed the answer, when, from what to what."""
	if new is None:
		rows = {row.question: row for row in doc.answers}
		row = rows.get(key.rpartition("|")[2]) if key.startswith("answer|") else None
		question = alert_facts.questions_of(doc.questionnaire).get(row.question) if row else None
		words = (
			f"{row.question_text or row.question}: {spoken(row.value, question)}" if row else _("no answer")
		)
		if not key.startswith("answer|"):
			words = _("not so any more")
	else:
		words = new.detail
	return _("Corrected at {0} by {1}: {2} (before: {3})").format(
		format_time(nowtime(), "HH:mm"), get_fullname(frappe.session.user), words, former.detail
	)
