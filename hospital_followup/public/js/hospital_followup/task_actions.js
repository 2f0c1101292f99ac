// What a person does to tasks beside recording an attempt; the form, the list and the calendar share it.

/** A dialog that closes only when the server has accepted: what was entered survives a refusal. */
function ask_and_send({ title, intro, fields, label, send }) {
	const dialog = new frappe.ui.Dialog({
		title,
		fields: [...(intro ? [{ fieldtype: "HTML", options: `<p>${intro}</p>` }] : []), ...fields],
		primary_action_label: label,
		async primary_action(values) {
			dialog.disable_primary_action();
			await hospital_followup.unless_refused(async () => {
				await send(values);
				dialog.hide();
			});
			dialog.enable_primary_action();
		},
		secondary_action_label: __("Go Back"),
		secondary_action: () => dialog.hide(),
	});
	dialog.show();
}

const REASON = () => ({
	fieldtype: "Small Text",
	fieldname: "reason",
	label: __("Reason"),
	reqd: 1,
	max_height: "6em",
});

function refused_html(refused) {
	const items = refused.map(
		({ patient_name, message }) =>
			`<li>${hospital_followup.esc(patient_name)}: ${hospital_followup.esc(message)}</li>`
	);
	return `<ul>${items.join("")}</ul>`;
}

Object.assign(hospital_followup, {
	ask_and_send,

	UNDONE: ["Scheduled", "Open", "In Progress"],

	may_hand_out() {
		const roles = ["Follow-up Supervisor", "Follow-up Administrator", "System Manager"];
		return roles.some((role) => frappe.user.has_role(role));
	},

	skip_tasks(tasks, done) {
		const one = tasks.length === 1;
		const take_back = (names) =>
			this.unless_refused(async () => {
				for (const name of names) await this.call("api.take_back_skip", { task: name });
				done?.();
			});
		ask_and_send({
			title: one ? __("Skip this contact") : __("Skip {0} contacts", [tasks.length]),
			intro: __("The contact will not be made. The reason stays with it, and you can take it back."),
			fields: [REASON()],
			label: __("Skip"),
			send: async ({ reason }) => {
				const { skipped, refused } = await this.call("api.skip_tasks", { tasks, reason });
				if (refused.length) {
					frappe.msgprint({
						title: __("Not skipped"),
						message: refused_html(refused),
						indicator: "orange",
					});
				}
				if (skipped.length) {
					this.done(
						skipped.length === 1
							? __("The contact is skipped.")
							: __("{0} contacts are skipped.", [skipped.length]),
						() => take_back(skipped)
					);
				}
				done?.();
			},
		});
	},

	reschedule_task(task, done, day) {
		const window = task.expires_on ? this.days(task.opens_on, task.expires_on) : "";
		ask_and_send({
			title: __("Reschedule: {0}", [this.esc(task.patient_name)]),
			intro: window ? __("Window of this contact: {0}", [this.esc(window)]) : "",
			fields: [
				{ fieldtype: "Date", fieldname: "due_date", label: __("New Day"), reqd: 1, default: day },
				REASON(),
			],
			label: __("Reschedule"),
			send: async ({ due_date, reason }) => {
				await this.call("api.reschedule_task", { task: task.name, due_date, reason });
				frappe.show_alert({
					message: __("The contact is due on {0}.", [this.day(due_date)]),
					indicator: "green",
				});
				done?.();
			},
		});
	},

	reassign_tasks(tasks, done) {
		ask_and_send({
			title:
				tasks.length === 1
					? __("Reassign this contact")
					: __("Reassign {0} contacts", [tasks.length]),
			fields: [
				{
					fieldtype: "Link",
					fieldname: "staff",
					options: "Follow-up Staff",
					label: __("To"),
					reqd: 1,
					only_select: 1,
					get_query: () => ({ filters: { enabled: 1 } }),
				},
			],
			label: __("Reassign"),
			send: async ({ staff }) => {
				const moved = await this.call("api.reassign_tasks", { tasks, user: staff });
				frappe.show_alert({
					message:
						moved === 1
							? __("1 contact was reassigned.")
							: __("{0} contacts were reassigned.", [moved]),
					indicator: "green",
				});
				done?.();
			},
		});
	},
});
