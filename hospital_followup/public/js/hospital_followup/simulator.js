// From the form of a policy or a pathway to the simulator, and the file that the preview command reads.
const WHO = ["Follow-up Supervisor", "Follow-up Administrator"];

Object.assign(hospital_followup, {
	/** `kind`: policy or pathway, as the simulator's page calls what it begins with. */
	add_simulator(frm, kind) {
		if (WHO.some((role) => frappe.user.has_role(role))) {
			frm.add_custom_button(__("Simulate"), async () => {
				if (frm.is_dirty()) await frm.save();
				frappe.route_options = { [kind]: frm.doc.name };
				frappe.set_route("follow-up-simulator");
			});
		}
		if (!frm.is_new() && frappe.model.can_export(frm.doctype)) {
			frm.page.add_menu_item(__("File for the Preview Command"), () =>
				window.open_url_post(
					`/api/method/hospital_followup.simulator_api.${
						kind === "policy" ? "download_policy" : "download_pathways"
					}`,
					kind === "policy"
						? { policy: frm.doc.name }
						: { pathways: JSON.stringify([frm.doc.name]) },
					true
				)
			);
		}
	},
});
