//! What occurred in a history.

use crate::account::{Movement, Story};
use crate::account_alerts;
use crate::account_states;
use crate::calls::{self, Asked, Fate};
use crate::clock::{self, DAY};
use crate::input::LateRenewal;
use crate::seen::Seen;
use serde_json::Value;
use std::collections::BTreeSet;

pub const ALL: &[&str] = &[
    "movement top-up",
    "movement other-payment",
    "movement package",
    "movement renewal",
    "movement pay-per-use",
    "movement rounding, gives back",
    "movement rounding, takes",
    "vouchers paid",
    "L3 owed, collected at a top-up",
    "L3 owed for good",
    "L1 in arrears from the start",
    "account active to arrears",
    "account arrears to active",
    "pay-per-use active to grace",
    "pay-per-use active to frozen",
    "pay-per-use active to released",
    "pay-per-use grace to frozen",
    "pay-per-use grace to active",
    "pay-per-use grace to released",
    "pay-per-use frozen to released",
    "pay-per-use frozen to active",
    "pay-per-use released to active",
    "L10 frozen without periods",
    "top-up at the very end of grace",
    "top-up at the very end of retention",
    "top-up that does not restore",
    "package active to grace",
    "package active to frozen",
    "package active to released",
    "package active to expired",
    "package grace to frozen",
    "package grace to released",
    "package grace to active",
    "package frozen to released",
    "package frozen to active",
    "package expired to active",
    "L4 covered while in arrears",
    "refused frozen",
    "refused released",
    "K6 refused arrears",
    "K6 refused frozen",
    "K6 refused released",
    "opened again by a subscription",
    "opened again by a purchase",
    "P7 purchase unpaid",
    "L4 unpaid in arrears",
    "L4 unpaid in arrears alone",
    "renewal paid",
    "renewal unpaid",
    "renewal stopped",
    "T6 automatic paid",
    "T6 automatic unpaid",
    "T6 automatic paid after tries in vain",
    "T6 automatic stopped at the end",
    "T6 automatic stopped, not sold",
    "T6 automatic stopped, on too late",
    "T9 price of a try by its instant",
    "T7 unified day moved",
    "T7 anchor kept afterwards",
    "K9 late, from the old expiry",
    "K9 late, from the renewal",
    "renewed in the last second",
    "alert arrears",
    "alert balance_below",
    "alert balance_below again",
    "alert package_left",
    "alert package_left again",
    "alert package_expires renew",
    "alert package_expires use_up",
    "alert budget_actual day",
    "alert budget_actual month",
    "alert budget_actual quarter",
    "alert budget_actual year",
    "alert budget_forecast day",
    "alert budget_forecast month",
    "alert budget_forecast quarter",
    "alert budget_forecast year",
    "budget alert again in a later period",
    "budget alert at the end of the period",
    "two alerts at one instant",
    "reason package_other_region",
    "reason free_trial_other_region",
    "reason package_other_api",
    "reason package_ended",
    "reason no_package",
    "reason other",
    "todo package_ends",
    "todo packages_run_out",
    "todo arrears",
    "todo frozen",
    "todo renewal_unpaid",
    "todo purchase_unpaid",
    "pay-per-use active to stopped",
    "pay-per-use grace to stopped",
    "pay-per-use stopped to active",
    "package active to stopped",
    "package stopped to active",
    "L11 refused stopped, packages go on",
    "L11 refused stopped, packages stop",
    "L11 covered, refused all the same",
    "L11 covered while stopped",
    "L11 charged in arrears before the stop",
    "L11 covered in arrears before the stop",
    "L11 served in the last second before the stop",
    "L11 refused in the second of the stop",
    "L11 refused in the last second of a stop",
    "L11 served in the second of the top-up",
    "L11 top-up before the stop, nothing stops",
    "L11 top-up at the instant of the stop, nothing stops",
    "L11 top-up ends a stop",
    "L11 top-up that does not end a stop",
    "L11 stops several times",
    "todo stopped",
    "N4 an error code is not counted",
    "N4 a billed code counts",
    "D7 effect decided",
    "D7 a tie, the order of purchase",
    "P4 versions, graduated, another step",
    "P4 versions, volume, another step",
    "P8 off, refused",
    "P8 off, a grant pays",
    "P9 refused with the catalog's code",
    "P9 refused, no code of the catalog's",
    "in pieces, cut while stopped",
    "in pieces, cut between debit and stop",
    "in pieces, versions share a count across the cut",
    "in pieces",
    "in pieces, cut in arrears",
    "in pieces, cut while released",
];

