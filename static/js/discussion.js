/* Speaking about a text: what is selected is what is meant; passages that are spoken of are marked in the text.
   Without this file the words are typed or pasted into the forms; the server finds them and says so when it cannot. */
(function () {
  "use strict";
  var doc = document, bar = doc.getElementById("pointed"), AROUND = 60;

  function sheets() { return [...doc.querySelectorAll(".cd-sheet, [data-channel]")]; }
  /* Words as the version has them: not what was removed, not what is only read out. */
  function skipped(node) { return Boolean(node.parentElement.closest("del, .visually-hidden")); }
  function pieces(root) {
    var walker = doc.createTreeWalker(root, NodeFilter.SHOW_TEXT), out = [];
    while (walker.nextNode()) { if (!skipped(walker.currentNode)) { out.push(walker.currentNode); } }
    return out;
  }
  function textOf(range) {
    var part = range.cloneContents();
    part.querySelectorAll("del, .visually-hidden").forEach(function (n) { n.remove(); });
    part.querySelectorAll("br").forEach(function (n) { n.replaceWith("\n"); });
    part.querySelectorAll("p, li").forEach(function (n) { n.append("\n"); });
    return part.textContent;
  }
  function beside(sheet, range, before) {
    var side = doc.createRange();
    side.selectNodeContents(sheet);
    if (before) { side.setEnd(range.startContainer, range.startOffset); } else { side.setStart(range.endContainer, range.endOffset); }
    var text = textOf(side);
    return before ? text.slice(-AROUND) : text.slice(0, AROUND);
  }

  var meant = null;
  function selected() {
    var picked = doc.getSelection();
    if (!picked || picked.isCollapsed || !picked.rangeCount) { return null; }
    var range = picked.getRangeAt(0), sheet = sheets().find(function (s) { return s.contains(range.startContainer) && s.contains(range.endContainer); });
    var words = sheet ? textOf(range).trim() : "";
    return words ? { words: words, before: beside(sheet, range, true), after: beside(sheet, range, false), range: range, channel: sheet.dataset.channel || "text" } : null;
  }
  function place() {
    var box = meant.range.getBoundingClientRect(), top = box.bottom + scrollY + 8;
    bar.hidden = false;
    bar.style.top = top + "px";
    bar.style.left = Math.max(8, Math.min(box.left + scrollX, doc.documentElement.clientWidth - bar.offsetWidth - 8)) + "px";
  }
  var timer = 0;
  function look() {
    if (bar.contains(doc.activeElement)) { return; }
    meant = selected();
    if (meant) { place(); } else { bar.hidden = true; }
  }
  function fill(form, told) {
    Object.keys(told).forEach(function (name) { if (form.elements[name]) { form.elements[name].value = told[name]; } });
    form.elements.words.dispatchEvent(new Event("input", { bubbles: true }));
  }
  function point(id) {
    var form = doc.getElementById(id), told = { words: meant.words, before: meant.before, after: meant.after, channel: meant.channel };
    answering(doc.getElementById("say"), "", "");
    if (id === "suggest") { told.wording = meant.words; }
    fill(form, told);
    var fold = form.closest("details") || form.querySelector("[data-passage-of]");
    fold.open = true;
    bar.hidden = true;
    form.elements[id === "suggest" ? "wording" : "text"].focus();
  }
  if (bar) {
    doc.body.append(bar);
    doc.addEventListener("selectionchange", function () { clearTimeout(timer); timer = setTimeout(look, 150); });
    bar.addEventListener("mousedown", function (event) { event.preventDefault(); });
    bar.addEventListener("click", function (event) {
      var button = event.target.closest("[data-point]");
      if (button && meant) { point(button.dataset.point); }
    });
    bar.addEventListener("keydown", function (event) { if (event.key === "Escape") { bar.hidden = true; } });
    addEventListener("resize", function () { if (meant && !bar.hidden) { place(); } });
  }
  /* Words that are typed anew say nothing of what stood around the old ones. */
  doc.addEventListener("input", function (event) {
    var form = event.target.form;
    if (!event.isTrusted || event.target.name !== "words" || !form || !form.matches("[data-points]")) { return; }
    form.elements.before.value = "";
    form.elements.after.value = "";
  });

  /* An answer is written where comments are; the list above holds no input. */
  function answering(form, parent, name) {
    if (!form) { return; }
    var line = form.querySelector("[data-answering]"), about = form.querySelector("[data-passage-of]");
    form.elements.parent.value = parent;
    line.hidden = !parent;
    line.querySelector("[data-name]").textContent = name;
    about.hidden = Boolean(parent);
  }
  doc.addEventListener("click", function (event) {
    var link = event.target.closest("a[data-answer]"), form = doc.getElementById("say");
    if (!link || !form) { return; }
    event.preventDefault();
    answering(form, link.dataset.answer, link.dataset.name || "");
    form.elements.text.focus();
  });
  doc.addEventListener("htmx:afterRequest", function (event) {
    var form = event.detail.requestConfig && event.detail.requestConfig.elt;
    if (!form || !form.matches || !form.matches("[data-points]") || event.detail.xhr.status !== 204) { return; }
    fill(form, { words: "", before: "", after: "", channel: "text" });
    if (form.id === "say") { answering(form, "", ""); }
  });

  /* Where a passage stands on the page: letters only, as formatting and blanks differ from what was written. */
  function letters(text) { return text.replace(/[\s*_]/g, ""); }
  function find(words, nth) {
    var sheet = doc.querySelector(".cd-sheet"), wanted = letters(words), nodes = sheet ? pieces(sheet) : [], all = "", map = [];
    nodes.forEach(function (node) {
      for (var i = 0; i < node.data.length; i += 1) {
        if (letters(node.data[i])) { all += node.data[i]; map.push([node, i]); }
      }
    });
    var at = -1;
    for (var n = 0; n <= nth; n += 1) { at = wanted ? all.indexOf(wanted, at + 1) : -1; if (at < 0) { return null; } }
    var range = doc.createRange(), end = map[at + wanted.length - 1];
    range.setStart(map[at][0], map[at][1]);
    range.setEnd(end[0], end[1] + 1);
    return range;
  }
  var can = window.CSS && CSS.highlights && window.Highlight;
  function mark() {
    if (!can) { return; }
    var marks = new Highlight();
    doc.querySelectorAll("#said a[data-passage]:not([data-elsewhere])").forEach(function (link) {
      if (link.closest("details")) { return; }
      var range = find(link.dataset.passage, Number(link.dataset.nth));
      if (range) { marks.add(range); }
    });
    CSS.highlights.set("cd-said", marks);
  }
  doc.addEventListener("click", function (event) {
    var link = event.target.closest("a[data-passage]:not([data-elsewhere])");
    var range = link && find(link.dataset.passage, Number(link.dataset.nth));
    if (!range) { return; }
    event.preventDefault();
    if (can) { CSS.highlights.set("cd-meant", new Highlight(range)); }
    scrollTo({ top: scrollY + range.getBoundingClientRect().top - innerHeight / 3 });
  });
  mark();
  doc.addEventListener("htmx:afterSettle", function (event) { if (event.detail.elt.id === "said" || doc.getElementById("said")) { mark(); } });
})();
