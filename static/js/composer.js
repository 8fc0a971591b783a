/* Writing a post: a toolbar, a preview in the page, and drafts that outlive a lost session or a stopped server.

   What is typed goes to data-draft-url every five seconds. Until that is answered a copy lies in the browser; then it
   is removed, so that a shared computer keeps no texts; of a private line (data-stays-here) there is only the copy. The form works the same without this script. */

const EVERY = 5_000;
const KEPT = 7 * 24 * 60 * 60 * 1000;

function start(form) {
  const text = form.querySelector("[data-composer-text]");
  if (!text) return;
  addTools(form, text);
  addPreview(form, text);
  if (form.dataset.draftUrl) keepDrafts(form, text);
}

// --- toolbar

function addTools(form, text) {
  const bar = document.createElement("div");
  bar.className = "composer__tools";
  bar.setAttribute("role", "group");
  bar.setAttribute("aria-label", form.dataset.wordTools);
  const tools = {
    [form.dataset.wordBold]: () => around(text, "**", "**"),
    [form.dataset.wordList]: () => lines(text, "- "),
    [form.dataset.wordQuote]: () => lines(text, "> "),
    [form.dataset.wordLink]: () => around(text, "[", "](https://)"),
  };
  for (const [word, act] of Object.entries(tools)) bar.append(button(word, "composer__tool", act));
  text.before(bar);
}

function button(word, className, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = className;
  made.textContent = word;
  made.addEventListener("click", act);
  return made;
}

function around(text, before, after) {
  const { selectionStart: from, selectionEnd: to } = text;
  put(text, before + text.value.slice(from, to) + after, from, to);
  text.setSelectionRange(from + before.length, to + before.length);
}

function lines(text, mark) {
  const from = text.value.lastIndexOf("\n", text.selectionStart - 1) + 1;
  const to = text.selectionEnd;
  put(text, text.value.slice(from, to).split("\n").map((line) => mark + line).join("\n"), from, to);
}

function put(text, words, from, to) {
  text.focus();
  text.setRangeText(words, from, to, "end");
  text.dispatchEvent(new Event("input", { bubbles: true }));
}

// --- preview

function addPreview(form, text) {
  const pressed = form.querySelector('button[name="preview"]');
  if (!pressed) return;
  let asksServer = false;
  pressed.addEventListener("click", async (event) => {
    if (asksServer) return;
    event.preventDefault();
    const answer = await send(form.dataset.previewUrl, fields(form, { group: form.dataset.group, text: text.value }));
    if (answer?.status !== 200) {
      asksServer = true; // the page of the server says what is wrong
      pressed.click();
      return;
    }
    show(form, await answer.text());
  });
}

function show(form, html) {
  let box = document.querySelector("section.composer-preview");
  if (!box) {
    box = document.createElement("section");
    box.className = "composer-preview";
    form.before(box);
  }
  const heading = document.createElement("h2");
  heading.textContent = form.dataset.wordPreview;
  const body = document.createElement("div");
  body.className = "prose";
  body.innerHTML = html; // made and cleaned by the server
  box.tabIndex = -1;
  box.removeAttribute("aria-labelledby");
  box.setAttribute("aria-label", form.dataset.wordPreview);
  box.replaceChildren(heading, body);
  box.focus();
}

// --- drafts

function keepDrafts(form, text) {
  const title = form.querySelector('[name="title"]');
  const place = `draft:${form.dataset.keptAs}`;
  const note = document.createElement("p");
  note.className = "composer__note";
  note.setAttribute("role", "status");
  text.after(note);
  const now = () => ({ text: text.value, title: title?.value ?? "", key: form.elements.key.value, at: Date.now() });
  const same = (one, other) => one.text === other.text && one.title === other.title;
  let saved = now();
  let stopped = false;

  const changed = () => {
    if (!same(saved, now())) write(place, now());
  };
  text.addEventListener("input", changed);
  title?.addEventListener("input", changed);

  async function save() {
    const draft = now();
    if (stopped || same(saved, draft) || "staysHere" in form.dataset) return;
    const answer = await send(form.dataset.draftUrl, fields(form, draft));
    if (stopped) return;
    if (answer?.status !== 204) {
      note.textContent = form.dataset.wordOffline;
      return;
    }
    saved = draft;
    note.textContent = form.dataset.wordSaved;
    if (same(draft, now())) remove(place);
  }

  setInterval(save, EVERY);
  document.addEventListener("visibilitychange", () => document.hidden && save());
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    write(place, now());
    stopped = true;
  });
  window.addEventListener("pageshow", () => {
    stopped = false;
  });
  offer(form, place, now, same, (kept) => {
    text.value = kept.text;
    if (title) title.value = kept.title;
    text.focus();
  });
}

/* A copy is there when the server never answered for it: it was sent, or it is all that is left. */
async function offer(form, place, now, same, restore) {
  const kept = read(place);
  if (!kept || !kept.text.trim() || same(kept, now()) || Date.now() - kept.at > KEPT) return remove(place);
  const answer = await send(form.dataset.draftUrl, fields(form, { ...kept, ask: "1" }));
  if (answer?.status === 205) return remove(place);
  const box = document.createElement("div");
  box.className = "composer__found";
  const words = document.createElement("p");
  words.textContent = form.dataset.wordFound;
  const end = (act) => () => {
    act?.(kept);
    remove(place);
    box.remove();
  };
  box.append(
    words,
    button(form.dataset.wordRestore, "composer__tool", end(restore)),
    button(form.dataset.wordDiscard, "composer__tool", end()),
  );
  form.prepend(box);
}

// --- shared

function fields(form, values) {
  const data = new FormData();
  data.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  for (const [name, value] of Object.entries(values)) data.set(name, value);
  return data;
}

async function send(address, body) {
  try {
    return await fetch(address, { method: "POST", body, redirect: "manual" });
  } catch {
    return null;
  }
}

// A browser may forbid keeping anything: then there is no copy.
function write(place, value) {
  try {
    localStorage.setItem(place, JSON.stringify(value));
  } catch {}
}

function read(place) {
  try {
    return JSON.parse(localStorage.getItem(place));
  } catch {
    return null;
  }
}

function remove(place) {
  try {
    localStorage.removeItem(place);
  } catch {}
}

document.querySelectorAll("form[data-composer]").forEach(start);
