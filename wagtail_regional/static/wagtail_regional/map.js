/* The map of a list of partners.

   The list is the content, and stays as it is: every `li` with `data-latitude` and
   `data-longitude` becomes a marker, and its popup repeats what the item says. Leaflet and the
   outlines are fetched when a map comes near the window; without JavaScript nothing is.

   Nothing here writes inline styles or scripts as text, so that a page may forbid both. */

/** How far apart, in pixels, two markers must be to be two: a finger fits on either. */
const APART = 36;
/** How near the window a map must come before anything is fetched for it. */
const NEAR = "400px";

/* --- What the list says --- */

function readPlaces(list) {
  return [...list.querySelectorAll("li[data-latitude]")].map((item) => ({
    item,
    name: item.dataset.name,
    locality: item.dataset.locality,
    at: [Number(item.dataset.latitude), Number(item.dataset.longitude)],
  }));
}

const merge = (a, b) => {
  const weight = a.places.length + b.places.length;
  const mean = (axis) => (a[axis] * a.places.length + b[axis] * b.places.length) / weight;
  return { x: mean("x"), y: mean("y"), places: [...a.places, ...b.places] };
};

function nearestPair(groups) {
  let nearest = { distance: Infinity };
  groups.forEach((a, index) => {
    for (const b of groups.slice(index + 1)) {
      const distance = Math.hypot(a.x - b.x, a.y - b.y);
      if (distance < nearest.distance) nearest = { distance, a, b };
    }
  });
  return nearest;
}

/** Places in groups that can be told apart on a map that puts a place at `project(place)`.

    The nearest come together first, so that a town stays one before it joins another. */
export function group(places, project, apart = APART) {
  let groups = [];
  // What is as good as in one spot is joined at once: many partners then cost little.
  for (const place of places) {
    const one = { ...project(place), places: [place] };
    const same = groups.findIndex((each) => Math.hypot(each.x - one.x, each.y - one.y) < apart / 4);
    if (same < 0) groups.push(one);
    else groups[same] = merge(groups[same], one);
  }
  for (;;) {
    const { distance, a, b } = nearestPair(groups);
    if (distance >= apart) return groups;
    groups = [...groups.filter((each) => each !== a && each !== b), merge(a, b)];
  }
}

const rightToLeft = () => document.dir === "rtl";
// Names are in the language of the list, our own words in that of the box.
const languageOf = (element) => element.closest("[lang]")?.lang ?? "";
const unique = (values) => [...new Set(values.filter(Boolean))];

function centre(places) {
  const mean = (axis) => places.reduce((sum, { at }) => sum + at[axis], 0) / places.length;
  return [mean(0), mean(1)];
}

/* --- Loading --- */

const fetched = new Map();

function once(url, get) {
  if (!fetched.has(url)) fetched.set(url, get(url));
  return fetched.get(url);
}

const loadStyle = (href) => new Promise((resolve, reject) => {
  const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href });
  link.addEventListener("load", resolve);
  link.addEventListener("error", () => reject(new Error(`${href} does not load`)));
  document.head.append(link);
});

async function loadJSON(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return response.json();
}

async function load({ library, styles, outline }) {
  const [, shapes] = await Promise.all([
    once(library, (url) => import(url)),
    outline && once(outline.url, loadJSON),
    // In this order, since the second dresses what the first lays out.
    styles.reduce((before, url) => before.then(() => once(url, loadStyle)), Promise.resolve()),
  ]);
  return { L: window.L, shapes };
}

/* --- Parts --- */

function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

function button(className, label, onClick, ...children) {
  const made = element("button", { type: "button", className }, ...children);
  made.setAttribute("aria-label", label);
  made.addEventListener("click", onClick);
  return made;
}

/** The buttons that move the map, for those who cannot pinch or drag. */
function controls(L, map, words, showAll) {
  const control = L.control({ position: rightToLeft() ? "topleft" : "topright" });
  control.onAdd = () => {
    const [closer, further] = [
      button("regional-map__button", words.zoom_in, () => map.zoomIn(), "+"),
      button("regional-map__button", words.zoom_out, () => map.zoomOut(), "−"),
    ];
    const all = button("regional-map__button", words.show_all, showAll, "⤢");
    const update = () => {
      // Not `disabled`: that would take the focus away from whoever is pressing it.
      closer.setAttribute("aria-disabled", map.getZoom() >= map.getMaxZoom());
      further.setAttribute("aria-disabled", map.getZoom() <= map.getMinZoom());
    };
    map.on("zoomend zoomlevelschange", update);
    const bar = element("div", { className: "regional-map__controls" }, closer, further, all);
    L.DomEvent.disableClickPropagation(bar);
    return bar;
  };
  return control;
}