/// Counts a name that is put together.
fn say(name: String, seen: &mut Seen) {
    if let Some(known) = ALL.iter().find(|known| **known == name) {
        *seen.0.entry(known).or_default() += 1;
    }
}

fn say_if(yes: bool, name: &str, seen: &mut Seen) {
    if yes {
        say(name.into(), seen);
    }
}

pub fn occurred(story: &Story, answer: &Value, seen: &mut Seen) {
    money(story, seen);
    states(story, seen);
    calls(story, seen);
    orders(story, seen);
    alerts(story, seen);
    stops(story, seen);
    for name in story.account.seen.0.keys() {
        say((*name).into(), seen);
    }
    let rows = |key: &str| answer[key].as_array().unwrap().clone();
    for todo in rows("todo") {
        say(format!("todo {}", todo["why"].as_str().unwrap()), seen);
    }
    for cause in rows("arrears").iter().flat_map(|row| row["causes"].as_array().unwrap()) {
        say(format!("reason {}", cause["reason"].as_str().unwrap()), seen);
    }
}

/// The same history was also told in pieces.
pub fn pieces(story: &Story, seen: &mut Seen) {
    let world = &story.account.world;
    let months = clock::month(world.start) + 1..=clock::month(world.end);
    for cut in months.map(clock::month_start).filter(|cut| *cut < world.end) {
        say("in pieces".into(), seen);
        say_if(story.in_arrears(cut).is_some(), "in pieces, cut in arrears", seen);
        let released = story.stops.releases.iter().any(|(at, restored)| *at <= cut && restored.is_none_or(|restored| cut < restored));
        say_if(released, "in pieces, cut while released", seen);
        let stopped = world.stops.spans.iter().any(|(from, until, code)| *code == "stopped" && *from <= cut && cut < *until);
        say_if(stopped, "in pieces, cut while stopped", seen);
        let before = story.in_arrears(cut).is_some_and(|since| world.request.catalog.overdue.is_some() && cut < story.works_until(since));
        say_if(before, "in pieces, cut between debit and stop", seen);
        say_if(counts_on(story, cut), "in pieces, versions share a count across the cut", seen);
    }
}

fn money(story: &Story, seen: &mut Seen) {
    let mut vouchers = story.held.vouchers;
    for movement in &story.movements {
        let sign = if movement.amount > 0 { "gives back" } else { "takes" };
        let kind = if movement.kind == "rounding" { format!("rounding, {sign}") } else { movement.kind.into() };
        say(format!("movement {kind}"), seen);
        say_if(movement.vouchers < vouchers, "vouchers paid", seen);
        vouchers = movement.vouchers;
        if movement.kind == "top-up" {
            let ends = |ended: Option<i64>| ended == Some(movement.at);
            for arrears in &story.arrears {
                let days = story.held.days.filter(|_| story.account.world.request.catalog.overdue.is_none());
                let days = days.map(|days| days.pay_per_use);
                let over = days.map(|days| arrears.since + days.grace * DAY);
                let released = days.map(|days| arrears.since + (days.grace + days.retention) * DAY);
                let some = days.is_some_and(|days| days.grace > 0);
                say_if(ends(arrears.ended) && some && over == Some(movement.at), "top-up at the very end of grace", seen);
                say_if(ends(arrears.ended) && released == Some(movement.at), "top-up at the very end of retention", seen);
                let within = arrears.since < movement.at && arrears.ended.is_none_or(|ended| movement.at < ended);
                say_if(within, "top-up that does not restore", seen);
            }
        }
    }
    say_if(story.collected > 0, "L3 owed, collected at a top-up", seen);
    say_if(story.dues_in_arrears > story.collected, "L3 owed for good", seen);
    let from_start = story.arrears.first().is_some_and(|arrears| arrears.since == story.account.world.start);
    say_if(from_start, "L1 in arrears from the start", seen);
}

