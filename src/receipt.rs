//! `receipt`: one call. Who paid, by which rule, what was left, and what was passed over.
//!
//! Walks to the call through `deduct` and reads its ledger, so a receipt cannot differ from the bill.

use crate::access::Refusal;
use crate::answer::{BecauseLine, Span};
use crate::bill;
use crate::book::{because_line, debited_at, span};
use crate::catalog::{Unit, among};
use crate::deduct::{Deduction, Telling};
use crate::error::{Code, Result, fail};
use crate::estimate::walk;
use crate::explain::{Passed, passed};
use crate::ledger::{Charge, Ledger, Outcome};
use crate::money::Amount;
use crate::purchase::known;
use crate::question::Question;
use crate::request::CallRow;
use crate::time::{Instant, Period};
use crate::usage::{Cursor, Demand};
use crate::value::{Value, read};
use serde::Serialize;
use tsify::Tsify;

/// One call.
#[derive(Clone, Debug, Serialize, Tsify)]
#[tsify(missing_as_null)]
pub struct Receipt {
    /// The second in which it was made.
    pub at: String,
    /// The API called.
    pub api: String,
    /// The region called.
    pub region: String,
    /// The project that it carried.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub project: Option<String>,
    /// Who called.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// Which of the calls asked for, from 1.
    pub nth: u64,
    /// What became of it.
    pub outcome: ReceiptOutcome,
    /// The rule that decided.
    pub rule: String,
    /// Who paid, where a grant did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paid: Option<PaidBy>,
    /// Why it cost money, and what, where nothing covered it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub charged: Option<ChargedFor>,
    /// The code of the refusal, where it was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refused: Option<String>,
    /// Every grant that did not pay, in the order of purchase, then free quotas; empty for a call that nothing was asked to pay.
    #[serde(rename = "passedOver")]
    pub passed_over: Vec<PassedOver>,
}

/// What became of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Tsify)]
#[serde(rename_all = "snake_case")]
pub enum ReceiptOutcome {
    /// A grant paid.
    Paid,
    /// It cost money.
    Charged,
    /// It was refused, and cost nothing.
    Refused,
    /// Its status is not 2xx: it cost nothing.
    NotCounted,
}

/// The grant that paid a call.
#[derive(Clone, Debug, Serialize, Tsify)]
#[tsify(missing_as_null)]
pub struct PaidBy {
    /// The grant.
    pub grant: String,
    /// The package bought; left out for a free quota.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub package: Option<String>,
    /// Its class.
    pub class: String,
    /// What its quota counts.
    pub unit: Unit,
    /// What the call took, in that unit.
    pub units: u64,
    /// What was left after the call, in that unit.
    pub left: u64,
    /// Why this grant.
    pub because: BecauseLine,
}

/// Why a call cost money, and what.
#[derive(Clone, Debug, Serialize, Tsify)]
#[tsify(missing_as_null)]
#[serde(rename_all = "camelCase")]
pub struct ChargedFor {
    /// The cause (W1).
    pub cause: String,
    /// The end of the ladder step below, as the catalog states it.
    pub from: u64,
    /// The step's own end; `null` for none, and where there is no price row.
    pub up_to: Option<u64>,
    /// The price of `per` calls; `null` where none is published.
    pub unit_price: Option<Amount>,
    /// Calls a unit price buys.
    pub per: u64,
    /// Set where a person entered the price.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[tsify(optional)]
    pub entered: bool,
    /// This call's part, exact, before any cut; `null` where no price is published.
    pub amount: Option<Amount>,
    /// The source of the price row, as the row names it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// The settlement cycle of the bill line in which it stands.
    pub cycle: Span,
    /// When that line is debited.
    pub debited_at: String,
}

/// A grant that did not pay.
#[derive(Clone, Debug, Serialize, Tsify)]
#[tsify(missing_as_null)]
pub struct PassedOver {
    /// The grant.
    pub grant: String,
    /// The package bought; left out for a free quota.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub package: Option<String>,
    /// Why it did not.
    pub reason: String,
    /// For `later`: the key that put the other one before it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// The rule behind it.
    pub rule: String,
    /// What it had left before the call, in its unit.
    pub left: u64,
}

