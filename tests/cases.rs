//! Runs every case file below `tests/cases`: given, expected. The files are the tests; here is only the one check.
//! And holds that no rule (`tests/rules.toml`) and no code of the engine or a catalog is without a case.
#![cfg(not(target_arch = "wasm32"))]

use ocr_pricing::Code;
use serde_json::{Map, Value as Json};
use std::collections::BTreeSet;
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

/// Replays a log, read again as often as it has to be.
fn replayed(request: &ocr_pricing::Value, log: Option<&ocr_pricing::Value>) -> ocr_pricing::Result<ocr_pricing::ReplayAnswer> {
    let Some(ocr_pricing::Value::Text(log)) = log else { panic!("a case of replay has a log under ask") };
    let mut replay = ocr_pricing::Replay::new(request)?;
    loop {
        replay.push(log.as_bytes())?;
        let answer = replay.finish()?;
        if answer.refine.is_empty() {
            return Ok(answer);
        }
    }
}

/// What the engine says: to the request, and for some calls to what is asked about it.
fn engine(call: &str, request: &Json, ask: &Json) -> Result<Json, Json> {
    use ocr_pricing::{LintOptions, Result, Value, account, compare, estimate, lint, qps, readings, receipt};
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
        "account" => json(account(&request)),
        "charges" => json(ocr_pricing::charges::ask(&request)).map(|charges| serde_json::json!({ "charges": charges })),
        "replay" => json(replayed(&request, ask.get("log"))),
        "reconcile" => json(ocr_pricing::reconcile::ask(&request)),
        "lint" => {
            let options = ocr_pricing::value::read::<LintOptions>(&ask).unwrap();
            Ok(serde_json::json!({ "problems": lint(request.get("catalog").unwrap(), &options) }))
        }
        _ => panic!("no such call: {call}"),
    }
}

/// What the engine answers to a case.
fn answer(case: &Json) -> Result<Json, Json> {
    let call = case.get("call").and_then(Json::as_str).unwrap_or("estimate");
    let mut request = case.get("request").cloned().unwrap_or_else(|| Json::Object(Map::new()));
    let mut of_case = catalog(case["catalog"].as_str().expect("a case names its catalog"));
    for (path, value) in case.get("patch").and_then(Json::as_object).into_iter().flatten() {
        patch(&mut of_case, path, value);
    }
    let whole = case.get("wholeCatalog");
    request["catalog"] = whole.cloned().unwrap_or(of_case);
    let ask = case.get("ask").cloned().unwrap_or_else(|| Json::Object(Map::new()));
    engine(call, &request, &ask)
}

