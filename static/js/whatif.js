// The slider of 如果每月…: range and field follow each other, and what comes of the pace is told at once. Without it
// the form asks the server.
import { standingOf, texts, unitsOf } from "./whatif/outcome.js";

function begin(form) {
  const standing = standingOf(JSON.parse(document.getElementById(form.dataset.whatif).textContent));
  const field = form.querySelector("input[type=number]");
  const range = form.querySelector("input[type=range]");
  const list = form.querySelector("[data-never]");
  const tell = (text) => {
    const pace = unitsOf(text);
    if (pace === null) return;
    for (const [name, words] of Object.entries(texts(standing, pace))) {
      list.querySelector(`[data-outcome=${name}]`).textContent = words || (name === "arrives" ? list.dataset.never : "");
    }
  };
  range.addEventListener("input", () => {
    field.value = range.value;
    tell(range.value);
  });
  field.addEventListener("input", () => {
    range.value = field.value;
    tell(field.value);
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.querySelector("button").hidden = true;
  range.hidden = false;
  form.querySelector(".whatif-marks").hidden = false;
}

document.querySelectorAll("[data-whatif]").forEach(begin);
