"""What the simulator's page asks, and the files for the preview command. Everything here reads; nothing is written."""

from typing import Any

import frappe
from frappe import _

from hospital_followup.engine.names import SUPERVISOR
from hospital_followup.exceptions import InvalidValueError
from hospital_followup.permission_scopes import ADMINISTRATOR
from hospital_followup.services import care_pathways, simulation_files, simulation_runs
from hospital_followup.services.care_pathways import PATHWAY
from hospital_followup.services.configuration import Configuration
from hospital_followup.services.simulation_choice import POLICY, last_month

#: Who may see what follows from value tiers (rules.md).
WHO = (SUPERVISOR, ADMINISTRATOR)


@frappe.whitelist(methods=["GET", "POST"])
def simulator_defaults(policy: str | None = None, pathway: str | None = None) -> dict[str, Any]:
	"""What the page begins with: the policy and pathways in use, `policy` or `pathway` in place of theirs."""
	frappe.only_for(WHO)
	used = {one.pathway.title: one.name for one in care_pathways.approved()}
	if pathway:
		doc = frappe.get_doc(PATHWAY, pathway)
		doc.check_permission("read")
		used[doc.title] = doc.name
	active = sorted(Configuration().policies, key=lambda row: (bool(row.department), bool(row.company)))
	since, until = last_month()
	return {
		"policy": policy or (active[0].name if active else None),
		"pathways": [used[title] for title in sorted(used)],
		"from_date": since,
		"to_date": until,
	}


@frappe.whitelist(methods=["POST"])
def simulate(question: str | dict[str, Any]) -> dict[str, Any]:
	"""Plan discharges in memory with a policy and pathways; the answer, or the name by which to ask for it later."""
	frappe.only_for(WHO)
	given = frappe.parse_json(question)
	if not isinstance(given, dict):
		frappe.throw(_("The entries cannot be read."), InvalidValueError)
	return simulation_runs.start(given)


@frappe.whitelist(methods=["GET", "POST"])
def simulation_state(simulation: str) -> dict[str, Any]:
	"""How far one's own simulation is, with the answer once it is finished."""
	frappe.only_for(WHO)
	return simulation_runs.look(simulation)


@frappe.whitelist(methods=["POST"])
def stop_simulation(simulation: str) -> None:
	"""Stop one's own simulation."""
	frappe.only_for(WHO)
	simulation_runs.stop(simulation)


@frappe.whitelist(methods=["GET", "POST"])
def download_simulation(simulation: str) -> None:
	"""One's own simulation as a spreadsheet."""
	frappe.only_for(WHO)
	_download(
		"follow-up-simulation.xlsx", simulation_files.spreadsheet(simulation_runs.answer_of(simulation))
	)


@frappe.whitelist(methods=["GET", "POST"])
def download_policy(policy: str) -> None:
	"""A policy as the preview command reads it."""
	_exportable(POLICY, policy)
	_download("policy.json", simulation_files.policy_file(policy))


@frappe.whitelist(methods=["GET", "POST"])
def download_pathways(pathways: str | list[str]) -> None:
	"""Pathways as the preview command reads them."""
	names = frappe.parse_json(pathways)
	if not isinstance(names, list) or not names:
		frappe.throw(_("Choose at least one pathway."), InvalidValueError)
	for name in names:
		_exportable(PATHWAY, str(name))
	_download("pathways.json", simulation_files.pathways_file([str(name) for name in names]))


def _exportable(doctype: str, name: str) -> None:
	frappe.get_doc(doctype, name).check_permission("read")
	frappe.permissions.can_export(doctype, raise_exception=True)


def _download(filename: str, content: bytes) -> None:
	response = frappe.local.response
	response.filename, response.filecontent, response.type = filename, content, "download"
