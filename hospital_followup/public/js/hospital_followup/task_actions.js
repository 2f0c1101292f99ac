// What a person does to tasks beside recording an attempt; the form, the list and the calendar share it.
Object.assign(hospital_followup, {
	UNDONE: ["Scheduled", "Open", "In Progress"],

	may_hand_out() {
		const roles = ["Follow-up Supervisor", "Follow-up Administrator", "System Manager"];
		return roles.some((role) => frappe.user.has_role(role));
	},

	async skip_tasks(tasks, done) {
		const count = tasks.length;
		const answer = await this.ask_reason({
			title: count === 1 ? __("Skip this contact") : __("Skip {0} contacts", [count]),
			intro: __("The contact will not be made. The reason stays with it, and you can take it back."),
			primary_label: __("Skip"),
		});
		if (!answer) return;
		for (const name of tasks) {
			await this.call("api.skip_task", { task: name, reason: answer.reason });
		}
		const undo = async () => {
			for (const name of tasks) await this.call("api.take_back_skip", { task: name });
			done?.();
		};
		this.done(
			count === 1 ? __("The contact is skipped.") : __("{0} contacts are skipped.", [count]),
			undo
		);
		done?.();
	},

	async reschedule_task(task, done, day) {
		const window = task.expires_on ? this.days(task.opens_on, task.expires_on) : "";
		const answer = await this.ask_reason({
			title: __("Reschedule: {0}", [this.esc(task.patient_name)]),
			intro: window ? __("Window of this contact: {0}", [this.esc(window)]) : "",
			primary_label: __("Reschedule"),
			fields: [
				{ fieldtype: "Date", fieldname: "due_date", label: __("New Day"), reqd: 1, default: day },
			],
		});
		if (!answer) return;
		await this.call("api.reschedule_task", {
			task: task.name,
			due_date: answer.due_date,
			reason: answer.reason,
		});
		frappe.show_alert({
			message: __("The contact is due on {0}.", [this.day(answer.due_date)]),
			indicator: "green",
		});
		done?.();
	},

	reassign_tasks(tasks, done) {
		const dialog = new frappe.ui.Dialog({
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
			primary_action_label: __("Reassign"),
			primary_action: async ({ staff }) => {
				dialog.hide();
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
		dialog.show();
	},
});
