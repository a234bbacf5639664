//! Tests of rendering: what a text says is on its page, whatever it is made of.

use super::*;
use crate::losses::{Loss, LossKind};
use crate::outline::Outline;
use crate::project::{OutlinedText, project};
use proptest::prelude::*;

/// Nothing is linked and nobody is an audience.
struct Nowhere;

impl Host for Nowhere {
    fn link(&self, _: usize) -> Destination {
        Destination::Nowhere
    }

    fn trajectory(&self, _: &str) -> Option<String> {
        None
    }

    fn is_audience(&self, _: &str) -> bool {
        false
    }

    fn part(&self) -> &PagePart {
        PagePart::alone()
    }
}

/// A page that shows several texts.
struct InPart(PagePart);

impl Host for InPart {
    fn link(&self, _: usize) -> Destination {
        Destination::Nowhere
    }

    fn trajectory(&self, _: &str) -> Option<String> {
        None
    }

    fn is_audience(&self, _: &str) -> bool {
        false
    }

    fn part(&self) -> &PagePart {
        &self.0
    }
}

#[test]
fn in_a_part_of_a_page_every_id_begins_with_its_name_and_headings_are_lower() {
    let text = "## One\n\nA note[^1].\n\n<h3 id=\"raw\">Raw</h3>\n\n###### Six\n\n[^1]: Here.\n";
    let host = InPart(PagePart { prefix: "rubric/".to_owned(), lower: 1 });
    let html = render(&Pieces::of_test(text, "a.md"), &Outline::of(text), &[], &host).html;
    for part in ["<h3 id=\"rubric/one\">", "<h4 id=\"rubric/raw\">Raw</h4>", "<h6 id=\"rubric/six\">"] {
        assert!(html.contains(part), "{part} in {html}");
    }
    assert_eq!(html.matches("rubric/footnote-1/1\"").count(), 2, "{html}");
    assert_eq!(html.matches(" id=\"").count(), html.matches(" id=\"rubric/").count(), "{html}");
    assert!(html.contains("href=\"#rubric/one\""), "{html}");
}

fn rendered(text: &str) -> Rendered {
    render(&Pieces::of_test(text, "a.md"), &Outline::of(text), &[], &Nowhere)
}

#[test]
fn a_heading_of_two_lines_has_the_id_that_links_are_checked_against() {
    let text = "One\ntwo\n---\n";
    let heading = &Outline::of(text).headings[0];
    assert_eq!(rendered(text).contents, [(2, heading.id.clone(), heading.text.clone())]);
    assert_eq!(heading.id, "one-two");
}

#[test]
fn columns_are_aligned_without_a_style() {
    let html = rendered("| a | b | c |\n|:--|:-:|--:|\n| 1 | 2 | 3 |\n").html;
    assert!(html.contains("<tr><th>a</th><th class=\"center\">b</th><th class=\"end\">c</th></tr>"), "{html}");
    assert!(html.contains("<tr><td>1</td><td class=\"center\">2</td><td class=\"end\">3</td></tr>"), "{html}");
    assert!(!html.contains("style"), "{html}");
}

#[test]
fn no_id_stands_twice_with_footnotes_either() {
    let html = rendered("# a\n\nx[^a]\n\n[^a]: y\n\n[^a]: z\n").html;
    for id in ["id=\"a\"", "id=\"footnote-1/a\"", "id=\"footnote-2/a\"", "href=\"#footnote-1/a\""] {
        assert_eq!(html.matches(id).count(), 1, "{id} in {html}");
    }
}

