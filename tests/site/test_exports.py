"""Exports cannot carry a formula into a spreadsheet program, in no format and on no way out; and each reader's own rows."""

from __future__ import annotations

import csv
import json
from io import BytesIO, StringIO

import frappe
import pytest
from openpyxl import Workbook, load_workbook

from hospital_followup import exports
from hospital_followup.services.export_safety import neutral, neutral_csv, neutral_xlsx
from hospital_followup.tests import factories as make
from tests.site.rights import DR, SP, SV, department, person, record
from tests.stack.rest import Rest

ATTACKS = (
	'=HYPERLINK("http://evil.example","x")',
	"+1+cmd|'/c calc'!A0",
	"-2+3",
	"@SUM(1,2)",
	"\t=1+1",
	"\r=1+1",
	"\n=1+1",
	"  =1+1",
	"\u00a0=1+1",
	"\ufeff=1+1",
	"＝1+1",
	"＋1",
	"－1",
	"＠SUM(1)",
	"+8613800138000",
)
HARMLESS = (
	"",
	"王小明",
	"a=b",
	"1-2",
	"3.5",
	"–",
	"'=1",
	"user@hospital.example",
	"2026-11-01",
	"%",
	"<b>x</b>",
)


@pytest.mark.parametrize("text", ATTACKS)
def test_a_text_that_would_be_calculated_is_marked_as_text(text: str) -> None:
	assert neutral(text) == f"'{text}"


@pytest.mark.parametrize("text", HARMLESS)
def test_other_texts_stay_as_they_are(text: str) -> None:
	assert neutral(text) == text


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_table_keeps_everything_but_the_formulas(delimiter: str) -> None:
	rows = [["Name", "Number"], *([text, -5.5] for text in (*ATTACKS, *HARMLESS, 'a "b" =c', "x\n=y"))]
	written = StringIO()
	csv.writer(written, quoting=csv.QUOTE_NONNUMERIC, delimiter=delimiter).writerows(rows)
	read = list(
		csv.reader(StringIO(neutral_csv(written.getvalue(), delimiter), newline=""), delimiter=delimiter)
	)
	assert read == [[neutral(text), str(number)] for text, number in rows]


@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
def test_bare_numbers_stay_numbers_and_bare_formulas_do_not_stay(quoting: int) -> None:
	written = StringIO()
	csv.writer(written, quoting=quoting).writerow(["=1+1", "-5", "-5+cmd", "＝x", "7"])
	read = next(csv.reader(StringIO(neutral_csv(written.getvalue()))))
	assert read[0] == "'=1+1" and read[2:] == ["'-5+cmd", "'＝x", "7"]
	assert read[1] == ("-5" if quoting == csv.QUOTE_MINIMAL else "'-5")


def workbook(*rows: list) -> bytes:
	book = Workbook()
	for row in rows:
		book.active.append(row)
	file = BytesIO()
	book.save(file)
	return file.getvalue()


def cells(content: bytes) -> list[tuple]:
	sheet = load_workbook(BytesIO(content)).active
	return [(cell.value, cell.data_type) for row in sheet.iter_rows() for cell in row]


def test_a_workbook_holds_no_formula_afterwards() -> None:
	texts = [text for text in ATTACKS if "\r" not in text]
	found = cells(neutral_xlsx(workbook(*([text, -5, 2.5] for text in texts))))
	assert [value for value, kind in found if kind == "f"] == []
	assert [value for value, _kind in found[::3]] == [neutral(text) for text in texts]
	assert found[1:3] == [(-5, "n"), (2.5, "n")]


def test_a_workbook_without_any_is_handed_on_as_it_is() -> None:
	content = workbook(["王小明", 3], ["a=b", -1])
	assert neutral_xlsx(content) is content


