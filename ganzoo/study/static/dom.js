// Elements without markup: text stays text.
export function h(tag, about = {}, ...children) {
  const element = document.createElement(tag);
  for (const [key, value] of Object.entries(about)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (key === "style") for (const [k, v] of Object.entries(value)) element.style.setProperty(k, v);
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

export const percent = (share) => `${Math.round(share * 100)}\u00a0%`;

// Resolves with the value of the first of these that happens: {key: value} and [[element, value]].
export function choice(keys, buttons, signal) {
  return new Promise((resolve, reject) => {
    const ended = new AbortController();
    const listen = { signal: ended.signal };
    const settle = (value, event) => {
      ended.abort();
      resolve({ value, at: event.timeStamp });
    };
    for (const [button, value] of buttons)
      button.addEventListener("click", (event) => settle(value, event), listen);
    addEventListener("keydown", (event) => {
      if (event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
      const target = event.composedPath()[0];
      if (target.closest?.("input, textarea, select")) return;
      const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
      // A focused button answers to Enter and Space itself.
      if ((key === "Enter" || key === " ") && target.closest?.("button, a, summary")) return;
      if (!(key in keys)) return;
      event.preventDefault();
      settle(keys[key], event);
    }, listen);
    const stop = () => {
      ended.abort();
      reject(new DOMException("left", "AbortError"));
    };
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
}
