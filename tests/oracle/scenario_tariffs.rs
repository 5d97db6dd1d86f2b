//! Random ladders and packages: every shape, price versions one after the other.

use crate::clock::DAY;
use crate::dice::{Dice, Frame};
use crate::scenario_catalog::REGIONS;
use serde_json::{Map, Value, json};

/// Ladders for groups of APIs: price versions one after the other, in every shape, by region or not.
pub fn ladders(dice: &mut Dice, frame: &Frame, apis: &[Value], monthly: bool) -> Vec<Value> {
    let mut ids: Vec<&Value> = apis.iter().map(|api| &api["id"]).collect();
    dice.shuffle(&mut ids);
    let split = dice.count(0, ids.len() as u64) as usize;
    let groups: Vec<&[&Value]> = if dice.chance(50) { ids.chunks(1).collect() } else { vec![&ids[..split], &ids[split..]] };
    let mut rows = Vec::new();
    for group in groups.into_iter().filter(|group| !group.is_empty()) {
        if dice.chance(3) {
            continue;
        }
        // One block size for everything that can price one API, so that a line never mixes two.
        let per = *dice.pick(&[1, 1, 1, 1, 10, 100, 1000]);
        let regions: Vec<Option<&str>> = if dice.chance(25) { REGIONS.iter().map(|id| Some(*id)).collect() } else { vec![None] };
        for region in regions {
            let changes = changes(dice, frame);
            let mut scope = Scope { apis: vec![group.to_vec()], regions: vec![region], never_reset: dice.chance(25) };
            let mut from = None;
            for at in 0..=changes.len() {
                let until = changes.get(at).copied();
                rows.extend(scope.rows(dice, frame, per, monthly, (from, until)));
                from = until;
                // What follows is a version of the same price, or only looks like one.
                let next = changes.get(at + 1).copied().unwrap_or(i64::MAX);
                match (until, dice.between(0, 19)) {
                    (Some(until), 0 | 1) if until + 1 < next => {
                        let end = (until + *dice.pick(&[1, 60, DAY])).min(next - 1);
                        scope.never_reset ^= true;
                        let mut between = scope.rows(dice, frame, per, monthly, (Some(until), Some(end)));
                        scope.never_reset ^= true;
                        between.iter_mut().for_each(|row| row["source"] = json!("gap"));
                        rows.extend(between);
                        from = Some(end);
                    }
                    (_, 2 | 3) if scope.regions == [None] => scope.regions = REGIONS.iter().map(|id| Some(*id)).collect(),
                    (_, 4) if region.is_none() => scope.regions = vec![None],
                    (_, 5..=9) if group.len() > 1 => scope.apis = group.iter().map(|id| vec![*id]).collect(),
                    (_, 10 | 11) => scope.never_reset ^= true,
                    _ => {}
                }
            }
        }
    }
    dice.shuffle(&mut rows);
    rows
}

/// When a price changes; several times within days, or anywhere.
fn changes(dice: &mut Dice, frame: &Frame) -> Vec<i64> {
    let first = frame.anchor(dice);
    let near = dice.chance(75);
    let mut changes: Vec<i64> = Vec::new();
    for number in 0..*dice.pick(&[0, 0, 1, 1, 2, 2, 2]) {
        changes.push(match (number, near) {
            (0, _) => first,
            (_, true) => first + dice.between(1, 4 * DAY),
            (_, false) => frame.anchor(dice),
        });
    }
    changes.sort_unstable();
    changes.dedup();
    changes
}

/// For whom the rows of one time are.
struct Scope<'a> {
    apis: Vec<Vec<&'a Value>>,
    regions: Vec<Option<&'a str>>,
    never_reset: bool,
}

impl Scope<'_> {
    /// One row each, from an instant until another.
    fn rows(&self, dice: &mut Dice, frame: &Frame, per: u64, monthly: bool, (from, until): (Option<i64>, Option<i64>)) -> Vec<Value> {
        let mut rows = Vec::new();
        for (apis, region) in self.apis.iter().flat_map(|apis| self.regions.iter().map(move |region| (apis, region))) {
            let mut apis = apis.clone();
            dice.shuffle(&mut apis);
            let mut row = ladder(dice, &apis, per, monthly);
            let fields = row.as_object_mut().unwrap();
            fields.remove("reset");
            if self.never_reset {
                fields.insert("reset".into(), json!("never"));
            } else if dice.chance(10) {
                fields.insert("reset".into(), json!("month"));
            }
            if let Some(region) = region {
                row["regions"] = json!([region]);
            }
            for (key, at) in [("from", from), ("until", until)] {
                if let Some(at) = at {
                    row[key] = json!(frame.clock.show(at));
                }
            }
            rows.push(row);
        }
        rows
    }
}

