"""Our pages and blocks among the styles and the markup of another site."""

from __future__ import annotations

import pytest
from wagtail.blocks import RawHTMLBlock, StreamBlock

from tests.browser.addresses import ENGLISH, MEDICAL_DELTA, PROGRAMMES

pytestmark = pytest.mark.browser

#: Where a site's stylesheet may stand: before ours, or after it.
ENDS = pytest.mark.parametrize("end", ["afterbegin", "beforeend"])
PLAIN = """
a, address, article, aside, blockquote, button, dd, details, dl, dt, fieldset, figcaption, figure,
form, h1, h2, h3, h4, header, input, label, legend, li, nav, ol, p, section, select, small, summary,
ul
"""
SITE = f"""
{PLAIN} {{
  display: inline-flex; width: 70px; margin: 7px; border: 7px solid red; padding: 7px;
  background: yellow; box-shadow: 7px 7px red; color: red;
  font: italic 700 7px/3 monospace; letter-spacing: 7px; list-style: none;
  text-align: end; text-decoration: line-through; text-transform: uppercase;
}}
a:visited, a:hover, a:focus, a:active {{ color: red; text-decoration: none; }}
button:hover, button:focus {{ background: yellow; color: red; }}
[type=submit] {{ background: transparent; }}
"""
LOOKS = """
const [plain, site, end] = arguments;
const added = (place, rules) => {
  document.head.insertAdjacentHTML(place, `<style>${rules}</style>`);
  return [...document.head.querySelectorAll("style")].find((each) => each.textContent === rules);
};
added("beforeend", "* { transition: none !important }");
const style = added(end, site);
const names = [...style.sheet.cssRules[0].style];
const elements = [...document.querySelectorAll(`.regional :is(${plain})`)];
const looks = () => elements.map((element) => {
  if (element.matches("a, button")) element.focus({ preventScroll: true });
  const look = getComputedStyle(element);
  return Object.fromEntries(names.map((name) => [name, look.getPropertyValue(name)]));
});
const after = looks();
style.remove();
const before = looks();
return elements.flatMap((element, index) => {
  const differing = names.filter((name) => after[index][name] !== before[index][name]);
  return differing.length ? [`${element.outerHTML.slice(0, 80)}: ${differing.join(" ")}`] : [];
});
"""


TEXT = "<p style='margin: 0'>Of the site.</p>"
BLOCK = "<div class='regional regional-stream'><div>Of ours.</div></div>"
GAPS = """
document.body.innerHTML = `<div>${arguments[0]}</div>`;
const places = [...document.querySelectorAll("p, .regional")].map(
  (each) => each.getBoundingClientRect());
const gaps = places.slice(1).map((place, index) => place.top - places[index].bottom);
return [gaps, parseFloat(getComputedStyle(document.querySelector(".regional-stream")).rowGap)];
"""


@ENDS
@pytest.mark.parametrize("path", [ENGLISH, MEDICAL_DELTA, PROGRAMMES])
def test_a_site_s_rules_for_plain_elements_end_at_the_section(browser, path, end):
    """Bootstrap, resets and many a stylesheet have such rules."""
    browser.open(path)
    assert browser.js(LOOKS, PLAIN, SITE, end) == []


def test_in_a_stream_of_a_site_blocks_are_as_far_apart_as_in_ours(browser):
    """In the markup of Wagtail, where the stream has no template of its own."""
    text, block = ({"type": "html", "value": html} for html in (TEXT, BLOCK))
    stream = StreamBlock([("html", RawHTMLBlock())]).to_python([text, block, block, text])
    browser.open(ENGLISH)
    gaps, ours = browser.js(GAPS, str(stream))
    assert ours > 0
    assert gaps == pytest.approx([ours] * 3, abs=1)
