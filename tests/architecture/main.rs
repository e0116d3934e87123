//! The house rules that a compiler does not check: which way arrows point, licences, sizes of files.

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What the rules may stand on: serde, ids, pure cryptography and arithmetic that gives the same bits everywhere.
const CORE_MAY_USE: &[&str] = &[
    "aes",
    "base64",
    "cbc",
    "data-encoding",
    "ed25519-dalek",
    "libm",
    "serde",
    "serde_json",
    "sha1",
    "sha2",
    "subtle",
    "uuid",
    "wasm-bindgen",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// Of the platform that is built for; the others' crates need not be there.
fn metadata() -> Value {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let platform = format!("{}-unknown-linux-gnu", std::env::consts::ARCH);
    let output = Command::new(cargo)
        .args(["metadata", "--format-version", "1", "--locked", "--filter-platform", &platform])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn dependencies(metadata: &Value, package: &str) -> Vec<String> {
    let package = metadata["packages"].as_array().unwrap().iter().find(|p| p["name"] == package).unwrap();
    let ours = package["dependencies"].as_array().unwrap().iter().filter(|d| d["kind"].is_null());
    ours.map(|dependency| dependency["name"].as_str().unwrap().to_owned()).collect()
}

/// Tracked and new files that git does not ignore.
fn sources(folder: &str, endings: &[&str]) -> Vec<(String, String)> {
    let output = Command::new("git")
        .args(["ls-files", "--cached", "--others", "--exclude-standard", folder])
        .current_dir(root())
        .output()
        .unwrap();
    let listed = String::from_utf8(output.stdout).unwrap();
    let wanted = listed.lines().filter(|path| endings.iter().any(|ending| path.ends_with(ending)));
    wanted.filter_map(|path| Some((path.to_owned(), std::fs::read_to_string(root().join(path)).ok()?))).collect()
}

#[test]
fn arrows_point_one_way() {
    let metadata = metadata();
    for used in dependencies(&metadata, "paifang-core") {
        assert!(CORE_MAY_USE.contains(&used.as_str()), "wasm-core uses {used}");
    }
    let server = dependencies(&metadata, "paifang-server");
    assert!(server.contains(&"paifang-core".to_owned()));
    assert!(!server.iter().any(|used| used.contains("test") || used == "wechat-sim"));
    let files = sources("server/src", &[".rs"]);
    assert!(files.len() > 50);
    for (path, text) in files {
        let is_api = path.contains("/api/") || path.ends_with("/api.rs");
        assert!(!is_api || !text.contains("sqlx"), "{path} is an api and names sqlx");
        assert!(!path.ends_with("/sql.rs") || !text.contains("actix"), "{path} is sql and names actix");
        let names_host = text.contains("weixin.qq.com");
        assert!(!names_host || path.contains("/wechat/") || path.ends_with("/config.rs"), "{path} names WeChat's host");
    }
    for (path, text) in sources("wasm-core/src", &[".rs"]) {
        for forbidden in ["std::fs", "std::net", "SystemTime", "Instant::now", "rand::"] {
            assert!(!text.contains(forbidden), "{path} uses {forbidden}: the rules are pure");
        }
        assert!(path.ends_with("wasm.rs") || !text.contains("wasm_bindgen"), "{path} knows wasm-bindgen");
    }
}

/// What of the client only one file may name, so that a page never depends on it.
const ONE_PLACE: &[(&str, &str)] = &[
    ("wx.uploadFile", "services/transfer.ts"),
    ("wx.login", "services/session.ts"),
    ("StorageSync(", "services/storage.ts"),
    ("generated/core", "core/index.ts"),
    ("generated/api", "services/http.ts"),
    ("createInnerAudioContext", "services/feedback.ts"),
    ("paifang.example.com", "config.ts"),
];

#[test]
fn the_mini_program_touches_the_client_in_one_place_each() {
    let files = sources("miniprogram", &[".ts"]);
    assert!(files.len() > 30);
    for (what, place) in ONE_PLACE {
        let naming: Vec<_> = files.iter().filter(|(_, text)| text.contains(what)).map(|(path, _)| path).collect();
        assert_eq!(naming, [&format!("miniprogram/{place}")], "{what}");
    }
    for (path, text) in &files {
        // JSON goes through the one, files and their parts through the other.
        let sends = path.ends_with("services/http.ts") || path.ends_with("services/transfer.ts");
        assert!(sends || !text.contains("wx.request("), "{path} sends requests");
        let lower = path.starts_with("miniprogram/services/") || path.starts_with("miniprogram/core/");
        let upward =
            text.contains("/pages/") && text.contains("from '../pages") || text.contains("from '../components");
        assert!(!lower || !upward, "{path} knows pages");
    }
}

#[test]
fn licences_are_compatible_with_apache_2() {
    let metadata = metadata();
    let packages = metadata["packages"].as_array().unwrap();
    assert!(packages.len() > 100);
    for package in packages {
        let licence = package["license"].as_str().unwrap_or_default();
        let alternatives = licence.split(" OR ").map(|one| one.trim_matches(['(', ')', ' ']));
        let free = alternatives.clone().any(|one| !one.is_empty() && !one.contains("GPL") && !one.contains("SSPL"));
        assert!(free, "{}: {licence:?}", package["name"]);
    }
}

#[test]
fn files_stay_small_enough_to_hold_in_the_head() {
    let mut lengths = Vec::new();
    for folder in ["server/src", "wasm-core/src", "tests", "scripts", "miniprogram"] {
        for (path, text) in sources(folder, &[".rs", ".ts", ".mjs", ".js"]) {
            let lines = text.lines().count();
            assert!(lines <= 500, "{path} has {lines} lines");
            lengths.push(lines);
        }
    }
    lengths.sort_unstable();
    let at = |share: usize| lengths[(lengths.len() * share / 100).min(lengths.len() - 1)];
    assert!(at(90) <= 300, "nine in ten files have at most 300 lines, not {}", at(90));
    assert!(at(50) <= 130, "half of the files have at most 130 lines, not {}", at(50));
}
