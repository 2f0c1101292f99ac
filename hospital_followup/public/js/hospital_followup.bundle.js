// What the forms of this app share. Small on purpose: it is loaded on every page of the desk.
import "./hospital_followup/words";
import "./hospital_followup/panel";
import "./hospital_followup/contacts";
import "./hospital_followup/changes";
import "./hospital_followup/ask";
import "./hospital_followup/attempt";
import "./hospital_followup/number";
import "./hospital_followup/task_actions";
import "./hospital_followup/alerts";
import "./hospital_followup/rehabilitation";
import "./hospital_followup/approval";
import "./hospital_followup/consents";
import "./hospital_followup/reports";
import "./hospital_followup/dashboard";
import "./hospital_followup/number_cards";
import "./hospital_followup/privacy";
import "./hospital_followup/health_banner";
