frappe.listview_settings["Follow-up Run"] = {
	hide_name_column: true,
	hide_name_filter: true,
	add_fields: ["status", "failed"],
	get_indicator(doc) {
		const colours = {
			Running: "blue",
			Finished: doc.failed ? "orange" : "green",
			Failed: "red",
			Stopped: "orange",
		};
		return [__(doc.status), colours[doc.status], `status,=,${doc.status}`];
	},
	onload(listview) {
		hospital_followup.show_columns(listview, 7);
		listview.page.add_inner_button(__("With Failures"), () => {
			listview.filter_area
				.clear()
				.then(() => listview.filter_area.add([["Follow-up Run", "failed", ">", 0]]));
		});
	},
};
