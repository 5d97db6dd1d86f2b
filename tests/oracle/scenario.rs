//! Random requests: what is sold, bought, opened and called, and which part of it is looked at.

use crate::answer;
use crate::clock::{self, DAY, HOUR};
use crate::dice::{Dice, Frame};
use crate::grants::Grant;
use crate::scenario_catalog::{REGIONS, catalog, switch};
use crate::scenario_grants::{buy, enter, grants, renew};
use crate::scenario_readings::choose;
use crate::scenario_usage::call;
use crate::world::World;
use serde_json::{Value, json};

/// One scenario; the same seed makes the same.
pub fn request(seed: u64) -> Value {
    let mut dice = Dice::new(seed);
    let dice = &mut dice;
    let frame = Frame::new(dice);
    let mut request = json!({ "catalog": catalog(dice, &frame) });
    if dice.chance(50) {
        let ladders = request["catalog"]["ladders"].as_array_mut().unwrap();
        ladders.retain(|row| row["source"] != "gap");
    }
    switch(dice, &mut request);
    choose(dice, &frame, &mut request);
    if dice.chance(45) {
        enter(dice, &frame, &mut request);
    }
    buy(dice, &frame, &mut request);
    renew(dice, &frame, &mut request);
    let streams = streams(dice, &request);
    if dice.chance(55) {
        request["subscriptions"] = subscribe(dice, &frame, &streams);
    }
    call(dice, &frame, &streams, &mut request);
    if dice.chance(60) {
        climb(dice, &frame, &mut request);
    }
    look_at_part(dice, &frame, &mut request);
    let detail = *dice.pick(&["", "month", "cycle", "cycle", "draw", "draw", "draw", "draw"]);
    if !detail.is_empty() {
        request["detail"] = json!(detail);
    }
    request
}

/// Who calls what: API, region, project, user.
pub fn streams(dice: &mut Dice, request: &Value) -> Vec<Value> {
    let apis = request["catalog"]["apis"].as_array().unwrap();
    let bought: Vec<Grant> = grants(request).into_iter().filter(|grant| grant.free.is_none()).collect();
    let mut streams = Vec::new();
    for _ in 0..dice.count(3, 8) {
        let api = dice.pick(apis);
        let region = if api.get("regions").is_some() { "west" } else { *dice.pick(&REGIONS) };
        let mut stream = json!({ "api": api["id"], "region": region });
        if dice.chance(35) {
            // What was bought is called, too.
            let grant = dice.pick(&bought);
            stream = json!({ "api": apis[*dice.pick(&grant.apis)]["id"], "region": REGIONS[grant.regions[0]] });
        }
        if dice.chance(45) {
            stream["project"] = json!(dice.pick(&["alpha", "alpha", "Beta", "gamma"]));
        }
        if dice.chance(45) {
            stream["user"] = json!(dice.pick(&["ann", "Bob"]));
        }
        streams.push(stream);
    }
    streams
}

pub fn subscribe(dice: &mut Dice, frame: &Frame, streams: &[Value]) -> Value {
    let mut rows = Vec::new();
    if dice.chance(8) {
        return json!(rows);
    }
    for stream in streams {
        if dice.chance(10) {
            continue;
        }
        for (user, from, until) in openings(dice, frame) {
            let mut row = json!({ "api": stream["api"], "region": stream["region"], "from": frame.clock.show(from) });
            if let Some(user) = user {
                row["user"] = json!(user);
            }
            if let Some(until) = until {
                let until = if until > from { until } else { from + dice.between(1, HOUR) };
                row["until"] = json!(frame.clock.show(until));
            }
            rows.push(row);
        }
    }
    json!(rows)
}

/// User, from and until of the subscriptions of one stream.
fn openings(dice: &mut Dice, frame: &Frame) -> Vec<(Option<&'static str>, i64, Option<i64>)> {
    let early = frame.start - dice.between(0, 400) * DAY;
    let (one, two) = (frame.anchor(dice), frame.anchor(dice));
    let (one, two) = (one.min(two), one.max(two));
    match dice.between(0, 6) {
        0 | 1 => vec![(None, early, None)],
        2 => vec![(None, one, dice.chance(50).then_some(two))],
        3 => vec![(Some("ann"), early, Some(one)), (Some("Bob"), early, None)],
        4 => vec![(None, early, Some(one)), (None, if dice.chance(50) { one } else { two }, None)],
        5 => vec![(None, early, None), (Some("Bob"), early, Some(two))],
        _ => vec![(*dice.pick(&[None, Some("ann"), Some("Bob")]), early, dice.chance(40).then_some(one))],
    }
}

/// When a price gives way to its next version; a ladder row of it.
fn changes_of_price(frame: &Frame, request: &Value) -> Vec<(i64, Value)> {
    let lists = [&request["entered"]["ladders"], &request["catalog"]["ladders"]];
    let rows = lists.into_iter().filter_map(Value::as_array).flatten().filter(|row| row.get("from").is_some());
    let change = |row: &Value| (frame.clock.read(row["from"].as_str().unwrap()), row.clone());
    rows.map(change).filter(|(at, _)| frame.start < *at && *at < frame.end).collect()
}

