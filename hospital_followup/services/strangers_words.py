"""What somebody outside the hospital has written, on the own page or in a reply: words, never markup.

Frappe cleans texts when a draft is saved, but not a document that is submitted as it is inserted, and it leaves pictures
and links in: a stranger's picture would tell who reads the record, and when.
"""

from __future__ import annotations

import re

#: Where a browser would begin a tag, a comment or the like (HTML standard, tag open state); "pressure < 140" is none.
MARKUP = re.compile(r"<(?=[A-Za-z/!?])")
#: Looks the same to people and means nothing to a browser.
WIDE = "\uff1c"


def plain_words(text: str) -> str:
	"""`text` with nothing in it that a browser could take for markup."""
	return MARKUP.sub(WIDE, text)
