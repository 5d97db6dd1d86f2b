//! The account's book: takes in each cycle's ledger and lines, adds up months, and writes the answer.
//!
//! Always true: what a month says is the sum of the cycles that start in it.

use crate::access::Refusal;
use crate::answer::*;
use crate::audit::audit;
use crate::bill::{self, CauseShare, Line};
use crate::catalog::{FreeEvery, Reset};
use crate::deduct::Deduction;
use crate::error::{Code, Result, fail};
use crate::explain::because;
use crate::grant::{Grant, Purchase, Source};
use crate::ledger::{Ledger, Outcome};
use crate::money::{Amount, Cut, sum};
use crate::notes::notes;
use crate::offer::offers;
use crate::question::Question;
use crate::request::{Detail, State, StateFree, StateGrant, StateLadder};
use crate::rulebook::{BillAt, ClassKind, Settlement};
use crate::sort::{sort_by, sort_by_key};
use crate::tariff::Shape;
use crate::time::{HOUR, Instant, Month, Period};
use crate::usage::Stream;

/// Lines or draws in one answer, at most.
const ROWS_MAX: usize = 200_000;

/// What was entered so far.
pub(crate) struct Book<'a> {
    question: &'a Question,
    detail: Detail,
    months: Vec<MonthBook>,
    /// Index of the month entered last; cycles come in order.
    page: usize,
    lines: Vec<Line>,
    /// Index of the last line of each group, and its month.
    latest: Vec<Option<(Month, usize)>>,
    draws: Vec<OpenDraw>,
    refused: Vec<(Refusal, usize, usize, u64)>,
    /// What grants paid, by group; in the order of months.
    paid: Vec<Vec<Paid>>,
    unpriced: Vec<Unpriced>,
}

/// Running sums of a month; `None` once something unknown was added.
struct MonthBook {
    month: Month,
    packages: Option<Amount>,
    amount: Option<Amount>,
    charged: Option<Amount>,
    rounded_off: Option<Amount>,
    calls: Calls,
    by_class: Vec<u64>,
}

struct OpenDraw {
    group: usize,
    grant: usize,
    over: Option<usize>,
    first: Instant,
    last: Instant,
    calls: u64,
    units: u64,
    left: u64,
}

/// What a grant paid for a group in a month.
struct Paid {
    /// Index of the month's page.
    page: usize,
    grant: usize,
    calls: u64,
    units: u64,
}

impl<'a> Book<'a> {
    /// An empty book with a page for each month of the period.
    pub fn new(question: &'a Question, detail: Detail) -> Self {
        let zone = question.catalog.utc_offset;
        let mut months = Vec::new();
        let mut month = zone.month(question.period.start);
        while zone.month_start(month) < question.period.end {
            let nothing = Some(Amount::ZERO);
            let by_class = vec![0; question.catalog.classes.len()];
            months.push(MonthBook {
                month,
                packages: nothing,
                amount: nothing,
                charged: nothing,
                rounded_off: nothing,
                calls: Calls::default(),
                by_class,
            });
            month = month.next();
        }
        let groups = question.streams.last().map_or(0, |stream| stream.group + 1);
        Book {
            question,
            detail,
            months,
            page: 0,
            lines: Vec::new(),
            latest: vec![None; groups],
            draws: Vec::new(),
            refused: Vec::new(),
            paid: (0..groups).map(|_| Vec::new()).collect(),
            unpriced: Vec::new(),
        }
    }

