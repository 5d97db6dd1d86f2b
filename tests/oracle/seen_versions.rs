//! What the versions of one price decide by sharing a count (P4), and what rows that only look like versions do not.

use crate::calls::{Asked, Counters, ladder_month};
use crate::clock;
use crate::input::Shape;
use crate::price;
use crate::seen::Seen;
use crate::world::{Ladder, World};

/// A call that climbed a graduated ladder: its step by the versions' count and by its row's alone.
pub fn climbed(world: &World, counters: &Counters, call: &Asked, row: usize, seen: &mut Seen) {
    let ladder = &world.ladders[row];
    if ladder.shape != Shape::Graduated {
        return;
    }
    let month = ladder_month(world, row, call.at);
    let number = counters.climbed[&(ladder.first, call.api, month)];
    let alone = |row: usize| counters.alone.get(&(row, call.api, ladder_month(world, row, call.at))).copied().unwrap_or(0);
    let other_step = price::step_of(ladder, number) != price::step_of(ladder, alone(row));
    seen.add_if(other_step, "P4 versions, graduated, another step");
    let kept = price::row_at(world, call.api, call.region, call.at) != Some(row);
    seen.add_if(other_step && kept, "P4 versions, an old price kept climbs on");
    decided(world, row, number, other_step, &alone, seen);
    for entry in world.request.opening.iter().flat_map(|state| &state.ladders) {
        let named = (0..world.ladders.len()).find(|&row| world.ladder_number(row) == entry.ladder).unwrap();
        let same = world.ladders[named].first == ladder.first && world.api(&entry.api) == call.api;
        let carried = same && entry.month.as_deref().map(clock::read_month) == month;
        if carried && price::step_of(ladder, number) != price::step_of(ladder, number - entry.calls) {
            seen.add_if(named != ladder.first, "P4 versions, an opening names a later one");
            seen.add_if(named == ladder.first && named != row, "P4 versions, an opening names the first one");
        }
    }
}

/// A month's calls on one step of a volume ladder.
pub fn reached(world: &World, counters: &Counters, row: usize, api: usize, month: i32, seen: &mut Seen) {
    let ladder = &world.ladders[row];
    if ladder.shape != Shape::Volume {
        return;
    }
    let number = counters.reached[&(ladder.first, api, month)];
    let alone = |row: usize| counters.reached_alone.get(&(row, api, month)).copied().unwrap_or(0);
    let other_step = price::step_of(ladder, number) != price::step_of(ladder, alone(row));
    seen.add_if(other_step, "P4 versions, volume, another step");
    decided(world, row, number, other_step, &alone, seen);
}

fn decided(world: &World, row: usize, number: u64, other_step: bool, alone: &dyn Fn(usize) -> u64, seen: &mut Seen) {
    let ladder = &world.ladders[row];
    let versions = || (0..world.ladders.len()).filter(|&other| world.ladders[other].first == ladder.first && alone(other) > 0);
    seen.add_if(other_step && versions().count() > 2, "P4 versions, three in one count");
    let flat = |other: usize| world.ladders[other].shape == Shape::Flat;
    seen.add_if(other_step && versions().any(flat), "P4 versions, a flat one counts");
    seen.add_if(other_step && ladder.entered, "P4 versions, typed in");
    for (at, other) in world.ladders.iter().enumerate().filter(|(_, other)| other.first != ladder.first) {
        if alone(at) > 0 && price::step_of(ladder, number) != price::step_of(ladder, number + alone(at)) {
            seen.0.extend(looks_like(other, ladder).map(|name| (name, 1)));
        }
    }
}

/// Why one row is no version before the other, though it looks like one.
fn looks_like(earlier: &Ladder, later: &Ladder) -> Option<&'static str> {
    let (until, from) = (earlier.until?, later.from?);
    let same = [earlier.entered == later.entered, earlier.apis == later.apis, earlier.regions == later.regions];
    match (until.cmp(&from), same, earlier.never_reset == later.never_reset) {
        (std::cmp::Ordering::Less, [true, true, true], true) => Some("P4 no versions, a gap between"),
        (std::cmp::Ordering::Equal, [false, true, true], true) => Some("P4 no versions, listed and typed in"),
        (std::cmp::Ordering::Equal, [true, false, true], true) => Some("P4 no versions, other APIs"),
        (std::cmp::Ordering::Equal, [true, true, false], true) => Some("P4 no versions, other regions"),
        (std::cmp::Ordering::Equal, [true, true, true], false) => Some("P4 no versions, another reset"),
        _ => None,
    }
}
