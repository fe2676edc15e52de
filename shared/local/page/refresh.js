// New mail appears by itself: every two seconds the parts marked data-live are
// fetched anew and replaced where they changed. Forms are outside of them, so
// nothing that was typed is touched.
"use strict";
async function refresh() {
  const answer = await fetch(document.body.dataset.refresh, { headers: { Accept: "text/html" } });
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const old of document.querySelectorAll("[data-live]")) {
    const now = fresh.querySelector(`[data-live="${old.dataset.live}"]`);
    if (!now) continue;
    for (const a of now.querySelectorAll("[aria-current]")) a.removeAttribute("aria-current");
    const here = old.querySelector("[aria-current]");
    const same = here && [...now.querySelectorAll("a")].find((a) => a.getAttribute("href") === here.getAttribute("href"));
    if (same) same.setAttribute("aria-current", "page");
    if (now.innerHTML === old.innerHTML) continue;
    const focused = old.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
    old.innerHTML = now.innerHTML;
    if (focused) [...old.querySelectorAll("a")].find((a) => a.getAttribute("href") === focused)?.focus();
  }
}
setInterval(() => { if (!document.hidden) refresh().catch(() => {}); }, 2000);
