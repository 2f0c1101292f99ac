"""What the form of a script asks: placeholders, the check while typing, previews, the next version."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import frappe
import pytest

from hospital_followup import script_desk
from hospital_followup.tests import factories as make
from tests.site.rights import AD, DR, SP, SV, department, person
from tests.site.samples import saved
from tests.site.scripts_in_use import SCRIPT, in_use

As = Callable[..., AbstractContextManager[str]]
ROLES = (SP, DR, SV, AD)


def draft(**values: Any) -> dict[str, Any]:
	return {"title": "Draft", "language": "zh", "status": "Draft", **values}


def said(**arguments: Any) -> str:
	return "\n".join(part["text"] for part in script_desk.preview_script(**arguments)["parts"])


class TestPlaceholders:
	@pytest.mark.parametrize(
		("language", "meaning", "example"),
		[("en", "Main diagnosis", "osteoarthritis of the right knee"), ("zh", "主要诊断", "右膝骨关节炎")],
	)
	def test_are_explained_in_the_language_of_the_user(
		self, language: str, meaning: str, example: str
	) -> None:
		frappe.local.lang = language
		(row,) = [row for row in script_desk.script_placeholders() if row["name"] == "diagnosis"]
		assert (row["meaning"], row["example"], row["is_health"], row["kind"]) == (
			meaning,
			example,
			True,
			"text",
		)


class TestCheck:
	def test_tells_what_is_wrong_where_before_anything_is_saved(self) -> None:
		(problem,) = script_desk.check_script(draft(closing="好\n{{ revisit_dat }}"))["problems"]
		assert (problem["part"], problem["line"], problem["subject"], problem["nearest"]) == (
			"closing",
			2,
			"revisit_dat",
			"revisit_date",
		)

	@pytest.mark.parametrize(
		("language", "text", "seconds"),
		[("zh", "您好吗" * 20, 18), ("en", "how are you " * 14, 18), ("zh", "", None)],
	)
	def test_says_how_long_reading_takes(self, language: str, text: str, seconds: int | None) -> None:
		found = script_desk.check_script(draft(language=language, inquiry=text))
		assert found["seconds"].get("inquiry") == seconds

	def test_names_whom_the_draft_replaces(self) -> None:
		name = in_use()
		title = frappe.db.get_value(SCRIPT, name, "title")
		assert script_desk.check_script(draft(title=title))["former"] == [name]
		assert script_desk.check_script(draft(title=title, language="en"))["former"] == []


class TestPreview:
	def test_is_read_out_to_sample_patients(self) -> None:
		text = draft(
			inquiry="{{ salutation }}{% if calls_caregiver %}的家属{% endif %}，{{ revisit_date|default('日期未定') }}"
		)
		assert said(draft=text) == "王女士，11月24日星期二"
		assert said(draft=text, sample="little") == "王女士，日期未定"
		assert said(draft=text, sample="caregiver") == "王女士的家属，11月24日星期二"

	def test_shows_what_is_wrong_instead(self) -> None:
		shown = script_desk.preview_script(draft(inquiry="{{ x.y }}"))
		assert shown["parts"] == []
		assert len(shown["problems"]) == 1

	def test_is_read_out_to_a_patient_of_the_next_contact(self) -> None:
		patient = make.patient(patient_name="欧阳红")
		make.discharge(of=patient.name, diagnoses=[{"title": "肺炎", "primary": 1}])
		text = draft(inquiry="{{ salutation }}，{{ diagnosis }}")
		assert said(draft=text, patient=patient.name) == "欧阳女士，肺炎"

	def test_of_a_patient_without_contacts_says_so(self) -> None:
		with pytest.raises(frappe.ValidationError, match="Choose another patient"):
			script_desk.preview_script(draft(inquiry="x"), patient=make.patient().name)

	@pytest.mark.parametrize("role", ROLES)
	def test_of_a_patient_of_another_department_is_refused(self, role: str) -> None:
		ward = department("Preview Ward")
		patient = make.patient(department=ward)
		make.discharge(of=patient.name, department=ward)
		frappe.set_user(person(role, departments=(department("Elsewhere"),)))
		with pytest.raises(frappe.PermissionError):
			script_desk.preview_script(draft(inquiry="{{ patient_name }}"), patient=patient.name)

	def test_a_patients_name_is_no_html(self) -> None:
		patient = make.patient(patient_name="Wang")
		patient.db_set("patient_name", "<img src=x onerror=alert(1)>")
		make.discharge(of=patient.name)
		shown = script_desk.preview_script(draft(inquiry="{{ patient_name }}"), patient=patient.name)
		assert "<img" not in shown["parts"][0]["html"]


class TestNewVersion:
	@pytest.mark.parametrize("role", [SV, AD])
	def test_is_a_draft_that_stands_beside_the_one_in_use(self, as_user: As, role: str) -> None:
		name = in_use()
		with as_user(role):
			draft = frappe.get_doc(SCRIPT, script_desk.new_script_version(name))
		assert (draft.version, draft.status, draft.workflow_state) == (2, "Draft", "Script Draft")
		assert frappe.db.get_value(SCRIPT, name, "status") == "Approved"

	@pytest.mark.parametrize("role", [SP, DR])
	def test_is_for_those_who_may_write_scripts(self, as_user: As, role: str) -> None:
		name = saved(SCRIPT).name
		with as_user(role), pytest.raises(frappe.PermissionError):
			script_desk.new_script_version(name)
