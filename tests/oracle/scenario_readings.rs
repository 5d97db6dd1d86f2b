//! Random profiles: what a catalog lets the person choose, and what the request chooses.

use crate::dice::{Dice, Frame};
use crate::scenario_catalog::order;
use serde_json::{Map, Value, json};

/// Gives the catalog profiles, and the request a choice among them.
pub fn choose(dice: &mut Dice, frame: &Frame, request: &mut Value) {
    let catalog = &mut request["catalog"];
    let mut profiles = vec![orders(dice, catalog), rounding(dice, catalog)];
    profiles.extend(free_last(catalog));
    for (id, field, words) in
        [("K3", "limited", ["term", "off-peak"]), ("K5", "stacking", ["add-up", "one-at-a-time"]), ("K7", "windows", ["inside", "overlap"])]
    {
        // Now and then the catalog itself holds the second reading, and the first can be chosen.
        let other_default = dice.chance(4);
        if other_default {
            catalog[field] = json!(words[1]);
        }
        let [one, mut two] = words.map(|word| option(word, json!({ field: word })));
        if dice.chance(30) {
            two["set"]["cites"] = cites(dice);
        }
        profiles.push(json!({ "id": id, "title": id, "options": if other_default { [two, one] } else { [one, two] } }));
    }
    if dice.chance(50) {
        catalog["cites"] = cites(dice);
    }
    dice.shuffle(&mut profiles);
    let mut chosen = Map::new();
    if dice.chance(65) {
        let mut wanted: Vec<&Value> = profiles.iter().take(*dice.pick(&[1, 1, 2, 2, 3])).collect();
        if dice.chance(18) {
            // Who waits for a grant outside its hours is decided only where both are chosen.
            wanted = profiles.iter().filter(|profile| profile["id"] == "K3" || profile["id"] == "K5").collect();
        }
        for profile in wanted {
            let options = profile["options"].as_array().unwrap();
            let option = if dice.chance(90) { dice.pick(&options[1..]) } else { &options[0] };
            chosen.insert(profile["id"].as_str().unwrap().into(), option["id"].clone());
        }
    }
    let off_peak = chosen.get("K3").unwrap_or(&catalog["limited"]) == "off-peak";
    let percent = if off_peak { 100 } else { *dice.pick(&[0, 50, 100]) };
    hours(dice, frame, catalog, percent);
    catalog["profiles"] = json!(profiles);
    if !chosen.is_empty() {
        request["profile"] = Value::Object(chosen);
    }
}

fn option(id: &str, set: Value) -> Value {
    json!({ "id": id, "title": id, "source": "dice", "set": set })
}

/// K1: another order inside a class.
fn orders(dice: &mut Dice, catalog: &Value) -> Value {
    let mut other = json!(order(dice));
    if dice.chance(50) || other == catalog["order"] {
        let swap = catalog["order"][0] == "expiry";
        other = if swap {
            json!(["created", "effective", "expiry", "sequence"])
        } else {
            json!(["expiry", "created", "effective", "sequence"])
        };
    }
    let mut options = [option("created", json!({ "order": catalog["order"] })), option("expiry", json!({ "order": other }))];
    if dice.chance(50) {
        options[1]["set"]["cites"] = cites(dice);
    }
    json!({ "id": "K1", "title": "K1", "options": options })
}

/// Rules for some keys and reasons.
fn cites(dice: &mut Dice) -> Value {
    let names = ["class", "project", "created", "expiry", "sequence", "waiting", "other_api", "expired", "used_up", "outside_hours"];
    let cited = names.iter().filter(|_| dice.chance(70)).map(|name| ((*name).to_owned(), json!(format!("{name} rule"))));
    Value::Object(cited.collect())
}

/// K2: the free class at the other end.
fn free_last(catalog: &Value) -> Option<Value> {
    let classes = catalog["classes"].as_array().unwrap();
    let (free, mut moved): (Vec<Value>, Vec<Value>) = classes.iter().cloned().partition(|class| class["kind"] == "free");
    if free.is_empty() {
        return None;
    }
    let at = if classes[0] == free[0] { moved.len() } else { 0 };
    moved.splice(at..at, free);
    let options = [option("first", json!({})), option("last", json!({ "classes": moved }))];
    Some(json!({ "id": "K2", "title": "K2", "options": options }))
}

/// K8: each line cut, or the month; the catalog's own rounding is one of them, or something else.
fn rounding(dice: &mut Dice, catalog: &mut Value) -> Value {
    let cut =
        |at: &str, mode: &str| json!({ "line": { "places": 8, "mode": "truncate" }, "bill": { "at": at, "places": 2, "mode": mode } });
    let mut all = [("each", "line", "truncate"), ("month", "month", "half-up"), ("truncated", "month", "truncate")];
    dice.shuffle(&mut all);
    let mut options: Vec<Value> = all.iter().map(|(id, at, mode)| option(id, json!({ "rounding": cut(at, mode) }))).collect();
    match dice.chance(60) {
        true => catalog["rounding"] = options[0]["set"]["rounding"].clone(),
        false => options.insert(0, option("listed", json!({}))),
    }
    if dice.chance(30) && catalog["rounding"]["line"]["places"].as_u64() >= Some(2) {
        // Only what is charged, whatever a line is cut to.
        for option in &mut options[1..] {
            option["set"]["rounding"].as_object_mut().unwrap().remove("line");
        }
    }
    json!({ "id": "K8", "title": "K8", "options": options })
}

/// So many in a hundred packages say in which hours they serve where `limited` means hours.
fn hours(dice: &mut Dice, frame: &Frame, catalog: &mut Value, percent: u32) {
    let busy: Vec<i64> = frame.anchors.iter().map(|at| at.rem_euclid(crate::clock::DAY) / crate::clock::HOUR).collect();
    let mut of_one = Value::Null;
    for row in catalog["packages"].as_array_mut().unwrap() {
        // The versions of one package differ in them now and then.
        if of_one["id"] != row["id"] || dice.chance(20) {
            let from = if dice.chance(50) { *dice.pick(&busy) } else { dice.between(0, 23) };
            let to = if dice.chance(15) { 24 } else { (from + dice.between(1, 23)) % 24 };
            let to = if to == 0 { 24 } else { to };
            let hours = dice.chance(percent).then(|| json!({ "from": from, "to": to }));
            of_one = json!({ "id": row["id"], "hours": hours });
        }
        if of_one["hours"].is_object() {
            row["hours"] = of_one["hours"].clone();
        }
    }
}
