// What the reports of figures share: the same filters everywhere, and a way from every number to the records behind it.
const TIERS = ["High", "Medium", "Low"];
const CHANNELS = ["Phone", "Home Visit", "WeChat", "SMS", "Email", "App Push"];
const NOT_KNOWN = "–";

function select(fieldname, label, values, context) {
	const options = values.map((value) => ({ value, label: __(value, null, context) }));
	return { fieldname, label, fieldtype: "Select", options: [{ value: "", label: "" }, ...options] };
}

/** A text that is no record of its own: what the reader's records hold is proposed. */
function proposed(fieldname, label) {
	const query = "hospital_followup.report_api.choices";
	return {
		fieldname,
		label,
		fieldtype: "Autocomplete",
		ignore_validation: true,
		get_query: () => ({ query, params: { field: fieldname }, translate_values: false }),
	};
}

function link(fieldname, label, options) {
	return { fieldname, label, fieldtype: "Link", options };
}

function all_limits() {
	return {
		department: link("department", __("Department"), "Follow-up Department"),
		company: proposed("company", __("Company")),
		doctor: proposed("doctor", __("Doctor")),
		staff: link("staff", __("Staff"), "Follow-up Staff"),
		risk_tier: select("risk_tier", __("Risk Tier"), TIERS),
		channel: select("channel", __("Channel"), CHANNELS),
		pathway: link("pathway", __("Care Pathway"), "Care Pathway"),
	};
}

/** The charts of the dashboard take the period from here as well (Frappe: update_default_date_filters), so it is asked for each time. */
function period() {
	const date = (fieldname, label) => ({
		fieldname,
		label,
		fieldtype: "Date",
		reqd: 1,
		get default() {
			return hospital_followup.dashboard.period()[fieldname];
		},
	});
	return [date("from_date", __("From")), date("to_date", __("To"))];
}

function group_by(groups) {
	const field = select("group_by", __("Group By"), groups);
	return { ...field, options: field.options.slice(1), default: groups[0] };
}

function number_of(value, column, data, shown) {
	if (value === null || value === undefined) {
		return `<div class="text-right text-muted" title="${__("Nothing to count here")}">${NOT_KNOWN}</div>`;
	}
	const list = (data.lists || {})[column.fieldname];
	if (!value || !(list || (column.measure && data.narrow))) return shown;
	const behind = { list, measure: column.measure, narrow: data.narrow };
	return `<div class="text-right"><a class="hf-figure" href="#" role="button" data-hf-column="${column.fieldname}"
		data-hf-behind="${hospital_followup.esc(JSON.stringify(behind))}"
		title="${__("Show the records")}">${hospital_followup.esc(value)}</a></div>`;
}

const NUMBERS = ["Int", "Float", "Percent"];

function formatter(value, row, column, data, default_formatter) {
	if (!data) return hospital_followup.cell(value, row, column, data, default_formatter);
	const { record } = data;
	let shown;
	if (NUMBERS.includes(column.fieldtype)) {
		shown = number_of(value, column, data, default_formatter(value, row, column, data));
	} else if (record && column.fieldname === record.column) {
		shown = hospital_followup.doc_link(record.doctype, record.name, value);
	} else {
		shown = hospital_followup.cell(value, row, column, data, default_formatter);
	}
	return data.is_total ? `<b>${shown}</b>` : shown;
}

/** Where the records behind a number are: a list that shows exactly these, else the report that names them. */
async function open_records(report, { list, measure, narrow }) {
	if (list) return open_list(list);
	const filters = { ...report.get_filter_values(), ...narrow };
	delete filters.group_by;
	const found = await hospital_followup.call("report_api.list_behind", { measure, filters });
	if (found) return open_list(found);
	frappe.route_options = { ...filters, measure };
	return frappe.set_route("query-report", "Records behind a Figure");
}

/** A list takes several conditions on one field only when they are written as JSON. */
function open_list({ doctype, filters }) {
	const options = {};
	for (const [field, operator, value] of filters) {
		options[field] = [...(options[field] || []), JSON.stringify([operator, value])];
	}
	frappe.route_options = options;
	return frappe.set_route("List", doctype, "List");
}

/** One page shows every report in turn, so it listens once. */
function onload(report) {
	if (report.hf_figures) return;
	report.hf_figures = true;
	report.page.wrapper.on("click", "a.hf-figure", (event) => {
		event.preventDefault();
		open_records(report, JSON.parse(event.currentTarget.dataset.hfBehind));
	});
}

Object.assign(hospital_followup, {
	/**
	 * Settings of a report of figures. `groups`: what it can be grouped by, the usual one first; `limits`: its filters
	 * beside the period, in their order; `extra`: filters of its own, shown first.
	 */
	figures_report({ groups = [], limits = [], extra = [], dated = true }) {
		const known = all_limits();
		const filters = [
			...extra,
			...(dated ? period() : []),
			...(groups.length ? [group_by(groups)] : []),
			...limits.map((name) => known[name]),
		];
		return { filters, formatter, onload };
	},

	/** A filter that offers these choices, the first one by itself: the value and what it is called. */
	report_choice(fieldname, label, choices) {
		const options = Object.entries(choices).map(([value, name]) => ({ value, label: name }));
		return { fieldname, label, fieldtype: "Select", options, default: options[0].value };
	},
});
