// The coloured panel on top of a form that says in plain words how things stand.
Object.assign(hospital_followup, {
	/** Fill the HTML field `fieldname`; `title` and `lines` are HTML (escape what people typed). */
	panel(frm, fieldname, { colour, title, lines = [], body = "" }) {
		const field = frm.get_field(fieldname);
		if (!field) return;
		const text = lines
			.filter(Boolean)
			.map((line) => `<p>${line}</p>`)
			.join("");
		field.$wrapper.html(
			`<section class="hf-panel hf-${colour}" aria-live="polite">
				<h4>${title}</h4>${text}${body}
			</section>`
		);
		field.$wrapper.off("click.hf").on("click.hf", "[data-hf-field]", (event) => {
			event.preventDefault();
			frm.scroll_to_field(event.currentTarget.dataset.hfField);
		});
	},

	clear_panel(frm, fieldname) {
		frm.get_field(fieldname)?.$wrapper.empty();
	},

	/** A link that scrolls to a field of this form and puts the cursor there. */
	field_link(frm, fieldname) {
		const label = frm.get_field(fieldname)?.df.label;
		if (!label) return "";
		return `<a href="#" role="button" data-hf-field="${fieldname}">${this.esc(
			__(label, null, frm.doctype)
		)}</a>`;
	},

	doc_link(doctype, name, text) {
		return `<a href="${frappe.utils.get_form_link(doctype, name)}">${this.esc(text || name)}</a>`;
	},

	/** Show that many columns in a list, unless the person has chosen for themselves; Frappe gives a small screen two. */
	show_columns(listview, count) {
		if (listview.list_view_settings.total_fields) return;
		listview.list_view_settings.total_fields = count;
		listview.setup_columns();
		listview.render_header(true);
	},
});
