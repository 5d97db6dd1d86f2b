//! One call: who paid for it, by which rule, and why nobody else did.

use crate::answer::{Account, span};
use crate::bill;
use crate::calls::{self, Asked, Call, Counters, Fate, serves, waits};
use crate::dice::Dice;
use crate::grants::Grant;
use crate::money::show_or_null;
use crate::seen::Seen;
use crate::seen_names::ALL;
use crate::world::{NOT_OPEN, World};
use serde_json::{Value, json};

/// A question after some call of the answer; now and then after one that is not there.
pub fn question(account: &Account, dice: &mut Dice) -> Option<Value> {
    let (world, catalog) = (&account.world, &account.world.request.catalog);
    let in_period = |call: &&Call| account.asked[call.asked].second >= world.start;
    let calls: Vec<&Call> = account.calls.iter().filter(in_period).collect();
    if calls.is_empty() {
        return None;
    }
    let call = &account.asked[dice.pick(&calls).asked];
    let mut ask = json!({ "api": catalog.apis[call.api].id, "region": catalog.regions[call.region].id });
    let offset = if dice.chance(10) { 0 } else { world.clock.offset };
    ask["at"] = json!(world.clock.show_with(call.second, offset));
    if let (Some(project), true) = (&call.project, dice.chance(60)) {
        ask["project"] = json!(project);
    }
    if let (Some(user), true) = (&call.user, dice.chance(60)) {
        ask["user"] = json!(user);
    }
    let all = matching(account, &ask).len() as u64;
    let nth = if dice.chance(3) { all + 1 } else { dice.count(1, all) };
    if nth > 1 || dice.chance(30) {
        ask["nth"] = json!(nth);
    }
    if dice.chance(1) {
        ask["at"] = json!(world.clock.show(world.start - 4000 * crate::clock::DAY));
    }
    Some(ask)
}

/// Where the calls asked for stand, in the order in which they are taken.
fn matching(account: &Account, ask: &Value) -> Vec<usize> {
    let (world, catalog) = (&account.world, &account.world.request.catalog);
    let second = world.clock.read(ask["at"].as_str().unwrap());
    let any_or = |asked: &Value, of: &Option<String>| asked.is_null() || asked.as_str() == of.as_deref();
    let fits = |call: &Call| {
        let asked = &account.asked[call.asked];
        let place = ask["api"] == catalog.apis[asked.api].id && ask["region"] == catalog.regions[asked.region].id;
        asked.second == second && place && any_or(&ask["project"], &asked.project) && any_or(&ask["user"], &asked.user)
    };
    (0..account.calls.len()).filter(|&at| fits(&account.calls[at])).collect()
}

/// What is known of the call asked for, or the error.
pub fn answer(account: &Account, ask: &Value, seen: &mut Seen) -> Value {
    let nth = ask["nth"].as_u64().unwrap_or(1);
    let found = matching(account, ask);
    let Some(&at) = found.get(nth as usize - 1) else {
        seen.add("receipt of no such call");
        return json!({ "error": { "code": "no_such_call", "place": if found.is_empty() { "call.at" } else { "call.nth" } } });
    };
    let (world, catalog, call) = (&account.world, &account.world.request.catalog, &account.calls[at]);
    let asked = &account.asked[call.asked];
    let counters = before(account, at);
    let mut shown =
        json!({ "at": world.clock.show(asked.second), "api": ask["api"], "region": ask["region"], "nth": nth, "passedOver": [] });
    if let Some(project) = &asked.project {
        shown["project"] = json!(project);
    }
    if let Some(user) = &asked.user {
        shown["user"] = json!(user);
    }
    let (outcome, rule) = match &call.fate {
        Fate::NotCounted => ("not_counted", "N1"),
        Fate::Rejected(code) => {
            shown["refused"] = json!(world.shown_code(code));
            (
                "refused",
                [("no_quota", "P5"), ("pay_per_use_off", "P8")].iter().find(|(other, _)| other == code).map_or("P2", |(_, rule)| rule),
            )
        }
        Fate::Charged { .. } => {
            shown["charged"] = charged(account, call);
            ("charged", "W1")
        }
        Fate::Drawn { grant, units, left, key, over } => {
            let payer = &world.grants[*grant];
            let mut because = json!({ "key": key });
            if let Some(over) = over {
                because["over"] = json!(world.grants[*over].id);
            }
            shown["paid"] = json!({ "grant": payer.id, "class": catalog.classes[payer.class].id, "units": units, "left": left,
                                    "unit": if payer.points { "point" } else { "call" }, "because": because });
            if payer.free.is_none() {
                shown["paid"]["package"] = json!(payer.package);
            }
            ("paid", cited(world, key))
        }
    };
    shown["outcome"] = json!(outcome);
    // N4: where a request that was processed fails, no text says which rule a receipt names.
    if !(outcome == "not_counted" && asked.processed) {
        shown["rule"] = json!(rule);
    }
    seen.add(named("receipt ", outcome));
    if !matches!(call.fate, Fate::NotCounted | Fate::Rejected(NOT_OPEN)) {
        let payer = if let Fate::Drawn { grant, .. } = call.fate { Some(grant) } else { None };
        shown["passedOver"] = passed_over(world, asked, &counters, payer, seen);
    }
    shown
}

