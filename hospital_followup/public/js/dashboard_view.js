// Frappe's dashboards have no filters of their own. Ours gets period, department and company above its cards, and keeps up to
// date on a screen that nobody touches. Added to the page "dashboard-view"; other dashboards stay as they are.
{
	const REFRESH_MS = 5 * 60 * 1000;
	const page_hooks = frappe.pages["dashboard-view"];
	const load = page_hooks.on_page_load;
	let row = null;
	let fresh_until = Infinity;

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
		row = row || filter_row(wrapper);
		row.toggle(ours);
		// Frappe draws a dashboard once and shows it again as it was.
		if (ours && Date.now() > fresh_until) refresh();
		if (ours && fresh_until === Infinity) fresh_until = Date.now() + REFRESH_MS;
	}

	/** The page's own row of fields goes when Frappe empties the page for its dashboard. */
	function filter_row(wrapper) {
		const parent = $('<div class="page-form row hf-filters"></div>');
		$(wrapper).find(".dashboard").before(parent);
		const { chosen } = hospital_followup.dashboard;
		const names = Object.entries(hospital_followup.dashboard.period_names());
		const choose = (fieldname) =>
			function () {
				const value = this.get_value() || undefined;
				if (chosen[fieldname] === value) return;
				chosen[fieldname] = value;
				show_dates();
				refresh_soon();
			};
		const add = (field) => wrapper.page.add_field({ ...field, change: choose(field.fieldname) }, parent);
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
			department: add({ fieldname: "department", label: __("Department"), fieldtype: "Select" }),
			company: add({ fieldname: "company", label: __("Company"), fieldtype: "Select" }),
		};
		function show_dates() {
			const dated = chosen.period === "Chosen Dates";
			[fields.from_date, fields.to_date].forEach((field) => $(field.wrapper).toggle(dated));
		}
		show_dates();
		frappe.db
			.get_list("Follow-up Department", { fields: ["name"], order_by: "name", limit: 0 })
			.then((rows) =>
				offer(
					fields.department,
					__("All Departments"),
					rows.map((row) => row.name)
				)
			);
		frappe
			.xcall("hospital_followup.report_api.choices", { field: "company" })
			.then((companies) => offer(fields.company, __("All Companies"), companies));
		return parent;
	}

	/** A choice of one is none. */
	function offer(field, all, values) {
		const options = values.map((value) => ({ value, label: value }));
		field.df.options = [{ value: "", label: all }, ...options];
		field.refresh();
		$(field.wrapper).toggle(values.length > 1);
	}

	const refresh_soon = frappe.utils.debounce(refresh, 300);

	/** Cards and charts read their dynamic filters again. A chart keeps those of its last time unless they are taken away. */
	function refresh() {
		const { number_card_group, chart_group } = frappe.dashboard;
		fresh_until = Date.now() + REFRESH_MS;
		(number_card_group?.widgets_list || []).forEach((card) => card.card_doc && card.render_card());
		(chart_group?.widgets_list || []).forEach((chart) => {
			chart.filters = null;
			chart.refresh();
		});
	}
}
