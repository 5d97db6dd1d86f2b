//! What usage costs both ways at any volume of the same shape, and how far a straight line between two volumes can be trusted.
//!
//! Usage scaled to volume V: item i gets floor(V × Cᵢ ÷ C) − floor(V × Cᵢ₋₁ ÷ C) requests, C cumulative in the order of periods. Amounts
//! are before any rounding. Between two volumes that stand at the same [`Side::marks`] both costs are straight lines, but for the
//! floors: how far those can carry a cost off its line is bounded here, never guessed.

use crate::bill;
use crate::catalog::Unit;
use crate::count::COUNT_MAX;
use crate::deduct::{Deduction, Telling};
use crate::error::{Code, Result};
use crate::estimate::walk;
use crate::ledger::{Charge, Entry, Outcome, Priced};
use crate::money::{Amount, sum};
use crate::question::Question;
use crate::rulebook::{ClassKind, Settlement};
use crate::sort::sort_by_key;
use crate::tariff::{Block, Shape, Tariff};
use crate::time::Instant;
use crate::usage::{Item, Success};

/// More steps than a ladder has, to write row and step as one number.
const STEPS: usize = 4_096;

/// A volume and what it costs both ways.
pub(crate) struct Point {
    /// Requests of the whole usage.
    pub volume: u64,
    /// With the packages, then alone; `None` where a price is missing.
    pub sums: Option<(Amount, Amount)>,
    /// With the packages, then alone.
    sides: [Side; 2],
    /// What pay-per-use alone costs more, by unit price; prices whose difference is zero are left out.
    net: Vec<(Amount, Amount)>,
    /// Calls that streams which share a grant make in one second: it may pay for either.
    second: u64,
}

/// Where one way of paying stands at a volume.
#[derive(Default)]
struct Side {
    /// What became of calls: month, stream, and grant or ladder step; where things ran out; steps of volume ladders.
    marks: Vec<(i64, usize, usize)>,
    /// Steps and blocks that cost a leap where they change, if counts were as much smaller as floors can make them.
    low: Vec<u64>,
    /// The same, if counts were as much larger.
    high: Vec<u64>,
    /// What those leaps that are within reach of the floors come to; `None`: no price is beyond one of them.
    leap: Option<Amount>,
    /// What last blocks that are charged whole can come to.
    blocks: Amount,
    /// The lowest and the highest price of one more call.
    least: Option<Amount>,
    most: Amount,
    /// By unit price: what its calls cost.
    sums: Vec<(Amount, Amount)>,
}

/// How far floors move counts, whatever the volume.
#[derive(Default)]
struct Floors {
    /// Calls by which one count can be off.
    counts: u64,
    /// Calls by which items can be off, together.
    items: u64,
    /// Calls by which the whole can be off, because only a share succeeds.
    shares: u64,
    /// Whether every request counts as equally many calls, all of them charged or covered in the period.
    uniform: bool,
    /// Volumes over which every item grows by more than floors can hide.
    grown: u64,
    /// Units in grants that several streams draw on: within a second they are served one after the other.
    shared: u64,
}

/// Both ways of paying, at any volume of the same shape.
pub(crate) struct Race {
    with: Question,
    alone: Question,
    /// Where each item stands in the canonical order: requests of all items before it, and its own included.
    shares: Vec<(usize, usize, u64, u64)>,
    /// The volume of the request itself.
    pub volume: u64,
    /// What packages hold, together.
    pub quota: u64,
    /// The largest volume that can be counted.
    pub largest: u64,
    floors: Floors,
    /// Where streams start and end, and terms and prices change.
    places: Vec<Instant>,
}

