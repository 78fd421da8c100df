// Reads a text aloud where this device has a voice in its language; nothing leaves the device.
"use strict";
(() => {
  const voices = window.speechSynthesis;
  if (!voices) return;
  const voiceFor = (language) =>
    voices.getVoices().find((one) => one.localService && one.lang.toLowerCase().startsWith(language));
  const offer = () => {
    for (const button of document.querySelectorAll("[data-speak]")) {
      const text = button.closest("fieldset").querySelector("[lang]");
      button.hidden = !voiceFor(text.lang);
      button.onclick = () => {
        voices.cancel();
        const words = new SpeechSynthesisUtterance(text.textContent);
        words.lang = text.lang;
        words.voice = voiceFor(text.lang);
        words.rate = 0.85;
        voices.speak(words);
      };
    }
  };
  voices.addEventListener("voiceschanged", offer);
  window.addEventListener("pagehide", () => voices.cancel());
  offer();
})();
