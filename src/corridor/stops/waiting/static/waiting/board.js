// The board looks for fresh calls by itself. Without this file somebody loads the page again.
(() => {
  "use strict";
  const board = document.getElementById("calls");
  if (!board) return;
  setInterval(async () => {
    try {
      const answer = await fetch(board.dataset.from, { headers: { "X-Part": "calls" } });
      if (!answer.ok || answer.redirected) return;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      board.replaceChildren(...fresh.body.childNodes);
    } catch {
      // The site is away for a moment; what is shown stays.
    }
  }, 20000);
})();