    /// Enters what happened in a cycle, and its lines.
    pub fn enter(&mut self, cycle: Period, ledger: &Ledger, lines: Vec<Line>) -> Result<()> {
        let question = self.question;
        // A month's first cycle may start before the period, never before its month.
        let month = question.catalog.utc_offset.month(cycle.start);
        while self.months.get(self.page).is_some_and(|page| page.month < month) {
            self.page += 1;
        }
        let Some(page) = self.months.get_mut(self.page) else { return fail(Code::AuditFailed, "request.period") };
        let calls = &mut page.calls;
        calls.requests += ledger.requests;
        for entry in &ledger.entries {
            let stream = &question.streams[entry.stream];
            match &entry.outcome {
                Outcome::Failed => calls.not_counted += entry.calls,
                Outcome::Refused(refusal) => {
                    calls.rejected += entry.calls;
                    let of = (*refusal, stream.api, stream.region);
                    match self.refused.iter_mut().find(|row| (row.0, row.1, row.2) == of) {
                        Some(row) => row.3 += entry.calls,
                        None => self.refused.push((of.0, of.1, of.2, entry.calls)),
                    }
                }
                Outcome::Drawn(draw) => {
                    let grant = &question.grants[draw.grant];
                    calls.counted += entry.calls;
                    *match grant.kind {
                        ClassKind::Free => &mut calls.free,
                        ClassKind::Promotional => &mut calls.promotional,
                        ClassKind::Package => &mut calls.package,
                    } += entry.calls;
                    page.by_class[grant.class] += entry.calls;
                    let rows = &mut self.paid[stream.group];
                    match rows.iter_mut().rev().take_while(|row| row.page == self.page).find(|row| row.grant == draw.grant) {
                        Some(row) => (row.calls, row.units) = (row.calls + entry.calls, row.units + draw.units),
                        None => rows.push(Paid { page: self.page, grant: draw.grant, calls: entry.calls, units: draw.units }),
                    }
                }
                Outcome::Charged(_) => {
                    calls.counted += entry.calls;
                    calls.pay_per_use += entry.calls;
                }
            }
        }
        for line in &lines {
            page.amount = sum([page.amount, line.amount])?;
            page.charged = sum([page.charged, line.charged])?;
            page.rounded_off = sum([page.rounded_off, line.rounded_off])?;
        }
        if self.detail == Detail::Draw {
            self.enter_draws(ledger);
        }
        for line in lines {
            self.enter_line(month, line)?;
        }
        let rows = self.lines.len().max(self.draws.len());
        if rows > ROWS_MAX { fail(Code::AnswerTooLarge, "request.detail") } else { Ok(()) }
    }

    /// Runs of one group and one grant, cut where another grant or a charge comes between.
    fn enter_draws(&mut self, ledger: &Ledger) {
        let mut open: Vec<Option<usize>> = vec![None; self.latest.len()];
        for entry in &ledger.entries {
            let group = self.question.streams[entry.stream].group;
            match &entry.outcome {
                Outcome::Charged(_) => open[group] = None,
                Outcome::Drawn(draw) => {
                    let Some(told) = &draw.told else { continue };
                    let run = open[group].filter(|&run| self.draws[run].grant == draw.grant);
                    let run = run.unwrap_or_else(|| {
                        let (first, last, left) = (told.first, told.last, told.left);
                        self.draws.push(OpenDraw { group, grant: draw.grant, over: told.over, first, last, calls: 0, units: 0, left });
                        self.draws.len() - 1
                    });
                    open[group] = Some(run);
                    let run = &mut self.draws[run];
                    run.first = run.first.min(told.first);
                    run.last = run.last.max(told.last);
                    run.left = run.left.min(told.left);
                    run.calls += entry.calls;
                    run.units += draw.units;
                }
                Outcome::Failed | Outcome::Refused(_) => {}
            }
        }
    }

    fn enter_line(&mut self, month: Month, line: Line) -> Result<()> {
        for place in &line.unpriced {
            let api = self.question.catalog.apis[stream_of(self.question, line.group).api].id.clone();
            self.name_unpriced(Unpriced { place: place.clone(), api: Some(api), package: None });
        }
        match self.latest[line.group] {
            Some((of, earlier)) if of == month && self.detail == Detail::Month => bill::merge(&mut self.lines[earlier], line)?,
            _ => {
                self.latest[line.group] = Some((month, self.lines.len()));
                self.lines.push(if self.detail == Detail::Month { bill::coarse(line)? } else { line });
            }
        }
        Ok(())
    }

    fn name_unpriced(&mut self, unpriced: Unpriced) {
        if !self.unpriced.contains(&unpriced) {
            self.unpriced.push(unpriced);
        }
    }

