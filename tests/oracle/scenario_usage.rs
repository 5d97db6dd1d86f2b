//! Random calls, gathered around the instants at which something starts, ends or runs out.

use crate::answer;
use crate::clock::{self, DAY};
use crate::dice::{Dice, Frame};
use crate::scenario_catalog::ERROR_CODES;
use crate::scenario_grants::grants;
use serde_json::{Value, json};

/// 200 to 2,000 requests, most of them around instants at which something changes.
pub fn call(dice: &mut Dice, frame: &Frame, streams: &[Value], request: &mut Value) {
    let wanted = *dice.pick(&[200, 300, 500, 800, 1200, 1900]);
    call_some(dice, frame, streams, request, wanted);
}

/// So many requests.
pub fn call_some(dice: &mut Dice, frame: &Frame, streams: &[Value], request: &mut Value, wanted: u64) {
    let mut focal = frame.anchors.clone();
    focal.extend((clock::month(frame.start)..=clock::month(frame.end)).map(clock::month_start));
    for grant in grants(request).iter().filter(|grant| grant.free.is_none()) {
        focal.extend([grant.created, grant.start(), grant.start(), grant.end, grant.end, grant.same_second_end]);
    }
    for row in request["catalog"]["ladders"].as_array().into_iter().flatten().filter(|_| dice.chance(40)) {
        focal.extend(row.get("from").map(|at| frame.clock.read(at.as_str().unwrap())));
    }
    for row in request["subscriptions"].as_array().into_iter().flatten() {
        focal.extend(["from", "until"].iter().filter_map(|key| row.get(*key)).map(|at| frame.clock.read(at.as_str().unwrap())));
    }
    focal.retain(|at| frame.start - 40 * DAY <= *at && *at <= frame.end + 40 * DAY);

    let mut rows = Vec::new();
    let mut asked = 0;
    let mut watched = false;
    while asked < wanted {
        if asked * 2 > wanted && !watched {
            watched = true;
            focal.extend(run_outs(frame, request, &rows));
        }
        let at = if dice.chance(80) { *dice.pick(&focal) } else { frame.any(dice) };
        let at = at + *dice.pick(&[0, 0, 0, -1, 1, -2, 60, -60, 3600, -1800]);
        // Several streams in the same seconds.
        let when = when(dice, frame, at, 2000 - asked);
        let competing = *dice.pick(&[1, 1, 2, 3]);
        for _ in 0..competing {
            let requests = requests(&when);
            if asked + requests > 2000 {
                break;
            }
            asked += requests;
            let mut row = when.clone();
            row.as_object_mut().unwrap().extend(dice.pick(streams).as_object().unwrap().clone());
            outcome(dice, request["catalog"]["success"]["by"] == "error-code", &mut row);
            rows.push(row);
        }
    }
    request["usage"] = json!(rows);
}

/// The last seconds in which a grant still gave, as far as the calls go.
fn run_outs(frame: &Frame, request: &Value, rows: &[Value]) -> Vec<i64> {
    let mut so_far = request.clone();
    so_far["usage"] = json!(rows);
    so_far["detail"] = json!("draw");
    let draws = answer::estimate(&so_far).0["draws"].take();
    let empty = draws.as_array().unwrap().iter().filter(|draw| draw["left"] == 0);
    empty.map(|draw| frame.clock.read(draw["to"].as_str().unwrap()) - 1).collect()
}

fn requests(when: &Value) -> u64 {
    when["calls"].as_u64().unwrap_or_else(|| when["monthly"].as_array().unwrap().iter().map(|calls| calls.as_u64().unwrap()).sum())
}

fn when(dice: &mut Dice, frame: &Frame, at: i64, most: u64) -> Value {
    let elsewhere = if dice.chance(5) { 0 } else { frame.clock.offset };
    let show = |at: i64| frame.clock.show_with(at, elsewhere);
    match dice.between(0, 9) {
        0..=4 => json!({ "kind": "at", "at": show(at), "calls": dice.count(1, 40).min(most) }),
        5..=8 => {
            let around = [1, 3, 20, 600, 3600, 20_000, 3 * DAY];
            let (start, end) = (at - dice.pick(&around), at + dice.pick(&around));
            json!({ "kind": "window", "start": show(start), "end": show(end), "calls": dice.count(0, 120).min(most) })
        }
        _ => {
            let monthly: Vec<u64> = (0..dice.count(1, 3)).map(|_| dice.count(0, 40).min(most / 3)).collect();
            let from = clock::month(frame.start) + dice.between(0, 1) as i32;
            json!({ "kind": "months", "from": clock::month_name(from), "monthly": monthly })
        }
    }
}

fn outcome(dice: &mut Dice, by_code: bool, row: &mut Value) {
    if dice.chance(12) {
        row["status"] = json!(dice.pick(&[200, 201, 204, 299, 302, 404, 429, 500]));
    }
    if by_code && dice.chance(45) {
        row["errorCode"] = json!(dice.pick(&ERROR_CODES));
    }
    if dice.chance(10) {
        row["billable"] = json!(*dice.pick(&[0, 1, 2, 2, 3, 4]));
    }
    if row["kind"] != "at" && dice.chance(15) {
        row["succeed"] = json!(dice.pick(&["0", "0.5", "0.95", "0.333", "1", "0.6666666667", "1.0"]));
    }
}
