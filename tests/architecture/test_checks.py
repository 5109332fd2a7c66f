"""The checks of ``make lint`` find what they are for."""

from __future__ import annotations

import pytest

from tools import check_messages, check_templates, check_tree


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("{% load x %}{% extends 'a' %}", "extends is not the first tag"),
        ("<script>go()</script>", "holds an inline script"),
        ('<script type="module">go()</script>', "holds an inline script"),
        ("<style>p {}</style>", "holds an inline style sheet"),
        ('<p class="a" style="color: red">', "holds a style attribute"),
        ('<a href="/" onclick="go()">', "holds an event handler attribute"),
        ('<div hx-on:click="go()">', "holds an event handler attribute"),
        ('<a href="javascript:go()">', "holds a javascript: address"),
        ('<script src="https://cdn.example/a.js"></script>', "holds an address of another host"),
        ("\n" * 201, "has more than 200 lines"),
    ],
)
def test_a_template_that_breaks_a_rule_is_told(template: str, words: str) -> None:
    assert check_templates.problems(template) == [words]


@pytest.mark.parametrize(
    "template",
    [
        "{# Blocks: content #}\n{% extends 'base.html' %}{% load i18n %}",
        '<script src="{% static \'js/a.js\' %}" type="module"></script>',
        '<script id="points" type="application/json">[]</script>',
        '<p class="style">monday="x" on = off</p>',
        '<a href="https://www.openstreetmap.org/">map</a>',
    ],
)
def test_a_good_template_passes(template: str) -> None:
    assert check_templates.problems(template) == []


def test_an_email_may_carry_its_styles() -> None:
    assert check_templates.problems("<p style='color: red'>", is_email=True) == []


HEAD = 'msgid ""\nmsgstr "Language: sv"\n\n'


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('msgid "Site"\nmsgstr ""', "not translated"),
        ('#, fuzzy\nmsgid "Site"\nmsgstr "Plats"', "uncertain (fuzzy)"),
        ('msgid "In %(town)s"\nmsgstr "I %(stad)s"', "has other placeholders"),
        ('msgid "In %(town)s"\nmsgstr "I"', "has other placeholders"),
        (
            'msgid "%(n)s site"\nmsgid_plural "%(n)s sites"\nmsgstr[0] "%(n)s plats"\nmsgstr[1] ""',
            "not translated",
        ),
        ('msgid "Site"\nmsgstr "Plats"', None),
        ('msgid ""\n"Long "\n"text"\nmsgstr ""\n"Lång "\n"text"', None),
        (
            'msgid "one site"\nmsgid_plural "%(n)s sites"\nmsgstr[0] "en"\nmsgstr[1] "%(n)s st"',
            None,
        ),
    ],
)
def test_a_text_without_good_swedish_is_told(text: str, words: str | None) -> None:
    (entry,) = check_messages.entries(HEAD + text)

    assert check_messages.problem(entry) == words


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("-----BEGIN RSA " + "PRIVATE KEY-----", "a private key"),
        ("--extra-" + "index-url https://packages.example/", "a package host"),
        ("open('/" + "root/x')", "a path of one machine"),
        ("AK" + "IAABCDEFGHIJKLMNOP", "a cloud key"),
    ],
)
def test_what_must_not_be_committed_is_told(text: str, what: str) -> None:
    assert check_tree.findings("a.py", f"ok\n{text}\n") == [f"a.py:2: holds {what}"]


def test_ordinary_text_passes() -> None:
    house, top = "ho" + "me", "ro" + "ot"
    text = f"see docs/{top}/a and https://example.com/{house}/anna, ~/{house}"

    assert check_tree.findings("a.md", text) == []
