frappe.ui.form.on("Patient", { refresh: hospital_followup.add_discharge_button });
