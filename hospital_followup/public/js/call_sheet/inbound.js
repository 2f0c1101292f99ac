// The patient calls us: find them by number or name, finish what is open, or only note the call.
import { esc } from "./html";
import { post, show } from "./transport";

/** `open(task)` to finish the open contact with this call, `noted()` when the call was only written down. */
export function ask_who_calls({ open, noted }) {
	const dialog = new frappe.ui.Dialog({
		title: __("Incoming Call"),
		fields: [
			{
				fieldtype: "Data",
				fieldname: "text",
				label: __("Number, name or hospital number"),
			},
			{ fieldtype: "HTML", fieldname: "found" },
		],
	});
	const place = dialog.fields_dict.found.$wrapper[0];
	let asked = 0;
	let timer = null;
	const look = async () => {
		const text = dialog.fields_dict.text.$input.val().trim();
		const number = (asked += 1);
		if (text.length < 2) {
			place.innerHTML = "";
			return;
		}
		try {
			const found = await post("find_patient", { text });
			if (number === asked) place.innerHTML = found_html(found);
		} catch (error) {
			if (number === asked) show(error);
		}
	};
	dialog.fields_dict.text.$input.on("input", () => {
		clearTimeout(timer);
		timer = setTimeout(look, 300);
	});
	place.addEventListener("click", (event) => {
		const button = event.target.closest("[data-act]");
		if (!button) return;
		dialog.hide();
		const { patient, patientName, task, act } = button.dataset;
		if (act === "finish-open") open(task);
		else note_call({ patient, patient_name: patientName, noted });
	});
	dialog.show();
}

function found_html(found) {
	if (!found.length)
		return `<p role="status">${__(
			"Nobody found among the patients you may see. Try the whole number, or a part of the name."
		)}</p>`;
	return `<ul class="hf-found" aria-label="${__("Patients found")}">${found.map(patient_html).join("")}</ul>`;
}

function patient_html(row) {
	const person = [row.sex && __(row.sex), row.age && __("{0} years", [row.age]), row.number];
	const last = row.last_contact ? __("last contact {0}", [hospital_followup.moment(row.last_contact)]) : "";
	const task = row.open_task;
	const finish = task
		? `<button type="button" class="btn btn-primary btn-sm" data-act="finish-open" data-task="${esc(task)}">${__(
				"Open the call sheet"
			)}</button>`
		: "";
	return `<li><div><b>${esc(row.patient_name)}</b>
		<span class="text-muted">${[...person, last].filter(Boolean).map(esc).join(" · ")}</span></div>
		<div class="hf-found-acts">${finish}
		<button type="button" class="btn btn-default btn-sm" data-act="note" data-patient="${esc(row.patient)}"
			data-patient-name="${esc(row.patient_name)}">${__("Only note the call")}</button></div></li>`;
}

function note_call({ patient, patient_name, noted }) {
	const dialog = new frappe.ui.Dialog({
		title: __("Incoming call: {0}", [esc(patient_name)]),
		fields: [
			{
				fieldtype: "Select",
				fieldname: "outcome",
				label: __("Outcome"),
				reqd: 1,
				default: "Reached Patient",
				options: ["Reached Patient", "Reached Caregiver", "Declined", "Deceased", "Readmitted"].map(
					(value) => ({ value, label: __(value) })
				),
			},
			{ fieldtype: "Small Text", fieldname: "notes", label: __("Notes"), reqd: 1 },
			{ fieldtype: "Small Text", fieldname: "next_step", label: __("Next Step") },
		],
		primary_action_label: __("Save"),
		async primary_action(values) {
			dialog.disable_primary_action();
			try {
				const { outcome, ...changes } = values;
				await post("log_inbound", { patient, outcome, changes: JSON.stringify(changes) });
				dialog.hide();
				frappe.show_alert({ message: __("The call is noted."), indicator: "green" });
				noted();
			} catch (error) {
				show(error);
			}
			dialog.enable_primary_action();
		},
		secondary_action_label: __("Go Back"),
		secondary_action: () => dialog.hide(),
	});
	dialog.show();
}
