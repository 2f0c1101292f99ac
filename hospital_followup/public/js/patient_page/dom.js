/* Small elements, made without HTML in strings: what comes from the server is text and stays text. */

export function element(name, attributes, children) {
	const made = document.createElement(name);
	Object.keys(attributes || {}).forEach(function (key) {
		if (key === "text") made.textContent = attributes[key];
		else if (key.slice(0, 2) === "on") made[key] = attributes[key];
		else if (attributes[key] === true) made.setAttribute(key, "");
		else if (attributes[key] !== false && attributes[key] !== null && attributes[key] !== undefined)
			made.setAttribute(key, attributes[key]);
	});
	(children || []).forEach(function (child) {
		if (child) made.appendChild(child);
	});
	return made;
}

export function empty(node) {
	while (node.firstChild) node.removeChild(node.firstChild);
}
