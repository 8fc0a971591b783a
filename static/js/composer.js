/* Writing a post: a toolbar and a preview in the page. Drafts are kept by drafts.js. The form works the same without
   this script. */

function start(form) {
  const text = form.querySelector("[data-composer-text]");
  if (!text) return;
  addTools(form, text);
  addPreview(form, text);
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

document.querySelectorAll("form[data-composer]").forEach(start);
