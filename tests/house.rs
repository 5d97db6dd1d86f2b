//! The rules of the house, read out of the source.
#![cfg(not(target_arch = "wasm32"))]

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Name and text of each source file, comments taken out.
fn sources() -> Vec<(String, String)> {
    let code = |line: &str| line.split("//").next().unwrap_or("").to_string();
    whole_sources().into_iter().map(|(name, text)| (name, text.lines().map(code).collect::<Vec<_>>().join("\n"))).collect()
}

/// Name and text of each source file, comments and all.
fn whole_sources() -> Vec<(String, String)> {
    let mut sources = Vec::new();
    for entry in fs::read_dir(root().join("src")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_string();
        sources.push((name, fs::read_to_string(&path).unwrap()));
    }
    assert!(sources.len() > 15, "the source was not found");
    sources
}

/// Every shipped catalog.
fn catalogs() -> Vec<(PathBuf, serde_json::Value)> {
    let files = fs::read_dir(root().join("www/catalogs")).unwrap().map(|entry| entry.unwrap().path());
    let files = files.filter(|path| path.extension().is_some_and(|it| it == "json") && path.file_stem().is_some_and(|it| it != "schema"));
    let catalogs: Vec<_> = files.map(|path| (path.clone(), serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap())).collect();
    assert!(catalogs.len() >= 4, "{} catalogs found", catalogs.len());
    catalogs
}

/// No file but these may contain the word.
fn only_in(word: &str, files: &[&str]) {
    for (name, text) in sources() {
        assert!(!text.contains(word) || files.contains(&name.as_str()), "src/{name}.rs has {word}, which belongs in {files:?}");
    }
}

/// The modules as `lib.rs` lists them.
fn modules() -> Vec<String> {
    let lib = fs::read_to_string(root().join("src/lib.rs")).unwrap();
    lib.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')).map(str::to_string).collect()
}

#[test]
fn a_module_uses_only_those_above_it() {
    let modules = modules();
    for (name, text) in sources().iter().filter(|(name, _)| name != "lib") {
        let own = modules.iter().position(|module| module == name).unwrap_or_else(|| panic!("lib.rs does not list {name}"));
        for (place, other) in modules.iter().enumerate().filter(|(_, other)| *other != name) {
            let uses = text.contains(&format!("crate::{other}::"));
            assert!(!uses || place < own, "src/{name}.rs uses {other}, which lib.rs lists below it");
        }
    }
}

#[test]
fn no_floating_point_but_where_values_come_in() {
    only_in("f64", &["value", "count", "wasm"]);
    only_in("f32", &[]);
}

#[test]
fn what_may_be_left_out_of_an_answer_is_optional_in_its_type() {
    for (file, text) in sources() {
        for (line, next) in
            text.lines().zip(text.lines().skip(1)).filter(|(line, _)| line.contains(r#"skip_serializing_if = "std::ops::Not::not""#))
        {
            assert!(next.contains("tsify(optional)"), "{file}: {line}\n{next}");
        }
    }
}

#[test]
fn no_clock_no_files_no_network() {
    for word in ["SystemTime", "Instant::now", "Utc::now", "Local::now", "std::fs", "std::net", "std::env", "std::thread"] {
        only_in(word, &[]);
    }
}

#[test]
fn javascript_only_in_wasm() {
    for word in ["wasm_bindgen", "js_sys", "JsValue"] {
        only_in(word, &["wasm"]);
    }
}

#[test]
fn rounding_only_in_money() {
    for word in ["RoundingStrategy", "rust_decimal", "round_dp"] {
        only_in(word, &["money"]);
    }
}

#[test]
fn calendars_only_in_time() {
    only_in("chrono", &["time"]);
}

#[test]
fn no_panics_by_hand() {
    for word in [".unwrap()", ".expect(", "panic!", "unreachable!", "todo!", "unimplemented!"] {
        only_in(word, &[]);
    }
}

#[test]
fn no_provider_is_named_nor_its_words_used_not_even_in_a_comment() {
    let mut words: Vec<String> = ["huawei", "alibaba", "aliyun", "tencent", "baidu", "modelarts"].map(str::to_string).to_vec();
    for (_, catalog) in catalogs() {
        words.push(catalog["id"].as_str().unwrap().to_string());
        let codes = catalog["success"]["billed"].as_array().into_iter().flatten().chain([&catalog["notOpenCode"]]);
        words.extend(codes.filter_map(|code| code.as_str()).map(str::to_lowercase));
    }
    assert!(words.iter().any(|word| word == "modelarts.4204") && words.iter().any(|word| word == "failedoperation.imageblur"), "{words:?}");
    for (name, text) in whole_sources() {
        let text = text.to_lowercase();
        for word in &words {
            assert!(!text.contains(word.as_str()), "src/{name}.rs has a provider's word: {word}");
        }
    }
}

#[test]
fn every_file_says_what_it_is_and_stays_readable() {
    for entry in fs::read_dir(root().join("src")).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.starts_with("//!"), "{} does not begin with what it is", path.display());
        assert!(text.lines().count() <= 700, "{} is too long", path.display());
    }
}

#[test]
fn every_price_row_of_every_shipped_catalog_names_a_source() {
    for (path, catalog) in catalogs() {
        let value: ocr_pricing::Value = serde_json::from_value(catalog.clone()).unwrap();
        let problems = ocr_pricing::lint(&value, &ocr_pricing::LintOptions::default());
        let errors: Vec<_> = problems.iter().filter(|problem| problem.severity == ocr_pricing::lint::ProblemSeverity::Error).collect();
        assert!(errors.is_empty(), "{}: {errors:?}", path.display());
        for list in ["ladders", "packages"] {
            for row in catalog[list].as_array().unwrap() {
                let source = row["source"].as_str().unwrap();
                assert!(catalog["sources"][source]["title"].is_string(), "{}: {source} has no title", path.display());
            }
        }
        assert_eq!(path.file_stem().unwrap().to_str(), catalog["id"].as_str(), "a catalog's file is named after its id");
    }
}

/// Nothing that is in the tree may point outside of it.
#[test]
fn nothing_names_a_place_on_somebodys_machine() {
    fn walk(folder: &Path, into: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_string();
            if ["target", "node_modules", "dist", ".git"].contains(&name.as_str()) {
                continue;
            }
            if path.is_dir() { walk(&path, into) } else { into.push(path) }
        }
    }
    let mut files = Vec::new();
    walk(&root(), &mut files);
    let words = ["/ro".to_string() + "ot/", "/ho".to_string() + "me/", "../sha".to_string() + "red"];
    for path in files {
        let Ok(text) = fs::read_to_string(&path) else { continue };
        for word in &words {
            assert!(!text.contains(word.as_str()), "{} names {word}", path.display());
        }
    }
}