class TestOnEveryWayOut:
	"""Through REST, as the desk asks for it."""

	NAME = "=1+1 王"
	OTHER = "＝cmd"

	@pytest.fixture
	def patient(self) -> str:
		return make.patient(patient_name=self.NAME, patient_id="@SUM(1)", department=department("Ward")).name

	def content(self, answer) -> str:
		assert answer.status_code == 200, answer.text[:500]
		if "sheet" in answer.headers["content-type"] or answer.content[:2] == b"PK":
			return json.dumps(cells(answer.content), default=str, ensure_ascii=False)
		return answer.content.decode()

	@pytest.mark.parametrize("kind", ["CSV", "Excel"])
	def test_of_a_list(self, kind: str, patient: str, rest) -> None:
		columns = [f"`tabFollow-up Patient`.`{name}`" for name in ("name", "patient_name", "patient_id")]
		answer = rest(SV).get(
			"/api/method/frappe.desk.reportview.export_query",
			doctype="Follow-up Patient",
			fields=json.dumps(columns),
			filters=json.dumps([["Follow-up Patient", "name", "=", patient]]),
			file_format_type=kind,
			title="Follow-up Patient",
		)
		text = self.content(answer)
		assert f"'{self.NAME}" in text and "'@SUM(1)" in text and '"f"' not in text

	@pytest.mark.parametrize("kind", ["CSV", "Excel"])
	def test_of_a_report(self, kind: str, patient: str, rest) -> None:
		make.log(
			make.task(make.plan(patient), patient_name=self.NAME), "Reached Patient", next_step=self.OTHER
		)
		answer = rest(SV).get(
			"/api/method/frappe.desk.query_report.export_query",
			report_name="Patient Follow-up History",
			filters=json.dumps({"patient": patient}),
			file_format_type=kind,
			visible_idx="[]",
			export_in_background="1",
		)
		text = self.content(answer)
		assert f"'{self.OTHER}" in text and f"'{self.NAME}" in text and '"f"' not in text

	@pytest.mark.parametrize("kind", ["CSV", "Excel"])
	def test_of_a_data_export(self, kind: str, patient: str, rest) -> None:
		answer = rest(SV).get(
			"/api/method/frappe.core.doctype.data_export.exporter.export_data",
			doctype="Follow-up Patient",
			filters=json.dumps({"name": patient}),
			select_columns=json.dumps({"Follow-up Patient": ["name", "patient_name", "patient_id"]}),
			with_data="1",
			file_type=kind,
		)
		text = self.content(answer)
		assert f"'{self.NAME}" in text and "'@SUM(1)" in text and '"f"' not in text

	def test_the_right_to_export_another_doctype_exports_no_patients(self, patient: str, rest) -> None:
		"""Frappe asks for the right to export what the request calls the parent."""
		answer = rest(SP, "Report Manager").get(
			"/api/method/frappe.core.doctype.data_export.exporter.export_data",
			doctype="Follow-up Patient",
			parent_doctype="Auto Email Report",
			with_data="1",
		)
		assert answer.status_code == 403, answer.text[:300]

	def test_lists_of_other_apps_are_not_touched(self, rest) -> None:
		frappe.get_doc({"doctype": "ToDo", "description": "=1+1"}).insert()
		answer = rest("System Manager").get(
			"/api/method/frappe.desk.reportview.export_query",
			doctype="ToDo",
			fields=json.dumps(["`tabToDo`.`description`"]),
			file_format_type="CSV",
			title="ToDo",
		)
		assert '"=1+1"' in self.content(answer)

	@pytest.mark.parametrize("role", [SP, DR])
	def test_who_may_not_export_is_still_refused(self, role: str, patient: str, rest) -> None:
		client: Rest = rest(role)
		for path, asked in (
			("reportview.export_query", {"doctype": "Follow-up Patient", "fields": '["name"]'}),
			("query_report.export_query", {"report_name": "Patient Follow-up History", "visible_idx": "[]"}),
		):
			answer = client.get(f"/api/method/frappe.desk.{path}", file_format_type="CSV", **asked)
			assert answer.status_code == 403, answer.text[:300]