impl Race {
    pub fn new(question: &Question, alone: &Question) -> Self {
        let (question, alone) = (question.without_idle_quotas(), alone.without_idle_quotas());
        let mut items: Vec<(usize, usize)> = Vec::new();
        for (s, stream) in question.streams.iter().enumerate() {
            items.extend((0..stream.items.len()).map(|i| (s, i)));
        }
        sort_by_key(&mut items, |&(s, i)| {
            let period = question.streams[s].items[i].period;
            (period.start, period.end, s)
        });
        let mut before = 0;
        let mut shares = Vec::new();
        for (s, i) in items {
            let requests = question.streams[s].items[i].requests;
            shares.push((s, i, before, before + requests));
            before += requests;
        }
        let packages = question.grants.iter().filter(|grant| grant.kind == ClassKind::Package);
        let quota = packages.fold(0_u64, |sum, grant| sum.saturating_add(grant.quota));
        let most_calls = question.streams.iter().flat_map(|stream| &stream.items).map(|item| item.calls_per_request).max();
        let largest = if before == 0 { 0 } else { COUNT_MAX / most_calls.unwrap_or(1).max(1) };
        let places = places(&question);
        let floors = floors(&question, &shares, &places);
        Race { with: question, alone, shares, volume: before, quota, largest, floors, places }
    }

    /// How much work one volume is: streams times stretches of time, about.
    pub fn work(&self) -> usize {
        let hours = if by_line(&self.with) { 730 } else { 1 };
        2 * (self.with.streams.len() * (self.places.len() + 4) + self.shares.len() * hours)
    }

