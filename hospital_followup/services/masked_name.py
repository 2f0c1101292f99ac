"""A name as it may stand on a screen that a stranger could see: enough for the patient to know, too little for others."""

from __future__ import annotations

import re

from hospital_followup.services.spoken import TWO_CHARACTER_SURNAMES

HAN = re.compile(r"[\u3400-\u9fff·]+")


def masked_name(name: str | None) -> str:
	"""王秀英 → 王*英, 王英 → 王*, 欧阳明日 → 欧阳*日, Mary Ann Smith → M. A. S."""
	text = (name or "").strip()
	if HAN.fullmatch(text):
		surname = 2 if text[:2] in TWO_CHARACTER_SURNAMES and len(text) > 2 else 1
		given = text[surname:]
		last = given[-1] if len(given) > 1 else ""
		return f"{text[:surname]}{'*' * max(1, len(given) - len(last))}{last}"
	return " ".join(f"{part[0].upper()}." for part in text.split()[:4]) or "*"
