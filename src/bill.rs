//! What charged calls cost: one line per settlement cycle, API, region and project.
//!
//! Always true: a line's amount is the sum of its slices, cut by the catalog's rule; its causes add up to it.

use crate::deduct::Tally;
use crate::error::Result;
use crate::explain::Cause;
use crate::ledger::{Charge, Entry, Outcome, Priced};
use crate::money::{Amount, Cut, sum};
use crate::question::{LadderIndex, Question};
use crate::rulebook::BillAt;
use crate::sort::sort_by_key;
use crate::tariff::{Shape, Slice};
use crate::time::Period;

/// The charges of one cycle to one API, region and project.
#[derive(Clone, Debug)]
pub struct Line {
    /// The group of streams.
    pub group: usize,
    /// The cycle that is settled.
    pub cycle: Period,
    /// How many cycles, when lines are merged.
    pub cycles: u64,
    /// The part of the cycle in which calls were charged.
    pub used: Period,
    /// Calls charged.
    pub calls: u64,
    /// What they are made of.
    pub slices: Vec<Slice>,
    /// Cut by the rule for lines.
    pub amount: Option<Amount>,
    /// Cut by the rule for bills, where that is cut by the line.
    pub charged: Option<Amount>,
    /// Amount less what is charged.
    pub rounded_off: Option<Amount>,
    /// Why they were charged.
    pub causes: Vec<CauseShare>,
    /// Places of the prices that are missing.
    pub unpriced: Vec<String>,
}

/// The part of a line that has one cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CauseShare {
    /// The cause.
    pub cause: Cause,
    /// Calls.
    pub calls: u64,
    /// Their part of the line's amount.
    pub amount: Option<Amount>,
}

/// Calls of one line that one step prices for one cause.
struct Part {
    ladder: Option<LadderIndex>,
    step: usize,
    cause: Cause,
    calls: u64,
}

/// The charges of one group in a cycle, with the entries that they stand in.
type GroupCharges<'a> = Vec<(usize, &'a Entry, &'a Charge)>;

/// Settles a cycle: its charges become lines, in the order of groups.
pub fn settle(question: &Question, cycle: Period, entries: &[Entry], tallies: &[Tally]) -> Result<Vec<Line>> {
    let charges = charges(question, entries);
    let mut lines = Vec::new();
    for of_group in charges.chunk_by(|a, b| a.0 == b.0) {
        lines.push(line(question, cycle, of_group, tallies)?);
    }
    Ok(lines)
}

/// What a cycle's lines come to before any cut; `None` where a price is missing. Each slice is shown with the row that prices it.
pub fn exact(
    question: &Question,
    entries: &[Entry],
    tallies: &[Tally],
    mut see: impl FnMut(Option<LadderIndex>, &Slice) -> Result<()>,
) -> Result<Option<Amount>> {
    let mut total = Some(Amount::ZERO);
    for of_group in charges(question, entries).chunk_by(|a, b| a.0 == b.0) {
        for (row, slice) in slices(question, &parts(question, of_group, tallies))? {
            see(row, &slice)?;
            total = sum([total, slice.amount])?;
        }
    }
    Ok(total)
}

/// What each stream's charged calls come to before any cut, by calls and unit price.
pub(crate) fn costs(question: &Question, entries: &[Entry], tallies: &[Tally]) -> Result<Vec<(usize, Amount)>> {
    let mut costs = Vec::new();
    for (_, entry, charge) in charges(question, entries) {
        let Some(priced) = charge.price else { continue };
        let tariff = question.ladder(priced.ladder).tariff();
        let price = tariff.steps[step(question, priced, tallies, charge.step)].unit_price.unwrap_or(Amount::ZERO);
        costs.push((entry.stream, price.times_per(entry.calls, tariff.per)?));
    }
    Ok(costs)
}

