// What is switched on, and what the chosen channels can do today.
frappe.ui.form.on("Follow-up Settings", {
	setup(frm) {
		frm.set_query("default_calendar", () => ({ filters: { enabled: 1 } }));
		frm.set_query("default_department", () => ({ filters: { enabled: 1 } }));
	},
	refresh: show_settings,
	hospital_name: show_settings,
	hospital_phone: show_settings,
	go_live(frm) {
		show_settings(frm);
		if (frm.doc.go_live) ask_go_live(frm);
	},
});

async function show_settings(frm) {
	const doc = frm.doc;
	const gaps = ["hospital_name", "hospital_phone", "default_calendar"]
		.filter((fieldname) => !doc[fieldname])
		.map((fieldname) => hospital_followup.field_link(frm, fieldname));
	const empty = gaps.length && `⚠ ${__("Still empty: {0}", [hospital_followup.list(gaps)])}`;
	const found = frm.perm[0]?.write
		? await hospital_followup.call("provider_api.what_would_go_out")
		: { live: doc.go_live };
	const stopped = doc.go_live && ["moved", "restored"].includes(found.reason);
	hospital_followup.panel(frm, "overview", {
		colour: stopped ? "red" : doc.go_live ? "green" : "orange",
		title: stopped
			? stopped_words(found.reason)
			: doc.go_live
				? __("Live: messages go out to patients.")
				: __("Not live: everything is planned and shown, and people can call; no message goes out."),
		lines: [stopped && __("Look first at what waits, so that nobody gets a message twice."), empty],
	});
	frm.remove_custom_button(__("Switch On Again…"));
	if (stopped) frm.add_custom_button(__("Switch On Again…"), () => ask_switch_on_again(frm));
}

function stopped_words(reason) {
	return reason === "restored"
		? __("Nothing is sent: this site was restored from a backup older than its last messages.")
		: __("Nothing is sent: this site is a copy, or its address has changed.");
}

async function ask_go_live(frm) {
	const found = await hospital_followup.call("provider_api.what_would_go_out");
	if (found.live) return;
	let agreed = false;
	const dialog = new frappe.ui.Dialog({
		title: __("Go live"),
		fields: [{ fieldtype: "HTML", options: going_out(found) }],
		primary_action_label: __("Let Messages Out"),
		primary_action() {
			agreed = true;
			dialog.hide();
			frappe.show_alert({ message: __("Save the settings to go live."), indicator: "orange" });
		},
		secondary_action_label: __("Stay in Dry Run"),
		secondary_action: () => dialog.hide(),
		on_hide: () => !agreed && frm.set_value("go_live", 0),
	});
	dialog.show();
}

async function ask_switch_on_again(frm) {
	const found = await hospital_followup.call("provider_api.what_would_go_out");
	const dialog = new frappe.ui.Dialog({
		title: __("Switch On Again"),
		fields: [{ fieldtype: "HTML", options: going_out(found) }],
		primary_action_label: __("Let Messages Out"),
		primary_action: () =>
			hospital_followup.unless_refused(async () => {
				await hospital_followup.call("provider_api.switch_on_again");
				dialog.hide();
				await frm.reload_doc();
				hospital_followup.look_at_health_again();
			}),
		secondary_action_label: __("Go Back"),
		secondary_action: () => dialog.hide(),
	});
	dialog.show();
}

/** What waits, in words; everything in it comes from the server as counts and fixed names. */
function going_out(found) {
	const rows = found.waiting
		.map(({ channel, occasion, count }) => {
			const what = occasion ? __(occasion, null, "Follow-up Message") : "–";
			return `<tr><td>${__(channel)}</td><td>${hospital_followup.esc(what)}</td><td>${count}</td></tr>`;
		})
		.join("");
	const table = `<table class="table table-bordered"><thead><tr><th>${__("Channel")}</th><th>${__(
		"Occasion"
	)}</th><th>${__("Messages")}</th></tr></thead><tbody>${rows}</tbody></table>`;
	const problems = found.problems.map((problem) => `<li>${hospital_followup.esc(problem)}</li>`).join("");
	const parts = [
		rows
			? `<p>${__("These messages wait; {0} of them are due at once:", [found.at_once])}</p>${table}`
			: "",
		!rows && `<p>${__("No message waits. From now on new ones go out when they are due.")}</p>`,
		found.more && `<p>${__("There are more; these are the first thousand.")}</p>`,
		found.expired && `<p>${__("{0} have expired and go to people instead.", [found.expired])}</p>`,
		found.refused &&
			`<p>${__("{0} have no text that is registered at the service and go to people instead.", [found.refused])}</p>`,
		`<p>${__("Each is checked once more before it is sent: consent, do not contact, death, readmission, quiet hours, caps.")}</p>`,
		problems && `<p>${__("Not in order yet:")}</p><ul>${problems}</ul>`,
	];
	return parts.filter(Boolean).join("");
}