    /// Adds up, audits and writes the answer.
    pub fn close(mut self, deduction: &Deduction<'_>) -> Result<Estimate> {
        let question = self.question;
        let mut lines = self.package_lines()?;
        lines.extend(self.lines.iter().map(|line| (line.cycle.start, line.group, pay_per_use_line(question, line))));
        sort_by_key(&mut lines, |(start, group, line)| (*start, line.kind, *group));
        let mut months = Vec::new();
        for page in &self.months {
            months.push(month_sum(question, page)?);
        }
        let total = |of: fn(&MonthSum) -> Option<Amount>| sum(months.iter().map(of));
        sort_by_key(&mut self.refused, |row| *row);
        let refused = self.refused.iter().map(|&(refusal, api, region, calls)| {
            let (api, region) = (question.catalog.apis[api].id.clone(), question.catalog.regions[region].id.clone());
            Refused { code: refusal.code(&question.catalog).to_string(), api, region, calls }
        });
        let mut calls_paid = vec![0; question.grants.len()];
        for row in self.paid.iter().flatten() {
            calls_paid[row.grant] += row.calls;
        }
        let purchases = question
            .grants
            .iter()
            .zip(&deduction.left)
            .zip(&calls_paid)
            .filter_map(|((grant, &left), &calls)| Some((grant, grant.purchase()?, left, calls)));
        let mut estimate = Estimate {
            currency: question.catalog.currency.clone(),
            period: span(question, question.period),
            total: total(|month| month.total)?,
            packages: total(|month| month.packages)?,
            pay_per_use: total(|month| month.pay_per_use)?,
            rounded_off: total(|month| month.rounded_off)?,
            calls: total_calls(&months),
            refused: refused.collect(),
            grants: purchases.map(|(grant, purchase, left, calls)| grant_use(question, grant, purchase, left, calls)).collect(),
            paid: if cfg!(feature = "whole") { self.paid_lines() } else { Vec::new() },
            lines: lines.into_iter().map(|(.., line)| line).collect(),
            draws: (self.detail == Detail::Draw).then(|| self.draws.iter().map(|draw| draw_line(question, draw)).collect()),
            notes: Vec::new(),
            closing: closing(question, deduction),
            causes: total_causes(&self.lines)?,
            offers: offers(question)?,
            unpriced: self.unpriced,
            months,
        };
        estimate.notes = notes(question, &estimate);
        audit(question, &estimate)?;
        Ok(estimate)
    }

    /// What grants paid, group by group, in the order of months.
    fn paid_lines(&self) -> Vec<PaidLine> {
        let question = self.question;
        let mut lines = Vec::new();
        for (group, rows) in self.paid.iter().enumerate() {
            let stream = stream_of(question, group);
            for row in rows {
                lines.push(PaidLine {
                    month: self.months[row.page].month.to_string(),
                    api: question.catalog.apis[stream.api].id.clone(),
                    region: question.catalog.regions[stream.region].id.clone(),
                    project: stream.project.clone(),
                    grant: question.grants[row.grant].id.clone(),
                    calls: row.calls,
                    units: row.units,
                });
            }
        }
        lines
    }

    /// One line for each order and renewal paid in the period (P7), entered into its month.
    fn package_lines(&mut self) -> Result<Vec<(Instant, usize, BillLine)>> {
        let question = self.question;
        let zone = question.catalog.utc_offset;
        let mut orders: Vec<(&Grant, &Purchase)> = question.grants.iter().filter_map(|grant| Some((grant, grant.purchase()?))).collect();
        orders.retain(|(grant, purchase)| purchase.copy == 0 && question.period.contains(grant.created));
        sort_by(&mut orders, |(a, _), (b, _)| {
            (a.created, a.apis[0], &a.regions, &a.project).cmp(&(b.created, b.apis[0], &b.regions, &b.project))
        });
        let mut lines = Vec::new();
        for (grant, purchase) in orders {
            let amount = purchase.price.map(|price| price.times(purchase.copies)).transpose()?;
            if amount.is_none() {
                self.name_unpriced(unpriced_package(purchase));
            }
            if let Some(page) = self.months.iter_mut().find(|page| page.month == zone.month(grant.created)) {
                page.packages = sum([page.packages, amount])?;
            }
            let at = zone.show(grant.created);
            let line = BillLine {
                kind: LineKind::Package,
                cycle: Span { start: at.clone(), end: at.clone() },
                cycles: 1,
                used: span(question, grant.term),
                debited_at: at,
                api: question.catalog.apis[grant.apis[0]].id.clone(),
                region: region_of(question, grant),
                project: grant.project.clone(),
                package: Some(purchase.package.clone()),
                grant: Some(grant.id.clone()),
                quantity: Some(purchase.copies),
                calls: 0,
                slices: Vec::new(),
                amount,
                charged: amount,
                rounded_off: amount.map(|_| Amount::ZERO),
                causes: Vec::new(),
            };
            lines.push((grant.created, 0, line));
        }
        Ok(lines)
    }
}

