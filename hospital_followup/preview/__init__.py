"""The preview command: a policy tried on a file of discharges, without Frappe (the contract is in docs/preview.md)."""
