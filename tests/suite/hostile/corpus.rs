//! Strings that would do something, were they ever more than text. `HIT` stands for a script that leaves a trace.

/// What a string runs if it can.
const TRACE: &str = "document.title='hit';alert(1)";

/// Strings that each close what they open, or leave open what swallows nothing.
const STRINGS: [&str; 74] = [
    "<script>HIT</script>",
    "<img src=x onerror=\"HIT\">",
    "<img src=x onerror&#61;HIT>",
    "<svg onload=\"HIT\"></svg>",
    "<svg><script>HIT</script></svg>",
    "<svg><foreignObject><iframe srcdoc=\"<script>HIT</script>\"></iframe></foreignObject></svg>",
    "<svg><a xlink:href=\"javascript:HIT\"><text>x</text></a></svg>",
    "<svg><animate onbegin=\"HIT\" attributeName=x dur=1s></svg>",
    "<svg></p><style><a id=\"</style><img src=1 onerror=HIT>\"></a></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=\"HIT\"></style></table></mtext></math>",
    "<math><annotation-xml encoding=\"text/html\"><img src=x onerror=\"HIT\"></annotation-xml></math>",
    "<form><math><mtext></form><form><mglyph><style></math><img src=x onerror=\"HIT\"></style></form>",
    "<noscript><p title=\"</noscript><img src=x onerror=HIT>\"></noscript>",
    "<listing>&lt;img src=x onerror=\"HIT\"&gt;</listing>",
    "<template><script>HIT</script></template>",
    "<select><script>HIT</script></select>",
    "<base href=\"https://example.com/\">",
    "<meta http-equiv=\"refresh\" content=\"0;url=https://example.com/\">",
    "<link rel=stylesheet href=\"https://example.com/x.css\">",
    "<link rel=dns-prefetch href=\"https://example.com/\">",
    "<style>@import 'https://example.com/x.css'; body{display:none}</style>",
    "<p style=\"background:url(https://example.com/x);position:fixed;width:expression(HIT)\">x</p>",
    "<form action=\"https://example.com/\"><button>go</button><input name=a autofocus onfocus=\"HIT\"></form>",
    "<iframe srcdoc=\"<script>parent.HIT</script>\"></iframe>",
    "<iframe src=\"javascript:parent.HIT\"></iframe>",
    "<object data=\"data:text/html,<script>HIT</script>\"></object>",
    "<embed src=\"https://example.com/x.swf\">",
    "<img srcset=\"https://example.com/x 1x\" src=\"//example.com/y\">",
    "<img src=\"/\t/example.com/z\">",
    "<video poster=\"https://example.com/x\"><source src=x onerror=\"HIT\"></video>",
    "<audio src=x onerror=\"HIT\" autoplay></audio>",
    "<input type=image src=\"https://example.com/x\" onerror=\"HIT\">",
    "<details open ontoggle=\"HIT\"><summary>x</summary></details>",
    "<body onload=\"HIT\" background=\"https://example.com/x\"></body>",
    "<table background=\"https://example.com/x\"><td background=\"https://example.com/x\">x</td></table>",
    "<marquee onstart=\"HIT\">x</marquee>",
    "<xmp><script>HIT</script></xmp>",
    "<a href=\"javascript:HIT\">x</a>",
    "<a href=\"&#106;avascript&colon;HIT\">x</a>",
    "<a href=\"java&#9;script:HIT\">x</a>",
    "<a href=\"\u{1}javascript:HIT\">x</a>",
    "<a href=\"data:text/html,<script>HIT</script>\">x</a>",
    "<a href=\"vbscript:x\" ping=\"https://example.com/\" target=\"x\">x</a>",
    "[x](javascript:HIT)",
    "[x](JaVaScRiPt&colon;HIT)",
    "[x](&#x6A;avascript:HIT)",
    "[x](<java&Tab;script:HIT>)",
    "[x](&#1;javascript:HIT)",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[x](vbscript:HIT)",
    "[x](//example.com/x)",
    "[x](\\\\\\\\example.com/x)",
    "![x](https://example.com/x.png)",
    "![x](javascript:HIT)",
    "![x](data:image/svg+xml,<svg/onload=HIT>)",
    "<javascript:HIT>",
    "[x]: javascript:HIT",
    "[x](https://example.com/\"onmouseover=\"HIT)",
    "[x](https://example.com/ \"\\\" onmouseover=\\\"HIT\")",
    "{{ 7*7 }}{% include \"/etc/passwd\" %}{{ frame.site | safe }}{# x",
    "</title></textarea></script></style></noscript><script>HIT</script>",
    "--><script>HIT</script><!-- -->",
    "]]><script>HIT</script>",
    "\"><script>HIT</script>",
    "' onmouseover='HIT' autofocus onfocus='HIT",
    "\" onfocus=\"HIT\" autofocus tabindex=\"0",
    "`x` ``y` <b>z",
    "\u{202e}gnol\u{202c} \u{2066}x\u{2069} \u{200f}\u{200b}\u{feff}x\u{2028}y",
    "\u{1b}[31mred\u{1b}]0;hit\u{7} \u{9b}2J\u{85}x",
    "=HYPERLINK(\"https://example.com\",\"x\")",
    "+1+cmd|' /C calc'!A1",
    "-2+3",
    "@SUM(1)",
    "| x |\n\n# Injected\n\n![x](https://example.com/y) <b>x</b>\n\n* * *",
];

/// Strings that swallow the rest of a page, so that each has a page of its own.
pub const SWALLOWING: [&str; 6] = ["<plaintext>", "<!-- x", "<textarea>", "<title>", "<noscript><!-- x", "<style>"];

/// All strings, and some that are too long to be written out.
pub fn strings() -> Vec<String> {
    let mut strings: Vec<String> = STRINGS.iter().map(|text| text.replace("HIT", TRACE)).collect();
    strings.push(format!("a{}", "\u{301}\u{316}".repeat(200)));
    strings.push("x".repeat(5_000));
    strings
}

/// A string as YAML and JSON write it.
pub fn quoted(text: &str) -> String {
    let json = serde_json::to_string(text).unwrap();
    let escaped = |c: char| match c {
        '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{feff}' => format!("\\u{:04x}", c as u32),
        c => c.to_string(),
    };
    json.chars().map(escaped).collect()
}
