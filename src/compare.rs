//! `compare`: these packages against pay-per-use alone, and the volumes at which they win.
//!
//! Prices through the one path of `deduct` and `bill`. Volumes are judged on amounts before any rounding, so whole months are
//! settled at once; what is charged in the two estimates is settled and rounded as the catalog says.

use crate::answer::{Estimate, Note};
use crate::bill;
use crate::catalog::Severity;
use crate::count::COUNT_MAX;
use crate::deduct::{Deduction, Telling};
use crate::error::{Code, PricingError, Result, fail};
use crate::estimate::{answer, walk};
use crate::money::{Amount, sum};
use crate::question::{Question, comparable};
use crate::rulebook::{ClassKind, Settlement};
use crate::sort::sort_by_key;
use crate::tariff::Block;
use crate::value::Value;
use serde::Serialize;
use tsify::Tsify;

/// Parts into which the domain of volumes is cut to look for changes of winner.
const PARTS: u64 = 1_024;
/// Points of the curve, at least.
const CURVE_PARTS: u64 = 64;

/// These packages against pay-per-use alone.
#[derive(Clone, Debug, Serialize, Tsify)]
#[tsify(missing_as_null)]
#[serde(rename_all = "camelCase")]
pub struct Comparison {
    /// What the request costs.
    pub with_packages: Estimate,
    /// The same usage without the purchases of class kind "package". What they open stays open.
    pub pay_per_use: Estimate,
    /// Pay-per-use less packages; negative where packages cost more.
    pub saving: Amount,
    /// The saving as a share of pay-per-use, half-up to four decimals; 0 when pay-per-use is 0.
    pub saving_share: Amount,
    /// Requests of the whole usage.
    pub volume: u64,
    /// Volumes at which these packages are strictly cheaper, amounts before rounding.
    pub packages_win: Vec<Interval>,
    /// Amounts before rounding, by volume: at regular volumes, at the present one, and at both sides of each end of an interval.
    pub curve: Vec<CurvePoint>,
    /// What was decided or assumed.
    pub notes: Vec<Note>,
}

/// Volumes from the first to the last, both inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Tsify)]
#[tsify(missing_as_null)]
#[serde(rename_all = "camelCase")]
pub struct Interval {
    /// The first volume inside.
    pub from: u64,
    /// The last volume inside; `null` where it reaches the end of the domain.
    pub up_to: Option<u64>,
}

/// What a volume costs both ways.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Tsify)]
#[tsify(missing_as_null)]
#[serde(rename_all = "camelCase")]
pub struct CurvePoint {
    /// Requests of the whole usage.
    pub calls: u64,
    /// With these packages.
    pub with_packages: Amount,
    /// By pay-per-use alone.
    pub pay_per_use: Amount,
}

/// Compares a request's packages with pay-per-use alone.
///
/// Fails as `estimate` does, with `no_pay_per_use` on a catalog that has none or where it is switched off, and with `no_published_price` where a price is missing.
pub fn compare(request: &Value) -> Result<Comparison> {
    let (question, request) = Question::read(request)?;
    if !question.catalog.pay_per_use {
        return fail(Code::NoPayPerUse, "catalog.payPerUse");
    }
    if !question.pay_per_use {
        return fail(Code::NoPayPerUse, "request.payPerUse");
    }
    comparable(&request.usage)?;
    let alone = question.without_packages();
    let (with_packages, pay_per_use) = (answer(&question, request.detail)?, answer(&alone, request.detail)?);
    let unpriced = with_packages.unpriced.first().or(pay_per_use.unpriced.first());
    if let Some(unpriced) = unpriced {
        return Err(PricingError::new(Code::NoPublishedPrice, unpriced.place.clone()));
    }
    let (Some(with), Some(without)) = (with_packages.total, pay_per_use.total) else { return fail(Code::NoPublishedPrice, "catalog") };
    let saving = without.minus(with)?;
    let mut race = Race::new(&question, &alone);
    let domain = race.priced_domain()?;
    let (packages_win, ends) = race.intervals(domain)?;
    let curve = race.curve(domain, &ends)?;
    let mut notes = Vec::new();
    if domain < race.domain {
        notes.push(Note { code: "curve_ends_at_last_price".to_string(), rule: "P4".to_string(), severity: Severity::Info, place: None });
    }
    notes.push(Note {
        code: "narrow_alternations_not_searched".to_string(),
        rule: "R1".to_string(),
        severity: Severity::Info,
        place: None,
    });
    Ok(Comparison {
        with_packages,
        pay_per_use,
        saving,
        saving_share: saving.share_of(without),
        volume: question.volume(),
        packages_win,
        curve,
        notes,
    })
}

/// Both ways of paying, at any volume of the same shape.
struct Race {
    with: Question,
    alone: Question,
    /// Where each item stands in the canonical order: requests of all items before it, and its own included.
    shares: Vec<(usize, usize, u64, u64)>,
    volume: u64,
    domain: u64,
}