pub(crate) fn span(question: &Question, period: Period) -> Span {
    let zone = question.catalog.utc_offset;
    Span { start: zone.show(period.start), end: zone.show(period.end) }
}

fn region_of(question: &Question, grant: &Grant) -> String {
    let region = grant.regions.as_ref().and_then(|regions| regions.first());
    region.map_or_else(String::new, |&region| question.catalog.regions[region].id.clone())
}

/// The first stream of a group; all of a group's call one API in one region for one project.
fn stream_of(question: &Question, group: usize) -> &Stream {
    &question.streams[question.streams.partition_point(|stream| stream.group < group)]
}

pub(crate) fn unpriced_package(purchase: &Purchase) -> Unpriced {
    let list = if purchase.entered { "request.entered" } else { "catalog" };
    let place = format!("{list}.packages[{}].price", purchase.version);
    Unpriced { place, api: None, package: Some(purchase.package.clone()) }
}

fn pay_per_use_line(question: &Question, line: &Line) -> BillLine {
    let catalog = &question.catalog;
    let stream = stream_of(question, line.group);
    BillLine {
        kind: LineKind::PayPerUse,
        cycle: span(question, line.cycle),
        cycles: line.cycles,
        used: span(question, line.used),
        debited_at: debited_at(question, line.cycle.end),
        api: catalog.apis[stream.api].id.clone(),
        region: catalog.regions[stream.region].id.clone(),
        project: stream.project.clone(),
        package: None,
        grant: None,
        quantity: None,
        calls: line.calls,
        slices: line.slices.clone(),
        amount: line.amount,
        charged: line.charged,
        rounded_off: line.rounded_off,
        causes: line.causes.iter().map(cause_line).collect(),
    }
}

/// When a cycle's pay-per-use is debited: some hours after a cycle that ends with the hour, at once where it ends with the month.
pub(crate) fn debit_of(question: &Question, cycle_end: Instant) -> Instant {
    let after = match question.catalog.settlement {
        Settlement::Hour => question.catalog.debit_after_hours.map_or(0, |hours| hours.0 as i64),
        Settlement::Month => 0,
    };
    Instant(cycle_end.0 + after * HOUR)
}

pub(crate) fn debited_at(question: &Question, cycle_end: Instant) -> String {
    question.catalog.utc_offset.show(debit_of(question, cycle_end))
}

/// Why a grant was drawn, with the names of both.
pub(crate) fn because_line(question: &Question, drawn: usize, over: Option<usize>) -> BecauseLine {
    let because = because(question, drawn, over);
    BecauseLine { key: because.key.to_string(), over: over.map(|over| question.grants[over].id.clone()), rule: because.rule.to_string() }
}

fn draw_line(question: &Question, draw: &OpenDraw) -> DrawLine {
    let zone = question.catalog.utc_offset;
    let stream = stream_of(question, draw.group);
    DrawLine {
        from: zone.show(draw.first),
        to: zone.show(Instant(draw.last.0 + 1)),
        api: question.catalog.apis[stream.api].id.clone(),
        region: question.catalog.regions[stream.region].id.clone(),
        project: stream.project.clone(),
        grant: question.grants[draw.grant].id.clone(),
        calls: draw.calls,
        units: draw.units,
        left: draw.left,
        because: because_line(question, draw.grant, draw.over),
    }
}

/// What a month is charged whose sum is cut, not its lines.
pub(crate) fn month_bill(question: &Question, sum: Amount) -> Amount {
    let bill = question.catalog.rounding.bill;
    sum.cut(Cut { places: bill.places, mode: bill.mode })
}

fn month_sum(question: &Question, page: &MonthBook) -> Result<MonthSum> {
    let bill = question.catalog.rounding.bill;
    let (pay_per_use, rounded_off) = match bill.at {
        BillAt::Line => (page.charged, page.rounded_off),
        BillAt::Month => {
            let charged = page.amount.map(|amount| month_bill(question, amount));
            (charged, page.amount.zip(charged).map(|(amount, charged)| amount.minus(charged)).transpose()?)
        }
    };
    let mut calls = page.calls.clone();
    calls.by_class = ByClass(question.catalog.classes.iter().map(|class| class.id.clone()).zip(page.by_class.iter().copied()).collect());
    let total = sum([page.packages, pay_per_use])?;
    Ok(MonthSum { month: page.month.to_string(), total, packages: page.packages, pay_per_use, rounded_off, calls })
}