/// A row without scope in time or region.
pub fn ladder(dice: &mut Dice, apis: &[&Value], per: u64, monthly: bool) -> Value {
    let shape = *dice.pick(if monthly { &["flat", "graduated", "graduated", "volume", "volume"] } else { &["flat", "flat", "graduated"] });
    let mut steps = Vec::new();
    let mut bound = 0;
    if shape != "flat" {
        for _ in 0..dice.count(0, 3) {
            bound += dice.count(2, 90);
            let price = dice.price(1);
            steps.push(json!({ "upTo": bound, "unitPrice": price }));
        }
    }
    let price = dice.price(1);
    steps.push(json!({ "upTo": null, "unitPrice": price }));
    if dice.chance(4) {
        let at = if dice.chance(70) { steps.len() - 1 } else { 0 };
        steps[at]["unitPrice"] = Value::Null;
    }
    let mut row = json!({ "apis": apis, "shape": shape, "steps": steps, "source": "dice" });
    if per > 1 {
        row["per"] = json!(per);
    }
    if dice.chance(45) {
        row["block"] = json!(if dice.chance(80) { "whole" } else { "prorated" });
    }
    if dice.chance(40) {
        row["bound"] = json!(if dice.chance(80) { "upTo-excluded" } else { "upTo-included" });
    }
    if dice.chance(30) {
        row["reset"] = json!(if dice.chance(80) { "never" } else { "month" });
    }
    if dice.chance(45) {
        row["onChange"] = json!(if dice.chance(85) { "keep" } else { "switch" });
    }
    row
}

pub fn packages(dice: &mut Dice, frame: &Frame, apis: &[Value], classes: &[Value], free_quotas: bool) -> Vec<Value> {
    let classes: Vec<&Value> = classes.iter().filter(|class| !free_quotas || class["kind"] != "free").collect();
    let mut rows = Vec::new();
    for number in 0..dice.count(4, 8) {
        let mut ids: Vec<&Value> = apis.iter().map(|api| &api["id"]).collect();
        dice.shuffle(&mut ids);
        let several = dice.chance(35);
        ids.truncate(if several { dice.count(2, ids.len() as u64) as usize } else { 1 });
        let points = dice.chance(if several { 55 } else { 20 });
        let class = dice.pick(&classes)["id"].clone();
        let everywhere = apis.iter().filter(|api| ids.contains(&&api["id"])).all(|api| api.get("regions").is_none());
        let region = dice.chance(12).then(|| if everywhere { *dice.pick(&REGIONS) } else { "west" });
        let term = term(dice);
        let change = dice.chance(25).then(|| frame.anchor(dice));
        for version in 0..=u8::from(change.is_some()) {
            let quota = if points { dice.count(5, 200) } else { dice.count(1, 80) };
            let price = if dice.chance(3) { Value::Null } else { json!(dice.price(300)) };
            let mut row = json!({ "id": format!("pack-{number}"), "name": "Pack", "apis": ids, "class": class, "quota": quota,
                                  "price": price, "term": term, "source": "dice" });
            if let Some(region) = region {
                row["regions"] = json!([region]);
            }
            if points || dice.chance(20) {
                row["unit"] = json!(if points { "point" } else { "call" });
            }
            if let Some(change) = change {
                row[if version == 0 { "until" } else { "from" }] = json!(frame.clock.show(change));
                if version == 1 && dice.chance(30) && term.get("months").is_some() {
                    row["term"]["months"] = json!(dice.count(1, 3));
                }
            }
            rows.push(row);
        }
    }
    rows
}

fn term(dice: &mut Dice) -> Value {
    let mut term = Map::new();
    match dice.between(0, 9) {
        0..=3 => drop(term.insert("days".into(), json!(dice.count(1, 25)))),
        4..=7 => drop(term.insert("months".into(), json!(*dice.pick(&[1, 1, 2, 3])))),
        8 => drop(term.insert("years".into(), json!(1))),
        9 if dice.chance(60) => {
            term.insert("months".into(), json!(dice.count(1, 2)));
            term.insert("days".into(), json!(dice.count(1, 20)));
        }
        _ => {
            term.insert("years".into(), json!(1));
            term.insert("months".into(), json!(1));
        }
    }
    if dice.chance(25) {
        term.insert("ends".into(), json!(if dice.chance(85) { "same-second" } else { "day-end" }));
    }
    Value::Object(term)
}
