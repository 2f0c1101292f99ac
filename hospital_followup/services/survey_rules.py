"""What a person may change in a patient's page by saving it, in the form, a bulk edit or over REST.

The page speaks for the patient: who could choose its token, its patient or its answers could answer as that patient.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hospital_followup.services.patient_pages import OPEN

if TYPE_CHECKING:
	from hospital_followup.hospital_followup.doctype.follow_up_survey.follow_up_survey import FollowupSurvey

#: What the patient and the app write: the stored value always wins.
KEPT_FIELDS = (
	"patient",
	"key",
	"token_hash",
	"questionnaire",
	"answers",
	"satisfaction",
	"recommend",
	"comment",
	"wants_call",
	"complaint",
	"opened_on",
	"answered_on",
	"call_asked_on",
	"written_on",
	"alarming_since",
	"last_sequence",
	"log",
)


def check_saved_by_hand(doc: FollowupSurvey) -> None:
	"""Keep what is the patient's. A person may close an open page, and nothing opens one again."""
	before = doc.get_doc_before_save()
	if before is None:
		return
	for field in KEPT_FIELDS:
		doc.set(field, before.get(field))
	if not (doc.status == "Expired" and before.status in OPEN):
		doc.status = before.status
