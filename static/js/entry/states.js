// The state of a cell by one key or button: G 暂估, Y 沿用上月, N 不适用, Delete 未填; and of many cells at once.
import { announceText } from "./speaking.js";
import { NOT_APPLICABLE, carried, estimated, isEstimated, isNotApplicable, plain } from "./grammar.js";
import { asksToClear, cellOf, cells, changed, fields, form, table, told } from "./sheet.js";
import { isComposing, isEditing, isWhole } from "./moving.js";
import { change } from "./undoing.js";

const KEYS = { g: "estimate", y: "carried", n: "na" };

function lastMonth(cell) {
  const before = cell.td.querySelector(".before > span");
  return before && /^[\d,.−-]+$/.test(before.textContent) ? before.textContent.replace("−", "-") : "";
}

const MADE = {
  value: (cell, text) => plain(text),
  estimate: (cell, text) => (isEstimated(text) ? plain(text) : estimated(text)),
  carried: (cell) => (lastMonth(cell) ? carried(lastMonth(cell)) : null),
  na: () => NOT_APPLICABLE,
  clear: () => "",
};

// Set the state of one cell, as one step back.
export function setState(cell, state) {
  const { field } = cell;
  if (field.readOnly) return;
  const text = MADE[state](cell, field.value.trim());
  if (text === null) {
    announceText("no_last");
    return;
  }
  if (state === "clear" && asksToClear(cell)) {
    cell.clear = true; // asked once, and said again
    changed(cell);
    return;
  }
  change([[cell, text]]);
  field.focus();
  if (state === "estimate" && isEstimated(text)) field.setSelectionRange(1, text.length); // digits follow
  else field.select();
}

function onKey(event) {
  const field = event.target;
  if (!field.matches("input") || isComposing(event) || event.ctrlKey || event.metaKey || event.altKey) return;
  const state = KEYS[event.key.toLowerCase()];
  const emptied = event.key === "Delete" && !isEditing(field) && (isWhole(field) || field.value === "");
  if (!state && !emptied) return;
  event.preventDefault();
  setState(cellOf(field), state || "clear");
}

// With an input method on, the letter arrives as text.
function onComposed(event) {
  if (!event.target.matches("input")) return;
  const letter = /^[gyn]$/i.exec(event.target.value.trim());
  if (!letter) return;
  event.target.value = "";
  setState(cellOf(event.target), KEYS[letter[0].toLowerCase()]);
}

// 成批标记, as the form does it without scripts: 不适用 and 沿用 into empty cells, the others into filled ones.
export function markMany() {
  const choice = form.querySelector("#mark_state");
  if (!choice || !choice.value) return 0;
  const [area, column] = ["#mark_area", "#mark_column"].map((id) => form.querySelector(id)?.value || "");
  const empty = choice.value === "na" || choice.value === "carried";
  const pairs = [...cells.values()]
    .filter(({ field, td }) => (field.value.trim() === "") === empty
      && (!area || field.name.split(".")[1] === area)
      && (!column || field.getAttribute("aria-labelledby").endsWith(` k-${column}`))
      && !field.readOnly && td)
    .map((cell) => [cell, marked(cell, choice.value)])
    .filter(([, text]) => text !== null);
  const count = change(pairs);
  choice.value = "";
  announceText("marked", { n: count });
  return count;
}

function marked(cell, state) {
  const text = cell.field.value.trim();
  if (state === "estimate") return isNotApplicable(text) || isEstimated(text) ? text : MADE.estimate(cell, text);
  return MADE[state](cell, text);
}

export function startStates() {
  table.addEventListener("keydown", onKey);
  table.addEventListener("compositionend", onComposed);
  const keys = document.getElementById("sheet-keys");
  if (keys && fields.length && told.save) keys.hidden = false;
}
