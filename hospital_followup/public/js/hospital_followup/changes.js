// What a change does to a plan, shown before it is applied (services/preview.py).
const ACTIONS = {
	create: { colour: "green", word: () => __("New", null, "Contact") },
	move: { colour: "orange", word: () => __("Changed", null, "Contact") },
	reopen: { colour: "blue", word: () => __("Opened again", null, "Contact") },
	cancel: { colour: "red", word: () => __("Cancelled", null, "Contact") },
	keep: { colour: "gray", word: () => __("Stays", null, "Contact") },
};

function changed_day(row) {
	const day = hospital_followup.esc(hospital_followup.day(row.due_date));
	if (!row.old_due_date || row.old_due_date === row.due_date) return day;
	return `<del>${hospital_followup.esc(hospital_followup.day(row.old_due_date))}</del> → <b>${day}</b>`;
}

function changed_channel(row) {
	const how = hospital_followup.how(row);
	if (!row.old_channel || row.old_channel === row.channel) return how;
	return `<del>${hospital_followup.esc(__(row.old_channel))}</del> → ${how}`;
}

function topics(codes) {
	return hospital_followup.list(codes.map((topic) => __(topic)));
}

function note(row) {
	if (row.reason) return hospital_followup.sentence(row.reason);
	if (row.status) return __(row.status);
	if (row.action === "create") return topics(row.topics);
	const fields = row.fields || [];
	const words = [];
	if (fields.includes("opens_on") || fields.includes("expires_on")) {
		words.push(__("window: {0}", [hospital_followup.days(row.opens_on, row.expires_on)]));
	}
	if (fields.includes("topics")) words.push(`${topics(row.old_topics)} → ${topics(row.topics)}`);
	return words.join(" · ");
}

function table(changes) {
	const rows = changes.map((row) => {
		const action = ACTIONS[row.action];
		return `<tr class="hf-${row.action}">
			<td>${hospital_followup.pill(action.word(), action.colour)}</td>
			<td>${changed_day(row)}</td>
			<td>${changed_channel(row)}</td>
			<td class="text-muted">${hospital_followup.esc(note(row))}</td></tr>`;
	});
	return `<div class="hf-scroll"><table class="table hf-changes"><thead><tr>
		<th>${__("Change")}</th><th>${__("Day", null, "Contact")}</th><th>${__("Channel and Role")}</th><th>${__(
			"Note"
		)}</th>
		</tr></thead><tbody>${rows.join("")}</tbody></table></div>`;
}

function summary(changes) {
	const count = (action) => changes.filter((row) => row.action === action).length;
	return Object.keys(ACTIONS)
		.filter((action) => count(action))
		.map((action) => `${ACTIONS[action].word()} <b>${count(action)}</b>`)
		.join(" · ");
}

Object.assign(hospital_followup, {
	/** HTML of a preview: its decision in a sentence, then one row per contact. */
	preview_html(preview) {
		if (preview.decision !== "Planned") {
			const reason = this.esc(this.sentence(preview.reason));
			const words =
				preview.decision === "Excluded"
					? __("This discharge will not be followed up: {0}", [reason])
					: __("No contact is left to plan: {0}", [reason]);
			return `<p><b>${words}</b></p>${preview.changes.length ? table(preview.changes) : ""}`;
		}
		if (!preview.changed) return `<p>${__("The contacts stay as they are.")}</p>`;
		return `<p>${this.tier_pill(preview.risk_tier)} ${summary(preview.changes)}</p>${table(
			preview.changes
		)}`;
	},

	/** Show what a change does to the plan and ask; resolves to true when the person wants it. */
	confirm_changes({ title, preview, primary_label, intro = "" }) {
		return new Promise((resolve) => {
			const dialog = new frappe.ui.Dialog({
				title,
				size: "large",
				fields: [{ fieldtype: "HTML", fieldname: "changes" }],
				primary_action_label: primary_label || __("Apply"),
				primary_action() {
					resolve(true);
					dialog.hide();
				},
				secondary_action_label: __("Keep as It Is"),
				secondary_action: () => dialog.hide(),
				on_hide: () => resolve(false),
			});
			dialog.fields_dict.changes.$wrapper.html(intro + this.preview_html(preview));
			dialog.show();
		});
	},

	/** Plan a discharge again with the policy in force, once the person has seen what that changes. */
	async plan_again(frm, discharge) {
		const preview = await this.call("api.preview_discharge", { name: discharge });
		if (!preview.changed && preview.decision === "Planned") {
			frappe.show_alert(__("Planning again changes nothing."));
			return;
		}
		const title = __("Plan again with today's policy");
		if (!(await this.confirm_changes({ title, preview }))) return;
		await this.call("api.replan_discharge", { name: discharge });
		frappe.show_alert({ message: __("Planned again."), indicator: "green" });
		frm.reload_doc();
	},

	/** The same for the discharges ticked in a list: one after another, with progress. */
	plan_selected_again(listview, discharges) {
		const question = __(
			"Plan {0} discharges again with today's policy? Finished contacts stay as they are.",
			[discharges.length]
		);
		frappe.confirm(question, async () => {
			for (const [index, name] of discharges.entries()) {
				frappe.show_progress(__("Planning again"), index + 1, discharges.length, "", true);
				await this.call("api.replan_discharge", { name });
			}
			listview.refresh();
		});
	},
});
