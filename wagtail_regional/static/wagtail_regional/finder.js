// The finder without a new page at every choice. The page is the same with and without this:
// it fetches the address that the form or link leads to, and takes over what has changed.

const finder = document.querySelector("[data-regional-finder]");
const status = document.querySelector("[data-regional-status]");
let latest = 0;
let shown = location.search;

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
    if (remember) history.pushState(null, "", address);
    shown = address.search;
    replace(found);
    const results = finder.querySelector("#regional-results");
    if (focusResults) {
      results.focus({ preventScroll: true });
      results.scrollIntoView({ block: "start" });
    }
    say(results.querySelector("h2").textContent);
  } catch {
    if (turn !== latest) return;
    location.assign(address);
  } finally {
    if (turn === latest) finder.removeAttribute("aria-busy");
  }
}

// The same words again are announced only if they were gone in between.
function say(words) {
  status.textContent = "";
  setTimeout(() => { status.textContent = words; }, 100);
}

function replace(found) {
  const before = finder.contains(document.activeElement) ? document.activeElement : null;
  for (const details of finder.querySelectorAll("details[id]")) {
    const same = found.querySelector(`#${CSS.escape(details.id)}`);
    if (same) same.open = details.open || Boolean(same.querySelector(".errorlist"));
  }
  finder.replaceChildren(...found.childNodes);
  if (!before) return;
  // Where the reader was, or, if that is gone, at what was found.
  const after = before.id ? document.getElementById(before.id) : null;
  (after ?? finder.querySelector("#regional-results")).focus({ preventScroll: true });
  // What was typed while the answer was on its way.
  if (after?.matches("input:not([type=checkbox], [type=radio])")) after.value = before.value;
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
  // Going to another place in the page comes here, too, and changes nothing.
  addEventListener("popstate", () => {
    if (location.search !== shown) show(new URL(location.href), { remember: false });
  });
}
