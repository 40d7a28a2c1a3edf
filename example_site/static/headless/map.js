// @ts-check
/** A sketch of where partners are: no tiles, nobody else's server. The list beside it says all. */

import { h, svg } from "./dom.js";
import { organisation } from "./parts.js";

const SIZE = 100;
const MARGIN = 12;
const NEAR = 9;

/**
 * @param {import("./types").Value<"partner_map">} value
 * @param {import("./types").View} page
 */
export function partnerMap({ places, elsewhere }, page) {
  const { t } = page;
  const marks = cluster(project(places));
  return [
    h(
      "div",
      { class: "map" },
      places.length > 0 &&
        h(
          "div",
          { class: "map__sketch" },
          svg(
            "svg",
            {
              viewBox: `0 0 ${SIZE} ${SIZE}`,
              role: "img",
              "aria-label": t.mapLabel(places.length),
            },
            marks.map(({ x, y, numbers }) =>
              svg(
                "g",
                {},
                svg("circle", { cx: x, cy: y, r: 2.2 + numbers.length * 0.5 }),
                svg("text", { x: x + 4.5, y: y + 1.5 }, ranges(numbers)),
              ),
            ),
          ),
        ),
      h(
        "ol",
        { class: "partners" },
        places.map(({ partner }) => organisation(partner, page, partner.locality)),
      ),
    ),
    elsewhere.length > 0 && [
      h("h3", {}, t.elsewhere),
      h(
        "ul",
        { class: "partners" },
        elsewhere.map((each) => organisation(each, page, each.locality)),
      ),
    ],
  ];
}

/** @typedef {{ x: number, y: number, numbers: number[] }} Mark */

/**
 * Degrees to the sketch: the same scale both ways, corrected for how far north it is.
 *
 * @param {import("./types").Place[]} places
 * @returns {Mark[]}
 */
function project(places) {
  const latitudes = places.map((place) => place.latitude);
  const middle = (Math.min(...latitudes) + Math.max(...latitudes)) / 2;
  const points = places.map(({ longitude, latitude }, i) => ({
    x: longitude * Math.cos((middle * Math.PI) / 180),
    y: -latitude,
    numbers: [i + 1],
  }));
  const [left, top] = [Math.min(...points.map((p) => p.x)), Math.min(...points.map((p) => p.y))];
  const width = Math.max(...points.map((p) => p.x)) - left;
  const height = Math.max(...points.map((p) => p.y)) - top;
  const scale = (SIZE - 2 * MARGIN) / Math.max(width, height, 0.01);
  return points.map((point) => ({
    ...point,
    x: SIZE / 2 + (point.x - left - width / 2) * scale,
    y: SIZE / 2 + (point.y - top - height / 2) * scale,
  }));
}

/**
 * Points too close to tell apart share a mark.
 *
 * @param {Mark[]} points
 */
function cluster(points) {
  /** @type {Mark[]} */
  const marks = [];
  for (const point of points) {
    const near = marks.find((mark) => Math.hypot(mark.x - point.x, mark.y - point.y) < NEAR);
    if (near) near.numbers.push(...point.numbers);
    else marks.push({ ...point });
  }
  return marks;
}

/**
 * [1, 2, 3, 7] as "1–3, 7".
 *
 * @param {number[]} numbers
 */
function ranges(numbers) {
  /** @type {[number, number][]} */
  const found = [];
  for (const number of numbers) {
    const last = found.at(-1);
    if (last && last[1] === number - 1) last[1] = number;
    else found.push([number, number]);
  }
  return found.map(([from, to]) => (from === to ? from : `${from}–${to}`)).join(", ");
}
