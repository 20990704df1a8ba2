/* A room that follows: hears the stream of its incident (or asks every few seconds), then names to the page
   what changed; each panel re-reads itself. Never touches focus, half-typed text, an open dialog or a selection.
   Without this file the page shows what was true when it was loaded. */
(function () {
  "use strict";
  var doc = document, cd = window.cd, el = doc.getElementById("pulse"), lost = doc.getElementById("lost");

  var POLL = 4000, SAFETY = 30000, RETRY = 30000, SILENT = 12000, DEAF = 40000, HIDDEN = 60000;
  var seen = el ? Number(el.dataset.number) : 0, lastGood = Date.now(), ended = false;

  /* The sign in the top bar: Live, or the time of what is shown. */
  var sign = doc.getElementById("connection");
  function show(state) {
    if (!sign) { return; }
    var word = sign.querySelector(".cd-live-word"), time = sign.querySelector("time"), at = new Date(cd.now());
    sign.dataset.state = state;
    if (word) { word.textContent = cd.word(state === "live" ? "live" : "as-of"); }
    if (time && state !== "lost") {
      time.dateTime = at.toISOString();
      time.textContent = clock(at);
    }
  }
  function clock(at) {
    var text = at.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: doc.body.dataset.zone });
    if (doc.documentElement.lang.slice(0, 2) !== "fr") { return text; }
    var parts = text.split(":");
    return Number(parts[0]) + "\u00a0h" + (parts[1] === "00" ? "" : "\u00a0" + parts[1]);
  }
  function say(why) {
    if (!lost) { return; }
    lost.querySelectorAll("[data-lost]").forEach(function (p) { p.hidden = p.dataset.lost !== why; });
    if (lost.hidden === !why) { return; }
    lost.hidden = !why;
    if (why) { cd.say(lost.querySelector("[data-lost=" + why + "]").textContent); }
  }
  function good() {
    lastGood = Date.now();
    say("");
    show("live");
  }
  function end(why) {
    ended = true;
    close();
    show("lost");
    say(why);
  }

  /* What changed is gathered for a moment, so that many rooms do not ask at once; one's own act is not delayed. */
  var waiting = new Set(), timer = 0;
  function announce(subjects, delay) {
    subjects.forEach(function (s) { if (s) { waiting.add(s); } });
    waiting.add("entry");
    clearTimeout(timer);
    timer = setTimeout(function () {
      var all = [...waiting];
      waiting.clear();
      all.forEach(function (name) { window.htmx.trigger(doc.body, name); });
    }, delay);
  }
  /* What is no entry has no number: who comes to a text and leaves it. */
  function hear(number, subject) {
    if (!number && subject) { window.htmx.trigger(doc.body, subject); return; }
    if (number <= seen) { return; }
    if (number === seen + 1 && subject) {
      seen = number;
      announce([subject], 50 + Math.random() * 250);
    } else { ask(); }
  }

  /* The pulse: which subjects have news since the number this page has seen. */
  var asking = false, again = false;
  function ask() {
    if (ended || !el) { return; }
    if (asking) { again = true; return; }
    asking = true;
    fetch(el.dataset.pulse + "?after=" + seen, { headers: { Accept: "application/json" }, cache: "no-store", redirect: "manual", credentials: "same-origin" })
      .then(function (answer) {
        if (answer.type === "opaqueredirect" || answer.status === 401) { end("signed-out"); return null; }
        if (answer.status === 404) { end("gone"); return null; }
        return answer.ok ? answer.json() : Promise.reject(new Error(String(answer.status)));
      })
      .then(function (told) {
        if (!told) { return; }
        cd.setNow(told.at);
        good();
        if (told.number > seen) { seen = told.number; announce(told.subjects, 0); }
      })
      .catch(function () { if (Date.now() - lastGood > SILENT) { show("lost"); say("silent"); } })
      .finally(function () { asking = false; if (again) { again = false; ask(); } });
  }

  /* The stream; while it does not flow, the pulse is asked every few seconds. */
  var source = null, heardAt = 0, tryAt = 0, hiddenAt = 0;
  function open() {
    if (!window.EventSource || ended || source || !el) { return; }
    source = new EventSource(el.dataset.stream);
    source.onopen = function () { heardAt = Date.now(); };
    source.onmessage = function (event) {
      var told = JSON.parse(event.data);
      heardAt = Date.now();
      good();
      hear(told.number, told.subject);
    };
    source.addEventListener("alive", function (event) {
      heardAt = Date.now();
      cd.setNow(JSON.parse(event.data).at);
      good();
    });
    source.onerror = function () {
      heardAt = 0;
      if (source && source.readyState === EventSource.CLOSED) { close(); tryAt = Date.now() + RETRY; }
      ask();
    };
  }
  function close() { if (source) { source.close(); source = null; } heardAt = 0; }
  function flows() { return source && source.readyState === EventSource.OPEN && Date.now() - heardAt < DEAF; }

  var askedAt = Date.now();
  setInterval(function () {
    if (ended || !el) { return; }
    /* A browser allows few connections to one house: a page that nobody looks at gives its own back. */
    if (doc.hidden) { hiddenAt = hiddenAt || Date.now(); if (Date.now() - hiddenAt > HIDDEN) { close(); } } else { hiddenAt = 0; }
    if (source && heardAt && Date.now() - heardAt > DEAF) { close(); tryAt = 0; }
    if (!source && !doc.hidden && Date.now() > tryAt) { open(); }
    if (Date.now() - askedAt > (flows() || doc.hidden ? SAFETY : POLL)) { askedAt = Date.now(); ask(); }
  }, 1000);
  doc.addEventListener("visibilitychange", function () { if (!doc.hidden) { ask(); } });
  addEventListener("online", ask);
  addEventListener("offline", function () { close(); ask(); });
  addEventListener("pageshow", function (event) { if (event.persisted) { ask(); } });
  addEventListener("pagehide", close);
  /* One's own act answers with a beat: ask at once. */
  doc.body.addEventListener("beat", ask);

  /* A panel in use is not replaced; it re-reads when it is free again. */
  var postponed = new Map(), kept = null;
  function inUse(panel) {
    var focus = doc.activeElement, picked = doc.getSelection();
    if (panel.querySelector("dialog[open], :popover-open")) { return true; }
    if (focus && panel.contains(focus) && focus.matches("input, textarea, select, [contenteditable]")) { return true; }
    return Boolean(picked && !picked.isCollapsed && panel.contains(picked.anchorNode));
  }
  /* Why a panel re-reads itself: the name of what happened, or "every" for one that asks by the clock. */
  function cause(event) {
    var config = event.detail.requestConfig || {}, why = config.triggeringEvent;
    if (config.verb !== "get") { return ""; }
    if (why) { return why.target === doc.body ? why.type : ""; }
    return /^every /.test(config.elt.getAttribute("hx-trigger") || "") ? "every" : "";
  }
  doc.addEventListener("htmx:beforeSwap", function (event) {
    var panel = event.detail.target, name = cause(event), focus = doc.activeElement;
    if (!name || !panel) { return; }
    if (event.detail.xhr.status !== 200) { event.detail.shouldSwap = false; return; }
    if (name === "every" && event.detail.shouldSwap) { good(); }
    if (inUse(panel)) {
      event.detail.shouldSwap = false;
      if (name !== "every") { postponed.set(panel.id, name); }
      return;
    }
    postponed.delete(panel.id);
    kept = focus && focus !== doc.body && panel.contains(focus) ? { panel: panel.id, like: focus } : null;
  });
  setInterval(function () {
    postponed.forEach(function (name, id) {
      var panel = doc.getElementById(id);
      if (panel && inUse(panel)) { return; }
      postponed.delete(id);
      if (panel) { window.htmx.trigger(doc.body, name); }
    });
  }, 700);

  doc.addEventListener("htmx:sendError", function (event) {
    if (cause(event) && Date.now() - lastGood > SILENT) { show("lost"); say("silent"); }
  });

  /* Focus stays on the same link or button of the new panel; what was unfolded stays so. */
  function twin(panel, old) {
    if (old.id) { return doc.getElementById(old.id); }
    return [...panel.querySelectorAll(old.tagName)].find(function (n) {
      return n.getAttribute("href") === old.getAttribute("href") && n.name === old.name && n.value === old.value && n.textContent === old.textContent;
    });
  }
  doc.addEventListener("htmx:afterSettle", function () {
    if (!kept) { return; }
    var panel = doc.getElementById(kept.panel), next = panel && twin(panel, kept.like);
    if (next && doc.activeElement === doc.body) { next.focus({ preventScroll: true }); }
    kept = null;
  });

  /* New entries of others wait behind a link (one's own stand in the list at once): said once per count. */
  var told = "";
  doc.addEventListener("htmx:afterSettle", function () {
    var more = doc.getElementById("show-new"), text = more ? more.textContent.trim() : "";
    if (text && text !== told) { cd.say(text); }
    told = text;
  });

  open();
})();
