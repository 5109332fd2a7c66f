/* Keeps title and icon of the window in step with the trouble that a refreshed part tells:
   <div data-trouble="3" data-icon-calm="…svg" data-icon-alert="…svg">. */
const bare = document.title.replace(/^\(\d+\) /, "");

document.addEventListener("htmx:afterSettle", () => {
  const part = document.querySelector("[data-trouble]");
  if (!part) return;
  const count = Number(part.dataset.trouble);
  document.title = count ? `(${count}) ${bare}` : bare;
  document.querySelector("link[rel=icon]").href = count ? part.dataset.iconAlert : part.dataset.iconCalm;
});
