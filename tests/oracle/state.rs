//! What the period's end leaves: of every purchase, and as the state from which a later answer goes on.

use crate::bill;
use crate::calls::Counters;
use crate::clock;
use crate::input::{Every, Shape};
use crate::money::show_or_null;
use crate::world::World;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// What was bought, as the period's end leaves it.
pub fn grants(world: &World, counters: &Counters, paid: &BTreeMap<usize, u64>) -> Value {
    let mut shown = Vec::new();
    for (at, grant) in world.grants.iter().enumerate().filter(|(_, grant)| grant.free.is_none()) {
        let left = counters.left(world, at, world.end);
        let over = grant.end <= world.end;
        let mut entry = json!({
            "id": grant.id,
            "package": grant.package,
            "class": world.request.catalog.classes[grant.class].id,
            "region": world.request.catalog.regions[grant.regions[0]].id,
            "start": world.clock.show(grant.effective),
            "end": world.clock.show(grant.end),
            "unit": if grant.points { "point" } else { "call" },
            "quota": grant.quota,
            "used": grant.quota - left,
            "left": if over { 0 } else { left },
            "expired": if over { left } else { 0 },
            "price": show_or_null(grant.price),
            "calls": paid.get(&at).unwrap_or(&0),
        });
        if bill::paid_before(world, at) {
            entry["paidBefore"] = json!(true);
        }
        shown.push(entry);
    }
    Value::Array(shown)
}

/// The state at the period's end; of monthly figures only those of the month that holds that instant.
pub fn closing(world: &World, counters: &Counters) -> Value {
    let catalog = &world.request.catalog;
    let now = clock::month(world.end);
    let (mut bought, mut free, mut ladders) = (Vec::new(), Vec::new(), Vec::new());
    let mut named = |api: usize, month: Option<i32>, mut entry: Value, list: usize| {
        entry["api"] = json!(catalog.apis[api].id);
        if let Some(month) = month {
            entry["month"] = json!(clock::month_name(month));
        }
        if list == 0 { free.push(entry) } else { ladders.push(entry) }
    };
    for ((at, month), used) in counters.used.iter().filter(|((_, month), used)| **used > 0 && month.is_none_or(|month| month == now)) {
        let grant = &world.grants[*at];
        match grant.free {
            None => bought.push(json!({ "id": grant.id, "used": used })),
            Some(kind) => {
                debug_assert!(month.is_some() == (kind.every == Every::Month));
                named(kind.api, *month, json!({ "used": used }), 0);
            }
        }
    }
    for ((row, api, month), calls) in counters.climbed.iter().filter(|((_, _, month), _)| month.is_none_or(|month| month == now)) {
        // Where no version has steps, nothing is carried.
        let steps = world.ladders.iter().any(|version| version.first == *row && version.shape != Shape::Flat);
        if steps && *calls > 0 {
            named(*api, *month, json!({ "ladder": world.ladder_number(*row), "calls": calls }), 1);
        }
    }
    json!({ "at": world.clock.show(world.end), "grants": bought, "free": free, "ladders": ladders })
}
