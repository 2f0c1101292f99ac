"""Signatures: the examples that the vendors print in their documentation, and the vendors' own SDKs on anything."""

from __future__ import annotations

import base64
import hashlib
from types import SimpleNamespace

import pytest
from alibabacloud_tea_openapi.utils import Utils
from hypothesis import given
from hypothesis import strategies as st
from tencentcloud.common.sign import Sign
from twilio.request_validator import RequestValidator

from hospital_followup.channels import wechat_crypto
from hospital_followup.channels.providers import aliyun_sms, tencent_sms, twilio_sms
from tests.providers.services.sealing import seal

EMPTY = hashlib.sha256(b"").hexdigest()
HEADERS = {
	"host": "ecs.cn-shanghai.aliyuncs.com",
	"x-acs-action": "RunInstances",
	"x-acs-content-sha256": EMPTY,
	"x-acs-date": "2023-10-26T10:22:32Z",
	"x-acs-signature-nonce": "3156853299f313e23d1673dc12e1703d",
	"x-acs-version": "2014-05-26",
}
WORDS = st.text(st.characters(blacklist_categories=["Cs"]), max_size=30)


def test_aliyun_as_documented() -> None:
	"""https://www.alibabacloud.com/help/en/sdk/product-overview/v3-request-structure-and-signature"""
	query = aliyun_sms.canonical_query(
		{"RegionId": "cn-shanghai", "ImageId": "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd"}
	)
	assert aliyun_sms.authorization(
		"POST", "/", query, HEADERS, "YourAccessKeyId", "YourAccessKeySecret"
	) == (
		"ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=host;x-acs-action;x-acs-content-sha256;"
		"x-acs-date;x-acs-signature-nonce;x-acs-version,"
		"Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
	)


@given(st.dictionaries(st.text("abcXYZ", min_size=1), WORDS), WORDS.filter(bool), WORDS)
def test_aliyun_as_its_sdk(query: dict[str, str], secret: str, nonce: str) -> None:
	headers = {**HEADERS, "x-acs-signature-nonce": nonce.strip()}
	asked = SimpleNamespace(method="POST", pathname="/", query=query, headers=headers)
	ours = aliyun_sms.authorization("POST", "/", aliyun_sms.canonical_query(query), headers, "key", secret)
	assert ours == Utils.get_authorization(asked, "ACS3-HMAC-SHA256", EMPTY, "key", secret)


def test_tencent_as_documented() -> None:
	"""https://cloud.tencent.com/document/api/213/30654"""
	body = b'{"Limit": 1, "Filters": [{"Values": ["\\u672a\\u547d\\u540d"], "Name": "instance-name"}]}'
	made = tencent_sms.authorization(
		"cvm.tencentcloudapi.com",
		body,
		1551113065,
		"AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE",
		"Gu5t9xGARNpq86cd98joQYCN3EXAMPLE",
		"cvm",
	)
	assert made == (
		"TC3-HMAC-SHA256 Credential=AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE/2019-02-25/cvm/tc3_request, "
		"SignedHeaders=content-type;host, "
		"Signature=72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168"
	)


@given(st.binary(), WORDS, st.integers(0, 4_000_000_000))
def test_tencent_as_its_sdk(body: bytes, secret: str, moment: int) -> None:
	made = tencent_sms.authorization("sms.example.org", body, moment, "id", secret, "sms")
	day = made.split("/")[1]
	canonical = (
		"POST\n/\n\ncontent-type:application/json; charset=utf-8\nhost:sms.example.org\n\ncontent-type;host\n"
		+ hashlib.sha256(body).hexdigest()
	)
	hashed = hashlib.sha256(canonical.encode()).hexdigest()
	expected = Sign.sign_tc3(
		secret, day, "sms", f"TC3-HMAC-SHA256\n{moment}\n{day}/sms/tc3_request\n{hashed}"
	)
	assert made.endswith(f"Signature={expected}")


def test_twilio_as_documented() -> None:
	"""https://www.twilio.com/docs/usage/security"""
	fields = {
		"CallSid": "CA1234567890ABCDE",
		"Caller": "+14158675309",
		"Digits": "1234",
		"From": "+14158675309",
		"To": "+18005551212",
	}
	url = "https://mycompany.com/myapp.php?foo=1&bar=2"
	assert twilio_sms.signature(url, fields, "12345") == "RSOYDt4T1cUTdK1PDd93/VVr8B8="


@given(WORDS, st.dictionaries(WORDS, WORDS), WORDS)
def test_twilio_as_its_sdk(url: str, fields: dict[str, str], token: str) -> None:
	assert twilio_sms.signature(url, fields, token) == RequestValidator(token).compute_signature(url, fields)


TOKEN, KEY, CORP = "QDG6eK", "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C", "wx5823bf96d3bd56c7"
ECHO = "P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ=="


def test_wecom_as_documented() -> None:
	"""The sample that WeCom ships with its own library: https://developer.work.weixin.qq.com/document/path/90307"""
	made = wechat_crypto.signature(TOKEN, "1409659589", "263014780", ECHO)
	assert made == "5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3"
	assert wechat_crypto.decrypted(ECHO, KEY, CORP) == "1616140317555161061"
	# The stub's way of sealing opens to the same.
	assert wechat_crypto.decrypted(seal("1616140317555161061", CORP, KEY), KEY, CORP) == "1616140317555161061"


@given(st.binary(min_size=32, max_size=32), WORDS, st.text("wx0123456789abcdef", min_size=1))
def test_wechat_opens_what_others_seal(key: bytes, words: str, receiver: str) -> None:
	aes_key = base64.b64encode(key).decode().rstrip("=")
	sealed = seal(words, receiver, aes_key)
	assert wechat_crypto.decrypted(sealed, aes_key, receiver) == words
	assert wechat_crypto.decrypted(sealed, aes_key, f"{receiver}x") is None
	assert wechat_crypto.decrypted(sealed[:-8], aes_key, receiver) is None


@given(st.text() | st.binary().map(lambda b: base64.b64encode(b).decode()), st.text() | st.just(KEY))
def test_wechat_opens_nothing_else(sealed: str, key: str) -> None:
	assert wechat_crypto.decrypted(sealed, key, CORP) is None


@pytest.mark.parametrize("key", ["", "short", KEY + "A", KEY[:-1], KEY[:-1] + "!", KEY[:-1] + "字"])
def test_a_key_that_is_none(key: str) -> None:
	assert not wechat_crypto.usable_key(key)
	assert wechat_crypto.decrypted(ECHO, key, CORP) is None
