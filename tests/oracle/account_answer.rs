//! The History, as JSON.

use crate::account::{Order, Story};
use crate::account_alerts::{self, Alert};
use crate::account_split;
use crate::account_states;
use crate::account_todo::{self, Todo};
use crate::answer::span;
use crate::cause::Cause;
use crate::money::show;
use serde_json::{Value, json};
use std::collections::BTreeMap;

pub fn answer(story: &mut Story, alerts: &[Alert]) -> Value {
    let estimate = story.account.answer();
    let world = &story.account.world;
    let at = |at: i64| world.clock.show(at);
    let mut movements = Vec::new();
    for movement in &story.movements {
        let mut row = json!({ "at": at(movement.at), "kind": movement.kind, "amount": show(movement.amount),
                              "balance": show(movement.balance), "vouchers": show(movement.vouchers) });
        put(&mut row, "grant", movement.grant.clone());
        put(&mut row, "cycle", movement.cycle.map(|cycle| span(world, cycle)));
        movements.push(row);
    }
    let order = |order: &Order, renewal: bool| {
        let mut row = json!({ "grant": order.grant, "at": at(order.at), "outcome": order.outcome });
        put(&mut row, "amount", order.amount.map(show));
        if renewal {
            put(&mut row, "automatic", order.automatic.then_some(true));
            put(&mut row, "extraDays", order.extra_days);
        }
        put(&mut row, "term", order.term.map(|term| span(world, term)));
        row
    };
    let mut states = Vec::new();
    for state in account_states::all(story) {
        let mut row = json!({ "of": state.of, "state": state.state, "start": at(state.start), "end": at(state.end) });
        put(&mut row, "grant", state.grant);
        states.push(row);
    }
    let mut arrears = Vec::new();
    for one in &story.arrears {
        let mut row = json!({ "start": at(one.since), "causes": causes(story, &one.came_due) });
        put(&mut row, "end", one.ended.map(at));
        arrears.push(row);
    }
    let alert = |alert: &Alert| {
        let mut row = json!({ "at": at(alert.at), "code": alert.code, "of": alert.of, "value": alert.value,
                              "threshold": alert.threshold, "advice": alert.advice });
        put(&mut row, "by", alert.by.map(at));
        put(&mut row, "amount", alert.amount.map(show));
        row
    };
    let todo = |todo: &Todo| {
        let mut row = json!({ "do": todo.what, "by": at(todo.by), "why": todo.why });
        put(&mut row, "grant", todo.grant.clone());
        put(&mut row, "amount", todo.amount.map(show));
        put(&mut row, "api", todo.place.map(|(api, _)| world.request.catalog.apis[api].id.clone()));
        put(&mut row, "region", todo.place.map(|(_, region)| world.request.catalog.regions[region].id.clone()));
        row
    };
    json!({
        "movements": movements,
        "purchases": story.purchases.iter().map(|row| order(row, false)).collect::<Vec<_>>(),
        "renewals": story.renewals.iter().map(|row| order(row, true)).collect::<Vec<_>>(),
        "states": states,
        "arrears": arrears,
        "alerts": alerts.iter().map(alert).collect::<Vec<_>>(),
        "split": account_split::all(story),
        "todo": account_todo::all(story).iter().map(todo).collect::<Vec<_>>(),
        "closing": { "balance": show(story.balance), "vouchers": show(story.vouchers), "outstanding": show(story.outstanding) },
        "estimate": estimate,
    })
}

pub fn all(story: &mut Story) -> Value {
    let alerts = account_alerts::all(story);
    answer(story, &alerts)
}

fn put<T: serde::Serialize>(row: &mut Value, key: &str, value: Option<T>) {
    if let Some(value) = value {
        row[key] = json!(value);
    }
}

/// L2: which of the five causes of arrears a cause of W1 is.
pub fn reason(cause: Cause) -> &'static str {
    match cause {
        Cause::OtherRegion => "package_other_region",
        Cause::FreeTrialOtherRegion => "free_trial_other_region",
        Cause::OtherApi => "package_other_api",
        Cause::UsedUp | Cause::Expired => "package_ended",
        Cause::NoPackage => "no_package",
        _ => "other",
    }
}

fn causes(story: &Story, came_due: &[(i64, i64)]) -> Vec<Value> {
    let mut sums: BTreeMap<Cause, (u64, i128)> = BTreeMap::new();
    for line in story.account.lines.iter().filter(|line| line.package.is_none() && came_due.contains(&line.cycle)) {
        for (cause, calls, amount) in &line.causes {
            let sum = sums.entry(*cause).or_default();
            sum.0 += calls;
            sum.1 += amount.unwrap();
        }
    }
    let mut sums: Vec<(Cause, (u64, i128))> = sums.into_iter().collect();
    sums.sort_by_key(|(cause, (_, amount))| (std::cmp::Reverse(*amount), cause.code()));
    let show = |(cause, (calls, amount)): &(Cause, (u64, i128))| json!({ "reason": reason(*cause), "code": cause.code(), "calls": calls, "amount": show(*amount) });
    sums.iter().map(show).collect()
}
