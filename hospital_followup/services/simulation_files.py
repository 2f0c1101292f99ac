"""Files of the simulator: its numbers as a spreadsheet, a policy and pathways as the preview command reads them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import frappe
from frappe import _
from frappe.utils import format_date
from frappe.utils.xlsxutils import make_xlsx

from hospital_followup.preview.files import pathways_content, policy_content
from hospital_followup.services.configuration import read_policy
from hospital_followup.services.export_safety import neutral_xlsx
from hospital_followup.services.simulation_choice import POLICY, newest

Table = list[list[Any]]


def spreadsheet(answer: Mapping[str, Any]) -> bytes:
	"""The comparison with today, then every day."""
	table: Table = [
		[_("Policy"), answer["policy"]],
		[_("Care Pathway"), ", ".join(answer["pathways"])],
		[_("From"), format_date(answer["since"])],
		[_("To"), format_date(answer["until"])],
		[_("Discharges"), answer["discharges"]],
		[],
		["", _("As It Is Today"), _("With This Choice"), _("Difference")],
	]
	table += [_compared(row) for row in answer["comparison"]]
	table.append([])
	days = answer["days"]
	if days:
		table.append(list(days[0]))
		table += [list(row.values()) for row in days]
	return neutral_xlsx(make_xlsx(table, _("Simulator")).getvalue())


def _compared(row: Mapping[str, Any]) -> list[Any]:
	return [row["label"]] if row.get("heading") else [row["label"], row["now"], row["then"], row["change"]]


def policy_file(policy: str) -> bytes:
	"""policy.json of the preview command."""
	return _file(policy_content(read_policy(frappe.get_doc(POLICY, policy))))


def pathways_file(pathways: Sequence[str]) -> bytes:
	"""pathways.json of the preview command; of several versions of a title the newest."""
	return _file(pathways_content([one.pathway for one in newest(pathways)]))


def _file(content: Mapping[str, Any]) -> bytes:
	return json.dumps(content, ensure_ascii=False, indent=1).encode()