impl Race {
    fn new(question: &Question, alone: &Question) -> Self {
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
        let quota = question
            .grants
            .iter()
            .filter(|grant| grant.kind == ClassKind::Package)
            .fold(0_u64, |sum, grant| sum.saturating_add(grant.quota));
        let most_calls =
            question.streams.iter().flat_map(|stream| &stream.items).map(|item| item.calls_per_request).max().unwrap_or(1).max(1);
        let domain = if before == 0 { 0 } else { before.max(quota).saturating_mul(10).min(COUNT_MAX / most_calls) };
        Race { with: question.clone(), alone: alone.clone(), shares, volume: before, domain }
    }

    /// What a volume costs with packages and without, before rounding; `None` where a price is missing or the sum too large.
    fn at(&mut self, volume: u64) -> Result<Option<(Amount, Amount)>> {
        for &(s, i, before, up_to) in &self.shares {
            let scaled = |part: u64| (u128::from(volume) * u128::from(part) / u128::from(self.volume)) as u64;
            let requests = scaled(up_to) - scaled(before);
            self.with.streams[s].items[i].requests = requests;
            self.alone.streams[s].items[i].requests = requests;
        }
        match (exact(&self.with), exact(&self.alone)) {
            (Ok(with), Ok(alone)) => Ok(with.zip(alone)),
            // Beyond what is exact, as beyond the last price, nothing is said.
            (Err(error), _) | (_, Err(error)) if error.code() != Code::AmountTooLarge => Err(error),
            _ => Ok(None),
        }
    }

    /// Whether packages are strictly cheaper; a missing price decides nothing.
    fn wins(&mut self, volume: u64) -> Result<bool> {
        Ok(self.at(volume)?.is_some_and(|(with, alone)| with < alone))
    }

    /// The largest volume of the domain up to which everything has a price.
    fn priced_domain(&mut self) -> Result<u64> {
        if self.domain == 0 || self.at(self.domain)?.is_some() {
            return Ok(self.domain);
        }
        let (mut priced, mut unpriced) = (self.volume, self.domain);
        while priced + 1 < unpriced {
            let middle = priced + (unpriced - priced) / 2;
            if self.at(middle)?.is_some() { priced = middle } else { unpriced = middle }
        }
        Ok(priced)
    }

    /// The intervals in which packages win, and all volumes at which the winner changes.
    fn intervals(&mut self, domain: u64) -> Result<(Vec<Interval>, Vec<u64>)> {
        let mut intervals: Vec<Interval> = Vec::new();
        let mut changes = Vec::new();
        if domain == 0 {
            return Ok((intervals, changes));
        }
        let (mut before, mut winning) = (0, self.wins(0)?);
        if winning {
            intervals.push(Interval { from: 0, up_to: None });
        }
        for part in 1..=PARTS {
            let volume = (u128::from(domain) * u128::from(part) / u128::from(PARTS)) as u64;
            if volume == before {
                continue;
            }
            let wins = self.wins(volume)?;
            if wins != winning {
                let (mut same, mut changed) = (before, volume);
                while same + 1 < changed {
                    let middle = same + (changed - same) / 2;
                    if self.wins(middle)? == winning { same = middle } else { changed = middle }
                }
                match intervals.last_mut().filter(|_| winning) {
                    Some(open) => open.up_to = Some(same),
                    None => intervals.push(Interval { from: changed, up_to: None }),
                }
                changes.extend([same, changed]);
            }
            (before, winning) = (volume, wins);
        }
        if domain < self.domain
            && let Some(open) = intervals.last_mut().filter(|open| open.up_to.is_none())
        {
            open.up_to = Some(domain);
        }
        Ok((intervals, changes))
    }

    fn curve(&mut self, domain: u64, changes: &[u64]) -> Result<Vec<CurvePoint>> {
        if domain == 0 {
            return Ok(Vec::new());
        }
        let regular = (0..=CURVE_PARTS).map(|part| (u128::from(domain) * u128::from(part) / u128::from(CURVE_PARTS)) as u64);
        let mut volumes: Vec<u64> = regular.chain(changes.iter().copied()).chain([self.volume]).collect();
        sort_by_key(&mut volumes, |&volume| volume);
        volumes.dedup();
        let mut curve = Vec::new();
        for calls in volumes {
            if let Some((with_packages, pay_per_use)) = self.at(calls)? {
                curve.push(CurvePoint { calls, with_packages, pay_per_use });
            }
        }
        Ok(curve)
    }
}

/// What a question costs in its period, before any rounding; `None` where a price is missing.
fn exact(question: &Question) -> Result<Option<Amount>> {
    // Whole blocks are charged by the line, so they need the real cycles; every other price adds up over a month.
    let by_line = question.ladders().any(|(_, row)| row.block == Block::Whole);
    let settlement = if by_line { question.catalog.settlement } else { Settlement::Month };
    let cycles = |at| settlement.cycle(question.catalog.utc_offset, at);
    let mut deduction = Deduction::new(question, Telling::Counts, &cycles);
    let mut total = packages(question)?;
    walk(question, &mut deduction, settlement, |_, ledger, deduction| {
        total = sum([total, bill::exact(question, &ledger.entries, &deduction.tallies)?])?;
        Ok(())
    })?;
    Ok(total)
}

fn packages(question: &Question) -> Result<Option<Amount>> {
    let paid = question.grants.iter().filter(|grant| question.period.contains(grant.created));
    sum(paid.filter_map(|grant| grant.purchase()).map(|purchase| purchase.price))
}
