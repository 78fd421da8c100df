// Shows how far work in the background is, without loading the page anew; when it is over, the page
// that tells what came of it. Without scripts the page itself comes back every two seconds.
"use strict";
(() => {
  const here = document.querySelector("[data-progress]");
  if (!here) return;
  const look = async () => {
    try {
      const answer = await fetch(location.href, { cache: "no-store" });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const now = page.querySelector("[data-progress]");
      if (answer.redirected || !answer.ok || !now) {
        location.replace(answer.url);
        return;
      }
      if (now.innerHTML !== here.innerHTML) here.replaceChildren(...now.childNodes);
    } catch {
      // The site does not answer just now: it is asked again.
    }
    setTimeout(look, 1000);
  };
  setTimeout(look, 1000);
})();
