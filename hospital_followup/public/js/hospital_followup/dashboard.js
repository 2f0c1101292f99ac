// What the cards and charts of the dashboard are filtered by. Number cards and charts ask for it through their own dynamic
// filters (`hospital_followup.dashboard.pick("department")`), so they stay ordinary documents of the desk.
const NAME = "Hospital Follow-up";
const USUAL = "Last 30 Days";
const chosen = { period: USUAL };

/** First and last day of each period that can be chosen; both count. */
const PERIODS = {
	"Last 7 Days": (date) => [date.add_days(date.get_today(), -6), date.get_today()],
	[USUAL]: (date) => [date.add_days(date.get_today(), -29), date.get_today()],
	"Last 90 Days": (date) => [date.add_days(date.get_today(), -89), date.get_today()],
	"This Month": (date) => [date.month_start(), date.get_today()],
	"Last Month": (date) => [date.add_months(date.month_start(), -1), date.add_days(date.month_start(), -1)],
	"This Year": (date) => [date.year_start(), date.get_today()],
	"Chosen Dates": () => [chosen.from_date, chosen.to_date],
};

function days(period) {
	const [from_date, to_date] = PERIODS[period](frappe.datetime);
	return from_date && to_date ? { from_date, to_date } : days(USUAL);
}

frappe.provide("hospital_followup");
hospital_followup.dashboard = {
	name: NAME,
	chosen,

	is_open() {
		const [view, name] = frappe.get_route();
		return view === "dashboard-view" && name === NAME;
	},

	/** The periods to choose from: value and what it is called. */
	period_names() {
		return {
			"Last 7 Days": __("Last 7 Days"),
			[USUAL]: __("Last 30 Days"),
			"Last 90 Days": __("Last 90 Days"),
			"This Month": __("This Month"),
			"Last Month": __("Last Month"),
			"This Year": __("This Year"),
			"Chosen Dates": __("Chosen Dates"),
		};
	},

	/** The period that a report begins with: the dashboard's for its charts, this month for the report itself. */
	period() {
		if (frappe.get_route()[0] === "query-report") {
			return { from_date: frappe.datetime.month_start(), to_date: frappe.datetime.get_today() };
		}
		return days(this.is_open() ? chosen.period : USUAL);
	},

	/** One filter of cards and charts. Beside the dashboard (on the workspace) there are none but the usual period. */
	pick(fieldname) {
		if (["from_date", "to_date"].includes(fieldname)) return this.period()[fieldname];
		return (this.is_open() && chosen[fieldname]) || undefined;
	},
};
