//! Runs every case file below `tests/cases`: given, expected. The files are the tests; here is only the one check.
#![cfg(not(target_arch = "wasm32"))]

use serde_json::{Map, Value as Json};
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn catalog(name: &str) -> Json {
    let paths = ["www/catalogs", "tests/catalogs"].map(|folder| root().join(folder).join(format!("{name}.json")));
    let path = paths.iter().find(|path| path.exists()).unwrap_or_else(|| panic!("no catalog {name}"));
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

/// TOML has no null: the cases write "~null~".
fn nulls(value: &mut Json) {
    match value {
        Json::String(text) if text == "~null~" => *value = Json::Null,
        Json::Array(items) => items.iter_mut().for_each(nulls),
        Json::Object(fields) => fields.values_mut().for_each(nulls),
        _ => {}
    }
}

/// Puts a value at `ladders[0].steps[1].upTo` or `ladders.0.steps.1.upTo`; "~gone~" takes the field away.
fn patch(target: &mut Json, path: &str, value: &Json) {
    let path = path.replace('[', ".").replace(']', "");
    let (parents, last) = path.rsplit_once('.').unwrap_or(("", &path));
    let mut place = target;
    for key in parents.split('.').filter(|key| !key.is_empty()) {
        place = match place {
            Json::Array(items) => &mut items[key.parse::<usize>().unwrap()],
            Json::Object(fields) => fields.entry(key).or_insert_with(|| Json::Object(Map::new())),
            _ => panic!("patch {path}: {key} is not there"),
        };
    }
    match place {
        Json::Array(items) => match last.parse::<usize>().unwrap() {
            index if index == items.len() => items.push(value.clone()),
            index => items[index] = value.clone(),
        },
        Json::Object(fields) if value == "~gone~" => {
            fields.remove(last).unwrap_or_else(|| panic!("patch {path}: nothing to take away"));
        }
        Json::Object(fields) => {
            fields.insert(last.to_string(), value.clone());
        }
        _ => panic!("patch {path}"),
    }
}

/// Objects match on the keys that are expected, arrays element by element, everything else exactly.
fn differences(expected: &Json, found: &Json, place: &str, into: &mut String) {
    match (expected, found) {
        (Json::Object(fields), Json::Object(_)) => {
            for (key, value) in fields {
                differences(value, found.get(key).unwrap_or(&Json::Null), &format!("{place}.{key}"), into);
            }
        }
        (Json::Array(items), Json::Array(others)) if items.len() == others.len() => {
            for (i, (item, other)) in items.iter().zip(others).enumerate() {
                differences(item, other, &format!("{place}[{i}]"), into);
            }
        }
        _ if expected == found => {}
        _ => writeln!(into, "    {place}: expected {expected}, found {found}").unwrap(),
    }
}

/// What the engine says: to the request, and for some calls to what is asked about it.
fn engine(call: &str, request: &Json, ask: &Json) -> Result<Json, Json> {
    use ocr_pricing::{LintOptions, Result, Value, compare, estimate, lint, qps, readings, receipt};
    fn json<T: serde::Serialize>(answer: Result<T>) -> std::result::Result<Json, Json> {
        answer.map(|answer| serde_json::to_value(answer).unwrap()).map_err(|error| serde_json::to_value(error).unwrap())
    }
    let value = |it: &Json| serde_json::from_value::<Value>(it.clone()).unwrap();
    let (request, ask) = (value(request), value(ask));
    match call {
        "estimate" => json(estimate(&request)),
        "compare" => json(compare(&request)),
        "receipt" => json(receipt(&request, &ask)),
        "readings" => json(readings(&request)).map(|readings| serde_json::json!({ "readings": readings })),
        "qps" => json(qps(&request)),
        "lint" => {
            let options = ocr_pricing::value::read::<LintOptions>(&ask).unwrap();
            Ok(serde_json::json!({ "problems": lint(request.get("catalog").unwrap(), &options) }))
        }
        _ => panic!("no such call: {call}"),
    }
}

/// Runs one case; what is wrong with it, in words.
fn check(case: &Json) -> String {
    let mut wrong = String::new();
    let call = case.get("call").and_then(Json::as_str).unwrap_or("estimate");
    let mut request = case.get("request").cloned().unwrap_or_else(|| Json::Object(Map::new()));
    let mut of_case = catalog(case["catalog"].as_str().expect("a case names its catalog"));
    for (path, value) in case.get("patch").and_then(Json::as_object).into_iter().flatten() {
        patch(&mut of_case, path, value);
    }
    let whole = case.get("wholeCatalog");
    request["catalog"] = whole.cloned().unwrap_or(of_case);
    let ask = case.get("ask").cloned().unwrap_or_else(|| Json::Object(Map::new()));
    match (engine(call, &request, &ask), case.get("expect"), case.get("error")) {
        (Ok(answer), Some(expected), None) => differences(expected, &answer, "answer", &mut wrong),
        (Err(error), None, Some(expected)) => differences(expected, &error, "error", &mut wrong),
        (Err(error), ..) => writeln!(wrong, "    failed: {error}").unwrap(),
        (Ok(_), ..) => writeln!(wrong, "    no error, or nothing expected").unwrap(),
    }
    wrong
}

fn files(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, into);
        } else if path.extension().is_some_and(|it| it == "toml") {
            into.push(path);
        }
    }
}

#[test]
fn every_case_holds() {
    let mut paths = Vec::new();
    files(&root().join("tests/cases"), &mut paths);
    paths.sort();
    let (mut cases, mut failed, mut report) = (0, 0, String::new());
    for path in paths {
        let text = fs::read_to_string(&path).unwrap();
        let mut file: Json = toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        nulls(&mut file);
        for case in file["case"].as_array().unwrap_or_else(|| panic!("{}: no cases", path.display())) {
            cases += 1;
            let wrong = check(case);
            if !wrong.is_empty() {
                failed += 1;
                let file = path.strip_prefix(root()).unwrap().display();
                writeln!(report, "{file}: {}\n{wrong}", case["name"].as_str().unwrap_or("?")).unwrap();
            }
        }
    }
    println!("{cases} cases, {failed} failed");
    assert!(cases > 0, "no cases found");
    assert!(failed == 0, "\n{report}{failed} of {cases} cases failed");
}
