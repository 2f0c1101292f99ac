"""How long a text message is, as networks count and bill it (3GPP TS 23.038 and 23.040)."""

from __future__ import annotations

from dataclasses import dataclass

_BASIC = (
	"@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
	"¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = "^{}\\[~]|€\f"
BASIC, EXTENDED = frozenset(_BASIC), frozenset(_EXTENDED)


@dataclass(frozen=True, slots=True)
class Length:
	"""`units`: septets of GSM-7 or UTF-16 units of UCS-2; `left`: how many more fit into the last segment."""

	encoding: str
	units: int
	segments: int
	left: int


def length_of(text: str) -> Length:
	"""The length of `text`; one sign outside of GSM-7, a Chinese one for example, makes the whole message UCS-2."""
	if all(sign in BASIC or sign in EXTENDED for sign in text):
		sizes, encoding, single, part = [1 if sign in BASIC else 2 for sign in text], "GSM-7", 160, 153
	else:
		sizes = [len(sign.encode("utf-16-be")) // 2 for sign in text]
		encoding, single, part = "UCS-2", 70, 67
	units = sum(sizes)
	if units <= single:
		return Length(encoding, units, 1 if units else 0, single - units)
	segments, used = 1, 0
	for size in sizes:  # a sign of two units is never torn in two
		if used + size > part:
			segments, used = segments + 1, 0
		used += size
	return Length(encoding, units, segments, part - used)
