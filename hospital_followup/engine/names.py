"""The names that values of the engine may carry: tiers, channels, roles, topics, reason codes."""

from __future__ import annotations

RISK_TIERS = VALUE_TIERS = ("High", "Medium", "Low")
UNITS = ("Day", "Week", "Month")

# From the most to the least personal; "the more personal one" (S1) is the one that comes first.
PERSONAL_ORDER = ("Home Visit", "Phone", "WeChat", "SMS", "Email", "App Push")
CHANNELS = PERSONAL_ORDER
FALLBACK_ORDER = ("Phone", "WeChat", "SMS", "Email", "App Push")
HUMAN_CHANNELS = frozenset({"Home Visit", "Phone"})

# From the lower to the higher role; a merged contact goes to the higher one.
SPECIALIST, DOCTOR, SUPERVISOR = "Follow-up Specialist", "Follow-up Doctor", "Follow-up Supervisor"
ROLES = (SPECIALIST, DOCTOR, SUPERVISOR, "Follow-up Administrator")

TOPICS = ("Condition", "Guidance", "Revisit", "Care")
DISPOSITIONS = ("Home", "Transferred", "Hospice", "Against Advice", "Deceased", "Other")
PATIENT_STATUSES = ("Active", "Do Not Contact", "Deceased", "Merged")
# What counts from these begins with a stay in hospital; every other pathway is a programme, entered with a consent.
OF_A_STAY = ("Discharge", "Surgery")
ANCHORS = (*OF_A_STAY, "Enrolment", "Expected Delivery", "Birth")

# In the order in which they are shown; the last four occur on a site only, never in the preview.
RISK_REASONS = ("tier_given", "tier_scored", "tier_rule", "tier_override", "tier_incomplete", "tier_assumed")
VALUE_REASONS = ("value_given", "value_scored", "value_assumed", "clinical_floor")
CONTACT_REASONS = (
	"moved_working_day",
	"kept_on_closed_day",
	"merged",
	"capped",
	"preference",
	"human_channel_kept",
	"special_care",
	"fallback",
	"no_channel",
	"late_discharge",
	"reanchored",
	"rescheduled",
	"brought_forward",
)
REASONS = RISK_REASONS + VALUE_REASONS + CONTACT_REASONS

# Why a discharge has no contacts. The first three are decided from the disposition alone.
EXCLUSIONS = ("deceased", "transferred", "hospice", "withdrawn", "readmitted", "discharge_cancelled")
WINDOWS_GONE = "windows_gone"

OPEN_STATUSES = frozenset({"Scheduled", "Open", "In Progress"})
DONE_STATUSES = frozenset({"Completed", "Missed", "Skipped"})
