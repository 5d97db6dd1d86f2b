//! L9: the total shared by project, user, API and region.

use crate::account::Story;
use crate::bill::{self, Line};
use crate::calls::{Call, Fate};
use crate::clock;
use crate::input::BillAt;
use crate::money::{self, show};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// A key in its order; none comes last.
type Key = (bool, usize, String);

const NONE: Key = (true, 0, String::new());

fn key(order: usize, name: &str) -> Key {
    (false, order, name.into())
}

pub fn all(story: &Story) -> Value {
    let mut rows = Vec::new();
    for by in ["project", "user", "api", "region"] {
        for (key, amount) in shares(story, by) {
            if amount == 0 {
                continue;
            }
            let mut row = json!({ "by": by, "amount": show(amount) });
            if key != NONE {
                row["key"] = json!(key.2);
            }
            rows.push(row);
        }
    }
    Value::Array(rows)
}

fn shares(story: &Story, by: &str) -> BTreeMap<Key, i128> {
    let (account, world) = (&story.account, &story.account.world);
    let catalog = &world.request.catalog;
    let of_line = |line: &Line| match by {
        "project" => line.project.as_ref().map_or(NONE, |project| key(0, project)),
        "api" => key(line.api, &catalog.apis[line.api].id),
        _ => key(line.region, &catalog.regions[line.region].id),
    };
    let mut shares: BTreeMap<Key, i128> = BTreeMap::new();
    let mut add = |key: Key, amount: i128| *shares.entry(key).or_default() += amount;
    for line in &account.lines {
        let Some(grant) = line.package.map(|at| &world.grants[at]) else { continue };
        let key = if by == "user" || by == "api" && grant.apis.len() > 1 { NONE } else { of_line(line) };
        add(key, line.charged.unwrap());
    }
    let bill = catalog.rounding.bill;
    let lines = || account.lines.iter().filter(|line| line.package.is_none());
    let mut months: BTreeMap<i32, BTreeMap<Key, i128>> = BTreeMap::new();
    for line in lines() {
        let parts = if by == "user" { by_user(story, line) } else { BTreeMap::from([(of_line(line), line.amount.unwrap())]) };
        let weights: Vec<i128> = parts.values().copied().collect();
        let nothing = weights.iter().all(|weight| *weight == 0);
        let amounts = match bill.at {
            BillAt::Line => money::split(line.charged.unwrap(), &weights, bill.places),
            BillAt::Month => vec![0; weights.len()],
        };
        if nothing && bill.at == BillAt::Line {
            add(NONE, line.charged.unwrap());
        }
        for ((key, weight), amount) in parts.into_iter().zip(amounts) {
            add(key.clone(), amount);
            *months.entry(clock::month(line.cycle.0)).or_default().entry(key).or_default() += weight;
        }
    }
    if bill.at == BillAt::Month {
        for (month, parts) in months {
            let all = lines().filter(|line| clock::month(line.cycle.0) == month).map(|line| line.charged.unwrap()).sum();
            let weights: Vec<i128> = parts.values().copied().collect();
            let amounts = money::split(money::cut(all, bill.places, bill.mode), &weights, bill.places);
            for (key, amount) in parts.into_keys().zip(amounts) {
                add(key, amount);
            }
        }
    }
    shares
}

/// What the calls of each user weigh in a line: each at its price.
fn by_user(story: &Story, line: &Line) -> BTreeMap<Key, i128> {
    let (account, world) = (&story.account, &story.account.world);
    let mut parts: BTreeMap<Key, i128> = BTreeMap::new();
    let mine = |call: &&Call| {
        let request = &account.asked[call.asked];
        let same = request.api == line.api && request.region == line.region && request.project == line.project;
        same && world.start <= request.at && world.cycle(request.at) == line.cycle
    };
    for call in account.calls.iter().filter(mine) {
        let Fate::Charged { ladder, number, .. } = &call.fate else { continue };
        let request = &account.asked[call.asked];
        let slice = bill::one_call(world, &account.counters, *ladder, *number, line.api, request.at);
        let per = ladder.map_or(1, |row| world.ladders[row].per);
        let key = request.user.as_ref().map_or(NONE, |user| key(0, user));
        // In thousandths: a block has up to a thousand calls.
        *parts.entry(key).or_default() += slice.unit_price.unwrap() * (1000 / i128::from(per));
    }
    parts
}
