/* Writing and signing: the draft saves itself, a text that changed blocks the approval, comparing needs no button.
   Without this file the editor's buttons save, and the server refuses a decision about an older text. */
(function () {
  "use strict";
  var doc = document, cd = window.cd;

  /* The draft saves itself shortly after the last key; one request at a time, the newest words last. */
  var form = doc.getElementById("editor"), timer = 0, busy = false, again = false, stopped = false, waiting = null;
  var WAIT = 1200, RETRY = 5000, told = "";
  function token() { var m = doc.cookie.match(/csrftoken=([^;]+)/); return m ? m[1] : form.elements.csrfmiddlewaretoken.value; }
  function words() {
    var body = new FormData(form);
    ["reason", "change", "submit"].forEach(function (name) { body.delete(name); });
    return body;
  }
  function saved(body) {
    var kept = {};
    body.forEach(function (value, name) { if (name === "text" || name.startsWith("own_")) { kept[name] = [value]; } });
    return kept;
  }
  /* Said once where the text is, as long as it is so; a draft that is not kept says so. */
  function tell(text, ended) {
    var slot = form.querySelector(":scope > .cd-slot"), box = doc.createElement("div"), inner = doc.createElement("div"), p = doc.createElement("p");
    if (text === told) { return; }
    told = text;
    if (!text) { slot.replaceChildren(); return; }
    box.className = "cd-alert";
    box.setAttribute("role", "alert");
    p.textContent = text;
    inner.append(p);
    if (ended) {
      var a = doc.createElement("a");
      a.href = doc.body.dataset.signIn + "?next=" + encodeURIComponent(location.pathname);
      a.textContent = cd.word("sign-in");
      inner.append(a);
    }
    box.append(cd.icon("alert-circle"), inner);
    slot.replaceChildren(box);
  }
  function refused(html) {
    var slot = form.querySelector(":scope > .cd-slot");
    stopped = true;
    slot.innerHTML = html;
    slot.querySelectorAll("[data-merge]").forEach(function (b) { b.setAttribute("formaction", form.dataset.autosave); });
  }
  function save() {
    if (stopped || form.hasAttribute("data-busy")) { return; }
    if (busy) { again = true; return; }
    busy = true;
    var body = words();
    fetch(form.dataset.autosave, { method: "POST", body: body, redirect: "manual", headers: { Autosave: "1", "X-CSRFToken": token() } })
      .then(function (answer) {
        if (answer.status === 204) {
          tell("");
          form.elements.revision.value = answer.headers.get("Draft-Revision");
          form.dispatchEvent(new CustomEvent("cd:saved", { bubbles: true, detail: saved(body) }));
          doc.body.dispatchEvent(new CustomEvent("drafted", { bubbles: true }));
        } else if (answer.status === 409) {
          return answer.text().then(refused);
        } else if (answer.status === 422) {
          return answer.text().then(say);
        } else {
          var ended = answer.type === "opaqueredirect" || answer.status === 401;
          tell(cd.word(ended ? "signed-out" : answer.status === 403 ? "forbidden" : answer.status === 404 ? "gone" : "failed"), ended);
        }
      })
      /* No network: forms.js keeps the words on the device; the next key tries again, and so does this page. */
      .catch(function () {
        tell(cd.word("not-sent"));
        clearTimeout(timer);
        timer = setTimeout(save, RETRY);
      })
      .finally(function () {
        busy = false;
        if (waiting) { var go = waiting; waiting = null; go(); return; }
        if (again) { again = false; save(); }
      });
  }
  /* Adopted beside the draft: its words go into the text that was sent; what was typed meanwhile meets it as another's would. */
  function adopt(button) {
    if (stopped || button.hasAttribute("aria-disabled")) { return; }
    var body = words(), sent = JSON.stringify(saved(body));
    busy = true;
    button.setAttribute("aria-disabled", "true");
    fetch(button.formAction, { method: "POST", body: body, redirect: "manual", headers: { Autosave: "1", "X-CSRFToken": token() } })
      .then(function (answer) {
        var kept = answer.headers.get("Draft-Revision");
        if (answer.ok) { return answer.json().then(function (told) { put(told, sent, body); }); }
        if (kept) { form.elements.revision.value = kept; }
        return answer.status === 409 ? answer.text().then(kept ? say : refused) : Promise.reject(new Error(String(answer.status)));
      })
      .catch(function () { tell(cd.word("not-sent")); })
      .finally(function () {
        busy = false;
        button.removeAttribute("aria-disabled");
        ["drafted", "beat"].forEach(function (name) { doc.body.dispatchEvent(new CustomEvent(name, { bubbles: true })); });
        if (waiting) { var go = waiting; waiting = null; go(); }
      });
  }
  function put(told, sent, body) {
    form.dispatchEvent(new CustomEvent("cd:saved", { bubbles: true, detail: saved(body) }));
    if (JSON.stringify(saved(words())) !== sent) { save(); return; }
    Object.keys(told).forEach(function (name) { if (form.elements[name]) { form.elements[name].value = told[name]; } });
    form.dispatchEvent(new CustomEvent("cd:saved", { bubbles: true, detail: saved(words()) }));
    tell("");
    cd.say(cd.word("saved"));
  }
  function say(html) { told = "said"; form.querySelector(":scope > .cd-slot").innerHTML = html; }
  if (form) {
    form.addEventListener("input", function (event) {
      if (event.target.name !== "text" && !event.target.name.startsWith("own_")) { return; }
      clearTimeout(timer);
      timer = setTimeout(save, WAIT);
    });
    form.addEventListener("cd:restored", function () { clearTimeout(timer); timer = setTimeout(save, WAIT); });
    /* A version is made of what is on the screen: it waits for a save that is still on its way. */
    addEventListener("submit", function (event) {
      if (event.target !== form) { return; }
      clearTimeout(timer);
      var button = event.submitter, adopts = button && button.matches("[data-adopt]");
      if (!busy && !adopts) { stopped = true; return; }
      event.preventDefault();
      event.stopImmediatePropagation();
      if (!busy) { adopt(button); return; }
      waiting = function () { form.requestSubmit(button); };
    }, true);
    /* A picture makes another revision. Only the very next one is ours alone: after any other, both texts are shown. */
    doc.addEventListener("htmx:afterRequest", function (event) {
      var next = event.detail.xhr && event.detail.xhr.getResponseHeader("Draft-Revision"), field = form.elements.revision;
      if (!next) { return; }
      if (Number(next) === Number(field.value) + 1) { field.value = next; }
      doc.body.dispatchEvent(new CustomEvent("drafted", { bubbles: true }));
    });
    addEventListener("pageshow", function (event) { if (event.persisted) { stopped = false; } });
    addEventListener("online", function () { if (told) { save(); } });
  }

  /* Others see that somebody is at the text: while the editor was touched within two minutes, and not after it is left. */
  var PRESENT = 15000, TOUCHED = 120000, touched = 0, here = false;
  function present(leaving) {
    var body = new FormData();
    body.append("csrfmiddlewaretoken", token());
    if (leaving) { body.append("leaving", "1"); }
    here = !leaving;
    fetch(form.dataset.present, { method: "POST", body: body, keepalive: true, redirect: "manual", headers: { "X-CSRFToken": token() } }).catch(function () { });
  }
  if (form && form.dataset.present) {
    ["input", "keydown", "pointerdown"].forEach(function (name) {
      form.addEventListener(name, function () { touched = Date.now(); if (!here) { present(false); } });
    });
    setInterval(function () {
      if (!here) { return; }
      present(Date.now() - touched > TOUCHED);
    }, PRESENT);
    addEventListener("pagehide", function () { if (here) { present(true); } });
  }

  /* Once both texts are put together and kept, the words on the device that met the other's are no longer unsent. */
  var merge = doc.getElementById("merge");
  if (merge) {
    merge.addEventListener("submit", function () {
      try { sessionStorage.setItem("cd:sent", "cd:keep:" + doc.body.dataset.person + ":" + merge.dataset.clears); } catch (e) { /* blocked */ }
    });
  }

  /* v4 exists: v3 can no longer be approved. The server refuses it too. */
  function block() {
    var gone = Boolean(doc.querySelector("#newer[data-newer]"));
    doc.querySelectorAll("[data-approve], form[data-decision] button[type=submit]").forEach(function (b) { b.disabled = gone; });
    doc.querySelectorAll("dialog[open] form[data-decision]").forEach(function (f) { if (gone) { f.closest("dialog").close(); } });
    if (!gone) { return; }
    var words = doc.querySelector("#newer h2").textContent, button = doc.querySelector("[data-approve]");
    cd.say(words);
    /* The way on stands where the hand is. */
    if (button) {
      var link = doc.createElement("a");
      link.className = button.className;
      link.href = doc.querySelector("#newer a").href;
      link.textContent = words;
      button.replaceWith(link);
    }
  }
  doc.addEventListener("htmx:afterSettle", function () { if (doc.querySelector("#newer[data-newer]")) { block(); } });

  doc.querySelectorAll("form[data-auto]").forEach(function (f) {
    f.querySelector("[data-auto-button]").hidden = true;
    f.addEventListener("change", function () { f.submit(); });
  });
})();
