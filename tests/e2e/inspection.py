"""Looking at one page: axe in both themes, at two widths, overflow of the document."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from playwright.async_api import Page, ViewportSize

AXE: Final = Path(__file__).parent / "vendor/axe-core-4.14.1/axe.min.js"
LEVELS: Final = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]
OF_THE_PAGE: Final = [
    "document-title",
    "html-has-lang",
    "html-lang-valid",
    "bypass",
    "meta-viewport",
]
"""Rules of a page as a whole, which axe leaves out where it looks at a part."""
WIDE: Final[ViewportSize] = {"width": 1280, "height": 900}
PHONE: Final[ViewportSize] = {"width": 360, "height": 760}

AXE_ADDRESS: Final = "/axe.js"
"""Where the web server of the tests has axe, so that the browser compiles it once."""

_LOAD: Final = """(address) => window.axe || new Promise((done, failed) => {
  const script = document.createElement("script");
  script.onload = () => done(null);
  script.onerror = () => failed(new Error("axe did not load"));
  script.src = address;
  document.head.append(script);
})"""

_RUN: Final = """async ([include, only]) => {
  const result = await axe.run(include, { resultTypes: ["violations"], preload: false, ...only });
  return result.violations.map((v) => `${v.id}: ` + v.nodes.map(
    (n) => n.target.join(" ") + " " + n.any.concat(n.all, n.none).map((c) => c.message).join("; ")
  ).slice(0, 4).join(" | "));
}"""

_COUNT: Final = """(menus) => [
  document.querySelectorAll(menus).length,
  [...document.querySelectorAll("main dialog")].map((dialog) => dialog.id),
]"""

_WIDEST: Final = """() => {
  const limit = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= limit) return "";
  const wide = [...document.querySelectorAll("body *")]
    .filter((e) => e.getBoundingClientRect().right > limit + 1)
    .filter((e) => !e.parentElement.closest("nav.tabs"));
  return wide.slice(0, 3).map((e) => e.outerHTML.slice(0, 100)).join(", ") || "the document";
}"""


async def _axe(page: Page, include: str = "html", rules: list[str] | None = None) -> list[str]:
    by: dict[str, Any] = (
        {"type": "rule", "values": rules} if rules else {"type": "tag", "values": LEVELS}
    )
    found: list[str] = await page.evaluate(_RUN, [include, {"runOnly": by}])
    return found


_OPEN: Final = "([which, on]) => document.querySelectorAll(which).forEach((d) => { d.open = on; })"
LIST_MENUS: Final = "main details.list-menu"
_THEME: Final = """(name) => {
  document.documentElement.dataset.bsTheme = name;
  return new Promise((r) => requestAnimationFrame(() => setTimeout(r, 20)));
}"""


async def _phone_width(page: Page) -> Any:
    """What is wider than a phone, once charts have taken their new width."""
    wide: Any = ""
    for _turn in range(20):
        wide = await page.evaluate(_WIDEST)
        if not wide:
            break
        await page.wait_for_timeout(100)
    return wide


async def _theme(page: Page, name: str) -> None:
    await page.evaluate(_THEME, name)


async def menu_problems(page: Page, menu: str) -> list[str]:
    """Those of an open menu or dialog (a selector), in both themes."""
    await page.emulate_media(reduced_motion="reduce")
    await page.evaluate(_LOAD, AXE_ADDRESS)
    await page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    found = []
    for theme in ("light", "dark"):
        await _theme(page, theme)
        found += [f"{menu} {theme} {one}" for one in await _axe(page, menu)]
    return found


async def _list_menus(page: Page) -> list[str]:
    """Menus that lie over the list once they are open, so they are looked at by themselves."""
    await page.evaluate(_OPEN, [LIST_MENUS, True])
    found = [f"menu {one}" for one in await _axe(page, LIST_MENUS)]
    await page.evaluate(_OPEN, [LIST_MENUS, False])
    return found


async def _dialog(page: Page, name: str) -> list[str]:
    """A dialog of the page itself, opened as its button does. The palette is in each page."""
    dialog = page.locator(f"#{name}")
    await dialog.evaluate("(dialog) => dialog.showModal()")
    found = [f"dialog {name}: {one}" for one in await _axe(page, f"#{name}")]
    await dialog.evaluate("(dialog) => dialog.close()")
    return found


async def problems(page: Page, *, in_the_dark: bool = True, around: bool = True) -> list[str]:
    """What is wrong with the page that stands open, at both widths and in both themes.

    The dark phone is asked only what colour and width can break; without ``in_the_dark`` the
    phone is asked for its width alone. Without ``around``, menus and bars were looked at before:
    what stands in ``main`` is looked at, and what concerns the page as a whole.
    """
    part = "html" if around else "main"
    # No part is looked at half faded in.
    await page.emulate_media(reduced_motion="reduce")
    await page.evaluate(_LOAD, AXE_ADDRESS)
    await page.evaluate(_OPEN, ["main details:not(.list-menu)", True])
    await _theme(page, "light")
    found = [f"light {one}" for one in await _axe(page, part)]
    # Asked for in one word; a locator alone takes as long as a small page.
    menus, dialogs = await page.evaluate(_COUNT, LIST_MENUS)
    if menus:
        found += await _list_menus(page)
    for name in dialogs:
        found += await _dialog(page, name)
    if not around:
        found += [f"page {one}" for one in await _axe(page, rules=OF_THE_PAGE)]
    if wide := await page.evaluate(_WIDEST):
        found.append(f"too wide: {wide}")
    await page.set_viewport_size(PHONE)
    if in_the_dark:
        await _theme(page, "dark")
        rules = ["color-contrast", "target-size", "scrollable-region-focusable"]
        found += [f"dark phone {one}" for one in await _axe(page, part, rules)]
    if wide := await _phone_width(page):
        found.append(f"phone too wide: {wide}")
    await page.set_viewport_size(WIDE)
    return found
