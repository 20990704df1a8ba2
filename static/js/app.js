/* What every page does beyond showing itself: clocks tick, dialogs open, texts are copied, the theme turns.
   Every page is complete without it: the server renders each value, this file only keeps it fresh. */
window.cd = (function () {
  "use strict";
  var doc = document, root = doc.documentElement;

  /* Words come translated from the page (templates/components/words.html). */
  function word(name, fill) {
    var el = doc.getElementById("words").content.querySelector('[data-word="' + name + '"]');
    var text = el ? el.textContent : name;
    return fill === undefined ? text : text.replace("%s", fill);
  }
  function say(text) {
    var status = doc.getElementById("announce");
    status.textContent = "";
    status.textContent = text;
  }
  function icon(name) {
    var svg = doc.createElementNS("http://www.w3.org/2000/svg", "svg"), use = doc.createElementNS("http://www.w3.org/2000/svg", "use");
    svg.setAttribute("class", "icon");
    svg.setAttribute("aria-hidden", "true");
    use.setAttribute("href", doc.body.dataset.icons + "#i-" + name);
    svg.append(use);
    return svg;
  }

  /* Server time rules; each poll may correct it. */
  var offset = 0;
  function setNow(iso) { var at = Date.parse(iso); if (at) { offset = at - Date.now(); } }
  function now() { return Date.now() + offset; }
  setNow((doc.querySelector("meta[name=server-now]") || {}).content);

  /* Clocks: as crisisdesk/kit/times.py writes them. Crossing a limit is announced once, never each tick. */
  var SOON = 600, TWO_DAYS = 2880;
  var ICONS = { running: "clock", soon: "hourglass-high", overdue: "alarm-filled" };
  var space = root.lang.slice(0, 2) === "fr" ? "\u00a0" : " ";
  function pad(n) { return String(n).padStart(2, "0"); }
  function minutes(total) {
    if (total < 60) { return total + space + "min"; }
    var h = Math.floor(total / 60);
    if (total < TWO_DAYS) { return h + space + "h" + space + pad(total % 60); }
    var days = word("days", Math.floor(h / 24)).replace(/ /g, space);
    return h % 24 ? days + space + (h % 24) + space + "h" : days;
  }
  function countdown(s) { return s < SOON ? Math.floor(s / 60) + ":" + pad(Math.floor(s % 60)) : minutes(Math.round(s / 60)); }
  function tick() {
    doc.querySelectorAll("time[data-clock]").forEach(function (el) {
      var left = (Date.parse(el.dateTime) - now()) / 1000, late = left < 0, label = el.dataset.clock === "due";
      var text = late ? minutes(Math.floor(-left / 60)) : label ? minutes(Math.max(1, Math.round(left / 60))) : countdown(left);
      if (label) { text = word(late ? "due-overdue" : "due-in", text); }
      if (el.textContent !== text) { el.textContent = text; }
      var box = el.closest("[data-state]"), state = late ? "overdue" : left < SOON ? "soon" : "running";
      if (!box || box.dataset.state === state) { return; }
      box.dataset.state = state;
      var use = box.querySelector(".icon use"), said = box.querySelector("[data-overdue]");
      if (use) { use.setAttribute("href", doc.body.dataset.icons + "#i-" + ICONS[state]); }
      if (said) { said.hidden = !late; }
      if (late) { say(word("run-out")); }
    });
  }
  setInterval(tick, 1000);

  /* Dialogs open as popovers without script, modally with it. */
  function openDialog(dialog) {
    dialog.removeAttribute("open");
    if (dialog.matches(":popover-open")) { dialog.hidePopover(); }
    dialog.showModal();
  }
  function copy(text) {
    if (navigator.clipboard) { return navigator.clipboard.writeText(text); }
    return Promise.reject(new Error("no clipboard"));
  }
  function copied(button) {
    var label = [...button.childNodes].find(function (n) { return n.nodeType === 3 && n.textContent.trim(); });
    say(word("copied"));
    if (!label || button.dataset.was) { return; }
    button.dataset.was = label.textContent;
    label.textContent = word("copied");
    setTimeout(function () { label.textContent = button.dataset.was; delete button.dataset.was; }, 2000);
  }
  doc.addEventListener("click", function (event) {
    var el = event.target.closest("[data-dialog], [data-close], [data-copy], [data-copy-from], [data-change]");
    if (!el) { return; }
    if (el.dataset.dialog) {
      event.preventDefault();
      openDialog(doc.getElementById(el.dataset.dialog));
    } else if (el.matches("[data-close]")) {
      var dialog = el.closest("dialog");
      if (dialog && dialog.open) { event.preventDefault(); dialog.close(); }
    } else if (el.dataset.change) {
      event.preventDefault();
      step(el.dataset.change === "next" ? 1 : -1);
    } else {
      var from = el.dataset.copyFrom && doc.querySelector(el.dataset.copyFrom);
      copy(from ? (from.value === undefined ? from.textContent : from.value) : el.dataset.copy)
        .then(function () { copied(el); }, function () { say(word("copy-failed")); });
    }
  });

  /* A changed text: from change to change, and changes or clean text. */
  var place = -1;
  function step(by) {
    var all = doc.querySelectorAll(".cd-change[id]");
    if (!all.length) { return; }
    place = (place + by + all.length) % all.length;
    location.hash = all[place].id;
  }
  doc.addEventListener("change", function (event) {
    if (!event.target.matches("input[name=view]")) { return; }
    doc.querySelectorAll(".cd-sheet").forEach(function (s) { s.dataset.view = event.target.value; });
  });

  /* The theme turns at once and is kept with the account. */
  function paint(theme) { root.dataset.bsTheme = theme; doc.dispatchEvent(new Event("themechange")); }
  doc.addEventListener("submit", function (event) {
    var form = event.target;
    if (!form.matches("[data-theme-form]")) { return; }
    event.preventDefault();
    var next = root.dataset.bsTheme === "dark" ? "light" : "dark";
    root.dataset.theme = next;
    form.elements.theme.value = next;
    fetch(form.action, { method: "POST", body: new FormData(form), keepalive: true, redirect: "manual" });
    paint(next);
  });
  /* Paper is light: charts are redrawn in the light theme for printing, then restored. */
  var screenTheme = "light";
  addEventListener("beforeprint", function () { screenTheme = root.dataset.bsTheme; paint("light"); });
  addEventListener("afterprint", function () { paint(screenTheme); });

  function settle(scope) {
    scope.querySelectorAll("dialog[data-open]").forEach(function (d) { d.removeAttribute("data-open"); openDialog(d); });
    var focus = scope.querySelector("[data-focus]");
    if (focus) { focus.focus(); }
    scope.querySelectorAll(".cd-tabs [aria-current]").forEach(show);
  }
  /* On a phone the tabs scroll sideways: the current one is in sight. */
  function show(tab) {
    var row = tab.closest(".cd-tabs"), past = tab.getBoundingClientRect().right - row.getBoundingClientRect().right;
    if (past > 0) { row.scrollLeft += past + 24; }
  }
  doc.addEventListener("DOMContentLoaded", function () { settle(doc); tick(); });
  doc.addEventListener("htmx:afterSettle", function (event) { settle(event.detail.elt.parentNode || doc); });

  return { word: word, say: say, icon: icon, now: now, setNow: setNow, tick: tick, openDialog: openDialog };
})();
