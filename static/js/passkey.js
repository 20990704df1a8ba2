/* Passkeys: shows the button where the browser can use one, and says so when none was used.
   Without this file the other ways in stand there alone. The ceremony itself is django-allauth's. */
(function () {
  "use strict";
  var doc = document, form = doc.querySelector("form[data-passkey]");
  /* A passkey belongs to a name; an address in numbers has none. */
  var named = !/^[\d.]+$|^\[/.test(location.hostname);
  if (!form) { return; }
  if (!window.PublicKeyCredential || !window.isSecureContext || !named) {
    var why = doc.getElementById("passkey-impossible");
    if (why) { why.hidden = false; }
    return;
  }
  form.hidden = false;
  window.allauth.webauthn.forms[form.dataset.passkey]({
    ids: { login: "passkey-button", authenticate: "passkey-button", signup: "passkey-button", credential: "passkey-credential", data: "passkey-asked" },
  });
  doc.addEventListener("allauth.error", function (event) {
    var failed = doc.getElementById("passkey-failed");
    event.preventDefault();
    failed.hidden = false;
  });
})();
