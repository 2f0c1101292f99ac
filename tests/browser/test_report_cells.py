"""A text that somebody typed stays a text in every report: nothing in it runs in the browser of the reader."""

from __future__ import annotations

import json
from pathlib import Path

import frappe
import pytest
from frappe.utils import today
from playwright.sync_api import expect

from hospital_followup.hospital_followup import report as folder
from tests.site.rights import SV, record

pytestmark = pytest.mark.commits
REPORTS = sorted(json.loads(path.read_text())["name"] for path in Path(folder.__path__[0]).glob("*/*.json"))
#: Frappe cleans what is saved, but not what can be read as JSON.
ATTACK = '["<img src=x onerror=window.hf_ran=1>"]'
#: Every text column of a report as its own settings draw it, with and without a row; the columns that made an element.
DRAWN = """async ([name, attack, day]) => {
	const asked = { report_name: name, filters: { from_date: day, to_date: day, date: day, day } };
	const script = await frappe.xcall("frappe.desk.query_report.get_script", { report_name: name });
	const answer = await frappe.xcall("frappe.desk.query_report.run", asked);
	frappe.provide("frappe.query_reports");
	frappe.dom.eval(script.script);
	const settings = frappe.query_reports[name];
	const usual = (value, row, column, data) => frappe.format(value, column, {}, data);
	const drawn = (column, data) => {
		const held = document.createElement("template");
		held.innerHTML = (settings.formatter || usual)(attack, [], column, data, usual);
		return held.content;
	};
	const texts = answer.columns.filter((column) => column.fieldtype === "Data");
	const rows = texts.flatMap((column) => {
		const data = { [column.fieldname]: attack, patient: attack, patient_name: attack, key: attack };
		const record = { column: "patient_name", doctype: "ToDo", name: "1" };
		return [data, { ...data, record, is_total: 1 }, undefined].map((row) => [column.fieldname, drawn(column, row)]);
	});
	return { texts: rows.length, ran: rows.filter(([, cell]) => cell.querySelector("img")).map(([field]) => field) };
}"""


def test_no_column_of_any_report_takes_a_text_for_html(visit) -> None:
	page = visit(SV).open("/app/todo")
	page.wait_for_function("() => window.cur_list && window.hospital_followup")
	found = {name: page.evaluate(DRAWN, [name, ATTACK, today()]) for name in REPORTS}
	assert all(answer["texts"] for answer in found.values()), found
	assert {name: answer["ran"] for name, answer in found.items() if answer["ran"]} == {}


def test_who_recommended_us_cannot_be_code(visit) -> None:
	record(
		"Patient Discharge", discharge_date=today(), referral_source="Family or Friend", recommended_by=ATTACK
	)
	frappe.db.commit()  # reason: the browser is another process
	page = visit(SV).open("/app/query-report/Referrals?group_by=Recommended By")
	expect(page.locator(".dt-row[data-row-index='0']")).to_contain_text("<img src=x")
	assert page.evaluate("window.hf_ran") is None
