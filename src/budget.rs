//! Budgets: what was spent, what is forecast, and when either is above a share of the amount (L8).
//!
//! The forecast is what was spent in the budget's period so far, and for each settlement cycle that is left the mean of the last 168 cycles,
//! packages left out; there is none before 24 cycles. It is a forecast, never a bill.

use crate::account::{Account, BillingMode, Budget, CarriedBudget, Every, Moment, On};
use crate::bill::Line;
use crate::count::Count;
use crate::error::{Code, Result, fail};
use crate::grant::Grant;
use crate::history::{Advice, Alert, AlertCode, AlertOf};
use crate::ledger::{Ledger, Outcome};
use crate::money::Amount;
use crate::purchase::known;
use crate::question::Question;
use crate::rulebook::Settlement;
use crate::time::{DAY, Instant, Period};
use crate::usage::Stream;
use std::collections::VecDeque;

/// Cycles that the mean is taken of, at most and at least.
const MEAN_OF: (usize, usize) = (168, 24);

/// A budget that is being counted.
pub(crate) struct Counter<'a> {
    budget: &'a Budget,
    apis: Option<Vec<usize>>,
    regions: Option<Vec<usize>>,
    /// The period that is counted, and which it is.
    period: Period,
    index: usize,
    spent: Amount,
    fired: Vec<usize>,
    /// Its period began before the history, and nothing says what was spent until then.
    pub partial: bool,
    /// What the last cycles cost by pay-per-use, empty before the first call; and their sum.
    cycles: VecDeque<Amount>,
    sum: Amount,
}

/// Every budget, its names looked up, from what was counted before.
pub(crate) fn counters<'a>(question: &Question, account: &'a Account) -> Result<Vec<Counter<'a>>> {
    let mut counters: Vec<Counter<'a>> = Vec::new();
    for (i, budget) in account.budgets.iter().enumerate() {
        let place = format!("request.account.budgets[{i}]");
        let catalog = &question.catalog;
        if counters.iter().any(|other| other.budget.id == budget.id) {
            return fail(Code::DuplicateId, format!("{place}.id"));
        }
        if budget.every == Every::Day && catalog.settlement == Settlement::Month {
            return fail(Code::InvalidValue, format!("{place}.every"));
        }
        if budget.until.is_some_and(|until| until <= budget.from) {
            return fail(Code::PeriodReversed, format!("{place}.until"));
        }
        let look_up = |names: &Option<Vec<String>>, of: &dyn Fn(&str) -> Option<usize>, code: Code, field: &str| {
            let Some(names) = names else { return Ok(None) };
            let found = names.iter().enumerate().map(|(j, name)| known(of(name), code, format!("{place}.scope.{field}[{j}]")));
            found.collect::<Result<Vec<usize>>>().map(Some)
        };
        let apis = look_up(&budget.scope.apis, &|id| catalog.api(id), Code::UnknownApi, "apis")?;
        let regions = look_up(&budget.scope.regions, &|id| catalog.region(id), Code::UnknownRegion, "regions")?;
        let start = catalog.utc_offset.month_start(budget.from);
        let mut counter = Counter {
            budget,
            apis,
            regions,
            period: Period { start, end: start },
            index: 0,
            spent: Amount::ZERO,
            fired: Vec::new(),
            partial: false,
            cycles: VecDeque::new(),
            sum: Amount::ZERO,
        };
        counter.period.end = counter.end_of(question, start);
        if let Some(before) = account.carried.budgets.iter().find(|before| before.id == budget.id) {
            counter.turn(question, before.period.0);
            counter.spent = before.spent;
            counter.fired = before.fired.iter().map(|fired| fired.0 as usize).collect();
            for &cycle in &before.cycles {
                counter.count(cycle)?;
            }
        } else {
            let start = question.period.start;
            counter.turn(question, start);
            counter.partial = counter.period.start < start && counter.counts(question, start);
        }
        counters.push(counter);
    }
    Ok(counters)
}

