"""What may stand in a cell, and what is said when something else does (preview.md)."""

from __future__ import annotations

import pytest

from hospital_followup.preview.columns import CHANNELS, DISPOSITIONS, diagnoses, sex
from hospital_followup.preview.language import LANGUAGES

GOOD = {
	"discharge_date": [
		"2026-11-02",
		"2026/11/2",
		"2026/11/02",
		"2026年11月2日",
		"2026年11月02日",
		"２０２６-11-02",
		"2028-02-29",
	],
	"risk_tier": [
		"High",
		"high",
		"MEDIUM",
		"Low",
		"高",
		"中",
		"低",
		"高危",
		"高危患者",
		"中危",
		"低危",
		"高风险",
		"high risk",
	],
	"value_tier": ["High", "low", "高", "中", "低", "高价值", "中价值患者", "低价值", "Medium value"],
	"length_of_stay": ["0", "7", "0.5", "７", "1,200", "3.0"],
	"charlson": ["0", "12", "3.0"],
	"ed_visits": ["0", "4"],
	"spend": ["0", "12.50", "1,234,567.89"],
	"visits": ["0", "15"],
	"date_of_birth": ["1950-01-01", "1950/1/1", "2026-11-02"],
	"emergency_admission": ["1", "0", "yes", "No", "TRUE", "false", "是", "否"],
	"special_care": ["1", "0", "yes", "No", "TRUE", "false", "是", "否"],
	"preferred_channel": [
		*("Phone", "phone", "电话", "WeChat", "wechat", "微信", "SMS", "sms", "短信", "Email", "邮件"),
		*("App Push", "app push", "推送", "Home Visit", "HOME VISIT", "上门"),
	],
	"disposition": [
		*("Home", "1", "医嘱离院", "Transferred", "2", "3", "医嘱转院", "Against Advice", "4", "非医嘱离院"),
		*("Deceased", "5", "死亡", "Other", "9", "其他", "Hospice", "临终关怀", "against advice"),
	],
	"sex": ["男", "Female", "Other", "未知"],
	"mobile": ["13800000000", "any text"],
	"diagnosis": ["K80.201", "胆囊结石", "K80 | I10", "|"],
	"department": ["普外科"],
}
BAD = {
	"patient_id": [""],
	"discharge_date": [
		*("", "2026-13-01", "2026-02-29", "2100-02-29", "02/11/2026", "2026.11.02", "20261102", "45968"),
		*("2026-11", "today", "2026-11-02x", "0026-11-02", "2026年11月", "2026-11/02"),
	],
	"risk_tier": ["Extreme", "高价值", "1", "H", "none", "highest", "very high"],
	"value_tier": ["高危", "VIP", "5", "高分"],
	"length_of_stay": ["-1", "abc", "nan", "inf", "1e3", "3 days", "1,2", "99999999", "5天", "①", "5²", "½"],
	"charlson": ["-1", "2.5", "x", "100"],
	"ed_visits": ["1.5", "many", "-0.0"],
	"spend": ["-5", "1,23", "€5", "1.2.3"],
	"visits": ["2.5", "two"],
	"date_of_birth": ["1950-02-30", "2026-11-03", "x"],
	"emergency_admission": ["2", "maybe", "Y", "有"],
	"special_care": ["2", "行动不便"],
	"preferred_channel": ["Pigeon", "phone call", "0"],
	"disposition": ["Moon", "6", "0", "2/3"],
}


def row(column, value):
	cells = {"patient_id": "P1", "discharge_date": "2026-11-02", column: value}
	quoted = ",".join(f'"{cell}"' for cell in cells.values())
	return f"{','.join(cells)}\n{quoted}\nP2,2026-11-03\n"


@pytest.mark.parametrize(
	("column", "value"), [(column, value) for column, values in GOOD.items() for value in values]
)
def test_accepted(desk, column, value):
	run = desk.preview(row(column, value), "--format", "json")
	assert (run.status, run.json["rejections"]) == (0, [])


