#include "platform/http/pages.hpp"

namespace backline::http {

namespace {

// One file without a build step or a download: what it shows comes from /openapi.json of the same server.
constexpr std::string_view page = R"html(<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Backline API</title>
<style>
:root { color-scheme: light dark; --line: #8884; --soft: #8881; --accent: #0a6cbd; }
* { box-sizing: border-box; }
body { font: 15px/1.5 system-ui, sans-serif; margin: 0; display: grid; grid-template-columns: 15rem 1fr; }
nav { position: sticky; top: 0; height: 100vh; overflow: auto; padding: 1rem; border-right: 1px solid var(--line); }
nav a { display: block; padding: .15rem 0; color: inherit; text-decoration: none; }
nav a:hover, main a { color: var(--accent); }
nav input { width: 100%; margin-bottom: 1rem; padding: .3rem; font: inherit; }
main { padding: 1rem 2rem 4rem; max-width: 64rem; }
h2 { margin: 2rem 0 .5rem; text-transform: capitalize; }
details { border: 1px solid var(--line); border-radius: 6px; margin: .4rem 0; }
summary { padding: .45rem .7rem; cursor: pointer; display: flex; gap: .7rem; align-items: baseline; flex-wrap: wrap; }
summary small { opacity: .75; }
details > div { padding: 0 .9rem .8rem; border-top: 1px solid var(--line); }
code, pre { font: 13px/1.5 ui-monospace, monospace; }
pre { background: var(--soft); padding: .6rem .8rem; border-radius: 6px; overflow: auto; }
table { border-collapse: collapse; width: 100%; }
td { padding: .25rem .6rem .25rem 0; vertical-align: top; border-bottom: 1px solid var(--line); }
.method { font: bold 12px ui-monospace, monospace; min-width: 4rem; text-align: center; border-radius: 4px;
  padding: .1rem .3rem; color: #fff; }
.get { background: #2563a8; } .post { background: #2a7d3f; } .put { background: #8a5a00; }
.patch { background: #7a4a8c; } .delete { background: #a33333; }
.needs { font-size: 12px; border: 1px solid var(--line); border-radius: 4px; padding: 0 .3rem; }
@media (max-width: 50rem) { body { display: block; } nav { position: static; height: auto; } }
</style>
<nav><input id="filter" placeholder="Filter" aria-label="Filter"><div id="tags"></div></nav>
<main><h1 id="title">Backline API</h1><p id="about">Loading /openapi.json …</p><div id="paths"></div></main>
<script>
"use strict";
let api;
const element = (tag, attributes = {}, ...children) => {
  const made = Object.assign(document.createElement(tag), attributes);
  made.append(...children);
  return made;
};
const resolve = schema => schema && schema.$ref ? api.components.schemas[schema.$ref.split("/").pop()] : schema;
const limits = s => {
  const rules = [];
  if (s.minLength !== undefined || s.maxLength !== undefined)
    rules.push(`${s.minLength ?? 0} to ${s.maxLength ?? "any"} characters`);
  const told = number => Math.abs(number) < 2 ** 53;
  if (told(s.minimum) || told(s.maximum))
    rules.push(`${told(s.minimum) ? s.minimum : "any"} to ${told(s.maximum) ? s.maximum : "any"}`);
  if (s.format) rules.push(s.format);
  return rules.join(", ");
};
const word = (schema, depth, seen) => {
  const name = schema && schema.$ref && schema.$ref.split("/").pop();
  const s = resolve(schema) || {};
  if (name && seen.includes(name)) return name;
  const inner = name ? [...seen, name] : seen;
  const choices = s.anyOf || s.oneOf;
  if (choices) return choices.map(each => word(each, depth, inner)).join(" | ");
  if (s.enum) return s.enum.map(value => JSON.stringify(value)).join(" | ");
  if (s.type === "array") return `[ ${word(s.items, depth, inner)} ]`;
  if (s.properties) return object(s, depth, inner);
  const type = Array.isArray(s.type) ? s.type.join(" | ") : s.type || "any";
  const rules = limits(s);
  return rules ? `${type} (${rules})` : type;
};
const object = (s, depth, seen) => {
  const pad = "  ".repeat(depth + 1);
  const required = s.required || [];
  const lines = Object.entries(s.properties).map(([name, field]) => {
    const mark = required.includes(name) ? "" : "?";
    const prose = field.description ? `   // ${field.description}` : "";
    return `${pad}${name}${mark}: ${word(field, depth + 1, seen)}${prose}`;
  });
  return `{\n${lines.join("\n")}\n${"  ".repeat(depth)}}`;
};
const shape = content => {
  const [type, body] = Object.entries(content || {})[0] || [];
  if (!type) return [];
  const title = element("p", {}, element("code", { textContent: type }));
  return [title, element("pre", { textContent: word(body.schema, 0, []) })];
};
const parameters = list => {
  const rows = list.map(p => element("tr", {},
    element("td", {}, element("code", { textContent: p.name + (p.required ? "" : "?") })),
    element("td", { textContent: p.in }),
    element("td", { textContent: word(p.schema, 0, []) }),
    element("td", { textContent: p.description || "" })));
  return rows.length ? [element("h4", { textContent: "Parameters" }), element("table", {}, ...rows)] : [];
};
const problems = responses => Object.entries(responses).filter(([status]) => status >= "400").map(([status, r]) => {
  const cell = element("td");
  for (const code of r.description.replaceAll("`", "").split(", "))
    cell.append(element("a", { href: `/problems/${code}`, textContent: code }), " ");
  return element("tr", {}, element("td", { textContent: status }), cell);
});
const curl = (method, path, operation) => {
  const parts = [`curl -X ${method.toUpperCase()} '${location.origin}${path}'`];
  if (operation["x-permission"] || JSON.stringify(operation.security) === '[{"token":[]}]')
    parts.push("-H 'Authorization: Bearer '\"$TOKEN\"");
  if (operation.parameters.some(p => p.name === "Idempotency-Key")) parts.push("-H \"Idempotency-Key: $(uuidgen)\"");
  if (operation.requestBody) parts.push("-H 'Content-Type: application/json' -d '{ … }'");
  return parts.join(" \\\n  ");
};
const details = (method, path, operation) => {
  const body = element("div");
  body.append(...parameters(operation.parameters));
  if (operation.requestBody)
    body.append(element("h4", { textContent: "Body" }), ...shape(operation.requestBody.content));
  for (const [status, response] of Object.entries(operation.responses).filter(([status]) => status < "400"))
    body.append(element("h4", { textContent: `${status} ${response.description}` }), ...shape(response.content));
  body.append(element("h4", { textContent: "Problems" }), element("table", {}, ...problems(operation.responses)));
  body.append(element("h4", { textContent: "Try it" }), element("pre", { textContent: curl(method, path, operation) }));
  return body;
};
const card = (method, path, operation) => {
  const needs = operation["x-permission"] ||
    (JSON.stringify(operation.security) === '[{"token":[]}]' ? "signed in" : "");
  const head = element("summary", {},
    element("span", { className: `method ${method}`, textContent: method.toUpperCase() }),
    element("code", { textContent: path }), element("small", { textContent: operation.summary }));
  if (needs) head.append(element("span", { className: "needs", textContent: needs }));
  const made = element("details", { id: operation.operationId }, head);
  made.dataset.words = `${method} ${path} ${operation.summary}`.toLowerCase();
  made.addEventListener("toggle", () => {
    if (made.open && made.childElementCount === 1) made.append(details(method, path, operation));
  });
  return made;
};
const show = () => {
  document.title = document.getElementById("title").textContent = `${api.info.title} ${api.info.version}`;
  document.getElementById("about").textContent = api.info.description;
  const groups = new Map();
  for (const [path, operations] of Object.entries(api.paths))
    for (const [method, operation] of Object.entries(operations)) {
      const tag = operation.tags[0];
      if (!groups.has(tag)) groups.set(tag, []);
      groups.get(tag).push(card(method, path, operation));
    }
  for (const [tag, cards] of [...groups].sort()) {
    document.getElementById("tags").append(element("a", { href: `#${tag}`, textContent: tag }));
    const section = element("section", { id: tag }, element("h2", { textContent: tag }), ...cards);
    document.getElementById("paths").append(section);
  }
  const linked = document.getElementById(location.hash.slice(1));
  if (linked) {
    linked.open = true;
    linked.scrollIntoView();
  }
};
document.getElementById("filter").addEventListener("input", event => {
  const wanted = event.target.value.toLowerCase();
  for (const each of document.querySelectorAll("details")) each.hidden = !each.dataset.words.includes(wanted);
  for (const each of document.querySelectorAll("section")) each.hidden = !each.querySelector("details:not([hidden])");
});
fetch("/openapi.json").then(response => response.json()).then(document => { api = document; show(); })
  .catch(error => { document.getElementById("about").textContent = `The document did not load: ${error}`; });
</script>
</html>
)html";

} // namespace

std::string_view docs_page() {
    return page;
}

} // namespace backline::http
