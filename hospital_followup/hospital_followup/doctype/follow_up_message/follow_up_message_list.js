frappe.listview_settings["Follow-up Message"] = {
	hide_name_column: true, // a hash: the title says who or what
	hide_name_filter: true,
	add_fields: ["status", "status_reason", "channel"],
	get_indicator: (doc) => [
		__(doc.status, null, "Follow-up Message"),
		hospital_followup.colour("message", doc.status),
		`status,=,${doc.status}`,
	],
	formatters: {
		status_reason: (value) => hospital_followup.esc(hospital_followup.sentence(value)),
	},
	onload(listview) {
		const filters = [
			[__("Needs a Decision"), [["status", "=", "Uncertain"]]],
			[__("Failed"), [["status", "=", "Failed"]]],
			[__("Waiting"), [["status", "=", "Queued"]]],
		];
		for (const [label, rows] of filters) {
			listview.page.add_inner_button(
				label,
				async () => {
					await listview.filter_area.clear();
					await listview.filter_area.add(rows.map((row) => [listview.doctype, ...row]));
				},
				__("Show")
			);
		}
	},
};
