"""Sealing a message the way WeChat and WeCom do, written from their page and not from our own reader.

https://developer.work.weixin.qq.com/document/path/90968
"""

from __future__ import annotations

import base64

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK = 32


def seal(words: str, receiver: str, aes_key: str) -> str:
	key = base64.b64decode(aes_key + "=")
	message = words.encode()
	plain = b"0123456789abcdef" + len(message).to_bytes(4, "big") + message + receiver.encode()
	missing = BLOCK - len(plain) % BLOCK
	encryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
	return base64.b64encode(
		encryptor.update(plain + bytes([missing]) * missing) + encryptor.finalize()
	).decode()