class TestMailedReports:
	"""Frappe's Auto Email Report: what the chosen person may see, in that person's language, and harmless."""

	def mailed(self, user: str, kind: str, report: str = "Patient Follow-up History", **filters):
		return frappe.get_doc(
			{
				"doctype": "Auto Email Report",
				"report": report,
				"report_type": "Script Report",
				"user": user,
				"email_to": "director@hospital.example",
				"frequency": "Daily",
				"format": kind,
				"filters": json.dumps(filters),
				"filter_meta": "[]",
			}
		).insert()

	@pytest.fixture
	def supervisor(self) -> str:
		for ward, name in (("Ward", "=1+1 王"), ("Other Ward", "Li Lei")):
			where = department(ward)
			task = make.task(make.plan(department=where), department=where, patient_name=name)
			frappe.db.set_value("Follow-up Patient", task.patient, "patient_name", name)
			make.log(task, "Reached Patient")
		return person(SV, departments=(department("Ward"),), language="zh")

	def test_it_is_our_class(self, supervisor: str) -> None:
		assert isinstance(self.mailed(supervisor, "HTML"), exports.FollowupAutoEmailReport)

	@pytest.mark.parametrize("kind", ["HTML", "CSV", "XLSX"])
	def test_the_reader_gets_the_own_departments_only(self, kind: str, supervisor: str) -> None:
		content = self.mailed(supervisor, kind).get_report_content()
		text = json.dumps(cells(content), default=str, ensure_ascii=False) if kind == "XLSX" else content
		assert "1+1 王" in text and "Li Lei" not in text
		assert "已联系到患者" in text or "联系到患者" in text
		if kind != "HTML":
			assert "'=1+1 王" in text and '"f"' not in text
		assert (frappe.session.user, frappe.local.lang) == ("Administrator", "en")

	def test_it_is_sent(self, supervisor: str) -> None:
		record("Email Account", email_id="desk@hospital.example", enable_outgoing=1, default_outgoing=1)
		self.mailed(supervisor, "XLSX").send()
		queued = frappe.get_last_doc("Email Queue")
		assert "director@hospital.example" in {row.recipient for row in queued.recipients}
		assert "Patient-Follow-up-History.xlsx" in queued.message

	def test_a_report_manager_mails_the_own_view_only(self, supervisor: str, rest) -> None:
		doc = {
			"report": "Patient Follow-up History",
			"report_type": "Script Report",
			"email_to": "stranger@elsewhere.example",
			"frequency": "Daily",
			"format": "CSV",
			"filter_meta": "[]",
		}
		manager = person(SV, "Report Manager", departments=(department("Other Ward"),))
		client: Rest = rest(user=manager)
		assert client.insert("Auto Email Report", {**doc, "user": supervisor}).status_code == 403
		assert client.insert("Auto Email Report", {**doc, "user": manager}).status_code == 200
		theirs = self.mailed(supervisor, "CSV")
		frappe.db.commit()  # reason: the web server must see it
		taken = client.put(f"/api/resource/Auto Email Report/{theirs.name}", {"email_to": doc["email_to"]})
		assert taken.status_code == 403
		assert rest("System Manager").insert("Auto Email Report", {**doc, "user": supervisor}).ok

	def test_who_downloads_it_sees_what_the_desk_would_show(self, supervisor: str, rest) -> None:
		theirs = self.mailed(supervisor, "CSV").name
		other = person(SV, "Report Manager", departments=(department("Other Ward"),))
		path = "/api/method/frappe.email.doctype.auto_email_report.auto_email_report.download"
		text = rest(user=other).get(path, name=theirs).content.decode()
		assert "Li Lei" in text and "1+1" not in text
		assert rest("Report Manager").get(path, name=theirs).status_code == 403

	def test_nobody_gets_a_report_of_somebody_who_left(self, supervisor: str) -> None:
		frappe.db.set_value("User", supervisor, "enabled", 0)
		assert self.mailed(supervisor, "CSV").get_report_content() is None

	def test_a_person_without_the_role_gets_nothing(self) -> None:
		stranger = person()
		with pytest.raises(frappe.PermissionError):
			self.mailed(stranger, "CSV").get_report_content()
		assert frappe.session.user == "Administrator"
