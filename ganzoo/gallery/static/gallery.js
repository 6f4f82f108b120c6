// Addresses: the page shows what the query says, and the query says what the page shows.
window.ganzoo = (() => {
  const stages = {}; // view -> what to call with a query when a visitor arrives there
  let views = []; // [{view, room, title, models}], in order; the first is the front door
  let show = () => {}; // asks Gradio to show the columns anew
  let view = null;
  let awaited = null; // a query whose stage has not registered yet
  let last = { keys: "", at: 0 };
  let turns = 0; // moves and arrivals so far
  const idle = new Set(); // views whose last move was none
  const stood = {}; // view -> its controls' values when they were last known
  const spoken = {}; // view -> the newest turn there that was answered, and what was said of it

  const luck = () => Math.floor(Math.random() * 1_000_000);
  const lucks = (said) => `${said}`.split(/[ ,]+/).filter(Boolean).map(luck).join(", ");
  const wanted = () => new URLSearchParams(location.search).get("view");
  const known = (name) => views.find((v) => v.view === name);

  function mark() {
    const here = known(view);
    for (const link of document.querySelectorAll("#nav a[data-view]")) {
      const current = link.dataset.room
        ? link.dataset.room === here.room
        : link.dataset.view === view;
      current ? link.setAttribute("aria-current", "page") : link.removeAttribute("aria-current");
      if (current) requestAnimationFrame(() => centre(link));
    }
    for (const list of document.querySelectorAll("#nav [data-views-of]"))
      list.hidden = list.dataset.viewsOf !== here.room;
    document.title = `${here.title} · ganzoo`;
  }

  // On a phone the rooms lie in one line that scrolls: the present one is in sight.
  function centre(link) {
    const line = link.parentElement;
    line.scrollLeft = link.offsetLeft + (link.offsetWidth - line.clientWidth) / 2;
  }

  function arrive() {
    const moved = view !== (known(wanted()) ?? views[0]).view;
    view = (known(wanted()) ?? views[0]).view;
    mark();
    if (moved) show();
    last = { keys: "", at: 0 };
    awaited = location.search;
    if (stages[view]) hand();
    return moved;
  }

  function hand() {
    const query = awaited;
    awaited = null;
    stages[view](query || "?");
  }

  function go(href) {
    if (href !== location.search) history.pushState(null, "", href);
    if (arrive()) {
      scrollTo({ top: 0 });
      heading(view, 120);
    }
  }

  // Who follows a link is taken to the new room's heading, once Gradio has built it.
  function heading(name, frames) {
    const found = document.querySelector(`#view-${name} h1`);
    if (found?.offsetParent) found.focus({ preventScroll: true });
    else if (frames && view === name) requestAnimationFrame(() => heading(name, frames - 1));
  }

  // Links in the bar take the model along, where the other view can show it.
  function along(href) {
    const model = new URLSearchParams(location.search).get("model");
    const there = new URLSearchParams(href);
    const guest = model?.includes("--"); // brought from the Hub: the server knows where it fits
    if (model && !there.has("model") && (guest || known(there.get("view"))?.models.includes(model)))
      there.set("model", model);
    return `?${there}`;
  }

  function spelled(name, names, values) {
    const said = names.map((n, i) => [n, values[i]]).filter(([n, v]) => n && (v ?? "") !== "");
    return new URLSearchParams([["view", name], ...said.map(([n, v]) => [n, `${v}`])]);
  }

  function write(query) {
    const before = new URLSearchParams(location.search);
    const after = new URLSearchParams(query);
    const keys = [...after.keys()].filter((k) => before.get(k) !== after.get(k)).join();
    if (!keys && before.size === after.size) return;
    // One control on the move is one step back, however long it is dragged.
    const same = keys === last.keys && Date.now() - last.at < 2000;
    history[same ? "replaceState" : "pushState"](null, "", `?${after}`);
    last = { keys, at: Date.now() };
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.('a[href^="?"]');
    if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    const href = link.getAttribute("href");
    go(link.closest("#nav") ? along(href) : href);
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[data-skip]")) document.querySelector(`#view-${view} h1`)?.focus();
  });

  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.("[data-copy-address]");
    if (!button) return;
    const said = button.textContent;
    try {
      await navigator.clipboard.writeText(location.href);
      button.textContent = "Copied";
    } catch {
      button.textContent = location.href; // no clipboard without https: select it by hand
      getSelection().selectAllChildren(button);
      return;
    }
    setTimeout(() => (button.textContent = said), 1500);
  });

  // The pictures of a sheet, at their true size, as one PNG with two white pixels between them.
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-save-sheet]");
    if (!button) return;
    const images = [...button.closest(".sheet").querySelectorAll("img")];
    const [w, h] = [images[0].naturalWidth + 2, images[0].naturalHeight + 2];
    if ("corner" in button.dataset) images.unshift(null); // a table: its first place is empty
    const columns = Number(button.dataset.columns) || Math.ceil(Math.sqrt(images.length));
    const canvas = document.createElement("canvas");
    canvas.width = w * columns - 2;
    canvas.height = h * Math.ceil(images.length / columns) - 2;
    const context = canvas.getContext("2d");
    context.fillStyle = "white";
    context.fillRect(0, 0, canvas.width, canvas.height);
    images.forEach((image, i) =>
      image && context.drawImage(image, (i % columns) * w, Math.floor(i / columns) * h),
    );
    const link = document.createElement("a");
    link.download = button.dataset.saveSheet;
    link.href = canvas.toDataURL("image/png");
    link.click();
  });

  // Gradio opens a list at its end, and makes it a stop of the Tab key.
  document.addEventListener("focusin", (event) => {
    const field = event.target.closest?.("input[role=combobox]");
    if (!field) return;
    setTimeout(() => {
      const list = document.getElementById(field.getAttribute("aria-controls"));
      list?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
      list?.setAttribute("tabindex", "-1");
    }, 50);
  });

  addEventListener("popstate", arrive);

  // A button that was pressed says so until what it asked for has come.
  function busy(id, yes) {
    document.getElementById(id)?.setAttribute("aria-busy", yes);
  }

  return {
    busy,
    luck,
    lucks,
    go,
    columns: () => views.map((v) => ({ __type__: "update", visible: v.view === view })),
    open(all, refresh) {
      views = all;
      show = refresh;
      arrive();
    },
    stage(name, receive) {
      stages[name] = receive;
      if (name === view && awaited !== null) hand();
    },
    // A move that Gradio held back comes late, perhaps when another view is shown.
    moved(name, names, values) {
      if (name !== view) return ganzoo.still(name, values);
      idle.delete(name);
      stood[name] = JSON.stringify(values.slice(0, -1));
      write(spelled(name, names, values));
      return [...values.slice(0, -1), ++turns];
    },
    // Gradio also calls it a move when a choice is left as it was: such a turn has no number.
    touched(name, names, values) {
      const same = stood[name] === JSON.stringify(values.slice(0, -1));
      return same ? ganzoo.still(name, values) : ganzoo.moved(name, names, values);
    },
    still(name, values) {
      idle.add(name);
      return [...values.slice(0, -1), null];
    },
    stands(name, values) {
      stood[name] = JSON.stringify(values);
    },
    settled(name, names, values) {
      stood[name] = JSON.stringify(values);
      if (name === view) history.replaceState(null, "", `?${spelled(name, names, values)}`);
    },
    turn(name) {
      idle.delete(name);
      return ++turns;
    },
    now: (name) => (idle.has(name) ? null : turns), // what is slow follows what is quick
    newest(name, value) {
      const [turn, sentences] = value || [0, ""];
      if (turn >= (spoken[name]?.turn ?? 0)) spoken[name] = { turn, sentences };
      return spoken[name].sentences; // an answer that comes late says nothing
    },
    set(view, names, values, setters) {
      const v = Object.fromEntries(names.map((n, i) => [n, values[i]]));
      return Object.values(setters).map((setter) => setter(v));
    },
  };
})();

// A file that is no picture leaves no broken one in the frame that it was brought to.
for (const [kind, seen] of [["error", "hidden"], ["load", ""]])
  document.addEventListener(kind, (event) => {
    if (event.target.matches?.(".bring img")) event.target.style.visibility = seen;
  }, true);
