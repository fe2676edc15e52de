// New mail appears by itself: the server tells when something changed, and the
// parts marked data-live are fetched anew and replaced where they differ. Forms
// that people type into are outside of them, so nothing that was typed is touched.
"use strict";
async function refresh() {
  const answer = await fetch(document.body.dataset.refresh, { headers: { Accept: "text/html" } });
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const old of document.querySelectorAll("[data-live]")) {
    const now = fresh.querySelector(`[data-live="${old.dataset.live}"]`);
    if (!now) continue;
    if (old.dataset.live === "boxes") {
      for (const a of now.querySelectorAll("[aria-current]")) a.removeAttribute("aria-current");
      const here = old.querySelector("[aria-current]");
      const same = here && [...now.querySelectorAll("a")].find((a) => a.getAttribute("href") === here.getAttribute("href"));
      if (same) same.setAttribute("aria-current", "page");
    }
    if (now.innerHTML === old.innerHTML) continue;
    const focused = old.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
    old.innerHTML = now.innerHTML;
    if (focused) [...old.querySelectorAll("a")].find((a) => a.getAttribute("href") === focused)?.focus();
  }
}

const lost = document.getElementById("lost");
function listen() {
  const events = new EventSource("/events");
  events.onmessage = () => {
    if (lost.textContent) lost.textContent = "";
    refresh().catch(() => {});
  };
  events.onerror = () => {
    lost.textContent = "The connection to Replywell is lost. Is it still running? This page goes on by itself when it is back.";
    if (events.readyState === EventSource.CLOSED) setTimeout(listen, 2000);
  };
  addEventListener("pagehide", () => events.close(), { once: true });
}
listen();
addEventListener("pageshow", (e) => { if (e.persisted) listen(); });
