#!/usr/bin/env bash
# pulldown-cmark takes a line that begins with a colon for a definition, whatever follows the colon.
#
# One would guess that a definition needs white space after its colon, as in PHP Markdown Extra, which the syntax comes
# from, and in Pandoc. pulldown-cmark needs none: `:warning: Read this` and `:::note` below a paragraph make that
# paragraph a term, and take the first colon away. Only the whole extension can be turned off, and no option asks for the
# space. It matters here because handbooks that move in hold `:emoji:` codes and the containers of other generators:
# a box nobody meant appears, and a colon is gone. Goldbook keeps such colons from the parser, and shows the lines as text.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/src"
cat > "$folder/Cargo.toml" <<'TOML'
[package]
name = "colons"
version = "0.1.0"
edition = "2021"

[dependencies]
pulldown-cmark = { version = "=0.13.6", default-features = false, features = ["html"] }
TOML
cat > "$folder/src/main.rs" <<'RUST'
use pulldown_cmark::{html, Options, Parser};

fn main() {
    for text in ["Term\n: a definition\n", "Look out.\n\n:warning: Read this.\n", "Look out.\n:::note\n"] {
        let mut out = String::new();
        html::push_html(&mut out, Parser::new_ext(text, Options::ENABLE_DEFINITION_LIST));
        println!("{}", out.replace('\n', " "));
    }
}
RUST
theirs=$(cd "$folder" && cargo run -q)
echo "pulldown-cmark 0.13.6:"
echo "$theirs"
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" -q install pypandoc-binary==1.15
pandocs=$("$folder/venv/bin/python" - <<'PYTHON'
import pypandoc

print("pandoc", pypandoc.get_pandoc_version())
for text in ["Term\n: a definition\n", "Look out.\n\n:warning: Read this.\n", "Look out.\n:::note\n"]:
    print(" ".join(pypandoc.convert_text(text, "html", format="markdown_phpextra").split()))
PYTHON
)
echo "$pandocs"
[ "$(grep -c '<dd>' <<<"$theirs")" = 3 ] || { echo "pulldown-cmark asks for more than a colon now"; exit 1; }
! grep -q ':warning:' <<<"$theirs" || { echo "the colon stays now"; exit 1; }
[ "$(grep -c '<dd>' <<<"$pandocs")" = 1 ] || { echo "pandoc takes other lines for definitions now"; exit 1; }
