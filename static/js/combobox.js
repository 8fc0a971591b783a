/* Suggestions under a text field (WAI-ARIA combobox with a list box).

   <input data-suggest-url="/search/suggest/" …> asks `?q=…` for
   [{"label": "Pécs", "detail": "Ungarn", "url": "/municipalities/pecs/", "value": 17}].
   Choosing opens `url`. In a form, where data-suggest-target names a hidden field, it fills the field instead,
   and the hidden one takes `value`. Words come from data- attributes (components/suggest_attrs.html).
   Without this script the field is a plain field. */

const WAIT = 200;
const LETTERS = 2;
let count = 0;

function combobox(input) {
  const { suggestUrl, suggestLabel, suggestNone, suggestOne, suggestMany, suggestTarget } = input.dataset;
  const id = `suggestions-${++count}`;
  const holder = input.closest(".search") ?? wrap(input);
  const list = document.createElement("ul");
  list.id = id;
  list.className = "suggestions";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", suggestLabel ?? "");
  const live = document.createElement("div");
  live.className = "visually-hidden";
  live.setAttribute("role", "status");
  holder.append(list, live);
  for (const [name, value] of Object.entries({
    role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": id, autocomplete: "off",
  })) input.setAttribute(name, value);

  let items = [];
  let at = -1;
  let timer = 0;
  let request = null;

  function close() {
    list.hidden = true;
    at = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function mark(index) {
    at = index;
    [...list.children].forEach((option, number) => option.setAttribute("aria-selected", String(number === at)));
    if (at < 0) return input.removeAttribute("aria-activedescendant");
    input.setAttribute("aria-activedescendant", list.children[at].id);
    list.children[at].scrollIntoView({ block: "nearest" });
  }

  function choose(item) {
    close();
    if (item.url && !suggestTarget) return window.location.assign(item.url);
    input.value = item.label;
    const target = suggestTarget && document.getElementById(suggestTarget);
    if (target) {
      target.value = item.value;
      target.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }

  function show(found) {
    items = found;
    list.replaceChildren(...items.map((item, number) => {
      const option = document.createElement("li");
      option.id = `${id}-${number}`;
      option.className = "suggestions__item";
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.textContent = item.label;
      if (item.detail) {
        const detail = document.createElement("span");
        detail.className = "suggestions__detail";
        detail.textContent = item.detail;
        option.append(" ", detail);
      }
      option.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
      option.addEventListener("click", () => choose(item));
      return option;
    }));
    live.textContent = items.length > 1 ? `${items.length} ${suggestMany}` : items.length ? suggestOne : suggestNone;
    at = -1;
    input.removeAttribute("aria-activedescendant");
    list.hidden = !items.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
  }

  async function ask() {
    request?.abort();
    const words = input.value.trim();
    if (words.length < LETTERS) return close();
    request = new AbortController();
    const url = new URL(suggestUrl, window.location.href);
    url.searchParams.set("q", words);
    try {
      const answer = await fetch(url, { signal: request.signal, headers: { Accept: "application/json" } });
      if (answer.ok && document.activeElement === input) show(await answer.json());
    } catch (error) {
      if (error.name !== "AbortError") close(); // offline: the field still works
    }
  }

  input.addEventListener("input", () => {
    const target = suggestTarget && document.getElementById(suggestTarget);
    if (target) target.value = "";
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  });
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    const open = !list.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!items.length) return;
      event.preventDefault();
      list.hidden = false;
      input.setAttribute("aria-expanded", "true");
      const places = items.length + 1; // one of them is the field itself
      const step = event.key === "ArrowDown" ? 1 : -1;
      mark(((at + 1 + step + places) % places) - 1);
    } else if (event.key === "Enter" && open && at >= 0) {
      event.preventDefault();
      choose(items[at]);
    } else if (event.key === "Escape" && open) {
      event.preventDefault();
      close();
    }
  });
}

function wrap(input) {
  const holder = document.createElement("div");
  holder.className = "combobox";
  input.replaceWith(holder);
  holder.append(input);
  return holder;
}

function enhance(root) {
  for (const input of root.querySelectorAll("input[data-suggest-url]:not([role])")) combobox(input);
}

enhance(document);
document.addEventListener("htmx:after:swap", () => enhance(document));
