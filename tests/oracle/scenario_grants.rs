//! Random purchases and what the person typed in.

use crate::clock::DAY;
use crate::dice::{Dice, Frame};
use crate::grants::Grant;
use crate::profile;
use crate::scenario_catalog::REGIONS;
use crate::scenario_tariffs;
use crate::world::World;
use serde_json::{Value, json};

/// The grants that this unfinished request makes.
pub fn grants(request: &Value) -> Vec<Grant> {
    World::new(request).grants
}

/// Prices and packages typed in by the person.
pub fn enter(dice: &mut Dice, frame: &Frame, request: &mut Value) {
    let catalog = &request["catalog"];
    let (mut ladders, mut packages) = (Vec::new(), Vec::new());
    if dice.chance(70) {
        let api = &dice.pick(catalog["apis"].as_array().unwrap())["id"];
        let listed = catalog["ladders"].as_array().unwrap().iter().find(|row| row["apis"].as_array().unwrap().contains(api));
        let per = listed.and_then(|row| row["per"].as_u64()).unwrap_or(1);
        let mut row = scenario_tariffs::ladder(dice, &[api], per, catalog["settlement"] == "month");
        if dice.chance(35) {
            row["regions"] = json!([dice.pick(&REGIONS)]);
        }
        let mut change = json!(frame.clock.show(frame.anchor(dice)));
        let ended = listed.filter(|row| row.get("until").is_some() && dice.chance(60));
        if let Some(listed) = ended {
            // Typed in for the time after a price of the list.
            change = listed["until"].clone();
            for key in ["apis", "regions", "reset"] {
                row.as_object_mut().unwrap().remove(key);
                if let Some(value) = listed.get(key) {
                    row[key] = value.clone();
                }
            }
        }
        if ended.is_some() && dice.chance(75) {
            row["from"] = change;
        } else if dice.chance(50) {
            let mut next = scenario_tariffs::ladder(dice, &[api], per, catalog["settlement"] == "month");
            for key in ["apis", "regions", "reset"] {
                next.as_object_mut().unwrap().remove(key);
                if let Some(value) = row.get(key) {
                    next[key] = value.clone();
                }
            }
            row["until"] = change.clone();
            next["from"] = change;
            ladders.push(next);
        } else if dice.chance(45) {
            row["from"] = change;
        } else if dice.chance(30) {
            row["until"] = change;
        }
        ladders.push(row);
    }
    if dice.chance(60) {
        let mut row = dice.pick(catalog["packages"].as_array().unwrap()).clone();
        let fields = row.as_object_mut().unwrap();
        fields.remove("from");
        fields.remove("until");
        row["price"] = json!(dice.price(200));
        row["quota"] = json!(dice.count(5, 90));
        if dice.chance(30) {
            row["id"] = json!("pack-own");
        }
        packages.push(row);
    }
    request["entered"] = json!({ "ladders": ladders, "packages": packages });
}

/// Three to eight rows of grants.
pub fn buy(dice: &mut Dice, frame: &Frame, request: &mut Value) {
    let chosen = profile::chosen(request);
    let catalog = &chosen["catalog"];
    let mut offers: Vec<Value> = request["entered"]["packages"].as_array().cloned().unwrap_or_default();
    offers.extend(catalog["packages"].as_array().unwrap().clone());
    // What is sold where; all of it in one region leaves the other without.
    let mut sold: Vec<(&Value, &str)> = Vec::new();
    for offer in &offers {
        sold.extend(REGIONS.iter().filter(|region| is_sold(catalog, offer, region)).map(|region| (offer, *region)));
    }
    let one_region = *dice.pick(&[None, None, Some(REGIONS[0]), Some(REGIONS[1])]);
    if sold.iter().any(|(_, region)| Some(*region) == one_region) {
        sold.retain(|(_, region)| Some(*region) == one_region);
    }
    dice.shuffle(&mut sold);
    if dice.chance(40) {
        // A crowd of packages for one API.
        let api = sold[0].0["apis"][0].clone();
        sold.retain(|(offer, _)| offer["apis"].as_array().unwrap().contains(&api));
    }
    // Copies of few kinds compete; many kinds cover more.
    sold.truncate(dice.count(1, 8) as usize);
    let mut rows: Vec<Value> = Vec::new();
    let mut wanted = dice.count(3, 8);
    if catalog["limited"] == "off-peak" && dice.chance(60) {
        // Few grants leave calls to nobody but those outside their hours.
        wanted = dice.count(1, 3);
        sold.truncate(3);
    }
    if catalog["limited"] == "off-peak" && catalog["stacking"] == "one-at-a-time" && dice.chance(75) {
        request["grants"] = json!(two_in_a_row(dice, frame, sold[0]));
        return;
    }
    for number in 0..wanted {
        let (offer, region) = *dice.pick(&sold);
        let mut row = json!({ "package": offer["id"], "region": region, "created": created(dice, frame, offer, &rows) });
        if dice.chance(20) {
            row["api"] = dice.pick(offer["apis"].as_array().unwrap()).clone();
        }
        decorate(dice, frame, catalog, number, &mut row);
        rows.push(row);
    }
    request["grants"] = json!(rows);
}

