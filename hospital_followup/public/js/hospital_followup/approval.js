// The life of what is asked and advised: Draft, Approved by a doctor's name, Retired; nothing in use is rewritten.
const FREE_IN_USE = ["review_by", "sign_off"];

Object.assign(hospital_followup, {
	/**
	 * Panel, buttons and locks of a form with `status`, `sign_off` and `review_by`. `words` holds the sentence of each
	 * status; `versions`: what was in use is read-only; `lines`: more for the panel; `approve`: a step of the form's own.
	 */
	show_approval(frm, words) {
		this.panel(frm, "overview", approval_panel(frm, words));
		const status = frm.doc.status;
		const locked = words.versions && status !== "Draft";
		for (const { df } of frm.fields) {
			if (locked && frappe.model.is_value_type(df) && !FREE_IN_USE.includes(df.fieldname)) {
				frm.set_df_property(df.fieldname, "read_only", 1);
			}
			if (locked && ["Table", "Table MultiSelect"].includes(df.fieldtype))
				frm.set_df_property(df.fieldname, "read_only", 1);
		}
		if (frm.is_new()) return;
		if (words.versions && status !== "Draft" && frappe.model.can_create(frm.doctype)) {
			frm.add_custom_button(__("New Version"), () => frm.copy_doc());
		}
		if (!frm.perm[0]?.write) return;
		const begin = words.approve || approve;
		const steps = {
			Draft: [__("Approve"), () => begin(frm)],
			Approved: [__("Retire"), () => retire(frm)],
			Retired: [__("Approve Again"), () => begin(frm)],
		};
		if (!steps[status]) return;
		frm.add_custom_button(...steps[status]);
		if (status === "Draft") frm.change_custom_button_type(steps[status][0], null, "primary");
	},

	/** Save with the values of a step; refused, the form goes back to what is stored. */
	async take_approval_step(frm, values) {
		await frm.set_value(values);
		try {
			await frm.save();
		} catch {
			await frm.reload_doc();
		}
	},
});

function approval_panel(frm, words) {
	const { status, sign_off, review_by } = frm.doc;
	const panel = { lines: [...(words.lines || [])], colour: "gray", title: words[status] || "" };
	if (status === "Draft") panel.colour = "orange";
	if (status !== "Approved") return panel;
	panel.colour = "green";
	if (!sign_off) {
		panel.colour = "orange";
		panel.lines.push(
			__("No doctor has signed it off yet. Read it through, then fill in {0}.", [
				hospital_followup.field_link(frm, "sign_off"),
			])
		);
	}
	if (review_by && review_by < frappe.datetime.get_today()) {
		panel.colour = "red";
		panel.lines.push(
			__("It should have been looked at again by {0}.", [hospital_followup.day(review_by)])
		);
	} else if (review_by) {
		panel.lines.push(__("To be looked at again by {0}.", [hospital_followup.day(review_by)]));
	}
	return panel;
}

async function approve(frm) {
	if (frm.is_dirty()) await frm.save();
	const later = frappe.datetime.add_months(frappe.datetime.get_today(), 6);
	const review = frm.doc.review_by > frappe.datetime.get_today() ? frm.doc.review_by : later;
	const doctor = frappe.user.has_role("Follow-up Doctor") ? frappe.session.user : "";
	frappe.prompt(
		[
			{
				fieldtype: "Link",
				fieldname: "sign_off",
				label: __("Signed Off By"),
				options: "User",
				default: frm.doc.sign_off || doctor,
				description: __("The doctor who answers for the content."),
				reqd: 1,
			},
			{
				fieldtype: "Date",
				fieldname: "review_by",
				label: __("Review By"),
				default: review,
				reqd: 1,
			},
		],
		(values) => hospital_followup.take_approval_step(frm, { ...values, status: "Approved" }),
		__("Approve"),
		__("Approve")
	);
}

function retire(frm) {
	frappe.confirm(
		__("It is not used in calls any more. Earlier contacts stay as they are. Retire it?"),
		() => hospital_followup.take_approval_step(frm, { status: "Retired" })
	);
}
