// A phone shows one place at a time; a link to a cell brings its place to the front.
import { form, rows, table } from "./sheet.js";

const steps = form.querySelector(".place-steps");
let place = 0;

function showPlace(wanted) {
  place = Math.max(0, Math.min(rows.length - 1, wanted));
  rows.forEach((row, at) => row.classList.toggle("shown", at === place));
  for (const button of steps.querySelectorAll("button")) {
    const next = rows[place + Number(button.dataset.step)];
    button.disabled = !next;
    button.querySelector("span").textContent = next ? next.cells[0].textContent : "—";
  }
}

export function goTo(field) {
  if (steps) showPlace(rows.indexOf(field.closest("tr")));
  field.focus();
}

export function startPlaces() {
  form.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#c-"]');
    const field = link && document.getElementById(link.hash.slice(1));
    if (!field) return;
    event.preventDefault();
    goTo(field);
  });
  if (!steps) return;
  steps.hidden = false;
  table.classList.add("one-place");
  const amiss = table.querySelector("[aria-invalid]");
  showPlace(amiss ? rows.indexOf(amiss.closest("tr")) : 0);
  steps.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    showPlace(place + Number(button.dataset.step));
    rows[place].scrollIntoView({ block: "nearest" });
  });
}
