//! What holds of every history, whoever tells it.

use crate::account_alerts;
use crate::compare::Difference;
use crate::money;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Along these a state changes, of what, from and to; a state without length is not told, so the last five rows join two.
const CHANGES: [(&str, &str, &str); 38] = [
    ("account", "active", "arrears"),
    ("account", "arrears", "active"),
    ("pay-per-use", "active", "grace"),
    ("pay-per-use", "active", "frozen"),
    ("pay-per-use", "grace", "frozen"),
    ("pay-per-use", "grace", "active"),
    ("pay-per-use", "grace", "released"),
    ("pay-per-use", "frozen", "released"),
    ("pay-per-use", "frozen", "active"),
    ("pay-per-use", "released", "active"),
    ("pay-per-use", "active", "stopped"),
    ("pay-per-use", "grace", "stopped"),
    ("pay-per-use", "stopped", "active"),
    ("package", "active", "grace"),
    ("package", "active", "frozen"),
    ("package", "active", "released"),
    ("package", "active", "expired"),
    ("package", "grace", "frozen"),
    ("package", "grace", "released"),
    ("package", "grace", "active"),
    ("package", "frozen", "released"),
    ("package", "frozen", "active"),
    ("package", "expired", "active"),
    ("package", "active", "stopped"),
    ("package", "stopped", "active"),
    ("package", "stopped", "grace"),
    ("package", "stopped", "frozen"),
    ("package", "stopped", "released"),
    ("package", "stopped", "expired"),
    // Renewed for nothing while the service is stopped.
    ("package", "grace", "stopped"),
    ("package", "frozen", "stopped"),
    ("package", "expired", "stopped"),
    // A late renewal whose term is over before it was paid.
    ("package", "frozen", "grace"),
    ("pay-per-use", "active", "released"),
    ("pay-per-use", "frozen", "grace"),
    ("pay-per-use", "stopped", "grace"),
    ("pay-per-use", "released", "grace"),
    ("pay-per-use", "released", "frozen"),
];

fn amount(value: &Value) -> i128 {
    money::read(value.as_str().unwrap_or_else(|| panic!("no amount in {value}")))
}

fn total(rows: &Value, of: &str) -> i128 {
    rows.as_array().unwrap().iter().map(|row| amount(&row[of])).sum()
}

/// The laws that a history breaks.
pub fn broken(request: &Value, history: &Value) -> Vec<Difference> {
    let mut found = Vec::new();
    let mut must = |law: &str, one: Value, other: Value| {
        if one != other {
            found.push(Difference { path: format!("law: {law}"), oracle: one, engine: other });
        }
    };
    let held = |key: &str| request["account"].get(key).map_or(0, amount);
    let closing = amount(&history["closing"]["balance"]) + amount(&history["closing"]["vouchers"]);
    let moved = held("balance") + held("vouchers") + total(&history["movements"], "amount");
    must("money is conserved", json!(money::show(moved)), json!(money::show(closing)));
    let mut worth = held("balance") + held("vouchers");
    for movement in history["movements"].as_array().unwrap() {
        worth += amount(&movement["amount"]);
        let after = amount(&movement["balance"]) + amount(&movement["vouchers"]);
        must("each movement moves its amount", json!(money::show(worth)), json!(money::show(after)));
    }
    let mut last: BTreeMap<String, &Value> = BTreeMap::new();
    for row in history["states"].as_array().unwrap() {
        let name = format!("{} {}", row["of"], row["grant"]);
        if let Some(before) = last.insert(name, row) {
            let (from, to) = (before["state"].as_str().unwrap(), row["state"].as_str().unwrap());
            let allowed = CHANGES.iter().any(|change| row["of"] == change.0 && (from, to) == (change.1, change.2));
            must(&format!("states change along the table: {from} {to}"), json!(true), json!(allowed));
            must("states follow one another", before["end"].clone(), row["start"].clone());
        }
        must("a state lasts", json!(true), json!(row["start"].as_str() < row["end"].as_str()));
    }
    let mut told = BTreeMap::new();
    let rank = |alert: &Value| account_alerts::CODES.iter().position(|code| alert["code"] == *code);
    let mut before = (String::new(), None);
    for alert in history["alerts"].as_array().unwrap() {
        // Packages of the same APIs in calls and in points are told apart by what is left of them.
        let name = format!("{} {} {} {}", alert["at"], alert["code"], alert["of"], alert["threshold"]);
        // A person can ask for the same twice.
        let asked_twice = name.contains("budget_");
        let twice = told.insert(name.clone(), ()).is_some() && !asked_twice;
        must(&format!("no alert twice: {name}"), json!(false), json!(twice));
        let now = (alert["at"].to_string(), rank(alert));
        must("alerts in their order", json!(true), json!(before <= now));
        before = now;
    }
    for by in ["project", "user", "api", "region"] {
        let rows: Vec<Value> = history["split"].as_array().unwrap().iter().filter(|row| row["by"] == by).cloned().collect();
        let sum = total(&json!(rows), "amount");
        must("the parts add up to the total", history["estimate"]["total"].clone(), json!(money::show(sum)));
    }
    found
}
