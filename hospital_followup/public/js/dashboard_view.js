// Frappe's dashboards have no filters of their own. Ours gets period, department and company above its cards, and keeps up to
// date on a screen that nobody touches. Added to the page "dashboard-view"; other dashboards stay as they are.
{
	const REFRESH_MS = 5 * 60 * 1000;
	const page_hooks = frappe.pages["dashboard-view"];
	const load = page_hooks.on_page_load;
	let filters = null;
	let shown_before = false;

	page_hooks.on_page_load = function (wrapper) {
		load.call(this, wrapper);
		$(wrapper).on("show", () => on_show(wrapper));
		setInterval(() => {
			if (hospital_followup.dashboard.is_open() && !document.hidden) refresh();
		}, REFRESH_MS);
	};

	function on_show(wrapper) {
		const ours = hospital_followup.dashboard.is_open();
		$(wrapper).toggleClass("hf-dashboard", ours);
		wrapper.page.page_form.toggleClass("hide", !ours);
		if (!ours) {
			shown_before = false;
			return;
		}
		filters = filters || filter_fields(wrapper.page);
		if (shown_before) refresh();
		shown_before = true;
	}

	function filter_fields(page) {
		const { chosen } = hospital_followup.dashboard;
		const names = Object.entries(hospital_followup.dashboard.period_names());
		const choose = (fieldname) =>
			function () {
				const value = this.get_value() || undefined;
				if (chosen[fieldname] === value) return;
				chosen[fieldname] = value;
				show_dates();
				refresh();
			};
		const add = (field) => page.add_field({ ...field, change: choose(field.fieldname) });
		const fields = {
			period: add({
				fieldname: "period",
				label: __("Period"),
				fieldtype: "Select",
				options: names.map(([value, label]) => ({ value, label })),
				default: chosen.period,
			}),
			from_date: add({ fieldname: "from_date", label: __("From"), fieldtype: "Date" }),
			to_date: add({ fieldname: "to_date", label: __("To"), fieldtype: "Date" }),
			department: add({
				fieldname: "department",
				label: __("Department"),
				fieldtype: "Link",
				options: "Follow-up Department",
			}),
			company: add({ fieldname: "company", label: __("Company"), fieldtype: "Data" }),
		};
		function show_dates() {
			const dated = chosen.period === "Chosen Dates";
			[fields.from_date, fields.to_date].forEach((field) => $(field.wrapper).toggle(dated));
		}
		show_dates();
		return fields;
	}

	/** Cards and charts read their dynamic filters again. A chart keeps those of its last time unless they are taken away. */
	function refresh() {
		const { number_card_group, chart_group } = frappe.dashboard;
		(number_card_group?.widgets_list || []).forEach((card) => card.card_doc && card.render_card());
		(chart_group?.widgets_list || []).forEach((chart) => {
			chart.filters = null;
			chart.refresh();
		});
	}
}