fn states(story: &Story, seen: &mut Seen) {
    let rows = account_states::all(story);
    for pair in rows.windows(2) {
        if pair[0].of == pair[1].of && pair[0].grant == pair[1].grant {
            say(format!("{} {} to {}", pair[0].of, pair[0].state, pair[1].state), seen);
        }
    }
    for row in rows.iter().filter(|row| row.of == "pay-per-use") {
        say_if(row.state == "frozen" && story.held.days.is_none(), "L10 frozen without periods", seen);
    }
}

fn calls(story: &Story, seen: &mut Seen) {
    let (account, world) = (&story.account, &story.account.world);
    for call in &account.calls {
        let request = &account.asked[call.asked];
        let every = world.stops.every_call(request.at).is_some();
        match &call.fate {
            Fate::Rejected(code) => {
                say(format!("{} {code}", if every { "K6 refused" } else { "refused" }), seen);
            }
            Fate::Drawn { .. } => say_if(story.in_arrears(request.at).is_some(), "L4 covered while in arrears", seen),
            Fate::Charged { .. } => {
                let release = story.stops.releases.iter().rfind(|(released, _)| *released <= request.at);
                let Some((released, _)) = release else { continue };
                let here = |api: usize, region: usize| api == request.api && region == request.region;
                let subscribed = world.subscriptions.iter().flatten().any(|row| *released <= row.from && here(row.api, row.region));
                say(format!("opened again by a {}", if subscribed { "subscription" } else { "purchase" }), seen);
            }
            Fate::NotCounted => {}
        }
    }
}

/// One version of a price that is never reset climbed before this instant, and another climbs on after it.
fn counts_on(story: &Story, cut: i64) -> bool {
    let (account, world) = (&story.account, &story.account.world);
    let climbed = |after: bool| {
        let calls = account.calls.iter().filter(move |call| (account.asked[call.asked].at >= cut) == after);
        calls.filter_map(|call| match call.fate {
            Fate::Charged { ladder: Some(row), .. } if world.ladders[row].never_reset => {
                Some((row, world.ladders[row].first, account.asked[call.asked].api))
            }
            _ => None,
        })
    };
    let before: BTreeSet<_> = climbed(false).collect();
    climbed(true).any(|now| before.iter().any(|then| now.0 != then.0 && (now.1, now.2) == (then.1, then.2)))
}

/// L11.
fn stops(story: &Story, seen: &mut Seen) {
    let (account, world) = (&story.account, &story.account.world);
    if world.request.catalog.overdue.is_none() {
        return;
    }
    let stopped = |at: i64| world.stops.spans.iter().any(|(from, until, _)| *from <= at && at < *until);
    let able = |call: &Asked| {
        (0..world.grants.len())
            .any(|at| calls::serves(world, at, call) && world.grants[at].in_term(call) && account.counters.has_left(world, at, call))
    };
    for call in &account.calls {
        let request = &account.asked[call.asked];
        let at = request.at;
        let code = if let Fate::Rejected(code) = call.fate { code } else { "" };
        let served = matches!(call.fate, Fate::Drawn { .. } | Fate::Charged { .. });
        if code == "stopped" {
            let every = world.stops.every;
            say_if(every, "L11 refused stopped, packages stop", seen);
            say_if(!every, "L11 refused stopped, packages go on", seen);
            say_if(every && able(request), "L11 covered, refused all the same", seen);
        }
        let drawn = matches!(call.fate, Fate::Drawn { .. });
        say_if(drawn && stopped(at), "L11 covered while stopped", seen);
        if let Some(since) = story.in_arrears(at).filter(|since| at < story.works_until(*since)) {
            say_if(matches!(call.fate, Fate::Charged { .. }), "L11 charged in arrears before the stop", seen);
            say_if(drawn && since < at, "L11 covered in arrears before the stop", seen);
        }
        for (from, until, _) in &world.stops.spans {
            say_if(served && at == from - 1, "L11 served in the last second before the stop", seen);
            say_if(code == "stopped" && at == *from, "L11 refused in the second of the stop", seen);
            say_if(code == "stopped" && at == until - 1, "L11 refused in the last second of a stop", seen);
            say_if(served && at == *until, "L11 served in the second of the top-up", seen);
        }
    }
    for arrears in &story.arrears {
        let stop = story.works_until(arrears.since);
        if let Some(ended) = arrears.ended.filter(|_| arrears.since < stop) {
            say_if(ended < stop, "L11 top-up before the stop, nothing stops", seen);
            say_if(ended == stop, "L11 top-up at the instant of the stop, nothing stops", seen);
        }
    }
    for (from, until, _) in &world.stops.spans {
        say_if(*until < i64::MAX, "L11 top-up ends a stop", seen);
        let in_vain = |movement: &&Movement| movement.kind == "top-up" && *from <= movement.at && movement.at < *until;
        say_if(story.movements.iter().find(in_vain).is_some(), "L11 top-up that does not end a stop", seen);
    }
    let begun = world.stops.spans.iter().filter(|(from, ..)| *from < world.end);
    say_if(begun.count() > 1, "L11 stops several times", seen);
}

