//! Which rules really decided something: without the rule this call, draw or price would have been another.

use crate::calls::{Asked, Call, Counters, Fate, serves};
use crate::cause::Cause;
use crate::clock;
use crate::input::{Every, Key, Kind, SuccessBy};
use crate::open::{Admission, Doors};
use crate::price;
use crate::seen_names::ALL;
use crate::world::World;
use std::collections::BTreeMap;

/// How often each was seen in one scenario.
#[derive(Default)]
pub struct Seen(pub BTreeMap<&'static str, u64>);

impl Seen {
    pub fn add(&mut self, what: &'static str) {
        debug_assert!(ALL.contains(&what), "{what} is not listed");
        *self.0.entry(what).or_default() += 1;
    }

    pub fn add_if(&mut self, yes: bool, what: &'static str) {
        if yes {
            self.add(what);
        }
    }
}

/// What became of one call.
pub fn door(world: &World, doors: &Doors, call: &Asked, admission: &Option<Admission>, fate: &Fate, seen: &mut Seen) {
    success(world, call, fate, seen);
    match fate {
        Fate::NotCounted => {}
        Fate::Rejected("no_quota") => seen.add("P5 plans only, refused no_quota"),
        Fate::Rejected("arrears" | "frozen" | "released" | "stopped") => {}
        Fate::Rejected("pay_per_use_off") => seen.add("P8 off, refused"),
        Fate::Rejected(_) => {
            let own = world.request.catalog.not_open_code.is_some();
            seen.add(if own { "P9 refused with the catalog's code" } else { "P9 refused, no code of the catalog's" });
            let was_open = doors.was_open(call.api, call.region, call.user.as_deref(), call.at);
            seen.add(if was_open { "P6 switched off" } else { "P2 not opened" });
        }
        Fate::Drawn { grant, key, over, .. } => {
            decided(key, seen);
            by_effect(world, key, (*grant, *over), seen);
            seen.add_if(world.request.pay_per_use == Some(false), "P8 off, a grant pays");
        }
        Fate::Charged { cause, ladder, .. } => {
            seen.add("P1 pay-per-use");
            if world.request.catalog.pay_per_use_switch {
                seen.add(if world.request.pay_per_use.is_some() { "P8 said to be on" } else { "P8 not said, assumed on" });
            }
            seen.add_if(matches!(cause, Cause::UsedUp | Cause::Expired), "T5 goes on at pay-per-use");
            seen.add(ALL.iter().find(|name| name.strip_prefix("cause ") == Some(cause.code())).unwrap());
            if let Some(row) = ladder {
                let now = price::row_at(world, call.api, call.region, call.at);
                seen.add_if(now != *ladder, "T9 old pay-per-use price kept");
                let replaced = |from| world.ladders.iter().any(|old| old.until == Some(from) && old.apis.contains(&call.api));
                seen.add_if(now == *ladder && world.ladders[*row].from.is_some_and(replaced), "T9 new pay-per-use price");
                let listed = |row: usize| !world.ladders[row].entered;
                let beside = (0..world.ladders.len()).any(|row| listed(row) && price::in_force(world, row, call.api, call.region, call.at));
                seen.add_if(world.ladders[*row].entered, "entered ladder");
                seen.add_if(world.ladders[*row].entered && beside, "entered ladder in place of the list's");
                let reaches_elsewhere = world.ladders.iter().any(|row| row.entered && row.apis.contains(&call.api));
                seen.add_if(listed(*row) && reaches_elsewhere, "list ladder where the entered one does not reach");
            }
        }
    }
    if let (Some(way), Fate::Drawn { .. } | Fate::Charged { .. }) = (admission, fate) {
        seen.add_if(way.opened.is_some() && way.subscribed.is_none(), "P2 opened by a purchase alone");
        seen.add_if(way.opened.is_some_and(|from| doors.switched_off_by(call, from)), "P6 opened again after a switch-off");
    }
}

/// Whether a request succeeded: by its status, or by its error code.
fn success(world: &World, call: &Asked, fate: &Fate, seen: &mut Seen) {
    let success = &world.request.catalog.success;
    if success.by == SuccessBy::HttpStatus {
        seen.add_if(!call.processed, "N1 status other than 2xx");
        return;
    }
    let code = call.error_code.as_deref().unwrap_or("");
    let billed = success.billed.iter().any(|other| other == code);
    let counted = matches!(fate, Fate::Drawn { .. } | Fate::Charged { .. });
    match (call.processed, code) {
        (false, "" | "0") => seen.add("N4 not processed, without an error code"),
        (false, _) => seen.add_if(billed, "N4 not processed, with a billed code"),
        (true, "") => seen.add_if(counted && call.error_code.is_some(), "N4 an empty code counts"),
        (true, "0") => seen.add_if(counted, "N4 code 0 counts"),
        (true, _) if billed => seen.add_if(counted, "N4 a billed code counts"),
        (true, code) => {
            seen.add("N4 an error code is not counted");
            let nearly = success.billed.iter().any(|other| other.eq_ignore_ascii_case(code));
            seen.add_if(nearly, "N4 a code that is nearly a billed one");
            seen.add_if(call.status.is_some(), "N4 an error code in spite of a status of 2xx");
        }
    }
}

/// D7: who goes first by effect, and how ties are decided.
fn by_effect(world: &World, key: &str, (payer, over): (usize, Option<usize>), seen: &mut Seen) {
    let (Some(over), [Key::Effective, Key::Created, Key::Sequence]) = (over, &world.request.catalog.order[..]) else { return };
    let (payer, over) = (&world.grants[payer], &world.grants[over]);
    match key {
        "effective" => {
            seen.add("D7 effect decided");
            seen.add_if(over.end < payer.end, "D7 effect before a nearer expiry");
            seen.add_if(over.created < payer.created, "D7 effect before an earlier purchase");
        }
        "created" => seen.add("D7 a tie, the earlier purchase"),
        "sequence" => seen.add("D7 a tie, the order of purchase"),
        _ => {}
    }
}

fn decided(key: &str, seen: &mut Seen) {
    match key {
        "class" => seen.add("D1/D2 class decided"),
        "project" => seen.add("D4 project decided"),
        "limited" => seen.add("D5 limited decided"),
        "created" => seen.add("D3 created decided"),
        "effective" => seen.add("D3 effective decided"),
        "expiry" => seen.add("D3/D6 expiry decided"),
        "size" => seen.add("D6 size decided"),
        "sequence" => seen.add("D3 sequence decided"),
        _ => {}
    }
}

/// Whom this call passed over, and by which one rule alone.
pub fn passed_over(world: &World, ranks: &[Vec<i64>], call: &Asked, counters: &Counters, payer: Option<usize>, seen: &mut Seen) {
    for (at, grant) in world.grants.iter().enumerate() {
        if Some(at) == payer || payer.is_some_and(|payer| ranks[at] > ranks[payer]) {
            continue;
        }
        let (left, takes) = (counters.left(world, at, call.at), world.takes(grant, call.api));
        let api = grant.apis.contains(&call.api);
        let region = grant.regions.contains(&call.region);
        let project = grant.fits_project(call.project.as_deref());
        match (api, region, project, grant.in_term(call), left >= takes) {
            (false, true, true, true, true) => {
                seen.add_if(grant.free.is_none() && grant.apis.len() == 1, "G1 package of another API passed over")
            }
            (true, false, true, true, true) => seen.add_if(grant.free.is_none(), "G2 package of another region passed over"),
            (true, true, false, true, true) => seen.add("G5 bound to another project, passed over"),
            (true, true, true, false, true) => {
                seen.add_if(grant.end <= call.at, "G6 ended with quota left");
                seen.add_if(
                    grant.end <= call.at && clock::date(call.at) == clock::date(grant.same_second_end),
                    "T2 ends at the same second",
                );
                let waits = grant.created <= call.at && call.at < grant.effective;
                seen.add_if(waits && grant.renewal == 0, "T4 chosen start not reached");
            }
            (true, true, true, true, false) => {
                seen.add_if(left > 0, "G4 too few points, passed over");
                seen.add_if(payer.is_some_and(|payer| world.grants[payer].class == grant.class), "G7 packages add up");
            }
            _ => {}
        }
    }
    let Some(payer) = payer else { return };
    served(world, call, counters, payer, seen);
}

fn served(world: &World, call: &Asked, counters: &Counters, payer: usize, seen: &mut Seen) {
    let grant = &world.grants[payer];
    seen.add_if(world.request.catalog.classes[grant.class].kind == Kind::Promotional, "F2 promotional serves");
    match grant.free {
        Some(free) => {
            let earlier = counters.used.keys().any(|(at, month)| *at == payer && *month < crate::calls::grant_month(world, payer, call.at));
            seen.add(if free.every == Every::Month { "F1 free by month" } else { "F1 free once" });
            seen.add_if(earlier, "F1 free again in a later month");
            seen.add_if(free.shared, "F1 free shared");
            seen.add_if(free.shared && free.every == Every::Month, "F1 free shared by the month");
            seen.add_if(grant.regions.len() < world.request.catalog.regions.len(), "F1 free in some regions");
        }
        None => {
            seen.add_if(call.user.is_some(), "N3 the account's package serves a user");
            seen.add_if(grant.renewal > 0, "T3 renewed term serves");
            seen.add_if(grant.renewal > 0 && grant.end == grant.same_second_end, "T3 renewed to the same second");
            seen.add_if(grant.mixed, "T2 months plus days");
            seen.add_if(call.at >= grant.same_second_end, "T2 served after the same second, to the day's end");
            seen.add_if(grant.clamped, "T2/T3 day of month moved");
            seen.add_if(grant.apis.len() > 1, "G3 shared plan serves");
            seen.add_if(world.takes(grant, call.api) > 1, "G4 several points a call");
        }
    }
}

/// What became of all calls of one request.
pub fn request(world: &World, row: usize, calls: &[Call], seen: &mut Seen) {
    let payer = |call: &Call| match call.fate {
        Fate::Drawn { grant, .. } => Some(grant),
        Fate::Charged { .. } => Some(usize::MAX),
        _ => None,
    };
    seen.add_if(calls.iter().any(|call| payer(call) != payer(&calls[0])), "several calls a request, two payers");
    let row = &world.request.usage[row];
    let catalog_calls = world.request.catalog.apis[world.api(&row.api)].calls_per_request.unwrap_or(1);
    let counted = calls.iter().any(|call| payer(call).is_some());
    seen.add_if(counted && row.billable.is_some_and(|calls| calls != catalog_calls), "billable in place of the catalog's");
    let failed = calls.iter().any(|call| matches!(call.fate, Fate::NotCounted));
    seen.add_if(failed && row.succeed.is_some() && row.status.is_none_or(|status| status == 200), "N1 a share of requests fails");
}

/// Of two streams that a grant could serve in one second, the earlier took its last call.
pub fn competed(world: &World, asked: &[Asked], calls: &[Call], seen: &mut Seen) {
    let mut ran_out: Vec<(usize, &Asked)> = Vec::new();
    for call in calls {
        let now = &asked[call.asked];
        let stream = |call: &Asked| (call.at, call.api, call.region, call.project.clone(), call.user.clone());
        ran_out.retain(|(_, last)| last.at == now.at);
        let late = ran_out.iter().any(|(grant, last)| serves(world, *grant, now) && stream(last) != stream(now));
        seen.add_if(late, "a grant ran out in a second of several streams");
        if let Fate::Drawn { grant, left: 0, .. } = call.fate {
            ran_out.push((grant, now));
        }
    }
}

/// The key of one draw.
pub fn drawn(key: &str, seen: &mut Seen) {
    seen.add(ALL.iter().find(|name| name.strip_prefix("draw because ") == Some(key)).unwrap());
}