/// Blocks of every kind, right and wrong; each `@` becomes a word of its own.
const BLOCKS: [&str; 53] = [
    "@ *@* **@** ~~@~~ `@` @\\*@ &amp; @",
    "# @",
    "## @ `@` {#id}",
    "### @ {#a .wide note=@}",
    "@\n===",
    "- @\n- [ ] @\n  - @\n\n  @",
    "7. @\n8) @",
    "> @\n> > @\n@",
    "> [!NOTE]\n> @",
    "> [!OTHER]\n> @",
    "```\n@\n```",
    "```rust title=@\nlet @ = 12px; // @\n```",
    "~~~json {1,3}\n{\"@\": 1.5e3}\n~~~",
    "    @ <@> [@](x)",
    "| @ | @ |\n|---|:-:|\n| @ | @ |\n| @ | @ | @ |",
    "| @ |\n|---|\n| `@|@` | @ |\n| `@\\|@` |",
    "@ | @\n:-- | --:\n@ | @",
    "@\n: @",
    "@\n\n: @\n\n: @",
    "@\n\n:@: @",
    ":::@\n@\n:::",
    "`@\n: @` @",
    "@[^a] @[^nope]\n\n[^a]: @\n    @",
    "[^b]: @",
    "[@](a.md \"@\") ![@ *@*](a.png \"@\") [![@](a.png)](b.md)",
    "@![@](a.png)@ @<img src=a.png alt=@>@",
    "[@](a b.md) [@]( <a b.md> )",
    "[@][ref] [ref] [@][nowhere] [@]\n\n[ref]: a.md \"@\"",
    "[ref]: b.md \"@\"",
    "[//]: # (@)\n[comment]: <> (@)",
    "@\n[//]: # (@)",
    "<https://example.org/@> https://example.org/@",
    "<!-- @ -->",
    "@ <!-- @ --> @",
    "<div>@ *@*</div>",
    "<div>\n\n@ *@*\n\n</div>",
    "<div class=\"wide\" style=\"color: red\" onclick=@>@</div>",
    "<details><summary>@</summary>\n\n@\n\n</details>",
    "@ <kbd>@</kbd> <@> </@> <@ a=b> @<br>@<@>@",
    "<answer>\n@\n</answer>",
    "<video src=a.mp4>@</video> <iframe src=a></iframe> @",
    "<script>@</script>\n\n<style>@</style>\n\n<svg><text>@</text></svg>",
    "<template>@</template>",
    "<p hidden>@</p>",
    "<table><tr><td>@</td></tr>@</table>",
    "<img src=a.png alt=@> <a href=a.md>@</a> <a href=https://example.org>@</a>",
    "@ <b>@",
    "</b> @",
    "<?php @ ?>\n\n<![CDATA[@]]>",
    "&nbsp;@&eacute;@ &#64;@ @\\\n@  \n@",
    "* * *\n@\n***",
    "%% @ %% {/* @ */}",
    "\t@\n\n\u{a0}@ \u{3000}@",
];

/// What a text was made of: the text, and its words.
fn written(blocks: &[(usize, bool)]) -> (String, Vec<String>) {
    let (mut text, mut words) = (String::new(), Vec::new());
    for (block, apart) in blocks {
        for (index, part) in BLOCKS[*block].split('@').enumerate() {
            if index > 0 {
                let word = format!("word{}x", words.len());
                text.push_str(&word);
                words.push(word);
            }
            text.push_str(part);
        }
        text.push_str(if *apart { "\n\n" } else { "\n" });
    }
    (text, words)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    /// Every word of a text is on its page, or in a comment, or where a finding is; and no word that is there is
    /// taken for lost.
    #[test]
    fn no_word_is_lost_without_a_word(blocks in prop::collection::vec((0..BLOCKS.len(), any::<bool>()), 1..8)) {
        let (text, words) = written(&blocks);
        let whole = OutlinedText::of(Pieces::of_test(&text, "a.md"));
        let comments = &whole.outline.comments;
        let read = project(&whole.pieces, &whole.outline, &|_| None).unwrap_or_else(|| whole.clone());
        let shown = &*read.pieces.text;
        let rendered = rendered(shown);
        for word in &words {
// Where a comment stood before it, more may be one once that is cut; and a definition, whose use is now one.
            let is_definition = |at: usize| text[..at].lines().last().is_some_and(|line| line.starts_with('['));
            let goes_along = |at: usize| comments.iter().any(|range| range.start <= at || is_definition(at));
            let Some(at) = shown.find(word.as_str()) else {
                prop_assert!(text.find(word.as_str()).is_some_and(goes_along), "{word} of {text}\nis cut");
                continue;
            };
            let holds = |loss: &Loss| {
                loss.range.contains(&at) || matches!(loss.kind, LossKind::Element(_)) && loss.range.end <= at
            };
            prop_assert!(
                rendered.html.contains(word.as_str()) || read.outline.losses.iter().any(holds),
                "{word} of {shown}\nis not in {}", rendered.html
            );
        }
        let lost: Vec<&str> = rendered.lost.iter().map(|range| &shown[range.clone()]).collect();
        prop_assert!(lost.is_empty(), "{lost:?} of {shown}\nis there: {}", rendered.html);
    }
}
