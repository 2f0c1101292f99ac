"""A private Frappe stack beside a bench that is never touched. See README.md in this folder."""