/// Calls of one API before and after a change of its price; now and then of one user to whom the old price was promised
/// and of one who came with the new one.
pub fn climb(dice: &mut Dice, frame: &Frame, request: &mut Value) {
    let changes = changes_of_price(frame, request);
    if changes.is_empty() {
        return;
    }
    let typed_in = request["entered"]["ladders"].as_array().map_or(0, Vec::len).min(changes.len());
    // The typed-in prices come first.
    let list = if typed_in > 0 && dice.chance(50) { &changes[..typed_in] } else { &changes[..] };
    let (at, row) = dice.pick(list).clone();
    let api = dice.pick(row["apis"].as_array().unwrap()).clone();
    let listed = request["catalog"]["apis"].as_array().unwrap().iter().find(|one| one["id"] == api).unwrap();
    let region = match listed.get("regions") {
        Some(_) => json!("west"),
        None => row["regions"].get(0).cloned().unwrap_or(json!(dice.pick(&REGIONS))),
    };
    let promised = request.get("subscriptions").is_some() && dice.chance(60);
    let spans = [-2 * DAY, 0, 0, DAY];
    for (number, start) in spans.iter().enumerate() {
        let start = at + start;
        let mut usage = json!({ "kind": "window", "start": frame.clock.show(start), "end": frame.clock.show(start + DAY),
                                "api": api, "region": region, "calls": dice.count(5, 60) });
        if promised {
            usage["user"] = json!(["ann", "Bob"][number % 2]);
        }
        request["usage"].as_array_mut().unwrap().push(usage);
    }
    if promised {
        let rows = request["subscriptions"].as_array_mut().unwrap();
        rows.retain(|row| row["api"] != api || row["region"] != region);
        let listed = request["catalog"]["ladders"].as_array_mut().unwrap().iter_mut();
        for row in listed.filter(|row| row["apis"].as_array().unwrap().contains(&api)) {
            if dice.chance(70) {
                row["onChange"] = json!("keep");
            }
        }
        let rows = request["subscriptions"].as_array_mut().unwrap();
        for (user, from) in [("ann", frame.start - 100 * DAY), ("Bob", at)] {
            rows.push(json!({ "api": api, "region": region, "user": user, "from": frame.clock.show(from) }));
        }
    }
}

/// A period shorter than the data, and a state to go on from: that of the answer up to it, or one a little off.
fn look_at_part(dice: &mut Dice, frame: &Frame, request: &mut Value) {
    let changes = changes_of_price(frame, request);
    let bound = |dice: &mut Dice| {
        if !changes.is_empty() && dice.chance(40) {
            return dice.pick(&changes).0 + *dice.pick(&[0, 0, 1, HOUR, DAY]);
        }
        let at = frame.any(dice);
        match dice.between(0, 9) {
            0..=5 => clock::month_start(clock::month(at)),
            6..=7 => at / HOUR * HOUR,
            _ => at,
        }
    };
    let mut start = bound(dice);
    let mut end = clock::month_start(clock::month(bound(dice).max(start)) + 1);
    if dice.chance(40) {
        end = bound(dice);
    }
    if end < start {
        (start, end) = (end, start);
    }
    if end == start {
        end = clock::month_start(clock::month(start) + 1);
    }
    let period = json!({ "start": frame.clock.show(start), "end": frame.clock.show(end) });
    if dice.chance(if changes.is_empty() { 12 } else { 40 }) {
        let at = if dice.chance(70) { start } else { clock::month_start(clock::month(start)) };
        let at = at.min(frame.end - 1);
        let mut before = request.clone();
        before["period"] = json!({ "start": frame.clock.show(frame.start - 800 * DAY), "end": frame.clock.show(at) });
        let mut opening = answer::estimate(&before).0["closing"].take();
        if dice.chance(40) {
            change(dice, &mut opening);
        }
        name_versions(dice, request, &mut opening);
        request["opening"] = opening;
        // Of its own, a period must end after the opening.
        if dice.chance(65) || World::new(request).end <= at {
            request["period"] = period;
        }
    } else if dice.chance(35) {
        request["period"] = period;
    }
}

/// P4: any version of a price can stand for it.
fn name_versions(dice: &mut Dice, request: &Value, opening: &mut Value) {
    let world = World::new(request);
    let number = |row: usize| json!(world.ladder_number(row));
    for entry in opening["ladders"].as_array_mut().unwrap() {
        let named = (0..world.ladders.len()).find(|&row| number(row) == entry["ladder"]).unwrap();
        let versions: Vec<usize> = (0..world.ladders.len()).filter(|&row| world.ladders[row].first == world.ladders[named].first).collect();
        if dice.chance(75) {
            entry["ladder"] = number(*dice.pick(&versions));
        }
    }
}

fn change(dice: &mut Dice, opening: &mut Value) {
    for (list, field, most) in [("grants", "used", 1), ("free", "used", 1), ("ladders", "calls", 2)] {
        for entry in opening[list].as_array_mut().unwrap() {
            let was = entry[field].as_u64().unwrap();
            entry[field] = json!(dice.count(1, was * most));
        }
    }
}
