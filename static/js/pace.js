/* How often live parts of a page (live.js) are fetched anew: at once, every 10 s or every 60 s, as
   the reader chose in the menu. The browser keeps the choice. */
const KEY = "live-pace";
const choice = document.querySelector("[data-pace-choice]");
const buttons = [...(choice?.querySelectorAll("[data-pace]") ?? [])];

function kept() {
  try { return localStorage.getItem(KEY); } catch { return null; }
}

function keep(pace) {
  try { localStorage.setItem(KEY, pace); } catch { /* then it holds for this page */ }
}

function follow(pace) {
  document.documentElement.dataset.livePace = pace;
  for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.pace === pace));
  document.dispatchEvent(new CustomEvent("live:pace"));
}

for (const button of buttons) {
  button.addEventListener("click", () => { keep(button.dataset.pace); follow(button.dataset.pace); });
}
if (choice) {
  choice.hidden = false;
  follow(buttons.find((button) => button.dataset.pace === kept())?.dataset.pace ?? "0");
}