@pytest.mark.parametrize(
	("column", "value"), [(column, value) for column, values in BAD.items() for value in values]
)
def test_refused_without_stopping_the_others(desk, column, value):
	for language in LANGUAGES:
		run = desk.preview(row(column, value), "--format", "json", "--lang", language)
		assert (run.status, run.json["discharges"], run.json["planned"]) == (1, 2, 1)
		(rejection,) = run.json["rejections"]
		assert (rejection["line"], rejection["column"]) == (2, column)
		assert value in rejection["message"] or column == "date_of_birth"


def test_what_was_expected_is_said_in_both_languages(desk):
	rows = row("preferred_channel", "Pigeon")
	english = desk.preview(rows, "--format", "json").json["rejections"][0]["message"]
	chinese = desk.preview(rows, "--format", "json", "--lang", "zh").json["rejections"][0]["message"]
	assert "expected" in english and "Home Visit" in english
	assert "应为" in chinese and "上门" in chinese


def test_all_problems_of_a_row_are_told_at_once(desk):
	rows = "patient_id,discharge_date,charlson,sex\n,2026-11-99,x,\n"
	(rejection,) = desk.preview(rows, "--format", "json").json["rejections"]
	assert rejection["column"] == "patient_id"
	assert "discharge_date" in rejection["message"] and "charlson" in rejection["message"]


def test_a_date_at_the_end_of_the_calendar_is_refused_with_a_sentence(desk):
	run = desk.preview("patient_id,discharge_date\nP1,9999-12-31\n", "--format", "json")
	assert (run.status, run.json["rejections"][0]["column"]) == (1, "discharge_date")


@pytest.mark.parametrize(
	("cell", "expected"),
	[
		("K80.201", [("K80.201", "")]),
		("K80.201 胆囊结石", [("K80.201", "胆囊结石")]),
		("胆囊结石", [("", "胆囊结石")]),
		("K80|I10.x00 高血压｜肺炎", [("K80", ""), ("I10.x00", "高血压"), ("", "肺炎")]),
		("Gallstones with pain", [("", "Gallstones with pain")]),
		(" | ", []),
	],
)
def test_diagnoses_are_codes_or_names(cell, expected):
	found = diagnoses(cell)
	assert [(one.code, one.title) for one in found] == expected
	assert [one.primary for one in found] == [True, False, False][: len(found)]


@pytest.mark.parametrize(
	("cell", "expected"), [("男", "Male"), ("f", "Female"), ("2", "Female"), ("Other", "Other")]
)
def test_sex(cell, expected):
	assert sex(cell) == expected


def test_every_name_of_channels_and_dispositions_is_known_once():
	for known in (CHANNELS, DISPOSITIONS):
		words = [word for names in known.values() for word in names]
		assert len(words) == len(set(words))


@pytest.mark.parametrize(
	("cells", "channel", "reasons"),
	[
		("High,High,,WeChat", "Phone", ["human_channel_kept"]),
		("High,High,,上门", "Home Visit", ["preference"]),
		("Low,Low,,Email", "Email", ["preference"]),
		("Low,Low,是,", "Home Visit", ["special_care"]),
		("Low,Low,是,电话", "Phone", ["preference"]),
		("Low,Low,是,短信", "Home Visit", ["human_channel_kept", "special_care"]),
		("Medium,Low,否,微信", "WeChat", []),
	],
)
def test_preferences(desk, cells, channel, reasons):
	rows = f"patient_id,discharge_date,risk_tier,value_tier,special_care,preferred_channel\nP1,2026-11-02,{cells}\n"
	contact = desk.planned(rows, "--workdays", "all")["contacts"][0]
	found = [reason for reason in contact["reasons"] if not reason.startswith(("tier", "value", "clinical"))]
	assert (contact["channel"], found) == (channel, reasons)
