// The buttons under the sheet: 存草稿 saves what is left, on this page; 提交审核 saves first and hands in what is stored.
import { announceText } from "./speaking.js";
import { cells, fields, form } from "./sheet.js";
import { flush, left, saveNow } from "./saving.js";
import { goTo } from "./places.js";
import { refreshForms } from "./token.js";
import { markMany } from "./states.js";

let leaving = false;

async function handIn(button) {
  await flush();
  const waiting = left();
  if (waiting.length) {
    announceText("first", { n: waiting.length });
    goTo(waiting[0].field);
    return;
  }
  leaving = true;
  button.setAttribute("aria-disabled", "true");
  button.textContent = button.dataset.busy;
  const action = document.createElement("input");
  Object.assign(action, { type: "hidden", name: "action", value: "submit" });
  form.append(action);
  refreshForms();
  for (const one of typedParts()) one.disabled = true; // all of it is stored: what is handed in is the draft
  form.submit();
}

function typedParts() {
  return [...fields, ...form.querySelectorAll("#notes textarea, [name=conflict], [name^='keep.'], [name=clear]")];
}

function onSubmit(event) {
  const button = event.submitter;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (leaving) return;
  markMany();
  if (button && button.value === "submit") handIn(button);
  else saveNow();
}

export function startSubmitting() {
  form.addEventListener("submit", onSubmit, { capture: true });
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && left().length && cells.size) event.preventDefault();
  });
  const notes = document.getElementById("notes");
  if (notes) notes.remove(); // the panel asks for them, cell by cell
}
