// Loaded when a call sheet is opened: the task's form and the page of today's follow-up.
import { actions_of } from "./call_sheet/actions";
import { show_help } from "./call_sheet/help";
import { listen_to_keys } from "./call_sheet/keys";
import { CallSheet } from "./call_sheet/sheet";
import { Worklist } from "./call_sheet/worklist";

Object.assign(hospital_followup, { CallSheet, Worklist, actions_of, show_help, listen_to_keys });
