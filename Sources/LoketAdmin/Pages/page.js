// The counter page works without this script, which refreshes, copies and listens to two keys.
"use strict";
(() => {
  const all = (selector, root = document) => root.querySelectorAll(selector);
  document.documentElement.classList.add("scripted");

  // Parts of the page that are newer on the server. Somebody who works in a part keeps it.
  const refreshed = () => document.querySelector("[data-refresh]");
  let held = false;
  const isUsed = (part) =>
    part.contains(document.activeElement) || part.querySelector("details[open]");
  const replace = (text) => {
    const answer = new DOMParser().parseFromString(text, "text/html");
    for (const part of all("[data-part]", answer)) {
      const old = document.getElementById(part.id);
      if (part.dataset.title) document.title = part.dataset.title;
      if (old && old !== part && !isUsed(old)) old.replaceWith(document.adoptNode(part));
    }
  };
  const refresh = async () => {
    const place = refreshed();
    if (!place || held || document.hidden) return;
    try {
      const answer = await fetch(place.dataset.refresh, { credentials: "same-origin" });
      if (answer.status === 401) location.reload();
      else if (answer.ok) replace(await answer.text());
    } catch {
      // The service is away for a moment: the next turn tries again.
    }
  };
  if (refreshed()) setInterval(refresh, 5000);

  for (const button of all("[data-hold]")) {
    button.addEventListener("click", () => {
      held = !held;
      button.setAttribute("aria-pressed", held);
    });
  }

  // Copies the text of an element; without the clipboard, selects it.
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    const source = button && document.getElementById(button.dataset.copy);
    if (!source) return;
    const text = source.textContent.trim();
    try {
      await navigator.clipboard.writeText(
        "tight" in button.dataset ? text.replace(/\s/g, "") : text);
      button.classList.add("done");
      setTimeout(() => button.classList.remove("done"), 2000);
    } catch {
      getSelection().selectAllChildren(source);
    }
  });

  document.addEventListener("keydown", (event) => {
    const find = document.querySelector("[data-find]");
    const isTyping = event.target.closest("input, textarea, select");
    if (event.key === "/" && find && !isTyping) {
      event.preventDefault();
      find.focus();
    } else if (event.key === "Escape" && event.target === find) {
      find.blur();
    }
  });

  // A form is sent once, and one that was typed into is not left by accident.
  let isTyped = false, sent;
  document.addEventListener("input", ({ target }) => {
    if (target.closest("form[data-guard]")) isTyped = true;
  });
  document.addEventListener("submit", (event) => {
    if (event.target === sent) return event.preventDefault();
    sent = event.target;
    if ("guard" in sent.dataset) isTyped = false;
  });
  addEventListener("pageshow", () => { sent = null; });
  addEventListener("beforeunload", (event) => {
    if (!isTyped) return;
    event.preventDefault();
    sent = null;
  });
})();
