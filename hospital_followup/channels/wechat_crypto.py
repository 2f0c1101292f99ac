"""Signature and encryption that WeChat and WeCom share for what they send us.

https://developers.weixin.qq.com/doc/oplatform/Third-party_Platforms/2.0/api/Before_Develop/Technical_Plan.html ·
https://developer.work.weixin.qq.com/document/path/90968

SHA-1 over the sorted parts; AES-256-CBC, the first half of the key as initial vector, PKCS#7 with blocks of 32 bytes; inside
16 random bytes, the length of the message in network order, the message, and the id of its receiver.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import struct

HEAD = 20
KEY_CHARACTERS = 43


def signature(*parts: str) -> str:
	"""SHA-1 (the protocol's choice) over the parts, sorted and joined."""
	return hashlib.sha1(
		"".join(sorted(parts)).encode(errors="backslashreplace"), usedforsecurity=False
	).hexdigest()


def usable_key(aes_key: str) -> bool:
	"""Whether `aes_key` is an EncodingAESKey: 43 characters that are 32 bytes."""
	return len(aes_key) == KEY_CHARACTERS and _key(aes_key) is not None


def decrypted(encrypted: str, aes_key: str, receiver: str) -> str | None:
	"""The message inside `encrypted`; None when it is not for `receiver`, not made with `aes_key`, or broken."""
	from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
	from cryptography.hazmat.primitives.padding import PKCS7

	key = _key(aes_key)
	try:
		sealed = base64.b64decode(encrypted, validate=True)
	except (binascii.Error, ValueError):
		return None
	if key is None or not sealed or len(sealed) % 16:
		return None
	opener = Cipher(algorithms.AES(key), modes.CBC(key[:16])).decryptor()
	unpadder = PKCS7(256).unpadder()
	try:
		opened = unpadder.update(opener.update(sealed) + opener.finalize()) + unpadder.finalize()
		(length,) = struct.unpack(">I", opened[16:HEAD])
		message, rest = opened[HEAD : HEAD + length], opened[HEAD + length :]
		if len(message) != length or rest.decode() != receiver:
			return None
		return message.decode()
	except (ValueError, struct.error):
		return None


def _key(aes_key: str) -> bytes | None:
	try:
		key = base64.b64decode(f"{aes_key}=", validate=True)
	except (binascii.Error, ValueError):
		return None
	return key if len(key) == 32 else None