/** Where a group is: towns by name, and a number where several partners share the spot. */
function marker(L, places, words, onClick) {
  const names = places.map((place) => place.name);
  const towns = unique(places.map((place) => place.locality));
  const label = names.length > 1
    ? words.several.replace("{number}", names.length).replace("{names}", names.join(", "))
    : names[0];
  const icon = new (L.Icon.extend({
    createIcon() {
      const pin = element("span", { className: "regional-map__pin" }, names.length > 1 ? String(names.length) : "");
      const made = button("leaflet-marker-icon regional-map__marker", label, () => {}, pin);
      if (names.length === 1) made.lang = languageOf(places[0].item);
      if (towns.length) {
        const text = towns.slice(0, 2).join(", ") + (towns.length > 2 ? " …" : "");
        const town = element("span", { className: "regional-map__town", dir: "auto" }, text);
        town.setAttribute("aria-hidden", "true");
        made.append(town);
      }
      made.setAttribute("aria-haspopup", "dialog");
      return made;
    },
  }))();
  // The button brings its own keyboard; Leaflet's would press it twice.
  const made = L.marker(centre(places), { icon, keyboard: false, autoPanOnFocus: true, riseOnHover: true });
  made.on("click", () => onClick(made));
  made.places = places;
  return made;
}

/** What the list says of these places, once more, beside their marker. */
function card(places, words, language, onClose) {
  const entries = places.map((place) => {
    const entry = element("div", { className: "regional-map__entry" });
    entry.append(...place.item.cloneNode(true).childNodes);
    const town = element("span", { dir: "auto" }, place.locality);
    for (const link of entry.querySelectorAll(".regional-places__map")) link.replaceWith(town);
    return entry;
  });
  const close = button("regional-map__close", words.close, onClose, "×");
  close.lang = language;
  const made = element("div", { className: "regional-map__card", lang: languageOf(places[0].item), dir: rightToLeft() ? "rtl" : "ltr", tabIndex: -1 },
    element("div", { className: "regional-map__entries" }, ...entries), close);
  made.setAttribute("role", "dialog");
  made.setAttribute("aria-label", unique(places.map((place) => place.name)).join(", "));
  return made;
}

function basemap(L, map, { tiles, outline }, shapes) {
  if (tiles) {
    const options = { attribution: tiles.attribution, maxZoom: tiles.max_zoom };
    // A provider may ask which site its tiles are for, and no more.
    L.tileLayer(tiles.url, { ...options, referrerPolicy: "strict-origin-when-cross-origin" }).addTo(map);
    return;
  }
  // Twice the window, so that panning shows no edge before it is drawn anew.
  const renderer = L.svg({ padding: 0.6 });
  L.geoJSON(shapes, {
    interactive: false,
    renderer,
    // GeoJSON may say nothing of a feature (RFC 7946, section 3.2).
    style: ({ properties }) => ({ className: `regional-map__${properties?.kind ?? "land"}` }),
  }).addTo(map);
  if (!outline.bounds) return;
  const [west, south, east, north] = outline.bounds;
  const drawn = L.latLngBounds([south, west], [north, east]);
  const confine = () => map.setMinZoom(map.getBoundsZoom(drawn, true));
  map.setMaxBounds(drawn);
  map.on("resize", confine);
  confine();
}

/* --- The map --- */

const still = matchMedia("(prefers-reduced-motion: reduce)");

function create(L, canvas, maxZoom, words) {
  const map = L.map(canvas, {
    attributionControl: false,
    zoomControl: false,
    maxZoom,
    zoomSnap: 0.25,
    zoomDelta: 1,
    maxBoundsViscosity: 1,
    // A page must scroll under one finger, and under the wheel.
    dragging: false,
    scrollWheelZoom: false,
    inertia: !still.matches,
    zoomAnimation: !still.matches,
    fadeAnimation: !still.matches,
    markerZoomAnimation: !still.matches,
  });
  const { panBy } = map;
  map.panBy = (offset, options) => panBy.call(map, offset, still.matches ? { ...options, animate: false } : options);
  canvas.addEventListener("pointerdown", ({ pointerType }) => {
    map.dragging[pointerType === "touch" ? "disable" : "enable"]();
  }, { capture: true });
  // A trackpad's pinch comes as a wheel with Ctrl.
  canvas.addEventListener("wheel", ({ ctrlKey, metaKey }) => {
    map.scrollWheelZoom[ctrlKey || metaKey ? "enable" : "disable"]();
  }, { capture: true, passive: true });
  canvas.setAttribute("aria-label", words.map);
  return map;
}

