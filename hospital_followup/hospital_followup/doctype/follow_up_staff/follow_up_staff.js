frappe.ui.form.on("Follow-up Staff", {
	refresh(frm) {
		if (frm.is_new() || !frm.perm[0]?.write || !hospital_followup.may_hand_out()) return;
		frm.add_custom_button(__("Move Today's Contacts…"), () => move_todays(frm));
	},
});

function move_todays(frm) {
	const name = hospital_followup.esc(frm.doc.staff_name || frm.doc.user);
	frappe.confirm(
		__("Give everything that {0} would have to do today to others who work today, by load?", [
			name.bold(),
		]),
		() =>
			hospital_followup.unless_refused(async () => {
				const { moved, unowned } = await hospital_followup.call("api.move_tasks_of", {
					staff: frm.doc.name,
				});
				frappe.msgprint({
					title: __("Contacts moved"),
					message: result_of(moved, unowned),
					indicator: unowned ? "orange" : "green",
				});
			})
	);
}

function result_of(moved, unowned) {
	const lines = Object.entries(moved).map(
		([name, count]) => `<li>${hospital_followup.esc(name)}: ${count}</li>`
	);
	if (!lines.length && !unowned) return __("There was nothing to move.");
	const left = unowned
		? `<p>${__("Nobody is available for {0}; they stay in the list without an owner.", [
				hospital_followup.contacts_count(unowned),
			])}</p>`
		: "";
	return `<ul>${lines.join("")}</ul>${left}`;
}
