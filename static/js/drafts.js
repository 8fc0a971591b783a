/* What is typed into a form outlives a lost session, a broken line and a stopped server.

   Works on forms with data-kept-as. The fields of those with data-draft-url go there every five seconds. Until that is answered a copy lies
   in the browser; then it is removed, so that a shared computer keeps no texts. Of forms without it, and of a private line (data-stays-here),
   there is only the copy, until the form has arrived. Every form works the same without this script. */

const EVERY = 5_000;
const KEPT = 7 * 24 * 60 * 60 * 1000;
const NOT_TYPED = new Set(["csrfmiddlewaretoken", "key", "base_version"]);
const PREFIX = "draft:";
const SENT_URL = document.querySelector("script[data-sent-url]").dataset.sentUrl;

function keepDrafts(form) {
  const place = placeOf(form);
  const note = document.createElement("p");
  note.className = "composer__note";
  note.setAttribute("role", "status");
  const text = form.querySelector("[data-composer-text]");
  const goesToServer = form.dataset.draftUrl && !("staysHere" in form.dataset);
  if (text) text.after(note);
  else form.querySelector("[data-draft-note]")?.after(note);
  let saved = now(form);
  let stopped = false;

  form.addEventListener("input", () => {
    const typed = now(form);
    if (!same(saved, typed)) write(place, typed);
  });

  async function save() {
    const draft = now(form);
    if (stopped || same(saved, draft) || !goesToServer) return;
    const answer = await send(form, draft);
    if (stopped) return;
    if (answer?.status !== 204) {
      note.textContent = form.dataset.wordOffline;
      return;
    }
    saved = draft;
    note.textContent = form.dataset.wordSaved;
    if (same(draft, now(form))) remove(place);
  }

  setInterval(save, EVERY);
  document.addEventListener("visibilitychange", () => document.hidden && save());
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    write(place, { ...now(form), sent: true });
    stopped = true;
  });
  window.addEventListener("pageshow", () => {
    stopped = false;
  });
  offer(form, place);
}

/* A copy is there when the server never answered for it: it was sent, or it is all that is left.
   Where the page is the answer to a form that could not be saved, the server has kept it (data-is-draft) or the copy is needed still (data-not-saved). */
async function offer(form, place) {
  if ("isDraft" in form.dataset) return remove(place);
  if ("notSaved" in form.dataset) return;
  const kept = read(place);
  if (!kept?.typed || isEmpty(kept) || same(kept, now(form)) || Date.now() - kept.at > KEPT) return remove(place);
  if (kept.sent && (await isSent(kept))) return remove(place);
  const box = document.createElement("div");
  box.className = "composer__found";
  const words = document.createElement("p");
  words.textContent = form.dataset.wordFound;
  const end = (act) => () => {
    remove(place);
    box.remove();
    act?.(form, kept); // which makes a new copy
  };
  box.append(words, button(form.dataset.wordRestore, end(restore)), button(form.dataset.wordDiscard, end()));
  form.prepend(box);
}

// With the version it was made from: who saves an old copy sees what others have written since.
function restore(form, kept) {
  for (const [name, value] of [...kept.typed, ["base_version", kept.base]]) {
    const field = form.elements[name];
    if (!field || value === undefined || field.type === "checkbox") continue;
    field.value = value;
    const fold = field.closest?.("details");
    if (fold && value) fold.open = true;
  }
  form.querySelector("textarea, input:not([type=hidden])")?.focus();
  form.dispatchEvent(new Event("input", { bubbles: true }));
}

// Copies of forms that are not on this page: of those that have arrived, and of those nobody came back for.
async function tidy() {
  const here = new Set([...document.querySelectorAll("form[data-kept-as]")].map(placeOf));
  for (const place of places().filter((one) => !here.has(one))) {
    const kept = read(place);
    if (!kept?.typed || Date.now() - kept.at > KEPT || (kept.sent && (await isSent(kept)))) remove(place);
  }
}

// --- shared

function placeOf(form) {
  return PREFIX + form.dataset.keptAs;
}

async function isSent(kept) {
  try {
    const answer = await fetch(`${SENT_URL}?key=${encodeURIComponent(kept.key)}`, { redirect: "manual" });
    return answer.ok && (await answer.json()).sent;
  } catch {
    return false;
  }
}

function now(form) {
  const typed = [...new FormData(form)].filter(([name, value]) => !NOT_TYPED.has(name) && typeof value === "string");
  return { typed, key: form.elements.key.value, base: form.elements.base_version?.value, at: Date.now() };
}

function same(one, other) {
  return JSON.stringify(one.typed) === JSON.stringify(other.typed);
}

// Only what people write counts; a chosen language alone is nothing to bring back.
function isEmpty(kept) {
  const names = new Set([...document.querySelectorAll("textarea, input:not([type])")].map((field) => field.name));
  document.querySelectorAll('input[type="text"], input[type="date"]').forEach((field) => names.add(field.name));
  return !kept.typed.some(([name, value]) => names.has(name) && value.trim());
}

async function send(form, draft) {
  const body = new FormData();
  body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  body.set("key", draft.key);
  if (draft.base !== undefined) body.set("base_version", draft.base);
  for (const [name, value] of draft.typed) body.append(name, value);
  try {
    return await fetch(form.dataset.draftUrl, { method: "POST", body, redirect: "manual" });
  } catch {
    return null;
  }
}

function button(word, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "composer__tool";
  made.textContent = word;
  made.addEventListener("click", act);
  return made;
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

function places() {
  try {
    return Object.keys(localStorage).filter((name) => name.startsWith(PREFIX));
  } catch {
    return [];
  }
}

function remove(place) {
  try {
    localStorage.removeItem(place);
  } catch {}
}

document.querySelectorAll("form[data-kept-as]").forEach(keepDrafts);
tidy();