/// The receipt of one call.
///
/// Fails as `estimate` does; with `no_such_call` at `call.at` where nothing of the kind was called in that second, at `call.nth`
/// where there were fewer.
pub fn receipt(request: &Value, call: &Value) -> Result<Receipt> {
    let (question, _) = Question::read(request)?;
    of(question, read::<CallRow>(call).map_err(|error| error.inside("call"))?)
}

/// The receipt of one call of a question.
pub(crate) fn of(mut question: Question, call: CallRow) -> Result<Receipt> {
    let found = find(&question, &call)?;
    let window = question.window(call.at);
    let cycle = question.catalog.settlement.cycle(question.catalog.utc_offset, call.at);
    let end = if question.period.contains(call.at) { cycle.end.min(question.period.end) } else { cycle.end };
    // Everything up to the window, then the window as one.
    question.period = Period { start: window.start, end: window.start };
    let question = &question;
    let cycles = |at| question.catalog.settlement.cycle(question.catalog.utc_offset, at);
    let mut deduction = Deduction::new(question, Telling::Draws, &cycles);
    walk(question, &mut deduction, question.catalog.settlement, |_, _, _| Ok(()))?;
    deduction.advance(question.period, &mut Ledger::default());
    let mut left = deduction.left.clone();
    let mut ledger = Ledger::default();
    deduction.advance(window, &mut ledger);
    // To the cycle's end, because a volume ladder is priced by all of the month's calls.
    if window.end < end {
        deduction.advance(Period { start: window.end, end }, &mut Ledger::default());
    }

    let stream = &question.streams[found.stream];
    let mut receipt = Receipt {
        at: question.catalog.utc_offset.show(call.at),
        api: call.api,
        region: call.region,
        project: stream.project.clone(),
        user: stream.user.clone(),
        nth: call.nth.map_or(1, |nth| nth.0),
        outcome: ReceiptOutcome::NotCounted,
        rule: "N1".to_string(),
        paid: None,
        charged: None,
        refused: None,
        passed_over: Vec::new(),
    };
    let Some(index) = found.successful else { return Ok(receipt) };
    let mut index = index + demand(question, found.stream, Period { end: call.at, ..window }).successful;
    for entry in &ledger.entries {
        let takes = if let Outcome::Drawn(draw) = &entry.outcome { draw.units / entry.calls } else { 0 };
        let ours = entry.stream == found.stream && !matches!(entry.outcome, Outcome::Failed);
        let before = if ours { index.min(entry.calls) } else { entry.calls };
        if let Outcome::Drawn(draw) = &entry.outcome {
            left[draw.grant] -= before * takes;
        }
        if ours && index < entry.calls {
            let mut drawn = None;
            match &entry.outcome {
                Outcome::Drawn(draw) => {
                    drawn = Some(draw.grant);
                    let grant = &question.grants[draw.grant];
                    let because = because_line(question, draw.grant, draw.told.as_ref().and_then(|told| told.over));
                    receipt.outcome = ReceiptOutcome::Paid;
                    receipt.rule = because.rule.clone();
                    receipt.paid = Some(PaidBy {
                        grant: grant.id.clone(),
                        package: grant.purchase().map(|purchase| purchase.package.clone()),
                        class: question.catalog.classes[grant.class].id.clone(),
                        unit: grant.unit,
                        units: takes,
                        left: left[draw.grant] - takes,
                        because,
                    });
                }
                Outcome::Charged(charge) => {
                    receipt.outcome = ReceiptOutcome::Charged;
                    receipt.rule = charge.cause.rule().to_string();
                    receipt.charged = Some(charged_for(question, &deduction, charge, cycle)?);
                }
                Outcome::Refused(refusal) => {
                    receipt.outcome = ReceiptOutcome::Refused;
                    receipt.rule = refusal.rule().to_string();
                    receipt.refused = Some(refusal.code(&question.catalog).to_string());
                    if *refusal == Refusal::NotOpen {
                        return Ok(receipt);
                    }
                }
                Outcome::Failed => {}
            }
            receipt.passed_over = passed_over(question, &left, stream, window.start, drawn);
            return Ok(receipt);
        }
        if ours {
            index -= entry.calls;
        }
    }
    fail(Code::AuditFailed, "request")
}

