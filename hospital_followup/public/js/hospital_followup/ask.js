// Asking for a reason, and offering to take back what was done.
Object.assign(hospital_followup, {
	/** Ask why; resolves to the words, or null when the person changed their mind. */
	ask_reason({ title, intro, label, primary_label, fields = [] }) {
		return new Promise((resolve) => {
			const dialog = new frappe.ui.Dialog({
				title,
				fields: [
					...(intro ? [{ fieldtype: "HTML", options: `<p>${intro}</p>` }] : []),
					...fields,
					{ fieldtype: "Small Text", fieldname: "reason", label: label || __("Reason"), reqd: 1 },
				],
				primary_action_label: primary_label,
				primary_action(values) {
					resolve(values);
					dialog.hide();
				},
				secondary_action_label: __("Go Back"),
				secondary_action: () => dialog.hide(),
				on_hide: () => resolve(null),
			});
			dialog.show();
		});
	},

	/** Say that it is done, with a link that takes it back for as long as the message is shown. */
	done(message, undo) {
		const link = undo ? ` <a href="#" data-action="undo"><b>${__("Undo")}</b></a>` : "";
		const alert = frappe.show_alert({ message: `${this.esc(message)}${link}`, indicator: "green" }, 12, {
			undo: (event) => {
				event?.preventDefault?.();
				alert.remove();
				undo();
			},
		});
	},

	/** The `status` that a workflow action leads to; null when its state is mapped to none. */
	status_after(frm, action) {
		const workflow = frappe.workflow.workflows[frm.doctype];
		const state = frm.doc[frappe.workflow.get_state_fieldname(frm.doctype)];
		const step = workflow.transitions.find((row) => row.state === state && row.action === action);
		const target = workflow.states.find((row) => row.state === step?.next_state);
		return target?.update_field === "status" ? target.update_value : null;
	},

	/** For `before_workflow_action`: ask first; a person who changes their mind leaves everything as it is. */
	async before_step(frm, ask) {
		frappe.dom.unfreeze();
		const answer = await ask();
		if (answer) {
			frappe.dom.freeze();
			return answer;
		}
		frm.selected_workflow_action = null;
		return new Promise(() => {}); // never resolved: Frappe takes the action only after this promise
	},

	/** Do what the server may refuse: Frappe has shown the reason by then, so only errors of our own go on. */
	async unless_refused(work) {
		try {
			await work();
		} catch (error) {
			if (error instanceof Error) throw error;
		}
	},

	/** What is not known is left out: a form would send it as an empty text, which is no number. */
	call(method, args = {}) {
		const known = Object.entries(args).filter(([, value]) => value !== null && value !== undefined);
		return frappe.xcall(`hospital_followup.${method}`, Object.fromEntries(known));
	},
});
