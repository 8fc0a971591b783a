/* Passkeys: shown where the browser knows them; what goes wrong is said on the page. allauth's scripts do the rest. */

if (window.PublicKeyCredential) {
  for (const element of document.querySelectorAll("[data-needs-passkeys]")) element.hidden = false;
}

document.addEventListener("allauth.error", (event) => {
  const box = document.querySelector("[data-passkey-error]");
  if (!box) return;
  event.preventDefault();
  box.hidden = false;
  box.scrollIntoView({ block: "nearest" });
});
