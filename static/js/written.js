// A text that is typed and not yet saved is kept in this tab alone (sessionStorage) by person, edition and part: found
// again after a reload, a lost connection or an ended session, gone once it is saved and on signing out (page.js).
// A field is [data-kept]; data-version is the version of the text it opened with, [data-found] tells what was found again.
const fields = [...document.querySelectorAll("textarea[data-kept]")];
let signingOut = false;

document.addEventListener("submit", (event) => {
  signingOut = (event.target.getAttribute("action") || "").endsWith("/account/logout/");
});

function keep(field) {
  if (signingOut) return;
  try {
    if (field.value === field.defaultValue) sessionStorage.removeItem(field.dataset.kept);
    else sessionStorage.setItem(field.dataset.kept, JSON.stringify({ text: field.value, seen: seenOf(field).value }));
  } catch {
    // Without storage the text is still on the page.
  }
}

function seenOf(field) {
  return field.form.elements.namedItem("seen");
}

// Saved, it stands on the page as it was kept. Otherwise it is put back with the version it was written over, so that
// the server shows both texts where somebody else saved meanwhile.
function findAgain(field) {
  let kept = null;
  try {
    kept = JSON.parse(sessionStorage.getItem(field.dataset.kept));
  } catch {
    return;
  }
  if (!kept) return;
  if (kept.text.trim() === field.defaultValue.trim()) {
    sessionStorage.removeItem(field.dataset.kept);
    return;
  }
  if (field.hasAttribute("data-sent")) return; // the server gave back what was sent, and says why
  field.value = kept.text;
  seenOf(field).value = kept.seen;
  for (const told of field.form.querySelectorAll("[data-found]")) told.hidden = false;
}

for (const field of fields) {
  findAgain(field);
  field.addEventListener("input", () => keep(field));
}
const outline = document.querySelector(".edition-outline");
const current = outline?.querySelector("[aria-current]");
if (current) outline.scrollTop = current.offsetTop - outline.clientHeight / 2;
addEventListener("beforeunload", (event) => {
  const sent = fields.some((field) => field.form.dataset.sent);
  if (!sent && !signingOut && fields.some((field) => field.value !== field.defaultValue)) event.preventDefault();
});
