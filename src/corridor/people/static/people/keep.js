// Sends what is typed to the site while it is typed: nothing is kept in the browser, and a reload or
// an empty battery loses nothing.
"use strict";
(() => {
  const form = document.querySelector("form[data-keep]");
  if (!form) return;
  const told = document.querySelector("[data-told]");
  let waiting = 0;
  let last = "";
  let sent = false;
  const keep = async () => {
    clearTimeout(waiting);
    waiting = 0;
    const said = new URLSearchParams(new FormData(form));
    if (sent || said.toString() === last) return;
    last = said.toString();
    try {
      const answer = await fetch(form.dataset.keep, { method: "POST", body: said, keepalive: true });
      if (told) told.textContent = answer.ok ? told.dataset.kept : told.dataset.lost;
    } catch {
      last = "";
      if (told) told.textContent = told.dataset.lost;
    }
  };
  const soon = () => {
    clearTimeout(waiting);
    waiting = setTimeout(keep, 600);
  };
  last = new URLSearchParams(new FormData(form)).toString();
  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
  form.addEventListener("submit", () => {
    sent = true;
    clearTimeout(waiting);
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) sent = false;
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && waiting) keep();
  });
})();
