// Makes pages smoother; everything works without it.
//
//   data-print            a button that prints the page
//   data-opens="id"       a button that opens the <dialog> of that id; data-closes closes the one around it
//   data-sends            a select or tick box whose change sends its form (a button does without script)
//   data-keep             a form: leaving with unsent changes asks first
//   data-autosave         a form or field htmx saves; says how it went in the .saved element inside or beside it
//   data-all="name"       a tick box that ticks every box of that name in its form
"use strict";

const unsent = new Set();

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-print], [data-opens], [data-closes]");
  const menu = document.querySelector("details.more[open]");
  if (menu && !menu.contains(event.target)) menu.open = false;
  if (!button) return;
  if ("print" in button.dataset) window.print();
  if (button.dataset.opens) document.getElementById(button.dataset.opens)?.showModal();
  if ("closes" in button.dataset) button.closest("dialog")?.close();
  if (button.dataset.opens || "closes" in button.dataset) event.preventDefault();
});

document.addEventListener("keydown", (event) => {
  const menu = document.querySelector("details.more[open]");
  if (event.key !== "Escape" || !menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (form && "keep" in form.dataset) unsent.add(form);
});

document.addEventListener("change", (event) => {
  const { target } = event;
  if ("sends" in target.dataset) target.form.requestSubmit();
  if (target.dataset.all) {
    for (const box of target.form.querySelectorAll(`input[name="${CSS.escape(target.dataset.all)}"]`)) {
      box.checked = target.checked && !box.disabled;
    }
  }
});

document.addEventListener("submit", (event) => unsent.delete(event.target));

window.addEventListener("beforeunload", (event) => {
  for (const form of unsent) if (form.isConnected) event.preventDefault();
});

function sayOfSaving(event, words, isLate) {
  const form = event.target.closest("[data-autosave]");
  const place = form && (form.querySelector(".saved") || form.parentElement.querySelector(".saved"));
  if (!place) return;
  place.textContent = words;
  place.classList.toggle("late", isLate);
}

document.addEventListener("htmx:beforeRequest", (event) => sayOfSaving(event, "Saving…", false));
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest("[data-autosave]");
  if (form && event.detail.successful) {
    unsent.delete(form);
    form.querySelector(".saved.late")?.classList.remove("late");
  }
});
document.addEventListener("htmx:sendError", (event) =>
  sayOfSaving(event, "Not saved yet: no connection. Keep this page open; it tries again as you type.", true),
);
document.addEventListener("htmx:responseError", (event) =>
  sayOfSaving(event, "Not saved yet. Use the button to save, or copy your text first.", true),
);

document.querySelector(".error-summary")?.focus();
for (const element of document.querySelectorAll("[data-print], [data-opens]")) element.hidden = false;

// On a phone an area's pages scroll sideways: the one that is open stands in sight.
const shown = document.querySelector(".sub [aria-current]");
if (shown) {
  const row = shown.closest("ul");
  row.scrollLeft = shown.offsetLeft - row.offsetLeft - row.clientWidth / 3;
}
