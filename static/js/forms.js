/* Forms: a second press of a button sends nothing twice; after an error the summary has the focus. */

const AGAIN = 10_000; // an answer that is a download leaves the page as it is: the form opens again

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.getAttribute("method")?.toLowerCase() !== "post" || form.matches("[hx-post], [data-hx-post]")) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  // After this turn, so that the pressed button's name and value are still sent.
  setTimeout(() => {
    if (event.defaultPrevented) return;
    form.dataset.sent = "yes";
    for (const button of buttonsOf(form)) button.setAttribute("aria-disabled", "true");
    setTimeout(() => open(form), AGAIN);
  });
});

// "Back" shows the page as it was left.
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(open));

function open(form) {
  delete form.dataset.sent;
  for (const button of buttonsOf(form)) button.removeAttribute("aria-disabled");
}

function buttonsOf(form) {
  return [...form.elements].filter((element) => element.type === "submit");
}

function focusErrors() {
  document.querySelector("[data-error-summary]")?.focus();
}

focusErrors();
document.addEventListener("htmx:after:swap", focusErrors);
