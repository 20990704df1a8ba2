/* Runs before the first paint: light and dark come from the person's account, "system" from the device. */
(function () {
  "use strict";
  var root = document.documentElement, device = matchMedia("(prefers-color-scheme: dark)");
  function follow() {
    if (root.dataset.theme === "system") { root.dataset.bsTheme = device.matches ? "dark" : "light"; }
  }
  follow();
  device.addEventListener("change", function () {
    follow();
    document.dispatchEvent(new Event("themechange"));
  });
})();
