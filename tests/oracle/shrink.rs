//! A smaller request that still differs: naively leave parts out, one at a time, as long as something comes off.

use crate::compare::Difference;
use crate::profile;
use serde_json::{Value, json};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What the engine says of a request otherwise than the oracle.
pub type Check<'a> = dyn Fn(&Value) -> Vec<Difference> + 'a;

/// How many smaller requests are tried.
const TRIES: usize = 3000;

pub fn shrink(request: &Value, different: &[Difference], check: &Check) -> Value {
    let error = different[0].path == "error";
    // A request that the oracle cannot read either, or that fails in another way, is not the same fault.
    let still = |smaller: &Value| {
        let differ = || {
            let found = check(smaller);
            !found.is_empty() && (found[0].path == "error") == error && (!error || found[0].engine == different[0].engine)
        };
        catch_unwind(AssertUnwindSafe(differ)).unwrap_or(false)
    };
    std::panic::set_hook(Box::new(|_| {}));
    let (mut small, mut tries) = (request.clone(), 0);
    loop {
        let before = small.clone();
        for smaller in [readings, halves, rows, fields, fewer_calls, of_account] {
            let mut at = 0;
            while let Some(next) = smaller(&small, at) {
                tries += 1;
                if tries > TRIES {
                    drop(std::panic::take_hook());
                    return small;
                }
                if still(&next) { small = next } else { at += 1 }
            }
        }
        if small == before {
            drop(std::panic::take_hook());
            return small;
        }
    }
}

const LISTS: [&str; 10] = [
    "usage",
    "subscriptions",
    "grants",
    "catalog.ladders",
    "catalog.packages",
    "entered.ladders",
    "entered.packages",
    "opening.ladders",
    "opening.free",
    "opening.grants",
];

fn list<'a>(request: &'a mut Value, name: &str) -> Option<&'a mut Vec<Value>> {
    name.split('.').try_fold(request, |value, key| value.get_mut(key))?.as_array_mut()
}

/// Usage without its first, second, third … block of a sixteenth.
fn halves(request: &Value, at: usize) -> Option<Value> {
    let mut smaller = request.clone();
    let usage = list(&mut smaller, "usage")?;
    let size = usage.len().div_ceil(16);
    if size < 2 || at * size >= usage.len() {
        return None;
    }
    let end = usage.len().min((at + 1) * size);
    usage.drain(at * size..end);
    Some(smaller)
}

/// Without one row of one list; grants keep their names.
fn rows(request: &Value, at: usize) -> Option<Value> {
    let mut smaller = request.clone();
    for (number, grant) in list(&mut smaller, "grants").into_iter().flatten().enumerate() {
        if grant.get("id").is_none() {
            grant["id"] = json!(format!("g{number}"));
        }
    }
    let mut rest = at;
    for name in LISTS {
        let Some(rows) = list(&mut smaller, name) else {
            continue;
        };
        if rest < rows.len() {
            rows.remove(rest);
            return Some(smaller);
        }
        rest -= rows.len();
    }
    None
}

/// With the chosen readings written into the catalog, or one choice less.
fn readings(request: &Value, at: usize) -> Option<Value> {
    let mut smaller = request.clone();
    let chosen: Vec<String> = request.get("profile")?.as_object()?.keys().cloned().collect();
    if at == 0 {
        smaller = profile::chosen(request).into_owned();
        smaller.as_object_mut()?.remove("profile");
        return Some(smaller);
    }
    smaller["profile"].as_object_mut()?.remove(chosen.get(at - 1)?);
    Some(smaller)
}

/// Without one optional field of the request, of the catalog, or of one of their rows.
fn fields(request: &Value, at: usize) -> Option<Value> {
    let mut smaller = request.clone();
    let mut paths = Vec::new();
    for key in ["subscriptions", "opening", "period", "entered", "payPerUse"] {
        // An account begins where its period does.
        if key == "period" && request.get("account").is_some() {
            continue;
        }
        paths.push((key.to_owned(), String::new(), 0));
    }
    for key in [
        "profiles",
        "limited",
        "stacking",
        "windows",
        "cites",
        "success",
        "notOpenCode",
        "payPerUseSwitch",
        "overdue",
        "lifecycle",
        "arrears",
    ] {
        paths.push((key.to_owned(), "catalog".to_owned(), 0));
    }
    for (name, keys) in [
        ("grants", vec!["renewals", "quantity", "project", "limited", "effective", "price", "used", "api"]),
        ("usage", vec!["succeed", "billable", "status", "errorCode", "project", "user"]),
        ("catalog.apis", vec!["free", "points", "callsPerRequest"]),
        ("catalog.packages", vec!["hours", "regions", "from", "until"]),
        ("catalog.ladders", vec!["regions", "reset", "onChange", "block", "bound", "per"]),
    ] {
        for row in 0..list(&mut smaller, name).map_or(0, |rows| rows.len()) {
            paths.extend(keys.iter().map(|key| ((*key).to_owned(), name.to_owned(), row)));
        }
    }
    let (key, name, row) = paths
        .into_iter()
        .filter(|(key, name, row)| holder(&mut smaller, name, *row).is_some_and(|holder| holder.get(key).is_some()))
        .nth(at)?;
    holder(&mut smaller, &name, row)?.as_object_mut()?.remove(&key);
    Some(smaller)
}

/// Without one row or field of the account, or with whole money.
fn of_account(request: &Value, at: usize) -> Option<Value> {
    let mut smaller = request.clone();
    let account = smaller.get_mut("account")?;
    let mut rest = at;
    for list in ["topUps", "autoRenew", "budgets"] {
        let Some(rows) = account.get_mut(list).and_then(Value::as_array_mut) else { continue };
        if rest < rows.len() {
            rows.remove(rest);
            return Some(smaller);
        }
        rest -= rows.len();
    }
    for holder in ["", "/alerts", "/budgets/0/scope", "/autoRenew/0", "/budgets/0"] {
        let Some(fields) = account.pointer_mut(holder).and_then(Value::as_object_mut) else { continue };
        let needed = ["balance", "grant", "id", "every", "from", "amount", "alerts"];
        let names: Vec<String> =
            fields.keys().filter(|name| holder.is_empty() && *name != "balance" || !needed.contains(&name.as_str())).cloned().collect();
        if rest < names.len() {
            fields.remove(&names[rest]);
            return Some(smaller);
        }
        rest -= names.len();
    }
    let mut renewals: Vec<&mut Value> = smaller["grants"].as_array_mut()?.iter_mut().filter_map(|row| row.get_mut("renewals")).collect();
    for rows in renewals.iter_mut().filter_map(|rows| rows.as_array_mut()) {
        if rest < rows.len() {
            rows.remove(rest);
            return Some(smaller);
        }
        rest -= rows.len();
    }
    None
}

fn holder<'a>(request: &'a mut Value, name: &str, row: usize) -> Option<&'a mut Value> {
    match name {
        "" => Some(request),
        "catalog" => request.get_mut("catalog"),
        _ => list(request, name)?.get_mut(row),
    }
}

/// With half the calls in one usage row.
fn fewer_calls(request: &Value, at: usize) -> Option<Value> {
    let mut smaller = request.clone();
    let rows = list(&mut smaller, "usage")?;
    let row = rows.iter_mut().filter(|row| row["calls"].as_u64().unwrap_or(0) > 1).nth(at)?;
    row["calls"] = json!(row["calls"].as_u64()? / 2);
    Some(smaller)
}
