"""Which audiences a patient belongs to, and which of several documents says most about them."""

from __future__ import annotations

import pytest

from hospital_followup.engine.facts import Diagnosis, Procedure
from hospital_followup.engine.relevance import (
	AFTER_SURGERY,
	AUDIENCES,
	CHILD,
	MATERNITY,
	OLDER,
	Offer,
	Stay,
	Wanted,
	is_for,
	rank,
)

OPERATED = (Procedure("81.54", "右膝关节置换术", None),)


def stay(*titled: tuple[str, str], age: int | None = 30, operated: bool = False) -> Stay:
	diagnoses = tuple(Diagnosis(code, title, place == 0) for place, (code, title) in enumerate(titled))
	return Stay(diagnoses=diagnoses, procedures=OPERATED if operated else (), age=age)


@pytest.mark.parametrize(
	("patient", "audiences"),
	[
		(stay(("I10", "高血压")), set()),
		(stay(("I10", "高血压"), operated=True), {AFTER_SURGERY}),
		(stay(age=17), {CHILD}),
		(stay(age=18), set()),
		(stay(age=64), set()),
		(stay(age=65), {OLDER}),
		(stay(age=None), set()),
		(stay(age=6, operated=True), {CHILD, AFTER_SURGERY}),
		(stay(("O80.0", "头位顺产")), {MATERNITY}),
		(stay(("", "Postpartum care")), {MATERNITY}),
		(stay(("O82.0", "剖宫产"), operated=True), {MATERNITY, AFTER_SURGERY}),
		(stay(("O03.9", "自然流产")), set()),
		(stay(("O00.1", "输卵管妊娠")), set()),
		(stay(("O36.4", "胎死宫内")), set()),
		(stay(("O80.0", "分娩"), ("Z37.1", "")), set()),
		(stay(("O80.0", "分娩"), ("", "死产")), set()),
		(stay(("O80.0", "分娩"), ("Z37.0", "单胎活产")), {MATERNITY}),
	],
)
def test_a_patient_belongs_to(patient: Stay, audiences: set[str]) -> None:
	assert {audience for audience in AUDIENCES if is_for(audience, patient)} == audiences
	assert is_for("", patient)


def test_the_narrowest_audience_comes_first() -> None:
	patient = stay(("O82.0", "剖宫产"), age=17, operated=True)
	offers = [Offer(audience, audience=audience) for audience in reversed(AUDIENCES)]
	assert [offer.name for offer in rank(offers, Wanted(stay=patient))] == [CHILD, MATERNITY, AFTER_SURGERY]
