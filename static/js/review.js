// The list of what waits: a box in the head of each table ticks all that may be approved at once.
for (const form of document.querySelectorAll("form[data-picks]")) {
  const boxes = [...form.querySelectorAll('input[name="pick"]')];
  const head = form.querySelector("thead th");
  if (boxes.length < 2) continue;
  const all = document.createElement("input");
  all.type = "checkbox";
  all.setAttribute("aria-label", head.textContent);
  all.addEventListener("change", () => boxes.forEach((box) => { box.checked = all.checked; }));
  form.addEventListener("change", () => { all.checked = boxes.every((box) => box.checked); });
  head.replaceChildren(all);
}
