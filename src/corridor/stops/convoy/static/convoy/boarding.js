// Boarding and arrival without reloading: a scan exchanges the lane's part, and sounds.
// Everything works without this file; then the page comes back with the outcome.
(() => {
  "use strict";
  const lane = document.getElementById("lane");
  if (!lane) return;

  // Short tones by shape of outcome: two rising, one, two alike, one long and low.
  const TONES = {
    good: [[660, 0, 0.09], [990, 0.1, 0.14]],
    again: [[520, 0, 0.16]],
    other: [[440, 0, 0.1], [440, 0.16, 0.1]],
    stop: [[180, 0, 0.5]],
  };
  let audio = null;
  function sound(name) {
    try {
      audio = audio || new AudioContext();
      if (audio.state === "suspended") audio.resume();
      for (const [pitch, from, length] of TONES[name] || []) {
        const tone = audio.createOscillator();
        const loud = audio.createGain();
        tone.frequency.value = pitch;
        tone.type = name === "stop" ? "square" : "sine";
        loud.gain.setValueAtTime(0.25, audio.currentTime + from);
        loud.gain.exponentialRampToValueAtTime(0.01, audio.currentTime + from + length);
        tone.connect(loud).connect(audio.destination);
        tone.start(audio.currentTime + from);
        tone.stop(audio.currentTime + from + length);
      }
    } catch { /* no sound here: shape and word say it too */ }
  }

  function show(part, row) {
    lane.innerHTML = part;
    const outcome = lane.querySelector(".outcome");
    if (outcome) {
      sound(outcome.dataset.sound);
      if (outcome.dataset.done) {
        if (row) row.hidden = true;
        for (const one of document.querySelectorAll(".families tr[data-card]"))
          if (outcome.dataset.card && one.dataset.card === outcome.dataset.card) one.hidden = true;
      }
    }
    lane.querySelector("input[name=card]")?.focus();
  }

  // One after the other, so that a fast scanner loses nothing and the last outcome stands last.
  let waiting = Promise.resolve();
  function send(form, row) {
    const body = new FormData(form);
    const address = form.action || location.href;
    form.querySelector("input[name=card]")?.select();
    waiting = waiting.then(async () => {
      try {
        const answer = await fetch(address, { method: "POST", body, headers: { "X-Part": "lane" } });
        if (answer.redirected || !answer.ok) throw new Error("no part");
        show(await answer.text(), row);
      } catch {
        HTMLFormElement.prototype.submit.call(form);
      }
    });
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement)) return;
    if (form.closest("#lane")?.contains(form) && form.matches(".scan")) {
      event.preventDefault();
      send(form, null);
    } else if (form.matches("form.tap")) {
      event.preventDefault();
      send(form, form.closest("tr"));
    }
  });

  const first = lane.querySelector(".outcome");
  if (first) sound(first.dataset.sound);
})();