fn charges<'a>(question: &Question, entries: &'a [Entry]) -> GroupCharges<'a> {
    let mut charges = GroupCharges::new();
    for entry in entries {
        if let Outcome::Charged(charge) = &entry.outcome {
            charges.push((question.streams[entry.stream].group, entry, charge));
        }
    }
    if charges.len() > 1 {
        sort_by_key(&mut charges, |&(group, ..)| group);
    }
    charges
}

fn parts(question: &Question, charges: &[(usize, &Entry, &Charge)], tallies: &[Tally]) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    for (_, entry, charge) in charges {
        let ladder = charge.price.map(|price| price.ladder);
        let step = charge.price.map_or(0, |price| step(question, price, tallies, charge.step));
        match parts.iter_mut().find(|part| part.ladder == ladder && part.step == step && part.cause == charge.cause) {
            Some(part) => part.calls += entry.calls,
            None => parts.push(Part { ladder, step, cause: charge.cause, calls: entry.calls }),
        }
    }
    if parts.len() > 1 {
        sort_by_key(&mut parts, |part| (part.ladder, part.step, part.cause));
    }
    parts
}

/// One slice for each step with the row that prices it, in the order of rows and steps.
fn slices(question: &Question, parts: &[Part]) -> Result<Vec<(Option<LadderIndex>, Slice)>> {
    let mut slices = Vec::new();
    for of_step in parts.chunk_by(|a, b| (a.ladder, a.step) == (b.ladder, b.step)) {
        let calls = of_step.iter().map(|part| part.calls).sum();
        slices.push((of_step[0].ladder, slice(question, of_step[0].ladder, of_step[0].step, calls)?));
    }
    Ok(slices)
}

fn line(question: &Question, cycle: Period, charges: &[(usize, &Entry, &Charge)], tallies: &[Tally]) -> Result<Line> {
    let (mut open, mut uncovered) = (charges[0].2.open, charges[0].2.uncovered);
    for (.., charge) in charges {
        (open, uncovered) = (open.hull(charge.open), uncovered.hull(charge.uncovered));
    }
    let used = cycle.within(open).within(uncovered);
    let parts = parts(question, charges, tallies);
    let slices: Vec<Slice> = slices(question, &parts)?.into_iter().map(|(_, slice)| slice).collect();
    let rounding = question.catalog.rounding;
    let exact = sum(slices.iter().map(|slice| slice.amount))?;
    let amount = exact.map(|exact| exact.cut(rounding.line));
    let charged = match rounding.bill.at {
        BillAt::Line => amount.map(|amount| amount.cut(Cut { places: rounding.bill.places, mode: rounding.bill.mode })),
        BillAt::Month => amount,
    };
    let rounded_off = amount.zip(charged).map(|(amount, charged)| amount.minus(charged)).transpose()?;
    let (group, calls) = (charges[0].0, parts.iter().map(|part| part.calls).sum());
    let api = question.streams[charges[0].1.stream].api;
    let unpriced = parts.iter().filter_map(|part| unpriced(question, api, part)).collect();
    let causes = causes(question, parts, amount)?;
    Ok(Line { group, cycle, cycles: 1, used, calls, slices, amount, charged, rounded_off, causes, unpriced })
}

/// The step that prices a charge; of a volume ladder, the one that the month's calls reach, at whatever versions they were made.
pub(crate) fn step(question: &Question, price: Priced, tallies: &[Tally], graduated: usize) -> usize {
    let tariff = question.ladder(price.ladder).tariff();
    match tariff.shape {
        Shape::Flat => 0,
        Shape::Graduated => graduated,
        Shape::Volume => tariff.step_reached(tallies[price.tally].calls),
    }
}

fn slice(question: &Question, ladder: Option<LadderIndex>, step: usize, calls: u64) -> Result<Slice> {
    match ladder {
        Some(index) => question.ladder(index).tariff().slice(step, calls, question.is_entered(index)),
        None => Ok(Slice { from: 0, up_to: None, calls, unit_price: None, amount: None, per: None, entered: false }),
    }
}