/// The counters as they stood when this call was decided.
fn before(account: &Account, at: usize) -> Counters {
    let mut counters = calls::opening(&account.world);
    for call in &account.calls[..at] {
        if let Fate::Drawn { grant, units, .. } = call.fate {
            let month = calls::grant_month(&account.world, grant, account.asked[call.asked].at);
            *counters.used.entry((grant, month)).or_default() += units;
        }
    }
    counters
}

fn charged(account: &Account, call: &Call) -> Value {
    let Fate::Charged { cause, ladder, number, .. } = call.fate else { unreachable!() };
    let (world, asked) = (&account.world, &account.asked[call.asked]);
    let slice = bill::one_call(world, &account.counters, ladder, number, asked.api, asked.at);
    let row = ladder.map(|row| &world.ladders[row]);
    let per = row.map_or(1, |row| row.per);
    let cycle = world.cycle(asked.at);
    let mut shown = json!({
        "cause": cause.code(), "from": slice.from, "upTo": slice.up_to, "unitPrice": show_or_null(slice.unit_price), "per": per,
        "amount": show_or_null(slice.unit_price.map(|price| price / i128::from(per))),
        "cycle": span(world, cycle), "debitedAt": world.clock.show(world.debited_at(cycle)),
    });
    if let Some(row) = row {
        shown["source"] = json!(row.source);
        if row.entered {
            shown["entered"] = json!(true);
        }
    }
    shown
}

/// Every other grant in the order of purchase, then the free quotas, each with the first reason that fits.
fn passed_over(world: &World, call: &Asked, counters: &Counters, payer: Option<usize>, seen: &mut Seen) -> Value {
    let others = (0..world.grants.len()).filter(|at| Some(*at) != payer);
    let (free, bought): (Vec<usize>, Vec<usize>) = others.partition(|&at| world.grants[at].free.is_some());
    let mut shown = Vec::new();
    for at in bought.into_iter().chain(free) {
        let grant = &world.grants[at];
        let (reason, rule) = reason(world, call, counters, at);
        seen.add(named("receipt passed over ", reason));
        let mut entry = json!({ "grant": grant.id, "reason": reason, "rule": rule, "left": counters.left(world, at, call.at) });
        if grant.free.is_none() {
            entry["package"] = json!(grant.package);
        }
        if reason == "later" {
            let ranks: Vec<Vec<i64>> = world.grants.iter().map(|grant| world.rank(grant)).collect();
            let key = world.deciding_key(&ranks, payer.unwrap(), at);
            entry["key"] = json!(key);
            entry["rule"] = json!(cited(world, key));
        }
        shown.push(entry);
    }
    Value::Array(shown)
}

fn reason<'a>(world: &'a World, call: &Asked, counters: &Counters, at: usize) -> (&'static str, &'a str) {
    let grant: &Grant = &world.grants[at];
    let (reason, rule) = if !grant.apis.contains(&call.api) {
        ("other_api", "G1")
    } else if !grant.regions.contains(&call.region) {
        ("other_region", "G2")
    } else if !serves(world, at, call) {
        ("other_project", "G5")
    } else if grant.is_yet_to_start(call) {
        ("not_yet_effective", "G6")
    } else if !grant.in_term(call) {
        ("expired", "G6")
    } else if !counters.has_left(world, at, call) {
        ("used_up", "T5")
    } else if !grant.in_hours(call) {
        ("outside_hours", "K3")
    } else if waits(world, at, call, counters) {
        ("waiting", "K5")
    } else {
        ("later", "")
    };
    (reason, world.request.catalog.cites.get(reason).map_or(rule, String::as_str))
}

/// The rule that the catalog cites for a key; nothing stands after a lone grant but pay-per-use, the last of the classes.
fn cited<'a>(world: &'a World, key: &str) -> &'a str {
    let cites = &world.request.catalog.cites;
    match key {
        "waiting" => cites.get(key).map_or("K5", String::as_str),
        "only" => cites.get("class").map_or("D6", String::as_str),
        _ => cites.get(key).map_or("D6", String::as_str),
    }
}

fn named(prefix: &str, what: &str) -> &'static str {
    ALL.iter().find(|name| name.strip_prefix(prefix) == Some(what)).unwrap()
}
