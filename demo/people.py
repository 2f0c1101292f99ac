"""Made-up people: names, numbers and stays that no real patient has."""

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

#: department → (diagnosis code, title, procedure or None); Chinese clinical modification of ICD-10.
STAYS: dict[str, list[tuple[str, str, str | None]]] = {
	"普外科": [
		("K80.101", "胆囊结石伴慢性胆囊炎", "腹腔镜胆囊切除术"),
		("K35.900", "急性阑尾炎", "腹腔镜阑尾切除术"),
		("K40.900", "单侧腹股沟疝", "腹股沟疝修补术"),
	],
	"心内科": [
		("I50.900", "心力衰竭", None),
		("I20.000", "不稳定型心绞痛", "经皮冠状动脉支架植入术"),
		("I10.x00", "原发性高血压", None),
	],
	"内分泌科": [
		("E11.900", "2型糖尿病", None),
		("E11.203", "糖尿病肾病", None),
		("E05.900", "甲状腺功能亢进症", None),
	],
	"骨科": [
		("S72.000", "股骨颈骨折", "人工髋关节置换术"),
		("M51.202", "腰椎间盘突出症", "椎间孔镜髓核摘除术"),
		("M17.100", "膝关节骨性关节炎", "人工膝关节置换术"),
	],
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


def person(random: Random, number: int) -> dict[str, object]:
	"""The fields of one made-up patient; the mobile numbers are of a range that is not given out."""
	female = random.random() < 0.52
	age = min(94, max(6, int(random.gauss(58, 19))))
	fields: dict[str, object] = {
		"patient_id": f"ZY{260000 + number}",
		"patient_name": random.choice(SURNAMES) + random.choice(GIVEN_FEMALE if female else GIVEN_MALE),
		"sex": "Female" if female else "Male",
		"date_of_birth": f"{2026 - age}-{random.randint(1, 12):02}-{random.randint(1, 28):02}",
		"language": "zh",
	}
	if random.random() < 0.96:
		fields["mobile"] = f"1380000{random.randint(0, 9999):04}"
	if random.random() < 0.35 or age < 18 or age > 80:
		fields |= {
			"caregiver_name": random.choice(SURNAMES) + random.choice(GIVEN_MALE + GIVEN_FEMALE),
			"caregiver_relation": random.choice(("配偶", "儿子", "女儿")) if age >= 18 else "母亲",
			"caregiver_mobile": f"1390000{random.randint(0, 9999):04}",
		}
	if age > 82 and random.random() < 0.5:
		fields |= {
			"special_care": 1,
			"special_care_note": "独居，行动不便",
			"home_address": "人民路 18 号 3 栋 201",
		}
	if random.random() < 0.25:
		fields["preferred_slot"] = random.choice(("Morning", "Afternoon", "Evening"))
	return fields


def stay(random: Random, department: str) -> dict[str, object]:
	"""The fields of one made-up stay; now and then a fact of the score is not known, as in any hospital."""
	code, title, procedure = random.choice(STAYS[department])
	days = max(1, int(random.gauss(7, 4)))
	emergency = random.random() < (0.5 if department == "心内科" else 0.3)
	fields: dict[str, object] = {
		"length_of_stay": str(days),
		"diagnoses": [{"code": code, "title": title, "primary": 1}],
		"procedures": [{"title": procedure}] if procedure else [],
		"emergency_admission": "Yes" if emergency else "No",
		"charlson": str(random.choice((0, 0, 0, 1, 1, 2, 3, 4))),
		"ed_visits": str(random.choice((0, 0, 0, 0, 1, 1, 2))),
		"instructions": "按时服药，清淡饮食，伤口保持干燥，如有发热或胸痛请立即就诊。",
		"disposition": random.choices(("Home", "Against Advice", "Transferred", "Deceased"), (94, 3, 2, 1))[
			0
		],
	}
	if random.random() < 0.15:
		fields.pop(random.choice(("charlson", "ed_visits", "emergency_admission")))
	return fields
