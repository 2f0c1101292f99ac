"""The rows of a plan's pathways: what the engine reads of them, and what planning writes back.

A row stands for one title. It names the version that the plan keeps while a newer one is in use; `added_by` says that a
person put it there whatever its criteria, `ended_on` that the plan follows it no more.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeAlias

from frappe.utils import getdate

from hospital_followup.engine.facts import Pathway
from hospital_followup.engine.following import NOTHING_SAID, Following
from hospital_followup.services import care_pathways, queries
from hospital_followup.services.care_pathways import PLAN_PATHWAY, ApprovedPathway

#: Titles whose newest approved version a plan takes over; None = every title.
Titles: TypeAlias = Collection[str] | None
CHOICE = ("added_by", "added_on", "ended_on", "ended_by", "end_reason")
FIELDS = ("name", "pathway", "version", "anchor_date", *CHOICE)


@dataclass(slots=True)
class PlanPathways:
	"""The rows of one plan by title, and the versions that they name."""

	rows: dict[str, Mapping[str, Any]] = field(default_factory=dict)
	versions: dict[str, ApprovedPathway] = field(default_factory=dict)
	#: The discharge that the plan was made for last; None while there is no plan.
	planned_from: date | None = None

	def following(
		self, in_use: Iterable[ApprovedPathway], discharged: date, newest: Titles = ()
	) -> Following:
		"""What the plan says about its pathways. `in_use`: the approved ones; `discharged`: the discharge as it is now."""
		if not self.rows:
			return NOTHING_SAID
		current = {one.pathway.title: one.pathway for one in in_use}
		versions, added, ended = [], [], set()
		for title, row in self.rows.items():
			pathway = self.versions[row["pathway"]].pathway
			keeps = newest is not None and title not in newest
			if not keeps:
				pathway = current.get(title, pathway)
			if row["ended_on"]:
				ended.add(title)
			elif row["added_by"]:
				added.append((pathway, self._anchor(row, pathway, discharged)))
			elif keeps:
				versions.append(pathway)
		return Following(tuple(versions), tuple(added), frozenset(ended))

	def choices(self, discharged: date) -> tuple[tuple[str, ...], ...]:
		"""What people decided, for the digest of the planning inputs; empty for most plans."""
		return tuple(
			(title, "ended")
			if row["ended_on"]
			else (title, str(self._anchor(row, self.versions[row["pathway"]].pathway, discharged)))
			for title, row in sorted(self.rows.items())
			if row["ended_on"] or row["added_by"]
		)

	def rows_after(
		self, applied: Iterable[tuple[Pathway, date]], in_use: Mapping[str, str]
	) -> list[dict[str, Any]]:
		"""The rows once the plan follows `applied`; `in_use`: name of the approved version by title."""
		rows = []
		for pathway, anchor in applied:
			row = self.rows.get(pathway.title, {})
			kept = bool(row) and row["version"] == pathway.version
			rows.append(
				{
					"pathway": row["pathway"] if kept else in_use[pathway.title],
					"version": pathway.version,
					"anchor_date": anchor,
					**{name: row.get(name) for name in CHOICE},
				}
			)
		ended = (row for row in self.rows.values() if row["ended_on"])
		return [*rows, *({name: row[name] for name in FIELDS if name != "name"} for row in ended)]

	def _anchor(self, row: Mapping[str, Any], pathway: Pathway, discharged: date) -> date:
		"""A pathway that counts from the discharge goes along when the date of the discharge is corrected."""
		anchor = getdate(row["anchor_date"])
		follows = pathway.anchor == "Discharge" and anchor == self.planned_from
		return discharged if follows else anchor


def read(plans: Iterable[Mapping[str, Any]], *, lock: bool = False) -> dict[str, PlanPathways]:
	"""The pathways of each of `plans` (rows with name, start_date, pathways_chosen), by the plan's name.

	`lock`: what people chose is read as it is committed, like the plans themselves (services.snapshot).
	"""
	by_name = {plan["name"]: plan for plan in plans}
	chosen = [name for name, plan in by_name.items() if plan["pathways_chosen"]]
	rows = queries.children(PLAN_PATHWAY, FIELDS, set(by_name) - set(chosen))
	rows |= queries.children(PLAN_PATHWAY, FIELDS, chosen, lock=lock)
	versions = care_pathways.named([row.pathway for own in rows.values() for row in own])
	return {
		name: PlanPathways(
			{versions[row.pathway].pathway.title: row for row in own if row.pathway in versions},
			versions,
			getdate(by_name[name]["start_date"]) if by_name[name]["start_date"] else None,
		)
		for name, own in rows.items()
	}