    /// What a volume costs; `None` where a sum is too large to be exact.
    pub fn at(&mut self, volume: u64) -> Result<Option<Point>> {
        for &(s, i, before, up_to) in &self.shares {
            let scaled = |part: u64| (u128::from(volume) * u128::from(part) / u128::from(self.volume)) as u64;
            let requests = scaled(up_to) - scaled(before);
            self.with.streams[s].items[i].requests = requests;
            self.alone.streams[s].items[i].requests = requests;
        }
        let second = self.in_a_second();
        let wobble = self.floors.counts.saturating_add(second);
        let sides = cost(&self.with, &self.places, wobble).and_then(|with| Ok((with, cost(&self.alone, &self.places, wobble)?)));
        match sides {
            Ok(((with, of_with), (alone, of_alone))) => {
                let net = net(&of_with, &of_alone)?;
                Ok(Some(Point { volume, sums: with.zip(alone), sides: [of_with, of_alone], net, second }))
            }
            Err(error) if error.code() == Code::AmountTooLarge => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Calls that streams which share a grant make in one second, at most.
    fn in_a_second(&self) -> u64 {
        if self.floors.shared == 0 {
            return 0;
        }
        let rate = |item: &Item| {
            let seconds = (item.period.end.0 - item.period.start.0) as u64;
            if seconds > 1 { item.requests.div_ceil(seconds).saturating_mul(item.calls_per_request) } else { 0 }
        };
        let most = self.with.streams.iter().flat_map(|stream| &stream.items).map(rate).max().unwrap_or(0);
        most.saturating_mul(self.with.streams.len() as u64).min(self.floors.shared)
    }

    /// Whether nothing between two volumes can be otherwise than at both of them: the same is cheaper, and no cliff lies between.
    pub fn settled(&self, a: &Point, b: &Point) -> bool {
        if a.volume + 1 >= b.volume {
            return true;
        }
        let ((Some(one), Some(other)), true) = ((a.sums, b.sums), same_marks(a, b)) else { return a.sums.is_none() && b.sums.is_none() };
        if self.quota == 0 {
            // Nothing was bought, so nothing can turn; but prices can end.
            return a.sides[1].low == b.sides[1].high || a.sides[1].leap.and(b.sides[1].leap).is_some();
        }
        let safe = (0..2).all(|side| a.sides[side].low == b.sides[side].high);
        // What is saved has stopped to grow: where it still grew, it would have grown by more than floors can hide.
        if safe && a.net == b.net && b.volume - a.volume >= self.floors.grown {
            return true;
        }
        let lead = |(with, alone): (Amount, Amount)| alone.minus(with).ok();
        match (lead(one), lead(other), self.off_the_line(a, b, safe)) {
            (Some(one), Some(other), Some(off)) if one > Amount::ZERO => one > off && other > off,
            (Some(one), Some(other), Some(off)) => {
                one.plus(off).is_ok_and(|it| it <= Amount::ZERO) && other.plus(off).is_ok_and(|it| it <= Amount::ZERO)
            }
            _ => false,
        }
    }

    /// How far the difference of the two costs can be off the straight line between two volumes of the same marks.
    fn off_the_line(&self, a: &Point, b: &Point, safe: bool) -> Option<Amount> {
        let mut off = self.floors_at(a)?.max(self.floors_at(b)?);
        for side in a.sides.iter().chain(&b.sides).filter(|_| !safe) {
            off = off.plus(side.leap?).ok()?;
        }
        Some(off)
    }

    /// How far floors and whole blocks can carry the difference of the two costs from a straight line.
    fn floors_at(&self, point: &Point) -> Option<Amount> {
        let mut off = Amount::ZERO;
        for side in &point.sides {
            // The whole is what it is: where all calls cost the same, it does not matter in which item they are.
            let spread = if self.floors.uniform { side.most.minus(side.least.unwrap_or(side.most)).ok()? } else { side.most };
            let items = self.floors.items.saturating_add(point.second);
            for (price, calls) in [(spread, items), (side.most, self.floors.shares), (side.most, 2 * self.floors.counts)] {
                off = off.plus(price.times(calls).ok()?).ok()?;
            }
            off = off.plus(side.blocks).ok()?;
        }
        Some(off)
    }
}

impl Point {
    /// Whether packages are strictly cheaper; a missing price decides nothing.
    pub fn wins(&self) -> bool {
        self.sums.is_some_and(|(with, alone)| with < alone)
    }
}

/// Whether two volumes stand at the same steps and grants.
pub(crate) fn same_marks(a: &Point, b: &Point) -> bool {
    (0..2).all(|side| a.sides[side].marks == b.sides[side].marks)
}

/// Where streams start and end, if there are several, and terms, prices and what is open change; earlier ones first.
fn places(question: &Question) -> Vec<Instant> {
    let mut places = question.bounds.to_vec();
    places.extend(question.grants.iter().flat_map(|grant| [grant.serving.start, grant.serving.end]));
    if let Some(access) = &question.access {
        places.extend(access.openers.iter().map(|opener| opener.from));
        places.extend(access.switch_offs.iter().map(|off| off.at));
    }
    if question.streams.len() > 1 {
        let items = question.streams.iter().flat_map(|stream| &stream.items);
        places.extend(items.flat_map(|item| [item.period.start, item.period.end]));
    }
    sort_by_key(&mut places, |&place| place);
    places.dedup();
    places
}

fn floors(question: &Question, shares: &[(usize, usize, u64, u64)], places: &[Instant]) -> Floors {
    let zone = question.catalog.utc_offset;
    let called: Vec<(usize, &Item)> =
        shares.iter().filter(|it| it.2 < it.3).map(|&(s, i, ..)| (s, &question.streams[s].items[i])).collect();
    let most_calls = called.iter().map(|(_, item)| item.calls_per_request).max().unwrap_or(0);
    let cut = |item: &Item| {
        let (start, end) = (item.period.start, item.period.end);
        let inside = places.partition_point(|&place| place < end) - places.partition_point(|&place| place <= start);
        inside as u64 + u64::from(zone.month(start) != zone.month(Instant(end.0 - 1)))
    };
    let cuts = called.iter().filter(|(_, item)| cut(item) > 0).count() as u64;
    let part = called.iter().filter(|(_, item)| matches!(item.success, Success::Share(_))).count() as u64;
    // A run of items that follow each other is one difference of two floors.
    let runs = 1 + called.windows(2).filter(|pair| pair[0].0 != pair[1].0).count() as u64;
    let whole = called.len() as u64 <= 1 && cuts == 0 && part == 0;
    let points = question.grants.iter().filter(|grant| grant.unit == Unit::Point).count() as u64;
    let left_over = points * question.points.iter().copied().max().unwrap_or(1);
    let counted = |item: &Item| {
        let inside = item.period.within(question.period) == item.period && item.success != Success::None;
        inside && item.calls_per_request == most_calls
    };
    let drawers = |grant: &&crate::grant::Grant| question.streams.iter().filter(|stream| grant.serves(stream.api, stream.region)).count();
    let shared = question.grants.iter().filter(|grant| drawers(grant) > 1).map(|grant| grant.quota);
    let counts = if whole { left_over } else { (runs + 2 * cuts + 2 * part).saturating_mul(most_calls).saturating_add(left_over) };
    let all = shares.last().map_or(0, |it| it.3);
    let least = shares.iter().map(|it| it.3 - it.2).filter(|&requests| requests > 0).min().unwrap_or(1);
    Floors {
        counts,
        grown: if counts == 0 { 0 } else { (all / least + 1).saturating_mul(4 * (counts + part + 1)) },
        items: ((called.len() as u64).saturating_sub(1) + 2 * cuts).saturating_mul(most_calls),
        shares: (2 * part).saturating_mul(most_calls),
        uniform: called.iter().all(|(_, item)| counted(item)),
        shared: shared.fold(0, u64::saturating_add),
    }
}

/// Whole blocks are charged by the line, so they need the real cycles; every other price adds up over a month.
fn by_line(question: &Question) -> bool {
    question.ladders().any(|(_, row)| row.block == Block::Whole)
}

/// What a question costs in its period, before any rounding, and where it stands; `None` where a price is missing.
fn cost(question: &Question, places: &[Instant], wobble: u64) -> Result<(Option<Amount>, Side)> {
    let zone = question.catalog.utc_offset;
    let settlement = if by_line(question) { question.catalog.settlement } else { Settlement::Month };
    let cycles = |at| settlement.cycle(zone, at);
    let mut deduction = Deduction::new(question, Telling::Counts, &cycles);
    let mut total = packages(question)?;
    let mut side = Side { leap: Some(Amount::ZERO), ..Side::default() };
    let mut tight = 0;
    walk(question, &mut deduction, settlement, |cycle, ledger, deduction| {
        let month = if settlement == Settlement::Month { cycle.start } else { zone.month_start(zone.month(cycle.start)) }.0;
        side.stand(question, month, &ledger.entries, deduction, wobble)?;
        for at in &deduction.tight()[tight..] {
            side.mark((month, usize::MAX, places.partition_point(|place| place <= at)));
        }
        tight = deduction.tight().len();
        let slices = bill::exact(question, &ledger.entries, &deduction.tallies, |row, slice| {
            let whole = row.map(|row| question.ladder(row)).filter(|row| row.block == Block::Whole);
            if let (Some(row), Some(price)) = (whole, slice.unit_price) {
                let per = row.tariff().per;
                side.low.push(slice.calls.saturating_sub(wobble).div_ceil(per));
                side.high.push((slice.calls.saturating_add(wobble)).div_ceil(per));
                side.blocks = side.blocks.plus(price)?;
            }
            if let (Some(price), Some(amount)) = (slice.unit_price, slice.amount) {
                add(&mut side.sums, price, amount)?;
            }
            Ok(())
        })?;
        total = sum([total, slices])?;
        Ok(())
    })?;
    Ok((total, side))
}

impl Side {
    fn mark(&mut self, mark: (i64, usize, usize)) {
        if let Err(place) = self.marks.binary_search(&mark) {
            self.marks.insert(place, mark);
        }
    }

    /// Notes where a cycle's calls and ladders stand.
    fn stand(&mut self, question: &Question, month: i64, entries: &[Entry], deduction: &Deduction<'_>, wobble: u64) -> Result<()> {
        let charged = |stream: usize| entries.iter().any(|it| it.stream == stream && matches!(it.outcome, Outcome::Charged(_)));
        let mut rows: Vec<Priced> = Vec::new();
        for entry in entries {
            let (what, price) = match &entry.outcome {
                Outcome::Failed => (0, Some(Amount::ZERO)),
                Outcome::Refused(_) => (1, Some(Amount::ZERO)),
                Outcome::Drawn(draw) => (2 + 2 * draw.grant, (!charged(entry.stream)).then_some(Amount::ZERO)),
                Outcome::Charged(Charge { price: None, .. }) => (3, None),
                Outcome::Charged(Charge { price: Some(priced), step, .. }) => {
                    if !rows.contains(priced) {
                        rows.push(*priced);
                    }
                    let tariff = question.ladder(priced.ladder).tariff();
                    let next = tariff.steps[reached(&tariff, deduction.tallies[priced.tally].calls)].unit_price;
                    (5 + 2 * (priced.ladder.0 * STEPS + step), next.map(|price| price.times_per(1, tariff.per)).transpose()?)
                }
            };
            self.mark((month, entry.stream, what));
            if let Some(price) = price {
                self.least = Some(self.least.map_or(price, |least| least.min(price)));
                self.most = self.most.max(price);
            }
        }
        sort_by_key(&mut rows, |row| row.ladder);
        for row in rows {
            let (tariff, calls) = (question.ladder(row.ladder).tariff(), deduction.tallies[row.tally].calls);
            if tariff.shape == Shape::Volume {
                self.mark((month, usize::MAX - 1 - row.tally, row.ladder.0 * STEPS + reached(&tariff, calls)));
            }
            if tariff.shape == Shape::Volume || tariff.steps.iter().any(|step| step.unit_price.is_none()) {
                let (low, high) = (reached(&tariff, calls.saturating_sub(wobble)), reached(&tariff, calls.saturating_add(wobble)));
                self.low.push(low as u64);
                self.high.push(high as u64);
                if low != high {
                    self.leap = self.leap.and_then(|leap| leap.plus(height(&tariff, low, high, calls.saturating_add(wobble))?).ok());
                }
            }
        }
        Ok(())
    }
}

/// The step that a number of calls reaches.
fn reached(tariff: &Tariff<'_>, calls: u64) -> usize {
    if tariff.shape == Shape::Flat { 0 } else { tariff.step_reached(calls) }
}

/// What a month of so many calls costs more or less at another of these steps, at most; `None` where one has no price.
fn height(tariff: &Tariff<'_>, low: usize, high: usize, calls: u64) -> Option<Amount> {
    let (mut least, mut most) = (tariff.steps[low].unit_price?, tariff.steps[low].unit_price?);
    for step in &tariff.steps[low..=high] {
        (least, most) = (least.min(step.unit_price?), most.max(step.unit_price?));
    }
    if tariff.shape == Shape::Volume { most.minus(least).ok()?.times(calls).ok() } else { Some(Amount::ZERO) }
}

fn add(sums: &mut Vec<(Amount, Amount)>, price: Amount, amount: Amount) -> Result<()> {
    match sums.binary_search_by(|it| it.0.cmp(&price)) {
        Ok(at) => sums[at].1 = sums[at].1.plus(amount)?,
        Err(at) => sums.insert(at, (price, amount)),
    }
    Ok(())
}

/// What pay-per-use alone costs more, by unit price.
fn net(with: &Side, alone: &Side) -> Result<Vec<(Amount, Amount)>> {
    let mut net = alone.sums.clone();
    for &(price, amount) in &with.sums {
        add(&mut net, price, Amount::ZERO.minus(amount)?)?;
    }
    net.retain(|it| it.1 != Amount::ZERO);
    Ok(net)
}

fn packages(question: &Question) -> Result<Option<Amount>> {
    let paid = question.grants.iter().filter(|grant| question.period.contains(grant.created));
    sum(paid.filter_map(|grant| grant.purchase()).map(|purchase| purchase.price))
}