fn orders(story: &Story, seen: &mut Seen) {
    let world = &story.account.world;
    for _ in story.purchases.iter().filter(|order| order.outcome == "unpaid") {
        say("P7 purchase unpaid".into(), seen);
    }
    for order in story.purchases.iter().chain(&story.renewals).filter(|order| order.outcome == "unpaid") {
        let arrears = story.in_arrears(order.at).is_some();
        say_if(arrears, "L4 unpaid in arrears", seen);
        say_if(arrears && order.covered, "L4 unpaid in arrears alone", seen);
    }
    for (number, order) in story.renewals.iter().enumerate() {
        say(format!("{} {}", if order.automatic { "T6 automatic" } else { "renewal" }, order.outcome), seen);
        let earlier = || story.renewals[..number].iter().filter(|other| other.grant == order.grant);
        let in_vain = || earlier().any(|other| other.automatic && other.outcome == "unpaid" && other.end_before == order.end_before);
        if order.automatic && order.outcome == "paid" {
            say_if(in_vain(), "T6 automatic paid after tries in vain", seen);
            let terms = world.grants.iter().filter(|grant| grant.free.is_none() && grant.copy == 0);
            let own: Vec<_> = terms.filter(|grant| grant.id.split('+').next() == Some(&order.grant)).collect();
            let listed = own.iter().find(|grant| grant.created == order.at);
            say_if(listed.is_some_and(|grant| grant.versions > 1), "T9 price of a try by its instant", seen);
        }
        if order.automatic && order.outcome == "stopped" {
            let why = match order.amount {
                Some(_) => "at the end",
                None if order.at >= order.end_before => "on too late",
                None => "not sold",
            };
            say(format!("T6 automatic stopped, {why}").replace("stopped, at", "stopped at"), seen);
        }
        if order.outcome == "paid" {
            say_if(order.extra_days > Some(0), "T7 unified day moved", seen);
            say_if(earlier().any(|other| other.extra_days > Some(0)), "T7 anchor kept afterwards", seen);
            say_if(order.at == order.end_before - 1, "renewed in the last second", seen);
            if order.at > order.end_before {
                let old = world.request.catalog.late_renewal == LateRenewal::OldExpiry;
                say_if(old, "K9 late, from the old expiry", seen);
                say_if(!old, "K9 late, from the renewal", seen);
            }
        }
    }
}

fn alerts(story: &Story, seen: &mut Seen) {
    let alerts = account_alerts::all(story);
    for alert in &alerts {
        let which = match alert.code {
            "package_expires" => format!(" {}", alert.advice),
            "budget_actual" | "budget_forecast" => {
                let budget = story.held.budgets.iter().find(|budget| alert.of["budget"] == budget.id.as_str()).unwrap();
                say_if(alert.again, "budget alert again in a later period", seen);
                say_if(alert.at == story.account.world.end, "budget alert at the end of the period", seen);
                format!(" {}", budget.every)
            }
            _ => String::new(),
        };
        say(format!("alert {}{which}", alert.code), seen);
        if ["balance_below", "package_left"].contains(&alert.code) {
            say_if(alert.again, &format!("alert {} again", alert.code), seen);
        }
    }
    say_if(alerts.windows(2).any(|pair| pair[0].at == pair[1].at), "two alerts at one instant", seen);
}
