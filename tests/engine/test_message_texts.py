"""How long a text message is, and whether a reply asks us to stop."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hospital_followup.engine.opt_out import asks_to_stop
from hospital_followup.engine.segments import length_of


@pytest.mark.parametrize(
	("text", "encoding", "units", "segments"),
	[
		("", "GSM-7", 0, 0),
		("a" * 160, "GSM-7", 160, 1),
		("a" * 161, "GSM-7", 161, 2),
		("a" * 306, "GSM-7", 306, 2),
		("a" * 307, "GSM-7", 307, 3),
		("€" * 80, "GSM-7", 160, 1),
		("a" * 152 + "€" + "a" * 8, "GSM-7", 162, 2),
		("随访" * 35, "UCS-2", 70, 1),
		("随访" * 35 + "。", "UCS-2", 71, 2),
		("随" * 134, "UCS-2", 134, 2),
		("随" * 135, "UCS-2", 135, 3),
		("a" * 69 + "随", "UCS-2", 70, 1),
		("a" * 69 + "😀", "UCS-2", 71, 2),
		("a" * 66 + "😀" + "a" * 10, "UCS-2", 78, 2),
		("Grüße", "GSM-7", 5, 1),
		("naïve", "UCS-2", 5, 1),
	],
)
def test_lengths(text: str, encoding: str, units: int, segments: int) -> None:
	found = length_of(text)
	assert (found.encoding, found.units, found.segments) == (encoding, units, segments)


@given(st.text(max_size=700))
def test_a_longer_text_is_never_shorter(text: str) -> None:
	found, longer = length_of(text), length_of(text + "a")
	assert longer.units > found.units
	assert longer.segments >= found.segments
	assert found.left >= 0


@pytest.mark.parametrize(
	"text",
	[
		*("TD", "td", "ＴＤ", " T ", "TD。", "退订", "退订！", "回复退订", "我要退订", "请退订短信", "拒收"),
		*(
			"不要再给我发了",
			"别再发了",
			"停止发短信",
			"别再联系我",
			"STOP",
			"Stop.",
			"stop all",
			"unsubscribe",
			"Opt-out",
		),
		*("please stop texting me", "Don’t contact me again", "do not send me messages", "QUIT", "ｓｔｏｐ"),
	],
)
def test_asks_to_stop(text: str) -> None:
	assert asks_to_stop(text)


@pytest.mark.parametrize(
	"text",
	[
		*(
			"",
			"好的",
			"谢谢",
			"TDP灯每天照吗",
			"不退订",
			"我不想退订",
			"退订是什么意思",
			"退烧了",
			"退了",
			"取消预约可以吗",
		),
		*(
			"The pain does not stop",
			"bleeding won't stop",
			"I don't stop taking it",
			"thanks",
			"the end of the week",
		),
		*(
			"should I stop the tablets?",
			"cancel my appointment please",
			"伤口不发红",
			"别人发烧了",
			"停止吃药可以吗",
		),
	],
)
def test_does_not_ask_to_stop(text: str) -> None:
	assert not asks_to_stop(text)


@given(st.text(max_size=300))
def test_any_text_can_be_read(text: str) -> None:
	assert asks_to_stop(text) in (True, False)
