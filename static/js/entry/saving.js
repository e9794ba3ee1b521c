// Autosave: a moment after the last change, and at once on leaving a row, the changed cells go to the server, at most so
// many at a time and one request after the other. What is refused, in conflict or to be confirmed waits in its cell;
// the rest is sent without it. Whatever fails, what was typed stays, here and in keeping.js.
import { announceText, tell } from "./speaking.js";
import {
  asksToClear, cells, changed, fields, isChanged, onChange, say, settle, table, told,
} from "./sheet.js";
import { keep } from "./keeping.js";
import { showAnswer, showRefused } from "./checks.js";
import { showConflicts } from "./conflicts.js";
import { refreshForms, token } from "./token.js";

const PAUSE = 1500;
const AGAIN = 10000;
const PATIENCE = 20000;
const MOST_KEPT_ALIVE = 60000; // bytes the browser still sends for a page that is gone

const box = document.getElementById("sheet-told");
let timer = 0;
let running = null;
let stopped = ""; // "" or why nothing is being saved
let closed = false;
let lastSaved = "";
let noting = false;

function waiting() {
  return [...cells.values()].filter(isChanged);
}

function isHeld(cell) {
  return Boolean(cell.conflict || cell.refused || asksToClear(cell));
}

function due() {
  return waiting().filter((cell) => !isHeld(cell));
}

// --- What the page shows of it --------------------------------------------------------------------
function mark(cell) {
  const { classList } = cell.td;
  classList.toggle("unsaved", isChanged(cell));
  classList.toggle("saving", Boolean(cell.sending));
  classList.toggle("failed", isChanged(cell) && Boolean(stopped));
  classList.toggle("asking", isChanged(cell) && asksToClear(cell));
  classList.toggle("disputed", Boolean(cell.conflict));
}

export function tellState() {
  const found = waiting();
  const count = (test) => found.filter(test).length;
  const parts = [
    [count((cell) => cell.refused), "refused"],
    [count((cell) => cell.conflict), "conflicts"],
    [count(asksToClear), "asking"],
    [count((cell) => !isHeld(cell)), "pending"],
  ];
  const said = parts.filter(([n]) => n).map(([n, name]) => say(name, { n }));
  tell([stopped || lastSaved, ...said].filter(Boolean).join("，"));
}

function stop(text, { signIn = "", again = true } = {}) {
  stopped = text;
  box.hidden = false;
  document.getElementById("sheet-told-text").textContent = text;
  document.getElementById("sheet-sign-in").hidden = !signIn;
  document.getElementById("sheet-again").hidden = !again;
}

function resume() {
  stopped = "";
  box.hidden = true;
}

function lock() {
  closed = true;
  for (const field of fields) field.readOnly = true;
}

// --- Sending --------------------------------------------------------------------------------------
function bodyOf(batch) {
  return JSON.stringify({
    page: told.page,
    cells: batch.map(({ name, field, version, note, clear }) => ({
      cell: name, text: field.value.trim(), version, note: field.value.trim() ? note : "", clear,
    })),
  });
}

async function ask(batch) {
  const body = bodyOf(batch);
  const answer = await fetch(told.save, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token() },
    body,
    keepalive: body.length < MOST_KEPT_ALIVE,
    signal: AbortSignal.timeout(PATIENCE),
  });
  const isJson = (answer.headers.get("Content-Type") || "").startsWith("application/json");
  return { status: answer.status, data: isJson ? await answer.json() : {} };
}

// Send one batch; true where the next may follow.
async function send(batch) {
  const sent = new Map(batch.map((cell) => [cell.name, cell.field.value.trim()]));
  const notes = new Map(batch.map((cell) => [cell.name, cell.note]));
  for (const cell of batch) { cell.sending = true; mark(cell); }
  tell(say("saving"));
  let answer;
  try {
    answer = await ask(batch);
  } catch {
    answer = { status: 0, data: {} };
  }
  for (const cell of batch) cell.sending = false;
  const goes = take(answer, sent, notes);
  for (const cell of batch) mark(cell);
  return goes;
}

