// Small behaviours every page shares: print buttons, menus that close on Escape or a click outside, month choice,
// and the name of a chosen file. Without it every form and link still works.
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
// What a sheet keeps in this tab until it is saved (entry/keeping.js) does not outlive the session.
document.addEventListener("submit", (event) => {
  if ((event.target.getAttribute("action") || "").endsWith("/account/logout/")) sessionStorage.clear();
});
