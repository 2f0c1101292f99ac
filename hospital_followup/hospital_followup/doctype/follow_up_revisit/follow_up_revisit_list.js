frappe.listview_settings["Follow-up Revisit"] = {
	hide_name_column: true, // a hash: the title says who or what
	hide_name_filter: true,
	add_fields: ["status", "expected_on", "appointment_at", "patient_name"],
	get_indicator: (doc) => [
		__(doc.status, null, "Follow-up Revisit"),
		hospital_followup.colour("revisit", doc.status),
		`status,=,${doc.status}`,
	],
	formatters: {
		expected_on: (value, _field, doc) =>
			hospital_followup.esc(
				[hospital_followup.day(value), String(doc.appointment_at || "").slice(11, 16)]
					.filter(Boolean)
					.join(" ")
			),
	},
	onload(listview) {
		const today = () => frappe.datetime.get_today();
		const week = () => frappe.datetime.add_days(today(), 7);
		const undecided = ["status", "in", ["Expected", "Booked"]];
		const filters = [
			[__("This Week"), () => [undecided, ["expected_on", "between", [today(), week()]]]],
			[__("Missed"), () => [["status", "=", "Missed"]]],
			[
				__("Not Booked Yet"),
				() => [
					["status", "=", "Expected"],
					["expected_on", ">=", today()],
				],
			],
		];
		for (const [label, rows] of filters) {
			listview.page.add_inner_button(
				label,
				async () => {
					await listview.filter_area.clear();
					await listview.filter_area.add(rows().map((row) => [listview.doctype, ...row]));
				},
				__("Show")
			);
		}
	},
};
