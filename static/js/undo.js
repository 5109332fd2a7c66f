/* Undo buttons of messages go after five seconds, unless somebody is about to press them. */
const SHOWN_MS = 5000;

function leave(form) {
  if (form.matches(":hover") || form.contains(document.activeElement)) {
    setTimeout(() => leave(form), 1000);
    return;
  }
  form.remove();
}

for (const form of document.querySelectorAll("form[data-undo]")) setTimeout(() => leave(form), SHOWN_MS);