/// Two of a kind: the second waits for the first, also in the hours in which the first does not serve.
fn two_in_a_row(dice: &mut Dice, frame: &Frame, (offer, region): (&Value, &str)) -> [Value; 2] {
    let first = frame.any(dice);
    let second = first + *dice.pick(&[0, 1, 60, DAY, 5 * DAY]);
    let row = |created: i64, limited: bool| json!({ "package": offer["id"], "region": region, "created": frame.clock.show(created), "limited": limited });
    [row(first, true), row(second, dice.chance(25))]
}

/// The package is sold there, and so is every API that it serves.
fn is_sold(catalog: &Value, offer: &Value, region: &str) -> bool {
    let there = |holder: &Value| holder["regions"].as_array().is_none_or(|regions| regions.contains(&json!(region)));
    let serves = |api: &&Value| offer["apis"].as_array().unwrap().contains(&api["id"]);
    there(offer) && catalog["apis"].as_array().unwrap().iter().filter(serves).all(there)
}

fn created(dice: &mut Dice, frame: &Frame, offer: &Value, rows: &[Value]) -> Value {
    if !rows.is_empty() && dice.chance(35) {
        return dice.pick(rows)["created"].clone();
    }
    let back = match offer["term"].get("years") {
        Some(_) => 340 * DAY,
        None => 0,
    };
    let at = if dice.chance(60) { frame.anchor(dice) } else { frame.any(dice) };
    json!(frame.clock.show(at - back - if dice.chance(30) { dice.between(0, 40 * DAY) } else { 0 }))
}

fn decorate(dice: &mut Dice, frame: &Frame, catalog: &Value, number: u64, row: &mut Value) {
    if dice.chance(30) {
        row["id"] = json!(format!("own-{number}"));
    }
    if dice.chance(35) {
        row["quantity"] = json!(dice.count(1, 3));
    }
    let by_effect = catalog["order"][0] == "effective";
    if catalog["startChoice"] == true && dice.chance(if by_effect { 75 } else { 40 }) {
        let created = frame.clock.read(row["created"].as_str().unwrap());
        let mut next = (created.div_euclid(DAY) + 1 + dice.between(0, 6)) * DAY;
        // Several that take effect together, whenever they were bought.
        let meeting = frame.anchors[0].div_euclid(DAY) * DAY;
        if by_effect && dice.chance(45) && created < meeting {
            next = meeting;
        }
        row["effective"] = json!(frame.clock.show(next));
    }
    if dice.chance(if catalog["order"][0] == "project" { 60 } else { 35 }) {
        row["project"] = json!(dice.pick(&["alpha", "alpha", "Beta"]));
    }
    let off_peak = catalog["limited"] == "off-peak";
    if dice.chance(if off_peak { 75 } else { 25 }) {
        row["limited"] = json!(dice.chance(85));
    }
    if dice.chance(20) {
        row["price"] = json!(dice.price(100));
    }
}

/// Renewals before and after expiry, and what was drawn before.
pub fn renew(dice: &mut Dice, frame: &Frame, request: &mut Value) {
    let bought = grants(request);
    let firsts = bought.iter().filter(|grant| grant.free.is_none() && grant.copy == 0);
    let mut renewed = Vec::new();
    for grant in firsts {
        let row = &mut request["grants"][grant.row];
        if dice.chance(8) {
            row["used"] = json!(dice.count(1, grant.quota * grant.quantity));
        }
        if dice.chance(35) {
            renewed.push((grant.row, grant.created, grant.end));
            row["renewals"] = json!([]);
        }
    }
    for _ in 0..2 {
        for (row, after, end) in &mut renewed {
            if !request["grants"][*row]["renewals"].as_array().unwrap().is_empty() && dice.chance(50) {
                continue;
            }
            let at = match dice.between(0, 4) {
                0 => *end - 1,
                1 => *end + dice.between(0, 5 * DAY),
                _ => dice.between((*after).min(*end), *end),
            };
            let at = at.max(*after);
            let mut renewal = json!({ "at": frame.clock.show(at) });
            if dice.chance(20) {
                renewal["price"] = json!(dice.price(100));
            }
            request["grants"][*row]["renewals"].as_array_mut().unwrap().push(renewal);
            *after = at;
        }
        let now = grants(request);
        for (row, _, end) in &mut renewed {
            *end = now.iter().filter(|grant| grant.free.is_none() && grant.row == *row).map(|grant| grant.end).max().unwrap();
        }
    }
}