function start(box, options, places, { L, shapes }) {
  const { words, tiles, outline } = options;
  const canvas = box.querySelector(".regional-map__canvas");
  const map = create(L, canvas, (tiles ?? outline).max_zoom, words);
  const everything = L.latLngBounds(places.map((place) => place.at));
  // Clear of the buttons, which stand where reading ends.
  const showAll = () => map.fitBounds(everything, {
    paddingTopLeft: [rightToLeft() ? 72 : 32, 32],
    paddingBottomRight: [rightToLeft() ? 32 : 72, 32],
    // No nearer than an outline can be recognised.
    maxZoom: tiles ? 13 : Math.min(8.75, outline.max_zoom),
    animate: false,
  });
  showAll();
  basemap(L, map, options, shapes);
  showAll();
  if (tiles) L.control.attribution({ prefix: false }).addTo(map);

  const markers = L.layerGroup().addTo(map);
  let opener = null;

  const buttonOf = (place) => markers.getLayers().find((each) => each.places.includes(place))?.getElement();
  const close = () => {
    const place = opener;
    map.closePopup();
    if (place) buttonOf(place)?.focus({ preventScroll: true });
  };
  const open = (at) => {
    const content = card(at.places, words, languageOf(box), close);
    // Clear of the buttons in the corner.
    const [left, right] = rightToLeft() ? [64, 12] : [12, 64];
    L.popup({
      autoPanPaddingTopLeft: [left, 12],
      autoPanPaddingBottomRight: [right, 12],
      closeButton: false,
      closeOnEscapeKey: false,
      maxWidth: Math.min(300, canvas.clientWidth - 84),
      minWidth: Math.min(180, canvas.clientWidth - 84),
      offset: [0, -6],
    })
      .setLatLng(at.getLatLng())
      .setContent(content)
      .openOn(map);
    opener = at.places[0];
    const entries = content.firstChild;
    if (entries.scrollHeight > entries.clientHeight) entries.tabIndex = 0;
    content.focus({ preventScroll: true });
  };
  const draw = () => {
    const held = markers.getLayers().find((each) => each.getElement() === document.activeElement)?.places[0];
    markers.clearLayers();
    const project = ({ at }) => map.project(at, map.getZoom());
    // In the order of the list, for the Tab key.
    const order = (each) => Math.min(...each.places.map((place) => places.indexOf(place)));
    const groups = group(places, project).sort((a, b) => order(a) - order(b));
    for (const each of groups) {
      const made = marker(L, each.places, words, open).addTo(markers);
      // Near the right edge the town's name stands to the left.
      const { x } = map.latLngToContainerPoint(made.getLatLng());
      made.getElement().classList.toggle("regional-map__marker--end", x > canvas.clientWidth - 150);
    }
    if (held) buttonOf(held)?.focus({ preventScroll: true });
  };
  map.on("zoomend", draw);
  map.on("popupclose", () => { opener = null; });
  canvas.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !opener) return;
    event.stopPropagation();
    close();
  });
  draw();
  controls(L, map, words, showAll).addTo(map);
  // A map that was hidden, or turned on its side, has another size now.
  let width = canvas.clientWidth;
  new ResizeObserver(() => {
    if (!canvas.clientWidth) return;
    map.invalidateSize({ pan: false });
    if (canvas.clientWidth !== width) showAll();
    width = canvas.clientWidth;
  }).observe(canvas);

  return (place) => {
    if (!map.getBounds().contains(place.at)) showAll();
    const at = markers.getLayers().find((each) => each.places.includes(place));
    canvas.scrollIntoView({ block: "nearest", behavior: still.matches ? "instant" : "smooth" });
    open(at);
  };
}

/** Makes a map of a box with `data-regional-map`, once it comes near the window. */
export function enhance(box) {
  const options = JSON.parse(box.dataset.regionalMap);
  const list = document.getElementById(options.list);
  const places = list ? readPlaces(list) : [];
  if (!places.length) return;
  let started = null;
  const begin = () => {
    started ??= load(options).then((loaded) => start(box, options, places, loaded)).then((show) => {
      box.dataset.state = "ready";
      return show;
    }, (error) => {
      // The list says it all.
      box.hidden = true;
      console.error("The map of partners was left out.", error);
    });
    return started;
  };
  box.hidden = false;
  new IntersectionObserver((entries, observer) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    observer.disconnect();
    begin();
  }, { rootMargin: NEAR }).observe(box);

  // “On the map” leads to the reader's own program for maps, and here to the one on the page.
  for (const place of places) {
    place.item.querySelector(".regional-geo")?.addEventListener("click", (event) => {
      if (box.hidden) return;
      event.preventDefault();
      begin().then((show) => show?.(place));
    });
  }
}

for (const box of document.querySelectorAll("[data-regional-map]")) enhance(box);
