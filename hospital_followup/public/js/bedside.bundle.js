// The guided dialog at the bedside: number, preferences, who may hear, purpose and consent, special care.
const WORDS = ["", "Yes", "No"];

function word_label(word) {
	return { "": "–", Yes: __("Yes"), No: __("No") }[word];
}

function options_of(field) {
	const df = frappe.meta.get_docfield("Follow-up Patient", field);
	return df.options
		.split("\n")
		.map((value) => ({ value, label: value && __(value, null, "Follow-up Patient") }));
}

function label_of(field) {
	return __(frappe.meta.get_label("Follow-up Patient", field), null, "Follow-up Patient");
}

function purpose_html(form, language) {
	const texts = form.purpose[language] || form.purpose[language.split("-")[0]] || form.purpose.en;
	return `<div class="hf-read-out" lang="${language}"><h6>${__("Read out")}</h6>
		${texts.map((text) => `<p>${hospital_followup.esc(text)}</p>`).join("")}</div>`;
}

function consent_html(form) {
	const columns = form.channels.map((channel) => `<th scope="col">${__(channel)}</th>`).join("");
	const rows = form.purposes.map((purpose) => {
		const cells = form.channels.map((channel) => {
			const label = `${__(purpose, null, "Follow-up Consent")}, ${__(channel)}`;
			const options = WORDS.map((word) => {
				const chosen = form.consents[purpose][channel] === word ? "selected" : "";
				return `<option value="${word}" ${chosen}>${word_label(word)}</option>`;
			});
			return `<td><select class="input-xs" aria-label="${label}" data-purpose="${purpose}"
				data-channel="${channel}">${options.join("")}</select></td>`;
		});
		const all = ["Yes", "No"].map(
			(word) =>
				`<button type="button" class="btn btn-xs btn-default" data-all="${word}" data-purpose="${purpose}"
					aria-label="${__(purpose, null, "Follow-up Consent")}: ${
						word === "Yes" ? __("Yes to all") : __("No to all")
					}">${word_label(word)}</button>`
		);
		return `<tr><th scope="row">${__(purpose, null, "Follow-up Consent")}</th>
			<td class="hf-all">${all.join("")}</td>${cells.join("")}</tr>`;
	});
	return `<div class="hf-scroll"><table class="table table-bordered hf-consent">
		<thead><tr><th></th><th scope="col">${__("All ways")}</th>${columns}</tr></thead>
		<tbody>${rows.join("")}</tbody></table></div>
		<p class="text-muted small">${__("–: not asked. What stands here already was said before.")}</p>`;
}

class BedsideDialog {
	constructor(form, { patient, discharge }, done) {
		Object.assign(this, { form, patient, discharge, done });
		this.dialog = new frappe.ui.Dialog({
			title: __("Bedside Preparation: {0}", [hospital_followup.esc(form.patient_name)]),
			size: "extra-large",
			static: true, // a stray Escape beside the bed loses nothing
			fields: this.fields(),
			primary_action_label: __("Save the Preparation"),
			primary_action: (values) => this.save(values),
			secondary_action_label: __("Go Back"),
			secondary_action: () => this.dialog.hide(),
		});
		this.dialog.$wrapper.addClass("hf-bedside");
		this.dialog.fields_dict.consents.$wrapper.html(consent_html(form));
		this.show_purpose();
		this.show_way();
		this.dialog.$wrapper.on("click", "[data-all]", (event) => {
			const { all, purpose } = event.currentTarget.dataset;
			this.selects().filter(`[data-purpose="${purpose}"]`).val(all);
		});
		this.dialog.show();
	}

	known(fieldname, fieldtype, more = {}) {
		return {
			fieldtype,
			fieldname,
			label: label_of(fieldname),
			default: this.form.known[fieldname],
			...more,
		};
	}

