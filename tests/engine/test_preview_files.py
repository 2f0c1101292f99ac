"""How the preview reads files: encodings, separators, rows that cannot be read, and unusable files."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hospital_followup.preview.columns import COLUMNS, recognise
from hospital_followup.preview.csvfile import read_sheet
from hospital_followup.preview.language import SENTENCES, Unusable
from tests.engine.preview_runs import Desk

HEAD = "patient_id,discharge_date,risk_tier,value_tier"
CHINESE = "患者编号,姓名,出院日期,风险等级,价值等级\nP1,张三,2026年11月2日,高危,低价值\n"


@pytest.mark.parametrize(
	"encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "gbk"]
)
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_encodings_separators_and_line_ends(desk, encoding, separator, newline):
	content = CHINESE.replace(",", separator).replace("\n", newline)
	run = desk.preview(content, "--format", "json", encoding=encoding)
	assert (run.status, run.err) == (0, "")
	assert run.json["contacts"][0]["risk_tier"] == "High"


def test_utf_16_with_both_marks(desk):
	for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
		assert desk.preview(mark + CHINESE.encode(encoding)).status == 0


def test_names_survive_gb18030(desk):
	run = desk.preview(CHINESE.replace("张三", "㐂𠮷"), encoding="gb18030")
	assert "㐂𠮷" in run.out


@pytest.mark.parametrize("name", COLUMNS)
def test_every_column_has_two_names(name):
	title, _ = COLUMNS[name]
	assert recognise(name) == recognise(title) == recognise(f" {name.upper()} ") == name
	assert recognise(name.replace("_", " ").title()) == name


def test_chinese_and_english_headers_may_be_mixed(desk):
	assert desk.planned("患者编号,discharge_date\nP1,2026-11-02\n")["planned"] == 1


def test_unknown_columns_are_told_and_ignored(desk):
	run = desk.preview("patient_id,bed,discharge_date,主治\nP1,7,2026-11-02,李\n", "--format", "json")
	assert run.status == 0
	assert "bed" in run.err and "主治" in run.err
	assert json.loads(run.out)["planned"] == 1


def test_quoted_cells(desk):
	rows = 'patient_id,patient_name,discharge_date\n"P,1","A ""B"" C",2026-11-02\n P2 , "x, y" ,2026-11-02\n'
	assert [c["patient_id"] for c in desk.planned(rows)["contacts"]] == ["P,1", "P2"]


def test_a_row_is_known_by_the_line_it_starts_in(desk):
	rows = 'patient_id,patient_name,discharge_date\nP1,"two\nlines",2026-11-02\n\nP2,"three\n\nlines",bad\nP3,x,worse\n'
	assert desk.rejected(rows) == [(5, "discharge_date"), (8, "discharge_date")]


def test_empty_lines_are_not_rows(desk):
	result = desk.planned("patient_id,discharge_date,sex\n\nP1,2026-11-02,\n,,\n  ,  ,\nP2,2026-11-02\n\n")
	assert result["discharges"] == 2


def test_a_quotation_mark_that_is_never_closed_costs_one_row_only(desk):
	rows = 'patient_id,patient_name,discharge_date\nP1,"open,2026-11-02\nP2,x,2026-11-02\nP3,y,2026-11-02\n'
	run = desk.preview(rows, "--format", "json")
	assert (run.json["planned"], run.json["rejected"]) == (2, 1)
	assert (run.json["rejections"][0]["line"], run.json["rejections"][0]["column"]) == (2, "patient_name")


def test_a_quotation_mark_closed_by_a_later_row_costs_one_row_only(desk):
	rows = 'patient_id,patient_name,discharge_date\nP1,"open,2026-11-02\nP2,x,2026-11-02\nP3,"y",2026-11-02\n'
	assert desk.rejected(rows) == [(2, "patient_name")]


def test_a_row_with_too_many_cells(desk):
	rows = f"{HEAD}\nP1,2026-11-02,High,High,,\nP2,2026-11-02,High,High,x\n"
	assert desk.rejected(rows) == [(3, "5")]


def test_a_short_row_has_empty_cells(desk):
	assert desk.planned(f"{HEAD}\nP1,2026-11-02\n")["contacts"][0]["reasons"][0] == "tier_assumed"


@pytest.mark.parametrize(
	("content", "word"),
	[
		(b"", "empty"),
		(b"\n  \n", "empty"),
		(b"\xef\xbb\xbf", "empty"),
		(b"a,b\n1,2\n", "patient_id, discharge_date"),
		(b"patient_id\nP1\n", "discharge_date"),
		("患者编号,姓名\nP1,x\n".encode(), "discharge_date"),
		(b"patient_id,discharge_date,patient_id\n", "twice"),
		("patient_id,discharge_date,患者编号\n".encode(), "twice"),
		(b"\x89PNG\r\n\x1a\n\x00\x00\x00", "column"),
		(b"\x00\x00\x00\x00", "column"),
		(b"\xff\xfe\x00", "UTF-16"),
		(b"\x80\xff\xff\x80", "not text"),
		(b"PK\x03\x04\x14\x00", "Excel"),
		(b"\xd0\xcf\x11\xe0\xa1\xb1", "Excel"),
	],
)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_unusable_files(desk, content, word, language):
	run = desk.preview(content, "--lang", language)
	assert (run.status, run.out) == (2, "")
	assert "discharges.csv" in run.err
	if language == "en":
		assert word in run.err


def test_files_that_are_not_there(desk, tmp_path):
	good = desk.file("good.csv", f"{HEAD}\n")
	for option in ("--policy", "--pathways", "--holidays"):
		run = desk.run("preview", good, option, str(tmp_path / "nowhere"))
		assert (run.status, run.out) == (2, "")
		assert "nowhere" in run.err
	assert desk.run("preview", str(tmp_path)).status == 2
	assert desk.run("preview", "a\0b").status == 2


def test_output_goes_to_a_file_as_utf_8(desk, tmp_path):
	target = tmp_path / "out.json"
	run = desk.preview(CHINESE, "--format", "json", "--output", str(target))
	assert (run.status, run.out) == (0, "")
	assert json.loads(target.read_text(encoding="utf-8"))["planned"] == 1


def test_output_that_cannot_be_written(desk, tmp_path):
	for target in (tmp_path / "missing" / "out", tmp_path):
		run = desk.preview(CHINESE, "--output", str(target))
		assert (run.status, run.out) == (2, "")
		assert str(target) in run.err


def test_the_input_is_never_overwritten(desk, tmp_path):
	run = desk.preview(CHINESE, "--output", str(tmp_path / "discharges.csv"))
	assert run.status == 2
	assert (tmp_path / "discharges.csv").read_text(encoding="utf-8") == CHINESE


@pytest.mark.parametrize(
	("words", "said"),
	[
		((), "preview"),
		(("plan",), "plan"),
		(("preview",), "file"),
		(("preview", "a.csv", "b.csv"), "b.csv"),
		(("preview", "a.csv", "--colour"), "--colour"),
		(("preview", "a.csv", "-x"), "-x"),
		(("preview", "a.csv", "--format"), "--format"),
		(("preview", "a.csv", "--format", "xml"), "json"),
		(("preview", "a.csv", "--lang=fr"), "zh"),
		(("preview", "a.csv", "--workdays", "Sun"), "Mon-Fri"),
		(("preview", "a.csv", "--policy", "--lang", "en"), "--policy"),
		(("preview", "a.csv", "--output="), "--output"),
	],
)
def test_unusable_arguments(desk, words, said):
	run = desk.run(*words)
	assert (run.status, run.out) == (2, "")
	assert said in run.err


def test_complaints_are_in_the_chosen_language(desk):
	assert "选项" in desk.run("preview", "a.csv", "--colour", "--lang", "zh").err
	assert "没有这个文件" in desk.run("preview", "nowhere.csv", "--lang=zh").err
	assert "there is no such file" in desk.run("preview", "nowhere.csv").err


def test_help_is_not_an_error(desk):
	for words in (("--help",), ("preview", "--help"), ("preview", "x.csv", "-h", "--lang", "zh")):
		run = desk.run(*words)
		assert run.status == 0
		assert "--pathways" in run.out


def test_every_sentence_stands_in_both_languages_with_the_same_values():
	import string

	for code, (english, chinese) in SENTENCES.items():
		fields = [
			sorted({field for _, field, _, _ in string.Formatter().parse(text) if field})
			for text in (english, chinese)
		]
		assert english and chinese, code
		assert fields[0] == fields[1], code


FUZZ = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
CELLS = st.text(st.sampled_from('aP1,;\t"\n\r 高２０-/年月日|\0\u2028é'), max_size=12)


@FUZZ
@given(st.lists(st.lists(CELLS, max_size=6), max_size=6), st.sampled_from([",", ";", "\t"]))
def test_anything_in_the_rows_is_counted_and_never_breaks_the_run(tmp_path_factory, rows, separator):
	body = "\n".join(separator.join(row) for row in rows)
	folder = tmp_path_factory.mktemp("fuzz")
	with pytest.MonkeyPatch.context() as patch:
		run = Desk(folder, patch).preview(
			HEAD.replace(",", separator) + "\n" + body + "\n", "--format", "json"
		)
	assert run.status in (0, 1)
	result = run.json
	assert result["discharges"] == result["planned"] + result["excluded"] + result["rejected"]
	assert len(result["rejections"]) == result["rejected"]
	lines = [entry["line"] for entry in result["rejections"]]
	assert lines == sorted(set(lines))
	assert all(1 < line <= body.count("\n") + body.count("\r") + 2 for line in lines)


@FUZZ
@given(st.binary(max_size=200))
def test_any_bytes_give_a_sheet_or_a_sentence(tmp_path_factory, content):
	path = tmp_path_factory.mktemp("fuzz") / "x.csv"
	path.write_bytes(content)
	try:
		read_sheet(str(path), recognise, ())
	except Unusable as problem:
		assert problem.code in ("no_text", "empty_file", "workbook")


@FUZZ
@given(
	st.lists(
		st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=8), min_size=2, max_size=2),
		min_size=1,
	)
)
def test_what_a_csv_writer_wrote_is_read_back(tmp_path_factory, rows):
	import csv
	import io

	buffer = io.StringIO(newline="")
	csv.writer(buffer, quoting=csv.QUOTE_ALL).writerows([["patient_id", "discharge_date"], *rows])
	path = tmp_path_factory.mktemp("fuzz") / "x.csv"
	path.write_bytes(buffer.getvalue().encode("utf-8"))
	sheet = read_sheet(str(path), recognise, ("patient_id", "discharge_date"))
	clean = [[cell.replace("\r\n", "\n").replace("\r", "\n").strip() for cell in row] for row in rows]
	found = [[row.cells["patient_id"], row.cells["discharge_date"]] for row in sheet.rows]
	assert found == [row for row in clean if any(row)]
	assert all(row.problem is None for row in sheet.rows)
