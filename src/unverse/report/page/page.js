"use strict";
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const one = (id) => document.getElementById(id);
  const counted = (number, noun) => `${number} ${noun}${number === 1 ? "" : "s"}`;
  document.documentElement.classList.add("js");

  // --- changes: filters -------------------------------------------------------------------------
  const groups = all(".group");
  const words = new Map();
  const wordsOf = (piece) => {
    if (!words.has(piece)) words.set(piece, piece.textContent.toLowerCase());
    return words.get(piece);
  };
  const chosen = (name) => (one(`by-${name}`) ? one(`by-${name}`).value : "");

  function filter() {
    const rule = chosen("rule"), file = chosen("file"), tier = chosen("tier");
    const query = one("search").value.trim().toLowerCase();
    const narrow = Boolean(rule || file || query);
    let places = 0, rules = 0;
    for (const group of groups) {
      const taken = (!rule || group.dataset.rule === rule) && (!tier || group.dataset.tier === tier);
      const named = group.dataset.rule.toLowerCase().includes(query);
      let shown = 0;
      for (const piece of all(".piece", group)) {
        const found = taken && (!file || piece.dataset.file === file)
          && (!query || named || wordsOf(piece).includes(query));
        piece.hidden = !found;
        shown += found;
      }
      group.hidden = !shown;
      if (shown && narrow) group.open = true;
      group.querySelector(".count").textContent = counted(shown, "place");
      places += shown;
      rules += Boolean(shown);
    }
    one("found").textContent = places
      ? `${counted(places, "place")} shown, by ${counted(rules, "rule")}`
      : "Nothing fits these filters.";
  }

  function openAll(open) {
    for (const group of groups) if (!group.hidden) group.open = open;
  }

  function reset() {
    for (const control of all(".filters select, #search")) control.value = "";
    openAll(false);
    filter();
    openAll(false);
    one("search").focus();
  }

  if (groups.length) {
    for (const select of all(".filters select")) select.addEventListener("change", filter);
    let waiting = 0;
    one("search").addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(filter, 120);
    });
    one("open").addEventListener("click", () => openAll(true));
    one("close").addEventListener("click", () => openAll(false));
    one("reset").addEventListener("click", reset);
    filter();
  }

  // --- environments: where a difference shows ---------------------------------------------------
  function light(button) {
    const grid = button.closest("[data-grid]").dataset.grid;
    const on = button.getAttribute("aria-pressed") !== "true";
    for (const other of all(`[data-grid="${grid}"] .show`)) other.setAttribute("aria-pressed", "false");
    button.setAttribute("aria-pressed", String(on));
    button.dataset.shown.split(" ").forEach((mask, number) => {
      const block = one(`grid-${grid}-${number}`);
      block.parentElement.classList.toggle("lit", on);
      const cells = BigInt(`0x${mask}`);
      all("tbody .cell", block).forEach((cell, place) => {
        cell.classList.toggle("lit", on && Boolean((cells >> BigInt(place)) & 1n));
      });
    });
  }
  for (const button of all(".show")) button.addEventListener("click", () => light(button));

  // --- notes: ticks that stay, and a copy -------------------------------------------------------
  const boxes = all("[data-note]");
  const key = `unverse ${document.body.dataset.store}`;

  // A browser may forbid storage, for a file from the disk or in a private window.
  function load() {
    try {
      return new Set(JSON.parse(localStorage.getItem(key) || "[]"));
    } catch {
      return new Set();
    }
  }
  function save() {
    try {
      const ticked = boxes.filter((box) => box.checked).map((box) => box.dataset.note);
      localStorage.setItem(key, JSON.stringify(ticked));
    } catch {
      // The ticks then last as long as the page is open.
    }
  }
  const progress = () => `${boxes.filter((box) => box.checked).length} of ${boxes.length} done`;
  const say = (message) => {
    one("done").textContent = message;
  };

  function markdown() {
    const line = (box) => {
      const task = box.closest("[data-task]").dataset.task;
      return box.checked ? task.replace("- [ ]", "- [x]") : task;
    };
    return `${boxes.map(line).join("\n")}\n`;
  }

  function copyByHand(text) {
    const area = document.createElement("textarea");
    area.value = text;
    area.setAttribute("readonly", "");
    area.className = "hidden";
    document.body.append(area);
    area.select();
    const copied = document.execCommand("copy");
    area.remove();
    return copied;
  }

  async function copy() {
    const text = markdown();
    let copied = false;
    try {
      await navigator.clipboard.writeText(text);
      copied = true;
    } catch {
      copied = copyByHand(text);
      one("copy").focus();
    }
    say(copied ? `Copied ${counted(boxes.length, "note")}. ${progress()}` : "The browser refuses to copy.");
  }

  if (boxes.length) {
    const ticked = load();
    for (const box of boxes) {
      box.checked = ticked.has(box.dataset.note);
      box.addEventListener("change", () => {
        save();
        say(progress());
      });
    }
    say(progress());
    one("copy").addEventListener("click", copy);
    one("hide").addEventListener("click", () => {
      const on = document.querySelector(".notes").classList.toggle("hiding");
      one("hide").setAttribute("aria-pressed", String(on));
    });
  }

  // --- paper: everything is open, and afterwards as it was --------------------------------------
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = all("details:not([open])");
    for (const one of opened) one.open = true;
  });
  addEventListener("afterprint", () => {
    for (const one of opened) one.open = false;
  });
})();
