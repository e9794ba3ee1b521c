// The sheet as a working page; each behaviour is a module of entry/. Without it every field and button still works.
import { cells, changed, form, isChanged, locked, phone } from "./entry/sheet.js";
import { announceText } from "./entry/speaking.js";
import { findAgain } from "./entry/keeping.js";
import { begin, startMoving } from "./entry/moving.js";
import { startUndoing } from "./entry/undoing.js";
import { startPasting } from "./entry/pasting.js";
import { startStates } from "./entry/states.js";
import { startChecks } from "./entry/checks.js";
import { startConflicts } from "./entry/conflicts.js";
import { startSums } from "./entry/sums.js";
import { startPanel } from "./entry/panel.js";
import { startPlaces } from "./entry/places.js";
import { startSaving, tellState } from "./entry/saving.js";
import { startSubmitting } from "./entry/submitting.js";

startMoving();
startPanel();
startPlaces();
if (!locked) {
  startUndoing();
  startPasting();
  startStates();
  startChecks();
  startSums();
  startSaving();
  startConflicts();
  startSubmitting();
  for (const cell of cells.values()) if (isChanged(cell)) changed(cell); // typed before the scripts were there
  const found = findAgain();
  if (found) announceText("found", { n: found });
  else tellState();
}
const refused = document.getElementById("refused");
if (refused) refused.focus();
else if (!locked && cells.size && !phone.matches && !form.dataset.unsaved) begin();
