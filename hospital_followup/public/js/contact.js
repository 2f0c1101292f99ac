frappe.ui.form.on("Contact", { refresh: hospital_followup.add_discharge_button });
