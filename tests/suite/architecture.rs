//! The structure, held: which module may use which, that only `disk` touches files, and that a name is one type's.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// Modules by stage: each uses those of earlier stages, never one of its own stage or of a later one.
const STAGES: [&[&str]; 18] = [
    &["caught", "digest", "limits", "progress", "sequence", "text"],
    &["memo", "sensitive", "source"],
    &["disk"],
    &["diagnostic"],
    &["yaml", "markdown", "trajectory", "quality", "table", "expression"],
    &["schema"],
    &["audience"],
    &["config", "document"],
    &["model"],
    &["release"],
    &["ratings", "figures"],
    &["report", "grade", "labelling", "study", "calc", "simulate"],
    &["site"],
    &["workspace"],
    &["command", "fuzzing"],
    &["cli"],
    &["main"],
    &["lib"],
];

/// Files, and folders, that are compiled for tests only.
const TEST_FILES: [&str; 5] = ["tests", "tests.rs", "testing.rs", "properties.rs", "simulation.rs"];

/// The files of all crates, by path: `ground` is modules beside those of the program, each other crate is one of them.
fn sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let crates = fs::read_dir(root.join("crates")).unwrap().map(|entry| entry.unwrap().file_name());
    let of_crates = crates.flat_map(|name| {
        let name = name.into_string().unwrap();
        let files = files_of(&root.join("crates").join(&name).join("src"));
        files.into_iter().map(move |(file, text)| as_module(&name, file, &text)).collect::<Vec<_>>()
    });
    files_of(&root.join("src")).into_iter().chain(of_crates).collect()
}

/// A crate's file as it would read if the crate were a module of the program.
fn as_module(name: &str, file: String, text: &str) -> (String, String) {
    match name {
        "ground" => (file, text.to_owned()),
        _ => {
            let text = text.replace("crate::", &format!("crate::{name}::")).replace("goldbook_ground::", "crate::");
            (format!("{name}/{}", file.replace("lib.rs", "mod.rs")), text)
        }
    }
}

fn files_of(root: &Path) -> Vec<(String, String)> {
    let is_test = |name: &std::ffi::OsStr| TEST_FILES.iter().any(|test| name == *test);
    let entries = walkdir::WalkDir::new(root).sort_by_file_name().into_iter();
    let entries = entries.filter_entry(|entry| !is_test(entry.file_name())).filter_map(Result::ok);
    let files = entries.filter(|entry| entry.path().extension().is_some_and(|extension| extension == "rs"));
    files
        .map(|entry| {
            let name = entry.path().strip_prefix(root).unwrap().to_string_lossy().into_owned();
            let text = fs::read_to_string(entry.path()).unwrap();
            (name, without_tests(&text).to_owned())
        })
        .collect()
}

/// A file's text up to the tests that stand in it; that others lie in files of their own ends nothing.
fn without_tests(text: &str) -> &str {
    let mut modules = text.match_indices("#[cfg(test)]\nmod ");
    let inline = modules.find(|(at, _)| text[*at..].lines().nth(1).is_some_and(|line| line.ends_with('{')));
    inline.map_or(text, |(at, _)| &text[..at])
}

fn module(file: &str) -> &str {
    file.split('/').next().unwrap().trim_end_matches(".rs")
}

fn stage(module: &str) -> Option<usize> {
    STAGES.iter().position(|stage| stage.contains(&module))
}

