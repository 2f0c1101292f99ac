frappe.listview_settings["Follow-up Script"] = {
	add_fields: ["status", "version", "review_by", "workflow_state"],
	has_indicator_for_draft: 1,
	get_indicator(doc) {
		const late =
			doc.status === "Approved" && doc.review_by && doc.review_by < frappe.datetime.get_today();
		if (late) return [__("Review overdue"), "red", `status,=,Approved|review_by,<,Today`];
		return [
			__(doc.status, null, "Follow-up Script"),
			hospital_followup.colour("policy", doc.status === "Approved" ? "Active" : doc.status),
			`status,=,${doc.status}`,
		];
	},
	formatters: {
		audience: (value) => (value ? __(value) : everyone(__("all patients"))),
		channel: (value) => (value ? __(value) : everyone(__("every channel"))),
	},
	onload: (listview) => hospital_followup.show_columns(listview, 7),
};

function everyone(words) {
	return `<span class="text-muted">${words}</span>`;
}
