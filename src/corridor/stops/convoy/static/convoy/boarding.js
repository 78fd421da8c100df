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

  // What a fast scanner has typed since stays in the field when the answer comes.
  function show(part, row) {
    const typed = lane.querySelector("input[name=card]")?.value || "";
    lane.innerHTML = part;
    const field = lane.querySelector("input[name=card]");
    if (field) field.value = typed;
    const outcome = lane.querySelector(".outcome");
    if (outcome) {
      sound(outcome.dataset.sound);
      if (outcome.dataset.done) {
        if (row) row.hidden = true;
        for (const one of document.querySelectorAll(".families tr[data-card]"))
          if (outcome.dataset.card && one.dataset.card === outcome.dataset.card) one.hidden = true;
      }
    }
    field?.focus();
  }

  // Each scan is a tap of its own, also when the next one comes before the answer.
  function fresh() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, (one) => one.toString(16).padStart(2, "0")).join("");
  }

  // The tablet does not go dark while work goes on; a quarter of an hour after the last scan it may.
  const AWAKE_MS = 15 * 60 * 1000;
  let awake = null;
  let until = 0;
  async function stayAwake() {
    until = Date.now() + AWAKE_MS;
    if (awake || !navigator.wakeLock || document.visibilityState !== "visible") return;
    try {
      awake = await navigator.wakeLock.request("screen");
      awake.addEventListener("release", () => { awake = null; });
    } catch { /* not allowed here: the tablet's own settings decide */ }
  }
  setInterval(() => { if (awake && Date.now() > until) awake.release(); }, 60 * 1000);
  document.addEventListener("visibilitychange", () => { if (Date.now() < until) stayAwake(); });
  stayAwake();

  // One after the other, so that a fast scanner loses nothing and the last outcome stands last.
  let waiting = Promise.resolve();
  function send(form, row) {
    const field = form.querySelector("input[name=card]");
    const command = form.querySelector("input[name=command]");
    if (field && command) command.value = fresh();
    const body = new FormData(form);
    const address = form.action || location.href;
    if (field) field.value = "";
    stayAwake();
    waiting = waiting.then(async () => {
      try {
        const answer = await fetch(address, { method: "POST", body, headers: { "X-Part": "lane" } });
        if (answer.redirected || !answer.ok) throw new Error("no part");
        show(await answer.text(), row);
      } catch {
        sendPlainly(address, body);
      }
    });
  }

  // Without an answer the same scan goes as a form: the page then says what came of it.
  function sendPlainly(address, body) {
    const form = document.createElement("form");
    form.method = "post";
    form.action = address;
    for (const [name, value] of body) {
      const field = document.createElement("input");
      field.type = "hidden";
      field.name = name;
      field.value = value;
      form.append(field);
    }
    document.body.append(form);
    form.submit();
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
