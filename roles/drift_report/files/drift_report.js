/* Copyright (c) 2026, Keyfleet contributors
 * GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The matrix of the drift report: filters, search, and details of an instance.
 * Names come from whoever may edit them in the cloud, so that everything is set as text and nothing as markup.
 */
"use strict";

(() => {
  const report = JSON.parse(document.getElementById("report").textContent);
  const WORDS = {
    in_sync: "in sync",
    missing: "missing",
    extra: "extra",
    unknown: "unknown",
    unreachable: "unreachable",
    other: "other",
  };
  // Rows that are drawn at first; then four times as many each time, so that the page shows at once and is soon complete.
  const FIRST_ROWS = 100;

  const byId = (id) => document.getElementById(id);
  const number = (value) => value.toLocaleString("en");

  function element(tag, className, text) {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  }

  // What is known of each instance, made ready for filters and cells once.
  const instances = report.instances.map((one) => {
    const cells = new Map();
    const add = (name, cell) => cells.set(name, [...(cells.get(name) || []), cell]);
    for (const binding of one.bindings) add(binding.name || binding.key_pair, binding);
    const names = [one.name, one.instance_id, one.place, one.state, ...one.entries];
    for (const binding of one.bindings) names.push(binding.name, binding.key_pair, binding.username);
    for (const pair of one.other_key_pairs) names.push(pair.name, pair.key_pair);
    return {
      one,
      cells,
      others: one.other_key_pairs.map((pair) => pair.name || pair.key_pair),
      statuses: new Set(one.bindings.map((binding) => binding.status)),
      drifted: one.bindings.some((binding) => binding.status !== "in_sync"),
      text: names.filter(Boolean).join("\n").toLowerCase(),
    };
  });

  const controls = {
    search: byId("search"),
    provider: byId("provider"),
    region: byId("region"),
    status: byId("status"),
    drifted: byId("drifted"),
    others: byId("others"),
  };

  function offer(select, values) {
    for (const value of [...new Set(values)].sort()) {
      const option = element("option", "", value);
      option.value = value;
      select.append(option);
    }
  }

  function wanted() {
    const words = controls.search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const { provider, region, status, drifted } = controls;
    return instances.filter(
      (instance) =>
        (!provider.value || instance.one.provider === provider.value) &&
        (!region.value || instance.one.region === region.value) &&
        (!status.value || instance.statuses.has(status.value)) &&
        (!drifted.checked || instance.drifted) &&
        words.every((word) => instance.text.includes(word)),
    );
  }

  function columnsOf(shown) {
    const columns = new Map();
    const count = (name, drift) => columns.set(name, (columns.get(name) || 0) + drift);
    for (const instance of shown) {
      for (const [name, cells] of instance.cells) {
        count(name, cells.filter((cell) => cell.status !== "in_sync").length);
      }
      if (controls.others.checked) instance.others.forEach((name) => count(name, 0));
    }
    return [...columns].sort(([one], [other]) => (one < other ? -1 : 1));
  }

  function badge(status, text) {
    return element("span", `status ${status}`, text);
  }

  function cellOf(instance, name) {
    const cell = element("td");
    for (const binding of instance.cells.get(name) || []) {
      if (binding.status === "in_sync") {
        // By far the most cells, so that they are plain text.
        cell.className = "in_sync";
        cell.append(binding.wanted === "absent" ? "○ absent" : "✓ in sync");
      } else {
        const made = badge(binding.status, WORDS[binding.status]);
        made.title = binding.message;
        cell.append(made);
      }
    }
    if (controls.others.checked && instance.others.includes(name)) {
      const made = badge("other", WORDS.other);
      made.title = "Bound, and no entry speaks of it.";
      cell.append(made);
    }
    return cell;
  }

  function rowOf(instance, columns) {
    const { one } = instance;
    const row = element("tr");
    const head = element("th");
    head.scope = "row";
    const button = element("button", "", one.name || one.instance_id || "instances of a selector");
    button.type = "button";
    button.setAttribute("aria-expanded", "false");
    head.append(button);
    const where = element("small");
    if (one.name && one.instance_id) where.append(element("span", "id", one.instance_id), " · ");
    where.append(one.place);
    head.append(where);
    row.append(head, ...columns.map(([name]) => cellOf(instance, name)));
    button.addEventListener("click", () => toggle(button, row, instance, columns.length + 1));
    return row;
  }

  function toggle(button, row, instance, width) {
    const open = button.getAttribute("aria-expanded") === "true";
    button.setAttribute("aria-expanded", String(!open));
    if (open) row.nextElementSibling.remove();
    else row.after(detailsOf(instance, width));
  }

  function detailsOf({ one, others }, width) {
    const row = element("tr", "details");
    const cell = element("td");
    cell.colSpan = width;
    const box = element("div");
    const about = [one.state && `State: ${one.state}`, one.platform && `Platform: ${one.platform}`];
    about.push(one.exclusive ? "Exclusive: no other key pairs are wanted" : null);
    about.push(`Wanted by: ${one.entries.join(", ")}`);
    box.append(element("p", "", about.filter(Boolean).join(" · ")));
    const list = element("ul");
    for (const binding of one.bindings) {
      const item = element("li");
      const account = binding.username ? ` for the user ${binding.username}` : "";
      const id = binding.name && binding.name !== binding.key_pair ? ` (${binding.key_pair})` : "";
      item.append(
        badge(binding.status, WORDS[binding.status]),
        ` ${binding.name || binding.key_pair}${id}, to be ${binding.wanted}${account}. ${binding.message || ""}`,
      );
      list.append(item);
    }
    box.append(list);
    if (others.length) box.append(element("p", "muted", `Bound, and no entry speaks of it: ${others.join(", ")}`));
    cell.append(box);
    row.append(cell);
    return row;
  }

  let finish = () => {};

  function draw() {
    const shown = wanted();
    const columns = columnsOf(shown);
    const head = element("tr");
    const corner = element("th", "", "Instance");
    corner.scope = "col";
    head.append(corner);
    for (const [name, drift] of columns) {
      const made = element("th", "", name);
      made.scope = "col";
      if (drift) made.append(element("small", "", `${number(drift)} not in sync`));
      head.append(made);
    }
    byId("heads").replaceChildren(head);
    byId("heads").parentElement.style.setProperty("--columns", columns.length);
    byId("rows").replaceChildren();
    byId("nothing").hidden = shown.length > 0;
    byId("shown").textContent =
      `${number(shown.length)} of ${number(instances.length)} instances are shown.`;
    drawRows(shown, columns);
  }

  function drawRows(shown, columns) {
    const body = byId("rows");
    let next = 0;
    let batch = FIRST_ROWS;
    let frame = 0;
    const some = (most) => {
      const part = document.createDocumentFragment();
      for (const end = Math.min(shown.length, next + most); next < end; next += 1) {
        part.append(rowOf(shown[next], columns));
      }
      body.append(part);
    };
    const more = () => {
      some(batch);
      batch *= 4;
      if (next < shown.length) frame = requestAnimationFrame(more);
      else document.documentElement.dataset.drawn = String(shown.length);
    };
    finish(false);
    finish = (complete) => {
      cancelAnimationFrame(frame);
      if (complete) some(shown.length);
    };
    more();
  }

  // The lists below the matrix can be long, so that each is made when it is opened.
  const LISTS = {
    unmanaged_instances: (one) => [one.name, one.instance_id, one.place, keyNames(one.key_pairs)],
    orphans: (one) => [one.name, one.key_pair, one.place],
    same_public_key: (one) => [
      one.fingerprint,
      one.key_pairs.map((pair) => `${pair.name} (${pair.place})`).join(", "),
      one.several_names ? "several names" : "one name",
    ],
    other_key_pairs: (one) => [one.name, one.instance_id, one.place, keyNames(one.other_key_pairs)],
  };

  function keyNames(pairs) {
    return pairs.map((pair) => pair.name || pair.key_pair).join(", ") || "none";
  }

  function fill(details) {
    const kind = details.dataset.list;
    const body = details.querySelector("tbody");
    if (body.childElementCount) return;
    const found =
      kind === "other_key_pairs" ? report.instances.filter((one) => one.other_key_pairs.length) : report[kind];
    const part = document.createDocumentFragment();
    for (const one of found) {
      const row = element("tr");
      row.append(...LISTS[kind](one).map((text) => element("td", "text", text)));
      part.append(row);
    }
    body.append(part);
  }

  offer(controls.provider, report.providers.map((one) => one.provider));
  offer(controls.region, report.places.map((one) => one.region).filter(Boolean));
  controls.drifted.checked = report.counts.drifted > 0;
  controls.others.closest("label").hidden = report.counts.unmanaged_key_pairs === 0;
  for (const control of Object.values(controls)) control.addEventListener("input", draw);
  byId("reset").addEventListener("click", () => {
    for (const name of ["search", "provider", "region", "status"]) controls[name].value = "";
    controls.drifted.checked = false;
    controls.others.checked = false;
    draw();
  });
  document.querySelector("form.tools").addEventListener("submit", (event) => event.preventDefault());
  for (const details of document.querySelectorAll("details[data-list]")) {
    details.addEventListener("toggle", () => details.open && fill(details));
  }
  window.addEventListener("beforeprint", () => finish(true));
  byId("matrix").hidden = false;
  draw();
})();
