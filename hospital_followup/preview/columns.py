"""The columns of the discharge file: their names, and what may stand in them (preview.md)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date

from hospital_followup.engine.facts import Diagnosis
from hospital_followup.engine.rules import NO, YES
from hospital_followup.preview.csvfile import plain
from hospital_followup.preview.language import BadValue

Value = str | float | int | bool | date | tuple[Diagnosis, ...] | None

_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})|(\d{4})/(\d{1,2})/(\d{1,2})|(\d{4})年(\d{1,2})月(\d{1,2})日")
_NUMBER = re.compile(r"\d+(\.\d+)?|\d{1,3}(,\d{3})+(\.\d+)?")
_ICD = re.compile(r"[A-Za-z]\d[0-9A-Za-z](\.?[0-9A-Za-z+*]+)*")
_EARLIEST_YEAR = 1850

_TIER_WORDS = {"high": "High", "medium": "Medium", "low": "Low", "高": "High", "中": "Medium", "低": "Low"}
_RISK = re.compile(r"(high|medium|low)([ -]?risk)?|([高中低])((危|风险).*)?")
_VALUE = re.compile(r"(high|medium|low)([ -]?value)?|([高中低])(价值.*)?")

CHANNELS: Mapping[str, tuple[str, ...]] = {
	"Phone": ("phone", "电话"),
	"WeChat": ("wechat", "微信"),
	"SMS": ("sms", "短信"),
	"Email": ("email", "邮件"),
	"App Push": ("app push", "推送"),
	"Home Visit": ("home visit", "上门"),
}
# The codes are those of the front page of Chinese medical records (病案首页, 离院方式).
DISPOSITIONS: Mapping[str, tuple[str, ...]] = {
	"Home": ("home", "1", "医嘱离院"),
	"Transferred": ("transferred", "2", "3", "医嘱转院", "医嘱转社区卫生服务机构/乡镇卫生院"),
	"Against Advice": ("against advice", "4", "非医嘱离院"),
	"Deceased": ("deceased", "5", "死亡"),
	"Other": ("other", "9", "其他"),
	"Hospice": ("hospice", "临终关怀"),
}
_SEXES = {
	"Male": ("male", "m", "男", "男性", "1"),
	"Female": ("female", "f", "女", "女性", "2"),
}


def text(cell: str) -> str | None:
	return cell or None


def day(cell: str) -> date:
	"""A date that exists, from 1850 on."""
	found = _DATE.fullmatch(plain(cell))
	if found:
		year, month, number = (int(part) for part in found.groups() if part)
		try:
			if year >= _EARLIEST_YEAR:
				return date(year, month, number)
		except ValueError:
			pass
	raise BadValue("bad_date", cell)


def risk_tier(cell: str) -> str:
	return _tier(cell, _RISK)


def value_tier(cell: str) -> str:
	return _tier(cell, _VALUE)


def _tier(cell: str, words: re.Pattern[str]) -> str:
	found = words.fullmatch(plain(cell))
	if not found:
		raise BadValue("bad_tier", cell)
	return _TIER_WORDS[found.group(1) or found.group(3)]


def yes_no(cell: str) -> bool:
	word = plain(cell)
	if word in YES:
		return True
	if word in NO:
		return False
	raise BadValue("bad_yes_no", cell)


def count(most: int) -> Callable[[str], int]:
	"""A whole number from 0 to `most`; "3.0" and "1,200" are numbers too."""

	def read(cell: str) -> int:
		number = _number(cell)
		if number is None or number > most or number != int(number):
			raise BadValue("bad_count", cell, most)
		return int(number)

	return read


def amount(most: int) -> Callable[[str], float]:
	def read(cell: str) -> float:
		number = _number(cell)
		if number is None or number > most:
			raise BadValue("bad_number", cell, most)
		return number

	return read


def _number(cell: str) -> float | None:
	word = plain(cell)
	return float(word.replace(",", "")) if _NUMBER.fullmatch(word) and word.isascii() else None


def diagnoses(cell: str) -> tuple[Diagnosis, ...]:
	"""Codes, names, or a code and its name, `|` between; the first is the primary one."""
	found: list[Diagnosis] = []
	for entry in re.split(r"[|｜]", cell):
		code, _, title = entry.strip().partition(" ")
		if not _ICD.fullmatch(code):
			code, title = "", entry
		if code or title.strip():
			found.append(Diagnosis(code, title.strip(), primary=not found))
	return tuple(found)


def sex(cell: str) -> str:
	"""Known words in one spelling; anything else stays, since hospitals keep lists of their own."""
	word = plain(cell)
	return next((name for name, words in _SEXES.items() if word in words), cell)


def channel(cell: str) -> str:
	return _listed(cell, CHANNELS, "bad_channel")


def disposition(cell: str) -> str:
	return _listed(cell, DISPOSITIONS, "bad_disposition")


def _listed(cell: str, known: Mapping[str, tuple[str, ...]], code: str) -> str:
	word = re.sub(r"\s+", " ", plain(cell))
	for name, words in known.items():
		if word in words:
			return name
	raise BadValue(code, cell, ", ".join(f"{name} ({'/'.join(words[1:])})" for name, words in known.items()))


# name: (Chinese title, how it is read), in the order in which problems are told
COLUMNS: Mapping[str, tuple[str, Callable[[str], Value]]] = {
	"patient_id": ("患者编号", text),
	"patient_name": ("姓名", text),
	"discharge_date": ("出院日期", day),
	"risk_tier": ("风险等级", risk_tier),
	"value_tier": ("价值等级", value_tier),
	"length_of_stay": ("住院天数", amount(36500)),
	"emergency_admission": ("急诊入院", yes_no),
	"charlson": ("合并症指数", count(99)),
	"ed_visits": ("半年急诊次数", count(999)),
	"spend": ("消费金额", amount(10**12)),
	"visits": ("就诊次数", count(99999)),
	"diagnosis": ("诊断", diagnoses),
	"department": ("科室", text),
	"date_of_birth": ("出生日期", day),
	"sex": ("性别", sex),
	"mobile": ("手机", text),
	"special_care": ("特殊照护", yes_no),
	"preferred_channel": ("首选方式", channel),
	"disposition": ("离院方式", disposition),
}
REQUIRED = ("patient_id", "discharge_date")
_BY_HEADING = {heading: name for name, (title, _) in COLUMNS.items() for heading in (name, title)}


def recognise(heading: str) -> str | None:
	"""The column that a header cell names, in English or Chinese; "Patient ID" is patient_id."""
	word = re.sub(r"[\s-]+", "_", plain(heading))
	return _BY_HEADING.get(word)
