//! Random requests: what is sold, bought, opened and called, and which part of it is looked at.

use crate::answer;
use crate::clock::{self, DAY, HOUR};
use crate::dice::{Dice, Frame};
use crate::grants::Grant;
use crate::scenario_catalog::{REGIONS, catalog};
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
    choose(dice, &frame, &mut request);
    if dice.chance(25) {
        enter(dice, &frame, &mut request);
    }
    buy(dice, &frame, &mut request);
    renew(dice, &frame, &mut request);
    let streams = streams(dice, &request);
    if dice.chance(55) {
        request["subscriptions"] = subscribe(dice, &frame, &streams);
    }
    call(dice, &frame, &streams, &mut request);
    look_at_part(dice, &frame, &mut request);
    let detail = *dice.pick(&["", "month", "cycle", "cycle", "cycle", "draw", "draw", "draw"]);
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

/// A period shorter than the data, and a state to go on from: that of the answer up to it, or one a little off.
fn look_at_part(dice: &mut Dice, frame: &Frame, request: &mut Value) {
    let bound = |dice: &mut Dice| {
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
    if dice.chance(15) {
        let at = if dice.chance(70) { start } else { clock::month_start(clock::month(start)) };
        let at = at.min(frame.end - 1);
        let mut before = request.clone();
        before["period"] = json!({ "start": frame.clock.show(frame.start - 800 * DAY), "end": frame.clock.show(at) });
        let mut opening = answer::estimate(&before).0["closing"].take();
        if dice.chance(40) {
            change(dice, &mut opening);
        }
        request["opening"] = opening;
        // Of its own, a period must end after the opening.
        if dice.chance(65) || World::new(request).end <= at {
            request["period"] = period;
        }
    } else if dice.chance(35) {
        request["period"] = period;
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
