/* The composer of the timeline: one key leads to it, files can be pasted, chosen files are named.
   Without this file the form works all the same. */
(function () {
  "use strict";
  if (window.cdTimeline) { return; }
  window.cdTimeline = true;
  var doc = document;

  function composer() { return doc.getElementById("composer"); }

  doc.addEventListener("keydown", function (event) {
    var form = composer();
    if (!form || doc.querySelector("dialog[open]")) { return; }
    if (event.key === "F2" && !event.ctrlKey && !event.altKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      form.querySelector("textarea").focus();
    } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && form.contains(event.target)) {
      event.preventDefault();
      form.requestSubmit();
    }
  });

  function name(input) {
    var list = doc.getElementById(input.dataset.names);
    if (list) { list.textContent = [...input.files].map(function (f) { return f.name; }).join(", "); }
  }
  doc.addEventListener("change", function (event) {
    if (event.target.matches("input[type=file][data-names]")) { name(event.target); }
  });
  doc.addEventListener("reset", function (event) {
    var input = event.target.querySelector("input[type=file][data-names]");
    if (input) { setTimeout(function () { name(input); }, 0); }
  });

  /* A picture in the clipboard becomes an attachment; pasted words stay words. */
  doc.addEventListener("paste", function (event) {
    var form = composer(), files = event.clipboardData && event.clipboardData.files;
    if (!form || !form.contains(event.target) || !files || !files.length) { return; }
    var input = form.querySelector("input[type=file]"), all = new DataTransfer();
    [...input.files, ...files].forEach(function (f) { all.items.add(f); });
    input.files = all.files;
    name(input);
    event.preventDefault();
  });

})();
