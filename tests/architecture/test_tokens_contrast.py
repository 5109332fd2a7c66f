"""Colours of the interface: every pair that carries text has 4.5:1 in both themes (WCAG 1.4.3)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from core.status_words import KINDS

ROOT = Path(__file__).resolve().parents[2]
TOKENS = (ROOT / "static/css/tokens.css").read_text()
SPRITE = (ROOT / "static/icons.svg").read_text()
TONES = ("ok", "active", "paused", "idle", "warn", "bad")

TEXT_PAIRS = [
    *((tone, f"{tone}-soft") for tone in TONES),
    *((tone, "surface") for tone in TONES),
    *((tone, "surface-2") for tone in TONES),
    *((tone, "hover") for tone in TONES),
    *((text, ground) for text in ("text", "text-2", "link")
      for ground in ("canvas", "surface", "surface-2", "hover")),
    ("on-accent", "accent"), ("on-accent", "accent-hover"), ("on-danger", "danger"),
    ("accent-hover", "surface"), ("side-text", "side"), ("side-text", "side-active"),
    ("side-on", "side-active"), ("text", "active-soft"), ("text", "land"), ("text-2", "land"),
]  # fmt: skip
SHAPE_PAIRS = [("line-strong", "surface"), ("line-strong", "canvas"), ("focus", "surface"),
               ("focus", "canvas"), ("side-mark", "side")]  # fmt: skip


def tokens() -> dict[str, tuple[str, str]]:
    pattern = r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);"
    return {name: (light, dark) for name, light, dark in re.findall(pattern, TOKENS)}


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_computed_as_the_norm_says() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.478, abs=0.001)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXT_PAIRS)
def test_text_is_readable(text: str, ground: str, theme: int) -> None:
    found = tokens()
    assert contrast(found[text][theme], found[ground][theme]) >= 4.5


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("shape", "ground"), SHAPE_PAIRS)
def test_edges_of_controls_are_visible(shape: str, ground: str, theme: int) -> None:
    found = tokens()
    assert contrast(found[shape][theme], found[ground][theme]) >= 3


@pytest.mark.parametrize("kind", KINDS)
def test_every_state_has_a_known_tone_and_icon(kind: str) -> None:
    for word in KINDS[kind].values():
        assert word.tone in TONES
        assert f'id="{word.icon}"' in SPRITE


def test_every_icon_that_templates_name_is_in_the_sprite() -> None:
    named = set()
    for path in (ROOT / "templates").rglob("*.html"):
        named |= set(re.findall(r'{% icon "([\w-]+)"', path.read_text()))

    missing = {name for name in named if f'id="{name}"' not in SPRITE}

    assert named
    assert missing == set()


def test_no_style_of_ours_names_a_colour_outside_the_tokens() -> None:
    allowed = {"#fff", "#000", "#0a1018", "#0008", "#0a101899"}
    for path in (ROOT / "static/css").glob("*.css"):
        if path.name != "tokens.css":
            assert set(re.findall(r"#[0-9a-fA-F]{3,8}\b", path.read_text())) <= allowed, path.name
