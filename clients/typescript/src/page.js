// @ts-check
import createClient from "openapi-fetch";

/** @typedef {import("./schema.js").components["schemas"]} Schemas */
/** @typedef {Schemas["RegionalPageDetail"]["body"][number]} Block */

/** @type {import("openapi-fetch").Client<import("./schema.js").paths>} */
const api = createClient({ baseUrl: "http://localhost:8000/api/v3/regional" });

/** @param {string | null} text */
const escaped = (text) => (text ?? "").replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** @param {Block} block */
function html(block) {
  switch (block.type) {
    case "heading":
      return `<h${block.value.level}>${escaped(block.value.text)}</h${block.value.level}>`;
    case "rich_text":
      return block.value; // clean HTML, ready to show
    case "alliance": {
      const { alliance, members } = block.value;
      const names = (members ?? []).map(
        ({ name, role_label }) => `<li>${escaped(name)}, ${escaped(role_label)}</li>`,
      );
      return `<h2>${escaped(alliance.name)}</h2>
        <p>${escaped(alliance.lifecycle.text)}</p><ul>${names.join("")}</ul>`;
    }
    default:
      return ""; // a type that this page does not show, or that is newer than it
  }
}

const path = process.argv[2] ?? "/en/in-the-region/regional-partnerships/";
const { data: page, error } = await api.GET("/pages/find/", { params: { query: { path } } });
if (error) throw new Error(`${error.status} ${error.title}: ${error.detail}`);

console.log(`<!doctype html><html lang="${page.meta.locale}"><meta charset="utf-8">
<title>${escaped(page.meta.seo.title)}</title>
<h1>${escaped(page.title)}</h1><p>${escaped(page.introduction)}</p>
${page.body.map(html).join("\n")}</html>`);
