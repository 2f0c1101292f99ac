"""Words that take a statement back, in English and Chinese: denials, suppositions, and what makes a denial doubtful.

After NegEx (Chapman et al., J Biomed Inform 2001;34:301) and ConText (Harkema et al., J Biomed Inform 2009;42:839), with
a scope far narrower than theirs: a cue reaches a phrase only across words listed here, so that "不停流血", "no relief
of chest pain" and "无明显诱因胸痛" deny nothing. Everything expects evened text (`phrases.even`).
"""

from __future__ import annotations

import re


def _any(words: str) -> str:
	"""Any of the words, the longest first; they stand apart by spaces, a `_` is a space within.

	Where a list may repeat, no word of it may be two others put together: the search would take exponentially long.
	"""
	return "(?:" + "|".join(sorted(words.split(), key=len, reverse=True)).replace("_", " ") + ")"


_EN_BETWEEN = _any(
	"""any a an the my his her more further new other such real actual significant obvious recurrent kind
	signs? symptoms? evidence complaints? episodes? feelings? sense of in have has had having been be
	feel feeling felt experienc(?:e|ed|ing) notic(?:e|ed|ing) see seen get got getting currently longer
	at_all really develop(?:ed)? complain(?:ing|ed)? report(?:ing|ed)?"""
)
_EN_NO = _any(
	"""no not never without denie[sd] denying free_of free_from negative_for neither nor nil zero
	absence_of no_longer [a-z]+n't cannot (?:is|are|was|were|do|does|did|has|have|had)nt"""
)
_EN_IF = _any(
	"""if in_case in_case_of should_(?:you|he|she|they|there) watch_(?:out_)?for look_out_for risk_of
	(?:to_)?prevent(?:ing)? (?:to_)?avoid(?:ing)? family_history_of"""
)
_EN_IF_BETWEEN = f"(?:{_EN_BETWEEN}|{_any('you he she they patient there is are severe sudden strong heavy gets notices')})"
# An item of a list is one to three words and no new statement.
_EN_NEW = _any(
	"""but has have had is was are i he she it we since now today then still because when after idea doubt
	better worse relief improvement change only just wonder and or nor not"""
)
_EN_ITEM = rf"(?:(?!{_EN_NEW}\b)[a-z'-]+)(?:\s+(?!{_EN_NEW}\b)[a-z'-]+){{0,2}}"

_ZH_BETWEEN = _any(
	"""有 出现 发生 发作 感到 感觉 感觉到 觉得 再 再次 任何 什么 明显 发现 见 见到 看到 伴 过 会 是 诉 述 现在 目前
	以前 之前 先前 那样 这样 那种 这种 类似 的"""
)
_ZH_NO = _any("没有 没 无 未 不 否认 并非 非")
# Only these go on over a list: "没有发烧、头痛" denies both, "没吃药、头痛" does not.
_ZH_NO_LIST = _any("没有 无 未见 未诉 未出现 没出现 否认 不伴")
_ZH_NO_CHART = _any("无 未见 未诉 否认")
_ZH_IF = _any(
	"""如果 如有 如出现 如发生 如遇 如再 若 要是 万一 假如 倘若 一旦 预防 防止 避免 警惕 谨防 以防 监测
	注意(?!到) 留意(?!到) 观察(?!到) 家族史 家族有 家族中有 担心会 怕会 怕再 怕以后"""
)
_ZH_IF_BETWEEN = f"(?:{_ZH_BETWEEN}|{_any('无 否 突然 患者 您 你 伤口 切口 出院后')})"
_ZH_JOIN = _any("、 和 及 与 或 或者 跟 /")
_ZH_ITEM = r"(?!者|吃|服|用|去|来|换|打|做|办|买|睡|休息|复查|复诊|量|测|按)[^\s、,:()/和及与或跟还又但却就而后才]{1,8}"
#: What charts list without commas: "无发热胸痛等不适".
_ZH_SYMPTOM = _any(
	"""发热 发烧 头痛 头晕 胸闷 胸痛 心慌 心悸 气促 气短 恶心 呕吐 腹痛 腹胀 腹泻 咳嗽 咳痰 出血 流血 红肿 渗液
	渗血 疼痛 乏力 水肿 寒战 畏寒 瘙痒 麻木 便血 黑便 流脓 化脓 裂开 呼吸困难"""
)

