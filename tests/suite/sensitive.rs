//! Keys and addresses in runs: found before they are sealed, never shown, masked in the run itself, and named where they are
//! sealed. Keys are made up here, letter by letter, so that nobody who searches these files takes one for a secret.

use crate::support::Site;
use serde_json::{Value, json};

/// Where the run of the base lies.
const RUN: &str = "content/tasks/check-run/trajectories/run-1.json";

const LETTERS: &[u8] = b"abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// Letters that no service made.
fn letters(length: usize, seed: usize) -> String {
    (0..length).map(|at| char::from(LETTERS[(at * at + seed * at + seed) % LETTERS.len()])).collect()
}

fn token(seed: usize) -> String {
    format!("{}_{}", "ghp", letters(36, seed))
}

/// A run whose second step says `message`, calls a tool with `arguments` and gets `output`.
fn run(message: &str, arguments: &Value, output: &str) -> String {
    let call = json!({"tool_call_id": "c1", "function_name": "bash", "arguments": arguments});
    let result = json!({"source_call_id": "c1", "content": output});
    let steps = json!([
        {"step_id": 1, "source": "user", "message": "Start the server."},
        {"step_id": 2, "source": "agent", "message": message, "tool_calls": [call], "observation": {"results": [result]}},
        {"step_id": 3, "source": "agent", "message": "The server runs."},
    ]);
    let run = json!({"schema_version": "ATIF-v1.7", "agent": {"name": "server-agent", "version": "1"}, "steps": steps});
    serde_json::to_string_pretty(&run).unwrap()
}

/// What of the text of a whole run is left.
fn redacted(run: &str) -> (Value, String) {
    let site = Site::empty();
    site.write("run.json", run);
    let first = site.run("import trajectory run.json --redact -o masked.json");
    assert_eq!(first.code, 0, "{}", first.stderr);
    let second = site.run("import trajectory masked.json --redact -o again.json");
    assert_eq!(second.code, 0, "{}", second.stderr);
    assert_eq!(site.read("masked.json"), site.read("again.json"), "what is masked is masked for good");
    (serde_json::from_str(&site.read("masked.json")).unwrap(), first.stderr)
}

#[test]
fn keys_and_addresses_of_a_run_are_told_by_kind_and_step_and_never_shown() {
    let site = Site::base();
    let (key, other) = (token(5), letters(40, 9));
    let output = format!(
        "HOME=/home/mlind\nGITHUB_TOKEN={key}\nSHOP_API_KEY={other}\nauthor mara.lind@northmail.zz\nfrom 192.88.99.7"
    );
    site.write(RUN, run("I look at the environment.", &json!({"command": "env"}), &output));
    for command in ["check", "check --json", "release check-run --version 1.0.0 -m First --dry-run"] {
        let run = site.run(command);
        let printed = format!("{}{}", run.stderr, run.stdout);
        assert_eq!(run.code, 0, "{printed}");
        for shown in [
            "secret-text",
            "personal-text",
            "2 keys",
            "github-pat",
            "step 2",
            "1 e-mail address",
            "1 home folder",
            "1 IP address",
            "--redact",
        ] {
            assert!(printed.contains(shown), "{command}: {shown} is not in {printed}");
        }
        for hidden in [&*key, &other, "mara.lind", "mlind", "192.88.99.7"] {
            assert!(!printed.contains(hidden), "{command}: {hidden} is in {printed}");
        }
    }
    assert_eq!(site.run("check --strict").code, 1);
}

#[test]
fn keys_in_what_people_write_are_told_by_file_and_line() {
    let site = Site::base();
    // What is hidden from readers has a key of its own.
    let (key, hidden) = (token(7), token(11));
    let places = [
        ("content/tasks/check-run/task.md", 6, &key),
        ("content/tasks/check-run/examples/kept.md", 2, &hidden),
        ("content/tasks/check-run/gold.csv", 2, &hidden),
        ("content/pages/welcome.md", 5, &key),
        ("content/cohorts/blue.yaml", 1, &hidden),
    ];
    for (path, line, key) in places {
        let with_key =
            |(text, at): (&str, usize)| if at == line { format!("{text} {key}\n") } else { format!("{text}\n") };
        let text: String = site.read(path).lines().zip(1..).map(with_key).collect();
        site.write(path, text);
    }
    // Whom to ask is written on purpose.
    site.write("content/pages/ask.md", "---\ntitle: Ask\n---\n\nWrite to mara.lind@northmail.zz.\n");
    let printed = |line: &str| {
        let run = site.run(line);
        let printed = format!("{}{}", run.stderr, run.stdout);
        assert_eq!(run.code, 0, "{printed}");
        printed
    };
    let told = printed("check");
    for (path, line, key) in places {
        let expected = format!(
            "warning[secret-text]: this text holds 1 key (`ghp_…{}`, github-pat, line {line})\n--> {path}\n",
            &key[38..]
        );
        assert!(told.contains(&expected), "{expected} is not in {told}");
    }
    assert!(![&*key, &hidden, "mara.lind"].iter().any(|hidden| told.contains(hidden)), "{told}");
    // Before a task is sealed its own are told; what the settings allow is not.
    let release = printed("release check-run --version 1.0.0 -m First --dry-run");
    assert_eq!(release.matches("warning[secret-text]").count(), 3, "{release}");
    let settings = site.read("goldbook.yaml");
    site.write("goldbook.yaml", format!("{settings}allowed_in_runs: {{{key}: made up, {hidden}: made up}}\n"));
    assert!(!printed("check").contains("secret-text"));
    // What is found is found by every build, and what is gone is not.
    site.write("goldbook.yaml", settings);
    for _ in 0..2 {
        assert_eq!(printed("build").matches("warning[secret-text]").count(), places.len());
    }
    for (path, _, key) in places {
        site.write(path, site.read(path).replace(&format!(" {key}"), ""));
    }
    assert!(!printed("build").contains("secret-text"));
}

