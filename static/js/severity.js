/* The live result of an assessment: says the level once, when it changes; a 422 keeps what was ticked by itself. */
(function () {
  "use strict";
  var doc = document, said = "";
  function words() { var answer = doc.getElementById("answer"); return answer ? answer.dataset.says : ""; }
  said = words();
  doc.addEventListener("htmx:afterSettle", function () {
    var now = words();
    if (now && now !== said) { said = now; window.cd.say(now); }
  });
})();