_EN_GAP = rf"(?:[\s-]+{_EN_BETWEEN})*[\s-]+"
_EN_IF_GAP = rf"(?:[\s-]+{_EN_IF_BETWEEN})*[\s-]+"
_ZH_GAP = rf"(?:\s*{_ZH_BETWEEN})*\s*"
_ZH_IF_GAP = rf"(?:\s*{_ZH_IF_BETWEEN})*\s*"
_EN_OR = rf"{_EN_ITEM}(?:\s*,\s*{_EN_ITEM})*\s*,?\s*(?:\b(?:or|nor)\b|/)"
_EN_AND = rf"{_EN_ITEM}(?:\s*,\s*{_EN_ITEM})*\s*,?\s*(?:\b(?:or|nor|and)\b|/)"
_EN_LISTING = _any("denie[sd] denying free_of free_from negative_for without")

#: The end of the text before a phrase that denies it.
DENIED_BEFORE = tuple(
	re.compile(pattern)
	for pattern in (
		rf"(?<![\w']){_EN_NO}{_EN_GAP}$",
		rf"(?<![\w']){_EN_NO}{_EN_GAP}{_EN_OR}(?:\s+{_EN_BETWEEN})*\s+$",
		rf"(?<![\w']){_EN_LISTING}{_EN_GAP}{_EN_AND}(?:\s+{_EN_BETWEEN})*\s+$",
		rf"{_ZH_NO}{_ZH_GAP}$",
		rf"{_ZH_NO_LIST}{_ZH_GAP}(?:{_ZH_ITEM}\s*{_ZH_JOIN}\s*)+{_ZH_GAP}$",
	)
)
#: Denies a phrase in the middle of a list whose end (IN_LIST) stands behind it: "no fever, chest pain or bleeding".
LIST_BEFORE = re.compile(
	rf"(?<![\w'])(?:no|not|without|denie[sd]|denying){_EN_GAP}{_EN_ITEM}(?:\s*,\s*{_EN_ITEM})*\s*,\s*$"
)
IN_LIST = re.compile(rf"(?:\s+[a-z'-]+){{0,2}}(?:\s*,\s*{_EN_ITEM})*\s*,?\s+(?:or|nor)\s")
#: Denies only a phrase that is not told as an event (TOLD): "无胸闷胸痛", but "无胸闷胸痛了一天".
CHART_BEFORE = re.compile(rf"{_ZH_NO_CHART}{_ZH_GAP}(?:{_ZH_SYMPTOM}|{_ZH_JOIN})+\s*$")
TOLD = re.compile(r"[了得着过]")
#: The end of the text before a phrase, or before its denial, that only supposes it.
SUPPOSED_BEFORE = tuple(
	re.compile(pattern)
	for pattern in (
		rf"(?<![\w']){_EN_IF}{_EN_IF_GAP}$",
		rf"(?<![\w']){_EN_IF}{_EN_IF_GAP}{_EN_OR}(?:\s+{_EN_IF_BETWEEN})*\s+$",
		rf"(?<!例)(?<!比){_ZH_IF}{_ZH_IF_GAP}(?:{_ZH_ITEM}\s*{_ZH_JOIN}\s*)*{_ZH_IF_GAP}$",
	)
)
#: What stands before a denial and turns it around or speaks of another time: "没有一天不疼", "以前没有胸痛".
TURNED_BEFORE = re.compile(
	r"(?:没有?[一哪][^\s,]{1,2}|无时无刻|难道|哪[^\s,]{0,2}|怎么[^\s,]{0,2}|岂|谁|不能|不可能|不得|如果|要是|若"
	r"|除了[^,]{0,8}|(?:以前|之前|原来|原先|过去|从前|术前)[^\s,]{0,3}|previously|before)\s*$"
)
_SPARED = re.compile(r"(?:如果|要是|若)\s*$")
#: What stands behind a denied phrase and leaves it in doubt: "no pain relief", "not bleeding much", "until today".
DOUBTED_BEHIND = re.compile(
	r"\s+(?:relief|medication|medicine|meds|killers?|control|tablets?)\b"
	r"|\s*(?:that |as |so |too |very |quite )?(?:much|heavily|badly|enough|often|severely)\b"
	r"|[\w\s']{0,40}?\b(?:except|unless|until|till|before|apart from|other than)\b"
	r"|得(?:那么|太|很|厉害)|那么|[^,]{0,6}(?:除了|除非|之外|以外)"
)
#: It began again: what ended or was denied earlier in the sentence is no denial.
AGAIN = re.compile(
	r"又(?:开始|犯|发|痛|疼|烧|流|出|来|复)|再次|反复|复发"
	r"|\b(?:came|come|comes|is|started|starts|began|bled) (?:back|again)\b|\b(?:returned|restarted|relapsed)\b"
)
_PARTLY = r"(?!\s*(?:一|些|点|很多|不少|许多|多|几|大半))"
#: The text behind a phrase that says it is over, or answers it with no.
ENDED_BEHIND = tuple(
	re.compile(pattern)
	for pattern in (
		r"(?:\s+(?:symptoms?|is|are|was|were|has|have|had|been|all|now|already|completely|totally|fully|finally|it))*"
		r"\s+(?:gone(?! (?:up|down|on|to|from|worse|into|through|beyond|over))(?: away)?|went away|resolved|ceased"
		r"|stopped(?! (?:me|him|her|us|my|from|for|only))|settled(?! in)|disappeared|vanished|subsided"
		r"|cleared(?: up)?|no more|denied)\b",
		r"\s+(?:is|was|are|were)(?: (?:all|now|finally))? over(?! (?:\d|the|my|his|her|in|here|there))\b",
		rf"(?:\s*(?:症状|情况|现象|已经?|都|全|也|完全|就|现在|目前|今天))*\s*(?:没有了|没了|消失了?|好了|停了|停止了"
		rf"|止住了?|止了|已止|退了|不见了|(?:已经?|完全)缓解了?|缓解了){_PARTLY}",
		r"(?:\s*(?:症状|情况|现象|已经?|都|也|就|后来|今天))*\s*(?:没有?|未|无|不)再?(?:出现|发生|发作)",
		r"\s*[:=]?\s*(?:没有|没|无|否|阴性|未见|\(\s*[-–—]\s*\))(?=\s*(?:$|[,、)(]))",
		r"\s*[:=–—-]\s*(?:no|none|nil|negative|denied|absent)(?=\s*(?:$|[,)(]))",
	)
)
#: "pain-free"; after a denial ("not pain-free") it is none.
FREE_BEHIND = re.compile(r"[\s-]free\b(?! of)")
#: A whole answer that denies what was asked right before it.
DENYING_ANSWER = re.compile(
	r"\s*(?:没有|没|无|否认?|不是?|no|none|nope|never|not at all)\s*(?:了|的|过|啊|呢|sir|madam)?\s*(?:$|[,、])"
)
#: Nobody denies more often than this in one breath.
MOST_NESTED = 3
QUESTION_WORD = re.compile(r"(?:吗|吧|么|呢)\s*$")


def before(text: str, first: str, nested: int = MOST_NESTED) -> bool:
	"""Whether the end of `text` denies the phrase behind it, which begins with the character `first`.

	A denial of a denial affirms ("不是不疼"); so does one that asks ("有没有", "痛不痛"). Of denials in a row the last
	ones count, `nested` before the nearest.
	"""
	for cue in DENIED_BEFORE:
		if found := cue.search(text):
			start = found.start()
			twice = nested > 0 and before(text[:start], text[start], nested - 1)
			return not (twice or _asks(text, found, first) or _turned(text[:start], found))
	return False


def _turned(text: str, found: re.Match[str]) -> bool:
	if not TURNED_BEFORE.search(text):
		return False
	# "如果不是胸痛" means chest pain, "如果没有胸痛" does not.
	return not _SPARED.search(text) or found.group().startswith("不是")


def _asks(text: str, found: re.Match[str], first: str) -> bool:
	if not found.start():
		return False
	earlier, cue = text[found.start() - 1], text[found.start()]
	following = text[found.start() + 1 : found.start() + 2] or first
	return "\u3400" <= earlier <= "\u9fff" and (earlier == following or (earlier == "有" and cue in "没无"))