impl Counter<'_> {
    fn end_of(&self, question: &Question, start: Instant) -> Instant {
        let zone = question.catalog.utc_offset;
        let months = match self.budget.every {
            Every::Day => return Instant(start.0 + DAY),
            Every::Month => 1,
            Every::Quarter => 3,
            Every::Year => 12,
        };
        let month = (0..months).fold(zone.month(start), |month, _| month.next());
        zone.month_start(month)
    }

    /// Goes on to the period that contains an instant: nothing is spent in it, and nothing has fired.
    fn turn(&mut self, question: &Question, at: Instant) {
        while self.period.end <= at {
            self.period.start = self.period.end;
            self.period.end = self.end_of(question, self.period.start);
            self.index += 1;
            self.spent = Amount::ZERO;
            self.fired.clear();
        }
    }

    /// Whether the budget counts at an instant.
    fn counts(&self, question: &Question, at: Instant) -> bool {
        let over = self.budget.until.is_some_and(|until| question.catalog.utc_offset.month_start(until) <= at);
        self.period.contains(at) && !over
    }

    fn has_kind(&self, kind: BillingMode) -> bool {
        self.budget.scope.kinds.as_ref().is_none_or(|kinds| kinds.contains(&kind))
    }

    fn has_project(&self, project: Option<&str>) -> bool {
        self.budget.scope.projects.as_ref().is_none_or(|projects| projects.iter().any(|it| it == project.unwrap_or("")))
    }

    fn has_stream(&self, stream: &Stream) -> bool {
        let api = self.apis.as_ref().is_none_or(|apis| apis.contains(&stream.api));
        let region = self.regions.as_ref().is_none_or(|regions| regions.contains(&stream.region));
        api && region && self.has_project(stream.project.as_deref())
    }

    /// A package was paid.
    pub fn bought(&mut self, question: &Question, at: Instant, grant: &Grant, price: Amount) -> Result<()> {
        self.turn(question, at);
        let api = self.apis.as_ref().is_none_or(|apis| grant.apis.iter().all(|api| apis.contains(api)));
        let of_grant = grant.regions.iter().flatten();
        let region = self.regions.as_ref().is_none_or(|regions| of_grant.clone().all(|region| regions.contains(region)));
        if self.has_kind(BillingMode::Package) && api && region && self.has_project(grant.project.as_deref()) && self.counts(question, at) {
            self.spent = self.spent.plus(price)?;
        }
        Ok(())
    }

    /// A cycle ended: counts it, and tells what is above its threshold. A cycle that the history's period cuts is counted, not judged.
    pub fn settle(
        &mut self,
        question: &Question,
        cycle: Period,
        cut: bool,
        ledger: &Ledger,
        lines: &[(Line, Amount)],
    ) -> Result<Vec<Alert>> {
        self.turn(question, cycle.start);
        let mut cost = Amount::ZERO;
        for (line, charged) in lines {
            let first = question.streams.partition_point(|stream| stream.group < line.group);
            if self.has_kind(BillingMode::PayPerUse) && self.has_stream(&question.streams[first]) {
                cost = cost.plus(*charged)?;
            }
        }
        let counted = |outcome: &Outcome| matches!(outcome, Outcome::Drawn(_) | Outcome::Charged(_));
        let data = ledger.entries.iter().any(|entry| counted(&entry.outcome) && self.has_stream(&question.streams[entry.stream]));
        if data || !self.cycles.is_empty() {
            self.count(cost)?;
        }
        let mut alerts = Vec::new();
        if self.counts(question, cycle.start) {
            self.spent = self.spent.plus(cost)?;
            if !cut {
                self.judge(question, cycle.end, &mut alerts)?;
            }
        }
        Ok(alerts)
    }

    fn judge(&mut self, question: &Question, at: Instant, alerts: &mut Vec<Alert>) -> Result<()> {
        let Some(amount) = self.budget.amount.of(self.index) else { return Ok(()) };
        let alerts_of = &self.budget.alerts;
        for (i, alert) in alerts_of.iter().enumerate() {
            // What is listed twice fires once.
            let same = |&fired: &usize| alerts_of.get(fired).is_some_and(|other| (other.on, other.over) == (alert.on, alert.over));
            if self.fired.iter().any(same) {
                continue;
            }
            let threshold = Amount::share(alert.over, amount);
            let (code, value) = match alert.on {
                On::Actual if self.spent.exceeds(alert.over, amount) => (AlertCode::BudgetActual, self.spent),
                On::Forecast if self.cycles.len() >= MEAN_OF.1 => {
                    let (sum, left, count) = (self.sum, self.cycles_left(question, at), self.cycles.len() as u64);
                    // Spent + sum × left ÷ count, held against amount × over: multiplied by count it is exact.
                    let times_count = self.spent.times(count)?.plus(sum.times(left)?)?;
                    if !times_count.exceeds(alert.over, amount.times(count)?) {
                        continue;
                    }
                    (AlertCode::BudgetForecast, times_count.mean(count))
                }
                _ => continue,
            };
            self.fired.push(i);
            let of = AlertOf { budget: Some(self.budget.id.clone()), ..AlertOf::default() };
            let at = question.catalog.utc_offset.show(at);
            alerts.push(Alert { at, code, of, value, threshold, advice: Advice::Review, by: None, amount: None });
        }
        Ok(())
    }

    /// One more cycle; the mean looks back only so far.
    fn count(&mut self, cost: Amount) -> Result<()> {
        self.cycles.push_back(cost);
        self.sum = self.sum.plus(cost)?;
        if self.cycles.len() > MEAN_OF.0
            && let Some(first) = self.cycles.pop_front()
        {
            self.sum = self.sum.minus(first)?;
        }
        Ok(())
    }

    /// Settlement cycles from an instant to the end of the budget's period.
    fn cycles_left(&self, question: &Question, at: Instant) -> u64 {
        let catalog = &question.catalog;
        let end = self.budget.until.map_or(self.period.end, |until| self.period.end.min(catalog.utc_offset.month_start(until)));
        let (mut left, mut next) = (0, at);
        if catalog.settlement == Settlement::Hour {
            return ((end.0 - at.0) / crate::time::HOUR).max(0) as u64;
        }
        while next < end {
            next = catalog.settlement.cycle(catalog.utc_offset, next).end;
            left += 1;
        }
        left
    }

    /// What the next history takes over.
    pub fn carry(&self) -> CarriedBudget {
        CarriedBudget {
            id: self.budget.id.clone(),
            period: Moment(self.period.start),
            spent: self.spent,
            fired: self.fired.iter().map(|&fired| Count(fired as u64)).collect(),
            cycles: self.cycles.iter().copied().collect(),
        }
    }
}
