//! Random questions about two invented catalogs, and the arithmetic on answers that more than one test needs.
#![allow(dead_code)] // each test uses its part

use proptest::prelude::*;
use serde_json::{Value as Json, json};
use std::fs;

/// A catalog settled by the hour, and one settled by the month: their APIs, regions and packages.
struct Shop {
    catalog: &'static str,
    apis: &'static [&'static str],
    regions: &'static [&'static str],
    packages: &'static [&'static str],
}

const SHOPS: [Shop; 2] = [
    Shop {
        catalog: "example-hourly",
        apis: &["text", "table", "memo", "note"],
        regions: &["north", "south"],
        packages: &["text-7", "text-30", "text-month-20", "text-trial-5", "table-9", "text-50"],
    },
    Shop {
        catalog: "example-monthly",
        apis: &["read", "scan", "form", "check", "verify", "edge", "stock"],
        regions: &["east", "west"],
        packages: &["read-50", "read-month-40", "scan-40", "shared-60", "points-20"],
    },
];

pub fn catalog(name: &str) -> Json {
    let path = format!("{}/tests/catalogs/{name}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

/// A second of the first four months of 2026, on a few days and hours, so that things meet.
fn instant() -> impl Strategy<Value = String> {
    let day = prop::sample::select(vec!["01-01", "01-02", "01-31", "02-01", "02-14", "02-28", "03-01", "03-31", "04-01", "04-15"]);
    let time = prop::sample::select(vec!["00:00:00", "00:00:01", "10:30:00", "10:59:59", "11:00:00", "23:59:59"]);
    (day, time).prop_map(|(day, time)| format!("2026-{day}T{time}+08:00"))
}

fn project() -> impl Strategy<Value = Option<&'static str>> {
    prop::sample::select(vec![None, None, Some("p"), Some("q")])
}

fn usage(shop: &'static Shop) -> impl Strategy<Value = Json> {
    let what = (prop::sample::select(shop.apis), prop::sample::select(shop.regions), project());
    let how = (
        instant(),
        instant(),
        0u64..120,
        prop::sample::select(vec!["at", "window", "months"]),
        prop::sample::select(vec!["1", "0.5", "0.37"]),
    );
    (what, how).prop_map(|((api, region, project), (start, end, calls, kind, succeed))| {
        let mut row = json!({ "kind": kind, "api": api, "region": region });
        match kind {
            "at" => (row["at"], row["calls"]) = (json!(start), json!(calls)),
            "window" => {
                let (start, end) = if start < end { (start, end) } else { (end, "2026-05-01T00:00:00+08:00".to_string()) };
                (row["start"], row["end"], row["calls"], row["succeed"]) = (json!(start), json!(end), json!(calls), json!(succeed));
            }
            _ => {
                (row["from"], row["monthly"], row["succeed"]) =
                    (json!("2026-01"), json!([calls, 120 - calls, calls / 2, 1]), json!(succeed))
            }
        }
        if let Some(project) = project {
            row["project"] = json!(project);
        }
        row
    })
}

fn grant(shop: &'static Shop) -> impl Strategy<Value = Json> {
    let what = (prop::sample::select(shop.packages), prop::sample::select(shop.regions), project());
    (what, instant(), 1u64..3, any::<bool>()).prop_map(|((package, region, project), created, quantity, limited)| {
        let mut row = json!({ "package": package, "region": region, "created": created, "quantity": quantity, "limited": limited });
        if let Some(project) = project {
            row["project"] = json!(project);
        }
        row
    })
}

/// A question about either shop, for the first four months of 2026.
pub fn question() -> impl Strategy<Value = Json> {
    (0..SHOPS.len()).prop_flat_map(|shop| {
        let shop = &SHOPS[shop];
        (prop::collection::vec(usage(shop), 1..10), prop::collection::vec(grant(shop), 0..6)).prop_map(|(usage, grants)| {
            json!({
                "catalog": catalog(shop.catalog), "usage": usage, "grants": grants, "detail": "draw",
                "period": { "start": "2026-01-01T00:00:00+08:00", "end": "2026-05-01T00:00:00+08:00" },
            })
        })
    })
}

/// An exact decimal, in units of 10⁻¹³.
pub fn units(amount: &Json) -> i128 {
    let text = amount.as_str().unwrap_or_else(|| panic!("{amount} is no amount"));
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    format!("{whole}{fraction:0<13}").parse().unwrap()
}

pub fn list<'a>(answer: &'a Json, name: &str) -> &'a Vec<Json> {
    answer[name].as_array().unwrap()
}

pub fn total(rows: &[Json], field: &str) -> i128 {
    rows.iter().map(|row| units(&row[field])).sum()
}

pub fn count(rows: &[Json], field: &str) -> u64 {
    rows.iter().map(|row| row[field].as_u64().unwrap()).sum()
}
