// A number says more with what it is made of and with the time before. Frappe's cards show that for counted lists only
// (render_stats); cards whose method sends `beside` get it here. Other apps' cards are left as they are.
const NumberCard = frappe.widget?.widget_factory?.number_card;

function beside_of({ parts, former, change, better, worse }) {
	const { esc } = hospital_followup;
	const colour = better ? "green" : worse ? "red" : "gray";
	const arrow = change > 0 ? "▲" : change < 0 ? "▼" : "＝";
	const compared = former && `<span class="hf-${colour}">${arrow}</span> ${esc(former)}`;
	const made_of = former ? esc(parts) : `<span class="hf-${colour}">${esc(parts)}</span>`;
	return `<div class="hf-beside">${[made_of, compared].filter(Boolean).join("<br>")}</div>`;
}

const ours = (card) => card.card_doc?.module === "Hospital Followup";

if (NumberCard) {
	const { render_stats } = NumberCard.prototype;
	NumberCard.prototype.render_stats = function () {
		// A red nought is no alarm.
		if (ours(this) && !Number(this.number ?? this.formatted_number))
			$(this.body).find(".number").css("color", "");
		const beside = ours(this) && this.data?.beside;
		if (!beside) return render_stats.call(this);
		$(this.body).find(".widget-content").append(beside_of(beside));
	};
}
