//! Lines: the charged calls by settlement cycle, API, region and project, and one line for every order of a package.

use crate::calls::{Asked, Call, Counters, Fate};
use crate::cause::Cause;
use crate::clock;
use crate::input::{BillAt, Shape};
use crate::money;
use crate::price;
use crate::seen::Seen;
use crate::seen_bill;
use crate::world::World;
use std::collections::BTreeMap;

#[derive(Clone)]
pub struct Line {
    /// The first copy of the order that this line pays; None: pay-per-use.
    pub package: Option<usize>,
    pub cycle: (i64, i64),
    pub cycles: u64,
    pub used: (i64, i64),
    pub debited_at: i64,
    pub api: usize,
    pub region: usize,
    pub project: Option<String>,
    pub calls: u64,
    pub slices: Vec<Slice>,
    pub amount: Option<i128>,
    pub charged: Option<i128>,
    pub rounded_off: Option<i128>,
    pub causes: Vec<(Cause, u64, Option<i128>)>,
}

#[derive(Clone)]
pub struct Slice {
    /// The ladder row and step; None: no row in force.
    pub step: Option<(usize, usize)>,
    pub from: u64,
    pub up_to: Option<u64>,
    pub calls: u64,
    pub unit_price: Option<i128>,
    pub amount: Option<i128>,
}

/// One counted call of a line's stream and cycle.
struct Entry<'a> {
    at: i64,
    fate: &'a Fate,
}

pub fn lines(world: &World, asked: &[Asked], calls: &[Call], counters: &Counters, seen: &mut Seen) -> Vec<Line> {
    let mut streams: BTreeMap<(i64, usize, usize, Option<&str>), Vec<Entry>> = BTreeMap::new();
    for call in calls {
        let request = &asked[call.asked];
        if matches!(call.fate, Fate::Drawn { .. } | Fate::Charged { .. }) {
            let key = (world.cycle(request.at).0, request.api, request.region, request.project.as_deref());
            streams.entry(key).or_default().push(Entry { at: request.at, fate: &call.fate });
        }
    }
    let mut lines = packages(world, seen);
    for ((cycle, api, region, project), entries) in &streams {
        let before = entries.partition_point(|entry| entry.at < world.start);
        if entries[before..].iter().any(|entry| matches!(entry.fate, Fate::Charged { .. })) {
            lines.push(charge(world, counters, (*cycle, *api, *region, *project), entries.split_at(before), seen));
        }
    }
    lines.sort_by(|a, b| {
        let key = |line: &Line| (line.cycle.0, line.package.is_none(), line.api, line.region);
        key(a).cmp(&key(b)).then_with(|| a.project.cmp(&b.project))
    });
    lines
}

/// P7: one line at the instant of payment, for the row or renewal with all its copies; never rounded.
fn packages(world: &World, seen: &mut Seen) -> Vec<Line> {
    let mut lines = Vec::new();
    for (at, grant) in world.grants.iter().enumerate() {
        if grant.free.is_some() || grant.copy > 0 || paid_before(world, at) || grant.created >= world.end {
            continue;
        }
        seen_bill::bought(grant, seen);
        let amount = grant.price.map(|price| price * i128::from(grant.quantity));
        lines.push(Line {
            package: Some(at),
            cycle: (grant.created, grant.created),
            cycles: 1,
            used: (grant.effective, grant.end),
            debited_at: grant.created,
            api: grant.apis[0],
            region: grant.regions[0],
            project: grant.project.clone(),
            calls: 0,
            slices: Vec::new(),
            amount,
            charged: amount,
            rounded_off: amount.map(|_| 0),
            causes: Vec::new(),
        });
    }
    lines
}

/// Paid before the period, or before the opening state.
pub fn paid_before(world: &World, grant: usize) -> bool {
    let created = world.grants[grant].created;
    created < world.start || world.opened.is_some_and(|opened| created < opened)
}

