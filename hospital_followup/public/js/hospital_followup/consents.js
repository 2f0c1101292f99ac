// Consent on the form of a patient: what stands, who said so, and a word more or back with one click.
const STATES = { Yes: ["✓", "green"], No: ["✕", "red"], "": ["–", "gray"] };

Object.assign(hospital_followup, {
	async show_consents(frm) {
		const field = frm.get_field("consents");
		if (!field || !frappe.model.can_read("Follow-up Consent")) return;
		const patient = frm.doc.name;
		const draw = (found) => {
			if (frm.doc.name === patient) draw_consents(frm, field.$wrapper, found, draw);
		};
		draw(await this.call("consent_api.patient_consents", { patient }));
	},
});

function purpose_name(purpose) {
	return __(purpose, null, "Follow-up Consent");
}

function state_words(state) {
	return { Yes: __("agreed"), No: __("refused"), "": __("not asked") }[state];
}

function draw_consents(frm, $wrapper, found, draw) {
	const may_write = frappe.model.can_create("Follow-up Consent");
	const head = found.channels.map((channel) => `<th scope="col">${__(channel)}</th>`).join("");
	const rows = found.purposes.map((purpose) => {
		const cells = found.channels.map((channel) =>
			cell_html(purpose, channel, found.standing[purpose][channel], may_write)
		);
		const all = found.channels.map((channel) => found.standing[purpose][channel]);
		const everywhere = all.every((state) => state === all[0]) ? all[0] : null;
		return `<tr><th scope="row">${purpose_name(purpose)}<p class="text-muted small">${hospital_followup.esc(
			found.explained[purpose]
		)}</p></th>${cell_html(purpose, "All", everywhere, may_write)}${cells.join("")}</tr>`;
	});
	const stop = may_write
		? `<button type="button" class="btn btn-default btn-sm" data-purpose="" data-channel="All" data-word="No">${__(
				"Withdraw Every Consent"
			)}</button>`
		: "";
	$wrapper.html(`<div class="hf-scroll"><table class="table table-bordered hf-consent hf-standing">
		<thead><tr><th></th><th scope="col">${__("All ways")}</th>${head}</tr></thead>
		<tbody>${rows.join("")}</tbody></table></div>${stop}${words_html(found)}`);
	$wrapper.off("click.hf").on("click.hf", "[data-word]", (event) => {
		const { purpose, channel, word } = event.currentTarget.dataset;
		if (word === "Yes") return ask_consent(frm, found, purpose, channel, draw);
		withdraw(frm, found, purpose, channel, draw);
	});
}

/** One button per cell: what was agreed is withdrawn with it, everything else opens the question. */
function cell_html(purpose, channel, state, may_write) {
	const where = channel === "All" ? __("All ways") : __(channel);
	const [mark, colour] = state === null ? ["≠", "gray"] : STATES[state];
	const words = state === null ? __("differs") : state_words(state);
	const shown = `<span class="hf-state hf-state-${colour}">${mark} ${words}</span>`;
	if (!may_write) return `<td>${shown}</td>`;
	const step = state === "Yes" ? __("Withdraw") : __("Ask again");
	const button = (
		word,
		text,
		label
	) => `<button type="button" class="btn btn-xs btn-default" data-word="${word}"
		data-purpose="${purpose}" data-channel="${channel}" aria-label="${purpose_name(purpose)}, ${where}: ${label}"
		title="${label}">${text}</button>`;
	if (channel !== "All")
		return `<td>${button(state === "Yes" ? "No" : "Yes", shown, `${words}. ${step}`)}</td>`;
	const buttons = [
		state !== "No" && button("No", __("Withdraw"), __("Withdraw")),
		state !== "Yes" && button("Yes", __("Agrees…"), __("Agrees…")),
	];
	return `<td>${shown}<div class="hf-words">${buttons.filter(Boolean).join("")}</div></td>`;
}

function words_html({ words }) {
	if (!words.length) return `<p class="text-muted">${__("Nobody has asked this patient yet.")}</p>`;
	const esc = hospital_followup.esc;
	const rows = words.map((word) => {
		const what = word.agreed ? __("agreed") : __("refused");
		const link = hospital_followup.doc_link(
			"Follow-up Consent",
			word.name,
			frappe.datetime.str_to_user(word.on)
		);
		const who = word.by || __("the patient");
		const evidence = word.evidence || "";
		const where = word.channel === "All" ? __("All ways") : __(word.channel);
		const about = word.programme ? esc(word.programme) : `${purpose_name(word.purpose)}, ${where}`;
		return `<li>${link} · ${about}: <b>${what}</b>
			<span class="text-muted">· ${esc(evidence.includes(who) ? evidence : `${who} · ${evidence}`)}</span></li>`;
	});
	return `<details class="hf-why"><summary>${__("Who said what, when ({0})", [words.length])}</summary>
		<ul>${rows.join("")}</ul></details>`;
}

async function withdraw(frm, found, purpose, channel, draw) {
	const before = purpose && found.standing[purpose][channel];
	await hospital_followup.unless_refused(async () => {
		const args = { patient: frm.doc.name, purpose, channel };
		draw(await hospital_followup.call("consent_api.withdraw_consent", args));
		const undo = () => ask_consent(frm, found, purpose, channel, draw);
		hospital_followup.done(__("Withdrawn. Nothing is sent for this any more."), before === "Yes" && undo);
	});
}

function ask_consent(frm, found, purpose, channel, draw) {
	const texts =
		found.purpose[found.language] || found.purpose[found.language.split("-")[0]] || found.purpose.en;
	const read = [...texts, found.read_out[purpose]].map((text) => `<p>${hospital_followup.esc(text)}</p>`);
	const dialog = new frappe.ui.Dialog({
		title: __("{0} agrees: {1}", [hospital_followup.esc(frm.doc.patient_name), purpose_name(purpose)]),
		fields: [
			{
				fieldtype: "HTML",
				options: `<div class="hf-read-out" lang="${found.language}"><h6>${__("Read out")}</h6>${read.join("")}</div>`,
			},
			{
				fieldtype: "Select",
				fieldname: "way",
				label: __("How did the patient agree?"),
				options: found.ways,
				reqd: 1,
			},
		],
		primary_action_label: __("The Patient Agrees"),
		primary_action: ({ way }) =>
			hospital_followup.unless_refused(async () => {
				const args = { patient: frm.doc.name, purpose, channel, way };
				draw(await hospital_followup.call("consent_api.give_consent", args));
				dialog.hide();
				frappe.show_alert({ message: __("Recorded."), indicator: "green" });
			}),
	});
	dialog.set_secondary_action_label(__("The Patient Refuses"));
	dialog.set_secondary_action(() => {
		dialog.hide();
		withdraw(frm, found, purpose, channel, draw);
	});
	dialog.show();
}
