/* Every htmx request carries the CSRF token of the page; empty filters stay out of addresses. */
document.documentElement.classList.add("js");

const token = () => document.querySelector("input[name=csrfmiddlewaretoken]")?.value;

document.addEventListener("htmx:configRequest", (event) => {
  const { verb, headers, parameters, elt } = event.detail;
  if (verb !== "get" && token()) headers["X-CSRFToken"] = token();
  if (verb === "get" && elt.closest("[data-clean]")) {
    for (const name of Object.keys(parameters)) if (parameters[name] === "") delete parameters[name];
  }
});

/* A plain form sent without htmx gets a clean address too. */
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form[data-clean]") || event.defaultPrevented) return;
  for (const field of form.elements) if (field.name && field.value === "") field.disabled = true;
});

/* Fragments of 422 (a form with errors) and 409 (a refused action) are shown where they belong. */
document.addEventListener("htmx:beforeSwap", (event) => {
  if ([409, 422].includes(event.detail.xhr.status)) event.detail.shouldSwap = true;
});

/* A log-in that ended in the background: go and log in instead of swapping the page in. */
document.addEventListener("htmx:beforeOnLoad", (event) => {
  const { xhr } = event.detail;
  if (xhr.responseURL && new URL(xhr.responseURL).pathname.startsWith("/accounts/login")) {
    event.preventDefault();
    location.reload();
  }
});
