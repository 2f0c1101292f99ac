"""What somebody wants simulated: which policy and pathways, over which discharges, as entered in the desk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, getdate, today

from hospital_followup.engine.facts import Config, Pathway, Policy
from hospital_followup.engine.made_up import Volume
from hospital_followup.engine.names import RISK_TIERS, VALUE_TIERS
from hospital_followup.exceptions import InvalidPeriodError, InvalidValueError
from hospital_followup.services import care_pathways
from hospital_followup.services.care_pathways import PATHWAY, ApprovedPathway
from hospital_followup.services.configuration import Configuration, read_policy

POLICY = "Follow-up Policy"
PAST, MADE_UP = "Past Discharges", "Made-up Volume"
LONGEST_DAYS = 366
MOST_PER_DAY = 2_000
#: More than a large hospital discharges in a year; beyond it the answer would take longer than people wait.
MOST = 200_000


@dataclass(frozen=True, slots=True)
class Choice:
	"""A policy for its company and department, in place of the one that is in force there; None = none is put in place."""

	policy: Policy | None
	company: str | None
	department: str | None
	#: The pathways instead of those in use; None = those in use.
	pathways: tuple[ApprovedPathway, ...] | None


class Proposed(Configuration):
	"""The site's configuration as it would be after a choice came into force; nothing of it is stored.

	Whatever is in force counts for every day that is looked at: the question is what it would make of those discharges.
	"""

	def __init__(self, choice: Choice) -> None:
		Configuration.__init__(self)
		self.choice = choice
		now = getdate(today())
		rows = [row for row in self.policies if not row.valid_to or getdate(row.valid_to) >= now]
		for row in rows:
			row.update({"valid_from": None, "valid_to": None})
		if choice.policy:
			scope = (choice.company or "", choice.department or "")
			rows = [row for row in rows if (row.company or "", row.department or "") != scope]
			rows.append(
				frappe._dict(
					name="",
					title=choice.policy.title,
					version=choice.policy.version,
					company=choice.company,
					department=choice.department,
				)
			)
		self.policies = rows

	def pathways(self) -> tuple[ApprovedPathway, ...]:
		chosen = self.choice.pathways
		return Configuration.pathways(self) if chosen is None else chosen

	def _config(self, policy: frappe._dict | None, company: str | None, department: str | None) -> Config:
		config = Configuration._config(self, policy, company, department)
		# Only the chosen policy has no name here: it may not be saved as it is.
		return replace(config, policy=self.choice.policy) if policy and not policy.name else config


def in_force() -> Proposed:
	"""Today's policies and pathways."""
	return Proposed(Choice(None, None, None, None))


def chosen(policy: str, pathways: Sequence[str]) -> Choice:
	"""A stored policy, whatever its status, and stored pathways; of several versions of a title the newest counts."""
	doc = frappe.get_doc(POLICY, policy)
	return Choice(read_policy(doc), doc.company, doc.department, newest(pathways))


def newest(pathways: Sequence[str]) -> tuple[ApprovedPathway, ...]:
	"""By title, as the planner reads those in use."""
	found: dict[str, ApprovedPathway] = {}
	for one in sorted(care_pathways.named(pathways).values(), key=lambda one: one.pathway.version):
		found[one.pathway.title] = one
	return tuple(found[title] for title in sorted(found))


def with_pathway(pathway: Pathway, name: str) -> tuple[ApprovedPathway, ...]:
	"""The pathways in use and this one, in place of the version of its title that is."""
	others = [one for one in care_pathways.approved() if one.pathway.title != pathway.title]
	return tuple(sorted([*others, ApprovedPathway(name, pathway, {})], key=lambda one: one.pathway.title))


def last_month() -> tuple[date, date]:
	"""The first and the last of the thirty days before today."""
	until = getdate(today()) - timedelta(days=1)
	return until - timedelta(days=29), until


@dataclass(frozen=True, slots=True)
class Question:
	"""`volume` None: the discharges that took place from `since` to `until`, both included."""

	policy: str
	pathways: tuple[str, ...]
	since: date
	until: date
	department: str | None = None
	volume: Volume | None = None


def read_question(given: Mapping[str, Any]) -> Question:
	"""What was entered, checked. Raises InvalidValueError or InvalidPeriodError with a sentence that says what to change."""
	policy = str(given.get("policy") or "")
	if not policy:
		_refuse(_("Choose a policy."))
	frappe.get_doc(POLICY, policy).check_permission("read")
	pathways = given.get("pathways") or []
	if not isinstance(pathways, list):
		_refuse(_("The pathways cannot be read. Choose them again."))
	for name in pathways:
		frappe.get_doc(PATHWAY, str(name)).check_permission("read")
	since, until = _period(given)
	department = str(given.get("department") or "") or None
	question = Question(policy, tuple(map(str, pathways)), since, until, department)
	return replace(question, volume=_volume(given, question)) if given.get("source") == MADE_UP else question


def _period(given: Mapping[str, Any]) -> tuple[date, date]:
	if not (given.get("from_date") and given.get("to_date")):
		_refuse(_("Enter the first and the last day."))
	since, until = getdate(given["from_date"]), getdate(given["to_date"])
	if since > until:
		message = _("The period ends on {1}, before it begins on {0}. Choose a later end.")
	elif (until - since).days >= LONGEST_DAYS:
		message = _("From {0} to {1} is more than a year. Choose a shorter period.")
	else:
		return since, until
	frappe.throw(
		message.format(frappe.format(since), frappe.format(until)), InvalidPeriodError, title=_("Simulator")
	)


def _volume(given: Mapping[str, Any], question: Question) -> Volume:
	per_day = cint(given.get("per_day"))
	if not 1 <= per_day <= MOST_PER_DAY:
		_refuse(_("Discharges per day: enter 1 to {0}.").format(f"{MOST_PER_DAY:,}"))
	pathway_percent = cint(given.get("pathway_percent"))
	if not 0 <= pathway_percent <= 100:
		_refuse(_("The share of discharges with a pathway is between 0 and 100 %."))
	company, department = frappe.db.get_value(POLICY, question.policy, ["company", "department"])
	volume = Volume(
		question.since,
		question.until,
		per_day,
		_shares(given, "risk", RISK_TIERS, _("Risk tiers")),
		_shares(given, "value", VALUE_TIERS, _("Value tiers")),
		pathway_percent,
		question.department or department or None,
		company or None,
	)
	if volume.discharges > MOST:
		_refuse(
			_("{0} discharges are too many for one simulation. Choose a shorter period.").format(
				f"{volume.discharges:,}"
			)
		)
	return volume


def _shares(given: Mapping[str, Any], kind: str, tiers: Sequence[str], label: str) -> dict[str, int]:
	shares = {tier: cint(given.get(f"{kind}_{tier.lower()}")) for tier in tiers}
	if sum(shares.values()) != 100 or min(shares.values()) < 0:
		_refuse(_("{0}: the three shares must add up to 100 %.").format(label))
	return shares


def _refuse(message: str) -> None:
	frappe.throw(message, InvalidValueError, title=_("Simulator"))