/// Where a call was found: its stream, and how many successful calls of the stream come before it in its second (`None`: it failed).
struct Found {
    stream: usize,
    successful: Option<u64>,
}

fn find(question: &Question, call: &CallRow) -> Result<Found> {
    let api = known(question.catalog.api(&call.api), Code::UnknownApi, "call.api")?;
    let region = known(question.catalog.region(&call.region), Code::UnknownRegion, "call.region")?;
    let called = question.streams.iter().any(|stream| (stream.api, stream.region) == (api, region));
    if !called && !among(&question.catalog.apis[api].regions, &call.region) {
        return fail(Code::ApiNotOffered, "call.region");
    }
    let after_opening = question.opening.as_ref().is_none_or(|opening| opening.at <= call.at);
    let second = Period { start: call.at, end: Instant(call.at.0 + 1) };
    let Some(mut before) = call.nth.map_or(1, |nth| nth.0).checked_sub(1) else { return fail(Code::InvalidValue, "call.nth") };
    let mut any = false;
    for (s, stream) in question.streams.iter().enumerate().filter(|_| after_opening) {
        let asked = |given: &Option<String>, of: &Option<String>| given.is_none() || given == of;
        if stream.api == api && stream.region == region && asked(&call.project, &stream.project) && asked(&call.user, &stream.user) {
            let Demand { successful, failed, .. } = demand(question, s, second);
            any |= successful + failed > 0;
            if before < successful {
                return Ok(Found { stream: s, successful: Some(before) });
            }
            if before < successful + failed {
                return Ok(Found { stream: s, successful: None });
            }
            before -= successful + failed;
        }
    }
    fail(Code::NoSuchCall, if any { "call.nth" } else { "call.at" })
}

fn demand(question: &Question, s: usize, period: Period) -> Demand {
    let mut cursor = Cursor::default();
    cursor.focus(&question.streams[s].items, period);
    cursor.demand_until(&question.streams[s].items, period.end)
}

fn charged_for(question: &Question, deduction: &Deduction<'_>, charge: &Charge, cycle: Period) -> Result<ChargedFor> {
    let mut charged = ChargedFor {
        cause: charge.cause.code().to_string(),
        from: 0,
        up_to: None,
        unit_price: None,
        per: 1,
        entered: false,
        amount: None,
        source: None,
        cycle: span(question, cycle),
        debited_at: debited_at(question, cycle.end),
    };
    if let Some(price) = charge.price {
        let row = question.ladder(price.ladder);
        let step = bill::step(question, price, &deduction.tallies, charge.step);
        let slice = row.tariff().slice(step, 1, question.is_entered(price.ladder))?;
        (charged.from, charged.up_to, charged.unit_price, charged.entered) = (slice.from, slice.up_to, slice.unit_price, slice.entered);
        charged.per = slice.per.unwrap_or(1);
        charged.amount = slice.unit_price.map(|price| price.times_per(1, charged.per)).transpose()?;
        charged.source = Some(row.source.clone());
    }
    Ok(charged)
}

fn passed_over(question: &Question, left: &[u64], stream: &crate::usage::Stream, at: Instant, drawn: Option<usize>) -> Vec<PassedOver> {
    let others = (0..question.grants.len()).filter(|&g| drawn != Some(g));
    let line = |g: usize| {
        let Passed { reason, key, rule } = passed(question, left, stream, at, g, drawn);
        PassedOver {
            grant: question.grants[g].id.clone(),
            package: question.grants[g].purchase().map(|purchase| purchase.package.clone()),
            reason: reason.to_string(),
            key: key.map(str::to_string),
            rule: rule.to_string(),
            left: left[g],
        }
    };
    others.map(line).collect()
}
