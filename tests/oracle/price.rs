//! Which ladder row prices a pay-per-use call, and on which of its steps it stands.

use crate::input::Shape;
use crate::world::{Ladder, World};

/// The row in force for this API and region at this instant: entered rows before the list's.
pub fn row_at(world: &World, api: usize, region: usize, at: i64) -> Option<usize> {
    (0..world.ladders.len()).find(|&row| in_force(world, row, api, region, at))
}

pub fn in_force(world: &World, row: usize, api: usize, region: usize, at: i64) -> bool {
    let row = &world.ladders[row];
    row.apis.contains(&api)
        && row.regions.as_ref().is_none_or(|regions| regions.contains(&region))
        && row.from.is_none_or(|from| from <= at)
        && row.until.is_none_or(|until| at < until)
}

/// T9: what is already running keeps a row that says so, from the unbroken subscription that admits the call.
pub fn row_for(world: &World, api: usize, region: usize, at: i64, subscribed: Option<i64>) -> Option<usize> {
    let running = subscribed.and_then(|from| row_at(world, api, region, from));
    running.filter(|&row| world.ladders[row].keep).or_else(|| row_at(world, api, region, at))
}

/// The step on which call number `number` (1, 2, …) stands.
pub fn step_of(row: &Ladder, number: u64) -> usize {
    if row.shape == Shape::Flat {
        return 0;
    }
    let inside = |up_to: u64| {
        if row.bound_excluded { number < up_to } else { number <= up_to }
    };
    row.steps.iter().position(|(up_to, _)| up_to.is_none_or(inside)).unwrap()
}

/// A step's bounds as the catalog writes them (P4): where the step before ends, 0 for the first, and its own `upTo`.
pub fn step_bounds(row: &Ladder, step: usize) -> (u64, Option<u64>) {
    let from = match step {
        0 => 0,
        _ => row.steps[step - 1].0.unwrap(),
    };
    (from, row.steps[step].0)
}

/// What so many calls at one price cost: exactly, or in whole blocks.
pub fn slice_amount(row: &Ladder, calls: u64, unit_price: i128) -> i128 {
    match row.whole {
        true => i128::from(calls.div_ceil(row.per)) * unit_price,
        false => i128::from(calls) * unit_price / i128::from(row.per),
    }
}
