"""What the preview says, in English and Chinese. Frappe's translations are not there yet when it runs."""

from __future__ import annotations

from collections.abc import Mapping

LANGUAGES = ("en", "zh")


class Unusable(Exception):
	"""Arguments or a file that cannot be used: exit status 2 with a sentence that says what to do."""

	def __init__(self, code: str, *values: object) -> None:
		super().__init__(code, *values)
		self.code = code
		self.values = values


class Word(str):
	"""A tier, channel or role inside a sentence, said in the sentence's language."""


class BadValue(ValueError):
	"""A cell that cannot be read; `code` names the sentence that says what was expected."""

	def __init__(self, code: str, *values: object) -> None:
		super().__init__(code, *values)
		self.code = code
		self.values = values


def say(language: str, code: str, *values: object) -> str:
	"""The sentence of `code`; a `Word`, `Unusable` or `BadValue` among the values is said in the same language."""
	words = [_in(language, value) for value in values]
	return SENTENCES[code][LANGUAGES.index(language)].format(*words)


def _in(language: str, value: object) -> object:
	if isinstance(value, Unusable | BadValue):
		return say(language, value.code, *value.values)
	return name(language, value) if isinstance(value, Word) else value


def name(language: str, value: str) -> str:
	"""A tier, channel, role, topic or reason code as shown to people; what is not known stays as it is."""
	return CHINESE.get(value, value) if language == "zh" else value


def names(language: str, values: tuple[str, ...]) -> str:
	return say(language, "comma").join(name(language, value) for value in values)


CHINESE: Mapping[str, str] = {
	"High": "高",
	"Medium": "中",
	"Low": "低",
	"Phone": "电话",
	"WeChat": "微信",
	"SMS": "短信",
	"Email": "邮件",
	"App Push": "推送",
	"Home Visit": "上门",
	"Follow-up Specialist": "随访专员",
	"Follow-up Doctor": "随访医生",
	"Follow-up Supervisor": "随访主管",
	"Follow-up Administrator": "随访管理员",
	"Condition": "病情跟踪",
	"Guidance": "康复指导",
	"Revisit": "复诊提醒",
	"Care": "情感关怀",
	"policy": "随访策略",
	"tier_given": "风险等级已给定",
	"tier_scored": "按评分定级",
	"tier_rule": "按医院规则定级",
	"tier_override": "医生调整等级",
	"tier_incomplete": "评分资料不全",
	"tier_assumed": "资料不足，风险暂按默认",
	"value_given": "价值等级已给定",
	"value_scored": "按消费与就诊定级",
	"value_assumed": "资料不足，价值暂按中",
	"clinical_floor": "临床底线",
	"moved_working_day": "调整至工作日",
	"kept_on_closed_day": "休息日照常随访",
	"merged": "多项随访合并",
	"capped": "按频次上限调整",
	"preference": "患者首选方式",
	"human_channel_kept": "须由人工联系",
	"special_care": "特殊照护上门",
	"fallback": "改用备选方式",
	"no_channel": "无可用方式",
	"deceased": "已死亡",
	"transferred": "已转院",
	"hospice": "临终关怀",
}

