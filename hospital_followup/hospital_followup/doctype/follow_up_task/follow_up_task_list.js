frappe.listview_settings["Follow-up Task"] = {
	hide_name_column: true,
	hide_name_filter: true,
	add_fields: [
		"status",
		"due_date",
		"opens_on",
		"expires_on",
		"next_attempt_at",
		"patient_name",
		"channel",
		"contact_point",
		"risk_tier",
		"on_hold",
	],
	get_indicator(doc) {
		const today = frappe.datetime.get_today();
		if (["Open", "In Progress"].includes(doc.status) && doc.due_date < today) {
			return [__("Overdue"), "red", `status,in,Open,In Progress|due_date,<,${today}`];
		}
		return [
			__(doc.status, null, "Follow-up Task"),
			hospital_followup.colour("task", doc.status),
			`status,=,${doc.status}`,
		];
	},
	formatters: {
		risk_tier: (value) => hospital_followup.tier_pill(value),
		channel: (value) => __(value),
		due_date: (value) => hospital_followup.esc(hospital_followup.day(value)),
		assigned_to: (value) => hospital_followup.esc(value ? frappe.user_info(value).fullname : ""),
		next_attempt_at: (value) => (value ? hospital_followup.esc(hospital_followup.moment(value)) : ""),
	},
	button: {
		show: (doc) =>
			["Open", "In Progress"].includes(doc.status) && frappe.model.can_create("Follow-up Log"),
		get_label: () => __("Log Attempt"),
		get_description: (doc) => __("Log Attempt: {0}", [hospital_followup.esc(doc.patient_name)]),
		action: (doc) => hospital_followup.log_attempt(doc, () => cur_list.refresh()),
	},
	onload(listview) {
		add_quick_filters(listview);
		add_bulk_actions(listview);
	},
};

function add_quick_filters(listview) {
	const me = frappe.session.user;
	const boss = hospital_followup.may_hand_out();
	const today = () => frappe.datetime.get_today();
	const open = ["status", "in", ["Open", "In Progress"]];
	const mine = boss ? [] : [["assigned_to", "=", me]];
	const filters = [
		[
			__("My Tasks Today"),
			() => [
				open,
				["assigned_to", "=", me],
				["due_date", "<=", today()],
				["next_attempt_at", "<=", `${today()} 23:59:59`],
			],
		],
		[__("Overdue"), () => [open, ...mine, ["due_date", "<", today()]]],
		[
			__("Promised Calls"),
			() => [open, ...mine, ["outcome", "in", ["Callback Requested", "Rescheduled"]]],
		],
	];
	if (boss)
		filters.push([
			__("Without Owner"),
			() => [
				["status", "=", "Open"],
				["assigned_to", "is", "not set"],
			],
		]);
	for (const [label, conditions] of filters) {
		listview.page.add_inner_button(label, async () => {
			await listview.filter_area.clear(false);
			await listview.filter_area.add(conditions().map((row) => ["Follow-up Task", ...row]));
		});
	}
}

function add_bulk_actions(listview) {
	const names = () => listview.get_checked_items(true);
	const done = () => {
		listview.clear_checked_items();
		listview.refresh();
	};
	if (hospital_followup.may_hand_out()) {
		listview.page.add_action_item(__("Reassign…"), () => hospital_followup.reassign_tasks(names(), done));
	}
	if (frappe.model.can_write("Follow-up Task")) {
		listview.page.add_action_item(__("Skip…"), () => hospital_followup.skip_tasks(names(), done));
	}
}
