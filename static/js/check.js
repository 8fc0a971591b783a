/* The technical check before a webinar: what this browser can do. Nothing leaves the computer. */

const box = document.querySelector("[data-check]");
const media = navigator.mediaDevices;
const answer = box.querySelector("[data-check-answer]");

function say(name, isFine) {
  const place = box.querySelector(`[data-check-${name}]`);
  place.textContent = isFine ? place.dataset.yes : place.dataset.no;
}

async function look() {
  say("rooms", window.isSecureContext && "RTCPeerConnection" in window);
  const devices = media ? await media.enumerateDevices() : [];
  say("microphone", devices.some((device) => device.kind === "audioinput"));
  say("camera", devices.some((device) => device.kind === "videoinput"));
}

box.querySelector("[data-check-try]").addEventListener("click", async () => {
  try {
    const stream = await media.getUserMedia({ audio: true });
    for (const track of stream.getTracks()) track.stop();
    answer.textContent = answer.dataset.works;
  } catch (error) {
    answer.textContent = error.name === "NotAllowedError" ? answer.dataset.refused : answer.dataset.missing;
  }
  await look();
});

box.hidden = false;
look();
