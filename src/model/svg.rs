//! SVG files beside pages: a picture inside a page, and a document of its own when somebody opens the file.
//!
//! In: the bytes of an SVG. Out: why it is not shipped, if it holds what could run or ask another host; opened from a
//! folder there is no server to forbid it. A sealed file keeps its bytes, so nothing is cut out. It reads tags, not
//! XML, and refuses whatever it can't be sure of.

/// Elements that run, or that hold another document.
const REFUSED: [&str; 14] = [
    "script",
    "foreignobject",
    "handler",
    "listener",
    "iframe",
    "object",
    "embed",
    "audio",
    "video",
    "link",
    "meta",
    "base",
    "form",
    "body",
];

/// Why an SVG is refused; none if it only draws.
pub fn fault(bytes: &[u8]) -> Option<String> {
    let Ok(text) = std::str::from_utf8(bytes) else { return Some("it is not UTF-8".to_owned()) };
    if text.chars().any(|c| c.is_control() && !c.is_whitespace()) {
        return Some("it holds control characters".to_owned());
    }
    let text = text.to_lowercase();
    let mut rest = text.as_str();
    while let Some(at) = rest.find('<') {
        rest = match tag(&rest[at..]) {
            Ok(after) => after,
            Err(why) => return Some(why),
        };
    }
    None
}

/// Reads what begins with `<`, and returns what follows.
fn tag(text: &str) -> Result<&str, String> {
    let after = |text: &'_ str, end: &str| text.find(end).map(|at| at + end.len());
    let unclosed = || "a tag that is not closed".to_owned();
    if text.starts_with("<!--") {
        return Ok(&text[after(text, "-->").ok_or_else(unclosed)?..]);
    }
    if text.starts_with("<![cdata[") {
        return Ok(&text[after(text, "]]>").ok_or_else(unclosed)?..]);
    }
    if text.starts_with("<!doctype") {
        let end = after(text, ">").ok_or_else(unclosed)?;
        return if text[..end].contains('[') { Err("it declares entities".to_owned()) } else { Ok(&text[end..]) };
    }
    if text.starts_with("<?xml ") {
        let end = after(text, "?>").ok_or_else(unclosed)?;
        let other = text[..end].contains("encoding") && !text[..end].contains("utf-8");
        return if other { Err("it is not in UTF-8".to_owned()) } else { Ok(&text[end..]) };
    }
    if text.starts_with("<!") || text.starts_with("<?") {
        return Err("it holds a processing instruction".to_owned());
    }
    element(text.trim_start_matches("</").trim_start_matches('<'))
}

/// Reads a tag behind its `<` or `</`.
fn element(text: &str) -> Result<&str, String> {
    let end = text.find(|c: char| c.is_whitespace() || matches!(c, '/' | '>')).unwrap_or(text.len());
    let name = local(&text[..end]);
    if REFUSED.contains(&name) {
        return Err(format!("it holds `<{name}>`"));
    }
    let mut rest = text[end..].trim_start();
    while !rest.starts_with('>') {
        if let Some(after) = rest.strip_prefix('/') {
            rest = after.trim_start();
            continue;
        }
        let (attribute, value, after) = attribute(rest).ok_or("an attribute that can't be read")?;
        check_attribute(attribute, value)?;
        rest = after.trim_start();
    }
    let after = &rest[1..];
    if name == "style" {
        // Where a style ends depends on what stands in it: all that follows must keep its rules.
        check_style(after)?;
    }
    Ok(after)
}

/// `name="value"` and what follows.
fn attribute(text: &str) -> Option<(&str, &str, &str)> {
    let (name, rest) = text.split_once('=')?;
    let rest = rest.trim_start();
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let (value, after) = rest[1..].split_once(quote)?;
    let name = name.trim_end();
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | ':' | '.');
    (!name.is_empty() && name.chars().all(is_name)).then_some((name, value, after))
}

fn check_attribute(name: &str, value: &str) -> Result<(), String> {
    let value = value.trim();
    if value.contains("&#") {
        return Err(format!("`{name}` holds a character written as a number"));
    }
    if local(name).starts_with("on") || value.starts_with("on") && local(name) == "attributename" {
        return Err(format!("it has the event handler `{name}`"));
    }
    if value.contains("www.w3.org/1999/xhtml") {
        return Err("it holds HTML".to_owned());
    }
    let drawn = ["#", "data:image/png", "data:image/jpeg", "data:image/gif", "data:image/webp"];
    let leads = matches!(local(name), "href" | "src") || value.ends_with("href") && local(name) == "attributename";
    if leads && !value.is_empty() && !drawn.iter().any(|start| value.starts_with(start)) {
        return Err(format!("`{name}` leads out of it"));
    }
    check_style(value)
}

/// Style may name what stands in the same file.
fn check_style(style: &str) -> Result<(), String> {
    let inside = |after: &str| after.trim_start_matches(['"', '\'', ' ']).starts_with(['#']);
    let leads = style.split("url(").skip(1).any(|after| !inside(after)) || style.contains("image-set(");
    if leads || style.contains("@import") || style.contains('\\') || style.contains("&#") {
        return Err("its style leads out of it".to_owned());
    }
    Ok(())
}

/// A name without its namespace.
fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_draws_is_shipped() {
        let drawing = r##"<?xml version="1.0" encoding="utf-8" standalone="no"?>
            <!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
            <!-- made by hand: <script> --><svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">
            <defs><style type="text/css">*{fill:url(#g)}</style><linearGradient id="g"/></defs>
            <use xlink:href="#g"/><image href="data:image/png;base64,AA=="/><text x='1'>a &lt; b ✓ on=1</text></svg>"##;
        assert_eq!(fault(drawing.as_bytes()), None);
    }

    #[test]
    fn what_could_run_or_ask_is_refused() {
        let inner = [
            "<script>alert(1)</script>",
            "<x:script xmlns:x='http://www.w3.org/2000/svg'>alert(1)</x:script>",
            "<ScRiPt href='#x'/>",
            "<g onload='alert(1)'/>",
            "<g\nonLoad = \"alert(1)\"/>",
            "<foreignObject/>",
            "<a href='javascript:alert(1)'/>",
            "<a xlink:href=' java\tscript:alert(1)'/>",
            "<set attributeName='href' to='javascript:alert(1)'/>",
            "<animate attributeName='onclick' values='x'/>",
            "<image href='https://example.com/x.png'/>",
            "<image href='&#104;ttps://example.com/x.png'/>",
            "<image href='data:image/svg+xml,x'/>",
            "<style>@import 'https://example.com'</style>",
            "<style><![CDATA[*{fill:url(https://example.com)}]]></style>",
            "<style><![CDATA[/*</style>*/ @import 'x'; ]]></style>",
            "<g style='fill:u\\72l(//example.com)'/>",
            "<g fill='url( //example.com)'/>",
            "<h:img xmlns:h='http://www.w3.org/1999/xhtml' src='#'/>",
            "<g a=b/>",
            "<g a='b' 'onload='x'/>",
            "<?xml-stylesheet href='https://example.com'?>",
            "<!DOCTYPE svg [<!ENTITY x '<script/>'>]>",
            "<g title='x",
        ];
        for inner in inner {
            let svg = format!("<svg xmlns='http://www.w3.org/2000/svg'>{inner}</svg>");
            assert!(fault(svg.as_bytes()).is_some(), "{inner}");
        }
        assert!(fault(b"\xff\xfe<\0s").is_some());
        assert!(fault(b"<?xml version='1.0' encoding = 'utf-7'?><svg/>").is_some());
    }
}
