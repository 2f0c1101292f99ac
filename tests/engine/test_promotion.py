"""What advertises and what is only care."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hospital_followup.engine.promotion import promotion_in

SELLS = [
	("复诊请带病历。本周体检八折优惠！", "八折", "本周体检八折优惠！"),
	("办理会员卡，免挂号费", "会员", "办理会员卡，免挂号费"),
	("请按时服药；原价398，现价 99 元", "原价398", "原价398，现价 99 元"),
	("免费领取血压计", "免费领", "免费领取血压计"),
	("邀请亲友来院有好礼", "邀请亲友", "邀请亲友来院有好礼"),
	("转发朋友圈集赞", "转发朋友圈", "转发朋友圈集赞"),
	("全场５折", "5折", "全场５折"),
	("Take your pills. Get 20% off check-ups!", "20% off", "Get 20% off check-ups!"),
	("Use this COUPON today", "COUPON", "Use this COUPON today"),
	("Refer a friend and win", "Refer a friend", "Refer a friend and win"),
]
CARES = [
	"您的复诊安排在11月24日，请带好病历和检查资料。",
	"我们不会向您收费，也不会索要银行卡和密码。",
	"打开页面花1分钟告诉我们恢复得怎么样",
	"骨折处如有肿胀疼痛请及时就医",
	"膝关节置换后请勿下蹲，曲折楼梯慢行",
	"血糖仪请随身携带，饮食少油少盐，控制总量。",
	"Please tell us how you are; it takes one minute.",
	"Wholesale changes of diet are not needed",
	"It is free of charge. We never ask for money or passwords.",
	"会员单位",
]


@pytest.mark.parametrize(("text", "words", "sentence"), SELLS)
def test_what_advertises_is_named_with_its_sentence(text: str, words: str, sentence: str) -> None:
	found = promotion_in(text)
	assert found is not None
	assert (found.words, found.sentence) == (words, sentence)


@pytest.mark.parametrize("text", CARES)
def test_what_only_cares_passes(text: str) -> None:
	assert promotion_in(text) is None


@given(st.text())
def test_any_text_is_read_and_what_is_named_stands_in_it(text: str) -> None:
	found = promotion_in(text)
	assert found is None or found.sentence in text
