// What happened, said once: shown beside the state of saving and read out by a screen reader.
import { say } from "./sheet.js";

const state = document.getElementById("save-state");
let lasting = "";
let over = 0;

// The state of saving, which stays.
export function tell(text) {
  lasting = text;
  if (!over && state) state.textContent = text;
}

// Something that just happened, for a while.
export function announce(text) {
  if (!state) return;
  state.textContent = text;
  clearTimeout(over);
  over = setTimeout(() => { over = 0; state.textContent = lasting; }, 2500);
}

export function announceText(name, values) {
  announce(say(name, values));
}
