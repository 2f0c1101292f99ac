frappe.listview_settings["Follow-up Alert"] = {
	hide_name_column: true, // a hash: the title says who or what
	hide_name_filter: true,
	add_fields: ["status", "severity", "kind", "respond_by", "judgement", "assigned_to"],
	filters: [["status", "!=", "Closed"]],
	// Where the site has no workflow; with one Frappe shows the workflow's own state.
	get_indicator: (doc) => [
		__(doc.status, null, "Follow-up Alert"),
		hospital_followup.colour("alert", doc.status),
		`status,=,${doc.status}`,
	],
	formatters: {
		// A phone shows this column and the status only.
		patient_name: (value, _df, doc) => `${doc.severity === "Red" ? "▲" : "●"} ${value}`,
		severity: (value) => hospital_followup.severity_pill(value),
		kind: (value) => hospital_followup.esc(__(value)),
		respond_by: (value, _df, doc) => respond_by(value, doc),
		assigned_to: (value) => hospital_followup.esc(value ? frappe.user_info(value).fullname : ""),
	},
	button: {
		show: (doc) => doc.status === "Open" && frappe.model.can_write("Follow-up Alert"),
		get_label: () => __("Acknowledge"),
		get_description: (doc) => __("Acknowledge: {0}", [hospital_followup.esc(doc.patient_name)]),
		action: (doc) => hospital_followup.acknowledge_alert(doc.name, () => cur_list.refresh()),
	},
	onload(listview) {
		red_first(listview);
		hospital_followup.show_columns(listview, 6);
		for (const [label, conditions] of quick_filters()) {
			listview.page.add_inner_button(label, async () => {
				await listview.filter_area.clear(false);
				await listview.filter_area.add(conditions().map((row) => ["Follow-up Alert", ...row]));
			});
		}
	},
};

/** By when; with a sign where that is over. */
function respond_by(value, doc) {
	if (!value) return "";
	const time = hospital_followup.moment(value);
	if (!hospital_followup.alert_is_late(doc)) return hospital_followup.esc(time);
	return `<span title="${__("Late")}">${hospital_followup.pill(`⚠ ${time}`, "red")}</span>`;
}

/** Frappe sorts by one field; a red alert comes before an amber one that is due earlier. */
function red_first(listview) {
	const get_args = listview.get_args.bind(listview);
	listview.get_args = () => {
		const args = get_args();
		if (listview.sort_by === "respond_by" && listview.sort_order?.toLowerCase() === "asc") {
			args.order_by = `\`tabFollow-up Alert\`.\`severity\` desc, ${args.order_by}`;
		}
		return args;
	};
}

function quick_filters() {
	return [
		[
			__("My Alerts"),
			() => [
				["assigned_to", "=", frappe.session.user],
				["status", "!=", "Closed"],
			],
		],
		[
			__("Late"),
			() => [
				["status", "=", "Open"],
				["respond_by", "<", frappe.datetime.now_datetime()],
			],
		],
		[
			__("To Be Judged"),
			() => [
				["status", "=", "Answered"],
				["judgement", "is", "not set"],
			],
		],
	];
}
