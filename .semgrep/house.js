// What each rule of house.yml finds (ruleid) and lets pass (ok). Run: semgrep --test .semgrep
// ruleid: script-sentence-is-a-literal
__(`Task ${name} is done`);
// ruleid: script-sentence-is-a-literal
__("Task " + name);
// ok: script-sentence-is-a-literal
__("Task {0} is done", [name]);
