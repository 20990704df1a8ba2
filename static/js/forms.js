/* Forms that lose nothing: one request at a time, refusals beside what was typed, unsent words kept on the device.
   Without this file forms are plain posts; the server is safe against double clicks by itself. */
(function () {
  "use strict";
  var doc = document, cd = window.cd;

  /* Signing in again gives a new token; pages that were open go on with it. */
  function token() { var m = doc.cookie.match(/csrftoken=([^;]+)/); return m ? m[1] : ""; }
  doc.addEventListener("htmx:configRequest", function (event) {
    var fresh = token();
    if (!fresh) { return; }
    event.detail.headers["X-CSRFToken"] = fresh;
    if (event.detail.parameters.csrfmiddlewaretoken) { event.detail.parameters.csrfmiddlewaretoken = fresh; }
  });

  /* Notices stand where the action was. */
  function slotOf(el) {
    var form = el.closest("form") || el, slot = form.querySelector(":scope > .cd-slot");
    if (form.matches("form")) {
      if (!slot) { slot = doc.createElement("div"); slot.className = "cd-slot"; form.prepend(slot); }
      return slot;
    }
    return doc.getElementById("notices");
  }
  function notice(el, text, link) {
    var box = doc.createElement("div"), inner = doc.createElement("div"), p = doc.createElement("p");
    box.className = "cd-alert";
    box.setAttribute("role", "alert");
    p.textContent = text;
    inner.append(p);
    if (link) { var a = doc.createElement("a"); a.href = link.href; a.textContent = link.text; inner.append(a); }
    box.append(cd.icon("alert-circle"), inner);
    slotOf(el).replaceChildren(box);
  }
  function signIn() { return doc.body.dataset.signIn + "?next=" + encodeURIComponent(location.pathname + location.search); }
  function writes(event) { var v = event.detail.requestConfig && event.detail.requestConfig.verb; return v && v !== "get"; }

  function toSignIn(address) { return Boolean(address) && new URL(address, location.href).pathname === doc.body.dataset.signIn; }
  doc.addEventListener("htmx:beforeSwap", function (event) {
    var detail = event.detail, xhr = detail.xhr, elt = detail.requestConfig.elt;
    var signedOut = xhr.status === 401 || toSignIn(xhr.responseURL);
    if (signedOut && !("signedOut" in doc.body.dataset)) {
      detail.shouldSwap = false;
      detail.isError = false;
      notice(writes(event) ? elt : doc.body, cd.word("signed-out"), { href: signIn(), text: cd.word("sign-in") });
      return;
    }
    if (xhr.status === 409 && writes(event)) {
      detail.shouldSwap = true;
      detail.isError = false;
      detail.target = slotOf(elt);
      detail.swapOverride = "innerHTML";
    }
    if (detail.shouldSwap && writes(event)) { hand(detail.target, xhr.status, elt); }
  });
  doc.addEventListener("htmx:responseError", function (event) {
    if (!writes(event)) { return; }
    var status = event.detail.xhr.status;
    notice(event.detail.requestConfig.elt, cd.word(status === 403 ? "forbidden" : status === 404 ? "gone" : "failed"));
  });
  ["htmx:sendError", "htmx:timeout"].forEach(function (name) {
    doc.addEventListener(name, function (event) { if (writes(event)) { notice(event.detail.requestConfig.elt, cd.word("not-sent")); } });
  });

  /* One request at a time: a second click is not sent, and the button says so in words. */
  function busy(form, on) {
    form.toggleAttribute("data-busy", on);
    form.setAttribute("aria-busy", String(on));
    form.querySelectorAll("button:not([type=button])").forEach(function (b) {
      if (on) { b.setAttribute("aria-disabled", "true"); } else { b.removeAttribute("aria-disabled"); }
      var spin = b.querySelector(".spinner-border");
      if (on && b === form.cdButton && !spin) {
        spin = doc.createElement("span");
        spin.className = "spinner-border spinner-border-sm";
        spin.setAttribute("aria-hidden", "true");
        b.prepend(spin);
      } else if (!on && spin) { spin.remove(); }
    });
  }
  doc.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.method !== "post" || form.matches("[data-theme-form]")) { return; }
    if (form.hasAttribute("data-busy")) { event.preventDefault(); event.stopImmediatePropagation(); return; }
    form.cdButton = event.submitter;
    var fresh = token(), field = form.elements.csrfmiddlewaretoken;
    if (fresh && field) { field.value = fresh; }
    if (!event.defaultPrevented && !hx(form) && !form.matches("[data-download]")) { pend(form); setTimeout(function () { busy(form, true); }); }
  }, true);
  doc.addEventListener("htmx:beforeRequest", function (event) {
    var form = event.detail.elt;
    if (!form.matches("form") || !writes(event)) { return; }
    var slot = form.querySelector(":scope > .cd-slot");
    if (slot) { slot.replaceChildren(); }
    busy(form, true);
  });
  doc.addEventListener("htmx:afterRequest", function (event) {
    var form = event.detail.requestConfig && event.detail.requestConfig.elt, xhr = event.detail.xhr;
    if (!form || !form.matches || !form.matches("form") || !writes(event)) { return; }
    /* A redirect is followed before anything says that the request worked. */
    var moved = xhr.status < 300 ? xhr.getResponseHeader("HX-Redirect") : null;
    var leaves = moved && !toSignIn(moved) && (!new URL(moved, location.href).hash || new URL(moved, location.href).pathname !== location.pathname);
    if (!leaves) { busy(form, false); }
    /* A refusal that is shown counts as no error here, and has not taken the words. */
    var worked = moved || (event.detail.successful && xhr.status < 400);
    if (!worked || toSignIn(moved) || toSignIn(xhr.responseURL)) { return; }
    if (xhr.status === 204 && !moved && !form.matches("[data-stays]")) { form.reset(); }
    sent(form);
    if (xhr.status !== 204 || moved) { return; }
    form.querySelectorAll(".cd-kept").forEach(function (n) { n.remove(); });
    var dialog = form.closest("dialog");
    if (dialog && dialog.open) { dialog.close(); }
    cd.say(cd.word("saved"));
    count(form);
  });
  addEventListener("pageshow", function (event) {
    if (event.persisted) { doc.querySelectorAll("form[data-busy]").forEach(function (f) { busy(f, false); }); }
  });
  function hx(form) { return window.htmx && (form.hasAttribute("hx-post") || form.hasAttribute("data-hx-post")); }

  /* Unsent words: <form data-keep="a key of this form">. Per person, restored on return, removed once saved. */
  var person = doc.body.dataset.person, store = null;
  try { store = window.localStorage; } catch (e) { /* storage may be blocked */ }
  function keyOf(form) { return "cd:keep:" + person + ":" + form.dataset.keep; }
  function read(form) { try { return JSON.parse(store.getItem(keyOf(form))); } catch (e) { return null; } }
  function write(form, value) { try { store.setItem(keyOf(form), JSON.stringify(value)); } catch (e) { /* full or blocked */ } }
  function forget(form) { if (store && form.dataset.keep) { store.removeItem(keyOf(form)); } }
  /* What was sent is unsent no more, also for whatever looks at the form on the way out. */
  function sent(form) {
    forget(form);
    if (form.cdBase) { form.cdBase = values(form); }
  }
  function fields(form) {
    return [...form.elements].filter(function (f) { return f.name && f.matches("input:not([type=hidden], [type=password], [type=file], [type=submit]), textarea, select") && !f.matches("[data-not-kept]"); });
  }
  function values(form) {
    var all = {};
    fields(form).forEach(function (f) {
      if (f.type === "radio" || f.type === "checkbox") { if (f.checked) { (all[f.name] = all[f.name] || []).push(f.value); } else { all[f.name] = all[f.name] || []; } }
      else if (f.multiple) { all[f.name] = [...f.selectedOptions].map(function (o) { return o.value; }); }
      else { all[f.name] = [f.value]; }
    });
    return all;
  }
  function same(a, b) { return JSON.stringify(a) === JSON.stringify(b); }
  function fill(form, kept) {
    fields(form).forEach(function (f) {
      var given = kept[f.name], was = f.multiple || f.checked || f.value;
      if (!given) { return; }
      if (f.type === "radio" || f.type === "checkbox") { f.checked = given.includes(f.value); }
      else if (f.multiple) { [...f.options].forEach(function (o) { o.selected = given.includes(o.value); }); }
      else { f.value = given[0]; }
      if (f.multiple || was !== (f.checked || f.value)) { f.dispatchEvent(new Event("cd:restored", { bubbles: true })); }
    });
    count(form);
  }
  /* A plain post that worked ends in a redirect; anything else keeps the words. */
  function pend(form) {
    flush(form);
    if (store && form.dataset.keep) { try { sessionStorage.setItem("cd:sent", keyOf(form)); } catch (e) { /* blocked */ } }
  }
  function timeOf(at) {
    var text = new Date(at).toLocaleString(doc.documentElement.lang, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hour12: false, timeZone: doc.body.dataset.zone });
    return doc.documentElement.lang.slice(0, 2) === "fr" ? text.replace(/0?(\d?\d):(\d\d)/, "$1\u00a0h\u00a0$2") : text;
  }
  function button(text, act) {
    var b = doc.createElement("button");
    b.type = "button"; b.className = "btn btn-sm"; b.textContent = text;
    b.addEventListener("click", act);
    return b;
  }
  function keptNote(form, kept, conflict) {
    var note = doc.createElement("div"), inner = doc.createElement("div"), line = doc.createElement("div"), p = doc.createElement("p"), when = doc.createElement("p");
    note.className = "cd-note cd-kept rounded border"; note.setAttribute("role", "status");
    p.className = "cd-title"; p.textContent = cd.word("kept-title");
    when.className = "cd-meta"; when.textContent = conflict ? cd.word("kept-differs") : cd.word("kept-at", timeOf(kept.at));
    line.className = "cd-line mt-1";
    inner.append(p, when);
    if (conflict) {
      /* Both are shown: what the page says in the form, what was typed here. */
      Object.keys(kept.values).forEach(function (name) {
        var text = kept.values[name].join(", ");
        if (!text || same(kept.values[name], (values(form))[name])) { return; }
        var quote = doc.createElement("blockquote");
        quote.className = "cd-kept-text"; quote.textContent = text;
        inner.append(quote);
      });
      line.append(button(cd.word("kept-use"), function () { fill(form, kept.values); keep(form, kept.base); note.remove(); }));
    }
    line.append(button(cd.word("kept-discard"), function () { forget(form); if (!conflict) { form.reset(); count(form); } note.remove(); }));
    inner.append(line);
    note.append(cd.icon("history"), inner);
    form.prepend(note);
  }
  function keep(form, base) {
    var now = form.cdGrows ? Object.assign({}, form.cdGrows.values, values(form)) : values(form);
    if (same(now, base)) { forget(form); } else { write(form, { at: Date.now(), base: base, values: now }); }
  }
  /* A form that the server answers with itself goes on from where the old one began, with what was typed meanwhile. */
  var handed = {};
  function hand(target, status, by) {
    [target, ...target.querySelectorAll("form[data-keep]")].forEach(function (form) {
      if (!form.cdBase || !form.dataset.keep || (by === form && status !== 422)) { return; }
      var grows = form.cdGrows;
      handed[keyOf(form)] = { base: form.cdBase, values: grows ? grows.values : values(form), kept: grows };
    });
  }
  function goOn(form, from) {
    form.cdBase = from.base;
    if (from.kept && grow(form, from.kept)) { return; }
    fill(form, from.values);
    flush(form);
    if (from.kept) { keptNote(form, from.kept, false); }
  }
  /* Words of fields that this form has not yet: <button data-grow> asks for them. */
  function grow(form, kept) {
    var more = form.querySelector("[data-grow]"), has = values(form);
    if (!more || !Object.keys(kept.values).some(function (name) { return !(name in has) && kept.values[name].join(""); })) { return false; }
    form.cdGrows = kept;
    setTimeout(function () { more.click(); });
    return true;
  }
  function restore(form) {
    if (!store || !person || form.cdBase) { return; }
    var from = handed[keyOf(form)];
    delete handed[keyOf(form)];
    if (from) { goOn(form, from); return; }
    form.cdBase = values(form);
    var kept = read(form);
    if (!kept) { return; }
    if (same(kept.values, form.cdBase)) { form.cdBase = kept.base; return; }
    var conflict = !same(kept.base, form.cdBase);
    if (!conflict && grow(form, kept)) { return; }
    if (!conflict) { fill(form, kept.values); }
    keptNote(form, kept, conflict);
  }
  var timer = 0;
  function flush(form) { if (store && person && form.dataset.keep && form.cdBase) { clearTimeout(timer); keep(form, form.cdBase); } }
  /* What a browser puts back by itself when one goes back was not typed anew. */
  addEventListener("pagehide", function () { doc.querySelectorAll("form[data-keep]:not([data-busy])").forEach(function (f) { if (f.cdTyped) { flush(f); } }); });
  /* What the server has kept meanwhile (a draft that saves itself) is where unsent words begin; detail: values by name. */
  doc.addEventListener("cd:saved", function (event) {
    var form = event.target;
    if (form.cdBase) { Object.assign(form.cdBase, event.detail); flush(form); }
  });
  doc.addEventListener("input", function (event) {
    var form = event.target.form;
    if (!form) { return; }
    form.cdTyped = true;
    count(form);
    if (!store || !person || !form.dataset.keep || !form.cdBase) { return; }
    clearTimeout(timer);
    timer = setTimeout(flush, 300, form);
  });
  (function () {
    var sent = null, way = performance.getEntriesByType("navigation")[0];
    try { sent = sessionStorage.getItem("cd:sent"); sessionStorage.removeItem("cd:sent"); } catch (e) { return; }
    if (sent && store && way && way.type === "navigate" && way.redirectCount > 0 && !("signedOut" in doc.body.dataset)) { store.removeItem(sent); }
  })();

  /* <form data-guard>: the browser asks before unsaved input is left. */
  addEventListener("beforeunload", function (event) {
    var dirty = [...doc.querySelectorAll("form[data-guard]")].some(function (f) { return !f.hasAttribute("data-busy") && f.cdBase && !same(values(f), f.cdBase); });
    if (dirty) { event.preventDefault(); }
  });

  /* <output data-counts="field id" data-limit="280">: characters, or how many too many. */
  function count(scope) {
    scope.querySelectorAll("[data-counts]").forEach(function (out) {
      var field = doc.getElementById(out.dataset.counts), limit = Number(out.dataset.limit || 0), n = field ? [...field.value].length : 0;
      var over = limit ? n - limit : 0;
      if (over > 0) { out.textContent = over === 1 ? cd.word("one-too-many") : cd.word("too-many", over); }
      else { out.textContent = n === 1 && !limit ? cd.word("character") : cd.word("characters", limit ? n + "/" + limit : n); }
      out.dataset.over = String(Boolean(limit && n > limit));
    });
  }

  function settle(scope) {
    scope.querySelectorAll("form[data-keep]").forEach(restore);
    scope.querySelectorAll("form[data-guard]").forEach(function (f) { f.cdBase = f.cdBase || values(f); });
    count(scope);
  }
  doc.addEventListener("DOMContentLoaded", function () { settle(doc); });
  doc.addEventListener("htmx:afterSettle", function (event) { settle(event.detail.elt.parentNode || doc); });
})();
