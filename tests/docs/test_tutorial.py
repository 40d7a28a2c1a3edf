"""The tutorial shows the very code that `make client` checks."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_code_of_the_tutorial_is_the_code_that_is_checked():
    text = (ROOT / "docs" / "tutorials" / "headless.md").read_text()
    [code] = re.findall(r"```js\n(.*?)```", text, re.DOTALL)
    assert code == (ROOT / "clients" / "typescript" / "src" / "page.js").read_text()
