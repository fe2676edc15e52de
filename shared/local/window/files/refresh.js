// New mail appears by itself: the server tells when something changed, and the
// parts marked data-live are fetched anew. In them only what differs is replaced,
// part by part (data-key), so that what somebody opened, reads or has the focus on
// stays. Forms that people type into are outside of them.
"use strict";
const shown = new WeakMap(); // by part: what the server last gave for it

// What the server gave; whether a mail is folded is the reader's.
const given = (part) => part.matches("details") ? part.outerHTML.replace(/ open=""/, "") : part.outerHTML;
const keyed = (e) => e.children.length > 0 && [...e.children].every((c) => c.dataset.key);

function put(old, now) {
  if (!keyed(old) || !keyed(now)) {
    if (old.innerHTML !== now.innerHTML) old.innerHTML = now.innerHTML;
    return;
  }
  const known = new Map([...old.children].map((c) => [c.dataset.key, c]));
  let at = old.firstElementChild;
  for (const part of [...now.children]) {
    let has = known.get(part.dataset.key);
    known.delete(part.dataset.key);
    const text = given(part);
    if (!has || shown.get(has) !== text) {
      if (has && keyed(has) && keyed(part)) {
        has.className = part.className;
        put(has, part);
      } else {
        const fresh = remember(document.importNode(part, true));
        if (at === has) at = has ? fresh : at;
        if (has) has.replaceWith(fresh);
        has = fresh;
      }
      shown.set(has, text);
    }
    if (has === at) at = at.nextElementSibling;
    else old.insertBefore(has, at);
  }
  for (const gone of known.values()) gone.remove();
}

function remember(part) {
  for (const e of [part, ...part.querySelectorAll("[data-key]")]) shown.set(e, given(e));
  return part;
}

const name = (e) => e.id ? "#" + e.id : e.getAttribute("href");

// A click takes time. While a mouse button, a finger or a key is down, and until its
// click has come, nothing is replaced: the click would be lost, or go elsewhere. A
// press may also end without a click: as a scroll, beside what was pressed, or where
// the window no longer hears of it.
const toClick = 400; // ms from the end of a touch to its click, at the most
let by = ""; // the event that began the press; "": nothing is pressed
let ending = 0;

function press(e) {
  clearTimeout(ending);
  [by, ending] = [e.type, 0];
}
function release(after = 0) { // what a click does is done before
  if (!by) return;
  clearTimeout(ending);
  ending = setTimeout(() => { by = ""; show(); }, after);
}
const clicks = (e) => e.key === "Enter" || e.key === " ";
for (const [event, hears] of Object.entries({
  pointerdown: (e) => { if (e.isPrimary && e.button === 0) press(e); },
  pointermove: (e) => { if (e.pointerType === "mouse" && !(e.buttons & 1) && by === "pointerdown" && !ending) release(); },
  pointerup: () => release(toClick),
  pointercancel: () => release(),
  keydown: (e) => { if (clicks(e)) press(e); },
  keyup: (e) => { if (clicks(e)) release(); },
  click: () => release(),
  blur: (e) => { if (e.target === window) release(); },
})) addEventListener(event, hears, { capture: true, passive: true });

// During the sample day a side shows the mailbox that wrote last. Then all of it is
// another one's, its search and its buttons too; but where somebody types, it waits.
// The sides that wait are given.
function turn(fresh) {
  const waits = new Set(), e = document.activeElement;
  for (const now of fresh.querySelectorAll("[data-shows]")) {
    const old = document.getElementById(now.id);
    if (!old || old.dataset.shows === now.dataset.shows) continue;
    if (old.contains(e) && e.value !== e.defaultValue) waits.add(old.parentElement);
    else old.replaceWith(remember(document.importNode(now, true)));
  }
  return waits;
}

let fresh = null; // what is to be shown
async function refresh() {
  const answer = await fetch(document.body.dataset.refresh, { headers: { Accept: "text/html" } });
  if (!answer.ok) return;
  fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  show();
}

function show() {
  if (by || !fresh) return;
  const waits = turn(fresh);
  for (const old of document.querySelectorAll("[data-live]")) {
    const now = fresh.querySelector(`[data-live="${old.dataset.live}"]`);
    if (!now || waits.has(old.closest(".pane"))) continue;
    const focused = old.contains(document.activeElement) ? name(document.activeElement) : null;
    put(old, now);
    if (focused && !old.contains(document.activeElement)) [...old.querySelectorAll("a, button")].find((e) => name(e) === focused)?.focus();
  }
  fresh = null;
}

let asking = false, again = false;
async function ask() {
  again = true;
  if (asking) return;
  asking = true;
  while (again) {
    again = false;
    await refresh().catch(() => {});
  }
  asking = false;
}

const lost = document.getElementById("lost");
function listen() {
  const events = new EventSource("/events");
  events.onmessage = () => {
    if (lost.textContent) lost.textContent = "";
    ask();
  };
  events.onerror = () => {
    lost.textContent = "The connection to Replywell is lost. Is it still running? This page goes on by itself when it is back.";
    if (events.readyState === EventSource.CLOSED) setTimeout(listen, 2000);
  };
  addEventListener("pagehide", () => events.close(), { once: true });
}
if (lost) {
  document.querySelectorAll("[data-live]").forEach(remember);
  listen();
  addEventListener("pageshow", (e) => { if (e.persisted) listen(); });
}
