/* Passkeys on log-in pages. An address that is an IP number, or a page without TLS, cannot have
   any: there the button is not offered. What allauth's script reports is said on the page. */
const here = window.isSecureContext && "PublicKeyCredential" in window && !/^[\d.]+$|[:\]]/.test(location.hostname);
if (!here) document.querySelectorAll("[data-passkey]").forEach((part) => { part.hidden = true; });

document.addEventListener("allauth.error", (event) => {
  const problem = document.getElementById("passkey-problem");
  if (!problem) return;
  event.preventDefault();
  problem.hidden = false;
});
