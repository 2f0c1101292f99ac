"""The Charlson index that LACE uses, proposed from ICD-10 codes and confirmed by staff.

Codes: Quan et al., Med Care 2005;43:1130, table 1. Weights: van Walraven et al., CMAJ 2010;182:551 (clinical.md §2).
Peptic ulcer and hemiplegia carry no weight there. Quan has one group for the kidneys where LACE has two; what its
wording calls chronic nephritis or kidney disease of stage 1-2 is taken as mild, the rest as moderate or severe.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass


def _codes(text: str) -> tuple[str, ...]:
	"""Prefixes without dots; "C00-C26" is every prefix from C00 to C26."""
	prefixes: list[str] = []
	for entry in text.split():
		first, _, last = entry.partition("-")
		if last:
			width = len(first) - 1
			prefixes += [f"{first[0]}{n:0{width}}" for n in range(int(first[1:]), int(last[1:]) + 1)]
		else:
			prefixes.append(first)
	return tuple(prefixes)


# name: (weight, ICD-10 prefixes)
CONDITIONS: dict[str, tuple[int, tuple[str, ...]]] = {
	"myocardial_infarction": (1, _codes("I21 I22 I252")),
	"cerebrovascular_disease": (1, _codes("G45 G46 H340 I60-I69")),
	"peripheral_vascular_disease": (
		1,
		_codes("I70 I71 I731 I738 I739 I771 I790 I792 K551 K558 K559 Z958 Z959"),
	),
	"diabetes": (
		1,
		_codes(
			"E100 E101 E106 E108 E109 E110 E111 E116 E118 E119 E120 E121 E126 E128 E129 "
			"E130 E131 E136 E138 E139 E140 E141 E146 E148 E149"
		),
	),
	"congestive_heart_failure": (2, _codes("I099 I110 I130 I132 I255 I420 I425-I429 I43 I50 P290")),
	"diabetes_with_organ_damage": (
		2,
		_codes("E102-E105 E107 E112-E115 E117 E122-E125 E127 E132-E135 E137 E142-E145 E147"),
	),
	"chronic_pulmonary_disease": (2, _codes("I278 I279 J40-J47 J60-J67 J684 J701 J703")),
	"mild_liver_disease": (
		2,
		_codes("B18 K700-K703 K709 K713-K715 K717 K73 K74 K760 K762-K764 K768 K769 Z944"),
	),
	"mild_renal_disease": (2, _codes("N032-N037 N052-N057 N181 N182 N250")),
	"tumour": (
		2,
		_codes("C00-C26 C30-C34 C37-C41 C43 C45-C58 C60-C76 C81-C85 C88 C90-C97"),
	),
	"dementia": (3, _codes("F00-F03 F051 G30 G311")),
	"connective_tissue_disease": (3, _codes("M05 M06 M315 M32-M34 M351 M353 M360")),
	"severe_liver_disease": (4, _codes("I850 I859 I864 I982 K704 K711 K721 K729 K765-K767")),
	"severe_renal_disease": (4, _codes("I120 I131 N18 N19 Z490-Z492 Z940 Z992")),
	"hiv": (4, _codes("B20-B22 B24")),
	"metastatic_tumour": (6, _codes("C77-C80")),
}

# The severe form of a disease of the same organ stands for the mild one.
SUPPRESSES = {
	"diabetes_with_organ_damage": "diabetes",
	"severe_liver_disease": "mild_liver_disease",
	"severe_renal_disease": "mild_renal_disease",
	"metastatic_tumour": "tumour",
}

# The longest prefix wins, so that N18.1 is mild although N18 is not.
_BY_PREFIX = {prefix: name for name, (_, prefixes) in CONDITIONS.items() for prefix in prefixes}
_NOT_OF_A_CODE = re.compile(r"[^A-Z0-9]")


@dataclass(frozen=True, slots=True)
class CharlsonProposal:
	"""`conditions`: (name, weight, the code that shows it), the heaviest first."""

	score: int
	conditions: tuple[tuple[str, int, str], ...]


def propose(codes: Iterable[str]) -> CharlsonProposal:
	"""Add up the conditions that the ICD-10 codes of a stay show, each once.

	Dots, case and national extensions ("E11.900x001") do not matter; codes of no listed condition are ignored.
	"""
	found: dict[str, str] = {}
	for code in codes:
		name = condition_of(code)
		if name is not None:
			found.setdefault(name, code)
	for severe, mild in SUPPRESSES.items():
		if severe in found:
			found.pop(mild, None)
	weighed = sorted((-CONDITIONS[name][0], name, code) for name, code in found.items())
	conditions = tuple((name, -weight, code) for weight, name, code in weighed)
	return CharlsonProposal(sum(weight for _, weight, _ in conditions), conditions)


def condition_of(code: str) -> str | None:
	plain = _NOT_OF_A_CODE.sub("", code.upper())
	return _BY_PREFIX.get(plain[:4]) or _BY_PREFIX.get(plain[:3])
