frappe.listview_settings["Programme Enrolment"] = {
	hide_name_column: true, // a hash: the title says who or what
	add_fields: ["status", "status_reason"],
	has_indicator_for_draft: true,

	get_indicator(doc) {
		const waits = doc.status === "Paused" && doc.status_reason === "awaiting_consent";
		if (waits) return [__("Awaiting Consent"), "red", "status,=,Paused|status_reason,=,awaiting_consent"];
		const colours = { Active: "green", Paused: "orange", Finished: "blue", Left: "gray" };
		return [__(doc.status, null, "Programme Enrolment"), colours[doc.status], `status,=,${doc.status}`];
	},
};
