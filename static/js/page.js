// Small behaviours every page shares: print buttons, folded lists that paper shows open, menus that close on Escape or
// a click outside. Without it every form and link still works.
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  const menu = document.querySelector("details.menu[open]");
  if (event.key !== "Escape" || !menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});
for (const button of document.querySelectorAll("[data-print]")) button.hidden = false;
// On paper nothing can be unfolded: what asks for it is open while it is printed.
let unfolded = [];
addEventListener("beforeprint", () => {
  unfolded = [...document.querySelectorAll("details[data-print-open]:not([open])")];
  for (const one of unfolded) one.open = true;
});
addEventListener("afterprint", () => {
  for (const one of unfolded) one.open = false;
});
// What a sheet keeps in this tab until it is saved (entry/keeping.js) does not outlive the session.
document.addEventListener("submit", (event) => {
  if ((event.target.getAttribute("action") || "").endsWith("/account/logout/")) sessionStorage.clear();
});
