"""The table and the page: aligned, escaped, complete, in both languages."""

from __future__ import annotations

import unicodedata
from html.parser import HTMLParser

import pytest

from hospital_followup.engine.model import CHANNELS, REASONS, ROLES, TOPICS
from hospital_followup.preview.as_table import printable, width
from hospital_followup.preview.language import CHINESE
from tests.engine.test_preview_contract import SAMPLE

HEAD = "patient_id,patient_name,discharge_date,risk_tier,value_tier,disposition,bed"
ROWS = (
	f"{HEAD}\nP1,张三,2026-11-02,High,Low,,7\nP2,John Smith,2026-11-02,Low,High,,8\n"
	"P3,x,2026-11-02,Low,Low,5,9\nP4,y,never,Low,Low,,9\n"
)
EVIL = '<script>alert("x")</script>&\'\x1b[31m\u202e'


class Page(HTMLParser):
	def __init__(self, text):
		super().__init__()
		self.open, self.tags, self.texts, self.sources = [], [], [], []
		self.feed(text)
		self.close()

	def handle_starttag(self, tag, attributes):
		self.tags.append(tag)
		self.sources += [value for name, value in attributes if name in ("src", "href")]
		if tag not in ("meta", "line", "rect", "br"):
			self.open.append(tag)

	def handle_endtag(self, tag):
		if tag in ("line", "rect"):
			return
		assert self.open.pop() == tag

	def handle_data(self, data):
		self.texts.append(data)


def columns_of(text):
	"""Where each column of the first table starts, in places of a terminal."""
	lines = text.split("\n\n")[1].split("\n")
	rule = lines[1]
	starts = [0] + [place for place in range(1, len(rule)) if rule[place] == "─" and rule[place - 1] == " "]
	return lines, starts


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_table_is_aligned(desk, language):
	text = desk.preview(ROWS, "--lang", language).out
	lines, starts = columns_of(text)
	for line in lines:
		place, before, at = 0, " ", {0: line[0]}
		for letter in line:
			if place in starts and place:
				assert before == " "
				at[place] = letter
			before = letter
			place += width(letter)
		assert all(letter != " " for letter in at.values())


@pytest.mark.parametrize(
	("language", "words"),
	[
		(
			"en",
			[
				"Standard: 4 discharges, 2 planned, 1 excluded, 1 rejected",
				"Phone",
				"clinical_floor",
				"deceased",
				"discharge_date",
			],
		),
		("zh", ["出院 4 例", "电话", "随访医生", "临床底线", "已死亡", "不是日期", "病情跟踪", "工作量"]),
	],
)
@pytest.mark.parametrize("form", ["table", "html"])
def test_everything_is_told_in_both_languages(desk, language, words, form):
	run = desk.preview(ROWS, "--lang", language, "--format", form)
	assert run.status == 1
	told = run.out if form == "table" else "\n".join(Page(run.out).texts)
	summary = words[1:] if form == "html" else words
	assert all(word in told for word in summary)
	assert "bed" in run.err


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_is_whole_and_loads_nothing(desk, language):
	text = desk.preview(ROWS, "--lang", language, "--format", "html").out
	page = Page(text)
	assert text.startswith("<!DOCTYPE html>")
	assert not page.open
	assert not page.sources
	assert "svg" in page.tags and "script" not in page.tags
	assert "@page" in text and "A4" in text
	assert f'lang="{"zh-CN" if language == "zh" else "en"}"' in text
	assert "http" not in text


def test_nothing_from_the_file_becomes_markup(desk):
	policy = desk.file("policy.json", '{"title": "<b>T</b>", "rules": []}'.replace("[]", RULES))
	name = EVIL.replace('"', '""')
	rows = f'{HEAD},<i>\n"{name}","{name}",2026-11-02,High,Low,,7\n"{name}1",x,"{name}",High,Low,,7\n"{name}2",x,2026-11-02,High,Low,5,7\n'
	text = desk.preview(rows, "--format", "html", "--policy", policy).out
	page = Page(text)
	assert "script" not in page.tags and "b" not in page.tags and "i" not in page.tags
	assert not page.open
	assert any("<script>alert" in data for data in page.texts)
	assert "\x1b" not in text and "\u202e" not in text


def test_nothing_from_the_file_reaches_the_terminal_raw(desk):
	name = EVIL.replace('"', '""')
	rows = f'{HEAD},"\x1b[2J"\n"{name}","a\nb",2026-11-02,High,Low,,7\n'
	run = desk.preview(rows)
	assert "\x1b" not in run.out + run.err
	assert "a b" in run.out


@pytest.mark.parametrize("form", ["table", "json", "html"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_same_input_gives_the_same_output(desk, form, language):
	words = ("preview", str(SAMPLE), "--format", form, "--lang", language)
	assert desk.run(*words) == desk.run(*words)


@pytest.mark.parametrize(
	("last", "heading"),
	[
		("2026-11-20", "per day"),
		("2027-06-01", "per week"),
		("2031-01-01", "per month"),
		("2231-01-01", "per month"),
	],
)
def test_the_chart_stays_readable(desk, last, heading):
	rows = f"patient_id,discharge_date,risk_tier,value_tier\nP1,2026-11-02,High,High\nP2,{last},Low,Low\n"
	text = desk.preview(rows, "--format", "html").out
	assert heading in text
	assert text.count("<rect") < 200


def test_the_phone_number_is_never_shown(desk):
	rows = "patient_id,discharge_date,mobile\nP1,2026-11-02,13812345678\nP2,bad,13812345678\n"
	for form in ("table", "json", "html"):
		run = desk.preview(rows, "--format", form)
		assert "13812345678" not in run.out + run.err


def test_chinese_words_are_two_places_wide():
	assert [width(text) for text in ("ab", "张三", "，", "é", "e\u0301", "")] == [2, 4, 2, 1, 1, 0]
	assert printable("a\tb\u2028c\x00") == "a b c "
	assert all(unicodedata.category(letter) != "Cc" for letter in printable("".join(map(chr, range(40)))))


def test_every_name_has_a_chinese_word():
	on_a_site_only = {"late_discharge", "reanchored", "rescheduled", "brought_forward"}
	names = {*CHANNELS, *ROLES, *TOPICS, *REASONS} - on_a_site_only
	assert names <= set(CHINESE)


RULES = (
	'[{"risk_tier": "High", "value_tier": "High", "interval": 1, "interval_unit": "Week", "contacts": 4,'
	' "first_contact_day": 2, "channel": "Phone", "role": "Follow-up Doctor", "topics": ["<u>t</u>"]}]'
)
