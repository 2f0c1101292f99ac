"""Error codes of Twilio's Messages API: https://www.twilio.com/docs/api/errors

Twilio adds codes without notice
(https://www.twilio.com/en-us/changelog/updates-to-the-error-code-dictionary-to-clarify-number-validatio). An unknown code
below 500 comes instead of a message, so another try is safe; one above 500 may have come after it.
"""

from __future__ import annotations

from collections.abc import Mapping

from hospital_followup.channels.providers.outcomes import (
	ACCOUNT,
	BAD_ADDRESS,
	CONTENT,
	CREDENTIALS,
	FAILED_INSIDE,
	MISCONFIGURED,
	NO_SUCH_NUMBER,
	NOT_ALLOWED,
	OPTED_OUT,
	RATE_LIMIT,
	Verdict,
)

SEND_ERRORS: Mapping[str, Verdict] = {
	"21211": NO_SUCH_NUMBER,  # invalid To
	"21214": BAD_ADDRESS,  # To cannot be reached
	"21217": NO_SUCH_NUMBER,
	"21263": BAD_ADDRESS,  # To is a short code
	"21265": BAD_ADDRESS,
	"21604": BAD_ADDRESS,  # To is missing
	"21612": BAD_ADDRESS,  # no route from this sender to this number
	"21614": BAD_ADDRESS,  # not a mobile number
	"21635": BAD_ADDRESS,  # landline
	"21610": OPTED_OUT,
	"21602": CONTENT,  # no body
	"21605": CONTENT,  # body too long
	"21617": CONTENT,
	"30007": CONTENT,  # filtered
	"21408": NOT_ALLOWED,  # this country is switched off
	"21608": NOT_ALLOWED,  # trial account, unverified number
	"21212": MISCONFIGURED,  # invalid sender
	"21603": MISCONFIGURED,
	"21606": MISCONFIGURED,
	"21659": MISCONFIGURED,
	"21660": MISCONFIGURED,
	"21609": MISCONFIGURED,  # invalid StatusCallback
	"21701": MISCONFIGURED,  # no such messaging service
	"21703": MISCONFIGURED,  # messaging service without sender
	"20404": MISCONFIGURED,
	"20003": CREDENTIALS,
	"20005": ACCOUNT,
	"20006": CREDENTIALS,
	"30002": ACCOUNT,  # suspended
	"30001": RATE_LIMIT,  # queue overflow
	"20429": RATE_LIMIT,
	"21611": RATE_LIMIT,  # queue of this sender is full
	"14107": RATE_LIMIT,
	"20500": FAILED_INSIDE,
	"20503": FAILED_INSIDE,
	"20504": FAILED_INSIDE,
	"30008": FAILED_INSIDE,
}

#: Receipts that say that the person has sent STOP to our number.
REFUSING_PEOPLE = frozenset({"21610"})
#: The receipt that says that there is no such number. Not 30004 (blocked by a carrier) and 30006 (a landline): both can be called.
DEAD_NUMBERS = frozenset({"30005"})
