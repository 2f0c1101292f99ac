"""Post-discharge follow-up for hospitals on Frappe, ERPNext and Frappe Health."""

__version__ = "0.1.0"