/// Why calls cost money, over all lines.
fn total_causes(lines: &[Line]) -> Result<Vec<CauseLine>> {
    let mut totals: Vec<CauseShare> = Vec::new();
    for share in lines.iter().flat_map(|line| &line.causes) {
        bill::add_share(&mut totals, *share)?;
    }
    Ok(totals.iter().map(cause_line).collect())
}

fn cause_line(share: &CauseShare) -> CauseLine {
    CauseLine { code: share.cause.code().to_string(), calls: share.calls, amount: share.amount, rule: share.cause.rule().to_string() }
}

fn total_calls(months: &[MonthSum]) -> Calls {
    let mut total = Calls::default();
    for calls in months.iter().map(|month| &month.calls) {
        total.requests += calls.requests;
        total.counted += calls.counted;
        total.not_counted += calls.not_counted;
        total.rejected += calls.rejected;
        total.free += calls.free;
        total.promotional += calls.promotional;
        total.package += calls.package;
        total.pay_per_use += calls.pay_per_use;
        for (i, (class, calls)) in calls.by_class.0.iter().enumerate() {
            match total.by_class.0.get_mut(i) {
                Some((_, sum)) => *sum += calls,
                None => total.by_class.0.push((class.clone(), *calls)),
            }
        }
    }
    total
}

fn grant_use(question: &Question, grant: &Grant, purchase: &Purchase, left: u64, calls: u64) -> GrantUse {
    let ended = grant.term.end <= question.period.end;
    GrantUse {
        id: grant.id.clone(),
        package: purchase.package.clone(),
        class: question.catalog.classes[grant.class].id.clone(),
        api: (grant.apis.len() == 1).then(|| question.catalog.apis[grant.apis[0]].id.clone()),
        region: region_of(question, grant),
        start: question.catalog.utc_offset.show(grant.term.start),
        end: question.catalog.utc_offset.show(grant.term.end),
        unit: grant.unit,
        quota: grant.quota,
        calls,
        used: grant.quota - left,
        left: if ended { 0 } else { left },
        expired: if ended { left } else { 0 },
        price: purchase.price,
        entered: purchase.entered,
        paid_before: grant.created < question.period.start,
    }
}

/// What is used up at the period's end, as far as it still matters.
fn closing(question: &Question, deduction: &Deduction<'_>) -> State {
    let zone = question.catalog.utc_offset;
    let month = zone.month(question.period.end);
    let current = deduction.month == Some(month);
    let (mut grants, mut free, mut ladders) = (Vec::new(), Vec::new(), Vec::new());
    for (grant, &left) in question.grants.iter().zip(&deduction.left) {
        let used = grant.quota - left;
        match &grant.source {
            _ if used == 0 => {}
            Source::Purchase(_) => grants.push(StateGrant { id: grant.id.clone(), used }),
            Source::Free(FreeEvery::Once) => free.push(StateFree { api: question.free_quota_name(grant).to_string(), month: None, used }),
            Source::Free(FreeEvery::Month) if current => {
                free.push(StateFree { api: question.free_quota_name(grant).to_string(), month: Some(month.to_string()), used });
            }
            Source::Free(FreeEvery::Month) => {}
        }
    }
    let mut tallies = deduction.tallies.clone();
    sort_by_key(&mut tallies, |tally| (tally.chain, tally.api));
    for tally in tallies.iter().filter(|tally| tally.calls > 0) {
        let resets = question.ladder(tally.chain).reset == Reset::Month;
        let has_steps = question.ladders().any(|(index, row)| question.chain(index) == tally.chain && row.shape != Shape::Flat);
        if has_steps && (current || !resets) {
            let api = question.catalog.apis[tally.api].id.clone();
            ladders.push(StateLadder { ladder: tally.chain.0, api, month: resets.then(|| month.to_string()), calls: tally.calls });
        }
    }
    State { at: zone.show(question.period.end), grants, free, ladders }
}
