// The finder without a new page at every choice. The page is the same with and without this:
// it fetches the address that the form or link leads to, and takes over what has changed.

const finder = document.querySelector("[data-regional-finder]");
const status = document.querySelector("[data-regional-status]");
let latest = 0;

function addressOf(form) {
  const pairs = [...new FormData(form)].filter(([, value]) => value !== "");
  const address = new URL(location.href);
  address.search = new URLSearchParams(pairs);
  address.hash = "";
  return address;
}

async function show(address, { remember = true, focusResults = false } = {}) {
  const turn = ++latest;
  finder.setAttribute("aria-busy", "true");
  try {
    const response = await fetch(address, { headers: { Accept: "text/html" } });
    const found = new DOMParser()
      .parseFromString(await response.text(), "text/html")
      .querySelector("[data-regional-finder]");
    if (turn !== latest) return; // Another choice was made meanwhile.
    if (!response.ok || !found) throw new Error(response.statusText);
    replace(found);
    if (remember) history.pushState(null, "", address);
    const results = finder.querySelector("#regional-results");
    if (focusResults) {
      results.focus({ preventScroll: true });
      results.scrollIntoView({ block: "start" });
    }
    status.textContent = results.querySelector("h2").textContent;
  } catch {
    location.assign(address);
  } finally {
    if (turn === latest) finder.removeAttribute("aria-busy");
  }
}

function replace(found) {
  const focused = document.activeElement?.id;
  for (const details of finder.querySelectorAll("details[id]")) {
    const same = found.querySelector(`#${CSS.escape(details.id)}`);
    if (same) same.open = details.open;
  }
  finder.replaceChildren(...found.childNodes);
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
}

if (finder && status) {
  finder.addEventListener("submit", (event) => {
    event.preventDefault();
    show(addressOf(event.target), { focusResults: true });
  });
  finder.addEventListener("change", (event) => {
    if (event.target.matches("input[type=checkbox], input[type=radio], select")) {
      show(addressOf(event.target.form));
    }
  });
  finder.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='?']");
    const plain = !(event.ctrlKey || event.metaKey || event.shiftKey || event.button);
    if (link && plain) {
      event.preventDefault();
      show(new URL(link.href), { focusResults: true });
    }
  });
  addEventListener("popstate", () => show(new URL(location.href), { remember: false }));
}
