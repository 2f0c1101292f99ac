"""What the files of the app promise, checked without a site: no Frappe is imported here."""
