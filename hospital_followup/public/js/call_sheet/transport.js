// Calls to the server that tell "no connection" apart from "refused", and never open a window by themselves.
const METHOD = "hospital_followup.call_api.";
const APP = "hospital_followup.";
const PATIENCE = 30000;

/** Nobody knows whether the server got it. */
export class NetworkDown extends Error {}

/** The server said no; `message` is its sentence. */
export class Refused extends Error {
	constructor(message, title, type) {
		super(message);
		this.title = title;
		this.type = type;
	}
}

export async function post(method, args, { keepalive = false } = {}) {
	const response = await reach(method, args, keepalive);
	if ([0, 502, 503, 504].includes(response.status)) throw new NetworkDown();
	let answer = {};
	try {
		answer = await response.json();
	} catch {
		if (response.ok) throw new NetworkDown();
	}
	if (!response.ok) throw refusal(answer);
	return answer.message;
}

async function reach(method, args, keepalive) {
	const abort = new AbortController();
	const timer = setTimeout(() => abort.abort(), PATIENCE);
	try {
		return await fetch(`/api/method/${method.startsWith(APP) ? method : METHOD + method}`, {
			method: "POST",
			keepalive,
			signal: abort.signal,
			headers: {
				Accept: "application/json",
				"Content-Type": "application/json",
				"X-Frappe-CSRF-Token": frappe.csrf_token,
			},
			body: JSON.stringify(args),
		});
	} catch {
		throw new NetworkDown();
	} finally {
		clearTimeout(timer);
	}
}

function refusal(answer) {
	const type = answer.exc_type;
	if (["SessionExpired", "CSRFTokenError", "AuthenticationError"].includes(type)) {
		return new Refused(__("You are signed out. Sign in again to go on."), __("Signed out"), type);
	}
	let messages = [];
	try {
		messages = JSON.parse(answer._server_messages || "[]").map((text) => JSON.parse(text));
	} catch {
		messages = [];
	}
	const last = messages[messages.length - 1];
	const text = last ? strip_html(last.message || "") : __("The server could not do this. Try again.");
	return new Refused(text, last?.title, type);
}

export function sentence(error) {
	return error instanceof NetworkDown
		? __("No connection. Nothing that you entered is lost; try again in a moment.")
		: error.message;
}

/** Show a person why what they asked for did not happen. */
export function show(error) {
	if (error instanceof NetworkDown) {
		frappe.show_alert({ message: sentence(error), indicator: "red" });
	} else if (error instanceof Refused) {
		frappe.msgprint({
			title: esc(error.title || __("Not possible")),
			message: esc(error.message),
			indicator: "orange",
		});
	} else {
		throw error;
	}
}

const esc = (text) => frappe.utils.escape_html(text);
