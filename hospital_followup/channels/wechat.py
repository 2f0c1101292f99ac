"""WeChat: a message of the hospital's service account, or of WeCom, to whoever follows it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from hospital_followup.channels.messages import MessageChannel

#: An openid of a service account, or a user id of WeCom (developer.work.weixin.qq.com/document/path/90195).
ACCOUNT = re.compile(r"[A-Za-z0-9_.@-]{1,64}")


class WeChatChannel(MessageChannel):
	"""The account that follows the hospital's; for a child it is the guardian who does."""

	name = "WeChat"

	def address_of(self, patient: Mapping[str, Any]) -> str | None:
		account = str(patient.get("wechat_openid") or "").strip()
		return account if ACCOUNT.fullmatch(account) else None
