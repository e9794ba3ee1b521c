// Sending forms: a form marked data-once is sent once, its button says what is going on, and a file too large is
// told before it travels. The server checks everything again.
function chosenFile(input) {
  const file = input.files[0];
  const limit = Number(input.dataset.limit || 0);
  const tooLarge = file && limit && file.size > limit;
  input.setCustomValidity(tooLarge ? input.dataset.tooLarge : "");
  if (tooLarge) input.reportValidity();
}

function sendOnce(event) {
  const form = event.target;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  form.setAttribute("aria-busy", "true");
  const button = event.submitter;
  if (!button) return;
  button.setAttribute("aria-disabled", "true");
  if (button.dataset.busy) {
    button.dataset.idle = button.textContent.trim();
    button.textContent = button.dataset.busy;
  }
}

function allowAgain() {
  // The browser's back button may show this page as it was left.
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    form.removeAttribute("aria-busy");
    for (const button of form.querySelectorAll("[aria-disabled]")) {
      button.removeAttribute("aria-disabled");
      if (button.dataset.idle) button.textContent = button.dataset.idle;
    }
  }
}

document.querySelectorAll("input[type=file]").forEach((input) => input.addEventListener("change", () => chosenFile(input)));
document.querySelectorAll("form[data-once]").forEach((form) => form.addEventListener("submit", sendOnce));
window.addEventListener("pageshow", allowAgain);
