"""How dates, spans of time and names are said aloud, in Chinese or English: what is read to a patient, not shown.

Chinese serves every Chinese language code; every other language hears English until somebody adds its own words.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time

WEEKDAYS = {
	"zh": ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日"),
	"en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
MONTHS = [
	"January",
	"February",
	"March",
	"April",
	"May",
	"June",
	"July",
	"August",
	"September",
	"October",
	"November",
	"December",
]
#: Family names of two characters, from 《百家姓》 and the 2020 name report of the Ministry of Public Security.
TWO_CHARACTER_SURNAMES = frozenset(
	[
		"欧阳",
		"上官",
		"皇甫",
		"令狐",
		"诸葛",
		"司徒",
		"司马",
		"司空",
		"申屠",
		"夏侯",
		"贺兰",
		"完颜",
		"慕容",
		"尉迟",
		"长孙",
		"端木",
		"轩辕",
		"公孙",
		"宇文",
		"东方",
		"南宫",
		"独孤",
		"钟离",
		"濮阳",
		"淳于",
		"单于",
		"太史",
		"澹台",
		"公冶",
		"宗政",
		"赫连",
		"呼延",
		"百里",
		"东郭",
		"西门",
		"拓跋",
		"第五",
		"闻人",
		"万俟",
	]
)
MORNING_UNTIL, AFTERNOON_UNTIL = time(12), time(18)


def base_language(language: str | None) -> str:
	"""`zh` for every kind of Chinese, else `en`."""
	return "zh" if (language or "").lower().startswith("zh") else "en"


def day(when: date, today: date, language: str) -> str:
	"""A date with its weekday; the year only where it is not this year's."""
	if base_language(language) == "zh":
		year = f"{when.year}年" if when.year != today.year else ""
		return f"{year}{when.month}月{when.day}日{WEEKDAYS['zh'][when.weekday()]}"
	year = f" {when.year}" if when.year != today.year else ""
	return f"{WEEKDAYS['en'][when.weekday()]} {when.day} {MONTHS[when.month - 1]}{year}"


def short_day(when: date, today: date, language: str) -> str:
	"""A date without its weekday, for what lies behind."""
	if base_language(language) == "zh":
		return f"{f'{when.year}年' if when.year != today.year else ''}{when.month}月{when.day}日"
	return f"{when.day} {MONTHS[when.month - 1]}{f' {when.year}' if when.year != today.year else ''}"


def span(days: int, language: str) -> str:
	"""How long something has lasted: days up to two weeks, then weeks, then months, as people say it."""
	if base_language(language) == "zh":
		if days < 15:
			return f"{days}天"
		return f"{round(days / 7)}个星期" if days < 60 else f"{round(days / 30)}个月"
	if days < 15:
		return "one day" if days == 1 else f"{days} days"
	return f"{round(days / 7)} weeks" if days < 60 else f"{round(days / 30)} months"


def until(days: int, language: str) -> str:
	"""How far ahead a day lies."""
	if base_language(language) == "zh":
		return {0: "就是今天", 1: "就是明天", 2: "就是后天"}.get(days) or f"还有{span(days, language)}"
	return {0: "today", 1: "tomorrow"}.get(days) or f"in {span(days, language)}"


def greeting(now: time, language: str) -> str:
	"""Good morning, afternoon or evening."""
	part = 0 if now < MORNING_UNTIL else 1 if now < AFTERNOON_UNTIL else 2
	words = {"zh": ("上午好", "下午好", "晚上好"), "en": ("Good morning", "Good afternoon", "Good evening")}
	return words[base_language(language)][part]


def salutation(name: str, sex: str | None, language: str, *, child: bool = False) -> str:
	"""The polite form of address: 王女士, 欧阳先生, Ms Wang Xiuying; a child by name; the plain name if sex is unknown.

	In English the whole name follows the title, because the family name of a Chinese name stands first.
	"""
	name = name.strip()
	title = {
		"zh": {"Male": "先生", "Female": "女士"},
		"en": {"Male": "Mr", "Female": "Ms"},
	}[base_language(language)].get(sex or "")
	if child:
		return f"{name}小朋友" if base_language(language) == "zh" else name
	if not title:
		return name
	return f"{surname(name)}{title}" if base_language(language) == "zh" else f"{title} {name}"


def surname(name: str) -> str:
	"""The family name of a name in Chinese characters; any other name whole."""
	if not all("\u4e00" <= character <= "\u9fff" for character in name) or len(name) > 4:
		return name
	return name[:2] if len(name) > 2 and name[:2] in TWO_CHARACTER_SURNAMES else name[:1]


def listed(items: Iterable[str], language: str) -> str:
	"""Several things one after the other."""
	return ("、" if base_language(language) == "zh" else ", ").join(item for item in items if item)


def with_dosage(drug: str, dosage: str | None, language: str) -> str:
	"""A medicine with how it is taken."""
	if not dosage:
		return drug
	return f"{drug}（{dosage}）" if base_language(language) == "zh" else f"{drug} ({dosage})"