/// The line of one stream and cycle, of which a part may lie before the period.
fn charge(
    world: &World,
    counters: &Counters,
    key: (i64, usize, usize, Option<&str>),
    (before, entries): (&[Entry], &[Entry]),
    seen: &mut Seen,
) -> Line {
    let (cycle_start, api, region, project) = key;
    let cycle = world.cycle(cycle_start);
    let mut slices: Vec<Slice> = Vec::new();
    let mut causes: BTreeMap<Cause, (u64, Option<i128>)> = BTreeMap::new();
    for entry in entries {
        let Fate::Charged { cause, ladder, number, .. } = entry.fate else {
            continue;
        };
        let slice = one_call(world, counters, *ladder, *number, api, entry.at);
        let (calls, weight) = causes.entry(*cause).or_insert((0, Some(0)));
        *calls += 1;
        *weight = add(*weight, slice.unit_price);
        match slices.iter_mut().find(|other| other.step == slice.step) {
            Some(same) => same.calls += 1,
            None => slices.push(slice),
        }
    }
    slices.sort_by_key(|slice| slice.step);
    for slice in &mut slices {
        slice.amount = slice.unit_price.map(|price| {
            let row = &world.ladders[slice.step.unwrap().0];
            price::slice_amount(row, slice.calls, price)
        });
    }
    let rounding = &world.request.catalog.rounding;
    let exact = slices.iter().try_fold(0, |sum, slice| Some(sum + slice.amount?));
    let amount = exact.map(|exact| money::cut(exact, rounding.line.places, rounding.line.mode));
    let charged = match rounding.bill.at {
        BillAt::Line => amount.map(|amount| money::cut(amount, rounding.bill.places, rounding.bill.mode)),
        BillAt::Month => amount,
    };
    let weights: Option<Vec<i128>> = causes.values().map(|(_, weight)| *weight).collect();
    let shares: Vec<Option<i128>> = match (amount, weights) {
        (Some(amount), Some(weights)) => money::split(amount, &weights, rounding.line.places).into_iter().map(Some).collect(),
        _ => vec![None; causes.len()],
    };
    let line = Line {
        package: None,
        cycle,
        cycles: 1,
        used: used(world, cycle, key, before, entries),
        debited_at: world.debited_at(cycle),
        api,
        region,
        project: project.map(str::to_owned),
        calls: slices.iter().map(|slice| slice.calls).sum(),
        slices,
        amount,
        charged,
        rounded_off: amount.zip(charged).map(|(amount, charged)| amount - charged),
        causes: causes.iter().zip(shares).map(|((cause, (calls, _)), share)| (*cause, *calls, share)).collect(),
    };
    seen.add_if(!before.is_empty(), "the period starts within a line's cycle");
    seen_bill::charged(world, counters, &line, exact, seen);
    line
}

/// The slice in which one charged call stands: by its number, or for a volume ladder by the month's total.
pub fn one_call(world: &World, counters: &Counters, ladder: Option<usize>, number: u64, api: usize, at: i64) -> Slice {
    let Some(row) = ladder else {
        return Slice { step: None, from: 0, up_to: None, calls: 1, unit_price: None, amount: None };
    };
    let ladder = &world.ladders[row];
    let number = match ladder.shape {
        Shape::Volume => counters.reached[&(ladder.first, api, clock::month(at))],
        _ => number,
    };
    let step = price::step_of(ladder, number);
    let (from, up_to) = price::step_bounds(ladder, step);
    Slice { step: Some((row, step)), from, up_to, calls: 1, unit_price: ladder.steps[step].1, amount: None }
}

/// The half-open time in which the charged calls fell, as the bill shows it (E3, E4, E6).
fn used(world: &World, cycle: (i64, i64), key: (i64, usize, usize, Option<&str>), before: &[Entry], entries: &[Entry]) -> (i64, i64) {
    let (_, api, region, project) = key;
    let charged: Vec<&Entry> = entries.iter().filter(|entry| matches!(entry.fate, Fate::Charged { .. })).collect();
    let (first, last) = (charged[0].at, charged[charged.len() - 1].at);
    let (mut opening, mut closing) = (Some(i64::MAX), Some(i64::MIN));
    for entry in &charged {
        if let Fate::Charged { opened, closes, .. } = entry.fate {
            opening = opening.zip(*opened).map(|(a, b)| a.min(b));
            closing = closing.zip(*closes).map(|(a, b)| a.max(b));
        }
    }
    let mut start = cycle.0.max(opening.unwrap_or(cycle.0));
    let earlier = before.iter().chain(entries.iter().take_while(|entry| matches!(entry.fate, Fate::Drawn { .. })));
    if earlier.into_iter().any(|entry| matches!(entry.fate, Fate::Drawn { .. })) {
        start = start.max(first);
    }
    // Every later call is covered from the first grant on that starts after the last charged call.
    let next = world.grants.iter().filter_map(|grant| {
        let fits = grant.apis.contains(&api) && grant.regions.contains(&region) && grant.fits_project(project);
        let serves = grant.quota - grant.used_before >= world.takes(grant, api) && grant.start() < grant.end;
        (grant.free.is_none() && fits && serves).then(|| world.window(grant.start()).0).filter(|start| *start > last)
    });
    (start, cycle.1.min(closing.unwrap_or(cycle.1)).min(next.min().unwrap_or(cycle.1)))
}

/// A sum that a missing price makes unknown.
pub fn add(sum: Option<i128>, next: Option<i128>) -> Option<i128> {
    sum.zip(next).map(|(sum, next)| sum + next)
}
