//! Detail "month": the pay-per-use lines merged by month, API, region and project.

use crate::bill::{Line, Slice, add};
use crate::cause::Cause;
use crate::clock;
use std::collections::BTreeMap;

pub fn by_month(lines: Vec<Line>) -> Vec<Line> {
    let mut merged: Vec<Line> = Vec::new();
    for line in lines {
        let same = |other: &&mut Line| {
            let key = |line: &Line| (clock::month(line.cycle.0), line.api, line.region, line.project.clone());
            other.package.is_none() && line.package.is_none() && key(other) == key(&line)
        };
        let Some(whole) = merged.iter_mut().find(same) else {
            merged.push(line);
            continue;
        };
        whole.cycle.1 = line.cycle.1;
        whole.used.1 = line.used.1;
        whole.debited_at = line.debited_at;
        whole.cycles += 1;
        whole.calls += line.calls;
        whole.amount = add(whole.amount, line.amount);
        whole.charged = add(whole.charged, line.charged);
        whole.rounded_off = add(whole.rounded_off, line.rounded_off);
        whole.slices.extend(line.slices);
        whole.causes.extend(line.causes);
    }
    for line in merged.iter_mut().filter(|line| line.package.is_none()) {
        gather(line);
    }
    merged.sort_by(|a, b| {
        let key = |line: &Line| (line.cycle.0, line.package.is_none(), line.api, line.region);
        key(a).cmp(&key(b)).then_with(|| a.project.cmp(&b.project))
    });
    merged
}

fn gather(line: &mut Line) {
    let mut slices: Vec<Slice> = Vec::new();
    for slice in std::mem::take(&mut line.slices) {
        let bounds = |slice: &Slice| (slice.from, slice.up_to, slice.unit_price);
        match slices.iter_mut().find(|other| bounds(other) == bounds(&slice)) {
            Some(same) => {
                same.calls += slice.calls;
                same.amount = add(same.amount, slice.amount);
            }
            None => slices.push(slice),
        }
    }
    line.slices = slices;
    let mut causes: BTreeMap<Cause, (u64, Option<i128>)> = BTreeMap::new();
    for (cause, calls, amount) in std::mem::take(&mut line.causes) {
        let (sum, whole) = causes.entry(cause).or_insert((0, Some(0)));
        *sum += calls;
        *whole = add(*whole, amount);
    }
    line.causes = causes.into_iter().map(|(cause, (calls, amount))| (cause, calls, amount)).collect();
}
