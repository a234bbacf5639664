use super::super::blocks::plain;
use super::super::outline::Outline;
use super::*;
use proptest::prelude::*;

fn tree(text: &str) -> TextBlock {
    TextBlock::tree(text, &Outline::of(text))
}

/// What a redline says of one side: every word, in order.
fn side(edits: &[BlockEdit<'_>], of_old: bool, out: &mut Vec<String>) {
    for edit in edits {
        match edit {
            BlockEdit::Same(block) => all(block, out),
            BlockEdit::Added(_, inner) | BlockEdit::Removed(_, inner) if !inner.is_empty() => side(inner, of_old, out),
            BlockEdit::Added(new, _) if !of_old => all(new, out),
            BlockEdit::Removed(old, _) if of_old => all(old, out),
            BlockEdit::Added(..) | BlockEdit::Removed(..) => {}
            BlockEdit::MovedAway(old, _) => {
                if of_old {
                    all(old, out);
                }
            }
            BlockEdit::MovedHere(_, new, _) => {
                if !of_old {
                    all(new, out);
                }
            }
            BlockEdit::Changed(old, new, inside) => match inside {
                Inside::Nothing => all(if of_old { old } else { new }, out),
                Inside::Blocks(inner) => side(inner, of_old, out),
                Inside::Words(runs) => {
                    let words: Vec<TextWord> =
                        runs.iter().flat_map(|run| words(run, old, new, of_old)).cloned().collect();
                    out.push(plain(&words));
                }
            },
        }
    }
}

fn words<'b>(run: &WordRun, old: &'b TextBlock, new: &'b TextBlock, of_old: bool) -> &'b [TextWord] {
    match run {
        WordRun::Same(range, _) | WordRun::Removed(range) if of_old => &old.words[range.clone()],
        WordRun::Same(_, range) | WordRun::Added(range) if !of_old => &new.words[range.clone()],
        _ => &[],
    }
}

fn all(block: &TextBlock, out: &mut Vec<String>) {
    if block.kind.is_leaf() {
        out.push(plain(&block.words));
    }
    block.blocks.iter().for_each(|block| all(block, out));
}

fn said(old: &str, new: &str) -> Vec<String> {
    let (old, new) = (tree(old), tree(new));
    let mut out = Vec::new();
    list(&redline(&old, &new).edits, &mut out);
    out
}

/// Each change in a line.
fn list(edits: &[BlockEdit<'_>], out: &mut Vec<String>) {
    for edit in edits {
        match edit {
            BlockEdit::Same(..) | BlockEdit::MovedAway(..) => {}
            BlockEdit::Added(block, _) => out.push(format!("+ {}", block.plain())),
            BlockEdit::Removed(block, _) => out.push(format!("- {}", block.plain())),
            BlockEdit::MovedHere(_, new, inside) => {
                out.push(format!("> {}", new.plain()));
                inner(inside, new, new, out);
            }
            BlockEdit::Changed(old, new, inside) => inner(inside, old, new, out),
        }
    }
}

fn inner(inside: &Inside<'_>, old: &TextBlock, new: &TextBlock, out: &mut Vec<String>) {
    match inside {
        Inside::Nothing => {}
        Inside::Blocks(edits) => list(edits, out),
        Inside::Words(runs) => {
            let shown = runs.iter().map(|run| match run {
                WordRun::Same(_, range) => new.words[range.clone()].iter().map(|word| &*word.text).collect(),
                WordRun::Removed(range) => {
                    format!("[-{}-]", old.words[range.clone()].iter().map(|word| &*word.text).collect::<String>())
                }
                WordRun::Added(range) => {
                    format!("{{+{}+}}", new.words[range.clone()].iter().map(|word| &*word.text).collect::<String>())
                }
            });
            out.push(format!("~ {}", shown.collect::<String>()));
        }
    }
}

#[test]
fn ways_of_writing_are_no_changes() {
    let pairs = [
        ("One *two* three\nfour.\n", "One _two_\nthree four.\n"),
        ("- a\n- b\n", "* a\n\n* b\n"),
        ("1. a\n2. b\n", "1) a\n1) b\n"),
        ("# T\n\ntext\n", "T\n=\n\ntext\n"),
        ("| a | b |\n|---|---|\n| 1 | 2 |\n", "a|b\n-|-\n1|2\n"),
        ("```\ncode\n```\n", "~~~\ncode\n~~~\n"),
        ("a  b\n", "a b   \n"),
    ];
    for (old, new) in pairs {
        assert_eq!(said(old, new), Vec::<String>::new(), "{old} → {new}");
    }
}

#[test]
fn a_changed_word_is_found_in_its_block() {
    let old = "# T {#t}\n\nKeep this.\n\nMark every mistake that costs time.\n\n## U {#u}\n\nStay.\n";
    let new = "# T {#t}\n\nKeep this.\n\nMark each mistake that costs money.\n\n## U {#u}\n\nStay.\n";
    assert_eq!(said(old, new), ["~ Mark [-every-]{+each+} mistake that costs [-time-]{+money+}."]);
}

#[test]
fn a_section_that_moved_and_one_that_was_renamed_are_known() {
    let old = "# T\n\n## One {#one}\n\nThe first section says this.\n\n## Two {#two}\n\nThe second says that.\n";
    let new = "# T\n\n## Two {#two}\n\nThe second says that.\n\n## One {#one}\n\nThe first section says this.\n";
    let found = said(old, new);
    assert!(found.len() == 1 && found[0].starts_with('>'), "{found:?}");
    let renamed = "# T\n\n## Uno {#uno}\n\nThe first section says this.\n\n## Two {#two}\n\nThe second says that.\n";
    assert_eq!(said(old, renamed), ["~ [-One-]{+Uno+}"]);
}

#[test]
fn a_title_of_a_link_and_of_a_picture_is_text() {
    for mark in ["", "!"] {
        let [old, new] = ["Before", "After"].map(|title| format!("See {mark}[it](a.png \"{title}\").\n"));
        assert_eq!(said(&old, &new), ["~ See [-it-]{+it+}."]);
    }
}

#[test]
fn a_row_and_a_paragraph_that_are_new_are_named_alone() {
    let old = "| a | b |\n|---|---|\n| one | 1 |\n| two | 2 |\n";
    let new = "| a | b |\n|---|---|\n| one | 1 |\n| half | 1.5 |\n| two | 3 |\n";
    assert_eq!(said(old, new), ["+ half\n1.5", "~ [-2-]{+3+}"]);
}

#[test]
fn a_paragraph_that_went_to_another_section_is_not_lost_and_not_new() {
    let old = "# T\n\n## One\n\nA paragraph of six words moves.\n\nStays here.\n\n## Two\n\nIs there.\n";
    let new = "# T\n\n## One\n\nStays here.\n\n## Two\n\nIs there.\n\nA paragraph of six words moves.\n";
    assert_eq!(said(old, new), ["> A paragraph of six words moves."]);
}

fn block() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-d]{1,3}( [a-d]{1,3}){0,6}\n\n",
        1 => "#{1,3} [a-d]{1,3}\n\n",
        1 => "(- [a-d]{1,3}( [a-d]{1,2}){0,3}\n){1,3}\n",
        1 => "\\| [a-d] \\| [a-d] \\|\n\\|---\\|---\\|\n(\\| [a-d]{1,2} \\| [a-d]{1,2} \\|\n){1,3}\n",
        1 => "```\n[a-d]{1,3}\n  [a-d]{1,3}\n```\n\n",
        1 => "> [a-d]{1,3}\n>\n> - [a-d]{1,3} \\*[a-d]{1,2}\\*\n\n",
    ]
}

proptest! {
    #[test]
    fn each_side_of_a_redline_is_its_text(
        old in prop::collection::vec(block(), 0..12),
        edits in prop::collection::vec((0_usize..12, 0_usize..4, block()), 0..6),
    ) {
        let mut blocks = old.clone();
        for (at, what, block) in edits {
            let at = at.min(blocks.len());
            match what {
                0 => blocks.insert(at, block),
                1 if at < blocks.len() => drop(blocks.remove(at)),
                2 if at < blocks.len() => blocks[at] = block,
                3 if at < blocks.len() => {
                    let block = blocks.remove(at);
                    blocks.push(block);
                }
                _ => {}
            }
        }
        let (old, new) = (tree(&old.concat()), tree(&blocks.concat()));
        let redline = redline(&old, &new);
        for (of_old, block) in [(true, &old), (false, &new)] {
            let (mut found, mut wanted) = (Vec::new(), Vec::new());
            side(&redline.edits, of_old, &mut found);
            all(block, &mut wanted);
            prop_assert_eq!(found, wanted);
        }
        let is_same = redline.edits.iter().all(|edit| matches!(edit, BlockEdit::Same(..)));
        prop_assert_eq!(is_same, old.said == new.said);
    }
}
