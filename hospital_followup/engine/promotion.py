"""Whether a message advertises: a clinical message carries no promotion, or consent to it means nothing.

Advertising needs the receiver's consent of its own: 中华人民共和国广告法 (2021), article 43; 通信短信息服务管理规定 (2015), article 18.
A list of words cannot know intent: it names the sentence so that a person can judge, and it is short enough that ordinary
hospital language does not meet it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_CHINESE = (
	r"优惠|折扣|打折|[\d一二三四五六七八九]折|特价|特惠|钜惠|促销|酬宾|秒杀|团购|拼团|抢购|抢先购|立减|满减|返现|返利|返券",
	r"代金券|优惠券|礼券|抽奖|中奖|大奖|红包|礼品|赠品|赠送|豪礼|好礼",
	r"限时|限量|名额有限|先到先得|免费(?:领|送|体验|试用|赠)|买一送|开业|周年庆|店庆",
	r"(?:原价|现价|低至|仅需|只需|仅售|特供价)\s*[¥￥]?\d+",
	r"会员(?!单位)|储值|充值|办卡|积分兑换|推荐有礼|老带新|邀请(?:好友|亲友)|转发(?:朋友圈|有礼)",
	r"医美|美容套餐|体检套餐|套餐价|广告|代言|热卖|热销|爆款",
)
_ENGLISH = (
	r"discounts?|\d+\s?% off|special (?:offer|price)s?|limited[- ](?:time|offer)|offer ends|promo(?:tional)? (?:code|offer|price)s?",
	r"coupons?|vouchers?|gift cards?|free gifts?|free trial|giveaways?|lucky draw|sweepstakes?|prizes?|cash ?back",
	r"buy (?:one|now)|order now|best price|on sale|for only [¥$€£]?\d|was [¥$€£]\d+",
	r"memberships?|loyalty points|reward points|refer a friend|package (?:deal|price)s?|exclusive deal",
)
_WORD = re.compile("|".join([*_CHINESE, *(rf"\b(?:{words})\b" for words in _ENGLISH)]), re.IGNORECASE)
_SENTENCE = re.compile(r"(?:[^。！？!?\n；;.]|\.(?!\s|$))+[。！？!?；;.]?")


@dataclass(frozen=True, slots=True)
class Promotion:
	"""What advertises: the words, and the sentence they stand in as it was written."""

	words: str
	sentence: str


def promotion_in(text: str) -> Promotion | None:
	"""The first place of `text` that advertises; None when nothing does. Full-width forms are read as plain ones."""
	for match in _SENTENCE.finditer(text):
		found = _WORD.search(unicodedata.normalize("NFKC", match.group()))
		if found:
			return Promotion(found.group(), match.group().strip())
	return None
