/**
 * `pageScript` runs in the page: it looks for items by words and by state, and opens all that is shown before it is
 * printed. It is text, since what a bundler makes of a function does not run by itself.
 */
export const pageScript = `
"use strict";
{
  const items = [...document.querySelectorAll("[data-item]")];
  const filter = document.querySelector("[data-filter]");
  if (filter !== null) {
    const words = filter.querySelector("[data-words]");
    const states = [...filter.querySelectorAll("[type=checkbox]")];
    const count = filter.querySelector("[data-count]");
    const texts = new Map();
    const textOf = (item) => {
      if (!texts.has(item)) texts.set(item, item.textContent.toLowerCase());
      return texts.get(item);
    };
    const show = () => {
      const sought = words.value.toLowerCase().split(/\\s+/).filter((word) => word !== "");
      const wanted = new Set(states.filter((state) => state.checked).map((state) => state.value));
      let shown = 0;
      for (const item of items) {
        const isShown = wanted.has(item.dataset.state) && sought.every((word) => textOf(item).includes(word));
        if (item.hidden === isShown) item.hidden = !isShown;
        if (isShown) shown += 1;
      }
      for (const group of document.querySelectorAll("[data-group]"))
        group.hidden = group.querySelector("[data-item]:not([hidden])") === null;
      count.textContent = shown + " of " + items.length + " " + count.dataset.what;
    };
    let isDue = false;
    const later = () => {
      if (isDue) return;
      isDue = true;
      requestAnimationFrame(() => { isDue = false; show(); });
    };
    filter.addEventListener("input", later);
    filter.addEventListener("change", later);
    document.addEventListener("keydown", (event) => {
      const isTyping = event.target instanceof HTMLInputElement;
      if (event.key !== "/" || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      words.focus();
    });
    filter.hidden = false;
    show();
  }
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details:not([open])")].filter((one) => one.closest("[hidden]") === null);
    for (const one of opened) one.open = true;
  });
  addEventListener("afterprint", () => { for (const one of opened) one.open = false; });
  const openLinked = () => {
    const linked = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (linked instanceof HTMLDetailsElement) linked.open = true;
  };
  addEventListener("hashchange", openLinked);
  openLinked();
}
`