# code: (English, Chinese)
SENTENCES: Mapping[str, tuple[str, str]] = {
	"comma": (", ", "、"),
	"also": ("{0} Also {1}: {2}", "{0}另外 {1}：{2}"),
	# Arguments
	"usage": (
		"Usage: python3 -m hospital_followup preview discharges.csv [--policy FILE.json] [--pathways FILE.json]\n"
		"       [--holidays FILE.csv] [--workdays Mon-Fri|Mon-Sat|all] [--format table|json|html]\n"
		"       [--lang en|zh] [--output FILE]",
		"用法：python3 -m hospital_followup preview 出院名单.csv [--policy 策略.json] [--pathways 路径.json]\n"
		"      [--holidays 节假日.csv] [--workdays Mon-Fri|Mon-Sat|all] [--format table|json|html]\n"
		"      [--lang en|zh] [--output 文件]",
	),
	"no_command": (
		"Say what to do: the only command is preview.",
		"请写明要做什么：目前的命令只有 preview。",
	),
	"unknown_command": (
		"There is no command {0}; the only one is preview.",
		"没有 {0} 这个命令，只有 preview。",
	),
	"unknown_option": ("There is no option {0}.", "没有 {0} 这个选项。"),
	"option_needs_value": ("Option {0} needs a value after it.", "选项 {0} 后面需要写上取值。"),
	"option_choices": ("Option {0} cannot be {1}; use one of {2}.", "选项 {0} 不能是 {1}，请用 {2} 之一。"),
	"no_input": ("Name the file with the discharges.", "请写上出院名单的文件名。"),
	"two_inputs": (
		"Name one file only: both {0} and {1} were given.",
		"只能写一个文件：同时出现了 {0} 和 {1}。",
	),
	# Files
	"cannot_read": ("File {0} cannot be read: {1}.", "无法读取文件 {0}：{1}。"),
	"cannot_write": ("File {0} cannot be written: {1}.", "无法写入文件 {0}：{1}。"),
	"is_input": (
		"File {0} is one of the input files; write the output somewhere else.",
		"文件 {0} 是输入文件，请把结果写到别处。",
	),
	"not_there": ("there is no such file", "没有这个文件"),
	"is_folder": ("it is a folder", "这是一个文件夹"),
	"not_allowed": ("the access is denied", "没有权限"),
	"system_error": ("the system refuses it", "系统拒绝操作"),
	"no_text": (
		"File {0} is not text in UTF-8, UTF-16 or GB18030; save it as CSV UTF-8 and try again.",
		"文件 {0} 不是 UTF-8、UTF-16 或 GB18030 文本，请另存为 CSV UTF-8 后再试。",
	),
	"workbook": (
		"File {0} is an Excel workbook; save it as CSV UTF-8 in Excel and try again.",
		"文件 {0} 是 Excel 工作簿，请在 Excel 中另存为 CSV UTF-8 后再试。",
	),
	"no_utf8": (
		"File {0} is not UTF-8 text; save it as UTF-8 and try again.",
		"文件 {0} 不是 UTF-8 文本，请另存为 UTF-8 后再试。",
	),
	"empty_file": (
		"File {0} is empty; its first line must name the columns.",
		"文件 {0} 是空的，第一行应当是列名。",
	),
	"missing_columns": (
		"File {0} has no column {1}; the first line must name the columns, separated by comma, semicolon or tab.",
		"文件 {0} 缺少列 {1}；第一行应当是列名，用逗号、分号或制表符分隔。",
	),
	"column_twice": ("File {0} has the column {1} twice.", "文件 {0} 中列 {1} 出现了两次。"),
	"unknown_columns": ("Columns not used: {0}.", "未使用的列：{0}。"),
	"in_line": ("File {0}, line {1}: {2}", "文件 {0} 第 {1} 行：{2}"),
	"holiday_twice": (
		"{0} is given twice with different answers; keep one.",
		"{0} 出现了两次且内容不同，请只留一行。",
	),
	# Policy and pathways
	"no_json": (
		"File {0} is not valid JSON: line {1}, column {2} cannot be understood.",
		"文件 {0} 不是有效的 JSON：第 {1} 行第 {2} 列无法理解。",
	),
	"wrong_shape": ("File {0}: {1} must be {2}.", "文件 {0}：{1} 应为{2}。"),
	"a_list": ("a list of objects", "对象列表"),
	"an_object": ("an object", "对象"),
	"a_text": ("a text", "文本"),
	"a_flag": ("true or false", " true 或 false"),
	"texts": ("a list of texts", "文本列表"),
	"a_whole_number": ("a whole number", "整数"),
	"one_of": ("one of {0}", "以下之一：{0}"),
	"in_range": ("a whole number in {0}", "{0} 范围内的整数"),
	"step_name": ("a text of its own without | and #", "不重复且不含 | 和 # 的文本"),
	"no_entries": ("File {0}: {1} has no entries.", "文件 {0}：{1} 没有内容。"),
	"overlap": (
		"File {0}: rule {1} stands for {2} risk and {3} value, like an earlier rule; keep one of them.",
		"文件 {0}：第 {1} 条规则与前面的规则重复（风险{2}、价值{3}），请只留一条。",
	),
	"title_twice": ("File {0}: two pathways are called {1}.", "文件 {0}：有两个路径都叫“{1}”。"),
	"hole": (
		"The policy has no rule for {0} risk; discharges of that tier are rejected.",
		"策略没有{0}风险的规则，该等级的出院记录会被退回。",
	),
	"value_removes": (
		"The policy gives {0} risk, {1} value fewer contacts than a lower value; value may only add contacts.",
		"策略中{0}风险、{1}价值的随访次数少于更低的价值等级；价值等级只应增加随访。",
	),
	"no_anchor": (
		"Pathway {0} counts from {1}, which this file does not tell; it is left out.",
		"路径“{0}”从 {1} 起算，名单中没有该日期，因此未列入。",
	),
	# Rows
	"required": ("Empty; a value is needed here.", "此处为空，必须填写。"),
	"bad_date": (
		"“{0}” is not a date; expected YYYY-MM-DD, YYYY/M/D or YYYY年M月D日.",
		"“{0}”不是日期，应为 YYYY-MM-DD、YYYY/M/D 或 YYYY年M月D日。",
	),
	"bad_tier": (
		"“{0}” is not a tier; expected High, Medium or Low (高, 中, 低).",
		"“{0}”不是等级，应为 高、中、低（High、Medium、Low）。",
	),
	"bad_yes_no": (
		"“{0}” is neither yes nor no; expected 1/0, yes/no, true/false or 是/否.",
		"“{0}”无法判断是否，应为 1/0、yes/no、true/false 或 是/否。",
	),
	"bad_count": ("“{0}” is not a whole number from 0 to {1}.", "“{0}”应为 0 到 {1} 的整数。"),
	"bad_number": ("“{0}” is not a number from 0 to {1}.", "“{0}”应为 0 到 {1} 的数字。"),
	"bad_channel": ("“{0}” is not a channel; expected {1}.", "“{0}”不是随访方式，应为{1}。"),
	"bad_disposition": ("“{0}” is not a disposition; expected {1}.", "“{0}”不是离院方式，应为{1}。"),
	"before_birth": (
		"Born on {0}, after the discharge; expected a date of birth on or before {1}.",
		"出生日期 {0} 晚于出院日期，应不晚于 {1}。",
	),
	"duplicate": (
		"The patient's discharge on this day is already in line {0}; expected each discharge once.",
		"该患者当日的出院记录已在第 {0} 行，每次出院只应出现一次。",
	),
	"open_quote": (
		"A quotation mark is opened and not closed properly; expected it closed before the next column.",
		"引号没有正确闭合，应在下一列之前闭合。",
	),
	"extra_cells": (
		"The row has {0} cells, the first line has {1}; expected values with a separator in quotation marks.",
		"本行有 {0} 格，而首行只有 {1} 列；含分隔符的内容应放在引号内。",
	),
	"too_far": (
		"The contacts would lie beyond the year 9999; expected an earlier date.",
		"随访日期会超出 9999 年，应为更早的日期。",
	),
	"no_rule": (
		"The policy has no rule for {0} risk; expected a tier that it covers.",
		"策略没有{0}风险的规则，应为策略所含的等级。",
	),
	# Headings of table and page
	"title": ("Follow-up preview", "随访计划预览"),
	"policy": ("Policy", "策略"),
	"summary": (
		"Policy {0}: {1} discharges, {2} planned, {3} excluded, {4} rejected; {5} contacts",
		"策略 {0}：出院 {1} 例，已计划 {2} 例，不随访 {3} 例，退回 {4} 例；共 {5} 次随访",
	),
	"discharges": ("Discharges", "出院"),
	"planned": ("Planned", "已计划"),
	"excluded": ("Excluded", "不随访"),
	"rejected": ("Rejected", "退回"),
	"contacts": ("Contacts", "随访"),
	"workload": ("Workload", "工作量"),
	"exclusions": ("No follow-up", "不随访的出院"),
	"rejections": ("Rejected rows", "退回的行"),
	"notes": ("Notes", "说明"),
	"due": ("Due", "应随访日"),
	"until": ("Until", "截止日"),
	"patient": ("Patient", "患者"),
	"sequence": ("No.", "次序"),
	"channel": ("Channel", "方式"),
	"role": ("Responsible", "负责人"),
	"risk": ("Risk", "风险"),
	"value": ("Value", "价值"),
	"topics": ("Topics", "内容"),
	"sources": ("Source", "来源"),
	"reasons": ("Why", "原因"),
	"reason": ("Reason", "原因"),
	"line": ("Line", "行"),
	"column": ("Column", "列"),
	"message": ("What was expected", "应为"),
	"date": ("Date", "日期"),
	"count": ("Contacts", "次数"),
	"by_role": ("By responsible", "按负责人"),
	"by_channel": ("By channel", "按方式"),
	"none": ("None", "无"),
	"per_day": ("Contacts per day", "每日随访次数"),
	"per_week": ("Contacts per week (from Monday)", "每周随访次数（自周一起）"),
	"per_month": ("Contacts per month", "每月随访次数"),
	"written": ("Written to {0}.", "已写入 {0}。"),
	"legend": ("What the reasons mean", "原因说明"),
}
