"""Which script is read out, what it says, and how it comes into use and out of it again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import frappe
import pytest
from frappe.utils import add_days, getdate, today

from hospital_followup.engine.facts import Diagnosis
from hospital_followup.exceptions import TemplateError
from hospital_followup.services import placeholders, scripts, versions
from hospital_followup.tests import factories as make
from tests.site.briefs import brief_of, task_of
from tests.site.samples import saved
from tests.site.scripts_in_use import HYPERTENSION, KNEE, OPERATED, SCRIPT, also, context, in_use, stay


def chosen(**values: Any) -> str | None:
	name = scripts.choose_script(context(**values))
	return name and frappe.db.get_value(SCRIPT, name, "set_code")


CHOICES: list[tuple[str, dict[str, Any], str]] = [
	("nothing known", {}, "general"),
	("disease", {"stay": stay(HYPERTENSION)}, "hypertension"),
	("disease by its name", {"stay": stay(Diagnosis("", "2型糖尿病", True))}, "diabetes"),
	("disease in English", {"stay": stay(Diagnosis("", "Acute myocardial infarction", True))}, "cardiac"),
	("operation", {"stay": stay(KNEE, procedures=(OPERATED,))}, "post-operative"),
	(
		"operation before a disease that came along",
		{"stay": stay(KNEE, also(HYPERTENSION), procedures=(OPERATED,))},
		"post-operative",
	),
	("a disease that came along", {"stay": stay(KNEE, also(HYPERTENSION))}, "hypertension"),
	("stent", {"stay": stay(Diagnosis("I25.1", "冠心病", True), procedures=(OPERATED,))}, "cardiac"),
	("older person", {"stay": stay(KNEE, age=65)}, "older-person"),
	("not yet older", {"stay": stay(KNEE, age=64)}, "general"),
	("older person after an operation", {"stay": stay(KNEE, age=80, procedures=(OPERATED,))}, "post-operative"),
	("older person with a disease", {"stay": stay(HYPERTENSION, age=80)}, "hypertension"),
	("birth", {"stay": stay(Diagnosis("O80.0", "头位顺产", True), age=29)}, "maternity"),
	(
		"caesarean",
		{"stay": stay(Diagnosis("O82.0", "剖宫产分娩", True), age=29, procedures=(OPERATED,))},
		"maternity",
	),
	("miscarriage", {"stay": stay(Diagnosis("O03.9", "自然流产", True), age=29)}, "general"),
	(
		"stillbirth",
		{"stay": stay(Diagnosis("O80.0", "分娩", True), Diagnosis("Z37.1", "单胎死产", False), age=29)},
		"general",
	),
	("child", {"stay": stay(KNEE, age=17)}, "child"),
	("child with a disease", {"stay": stay(Diagnosis("E10.9", "1型糖尿病", True), age=9)}, "child"),
	("child after an operation", {"stay": stay(KNEE, age=9, procedures=(OPERATED,))}, "child"),
	("grown up", {"stay": stay(KNEE, age=18)}, "general"),
	("satisfaction", {"purpose": "Satisfaction", "stay": stay(HYPERTENSION)}, "satisfaction"),
]  # fmt: skip


class TestChoice:
	@pytest.mark.parametrize("language", ["zh", "en"])
	@pytest.mark.parametrize(("what", "known", "code"), CHOICES, ids=[row[0] for row in CHOICES])
	def test_of_the_shipped_ones(self, what: str, known: dict, code: str, language: str) -> None:
		name = scripts.choose_script(context(language=language, **known))
		row = frappe.db.get_value(SCRIPT, name, ["set_code", "language"], as_dict=True)
		assert (row.set_code, row.language) == (code, language)

	@pytest.mark.parametrize(
		("narrower", "wider"),
		[
			({"condition": "I10"}, {"audience": "Older Person", "department": "W", "channel": "Phone"}),
			({"audience": "Older Person"}, {"department": "W", "channel": "Phone"}),
			({"department": "W"}, {"channel": "Phone"}),
			({"channel": "Phone"}, {}),
			({"version": 3}, {}),
		],
	)
	def test_the_most_specific_wins(self, narrower: dict, wider: dict) -> None:
		frappe.db.delete(SCRIPT)
		ward = make.department("Script Ward")
		for values in (narrower, wider):
			if "department" in values:
				values["department"] = ward
		wanted, _other = in_use(**narrower), in_use(**wider)
		call = context(stay=stay(HYPERTENSION, age=70), department=ward)
		assert scripts.choose_script(call) == wanted

	def test_what_fits_in_another_language_comes_last_of_equals(self) -> None:
		frappe.db.delete(SCRIPT)
		in_use(language="zh")
		english = in_use(language="en")
		assert scripts.choose_script(context(language="en")) == english

	@pytest.mark.parametrize("status", ["Draft", "Retired"])
	def test_only_approved_ones(self, status: str) -> None:
		frappe.db.delete(SCRIPT)
		frappe.db.set_value(SCRIPT, in_use(), "status", status)
		assert scripts.choose_script(context()) is None

	@pytest.mark.parametrize(
		"values",
		[{"condition": "E11"}, {"audience": "Child"}, {"department": "W"}, {"channel": "Home Visit"}],
	)
	def test_what_does_not_fit_is_never_used(self, values: dict) -> None:
		frappe.db.delete(SCRIPT)
		if "department" in values:
			values["department"] = make.department("Other Ward")
		in_use(**values)
		assert scripts.choose_script(context(stay=stay(HYPERTENSION))) is None

	def test_a_language_without_scripts_hears_the_hospitals_own_and_says_so(self) -> None:
		frappe.db.set_single_value("Follow-up Settings", "default_language", "zh")
		frappe.clear_document_cache("Follow-up Settings", "Follow-up Settings")
		name = scripts.choose_script(context(language="ja"))
		sheet = scripts.script_sheet(name, brief=brief_of(), task=task_of(), language="ja")
		assert (sheet["language"], sheet["other_language"]) == ("zh", True)


class TestTheScriptOfAPlan:
	def test_comes_before_the_most_specific(self) -> None:
		named = in_use()
		assert scripts.choose_script(context(stay=stay(HYPERTENSION), task_script=named)) == named

	def test_that_retired_gives_way_to_its_newest_version(self) -> None:
		first = in_use()
		second = frappe.get_doc(SCRIPT, versions.new_version(SCRIPT, first))
		second.db_set("status", "Approved")
		frappe.db.set_value(SCRIPT, first, "status", "Retired")
		assert scripts.choose_script(context(task_script=first)) == second.name

	def test_is_read_in_the_language_of_the_patient_where_there_is_one(self) -> None:
		chinese = frappe.db.get_value(SCRIPT, {"set_code": "diabetes", "language": "zh"})
		english = frappe.db.get_value(SCRIPT, {"set_code": "diabetes", "language": "en"})
		assert scripts.choose_script(context(task_script=chinese, language="en")) == english
		assert scripts.choose_script(context(task_script=chinese, language="ja")) == chinese

	def test_that_nobody_approved_is_not_used(self) -> None:
		draft = saved(SCRIPT).name
		assert chosen(task_script=draft) == "general"


class TestCheck:
	def test_names_part_line_placeholder_and_what_was_meant(self) -> None:
		with pytest.raises(TemplateError) as refusal:
			saved(SCRIPT, guidance="好\n{{ revisit_dat }}", closing="{{ doctor }}")
		assert "Guidance, line 2: there is no placeholder “revisit_dat”. Did you mean “revisit_date”?" in str(
			refusal.value
		)
		assert "Closing, line 1" in str(refusal.value)

	@pytest.mark.parametrize("fact", [fact.name for fact in placeholders.FACTS if fact.is_health])
	def test_keeps_health_out_of_the_opening(self, fact: str) -> None:
		with pytest.raises(TemplateError, match="identity check"):
			saved(SCRIPT, opening="{% if " + fact + " %}x{% endif %}")
		assert saved(SCRIPT, inquiry="{% if " + fact + " %}x{% endif %}").name

	def test_a_greater_sign_stays_what_it_is(self) -> None:
		text = "{% if age >= 65 and days_since_discharge < 3 %}x{% endif %}"
		script = saved(SCRIPT, inquiry=text)
		assert frappe.db.get_value(SCRIPT, script.name, "inquiry") == text

	def test_an_empty_script_is_refused(self) -> None:
		with pytest.raises(TemplateError, match="at least one part"):
			saved(SCRIPT, opening="  \n")


class TestFacts:
	def test_every_placeholder_is_documented_and_has_a_value_or_none(self) -> None:
		names = [fact.name for fact in placeholders.FACTS]
		settings = frappe.get_cached_doc("Follow-up Settings")
		facts = placeholders.facts_of(brief_of(), task=task_of(), settings=settings, language="zh")
		assert list(facts) == names == list(placeholders.meanings())
		assert len(set(placeholders.meanings().values())) == len(names)

	@pytest.mark.parametrize("language", ["zh", "en"])
	def test_unknown_ones_are_labelled_in_the_language_that_is_read(self, language: str) -> None:
		facts = dict.fromkeys(placeholders.kinds())
		parts = scripts.render_script(saved(SCRIPT, inquiry="{{ revisit_date }}"), facts, language)
		label = {"zh": "[复诊日期未知]", "en": "[Revisit date not known]"}[language]
		assert parts[1]["text"] == label
		assert parts[1]["html"] == f'<p><mark class="hf-unknown">{label}</mark></p>'

	def test_a_part_that_would_not_be_saved_today_does_not_keep_anybody_from_calling(self) -> None:
		name = in_use(opening="Good morning.", inquiry="How are you?")
		frappe.db.set_value(SCRIPT, name, "inquiry", "{{ of_an_earlier_release }}")
		sheet = scripts.script_sheet(name, brief=brief_of(), task=task_of(), language="en")
		assert [part["part"] for part in sheet["parts"]][:2] == ["opening", "inquiry"]
		assert sheet["parts"][0]["text"] == "Good morning."
		assert "cannot be filled in" in sheet["parts"][1]["text"]

	@pytest.mark.parametrize(
		("name", "sex", "age", "language", "said"),
		[
			("王秀英", "Female", 68, "zh", "王女士"),
			("欧阳明", "Male", 40, "zh", "欧阳先生"),
			("欧阳", "Male", 40, "zh", "欧先生"),
			("王小明", "Male", 6, "zh", "王小明小朋友"),
			("王芳", "", None, "zh", "王芳"),
			("Hans Meier", "Male", 50, "zh", "Hans Meier先生"),
			("Wang Xiuying", "Female", 68, "en", "Ms Wang Xiuying"),
			("Wang Ming", "Male", 6, "en", "Wang Ming"),
			("Alex Li", "Other", 30, "en", "Alex Li"),
		],
	)
	def test_people_are_addressed_politely(
		self, name: str, sex: str, age: int | None, language: str, said: str
	) -> None:
		who = {"patient_name": name, "sex": sex, "age": age}
		settings = frappe.get_cached_doc("Follow-up Settings")
		facts = placeholders.facts_of(brief_of(who=who), task=task_of(), settings=settings, language=language)
		assert facts["salutation"] == said

	@pytest.mark.parametrize(
		("days", "zh", "en"),
		[
			(0, None, None),
			(1, "1天", "one day"),
			(14, "14天", "14 days"),
			(30, "4个星期", "4 weeks"),
			(90, "3个月", "3 months"),
		],
	)
	def test_time_is_said_as_people_say_it(self, days: int, zh: str | None, en: str | None) -> None:
		why = {"discharge_date": getdate(today()) - timedelta(days=days)}
		settings = frappe.get_cached_doc("Follow-up Settings")
		said = [
			placeholders.facts_of(brief_of(why=why), task=task_of(), settings=settings, language=language)
			for language in ("zh-TW", "fr")
		]
		assert [facts["time_since_discharge"] for facts in said] == [zh, en]
		assert {facts["days_since_discharge"] for facts in said} == {days}

	@pytest.mark.parametrize(
		("days", "known"), [(0, "revisit_date"), (5, "revisit_date"), (-1, "past_revisit_date")]
	)
	def test_a_visit_that_has_passed_is_not_announced(self, days: int, known: str) -> None:
		due = {"revisit": {"date": getdate(today()) + timedelta(days=days), "preparation": "空腹"}}
		settings = frappe.get_cached_doc("Follow-up Settings")
		facts = placeholders.facts_of(brief_of(due=due), task=task_of(), settings=settings, language="zh")
		names = ("revisit_date", "past_revisit_date")
		assert [name for name in names if facts[name]] == [known]
		assert bool(facts["revisit_preparation"]) == (days >= 0)

	def test_of_a_real_task_come_from_its_brief(self) -> None:
		from hospital_followup.services.brief import brief

		ward = make.department("Fact Ward", contact_phone="010-1")
		patient = make.patient(patient_name="李红", allergies="青霉素")
		discharge = make.discharge(
			of=patient.name, department=ward, discharge_date=add_days(today(), -3), diagnoses=[{"title": "肺炎", "primary": 1}]
		)  # fmt: skip
		task = frappe.get_doc("Follow-up Task", {"discharge": discharge.name})
		settings = frappe.get_cached_doc("Follow-up Settings")
		facts = placeholders.facts_of(brief(task.name), task=task, settings=settings, language="zh")
		assert (facts["salutation"], facts["diagnosis"], facts["time_since_discharge"]) == (
			"李女士",
			"肺炎",
			"3天",
		)
		assert (facts["department"], facts["hospital_phone"], facts["allergies"]) == (ward, "010-1", "青霉素")
