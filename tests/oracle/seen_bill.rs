//! Which rules decided a price: what `seen` is for calls and draws.

use crate::bill::Line;
use crate::calls::Counters;
use crate::clock;
use crate::grants::Grant;
use crate::input::{BillAt, Mode, Settlement, Shape};
use crate::seen::Seen;
use crate::seen_versions;
use crate::world::World;

/// One package line of the period.
pub fn bought(grant: &Grant, seen: &mut Seen) {
    seen.add("P7 package line");
    seen.add_if(grant.versions > 1 && !grant.price_typed, "T9 package price by its instant");
    seen.add_if(grant.price_typed, "price paid typed in");
    seen.add_if(grant.place.starts_with("request.entered"), "entered package");
    seen.add_if(grant.price.is_none(), "no published price for a package");
}

/// One pay-per-use line of one cycle.
pub fn charged(world: &World, counters: &Counters, line: &Line, exact: Option<i128>, seen: &mut Seen) {
    let catalog = &world.request.catalog;
    seen.add_if(catalog.settlement == Settlement::Hour, "P3 hourly line");
    seen.add_if(line.used.0 != line.cycle.0, "used starts late");
    seen.add_if(line.used.1 != line.cycle.1, "P6 used ends early");
    seen.add_if(line.amount.is_none(), "no published price for calls");
    if line.amount != exact {
        seen.add(if catalog.rounding.line.mode == Mode::Truncate { "R1 line truncated" } else { "R1 line half up" });
    }
    if line.rounded_off.is_some_and(|off| off != 0) {
        seen.add(if catalog.rounding.bill.mode == Mode::Truncate { "R1 bill per line truncated" } else { "R1 bill per line half up" });
    }
    for slice in &line.slices {
        let Some((row, step)) = slice.step else {
            continue;
        };
        seen_versions::reached(world, counters, row, line.api, clock::month(line.cycle.0), seen);
        let row = &world.ladders[row];
        let graduated = row.shape == Shape::Graduated;
        seen.add_if(row.shape == Shape::Flat, "flat");
        seen.add_if(row.shape == Shape::Volume, if step == 0 { "volume, first step" } else { "volume, a later step" });
        seen.add_if(graduated && catalog.settlement == Settlement::Month, "P4 monthly line, graduated");
        seen.add_if(graduated && step > 0, "P4 graduated, a later step");
        seen.add_if(row.bound_excluded && step > 0, "bound excluded, a later step");
        seen.add_if(row.never_reset && step > 0, "never reset, a later step");
        seen.add_if(row.never_reset && step > 0 && row.shape == Shape::Volume, "volume, never reset, a later step");
        match row.per {
            10 => seen.add("per 10"),
            100 => seen.add("per 100"),
            1000 => seen.add("per 1000"),
            _ => {}
        }
        if slice.calls % row.per != 0 {
            seen.add(if row.whole { "whole blocks, the last one not full" } else { "prorated, the last block not full" });
        }
    }
}

/// One month's bill.
pub fn billed(world: &World, rounded_off: Option<i128>, seen: &mut Seen) {
    let bill = world.request.catalog.rounding.bill;
    if bill.at == BillAt::Month && rounded_off.is_some_and(|off| off != 0) {
        seen.add(if bill.mode == Mode::Truncate { "R1 bill per month truncated" } else { "R1 bill per month half up" });
    }
}