function take({ status, data }, sent, notes) {
  if (status === 200) return saved(data, sent, notes);
  if (status === 422 && data.problems) {
    resume();
    showRefused(data.problems, sent);
    return true;
  }
  if (status === 409 && data.error === "conflict") {
    resume();
    showConflicts(data.cells);
    return true;
  }
  if (status === 409 && data.error === "closed") {
    lock();
    stop(`${data.message}${say("copy")}`, { again: false });
  } else if (status === 401) stop(data.message, { signIn: data.login });
  else if (status === 0) later(say("offline"));
  else if (status === 429 || status >= 500) later(say("busy"));
  else if (status === 403 || status === 404) stop(data.message || say("gone"));
  else stop(data.message || say("broken"));
  return false;
}

function saved(data, sent, notes) {
  if (stopped) refreshForms(); // perhaps signed in again meanwhile
  resume();
  lastSaved = data.said;
  for (const one of data.cells) {
    const cell = cells.get(one.cell);
    const typedOn = cell.field.value.trim() !== sent.get(one.cell);
    const note = cell.note === notes.get(one.cell) ? one.note : cell.note;
    if (typedOn) Object.assign(cell, { stored: one.text, version: one.version, as: null, storedNote: one.note });
    else settle(cell, one);
    cell.note = note;
    cell.look = one.look;
    mark(cell);
  }
  showAnswer(data);
  return true;
}

function later(text) {
  stop(text);
  clearTimeout(timer);
  timer = setTimeout(flush, AGAIN);
}

async function run() {
  let goes = true;
  while (goes && !closed) {
    const batch = due().slice(0, told.most);
    if (!batch.length) break;
    goes = await send(batch);
  }
  for (const cell of cells.values()) mark(cell);
  keep();
  tellState();
}

// Save now what can be saved; done when it is, or cannot be.
export function flush() {
  clearTimeout(timer);
  running ||= run().finally(() => { running = null; });
  return running;
}

// What still stands between the sheet and its submission, first in reading order.
export function left() {
  return waiting();
}

// Once for all the cells of a block.
function noteDown() {
  if (noting) return;
  noting = true;
  queueMicrotask(() => {
    noting = false;
    keep();
    tellState();
  });
}

function soon() {
  if (closed) return;
  clearTimeout(timer);
  timer = setTimeout(flush, PAUSE);
}

// --- When -----------------------------------------------------------------------------------------
export function startSaving() {
  onChange((cell) => {
    if (cell.refused && cell.refused.text !== cell.field.value.trim()) cell.refused = null;
    if (cell.conflict && !isChanged(cell)) cell.conflict = null;
    mark(cell);
    noteDown();
    soon();
  });
  table.addEventListener("compositionstart", () => clearTimeout(timer));
  table.addEventListener("compositionend", soon);
  table.addEventListener("focusout", (event) => {
    const cell = event.target.matches("input") && cells.get(event.target.name);
    if (!cell) return;
    if (cell.as !== null && cell.field.value.trim() === cell.as) {
      cell.field.value = cell.stored; // '１，２００' reads '1,200' once it is stored
      cell.as = null;
      changed(cell);
    }
    const to = event.relatedTarget && event.relatedTarget.closest("tr");
    if (to !== event.target.closest("tr") && due().length) flush();
  });
  document.getElementById("sheet-again").addEventListener("click", flush);
  window.addEventListener("online", flush);
  window.addEventListener("offline", () => { if (due().length) stop(say("offline")); tellState(); });
  window.addEventListener("focus", () => { if (stopped && !closed) flush(); });
  document.addEventListener("visibilitychange", () => {
    if (!closed && due().length) flush();
  });
  window.addEventListener("pagehide", () => { keep(); if (!closed && due().length) flush(); });
}

// The button, too, answers: even where nothing was left to save.
export async function saveNow() {
  const had = due().length;
  await flush();
  if (!had && !waiting().length) announceText("nothing");
}
