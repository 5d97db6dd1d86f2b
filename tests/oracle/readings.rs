//! What a chosen reading changes: the same request under the default one, call by call.

use crate::answer::Account;
use crate::calls::{Call, Fate};
use crate::grants::Grant;
use crate::input::Limited;
use crate::money::show_or_null;
use crate::profile::find;
use crate::seen::Seen;
use crate::seen_names::ALL;
use crate::world::World;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Counts every reading that was chosen, and apart those without which a call, a draw or a price would have been another.
pub fn changed(request: &Value, account: &mut Account) {
    let Some(chosen) = request["profile"].as_object() else { return };
    let effect = Effect::of(account);
    let mut others = 0;
    for (profile, option) in chosen {
        let first = &find(&request["catalog"]["profiles"], profile)["options"][0]["id"];
        let name = format!("{profile} {}", option.as_str().unwrap());
        let Some(name) = ALL.iter().find(|other| **other == name) else { continue };
        if option == first {
            continue;
        }
        others += 1;
        account.seen.add(name);
        let default = Effect::of(&Account::new(&switched(request, profile, first)));
        let changed = ALL.iter().find(|other| other.strip_prefix(*name).is_some_and(|rest| rest.starts_with(" changed")));
        account.seen.add_if(effect != default, changed.unwrap());
    }
    account.seen.add_if(others > 1, "two readings at once");
}

/// The request with another option of one profile.
fn switched(request: &Value, profile: &str, option: &Value) -> Value {
    let mut switched = request.clone();
    switched["profile"][profile] = option.clone();
    switched
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Payer {
    Nobody,
    Money,
    /// Free quotas, where they are taken together.
    Free,
    Grant(usize),
}

impl Payer {
    fn of(call: &Call) -> Payer {
        match call.fate {
            Fate::NotCounted | Fate::Rejected(_) => Payer::Nobody,
            Fate::Charged { .. } => Payer::Money,
            Fate::Drawn { grant, .. } => Payer::Grant(grant),
        }
    }
}

/// Who paid for how many calls of each row of usage in each cycle, and what is charged for them.
#[derive(PartialEq)]
struct Effect {
    payers: BTreeMap<((i64, i64), usize, Payer), u64>,
    charged: Vec<Value>,
    total: Option<i128>,
}

impl Effect {
    fn of(account: &Account) -> Effect {
        let (world, mut payers) = (&account.world, BTreeMap::new());
        for call in account.calls.iter().filter(|call| account.asked[call.asked].at >= world.start) {
            let asked = &account.asked[call.asked];
            *payers.entry((world.cycle(asked.at), asked.row, Payer::of(call))).or_default() += 1;
        }
        let charged =
            |line: &crate::bill::Line| json!([line.cycle, line.api, line.region, line.project, line.charged.map(crate::money::show)]);
        Effect { payers, charged: account.lines.iter().map(charged).collect(), total: account.total() }
    }
}

/// Every option of every profile, one switched at a time from what the request chose.
pub fn all(request: &Value, chosen: &Account) -> Value {
    let mut shown = Vec::new();
    for profile in request["catalog"]["profiles"].as_array().into_iter().flatten() {
        let id = profile["id"].as_str().unwrap();
        let options = profile["options"].as_array().unwrap();
        let now = request["profile"].get(id).unwrap_or(&options[0]["id"]);
        for option in options {
            let request = switched(request, id, &option["id"]);
            let mut reading = json!({ "profile": id, "option": option["id"], "chosen": option["id"] == *now, "moved": 0,
                                      "total": null, "packages": null, "payPerUse": null, "difference": null, "calls": null });
            if let Some(place) = hours_missing(&request) {
                reading["error"] = json!({ "code": "hours_missing", "place": place });
                shown.push(reading);
                continue;
            }
            let other = Account::new(&request);
            reading["total"] = show_or_null(other.total());
            reading["packages"] = show_or_null(other.packages());
            reading["payPerUse"] = show_or_null(other.pay_per_use());
            reading["difference"] = show_or_null(other.total().zip(chosen.total()).map(|(other, total)| other - total));
            reading["calls"] = other.counts();
            reading["moved"] = json!(moved(&other, chosen));
            shown.push(reading);
        }
    }
    Value::Array(shown)
}

/// K3: the first limited purchase whose row does not say its hours, where that is asked.
fn hours_missing(request: &Value) -> Option<String> {
    let world = World::new(request);
    let without = |grant: &&Grant| grant.free.is_none() && grant.limited && grant.hours.is_none();
    let grant = world.grants.iter().find(without).filter(|_| world.request.catalog.limited == Limited::OffPeak)?;
    Some(match grant.renewal {
        0 => format!("request.grants[{}].limited", grant.row),
        after => format!("request.grants[{}].renewals[{}].at", grant.row, after - 1),
    })
}

/// Calls that another payer takes: a purchase, the free quotas together, money, nobody.
fn moved(now: &Account, before: &Account) -> u64 {
    let by_payer = |account: &Account| {
        let mut payers: BTreeMap<Payer, u64> = BTreeMap::new();
        for call in account.calls.iter().filter(|call| account.asked[call.asked].at >= account.world.start) {
            let payer = match Payer::of(call) {
                Payer::Grant(grant) if account.world.grants[grant].free.is_some() => Payer::Free,
                payer => payer,
            };
            *payers.entry(payer).or_default() += 1;
        }
        payers
    };
    let (now, before) = (by_payer(now), by_payer(before));
    now.iter().map(|(payer, calls)| calls.saturating_sub(before.get(payer).copied().unwrap_or(0))).sum()
}

pub fn seen(shown: &Value, seen: &mut Seen) {
    let any = |differs: fn(&Value) -> bool| shown.as_array().unwrap().iter().any(differs);
    seen.add_if(any(|reading| reading["moved"] != 0), "readings, some calls moved");
    seen.add_if(any(|reading| !reading["difference"].is_null() && reading["difference"] != "0"), "readings, some total differs");
    seen.add_if(any(|reading| reading.get("error").is_some()), "readings, hours missing");
}
