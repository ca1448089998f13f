"""Our reading of Telegram's HTML against Telegram's own parser, which `tdjson` carries and which works offline."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tdjson import td_execute

from prep_bot.simulation.links import is_link
from prep_bot.simulation.markup import (
    Formatted,
    MarkupError,
    commands,
    escaped,
    parse,
    trimmed,
    utf16_length,
)

_TYPES = {
    "textEntityTypeBold": "bold",
    "textEntityTypeItalic": "italic",
    "textEntityTypeUnderline": "underline",
    "textEntityTypeStrikethrough": "strikethrough",
    "textEntityTypeSpoiler": "spoiler",
    "textEntityTypeCode": "code",
    "textEntityTypePre": "pre",
    "textEntityTypePreCode": "pre",
    "textEntityTypeTextUrl": "text_link",
    "textEntityTypeMentionName": "text_mention",
    "textEntityTypeBlockQuote": "blockquote",
    "textEntityTypeExpandableBlockQuote": "expandable_blockquote",
    "textEntityTypeCustomEmoji": "custom_emoji",
    "textEntityTypeDateTime": "date_time",
}


def _ask(request: dict[str, Any]) -> dict[str, Any]:
    answer = td_execute(json.dumps(request, ensure_ascii=False).encode("utf-8", "surrogatepass"))
    assert answer is not None
    return json.loads(answer)


def _theirs(html: str) -> object:
    answer = _ask({"@type": "parseTextEntities", "text": html, "parse_mode": {"@type": "textParseModeHTML"}})
    if answer["@type"] == "error":
        return answer["message"]
    entities = [
        (e["offset"], e["length"], _TYPES[e["type"]["@type"]], e["type"].get("language")) for e in answer["entities"]
    ]
    return answer["text"], sorted(entities, key=str)


def _ours(html: str) -> object:
    try:
        text, entities = parse(html)
    except MarkupError as error:
        return f"Can't parse entities: {error}"
    return text, sorted(((e["offset"], e["length"], e["type"], e.get("language")) for e in entities), key=str)


@pytest.fixture(autouse=True, scope="module")
def _quiet() -> None:
    _ask({"@type": "setLogVerbosityLevel", "new_verbosity_level": 0})


@pytest.mark.parametrize(
    "html",
    [
        "",
        "Sesión del 11 de noviembre",
        "<b>x</b>",
        "<3",
        "PREP <3 & más",
        "a & b &nbsp; &lt;&gt;&amp;&quot; &lt &ltx &LT; &apos;",
        "&#60;&#x1F600;&#X41;&#0;&#x;&#;&#1;&#00060;&#0000060;&#000000060;&#x10ffff;&#x10fffe;",
        "&amp;lt; &#38;lt;",
        "&#xd800;",
        "&#xd83d;&#xde00;",
        "<b>x<i>y</b></i>",
        "<b>x<i>y</i></b>",
        "<i>á😀<b>é</b></i>",
        "<b></b>",
        "  <b> x </b> ",
        "<b>x",
        "<b>x<i>y",
        "x</b>",
        "<b>x</b",
        "<b>x</a",
        "<b>x</b ",
        "<b>x</b  >",
        "<b>x</ b>",
        "<b>x</b x>",
        "<b>x</>",
        "<B>x</b>",
        "<b>x</B>",
        "<b>á</á>",
        "</",
        "<",
        "<b",
        "<b ",
        "<>x</>",
        "< b>x</b>",
        "<br>",
        "<br/>",
        "<p>x</p>",
        "<h1>x</h1>",
        "<Á>x",
        "<b<>x</b>",
        "<ins>a</ins><del>b</del><strike>c</strike><em>d</em><strong>e</strong><u>f</u><s>g</s>",
        "<tg-spoiler>x</tg-spoiler><span class='tg-spoiler'>y</span>",
        "<span class=tg-spoiler>x</span>",
        "<span>x</span>",
        "<span class='x'>x</span>",
        "<SPAN CLASS='tg-spoiler'>x</SPAN>",
        "<code>x</code>",
        "<code class='language-py'>x</code>",
        "<pre>x</pre>",
        "<pre class='language-py'>x</pre>",
        "<pre><code>x</code></pre>",
        "<pre><code class='language-py'>x</code></pre>",
        "<code class='language-py'><pre>x</pre></code>",
        "<pre>y<code class='language-py'>x</code></pre>",
        "<pre><pre><code class='language-py'>x</code></pre></pre>",
        "<code><b>x</b></code>",
        "<blockquote>x</blockquote>",
        "<blockquote expandable>x</blockquote>",
        "<blockquote expandable=''>a<blockquote>x</blockquote></blockquote>",
        "<a href='https://ieepco.org.mx/'>x</a>",
        '<a href="https://t.me/bot?start=a&amp;b=c">x</a>',
        "<a href=x.mx>x</a>",
        "<a href=x/>x</a>",
        "<a href='nope'>x</a>",
        "<a href='javascript:alert(1)'>x</a>",
        "<a href>x.mx</a>",
        "<a>x.mx</a>",
        "<a>x</a>",
        "<a href='tg://user?id=12'>x</a>",
        "<a href='tg://user?id=abc'>x</a>",
        "<a href='>x</a>",
        '<b a=">">x</b>',
        '<b a="&lt;&quot;">x</b>',
        "<b a>x</b>",
        "<b a",
        "<b a=",
        "<b a=>x</b>",
        "<b a='1'b='2'>x</b>",
        "<b a = '1' >x</b>",
        "<b a==b>x</b>",
        "<b ='1'>x</b>",
        "<b />x</b>",
        "<b a/b>x</b>",
        "<b á=a>x</b>",
        "<b a=á>x</b>",
        "<b a=x",
        "<b a='x",
        "<b\n>x</b\v>",
        "<tg-emoji emoji-id='5'>👍</tg-emoji>",
        "<tg-emoji emoji-id='x'>👍</tg-emoji>",
        "<tg-emoji>👍</tg-emoji>",
        "<tg-time unix='1647531900' format='wDT'>x</tg-time>",
        "<tg-time unix='1647531900'>x</tg-time>",
        "<tg-time unix='1' format='wr'>x</tg-time>",
        "<tg-time>x</tg-time>",
        "<i></i>x<b><i>y</i></b>",
    ],
)
def test_agrees_with_telegram(html: str) -> None:
    assert _ours(html) == _theirs(html)


_TAG_NAMES = st.sampled_from(
    ["b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "code", "pre", "blockquote", "tg-spoiler", "B"]
)
_TAGS_WITH_ATTRIBUTES = st.sampled_from(
    [
        ("a href='https://x.mx/'", "a"),
        ('a href="x"', "a"),
        ("a", "a"),
        ("span class='tg-spoiler'", "span"),
        ("span", "span"),
        ("code class='language-py'", "code"),
        ("blockquote expandable", "blockquote"),
        ("tg-emoji emoji-id='5'", "tg-emoji"),
        ("b x = 'y' z", "b"),
    ]
)
_WORDS = st.text(alphabet="aé😀 &;<>\"'=/ \n", max_size=5) | st.sampled_from(
    ["&lt;", "&amp;", "&#60;", "&#x1F600;", "&nbsp;", "x.mx"]
)


def _element(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    tags = _TAG_NAMES.map(lambda name: (name, name)) | _TAGS_WITH_ATTRIBUTES
    return st.builds(lambda tag, content: f"<{tag[0]}>{content}</{tag[1]}>", tags, inner)


_WELL_FORMED = st.recursive(
    st.text(alphabet="aé😀 \n&", max_size=5),
    lambda inner: st.lists(inner | _element(inner), max_size=4).map("".join),
    max_leaves=12,
)
_PIECES = st.lists(
    _WORDS
    | _TAG_NAMES.map(lambda name: f"<{name}>")
    | _TAG_NAMES.map(lambda name: f"</{name}>")
    | _TAGS_WITH_ATTRIBUTES.map(lambda tag: f"<{tag[0]}>")
    | st.sampled_from(["</>", "</", "<", "</a>", "</span>"]),
    max_size=8,
).map("".join)
_ATTRIBUTES = st.text(alphabet="ab= \t'\"/>é.&;-<", max_size=10).map(lambda attributes: f"<b {attributes}>x</b>")


@given(_WELL_FORMED)
def test_agrees_on_nested_elements(html: str) -> None:
    assert _ours(html) == _theirs(html)


@given(_PIECES)
def test_agrees_on_any_mixture_of_tags_and_words(html: str) -> None:
    assert _ours(html) == _theirs(html)


@given(_ATTRIBUTES)
def test_agrees_on_attributes(html: str) -> None:
    assert _ours(html) == _theirs(html)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30))
def test_escaped_text_comes_back_as_it_was(text: str) -> None:
    html = escaped(text)
    assert parse(html) == (text, [])
    assert _theirs(html) == (text, [])


_LINKS = st.builds(
    "".join,
    st.tuples(
        st.sampled_from(["", "http://", "https://", "HTTP://", "ftp://", "tg://", "tg:", "javascript:", "://", "//"]),
        st.sampled_from(["", "u@", "u:p@"]),
        st.text(alphabet="aÑ.-_1 ", max_size=5),
        st.sampled_from(["", ":", ":0", ":80", ":65535", ":65536", ":x"]),
        st.sampled_from(["", "/", "/a b", "?q=1", "#f", "/é:@"]),
    ),
)


@given(_LINKS)
def test_agrees_on_links(url: str) -> None:
    assert is_link(url) == bool(_theirs(f'<a href="{url}">.</a>')[1])  # type: ignore[index]


@given(st.lists(st.sampled_from(["/", "a", "start", "á", "_", "9", "@", "@prep_bot", " ", "<", "-", "😀", ".", "\n"])))
def test_agrees_on_commands(pieces: list[str]) -> None:
    text = "".join(pieces)
    theirs = _ask({"@type": "getTextEntities", "text": text})["entities"]
    found = [(e["offset"], e["length"]) for e in theirs if e["type"]["@type"] == "textEntityTypeBotCommand"]
    assert [(e["offset"], e["length"]) for e in commands(text)] == found


@given(st.text(max_size=20))
def test_length_counts_utf16_units(text: str) -> None:
    assert utf16_length(text) == sum(2 if char > "\uffff" else 1 for char in text)


def test_trimming_moves_the_entities_along() -> None:
    formatted = parse(" \n<b> 😀x </b><i> </i>")
    assert trimmed(formatted) == Formatted("😀x", [{"type": "bold", "offset": 0, "length": 3}])


def test_a_link_keeps_its_address_and_a_time_its_format() -> None:
    html = '<a href="https://x.mx/?a&amp;b">x</a><tg-time unix="1647531900" format="wDT">y</tg-time>'
    link, time = parse(html).entities
    assert link["url"] == "https://x.mx/?a&b"
    assert (time["unix_time"], time["date_time_format"]) == (1647531900, "wDT")
