"""The site's configuration, frozen into the engine's `Config`: which policy, pathways, tier rules and calendar apply."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import frappe
from frappe.utils import cint, getdate

from hospital_followup.channels.registry import registered
from hospital_followup.engine.calendar import Calendar
from hospital_followup.engine.holdout import HoldOut
from hospital_followup.engine.model import Condition, Config, Policy, PolicyRule, TierRule
from hospital_followup.engine.names import OF_A_STAY
from hospital_followup.exceptions import NoActivePolicyError
from hospital_followup.services import care_pathways
from hospital_followup.services.care_pathways import ApprovedPathway
from hospital_followup.services.facts import split

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
RISK_SCORES = {"LACE": "LACE", "HOSPITAL": "HOSPITAL", "Higher of Both": "Higher"}
VARIANTS = {"Original": "original", "Variant": "simplified"}


@dataclass(slots=True)
class SiteConfig:
	"""What a discharge of one company and department is planned with."""

	config: Config
	policy: str
	policy_version: int
	#: Name of the version in use, by the title of the pathway.
	pathways: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Configuration:
	"""Reads the configuration once and hands it out per company and department; make a new one per batch."""

	policies: list[frappe._dict] = field(default_factory=list)
	_ready: dict[tuple[str | None, str | None, str | None], SiteConfig] = field(default_factory=dict)
	_calendars: dict[str | None, Calendar] = field(default_factory=dict)
	_tier_rules: tuple[TierRule, ...] | None = None
	_hold_out: HoldOut | None = None
	_pathways: tuple[ApprovedPathway, ...] | None = None

	def __post_init__(self) -> None:
		self.policies = frappe.get_all(
			"Follow-up Policy",
			filters={"status": "Active"},
			fields=["name", "title", "version", "company", "department", "valid_from", "valid_to"],
			order_by="version desc, name",
		)

	def for_discharge(self, company: str | None, department: str | None, day: date) -> SiteConfig:
		"""The configuration for a discharge on `day`; raises NoActivePolicyError when no policy covers it."""
		policy = self._policy(company, department, day)
		key = (policy.name, company, department)
		if key not in self._ready:
			self._ready[key] = SiteConfig(
				self._config(policy, company, department),
				policy.name,
				policy.version,
				{one.pathway.title: one.name for one in self.pathways()},
			)
		return self._ready[key]

	def for_programme(self, company: str | None, department: str | None, day: date) -> Config:
		"""The configuration for life-long programmes on `day`; where no policy applies, one without any row."""
		try:
			return self.for_discharge(company, department, day).config
		except NoActivePolicyError:
			return self._config(None, company, department)

	def calendar(self, department: str | None) -> Calendar:
		"""The calendar of a department, else the site's, else Monday to Friday."""
		name = department and frappe.get_cached_value("Follow-up Department", department, "calendar")
		name = name or frappe.get_cached_doc("Follow-up Settings").default_calendar
		if name not in self._calendars:
			self._calendars[name] = read_calendar(name)
		return self._calendars[name]

	def pathways(self) -> tuple[ApprovedPathway, ...]:
		"""The pathways in use; whom each is for, it says itself."""
		if self._pathways is None:
			self._pathways = care_pathways.approved()
		return self._pathways

	def hold_out(self) -> HoldOut:
		"""The lot of the site; a share of 0 when nobody is held out."""
		if self._hold_out is None:
			self._hold_out = read_hold_out()
		return self._hold_out

	def _policy(self, company: str | None, department: str | None, day: date) -> frappe._dict:
		fitting = [
			row
			for row in self.policies
			if row.company in (None, "", company)
			and row.department in (None, "", department)
			and (not row.valid_to or getdate(row.valid_to) >= day)
		]
		if not fitting:
			raise NoActivePolicyError
		# A discharge from before the active version came into force arrives late: its predecessor is retired by then.
		fitting = [row for row in fitting if not row.valid_from or getdate(row.valid_from) <= day] or fitting
		# The most specific of company + department wins (rules.md); a department says more than a company.
		return max(fitting, key=lambda row: (bool(row.department), bool(row.company)))

	def _config(self, policy: frappe._dict | None, company: str | None, department: str | None) -> Config:
		settings = frappe.get_cached_doc("Follow-up Settings")
		if self._tier_rules is None:
			self._tier_rules = read_tier_rules()
		return Config(
			policy=read_policy(policy) if policy else Policy("", 0, ()),
			pathways=tuple(one.pathway for one in self.pathways() if one.pathway.anchor in OF_A_STAY),
			tier_rules=self._tier_rules,
			calendar=self.calendar(department),
			risk_score=RISK_SCORES.get(settings.risk_score, "LACE"),
			hospital_variant=VARIANTS.get(settings.hospital_variant, "original"),
			tier_when_incomplete=settings.tier_when_incomplete or "Medium",
			merge_within_days=settings.merge_within_days,
			max_per_day=settings.max_contacts_per_day or 1,
			max_per_week=settings.max_contacts_per_week or 3,
			guardian_under_age=settings.guardian_under_age,
		)