/// Where the price of some calls would stand, if there is none.
fn unpriced(question: &Question, api: usize, part: &Part) -> Option<String> {
    let Some(index) = part.ladder else { return Some(format!("catalog.apis[{api}]")) };
    let listed = question.catalog.ladders.len();
    let (list, row) = if question.is_entered(index) { ("request.entered", index.0 - listed) } else { ("catalog", index.0) };
    let missing = question.ladder(index).steps[part.step].unit_price.is_none();
    missing.then(|| format!("{list}.ladders[{row}].steps[{}].unitPrice", part.step))
}

/// The line's amount by cause, in the order of causes: by calls × unit price, cut by largest remainder.
fn causes(question: &Question, mut parts: Vec<Part>, amount: Option<Amount>) -> Result<Vec<CauseShare>> {
    sort_by_key(&mut parts, |part| part.cause);
    let mut shares: Vec<CauseShare> = Vec::new();
    let mut weights: Vec<Amount> = Vec::new();
    for part in parts {
        let tariff = part.ladder.map(|index| question.ladder(index).tariff());
        let price = tariff.and_then(|tariff| tariff.steps[part.step].unit_price.map(|price| price.times_per(part.calls, tariff.per)));
        let weight = price.transpose()?.unwrap_or(Amount::ZERO);
        match shares.last_mut().filter(|share| share.cause == part.cause) {
            Some(share) => {
                share.calls += part.calls;
                let last = weights.len() - 1;
                weights[last] = weights[last].plus(weight)?;
            }
            None => {
                shares.push(CauseShare { cause: part.cause, calls: part.calls, amount: None });
                weights.push(weight);
            }
        }
    }
    if let Some(amount) = amount {
        for (share, part) in shares.iter_mut().zip(amount.split(&weights, question.catalog.rounding.line.places)) {
            share.amount = Some(part);
        }
    }
    Ok(shares)
}

/// A line in the coarsest form: slices of one step at one price become one, whatever row they come from.
pub fn coarse(mut line: Line) -> Result<Line> {
    for slice in std::mem::take(&mut line.slices) {
        add_slice(&mut line.slices, slice)?;
    }
    Ok(line)
}

/// Adds the share of a cause, in the order of causes.
pub fn add_share(shares: &mut Vec<CauseShare>, share: CauseShare) -> Result<()> {
    match shares.iter_mut().find(|it| it.cause == share.cause) {
        Some(same) => {
            same.calls += share.calls;
            same.amount = sum([same.amount, share.amount])?;
        }
        None => {
            let place = shares.iter().take_while(|it| it.cause < share.cause).count();
            shares.insert(place, share);
        }
    }
    Ok(())
}

/// Adds a slice; those of one step at one price become one.
fn add_slice(slices: &mut Vec<Slice>, slice: Slice) -> Result<()> {
    let step = |it: &Slice| (it.from, it.up_to, it.unit_price, it.per, it.entered);
    match slices.iter_mut().find(|it| step(it) == step(&slice)) {
        Some(same) => {
            same.calls += slice.calls;
            same.amount = sum([same.amount, slice.amount])?;
        }
        None => slices.push(slice),
    }
    Ok(())
}

/// Adds a later line of the same month and group to an earlier one.
pub fn merge(earlier: &mut Line, later: Line) -> Result<()> {
    earlier.cycle.end = later.cycle.end;
    earlier.used.end = later.used.end;
    earlier.cycles += later.cycles;
    earlier.calls += later.calls;
    for slice in later.slices {
        add_slice(&mut earlier.slices, slice)?;
    }
    for share in later.causes {
        add_share(&mut earlier.causes, share)?;
    }
    sort_by_key(&mut earlier.slices, |slice| slice.from);
    for (it, more) in
        [(&mut earlier.amount, later.amount), (&mut earlier.charged, later.charged), (&mut earlier.rounded_off, later.rounded_off)]
    {
        *it = sum([*it, more])?;
    }
    Ok(())
}
