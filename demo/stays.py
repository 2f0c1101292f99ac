"""Made-up stays: what people were treated for, at what age, and what they were told on the way home."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True)
class Stay:
	"""One reason to be in hospital; codes of the Chinese clinical modification of ICD-10."""

	code: str
	title: str
	procedure: str | None
	ages: tuple[int, int]
	instructions: str
	#: Days until the revisit.
	revisit: int = 14
	#: How often such a stay begins in the emergency department.
	emergency: float = 0.2


STAYS: dict[str, tuple[Stay, ...]] = {
	"普外科": (
		Stay(
			"K80.101",
			"胆囊结石伴慢性胆囊炎",
			"腹腔镜胆囊切除术",
			(28, 82),
			"伤口保持干燥，术后 7 天拆线。两周内低脂饮食，一个月内不提重物。发热超过 38 ℃、腹痛加重或皮肤发黄请立即就诊。",
			10,
		),
		Stay(
			"K35.900",
			"急性阑尾炎",
			"腹腔镜阑尾切除术",
			(9, 60),
			"伤口保持干燥，饮食由软食逐步恢复。两周内避免剧烈运动。伤口红肿渗液、腹痛或发热请及时就诊。",
			7,
			0.8,
		),
		Stay(
			"K40.900",
			"单侧腹股沟疝",
			"腹股沟疝修补术",
			(35, 85),
			"三个月内不提超过 5 公斤的重物，咳嗽时用手护住伤口，保持大便通畅。伤口肿胀加重请复诊。",
			14,
		),
	),
	"心内科": (
		Stay(
			"I50.900",
			"心力衰竭",
			None,
			(55, 92),
			"每天早晨排尿后称体重并记录，3 天增加 2 公斤以上请立即联系我们。低盐饮食（每天不超过 5 克），按时服用利尿剂，不要自行停药。",
			14,
			0.6,
		),
		Stay(
			"I20.000",
			"不稳定型心绞痛",
			"经皮冠状动脉支架植入术",
			(42, 84),
			"双联抗血小板药物不可自行停用，随身携带硝酸甘油。胸痛持续 15 分钟不缓解请立即拨打 120。戒烟。",
			21,
			0.5,
		),
		Stay(
			"I10.x00",
			"原发性高血压",
			None,
			(38, 86),
			"早晚各测一次血压并记录，低盐饮食，规律服药，起身要慢。血压达到 180/110 毫米汞柱请立即就诊。",
			21,
		),
	),
	"内分泌科": (
		Stay(
			"E11.900",
			"2型糖尿病",
			None,
			(35, 84),
			"每周至少测三天空腹和餐后血糖并记录，随身带糖果。饮食定时定量，餐后散步 30 分钟。血糖低于 3.9 先进食再联系我们。",
			14,
		),
		Stay(
			"E11.203",
			"糖尿病肾病",
			None,
			(45, 84),
			"优质低蛋白、低盐饮食，每天测血压和血糖。不要自行服用止痛药和中草药。尿量明显减少或水肿加重请就诊。",
			14,
		),
		Stay(
			"E05.900",
			"甲状腺功能亢进症",
			None,
			(19, 66),
			"按时服用抗甲状腺药，两周后复查血常规和肝功能。忌海带、紫菜等高碘食物。发热、咽痛请立即查血常规。",
			14,
		),
	),
	"骨科": (
		Stay(
			"S72.000",
			"股骨颈骨折",
			"人工髋关节置换术",
			(62, 92),
			"三个月内不盘腿、不坐矮凳、不跷二郎腿，起身用助行器，家中防跌倒。小腿肿痛、伤口渗液或发热请立即就诊。",
			21,
			0.8,
		),
		Stay(
			"M51.202",
			"腰椎间盘突出症",
			"椎间孔镜髓核摘除术",
			(26, 70),
			"一个月内坐起和下床佩戴腰围，避免弯腰和久坐，按指导锻炼腰背肌。下肢麻木加重或大小便异常请立即就诊。",
			14,
		),
		Stay(
			"M17.100",
			"膝关节骨性关节炎",
			"人工膝关节置换术",
			(56, 86),
			"每天做直腿抬高和屈膝练习，训练后冰敷 15 分钟，按时使用抗凝药。小腿肿痛、伤口渗液或发热请立即就诊。",
			21,
		),
	),
}


def stay_fields(random: Random, stay: Stay) -> dict[str, object]:
	"""The fields of one made-up stay; now and then a fact of the score is not known, as in any hospital."""
	days = max(1, int(random.gauss(7, 4)))
	fields: dict[str, object] = {
		"length_of_stay": str(days),
		"diagnoses": [{"code": stay.code, "title": stay.title, "primary": 1}],
		"procedures": [{"title": stay.procedure}] if stay.procedure else [],
		"emergency_admission": "Yes" if random.random() < stay.emergency else "No",
		"charlson": str(random.choice((0, 0, 0, 1, 1, 2, 3, 4))),
		"ed_visits": str(random.choice((0, 0, 0, 0, 1, 1, 2))),
		"instructions": stay.instructions,
		"disposition": random.choices(("Home", "Against Advice", "Transferred", "Deceased"), (94, 3, 2, 1))[
			0
		],
	}
	if random.random() < 0.15:
		fields.pop(random.choice(("charlson", "ed_visits", "emergency_admission")))
	return fields
