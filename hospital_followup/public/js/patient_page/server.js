/* One question to the server at a time, with XMLHttpRequest, which every browser knows. */

export function call(method, values, done, failed) {
	const request = new XMLHttpRequest();
	request.open("POST", "/api/method/hospital_followup.page_api." + method);
	request.setRequestHeader("Content-Type", "application/json");
	request.setRequestHeader("Accept", "application/json");
	request.timeout = 20000;
	request.onload = function () {
		if (request.status !== 200) return failed(request.status);
		let answer;
		try {
			answer = JSON.parse(request.responseText).message;
		} catch {
			return failed(0);
		}
		done(answer);
	};
	request.onerror = request.ontimeout = function () {
		failed(0);
	};
	values.token = window.location.hash.replace(/^#/, "");
	request.send(JSON.stringify(values));
}
