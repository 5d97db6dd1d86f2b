//! Is the engine's answer the oracle's? To the last digit in every field that the contract fixes; what it leaves
//! open (the order of some lists, entries that are all zero) is brought into one form on both sides first.

use crate::answer::ASSUMED_ON;
use crate::money;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Fields that say something by being there: one that only the engine has is a difference.
const OPTIONAL: [&str; 5] = ["project", "paidBefore", "draws", "month", "over"];

/// The same of a receipt.
const OPTIONAL_IN_RECEIPT: [&str; 9] = ["project", "user", "paid", "charged", "refused", "package", "over", "key", "entered"];

pub struct Difference {
    pub path: String,
    pub oracle: Value,
    pub engine: Value,
}

/// All differences between two answers.
pub fn differences(oracle: &Value, engine: &Value) -> Vec<Difference> {
    let mut found = Vec::new();
    walk("estimate", &plain(oracle), &plain(engine), &OPTIONAL, &mut found);
    found
}

/// All differences between two receipts, or their errors.
pub fn receipts(oracle: &Value, engine: &Value, bought: &[&str]) -> Vec<Difference> {
    let mut engine = engine.clone();
    free_by_name(&mut engine, bought);
    if let Some(because) = engine.pointer_mut("/paid/because").and_then(Value::as_object_mut) {
        // The receipt itself holds the same rule.
        because.remove("rule");
    }
    let mut found = Vec::new();
    walk("receipt", oracle, &engine, &OPTIONAL_IN_RECEIPT, &mut found);
    found
}

/// A free quota has no id of its own in the contract.
fn free_by_name(value: &mut Value, bought: &[&str]) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                match value.as_str() {
                    Some(id) if ["grant", "over"].contains(&key.as_str()) && !bought.contains(&id) => *value = json!("free"),
                    _ => free_by_name(value, bought),
                }
            }
        }
        Value::Array(entries) => entries.iter_mut().for_each(|entry| free_by_name(entry, bought)),
        _ => {}
    }
}

/// All differences between two answers to what each reading changes.
pub fn readings(oracle: &Value, engine: &Value) -> Vec<Difference> {
    let mut engine = engine.clone();
    for entry in engine.as_array_mut().into_iter().flatten() {
        no_zero_classes(entry.get_mut("calls"));
    }
    let mut oracle = oracle.clone();
    for entry in oracle.as_array_mut().into_iter().flatten() {
        no_zero_classes(entry.get_mut("calls"));
    }
    let mut found = Vec::new();
    walk("readings", &oracle, &engine, &["error"], &mut found);
    found
}

pub fn walk(path: &str, oracle: &Value, engine: &Value, optional: &[&str], found: &mut Vec<Difference>) {
    match (oracle, engine) {
        (Value::Object(ours), Value::Object(theirs)) => {
            for (key, value) in ours {
                let missing = json!("(absent)");
                walk(&format!("{path}.{key}"), value, theirs.get(key).unwrap_or(&missing), optional, found);
            }
            for key in optional.iter().filter(|key| !ours.contains_key(**key)) {
                if let Some(value) = theirs.get(*key) {
                    found.push(Difference { path: format!("{path}.{key}"), oracle: json!("(absent)"), engine: value.clone() });
                }
            }
        }
        (Value::Array(ours), Value::Array(theirs)) => {
            if ours.len() != theirs.len() {
                found.push(Difference { path: format!("{path}.length"), oracle: json!(ours.len()), engine: json!(theirs.len()) });
            }
            for (at, (one, other)) in ours.iter().zip(theirs).enumerate() {
                walk(&format!("{path}[{at}]"), one, other, optional, found);
            }
        }
        _ if oracle != engine => {
            found.push(Difference { path: path.into(), oracle: oracle.clone(), engine: engine.clone() });
        }
        _ => {}
    }
}

