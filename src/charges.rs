//! `charges`: why was I charged? Every pay-per-use amount under one cause (W1), with the single change that would have saved most of it.

use crate::answer::Estimate;
use crate::catalog::Catalog;
use crate::change::{Change, Hit, Trials};
use crate::deduct::{Deduction, Telling, first_second_above};
use crate::error::Result;
use crate::estimate::{answer, walk};
use crate::ledger::Outcome;
use crate::money::Amount;
use crate::question::Question;
use crate::request::{Detail, Request};
use crate::sort::sort_by_key;
use crate::time::{Instant, Period};
use crate::usage::{Cursor, Stream};
use crate::value::Value;
use serde::Serialize;
use std::cmp::Reverse;
use std::rc::Rc;
use tsify::Tsify;

/// Everything that was charged for one cause.
#[derive(Clone, Debug, Serialize, Tsify)]
#[tsify(missing_as_null)]
#[serde(rename_all = "camelCase")]
pub struct Charge {
    /// The cause.
    pub cause: String,
    /// The rule behind it.
    pub rule: String,
    /// Calls charged.
    pub calls: u64,
    /// What they cost; `null` where a price is missing.
    pub amount: Option<Amount>,
    /// What would have avoided them, or some of them, for less money; left out where nothing would.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub avoided_by: Option<Change>,
    /// How many of the calls it avoids.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub avoids: Option<u64>,
    /// What the change saves, its own cost deducted; left out where a price is missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub saves: Option<Amount>,
}

/// What was found out about the charges of an estimate.
pub(crate) struct Told {
    /// Every charge under its cause, the largest amount first, unknown amounts last.
    pub charges: Vec<Charge>,
    /// Instants at which it matters, for the changed requests that were tried, in which order calls were made.
    pub turns: Vec<Instant>,
    /// The calls back.
    pub streams: Vec<Stream>,
}

/// Why a request's calls were charged. Fails as `estimate` does.
pub fn ask(request: &Value) -> Result<Vec<Charge>> {
    let (mut question, request) = Question::read(request)?;
    let estimate = answer(&question, Detail::Month)?;
    let (catalog, streams) = (Rc::clone(&question.catalog), std::mem::take(&mut question.streams));
    Ok(charges(&request, &catalog, streams, &estimate)?.charges)
}

/// Every charge of an estimate under its cause, and what would have avoided it.
pub(crate) fn charges(request: &Request, catalog: &Rc<Catalog>, streams: Vec<Stream>, estimate: &Estimate) -> Result<Told> {
    let mut charges: Vec<Charge> = Vec::new();
    if estimate.causes.is_empty() {
        return Ok(Told { charges, turns: Vec::new(), streams });
    }
    let question = Question::of(request, Rc::clone(catalog), streams)?;
    let hits = hits(&question)?;
    let mut trials = Trials::new(request, question, estimate)?;
    for line in &estimate.causes {
        let of_cause: Vec<&Hit> = hits.iter().filter(|hit| hit.cause.code() == line.code).collect();
        let best = trials.best(&of_cause);
        charges.push(Charge {
            cause: line.code.clone(),
            rule: line.rule.clone(),
            calls: line.calls,
            amount: line.amount,
            avoids: best.as_ref().map(|best| line.calls - best.calls),
            saves: best.as_ref().and_then(|best| best.saves),
            avoided_by: best.map(|best| best.change),
        });
    }
    sort_by_key(&mut charges, |charge| Reverse((charge.amount, charge.calls)));
    Ok(Told { charges, turns: trials.turns, streams: trials.question.streams })
}

/// Who was charged for what, and since when: one more walk through the calls.
fn hits(question: &Question) -> Result<Vec<Hit>> {
    let settled = |at| question.catalog.settlement.cycle(question.catalog.utc_offset, at);
    let mut deduction = Deduction::new(question, Telling::Causes, &settled);
    let from = question.opening.as_ref().map_or(question.period.start, |opening| opening.at.max(question.period.start));
    let mut hits: Vec<Hit> = Vec::new();
    let mut places: Vec<Vec<usize>> = vec![Vec::new(); question.streams.len()];
    let mut before = vec![0; question.streams.len()];
    walk(question, &mut deduction, question.catalog.settlement, |cycle, ledger, _| {
        before.fill(0);
        for entry in &ledger.entries {
            let s = entry.stream;
            if let Outcome::Charged(charge) = &entry.outcome {
                match places[s].iter().find(|&&place| hits[place].cause == charge.cause) {
                    Some(&place) => hits[place].calls += entry.calls,
                    None => {
                        let made = Period { start: cycle.start.max(from), end: cycle.end };
                        let at = second_of(&question.streams[s], made, before[s]);
                        let hour = question.catalog.utc_offset.hour_start(at).max(from).max(charge.open.start);
                        places[s].push(hits.len());
                        hits.push(Hit { cause: charge.cause, stream: s, calls: entry.calls, at, hour });
                    }
                }
            }
            if !matches!(entry.outcome, Outcome::Failed) {
                before[s] += entry.calls;
            }
        }
        Ok(())
    })?;
    Ok(hits)
}

/// The second of the successful call that comes after so many others of a stream.
pub(crate) fn second_of(stream: &Stream, period: Period, others: u64) -> Instant {
    let mut cursor = Cursor::default();
    cursor.focus(&stream.items, period);
    first_second_above(period, u128::from(others), &|t| u128::from(cursor.successful_until(&stream.items, t)))
}

/// Successful calls of a stream from the start of a period to an instant of it.
pub(crate) fn calls_until(stream: &Stream, period: Period, at: Instant) -> u64 {
    let mut cursor = Cursor::default();
    cursor.focus(&stream.items, period);
    cursor.successful_until(&stream.items, at)
}
