// @ts-check
/** Builds elements. Text is always text: only `richText` reads HTML, and checks what it reads. */

const SAFE_URL = /^(https?:|mailto:|tel:|\/(?!\/)|\?|#)/i;
const URL_ATTRIBUTES = new Set(["href", "src"]);

/**
 * h("a", { href: "/en/", class: "more" }, "Text", [h("b", {}, "x")], null)
 *
 * Attributes that are null, undefined or false are left out; "on…" takes a function; an address
 * with any other scheme than the web's, mail's or the telephone's is dropped.
 *
 * @param {string} tag
 * @param {import("./types").Attributes} attributes
 * @param {import("./types").Child[]} children
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  setAttributes(element, attributes);
  append(element, children);
  return element;
}

/**
 * The same for SVG.
 *
 * @param {string} tag
 * @param {import("./types").Attributes} attributes
 * @param {import("./types").Child[]} children
 */
export function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  setAttributes(element, attributes);
  append(element, children);
  return element;
}

/**
 * @param {Element} element
 * @param {import("./types").Attributes} attributes
 */
function setAttributes(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value == null || value === false) continue;
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else if (URL_ATTRIBUTES.has(name) && !SAFE_URL.test(String(value))) continue;
    else element.setAttribute(name, value === true ? "" : String(value));
  }
}

/**
 * Adds what is there of `children`, however deep.
 *
 * @param {Element} element
 * @param {import("./types").Child[]} children
 */
export function append(element, children) {
  for (const child of children) {
    if (Array.isArray(child)) append(element, child);
    else if (child instanceof Node) element.append(child);
    else if (child != null && child !== false && child !== "") element.append(String(child));
  }
}

/** @type {Record<string, string[]>} */
const RICH_TEXT = {
  A: ["href", "lang"],
  IMG: ["src", "srcset", "alt", "width", "height"],
  P: [],
  H2: ["id"],
  H3: ["id"],
  H4: ["id"],
  H5: ["id"],
  H6: ["id"],
  UL: [],
  OL: [],
  LI: [],
  BR: [],
  HR: [],
  BLOCKQUOTE: [],
  B: [],
  STRONG: [],
  I: [],
  EM: [],
  SUB: [],
  SUP: [],
  S: [],
  DEL: [],
  CODE: [],
  SPAN: ["lang"],
};

/**
 * A rich-text field of the API, ready to show. The API gives clean HTML; copying only known
 * elements and attributes means that this page need not take its word for it.
 *
 * @param {string | null} html
 */
export function richText(html) {
  if (!html) return null;
  const parsed = new DOMParser().parseFromString(html, "text/html");
  return h("div", { class: "rich-text" }, [...parsed.body.childNodes].map(copy));
}

/**
 * @param {Node} node
 * @returns {import("./types").Child}
 */
function copy(node) {
  if (node instanceof Text) return node.data;
  if (!(node instanceof Element)) return null;
  if (node.matches("script, style, iframe, object, template")) return null;
  const children = [...node.childNodes].map(copy);
  const allowed = RICH_TEXT[node.tagName];
  if (!allowed) return children;
  const attributes = allowed.map((name) => [name, node.getAttribute(name)]);
  return h(node.tagName.toLowerCase(), Object.fromEntries(attributes), children);
}
