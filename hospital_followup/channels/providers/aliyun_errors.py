"""Error codes of Aliyun's SMS service.

Sending: https://help.aliyun.com/document_detail/101346.html (also in English:
https://www.alibabacloud.com/help/doc-detail/116206.htm), signature and throttling: https://api.aliyun.com/document/Dysmsapi/2017-05-25/errorCode ·
receipts: https://help.aliyun.com/document_detail/101347.html

"OK 代表请求成功": any other code is a refusal, so an unknown one in an answer below 500 is safe to try again. The exceptions
are the codes of the service's own failure (isp.SYSTEM_ERROR, isp.GATEWAY_ERROR, InternalError): they do not say how far the
message had come, and the service can be asked.
"""

from __future__ import annotations

from collections.abc import Mapping

from hospital_followup.channels.providers.outcomes import (
	ACCOUNT,
	ADDRESS_DAY,
	ADDRESS_HOUR,
	ADDRESS_MINUTE,
	BAD_ADDRESS,
	BUSY,
	CONTENT,
	CREDENTIALS,
	DAY_LIMIT,
	FAILED_INSIDE,
	MISCONFIGURED,
	NO_SUCH_NUMBER,
	NOT_ALLOWED,
	OPTED_OUT,
	RATE_LIMIT,
	TEMPLATE,
	Verdict,
)

SEND_ERRORS: Mapping[str, Verdict] = {
	"isv.MOBILE_NUMBER_ILLEGAL": NO_SUCH_NUMBER,
	"isv.PHONE_NUMBER_ILLEGAL": NO_SUCH_NUMBER,
	"isv.NOT_SUPPORTED_COUNTRY": BAD_ADDRESS,
	"isv.COUNTRY_RESTRICTED": BAD_ADDRESS,
	"isv.BLACKLIST_ERROR": OPTED_OUT,
	"isv.SMS_TEMPLATE_ILLEGAL": TEMPLATE,
	"isv.SMS_CONTENT_CODE_ILLEGAL": TEMPLATE,
	"isv.SMS_CONTENT_MISMATCH_TEMPLATE_TYPE": TEMPLATE,
	"isv.SMS_SIGNATURE_ILLEGAL": TEMPLATE,
	"isv.SMS_SIGN_ILLEGAL": TEMPLATE,
	"isv.SMS_SIGN_NAME_ILLEGAL": TEMPLATE,
	"isv.SMS_SIGNATURE_SCENE_ILLEGAL": TEMPLATE,
	"isv.TEMPLATE_MISSING_PARAMETERS": TEMPLATE,
	"isv.TEMPLATE_PARAMS_ILLEGAL": TEMPLATE,
	"isv.TEMPLATE_COUNT_OVER_LIMIT": TEMPLATE,
	"isv.INVALID_JSON_PARAM": TEMPLATE,
	"isv.SMS_TEST_SIGN_TEMPLATE_LIMIT": TEMPLATE,
	"isv.SMS_CONTENT_ILLEGAL": CONTENT,
	"isv.BLACK_KEY_CONTROL_LIMIT": CONTENT,
	"isv.PARAM_LENGTH_LIMIT": CONTENT,
	"isv.PARAM_NOT_SUPPORT_URL": CONTENT,
	"isv.VARIABLE_LENGTH_ILLEGAL": CONTENT,
	"isv.EXTEND_CODE_ERROR": MISCONFIGURED,
	"isv.INVALID_PARAMETERS": MISCONFIGURED,
	"isv.FORBIDDEN_ACTION": NOT_ALLOWED,
	"isv.DENY_IP_RANGE": CREDENTIALS,
	"isp.RAM_PERMISSION_DENY": CREDENTIALS,
	"isv.RAM_CHECK_FAILED": CREDENTIALS,
	"isv.OUT_OF_SERVICE": ACCOUNT,
	"isv.AMOUNT_NOT_ENOUGH": ACCOUNT,
	"isv.BILLING_DEDUCTION_ERROR": ACCOUNT,
	"isv.PRODUCT_UN_SUBSCRIPT": ACCOUNT,
	"isv.PRODUCT_UNSUBSCRIBE": ACCOUNT,
	"isv.ACCOUNT_NOT_EXISTS": ACCOUNT,
	"isv.ACCOUNT_ABNORMAL": ACCOUNT,
	"isv.CUSTOMER_REFUSED": ACCOUNT,
	"isv.BUSINESS_LIMIT_CONTROL": ADDRESS_HOUR,
	"BUSINESS_LIMIT_CONTROL_MINUTE": ADDRESS_MINUTE,
	"isv.BUSINESS_LIMIT_HOUR": ADDRESS_HOUR,
	"isv.BUSINESS_LIMIT_DAY": ADDRESS_DAY,
	"BUSINESS_LIMIT_CONTROL_PHONE": ADDRESS_DAY,
	"isv.DAY_LIMIT_CONTROL": DAY_LIMIT,
	"isv.MONTH_LIMIT_CONTROL": DAY_LIMIT,
	"isp.SYSTEM_ERROR": FAILED_INSIDE,
	"isp.GATEWAY_ERROR": FAILED_INSIDE,
	"isp.UNKNOWN": FAILED_INSIDE,
	"InternalError": FAILED_INSIDE,
	"ServiceUnavailable": BUSY,
	"Throttling": RATE_LIMIT,
	"Throttling.User": RATE_LIMIT,
	"Throttling.Api": RATE_LIMIT,
	"SignatureDoesNotMatch": CREDENTIALS,
	"IncompleteSignature": CREDENTIALS,
	"SignatureNonceUsed": CREDENTIALS,
	"InvalidTimeStamp.Expired": CREDENTIALS,
	"InvalidAccessKeyId": CREDENTIALS,
	"InvalidAccessKeyId.NotFound": CREDENTIALS,
	"InvalidAccessKeyId.Inactive": CREDENTIALS,
	"Forbidden.RAM": CREDENTIALS,
	"Forbidden.AccessKeyDisabled": CREDENTIALS,
	"NoPermission": CREDENTIALS,
}

#: Receipts that say that the person refuses our messages.
REFUSING_PEOPLE = frozenset({"MOBILE_IN_BLACK"})
#: Receipts that say that the number does not exist or is out of service. A hint for the list of numbers to correct, nothing
#: more: the carriers' codes behind them are not exact.
DEAD_NUMBERS = frozenset({"MOBILE_NOT_ON_SERVICE", "INVALID_NUMBER"})
