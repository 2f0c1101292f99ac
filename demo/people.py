"""Made-up people: names and numbers that no real patient has."""

from __future__ import annotations

from random import Random

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧"
GIVEN_FEMALE = (
	"秀英",
	"丽",
	"芳",
	"静",
	"敏",
	"桂兰",
	"玉珍",
	"晓燕",
	"雪梅",
	"婷",
	"慧",
	"佳怡",
	"淑华",
	"雅琴",
)
GIVEN_MALE = (
	"伟",
	"建国",
	"强",
	"军",
	"志明",
	"国华",
	"浩然",
	"宇航",
	"海涛",
	"德福",
	"文博",
	"永康",
	"立新",
	"俊杰",
)

#: Younger than this → who looks after such a patient.
RELATIONS = {
	25: ("母亲", "父亲"),
	45: ("配偶", "配偶", "母亲"),
	65: ("配偶", "配偶", "女儿", "儿子"),
	76: ("配偶", "女儿", "儿子"),
	200: ("女儿", "儿子"),
}
#: login → (name, role, departments; empty = the central team)
STAFF: dict[str, tuple[str, str, tuple[str, ...]]] = {
	"chen.jing@demo.example": ("陈静", "Follow-up Specialist", ("普外科", "骨科")),
	"liu.fang@demo.example": ("刘芳", "Follow-up Specialist", ("心内科", "内分泌科")),
	"zhao.min@demo.example": ("赵敏", "Follow-up Specialist", ()),
	"dr.sun@demo.example": ("孙立新", "Follow-up Doctor", ("普外科", "骨科")),
	"dr.gao@demo.example": ("高文博", "Follow-up Doctor", ("心内科", "内分泌科")),
	"zhou.hui@demo.example": ("周慧", "Follow-up Supervisor", ()),
	"admin@demo.example": ("何管理", "Follow-up Administrator", ()),
}


def person(random: Random, number: int, ages: tuple[int, int]) -> dict[str, object]:
	"""The fields of one made-up patient; the mobile numbers are of a range that is not given out."""
	female = random.random() < 0.5
	low, high = ages
	age = min(high, max(low, int(random.gauss((low + high) / 2, (high - low) / 4))))
	surname = random.choice(SURNAMES)
	fields: dict[str, object] = {
		"patient_id": f"ZY{260000 + number}",
		"patient_name": surname + random.choice(GIVEN_FEMALE if female else GIVEN_MALE),
		"sex": "Female" if female else "Male",
		"date_of_birth": f"{2026 - age}-{random.randint(1, 12):02}-{random.randint(1, 28):02}",
		"language": "zh",
	}
	if random.random() < 0.96:
		fields["mobile"] = f"1380000{random.randint(0, 9999):04}"
	if random.random() < 0.35 or age < 18 or age > 80:
		fields |= caregiver(random, age, female, surname)
	if age > 82 and random.random() < 0.5:
		fields |= {
			"special_care": 1,
			"special_care_note": "独居，行动不便",
			"home_address": "人民路 18 号 3 栋 201",
		}
	if random.random() < 0.25:
		fields["preferred_slot"] = random.choice(("Morning", "Afternoon", "Evening"))
	if random.random() < 0.3:
		fields["preferred_channel"] = "SMS"
	return fields


def caregiver(random: Random, age: int, female: bool, surname: str) -> dict[str, object]:
	"""Somebody whom a patient of this age has: parents of the young, a spouse, grown-up children of the old."""
	relation = random.choice(RELATIONS[next(limit for limit in RELATIONS if age < limit)])
	woman = {"母亲": True, "父亲": False, "女儿": True, "儿子": False}.get(relation, not female)
	own_name = relation == "父亲" or (relation in ("儿子", "女儿") and not female)
	name = surname if own_name else random.choice(SURNAMES.replace(surname, ""))
	return {
		"caregiver_name": name + random.choice(GIVEN_FEMALE if woman else GIVEN_MALE),
		"caregiver_relation": relation,
		"caregiver_mobile": f"1390000{random.randint(0, 9999):04}",
	}