/// One form for both sides.
fn plain(answer: &Value) -> Value {
    let mut answer = answer.clone();
    let ids: Vec<Value> = list(&answer, "grants").iter().map(|grant| grant["id"].clone()).collect();
    let Some(fields) = answer.as_object_mut() else {
        return answer;
    };
    no_zero_classes(fields.get_mut("calls"));
    each(fields, "unpriced", |entry| {
        if entry.get("package").is_some() {
            entry.remove("api");
        }
        // Where no row is in force there is no field to name: the API tells.
        let step = |place: &Value| place.as_str().is_some_and(|place| place.contains(".steps["));
        if entry.get("package").is_none() && !entry.get("place").is_some_and(step) {
            entry.remove("place");
        }
        keep(entry, &["place", "api", "package"]);
    });
    sort(fields.get_mut("unpriced"));
    each(fields, "refused", |entry| keep(entry, &["code", "api", "region", "calls"]));
    sort(fields.get_mut("refused"));
    if let Some(Value::Array(notes)) = fields.get_mut("notes") {
        notes.retain(|note| note["code"] == ASSUMED_ON);
    }
    each(fields, "grants", |entry| {
        if entry.get("paidBefore") == Some(&json!(false)) {
            entry.remove("paidBefore");
        }
    });
    each(fields, "months", |entry| no_zero_classes(entry.get_mut("calls")));
    if let Some(Value::Array(months)) = fields.get_mut("months") {
        months.retain(|month| month["total"] != json!("0") || month["calls"]["requests"] != json!(0));
    }
    each(fields, "lines", |line| {
        each(line, "slices", |slice| keep(slice, &["from", "upTo", "calls", "unitPrice", "amount"]));
        join_equal(line.get_mut("slices"));
        sort(line.get_mut("slices"));
        each(line, "causes", |cause| keep(cause, &["code", "calls", "amount"]));
        sort(line.get_mut("causes"));
    });
    if let Some(Value::Array(lines)) = fields.get_mut("lines") {
        sort_packages_of_one_instant(lines);
    }
    for list in ["grants", "free", "ladders"] {
        sort(fields.get_mut("closing").and_then(|closing| closing.get_mut(list)));
    }
    each(fields, "draws", |draw| {
        let free = |id: &mut Value| {
            if !ids.contains(id) {
                *id = json!("free");
            }
        };
        draw.get_mut("grant").map(free);
        if let Some(Value::Object(because)) = draw.get_mut("because") {
            keep(because, &["key", "over"]);
            because.get_mut("over").map(free);
        }
        keep(draw, &["from", "to", "api", "region", "project", "grant", "calls", "units", "left", "because"]);
    });
    sort(fields.get_mut("draws"));
    answer
}

fn list<'a>(answer: &'a Value, key: &str) -> &'a [Value] {
    answer.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn each(fields: &mut Map<String, Value>, key: &str, change: impl Fn(&mut Map<String, Value>)) {
    if let Some(Value::Array(entries)) = fields.get_mut(key) {
        entries.iter_mut().filter_map(Value::as_object_mut).for_each(change);
    }
}

fn keep(entry: &mut Map<String, Value>, fields: &[&str]) {
    entry.retain(|key, _| fields.contains(&key.as_str()));
}

fn sort(entries: Option<&mut Value>) {
    if let Some(Value::Array(entries)) = entries {
        entries.sort_by_cached_key(|entry| {
            let fields = entry.as_object().into_iter().flatten();
            fields.map(|(key, value)| (key.clone(), value.to_string())).collect::<BTreeMap<_, _>>()
        });
    }
}

/// Two rows can have a step of the same bounds and price: one slice or two, the contract leaves open.
fn join_equal(slices: Option<&mut Value>) {
    let Some(Value::Array(slices)) = slices else { return };
    let mut joined: Vec<Value> = Vec::new();
    for slice in std::mem::take(slices) {
        let same = |other: &&mut Value| ["from", "upTo", "unitPrice"].iter().all(|key| other[*key] == slice[*key]);
        let Some(whole) = joined.iter_mut().find(same) else {
            joined.push(slice);
            continue;
        };
        if let (Some(one), Some(other)) = (whole["calls"].as_u64(), slice["calls"].as_u64()) {
            whole["calls"] = json!(one + other);
        }
        if let (Some(one), Some(other)) = (whole["amount"].as_str(), slice["amount"].as_str()) {
            whole["amount"] = json!(money::show(money::read(one) + money::read(other)));
        }
    }
    *slices = joined;
}

fn no_zero_classes(calls: Option<&mut Value>) {
    if let Some(Value::Object(classes)) = calls.and_then(|calls| calls.get_mut("byClass")) {
        classes.retain(|_, calls| *calls != json!(0));
    }
}

/// Which of several packages paid in one second comes first is left open where they serve several APIs.
fn sort_packages_of_one_instant(lines: &mut [Value]) {
    let same = |a: &Value, b: &Value| a["kind"] == "package" && b["kind"] == "package" && a["cycle"] == b["cycle"];
    for run in lines.chunk_by_mut(same) {
        run.sort_by_cached_key(|line| line["grant"].to_string());
    }
}
