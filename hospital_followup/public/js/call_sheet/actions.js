// What else can be done with a contact: the buttons of the task's form and the menu of the worklist's sheet.
/** [{label, run}] for a call sheet's `task`; `done` is called when something changed. */
export function actions_of({ task }, done) {
	const doc = { ...task, patient_name: task.patient_name };
	const undone = hospital_followup.UNDONE.includes(task.status);
	const found = [];
	const add = (label, run) => found.push({ label, run });
	if (task.may_log) {
		add(__("Log Attempt"), () => hospital_followup.log_attempt(doc, done));
	}
	if (!task.may_write) return found;
	if (may_release(task)) add(__("Release"), () => call("release_task", task, done));
	if (undone) {
		add(__("Reschedule…"), () => hospital_followup.reschedule_task(doc, done));
		add(__("Skip…"), () => hospital_followup.skip_tasks([task.name], done));
		if (hospital_followup.may_hand_out()) {
			add(__("Reassign…"), () => hospital_followup.reassign_tasks([task.name], done));
		}
	}
	if (task.status === "Skipped" && task.outcome !== "Declined") {
		add(__("Take Back Skip"), () => call("take_back_skip", task, done));
	}
	return found;
}

/** Only who holds the patient, or hands out work, gives them back. */
function may_release({ status, holder }) {
	if (status !== "In Progress") return false;
	return !holder || holder.user === frappe.session.user || hospital_followup.may_hand_out();
}

function call(method, task, done) {
	return hospital_followup.unless_refused(async () => {
		await hospital_followup.call(`api.${method}`, { task: task.name });
		done();
	});
}