def read_hold_out() -> HoldOut:
	"""The lot as the settings say it, with the channels that need nobody to make the contact."""
	settings = frappe.get_cached_doc("Follow-up Settings")
	percent = cint(settings.holdout_percent) if settings.holdout_since else 0
	automatic = (name for name, channel in registered().items() if channel.automatic)
	return HoldOut(
		percent=percent,
		since=getdate(settings.holdout_since or date.max),
		salt=settings.get_password("holdout_salt", raise_exception=False) or "",
		automatic=frozenset(automatic),
	)


def read_policy(policy: Any) -> Policy:
	"""The engine's policy of a Follow-up Policy row."""
	rows = frappe.get_all(
		"Follow-up Policy Rule",
		filters={"parent": policy.name, "parenttype": "Follow-up Policy"},
		fields=["*"],
		order_by="idx",
	)
	return Policy(policy.title, policy.version, tuple(policy_rule(row) for row in rows))


def policy_rule(row: Any) -> PolicyRule:
	"""The engine's rule of one row of the matrix."""
	return PolicyRule(
		risk_tier=row.risk_tier,
		value_tier=row.value_tier,
		interval=row.interval,
		interval_unit=row.interval_unit,
		contacts=row.contacts,
		first_contact_day=row.first_contact_day,
		channel=row.channel,
		role=row.role,
		topics=split(row.topics),
		clinical_floor=bool(row.clinical_floor),
	)


def read_tier_rules() -> tuple[TierRule, ...]:
	"""The enabled tier rules."""
	rules = frappe.get_all(
		"Tier Rule",
		filters={"enabled": 1},
		fields=["name", "title", "priority", "risk_tier"],
		order_by="priority, name",
	)
	conditions = frappe.get_all(
		"Tier Rule Condition",
		filters={"parent": ("in", [rule.name for rule in rules] or [""])},
		fields=["parent", "field", "operator", "value"],
		order_by="parent, idx",
	)
	return tuple(
		TierRule(
			title=rule.title,
			priority=rule.priority,
			risk_tier=rule.risk_tier,
			conditions=tuple(
				Condition(item.field, item.operator, item.value or "")
				for item in conditions
				if item.parent == rule.name
			),
		)
		for rule in rules
	)


def read_calendar(name: str | None) -> Calendar:
	"""The engine's calendar of a Follow-up Calendar; a chosen Holiday List of ERPNext is then the whole truth."""
	if not name:
		return Calendar()
	doc = frappe.get_cached_doc("Follow-up Calendar", name)
	if doc.holiday_doctype and doc.holiday_list and frappe.db.exists("DocType", doc.holiday_doctype):
		holidays = frappe.get_all(
			"Holiday", filters={"parent": doc.holiday_list}, pluck="holiday_date", order_by="holiday_date"
		)
		return Calendar(range(7), {getdate(day): False for day in holidays})
	weekdays = [index for index, weekday in enumerate(WEEKDAYS) if doc.get(weekday)]
	return Calendar(weekdays, {getdate(row.date): bool(row.working) for row in doc.exceptions})