#[test]
fn what_the_settings_allow_is_neither_told_nor_masked() {
    let site = Site::base();
    site.write(RUN, run("", &json!({}), "mara.lind@northmail.zz jo@lists.northmail.zz 192.88.99.7 /home/mlind"));
    let settings = site.read("goldbook.yaml");
    let allowed = "allowed_in_runs: {'*@lists.northmail.zz': a public list, ip-address: machines of the test}\n";
    site.write("goldbook.yaml", format!("{settings}{allowed}"));
    let run = site.run("check");
    assert!(run.stderr.contains("1 e-mail address (") && !run.stderr.contains("IP address"), "{}", run.stderr);
    let run = site.run(&format!("import trajectory {RUN} --redact --force -o {RUN}"));
    assert!(run.stderr.contains("1 e-mail address, 1 home folder"), "{}", run.stderr);
    assert!(site.read(RUN).contains("[email-1] jo@lists.northmail.zz 192.88.99.7 [home-1]"), "{}", site.read(RUN));
    assert!(!site.run("check").stderr.contains("personal-text"));
    let off = "checks: {secret-text: off, personal-text: off}\n";
    site.write("goldbook.yaml", format!("{settings}{off}"));
    assert!(!site.run("check").stderr.contains("personal-text"));
}

#[test]
fn one_text_has_one_mask_wherever_it_stands() {
    let (key, other) = (token(5), token(11));
    let arguments = json!({
        "command": format!("curl -H 'Authorization: token {key}' https://api.northmail.zz"),
        "env": {"SHOP_SECRET": letters(32, 3), "to": "Mara.Lind@northmail.zz"},
        "mara.lind@northmail.zz": "/home/mlind/work",
        "nested": format!("{{\"key\":\"{other}\",\"mail\":\"a\\nmara.lind@northmail.zz\"}}"),
    });
    let text =
        run(&format!("I use {key} in /home/mlind/work."), &arguments, &format!("{key} {other} {}", letters(32, 3)));
    let (run, said) = redacted(&text);
    assert!(said.contains("3 keys, 1 e-mail address, 1 home folder"), "{said}");
    let step = &run["steps"][1];
    assert_eq!(step["message"], "I use [key-1] in [home-1]/work.");
    let arguments = &step["tool_calls"][0]["arguments"];
    assert_eq!(arguments["command"], "curl -H 'Authorization: token [key-1]' https://api.northmail.zz");
    assert_eq!(arguments["[email-1]"], "[home-1]/work");
    assert_eq!(arguments["env"]["to"], "[email-1]");
    let secret = arguments["env"]["SHOP_SECRET"].as_str().unwrap();
    let nested: Value = serde_json::from_str(arguments["nested"].as_str().unwrap()).unwrap();
    assert_eq!(nested["mail"], "a\n[email-1]");
    let other = nested["key"].as_str().unwrap();
    assert!(secret.starts_with("[key-") && other.starts_with("[key-") && secret != other);
    assert_eq!(step["observation"]["results"][0]["content"], format!("[key-1] {other} {secret}"));
}

#[test]
fn keys_are_masked_under_the_codes_of_a_terminal_and_pictures_are_left_alone() {
    let key = token(5);
    let (begin, end) = key.split_at(17);
    let picture = format!("data:image/png;base64,{}", letters(6000, 7));
    let output = format!("\u{1b}[32m{begin}\u{1b}[1m{end}\u{1b}[0m done");
    let (run, _) = redacted(&run(&picture, &json!({"p": picture}), &output));
    let step = &run["steps"][1];
    assert_eq!(step["observation"]["results"][0]["content"], "\u{1b}[32m[key-1]\u{1b}[1m\u{1b}[0m done");
    assert_eq!(step["tool_calls"][0]["arguments"]["p"], picture);
}