/// Runs one case; what is wrong with it, in words.
fn check(case: &Json) -> String {
    let mut wrong = String::new();
    match (answer(case), case.get("expect"), case.get("error")) {
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

fn toml_file(path: &Path) -> Json {
    let mut file: Json = toml::from_str(&fs::read_to_string(path).unwrap()).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    nulls(&mut file);
    file
}

/// Every case, with its file as seen from `tests/cases`.
fn cases() -> Vec<(String, Json)> {
    let folder = root().join("tests/cases");
    let mut paths = Vec::new();
    files(&folder, &mut paths);
    paths.sort();
    let mut cases = Vec::new();
    for path in paths {
        let file = path.strip_prefix(&folder).unwrap().display().to_string();
        let list = toml_file(&path)["case"].as_array().unwrap_or_else(|| panic!("{file}: no cases")).clone();
        cases.extend(list.into_iter().map(|case| (file.clone(), case)));
    }
    assert!(!cases.is_empty(), "no cases found");
    cases
}

#[test]
fn every_case_holds() {
    let (cases, mut failed, mut report) = (cases(), 0, String::new());
    for (file, case) in &cases {
        let wrong = check(case);
        if !wrong.is_empty() {
            failed += 1;
            writeln!(report, "{file}: {}\n{wrong}", case["name"].as_str().unwrap_or("?")).unwrap();
        }
    }
    println!("{} cases, {failed} failed", cases.len());
    assert!(failed == 0, "\n{report}{failed} of {} cases failed", cases.len());
}

/// The request of a case after a change that was said to avoid charges.
fn changed(mut request: Json, change: &Json) -> Json {
    let text = |field: &str| change[field].as_str().map(str::to_string);
    let kind = text("change").unwrap();
    // `g0#2+1`: of the order `g0` or, where the order has a name, of that.
    let of = text("grant").map(|id| id.split(['#', '+']).next().unwrap().to_string());
    let grants = request["grants"].as_array().cloned().unwrap_or_default();
    let row = of.map(|of| (0..grants.len()).find(|i| *grants[*i].get("id").unwrap_or(&Json::from(format!("g{i}"))) == of).unwrap());
    match (kind.as_str(), row) {
        ("buy" | "buy_in_region" | "buy_for_api", None) => {
            let bought = ["package", "region", "quantity"].map(|field| (field.to_string(), change[field].clone()));
            request["grants"] = grants.into_iter().chain([Json::Object(bought.into_iter().collect())]).collect();
            request["grants"].as_array_mut().unwrap().last_mut().unwrap()["created"] = change["at"].clone();
        }
        ("buy", Some(row)) => {
            let mut more = grants[row].as_object().unwrap().clone();
            more.retain(|field, _| !["id", "used", "renewals"].contains(&field.as_str()));
            more.extend([("quantity".to_string(), change["quantity"].clone()), ("created".to_string(), change["at"].clone())]);
            request["grants"].as_array_mut().unwrap().push(Json::Object(more));
        }
        ("buy_earlier", Some(row)) => {
            request["grants"][row].as_object_mut().unwrap().remove("effective");
            request["grants"][row]["created"] = change["at"].clone();
        }
        ("renew", Some(row)) => {
            let renewal = serde_json::json!({ "at": change["at"] });
            request["grants"][row]["renewals"] = Json::Array(vec![renewal; change["quantity"].as_u64().unwrap() as usize]);
        }
        ("buy_in_region", Some(row)) => request["grants"][row]["region"] = change["region"].clone(),
        ("unbind", Some(row)) => {
            request["grants"][row].as_object_mut().unwrap().remove("project");
        }
        ("close_other" | "switch_off_earlier", None) => {
            let of_change = |row: &Json, field: &str| row.get(field) == change.get(field);
            for row in request["subscriptions"].as_array_mut().unwrap() {
                if ["api", "region", "user"].iter().all(|field| of_change(row, field)) {
                    row["until"] = change["at"].clone();
                }
            }
        }
        ("call_other_region", None) | ("call_in_region", Some(_)) => {
            for row in request["usage"].as_array_mut().unwrap().iter_mut().filter(|row| row["api"] == change["api"]) {
                row["region"] = change["region"].clone();
            }
        }
        ("call_other_api", Some(_)) => {
            let called = |row: &&mut Json| row["api"] == change["instead"] && row["region"] == change["region"];
            for row in request["usage"].as_array_mut().unwrap().iter_mut().filter(called) {
                row["api"] = change["api"].clone();
            }
        }
        ("read_otherwise", None) => request["profile"][text("profile").unwrap()] = change["option"].clone(),
        _ => panic!("no such change: {change}"),
    }
    request
}

#[test]
fn a_change_saves_what_the_changed_request_costs_less() {
    let total = |mut case: Json, request: Json| {
        case["call"] = "estimate".into();
        case["request"] = request;
        // Over all of time, so that everything that is bought counts.
        case["request"].as_object_mut().unwrap().remove("period");
        let total = answer(&case).unwrap_or_else(|error| panic!("{}: {error}", case["name"]))["total"].clone();
        total.as_str().map(|total| total.parse::<f64>().unwrap())
    };
    let mut checked = 0;
    for (_, case) in cases().into_iter().filter(|(_, case)| case["call"] == "charges") {
        for charge in answer(&case).unwrap()["charges"].as_array().unwrap() {
            let Some(change) = charge.get("avoidedBy") else { continue };
            let (before, after) =
                (total(case.clone(), case["request"].clone()), total(case.clone(), changed(case["request"].clone(), change)));
            let saves = before.zip(after).map(|(before, after)| before - after);
            let said = charge.get("saves").map(|saves| saves.as_str().unwrap().parse::<f64>().unwrap());
            let same = saves.zip(said).map_or(saves == said, |(saves, said)| (saves - said).abs() < 1e-9);
            assert!(same, "{}: {change} saves {saves:?}, not {said:?}", case["name"]);
            checked += 1;
        }
    }
    assert!(checked > 20, "{checked} changes");
}

/// Every rule of the rulebook.
const RULES: &str = "N1 N2 N3 N4 G1 G2 G3 G4 G5 G6 G7 D1 D2 D3 D4 D5 D6 D7 T1 T2 T3 T4 T5 T6 T7 T8 T9 P1 P2 P3 P4 P5 P6 P7 P8 P9 R1 F1 F2 Q1 \
    L1 L2 L3 L4 L5 L6 L7 L8 L9 L10 L11 W1 K1 K2 K3 K4 K5 K6 K7 K8 K9";

fn words(text: &str) -> BTreeSet<String> {
    text.split_whitespace().map(str::to_string).collect()
}

fn strings(list: &Json) -> impl Iterator<Item = &str> {
    list.as_array().into_iter().flatten().map(|it| it.as_str().expect("a string"))
}

#[test]
fn every_rule_has_a_case() {
    let (cases, table) = (cases(), toml_file(&root().join("tests/rules.toml")));
    let table = table.as_object().unwrap();
    assert_eq!(table.keys().cloned().collect::<BTreeSet<_>>(), words(RULES), "tests/rules.toml names each rule, and nothing else");
    for (rule, row) in table {
        assert!(strings(&row["cases"]).next().is_some(), "{rule} has no case");
        for named in strings(&row["cases"]) {
            let (file, name) = named.split_once(": ").unwrap_or_else(|| panic!("{rule}: {named}"));
            let found: Vec<_> = cases.iter().filter(|(of, case)| of == file && case["name"] == name).collect();
            assert!(found.len() == 1, "{rule}: {} cases are called {named}", found.len());
            assert!(strings(&found[0].1["rules"]).any(|it| it == rule), "{named} does not list {rule}");
        }
    }
}

#[test]
fn every_rule_that_is_named_exists() {
    let rules = words(RULES);
    for (file, case) in cases() {
        for rule in strings(&case["rules"]) {
            assert!(rules.contains(rule), "{file}: {rule} is no rule");
        }
        let mut said = BTreeSet::new();
        for answer in [answer(&case), Ok(catalog(case["catalog"].as_str().unwrap()))] {
            collect(&answer.unwrap_or_default(), &mut |key, value| {
                if key == "rule" || key == "cites" {
                    said.insert(value.to_string());
                }
            });
        }
        assert!(said.is_subset(&rules), "{file}: {:?}", said.difference(&rules));
    }
}

/// Every text of a value with the name of its field, or of the list or the `cites` that holds it.
fn collect(value: &Json, each: &mut impl FnMut(&str, &str)) {
    fn walk(key: &str, value: &Json, each: &mut impl FnMut(&str, &str)) {
        match value {
            Json::Object(fields) => fields.iter().for_each(|(name, value)| walk(if key == "cites" { key } else { name }, value, each)),
            Json::Array(items) => items.iter().for_each(|item| walk(key, item, each)),
            Json::String(text) => each(key, text),
            _ => {}
        }
    }
    walk("", value, each);
}

/// The texts in quotes that follow this, and then that, in a line of the engine's source.
fn named(marker: &str, then: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for entry in fs::read_dir(root().join("src")).unwrap() {
        let text = fs::read_to_string(entry.unwrap().path()).unwrap();
        let rest = text.lines().filter_map(|line| line.split_once(marker)?.1.split_once(then)?.1.split('"').nth(1));
        found.extend(rest.filter(|it| it.chars().all(|c| c.is_ascii_lowercase() || c == '_')).map(str::to_string));
    }
    assert!(found.len() > 1, "nothing follows {marker}");
    found
}

#[test]
fn every_code_is_said_in_a_case() {
    let mut said = BTreeSet::new();
    for (_, case) in cases() {
        let (Ok(answer) | Err(answer)) = answer(&case);
        collect(&answer, &mut |key, value| {
            said.insert(format!("{key} {value}"));
        });
    }
    let mut codes: BTreeSet<String> = Code::ALL.iter().map(|code| code.name().to_string()).collect();
    codes.remove("audit_failed"); // By its nature: the engine would have to be wrong.
    codes.retain(|code| !["line_too_long", "too_many_streams"].contains(&code.as_str())); // Made by a program, in tests/replay.rs.
    codes.extend(named("code: ", ""));
    codes.extend(named("Cause::", "=> "));
    for entry in fs::read_dir(root().join("www/catalogs")).unwrap() {
        let file: Json = serde_json::from_str(&fs::read_to_string(entry.unwrap().path()).unwrap()).unwrap();
        let notes = file["notes"].as_array().into_iter().flatten();
        codes.extend(notes.map(|note| note["code"].as_str().unwrap().to_string()));
    }
    let mut missing = Vec::new();
    let mut want = |key: &str, names: BTreeSet<String>| {
        missing.extend(names.iter().map(|name| format!("{key} {name}")).filter(|it| !said.contains(it)));
    };
    want("code", codes);
    want("refused", words("not_open no_quota pay_per_use_off"));
    want("code", words("arrears frozen stopped released"));
    want("code", words("balance_below package_left package_expires budget_actual budget_forecast"));
    want("code", words("purchase_needs_balance other_payment owed_at_top_up released_reopens arrears_serve_packages days_of_24_hours"));
    want("code", words("vouchers_first forecast_method budget_periods no_periods versions_share_count typed_days_unused"));
    want("advice", words("renew buy top_up use_up review"));
    want("outcome", words("paid unpaid stopped"));
    want("kind", words("top-up other-payment package renewal pay-per-use rounding"));
    want("state", words("active arrears expired grace frozen stopped released"));
    want("reason", words("package_other_region free_trial_other_region package_other_api package_ended no_package other"));
    want("why", words("package_ends packages_run_out arrears frozen stopped purchase_unpaid renewal_unpaid"));
    want("key", named("OrderKey::", "=> ").union(&words("class only waiting")).cloned().collect());
    want("reason", words("other_api other_region other_project not_yet_effective expired used_up outside_hours waiting later"));
    want("reason", words("rounding hour_boundary region free_quota calls price"));
    want("state", words("matched differs missing extra"));
    let changes = "buy buy_earlier renew buy_in_region buy_for_api unbind close_other switch_off_earlier call_other_region call_in_region call_other_api read_otherwise";
    want("change", words(changes));
    assert!(missing.is_empty(), "no case says: {missing:#?}");
}
