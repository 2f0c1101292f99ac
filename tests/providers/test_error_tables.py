"""The error tables: what each code may mean, and no code that the service does not have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import get_args

import pytest
from tencentcloud.sms.v20210111 import errorcodes

from hospital_followup.channels.providers.aliyun_errors import SEND_ERRORS as ALIYUN
from hospital_followup.channels.providers.outcomes import Verdict
from hospital_followup.channels.providers.tencent_errors import SEND_ERRORS as TENCENT
from hospital_followup.channels.providers.twilio_errors import SEND_ERRORS as TWILIO
from hospital_followup.channels.providers.wechat_errors import OFFICIAL_ERRORS, TOKEN_REFUSED, WECOM_ERRORS
from hospital_followup.engine.message_ports import Reason, SendState

TABLES = {
	"aliyun": ALIYUN,
	"tencent": TENCENT,
	"twilio": TWILIO,
	"wechat": OFFICIAL_ERRORS,
	"wecom": WECOM_ERRORS,
}
#: Codes of all of Tencent Cloud's services; the SDK of one of them does not list these.
COMMON = (
	"AuthFailure.",
	"RequestLimitExceeded",
	"InternalError",
	"InvalidAction",
	"LimitExceeded",
	"InvalidParameterValue",
)
#: The documentation and the service disagree on two spellings; both are kept.
SPELLINGS = {
	"UnsupportedOperation.UnsuportedRegion",
	"InvalidParameterValue.ProhibitUsingUrlInTemplateParameter",
}


@pytest.mark.parametrize("name", TABLES)
def test_every_verdict_is_one_that_can_be_acted_on(name: str) -> None:
	table: Mapping[str, Verdict] = TABLES[name]
	for code, verdict in table.items():
		assert verdict.state in get_args(SendState) and verdict.state != "accepted", code
		assert verdict.reason in get_args(Reason), code
		assert (verdict.wait is not None) == (verdict.state == "retry"), code
		assert code == code.strip() and code.isascii()


@pytest.mark.parametrize("name", TABLES)
def test_a_service_that_failed_inside_is_never_safe_to_try_again(name: str) -> None:
	inside = {
		c for c, v in TABLES[name].items() if "SYSTEM_ERROR" in c or c in ("-1", "InternalError", "20500")
	}
	assert inside
	assert {TABLES[name][code].state for code in inside} == {"uncertain"}


def test_tencents_codes_are_those_of_its_sdk() -> None:
	known = {value for name, value in vars(errorcodes).items() if name.isupper()}
	strange = {code for code in TENCENT if code not in known and not code.startswith(COMMON)}
	assert strange - SPELLINGS == set()


def test_tencents_codes_about_sending_are_all_judged() -> None:
	"""The SDK lists those of every interface; what is left out concerns signatures, templates and statistics."""
	known = {value for name, value in vars(errorcodes).items() if name.isupper()}
	about_sending = (
		"LimitExceeded.",
		"UnauthorizedOperation.",
		"InternalError.S",
		"InternalError.T",
		"FailedOperation.Template",
	)
	missing = {code for code in known if code.startswith(about_sending)} - set(TENCENT)
	assert missing == {
		"FailedOperation.TemplateAlreadyPassedCheck",
		"FailedOperation.TemplateNumberLimit",
		"LimitExceeded.PhoneNumberCountLimit",
	}


def test_a_refused_token_is_in_both_tables_as_a_matter_of_keys() -> None:
	for table in (OFFICIAL_ERRORS, WECOM_ERRORS):
		assert {table[code].reason for code in TOKEN_REFUSED & set(table)} == {"credentials"}