#[test]
fn every_field_of_a_run_is_masked_and_subagents_too() {
    let subagent: Value = serde_json::from_str(&run("mara.lind@northmail.zz", &json!({}), "")).unwrap();
    let mut whole: Value = serde_json::from_str(&run("mara.lind@northmail.zz", &json!({}), "")).unwrap();
    whole["extra"] = json!({"cwd": "/home/mlind/work", "tags": [["jo@northmail.zz"]]});
    whole["notes"] = json!("by mara.lind@northmail.zz");
    whole["agent"]["extra"] = json!({"host": "192.88.99.7"});
    whole["steps"][1]["reasoning_content"] = json!("ask jo@northmail.zz");
    whole["steps"][1]["extra"] = json!({"speaker": "Mara.Lind@northmail.zz"});
    whole["subagent_trajectories"] = json!([subagent]);
    whole["subagent_trajectories"][0]["trajectory_id"] = json!("helper");
    let (run, _) = redacted(&whole.to_string());
    let text = run.to_string();
    for left in ["mlind", "jo@", "mara", "Mara", "192.88"] {
        assert!(!text.contains(left), "{left}: {text}");
    }
    assert_eq!(run["steps"][1]["reasoning_content"], "ask [email-1]");
    assert_eq!(run["steps"][1]["message"], "[email-2]");
    assert_eq!(run["subagent_trajectories"][0]["steps"][1]["message"], "[email-2]");
    assert_eq!(run["steps"][2]["message"], "The server runs.");
}

#[test]
fn gold_that_quotes_what_is_masked_is_found() {
    let site = Site::base();
    site.write(RUN, run("", &json!({}), "author mara.lind@northmail.zz"));
    let example = site.read("content/tasks/check-run/examples/worked.md");
    let flag = "origin: real, quote: author mara.lind@northmail.zz,";
    site.write("content/tasks/check-run/examples/worked.md", example.replacen("origin: real,", flag, 1));
    assert!(!site.run("check").stderr.contains("missing-quote"), "{}", site.run("check").stderr);
    site.run(&format!("import trajectory {RUN} --redact --force -o {RUN}"));
    let run = site.run("check");
    assert!(run.code == 1 && run.stderr.contains("missing-quote"), "{}", run.stderr);
}

#[test]
fn a_sealed_run_is_named_with_its_versions_until_they_are_withdrawn() {
    let site = Site::base();
    let key = token(5);
    site.write(RUN, run("", &json!({}), &format!("GITHUB_TOKEN={key}")));
    assert_eq!(site.run("release check-run --version 1.0.0 -m First --date 2026-10-01").code, 0);
    let run = site.run(&format!("import trajectory {RUN} --redact --force -o {RUN}"));
    assert_eq!(run.code, 0, "{}", run.stderr);
    let run = site.run("check");
    for part in [
        "note[sealed-secret]: in check-run `1.0.0`, `run-1.json` is sealed with 1 key",
        "content/releases/objects",
        "goldbook withdraw check-run 1.0.0",
        "revoke",
    ] {
        assert!(run.stderr.contains(part), "{part}: {}", run.stderr);
    }
    assert!(!run.stderr.contains(&key) && !run.stderr.contains("secret-text"), "{}", run.stderr);
    assert_eq!(site.run("release check-run --minor -m Masked --date 2026-10-02").code, 0);
    assert!(site.run("check").stderr.contains("sealed-secret"));
    let run = site.run("withdraw check-run 1.0.0 --because \"It shows a key.\"");
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(!site.run("check").stderr.contains("sealed-secret"), "{}", site.run("check").stderr);
}

#[test]
fn a_step_of_megabytes_is_searched_and_masked_in_no_time() {
    let key = token(5);
    let line =
        "2026-10-01 12:00:00 INFO token cache key auth=none api user@example.com /home/ubuntu 10.0.0.7 \"a\\n\" x=1\n";
    let output = format!("{}GITHUB_TOKEN={key}\n{}", line.repeat(25_000), line.repeat(25_000));
    let begun = std::time::Instant::now();
    let (run, said) = redacted(&run("", &json!({}), &output));
    assert!(said.contains("masked wherever they stand: 1 key\n"), "{said}");
    assert!(run.to_string().contains("GITHUB_TOKEN=[key-1]"));
    println!("{:?}", begun.elapsed());
}

#[test]
fn an_import_that_masks_nothing_says_what_it_could_mask() {
    let site = Site::empty();
    site.write(
        "log.json",
        json!([{"role": "user", "content": format!("use {} of mara.lind@northmail.zz", token(5))}]).to_string(),
    );
    let run = site.run("import trajectory log.json -o run.json");
    assert!(run.stderr.contains("warning[secret-text]: this run holds 1 key"), "{}", run.stderr);
    assert!(
        run.stderr.contains("note[personal-text]: this run holds 1 e-mail address (`m…@northmail.zz`, step 1)"),
        "{}",
        run.stderr
    );
    assert!(site.read("run.json").contains("mara.lind@northmail.zz"));
}
