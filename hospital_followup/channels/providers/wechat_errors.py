"""Error codes of WeChat service accounts and of WeCom.

WeChat: https://developers.weixin.qq.com/doc/offiaccount/Getting_Started/Global_Return_Code.html and the pages of the two
interfaces · WeCom: https://developer.work.weixin.qq.com/document/path/90313

"-1 系统繁忙" asks to try again, but does not say whether the message had been taken: uncertain. Any other errcode but 0 comes
instead of a message, so an unknown one in an answer below 500 is safe to try again.
"""

from __future__ import annotations

from collections.abc import Mapping

from hospital_followup.channels.providers.outcomes import (
	ACCOUNT,
	ADDRESS_DAY,
	BAD_ADDRESS,
	CONTENT,
	CREDENTIALS,
	DAY_LIMIT,
	FAILED_INSIDE,
	MISCONFIGURED,
	NOT_ALLOWED,
	NOT_WANTED,
	OPTED_OUT,
	RATE_LIMIT,
	TEMPLATE,
	Verdict,
)

#: The token is wrong or has expired: fetch another and try once more.
TOKEN_REFUSED = frozenset({"40001", "40014", "41001", "42001", "42007", "42009"})

OFFICIAL_ERRORS: Mapping[str, Verdict] = {
	"-1": FAILED_INSIDE,
	"40003": BAD_ADDRESS,  # no such openid, or one of another account
	"-41000": BAD_ADDRESS,
	"43004": OPTED_OUT,  # does not follow the account
	"43101": NOT_WANTED,  # rejects this template, perhaps not others
	"43019": OPTED_OUT,  # in the account's blacklist
	"40036": TEMPLATE,
	"40037": TEMPLATE,
	"43107": TEMPLATE,  # template or ability is banned
	"47003": TEMPLATE,  # a value does not fit its variable
	"40039": CONTENT,
	"40048": CONTENT,
	"45002": CONTENT,
	"45168": CONTENT,  # a sensitive word
	"40165": CONTENT,
	"47001": MISCONFIGURED,
	"44002": MISCONFIGURED,
	"40066": MISCONFIGURED,
	"48001": NOT_ALLOWED,
	"48004": NOT_ALLOWED,
	"50001": NOT_ALLOWED,
	"50002": ACCOUNT,
	"40001": CREDENTIALS,
	"40002": CREDENTIALS,
	"40013": CREDENTIALS,
	"40014": CREDENTIALS,
	"40125": CREDENTIALS,  # wrong secret
	"40164": CREDENTIALS,  # our address is not in the account's list
	"40243": CREDENTIALS,  # secret is frozen
	"41001": CREDENTIALS,
	"41002": CREDENTIALS,
	"41004": CREDENTIALS,
	"42001": CREDENTIALS,
	"42007": CREDENTIALS,
	"61004": CREDENTIALS,
	"45009": DAY_LIMIT,
	"45011": RATE_LIMIT,
	"43108": RATE_LIMIT,
	"40038": ADDRESS_DAY,
}

WECOM_ERRORS: Mapping[str, Verdict] = {
	"-1": FAILED_INSIDE,
	"40003": BAD_ADDRESS,
	"40031": BAD_ADDRESS,
	"60111": BAD_ADDRESS,  # no such user
	"81013": BAD_ADDRESS,  # nobody left to send to
	"46004": BAD_ADDRESS,
	"60011": NOT_ALLOWED,
	"48002": NOT_ALLOWED,
	"301002": NOT_ALLOWED,
	"45002": CONTENT,
	"44004": CONTENT,
	"40008": MISCONFIGURED,
	"40056": MISCONFIGURED,
	"40063": MISCONFIGURED,
	"47001": MISCONFIGURED,
	"40001": CREDENTIALS,
	"40013": CREDENTIALS,
	"40014": CREDENTIALS,
	"40091": CREDENTIALS,
	"41001": CREDENTIALS,
	"41002": CREDENTIALS,
	"41004": CREDENTIALS,
	"42001": CREDENTIALS,
	"42009": CREDENTIALS,
	"60020": CREDENTIALS,  # our address is not in the app's list
	"701008": ACCOUNT,
	"45009": RATE_LIMIT,
	"45033": RATE_LIMIT,
	"81014": ADDRESS_DAY,
}
