"""Whether an answer asks us to stop: "TD" and 退订 in China, STOP and its kin elsewhere.

Words for English: CTIA Messaging Principles and Best Practices (2023), section 5.1.3. "TD" and 退订: 通信短信息服务管理规定
(2015), article 20, which asks for a way to refuse in every commercial message.
"""

from __future__ import annotations

import re
import unicodedata

ENGLISH = frozenset({"stop", "stopall", "unsubscribe", "cancel", "end", "quit", "optout", "remove", "revoke"})
CODES = frozenset(
	{"t", "td", "n", "qx", "退", "退订", "退定", "拒收", "取消订阅", "取消", "不要再发", "别再发", "别发了"}
)
_ASKED = re.compile(r"退订|退定|拒收|(?:不要|别|停止)(?:再)?(?:给我)?(?:发|联系|打扰)")
_NOT_ASKED = re.compile(
	r"(?:不|没|没有|无需|不用|勿|不想|不会)(?:要)?(?:退订|退定|拒收)|退订(?:吗|？|\?|是什么|什么意思)"
)
_ENGLISH_SENTENCE = re.compile(
	r"^(?:please )?(?:stop|quit|do not|don'?t) (?:send|sending|text|texting|contact|contacting|messag\w+|email\w*)\b|^unsubscribe\b"
)


def asks_to_stop(text: str) -> bool:
	"""Whether a reply withdraws consent. In doubt it does: who wrote STOP among other words means it."""
	plain = unicodedata.normalize("NFKC", text).strip().lower().replace("’", "'")
	word = re.sub(r"[\s\W_]+", "", plain)
	if word in ENGLISH or word in CODES:
		return True
	if _ENGLISH_SENTENCE.match(plain):
		return True
	return bool(_ASKED.search(plain)) and not _NOT_ASKED.search(plain)
