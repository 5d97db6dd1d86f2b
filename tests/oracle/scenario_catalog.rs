//! Random catalogs, small enough that every edge is reached.

use crate::dice::{Dice, Frame};
use crate::scenario_tariffs::{ladders, packages};
use serde_json::{Value, json};

pub const REGIONS: [&str; 2] = ["west", "east"];

pub fn catalog(dice: &mut Dice, frame: &Frame) -> Value {
    let monthly = dice.chance(45);
    let pay_per_use = !dice.chance(7);
    let mut names = ["text", "id-card", "invoice", "table", "bank"];
    dice.shuffle(&mut names);
    let names = &names[..dice.count(2, 4) as usize];
    let free_quotas = dice.chance(if pay_per_use { 55 } else { 15 });
    let classes = classes(dice, free_quotas);
    let apis = apis(dice, names, free_quotas);
    let packages = packages(dice, frame, &apis, &classes, free_quotas);
    let mut catalog = json!({
        "id": "random", "name": "Random", "currency": "CNY", "checkedOn": "2026-11-20",
        "utcOffset": frame.clock.show(0)[19..],
        "sources": { "dice": { "title": "Dice" }, "gap": { "title": "Gap" } },
        "settlement": if monthly { "month" } else { "hour" },
        "payPerUse": pay_per_use,
        "rounding": rounding(dice),
        "classes": classes, "order": order(dice),
        "regions": REGIONS.map(|id| json!({ "id": id, "name": id })),
        "ladders": ladders(dice, frame, &apis, monthly), "packages": packages, "apis": apis,
        "startChoice": dice.chance(60),
    });
    if !monthly {
        catalog["debitAfterHours"] = json!(dice.count(0, 3));
    }
    if catalog["order"][0] == "effective" && dice.chance(70) {
        catalog["startChoice"] = json!(true);
    }
    own_words(dice, pay_per_use, &mut catalog);
    catalog
}

/// Error codes that a call of a random catalog can have; the first two are billed now and then.
pub const ERROR_CODES: [&str; 9] =
    ["Failed.Blur", "Failed.Empty", "Failed.Blur", "failed.blur", "Failed.Blur ", "Failed.NoText", "00", "", "0"];

/// What succeeds (N4), the code of a refusal (P9), and whether pay-per-use has a switch (P8).
fn own_words(dice: &mut Dice, pay_per_use: bool, catalog: &mut Value) {
    match dice.between(0, 11) {
        0 | 1 => {
            let billed: Vec<&str> = ERROR_CODES[..2].iter().filter(|_| dice.chance(60)).copied().collect();
            catalog["success"] = json!({ "by": "error-code", "billed": billed, "source": "dice" });
            if billed.is_empty() && dice.chance(50) {
                catalog["success"] = json!({ "by": "error-code" });
            }
        }
        2 => catalog["success"] = json!({ "by": "http-status" }),
        _ => {}
    }
    if dice.chance(50) {
        catalog["notOpenCode"] = json!("Closed.1");
    }
    if pay_per_use && dice.chance(15) {
        catalog["payPerUseSwitch"] = json!(true);
    }
    if dice.chance(10) {
        catalog["overdue"] = overdue(dice);
    }
}

/// L11.
pub fn overdue(dice: &mut Dice) -> Value {
    let hours = *dice.pick(&[0, 0, 1, 2, 24, 24, 36, 72]);
    json!({ "stopAfterHours": hours, "packages": dice.pick(&["go-on", "stop"]), "source": "dice" })
}

/// What the account says of a switch.
pub fn switch(dice: &mut Dice, request: &mut Value) {
    if request["catalog"]["payPerUseSwitch"] == true && dice.chance(60) {
        request["payPerUse"] = json!(dice.chance(40));
    }
}

fn rounding(dice: &mut Dice) -> Value {
    let mode = |half_up: bool| if half_up { "half-up" } else { "truncate" };
    let (line, line_up, at, bill, bill_up) = match dice.between(0, 7) {
        0 => (2, false, "line", 2, false),
        1 => (8, false, "line", 2, false),
        2 => (8, true, "month", 2, true),
        3 => (3, false, "month", 2, false),
        4 => (8, false, "month", 2, false),
        _ => {
            let line = dice.count(1, 10);
            let at = if dice.chance(50) { "line" } else { "month" };
            (line, dice.chance(50), at, dice.count(0, line.min(4)), dice.chance(50))
        }
    };
    json!({ "line": { "places": line, "mode": mode(line_up) }, "bill": { "at": at, "places": bill, "mode": mode(bill_up) } })
}

/// Two to four; a package sits in the free class only where there are no free quotas.
fn classes(dice: &mut Dice, free_quotas: bool) -> Vec<Value> {
    let choices: [&[(&str, &str)]; 6] = [
        &[("free", "free"), ("package", "package")],
        &[("free", "free"), ("promotional", "promotional"), ("package", "package")],
        &[("free", "free"), ("dedicated", "package"), ("shared", "package")],
        &[("free", "free"), ("promotional", "promotional"), ("dedicated", "package"), ("shared", "package")],
        &[("promotional", "promotional"), ("package", "package"), ("free", "free")],
        &[("promotional", "promotional"), ("package", "package")],
    ];
    let last = if free_quotas { 5 } else { 6 };
    let chosen = *dice.pick(&choices[..last]);
    chosen.iter().map(|(id, kind)| json!({ "id": id, "kind": kind, "name": id })).collect()
}

pub fn order(dice: &mut Dice) -> Vec<&'static str> {
    let mut order = match dice.between(0, 12) {
        0 => vec!["project", "limited", "created", "effective", "expiry"],
        1 => vec!["expiry", "created"],
        2 => vec!["created", "size"],
        3 => vec!["size", "created"],
        5 | 6 | 10 => vec!["effective", "created"],
        8 => vec!["project", "created"],
        4 | 7 => vec![*dice.pick(&["project", "project", "limited", "size", "size"]), "created"],
        _ => {
            let mut keys = ["project", "limited", "created", "effective", "expiry", "size"];
            dice.shuffle(&mut keys);
            keys[..dice.count(0, 6) as usize].to_vec()
        }
    };
    order.push("sequence");
    order
}

fn apis(dice: &mut Dice, names: &[&str], free_quotas: bool) -> Vec<Value> {
    let only_west = dice.chance(12).then(|| *dice.pick(names));
    let shared = dice.chance(35);
    let shared_calls = dice.count(1, 60);
    let shared_every = if dice.chance(40) { "month" } else { "once" };
    let mut apis = Vec::new();
    for name in names {
        let mut api = json!({ "id": name, "name": name });
        if dice.chance(25) {
            api["callsPerRequest"] = json!(dice.count(1, 3));
        }
        if dice.chance(60) {
            api["points"] = json!(dice.count(1, 4));
        }
        if only_west == Some(*name) {
            api["regions"] = json!(["west"]);
        }
        if free_quotas && dice.chance(55) {
            let mut free = match shared && dice.chance(70) {
                true => json!({ "calls": shared_calls, "every": shared_every, "shared": "together" }),
                false => {
                    json!({ "calls": dice.count(1, 60), "every": if dice.chance(65) { "month" } else { "once" } })
                }
            };
            if dice.chance(30) && free.get("shared").is_none() {
                let region = if only_west == Some(*name) { "west" } else { *dice.pick(&REGIONS) };
                free["regions"] = json!([region]);
            }
            api["free"] = free;
        }
        apis.push(api);
    }
    apis
}