	fields() {
		return [
			{ fieldtype: "HTML", options: this.before_html() },
			...this.step(1, __("The number")),
			{
				fieldtype: "Select",
				fieldname: "way",
				label: __("How is the number confirmed?"),
				options: [
					{ value: "", label: __("Not now") },
					{ value: "Entered Again", label: __("The patient says it, and it is entered again") },
					{ value: "Test Call", label: __("A test call rings beside the bed") },
				],
				onchange: () => this.show_way(),
			},
			{ fieldtype: "Column Break" },
			{ fieldtype: "Data", fieldname: "number", label: __("Telephone Number") },
			{ fieldtype: "Check", fieldname: "number_changed", label: __("The number has changed") },
			...this.step(2, __("When and how")),
			this.known("preferred_slot", "Select", { options: options_of("preferred_slot") }),
			{ fieldtype: "Column Break" },
			this.known("preferred_channel", "Select", { options: options_of("preferred_channel") }),
			{ fieldtype: "Column Break" },
			this.known("language", "Link", { options: "Language", onchange: () => this.show_purpose() }),
			...this.step(3, __("Who else may hear about the patient's health")),
			this.known("caregiver_name", "Data"),
			this.known("may_hear", "Select", { options: options_of("may_hear") }),
			{ fieldtype: "Column Break" },
			this.known("caregiver_relation", "Data"),
			this.known("may_hear_names", "Small Text", {
				max_height: "4em",
				depends_on: "eval:doc.may_hear==='The People Named'",
			}),
			{ fieldtype: "Column Break" },
			this.known("caregiver_mobile", "Data"),
			...this.step(4, __("Purpose and consent")),
			{ fieldtype: "HTML", fieldname: "purpose" },
			{
				fieldtype: "Check",
				fieldname: "purpose_explained",
				label: __("The purpose was explained, and the patient could ask"),
				default: this.form.purpose_explained,
			},
			{ fieldtype: "HTML", fieldname: "consents" },
			...this.step(5, __("Special care")),
			this.known("special_care", "Check"),
			this.known("special_care_note", "Small Text", { max_height: "4em", depends_on: "special_care" }),
			{ fieldtype: "Column Break" },
			this.known("home_address", "Small Text", { max_height: "4em" }),
			this.known("directions", "Small Text", { max_height: "4em" }),
		];
	}

	step(number, title) {
		return [{ fieldtype: "Section Break", label: __("Step {0} of 5: {1}", [number, title]) }];
	}

	before_html() {
		const { prepared_on, prepared_by } = this.form;
		if (!prepared_on) return "";
		const on = hospital_followup.esc(frappe.datetime.str_to_user(prepared_on));
		const line = __("Prepared before, on {0} by {1}.", [on, hospital_followup.esc(prepared_by)]);
		return `<p class="text-muted">${line}</p>`;
	}

	show_way() {
		const way = this.dialog.get_value("way");
		const { number } = this.form;
		const words = {
			"Entered Again": number ? __("On record: {0}", [number]) : __("No number is on record yet."),
			"Test Call": number
				? __("Empty: the number on record, {0}, was called.", [number])
				: __("The number that was called."),
		};
		for (const field of ["number", "number_changed"]) this.dialog.set_df_property(field, "hidden", !way);
		this.dialog.set_df_property("number_changed", "hidden", !way || !number);
		this.dialog.set_df_property("number", "description", words[way] || "");
		this.dialog.set_df_property("number", "reqd", way === "Entered Again" || (way && !number) ? 1 : 0);
	}

	show_purpose() {
		const language = this.dialog.get_value("language") || this.form.language;
		this.dialog.fields_dict.purpose.$wrapper.html(purpose_html(this.form, language));
	}

	selects() {
		return this.dialog.$wrapper.find(".hf-consent select");
	}

	consents() {
		const found = {};
		this.selects().each((_index, select) => {
			const { purpose, channel } = select.dataset;
			(found[purpose] ||= {})[channel] = select.value;
		});
		return found;
	}

	async save(values) {
		const { way, number, number_changed } = values;
		const asked = Object.keys(this.form.known).map((field) => [field, this.dialog.get_value(field)]);
		this.dialog.disable_primary_action();
		await hospital_followup.unless_refused(async () => {
			await hospital_followup.call("contact_api.prepare_bedside", {
				patient: this.patient,
				discharge: this.discharge,
				answers: {
					...Object.fromEntries(asked),
					way: way || "",
					number: way ? number : "",
					number_changed: number_changed || 0,
					purpose_explained: values.purpose_explained || 0,
					consents: this.consents(),
				},
			});
			this.dialog.hide();
			frappe.show_alert({ message: __("The patient is prepared for follow-up."), indicator: "green" });
			this.done?.();
		});
		this.dialog.enable_primary_action();
	}
}

hospital_followup.open_bedside = async (args, done) => {
	const [form] = await Promise.all([
		hospital_followup.call("contact_api.bedside_form", { patient: args.patient }),
		new Promise((resolve) => frappe.model.with_doctype("Follow-up Patient", resolve)),
	]);
	return new BedsideDialog(form, args, done);
};
