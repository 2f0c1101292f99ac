frappe.listview_settings["Care Pathway"] = {
	add_fields: ["status", "version", "sign_off"],
	has_indicator_for_draft: 1,
	get_indicator(doc) {
		if (doc.status === "Draft" && doc.sign_off) {
			return [__("Signed off, not yet in use"), "blue", "status,=,Draft|sign_off,is,set"];
		}
		return [
			__(doc.status, null, "Care Pathway"),
			hospital_followup.colour("policy", doc.status === "Approved" ? "Active" : doc.status),
			`status,=,${doc.status}`,
		];
	},
};
