/* A topic: new posts come by themselves, while the page is looked at. Without this, loading the page again does it. */

const EACH = 15_000;

const list = document.querySelector("[data-thread]");
const news = document.querySelector("[data-thread-news]");
let isAsking = false;
let timer = list && setInterval(ask, EACH);

if (list) document.addEventListener("visibilitychange", ask);

async function ask() {
  if (document.visibilityState !== "visible" || isAsking || !timer) return;
  isAsking = true;
  try {
    const last = list.dataset.last;
    const headers = { "If-None-Match": `"${last}"` }; // nothing new is an empty answer (304)
    const answer = await fetch(`${list.dataset.thread}?after=${last}`, { cache: "no-store", headers });
    // Signed out, or no longer in the group: the page stays as it is, with what is written in it.
    if (answer.redirected || (answer.status >= 400 && answer.status < 500)) stop();
    else if (answer.status === 200) show(await answer.text());
  } catch {
    // No connection: the next time, perhaps.
  } finally {
    isAsking = false;
  }
}

function show(html) {
  const came = document.createElement("template");
  came.innerHTML = html;
  const said = came.content.querySelector("[data-said]");
  if (!said) return;
  said.remove();
  for (const post of [...came.content.children]) {
    if (!post.id || !document.getElementById(post.id)) list.append(post);
  }
  list.dataset.last = said.dataset.last;
  if (news) news.textContent = said.dataset.said;
}

function stop() {
  clearInterval(timer);
  timer = null;
}