#[test]
fn imports_point_one_way() {
    let mut wrong = Vec::new();
    for (file, text) in sources() {
        let module = module(&file);
        let own = stage(module).unwrap_or_else(|| panic!("{file} belongs to no stage: add it to STAGES"));
        for used in used_modules(&text) {
            if used != module && stage(&used).is_some_and(|stage| stage >= own) {
                wrong.push(format!("{file} uses {used}, which does not stand before it"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Files that lie side by side lead from one to the other, and never back.
#[test]
fn files_of_a_folder_form_no_ring() {
    let sources = sources();
    let folders: BTreeSet<&str> = sources.iter().filter_map(|(file, _)| Some(file.rsplit_once('/')?.0)).collect();
    let rings: Vec<String> = folders.into_iter().filter_map(|folder| ring(folder, &sources)).collect();
    assert!(rings.is_empty(), "{}", rings.join("\n"));
}

/// Some files or folders of `folder` that use each other round about, as a sentence.
fn ring(folder: &str, sources: &[(String, String)]) -> Option<String> {
    let prefix = format!("{folder}/");
    let inside = sources.iter().filter_map(|(file, text)| Some((file.strip_prefix(&prefix)?, text)));
    let (parents, children): (Vec<_>, Vec<_>) = inside.partition(|(file, _)| *file == "mod.rs");
    let names: BTreeSet<&str> = children.iter().map(|(file, _)| module(file)).collect();
    let beside = sources.iter().filter(|(file, _)| *file == format!("{folder}.rs")).map(|(_, text)| text);
    let shown: BTreeMap<String, String> =
        parents.iter().map(|(_, text)| *text).chain(beside).flat_map(|text| handed_on(text, &names)).collect();
    let mut uses: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for (file, text) in &children {
        let depth = file.matches('/').count();
        let up = "super::".repeat(1 + depth);
        let whole = format!("crate::{}::", folder.replace('/', "::"));
        let used = names_after(text, &up).into_iter().chain(names_after(text, &whole));
        let found = used.filter_map(|name| if names.contains(&*name) { Some(name) } else { shown.get(&name).cloned() });
        uses.entry(module(file)).or_default().extend(found.filter(|used| used != module(file)));
    }
    // Whoever uses nobody that is left, or whom nobody uses, is in no ring.
    loop {
        let before = uses.len();
        let left: BTreeSet<String> = uses.keys().map(|name| (*name).to_owned()).collect();
        uses.values_mut().for_each(|used| used.retain(|name| left.contains(name)));
        let used: BTreeSet<String> = uses.values().flatten().cloned().collect();
        uses.retain(|name, uses| !uses.is_empty() && used.contains(*name));
        if uses.len() == before {
            break;
        }
    }
    let listed: Vec<String> = uses.iter().map(|(name, used)| format!("{name} uses {used:?}")).collect();
    (!listed.is_empty()).then(|| format!("{folder}: a ring: {}", listed.join(", ")))
}

/// What a folder's own file takes from the files in it and hands on: name → file.
fn handed_on(text: &str, names: &BTreeSet<&str>) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for statement in text.split("use ").skip(1).filter_map(|part| part.split(';').next()) {
        let Some((file, rest)) = statement.split_once("::").filter(|(file, _)| names.contains(file)) else { continue };
        let items = rest.trim_start_matches('{').trim_end_matches('}').split(',');
        let shown = items.map(|item| item.rsplit(" as ").next().unwrap_or(item).rsplit("::").next().unwrap_or(item));
        found.extend(shown.map(|item| (item.trim().to_owned(), file.to_owned())));
    }
    found
}

/// The modules that a text names: `crate::x::…` and `crate::{x, y}`.
fn used_modules(text: &str) -> Vec<String> {
    names_after(text, "crate::")
}

/// The names that follow a path: `x` of `crate::x::…`, `x` and `y` of `crate::{x::z, y}`.
fn names_after(text: &str, path: &str) -> Vec<String> {
    let word = |text: &str| text.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let ends_path = |before: &str| !before.ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':');
    let mut used = Vec::new();
    for (at, _) in text.match_indices(path).filter(|(at, _)| ends_path(&text[..*at])) {
        let rest = &text[at + path.len()..];
        match rest.strip_prefix('{') {
            Some(list) => used.extend(items(list).into_iter().map(word)),
            None => used.push(word(rest)),
        }
    }
    used
}

/// The items of a list of imports up to its closing brace; lists in it belong to their item.
fn items(list: &str) -> Vec<&str> {
    let (mut depth, mut from, mut found) = (0, 0, Vec::new());
    for (at, c) in list.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => {
                found.push(&list[from..at]);
                break;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                found.push(&list[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    found
}

/// Whoever reads a name knows the type, in whichever file.
#[test]
fn a_name_is_one_types() {
    let sources = sources();
    let mut types: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (file, text) in &sources {
        text.lines().filter_map(made_type).for_each(|name| types.entry(name).or_default().push(file));
    }
    types.retain(|_, files| files.len() > 1);
    assert!(types.is_empty(), "each of these names is that of several types: {types:#?}");
}

/// The type or trait that a line makes; the type that an implementation names for its trait is none.
fn made_type(line: &str) -> Option<&str> {
    let mut words = line.split_whitespace().skip_while(|word| word.starts_with("pub"));
    let kind = words.next()?;
    let name = words.next()?.split(|c: char| !c.is_alphanumeric() && c != '_').next();
    let is_inside = line.starts_with(' ');
    let makes = ["struct", "enum", "union", "trait"].contains(&kind) || kind == "type" && !is_inside;
    name.filter(|_| makes)
}

#[test]
fn only_disk_touches_files() {
    for (file, text) in sources() {
        if file.starts_with("disk/") {
            continue;
        }
        for word in
            ["std::fs", "fs::", "File::open", "File::create", "walkdir::", "tempfile::", ".canonicalize()", ".is_dir()"]
        {
            assert!(!text.contains(word), "{file} says {word}: only `disk` may touch files");
        }
    }
}

#[test]
fn nothing_unwraps_outside_tests() {
    for (file, text) in sources() {
        assert!(!text.contains(".unwrap()"), "{file} unwraps");
    }
}
