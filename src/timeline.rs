//! `account`: what happens to an account over time.
//!
//! One walk from instant to instant. Calls are deducted and cycles billed as `estimate` does it; between them money moves, orders are paid
//! or not, states change, warnings fire. What the account decides - an order that it cannot pay, a renewal, calls that are frozen - changes
//! only what comes later; so a walk assumes that everything is paid and served, and starts anew with each decision that it finds.

use crate::access::{Refusal, Stop};
use crate::account::{Account, Carried, CarriedOrder, CarriedRelease, CarriedRenewal, CarriedTry, Moment};
use crate::alert::Watch;
use crate::bill::{self, CauseShare, Line, add_share};
use crate::book::{Book, debit_of, month_bill, span};
use crate::budget::{Counter, counters};
use crate::catalog::Tier;
use crate::deduct::{Deduction, Telling};
use crate::diary::Diary;
use crate::error::{Code, Result, fail};
use crate::grant::Grant;
use crate::history::{Closing, History, MovementKind, OrderLine, OrderOutcome, StateName, StateOf};
use crate::ledger::Ledger;
use crate::lifecycle::{self, States};
use crate::money::Amount;
use crate::purse::{Due, Purse};
use crate::question::{Question, streams};
use crate::renewal::{AutoRenewal, Order, Renewed, auto_renewals, decided, orders, placed, price_of, term_of};
use crate::request::{Detail, PeriodRow, RenewalRow, Request};
use crate::rulebook::{Arrears, BillAt, Settlement};
use crate::sort::sort_by_key;
use crate::split::Split;
use crate::time::{Instant, Month, Period};
use crate::value::Value;
use std::rc::Rc;

/// Instants × (streams + orders) of all walks of one history, at most: some seconds.
const STEPS_MAX: u64 = 100_000_000;

/// What happens to an account over time.
///
/// Fails as `estimate` does; on what is wrong with the account, with its place; and where a price is missing that would have to be paid
/// (`no_published_price`).
pub fn account(request: &Value) -> Result<History> {
    let (request, account) = Account::split(request)?;
    let (mut request, catalog) = Question::sound(&request)?;
    let days = lifecycle::days(&catalog, &account)?;
    if account.alerts.expires_within_days.is_some_and(|days| days.0 > 3_650) {
        return fail(Code::CountTooLarge, "request.account.alerts.expiresWithinDays");
    }
    let mut plan = Plan { orders: orders(&request, &account), stops: Vec::new() };
    let mut calls = streams(&catalog, &request.usage)?;
    let mut steps = 0;
    loop {
        // To start anew takes time, too.
        steps += 1_000;
        let question = Question::stopped(&decided(&request, &plan.orders), Rc::clone(&catalog), &calls, plan.stops.clone());
        let mut question = question.map_err(|error| placed(error, &plan.orders))?;
        question.streams = std::mem::take(&mut calls);
        // What is not bought must not make the period shorter.
        request.period = Some(PeriodRow { start: question.period.start, end: question.period.end });
        let settled = |at| question.catalog.settlement.cycle(question.catalog.utc_offset, at);
        let walk = Walk::new(&question, &settled, &request, &account, days.as_ref(), &mut plan)?;
        if let Some(history) = walk.run(&mut steps)? {
            return Ok(history);
        }
        calls = question.streams;
    }
}

/// What is decided so far.
struct Plan {
    orders: Vec<Order>,
    stops: Vec<Stop>,
}

/// An order or a renewal that the request asks for.
#[derive(Clone, Copy, Debug)]
struct Asked {
    at: Instant,
    order: usize,
    /// Which of its renewals; `None`: the purchase.
    renewal: Option<usize>,
}

/// One walk through the period.
struct Walk<'a> {
    question: &'a Question,
    request: &'a Request,
    account: &'a Account,
    days: Option<&'a Tier>,
    plan: &'a mut Plan,
    deduction: Deduction<'a>,
    book: Book<'a>,
    purse: Purse<'a>,
    watch: Watch<'a>,
    budgets: Vec<Counter<'a>>,
    split: Split<'a>,
    diary: Diary<'a>,
    autos: Vec<AutoRenewal<'a>>,
    asked: Vec<Asked>,
    /// Instants at which something may happen, whatever the account decides; those that are over left out.
    instants: Vec<Instant>,
    /// The cycle that is open, and what happened in it.
    cycle: Period,
    ledger: Ledger,
    /// Up to where calls were taken.
    walked: Instant,
    /// Where a month's sum is cut: the month, and its sum so far.
    month: Option<(Month, Amount)>,
    of_account: States,
    of_pay_per_use: States,
    /// The phase of the arrears that last.
    phase: Option<StateName>,
    /// Pay-per-use was released, and nothing opened it again.
    closed: bool,
    stops: Vec<Stop>,
}

impl<'a> Walk<'a> {
    fn new(
        question: &'a Question,
        settled: &'a dyn Fn(Instant) -> Period,
        request: &'a Request,
        account: &'a Account,
        days: Option<&'a Tier>,
        plan: &'a mut Plan,
    ) -> Result<Self> {
        let period = question.period;
        let told = if request.detail == Detail::Draw { Telling::Draws } else { Telling::Causes };
        let watch = Watch::new(question, account);
        let autos = auto_renewals(account, &plan.orders)?;
        let mut asked: Vec<Asked> = Vec::new();
        for (order, row) in request.grants.iter().enumerate() {
            asked.push(Asked { at: row.created, order, renewal: None });
            asked.extend(row.renewals.iter().enumerate().map(|(i, renewal)| Asked { at: renewal.at, order, renewal: Some(i) }));
        }
        asked.retain(|asked| period.contains(asked.at));
        sort_by_key(&mut asked, |asked| (asked.at, asked.order, asked.renewal));
        let mut instants: Vec<Instant> = account.top_ups.iter().map(|top_up| top_up.at).chain(asked.iter().map(|asked| asked.at)).collect();
        instants.extend(request.subscriptions.iter().flatten().map(|row| row.from));
        instants.extend(autos.iter().filter_map(AutoRenewal::from));
        for grant in question.grants.iter().filter(|grant| grant.purchase().is_some()) {
            instants.extend([grant.term.start.max(grant.created), grant.term.end].into_iter().chain(watch.expiry_told(grant)));
        }
        instants.retain(|&at| period.start < at && at < period.end);
        sort_by_key(&mut instants, |&at| std::cmp::Reverse(at));
        instants.dedup();
        let mut walk = Walk {
            question,
            request,
            account,
            days,
            plan,
            deduction: Deduction::new(question, told, settled),
            book: Book::new(question, request.detail),
            purse: Purse::new(question, account)?,
            watch,
            budgets: counters(question, account)?,
            split: Split::new(question),
            diary: Diary::new(question),
            autos,
            asked,
            instants,
            cycle: settled(period.start),
            ledger: Ledger::default(),
            walked: period.start,
            month: None,
            of_account: States::new(StateOf::Account, None),
            of_pay_per_use: States::new(StateOf::PayPerUse, None),
            phase: None,
            closed: account.carried.closed,
            stops: Vec::new(),
        };
        walk.take_over();
        Ok(walk)
    }

    /// Takes over the states that an earlier history left, and the calls before the period.
    fn take_over(&mut self) {
        let start = self.question.period.start;
        for release in &self.account.carried.released {
            self.stops.push(Stop {
                period: Period { start: release.at.0, end: Period::ALWAYS.end },
                refusal: Refusal::Released,
                all: false,
                ended: release.ended.map(|ended| ended.0),
            });
            if release.ended.is_none() {
                self.phase = Some(StateName::Released);
                self.stop_all(start, Refusal::Released);
            }
        }
        let in_arrears = self.purse.since.is_some();
        self.of_account.change(start, Some(if in_arrears { StateName::Arrears } else { StateName::Active }));
        self.of_pay_per_use.change(start, Some(if self.closed { StateName::Released } else { StateName::Active }));
        if let Some(since) = self.purse.since {
            self.diary.arrears_before(since.max(start), &self.purse.causes);
        }
        let earliest = self.question.streams.iter().filter_map(|stream| stream.items.first()).map(|item| item.period.start).min();
        let mut now = self.question.opening.as_ref().map(|opening| opening.at).or(earliest).unwrap_or(start);
        while let Some(at) = self.deduction.next_request(now).filter(|&at| at < start) {
            let cycle = self.cycle_of(at);
            self.deduction.start_cycle();
            now = cycle.end.min(start);
            self.deduction.advance(Period { start: at, end: now }, &mut Ledger::default());
            if cycle != self.cycle {
                self.deduction.start_cycle();
            }
        }
    }

    fn cycle_of(&self, at: Instant) -> Period {
        self.question.catalog.settlement.cycle(self.question.catalog.utc_offset, at)
    }

    /// The history; `None` where a decision was found with which the walk has to start anew.
    fn run(mut self, steps: &mut u64) -> Result<Option<History>> {
        let end = self.question.period.end;
        let mut now = self.question.period.start;
        loop {
            self.close_cycle(now)?;
            if now >= end {
                return if self.drop_late() { Ok(None) } else { self.history().map(Some) };
            }
            if !self.happen(now)? || !self.stops_as_planned(now) {
                return Ok(None);
            }
            let next = self.next(now).min(end);
            self.take_calls(now, next);
            now = next;
            *steps += (1 + self.question.streams.len() + self.question.grants.len()) as u64;
            if *steps > STEPS_MAX {
                return fail(Code::AnswerTooLarge, "request.account");
            }
        }
    }

    /// The next instant at which something may happen.
    fn next(&mut self, now: Instant) -> Instant {
        while self.instants.last().is_some_and(|&at| at <= now) {
            self.instants.pop();
        }
        let mut next = self.instants.last().copied().unwrap_or(Period::ALWAYS.end);
        let mut may = |at: Option<Instant>| next = next.min(at.filter(|&at| at > now).unwrap_or(next));
        may(self.purse.next_due());
        for (at, _) in self.purse.since.iter().flat_map(|&since| lifecycle::course(&self.question.catalog, self.days, since)) {
            may(Some(at));
        }
        for auto in &self.autos {
            if let Some(term) = self.last_term(auto.order, now) {
                may(auto.next_try(self.question, term, now));
            }
        }
        if let Some((month, _)) = self.month {
            may(Some(self.question.catalog.utc_offset.month_start(month.next())));
        }
        // Cycles in which nothing happens are passed over, unless a budget counts them.
        let cycle = self.cycle_of(now);
        let request = self.deduction.next_request(self.walked.max(now));
        let busy = !self.budgets.is_empty() || self.ledger.requests > 0 || request.is_some_and(|at| at < cycle.end);
        may(if busy { Some(cycle.end) } else { request });
        next
    }

    /// Takes the calls up to an instant of the same cycle; or passes over time without any.
    fn take_calls(&mut self, now: Instant, next: Instant) {
        let cycle = self.cycle_of(now);
        if cycle != self.cycle {
            self.cycle = cycle;
            self.deduction.start_cycle();
        }
        if next > cycle.end {
            return;
        }
        // All calls of a window stand at its first second (K7).
        let window = self.question.window(next);
        let to = if next == cycle.end || window.start == next { next } else { window.end.min(cycle.end) };
        let stretch = Period { start: self.walked.max(now), end: to.min(self.question.period.end) };
        if stretch.start < stretch.end {
            let calls = self.deduction.calls_in(stretch);
            let before = self.watch.may_fire(stretch.start, &self.deduction.left, calls).then(|| self.deduction.clone());
            self.deduction.advance(stretch, &mut self.ledger);
            if let Some(before) = before {
                self.watch.calls(stretch, &before, &self.deduction.left);
            }
            self.walked = stretch.end;
        }
    }

    /// Settles the cycle that ends here, or that the period cuts here; and the month.
    fn close_cycle(&mut self, now: Instant) -> Result<()> {
        let (question, period) = (self.question, self.question.period);
        let over = now == self.cycle.end || now >= period.end;
        if over && now > period.start && self.cycle.start < now && self.cycle.end > period.start {
            let (cycle, ledger) = (self.cycle, std::mem::take(&mut self.ledger));
            let mut lines = Vec::new();
            for line in bill::settle(question, cycle, &ledger.entries, &self.deduction.tallies)? {
                let charged = line.charged.filter(|_| line.unpriced.is_empty());
                let Some(charged) = charged else {
                    return fail(Code::NoPublishedPrice, line.unpriced.first().map_or("catalog", String::as_str));
                };
                lines.push((line, charged));
            }
            let cut = cycle.start < period.start || cycle.end > period.end;
            for budget in &mut self.budgets {
                for alert in budget.settle(question, cycle, cut, &ledger, &lines)? {
                    self.watch.alerts.push((cycle.end, alert));
                }
            }
            self.split.settle(&ledger, &self.deduction.tallies, &lines)?;
            self.diary.calls(cycle, &ledger);
            self.fall_due(cycle, &lines)?;
            if ledger.requests > 0 {
                self.book.enter(cycle, &ledger, lines.into_iter().map(|(line, _)| line).collect())?;
            }
            // The next cycle is opened by its first calls.
            self.cycle = Period { start: cycle.end, end: self.cycle_of(cycle.end).end };
            self.deduction.start_cycle();
        }
        let zone = question.catalog.utc_offset;
        if let Some((month, sum)) = self.month.filter(|(month, _)| now >= zone.month_start(month.next()) || now >= period.end) {
            self.month = None;
            self.split.close_month(sum)?;
            let at = debit_of(question, zone.month_start(month.next()));
            self.purse.put_down(Due { at, amount: month_bill(question, sum).minus(sum)?, cycle: None, causes: Vec::new() });
        }
        Ok(())
    }

    /// What a cycle's lines come to will be debited.
    fn fall_due(&mut self, cycle: Period, lines: &[(Line, Amount)]) -> Result<()> {
        let question = self.question;
        let (mut amount, mut causes): (Amount, Vec<CauseShare>) = (Amount::ZERO, Vec::new());
        for (line, charged) in lines {
            amount = amount.plus(*charged)?;
            for share in &line.causes {
                add_share(&mut causes, *share)?;
            }
        }
        if question.catalog.rounding.bill.at == BillAt::Month && !lines.is_empty() {
            if question.catalog.settlement == Settlement::Month {
                self.split.close_month(amount)?;
                amount = month_bill(question, amount);
            } else {
                let month = question.catalog.utc_offset.month(cycle.start);
                let before = self.month.map_or(Amount::ZERO, |(_, sum)| sum);
                self.month = Some((month, before.plus(amount)?));
            }
        }
        self.purse.put_down(Due { at: debit_of(question, cycle.end), amount, cycle: Some(cycle), causes });
        Ok(())
    }

    /// Everything that happens at an instant, in order. `false` where a decision was found.
    fn happen(&mut self, now: Instant) -> Result<bool> {
        for (row, top_up) in self.account.top_ups.iter().enumerate().filter(|(_, top_up)| top_up.at == now) {
            if self.purse.top_up(now, row, top_up.amount)? {
                self.recover(now);
            }
        }
        if self.purse.settle(now)? {
            self.fall(now)?;
        }
        let count = self.asked.iter().take_while(|asked| asked.at <= now).count();
        for asked in self.asked.drain(..count).collect::<Vec<_>>() {
            if !self.order(asked)? {
                return Ok(false);
            }
        }
        for i in 0..self.autos.len() {
            if !self.renew_itself(i, now)? {
                return Ok(false);
            }
        }
        self.turn(now)?;
        self.watch.balance(now, &self.purse)?;
        self.watch.packages(now, &self.deduction.left);
        self.watch.expiries(now, &self.deduction.left)?;
        Ok(true)
    }

    /// Arrears end.
    fn recover(&mut self, now: Instant) {
        self.of_account.change(now, Some(StateName::Active));
        for stop in &mut self.stops {
            if stop.refusal == Refusal::Released && !stop.all {
                stop.ended = stop.ended.or(Some(now));
            } else if stop.period.end == Period::ALWAYS.end {
                stop.period.end = now;
            }
        }
        self.phase = None;
        if !self.closed {
            self.of_pay_per_use.change(now, Some(StateName::Active));
        }
        self.diary.arrears_end(now);
    }

    /// Arrears begin.
    fn fall(&mut self, now: Instant) -> Result<()> {
        self.of_account.change(now, Some(StateName::Arrears));
        let course = lifecycle::course(&self.question.catalog, self.days, now);
        let by = course.iter().find(|&&(at, _)| at > now).or(course.get(1)).map(|&(at, _)| at);
        self.watch.arrears(now, &self.purse, by)?;
        self.diary.arrears(now, &self.purse)
    }

    /// Pay-per-use goes on to the state that the days say; opened again after a release, it is active.
    fn turn(&mut self, now: Instant) -> Result<()> {
        let course = self.purse.since.map(|since| lifecycle::course(&self.question.catalog, self.days, since));
        let phase = course.and_then(|course| course.into_iter().rfind(|&(at, _)| at <= now)).map(|(_, phase)| phase);
        if let Some(phase) = phase.filter(|_| self.phase != phase) {
            for stop in self.stops.iter_mut().filter(|stop| stop.period.end == Period::ALWAYS.end) {
                if stop.refusal != Refusal::Released || stop.all {
                    stop.period.end = now;
                }
            }
            let ever = Period { start: now, end: Period::ALWAYS.end };
            let refusal = match phase {
                StateName::Grace => Refusal::Arrears,
                StateName::Frozen => Refusal::Frozen,
                StateName::Stopped => Refusal::Stopped,
                _ => Refusal::Released,
            };
            let all = refusal == Refusal::Stopped && self.question.catalog.packages_stop();
            if refusal != Refusal::Arrears {
                self.stops.push(Stop { period: ever, refusal, all, ended: None });
            }
            self.stop_all(now, refusal);
            if self.phase == Some(StateName::Grace) && phase != StateName::Released {
                self.diary.stops(now, phase, &self.purse)?;
            }
            self.phase = Some(phase);
            if !self.closed {
                self.of_pay_per_use.change(now, Some(phase));
            }
            self.closed |= phase == StateName::Released;
        }
        if self.closed && self.purse.since.is_none() && self.opened_again(now) {
            self.closed = false;
            self.of_pay_per_use.change(now, Some(StateName::Active));
        }
        Ok(())
    }

    /// Under one reading no call is served in arrears (K6).
    fn stop_all(&mut self, now: Instant, refusal: Refusal) {
        if *self.question.catalog.arrears == Arrears::NoCalls {
            self.stops.push(Stop { period: Period { start: now, end: Period::ALWAYS.end }, refusal, all: true, ended: None });
        }
    }

    /// Whether something opened an API at or after the last release.
    fn opened_again(&self, now: Instant) -> bool {
        let Some(released) = self.stops.iter().rfind(|stop| stop.refusal == Refusal::Released && !stop.all) else { return true };
        let since = released.period.start;
        let mut rows = self.request.subscriptions.iter().flatten();
        let subscribed = rows.any(|row| since <= row.from && row.from <= now && row.until.is_none_or(|until| until > now));
        let bought = |grant: &Grant| grant.purchase().is_some() && since <= grant.created && grant.created <= now;
        subscribed || self.question.grants.iter().any(bought)
    }

    /// Whether the question knows the stops that were found up to now; if not, the plan takes them over.
    fn stops_as_planned(&mut self, now: Instant) -> bool {
        let seen = |stop: &Stop| {
            let end = if stop.period.end <= now { stop.period.end } else { Period::ALWAYS.end };
            Stop { period: Period { end, ..stop.period }, ended: stop.ended.filter(|&ended| ended <= now), ..*stop }
        };
        let planned: Vec<Stop> = self.plan.stops.iter().filter(|stop| stop.period.start <= now).map(seen).collect();
        if planned == self.stops {
            return true;
        }
        self.plan.stops = self.stops.clone();
        false
    }

    /// The terms of an order's first copy.
    fn term(&self, order: usize, renewal: usize) -> Option<&'a Grant> {
        term_of(self.question, &self.plan.orders[order].id, renewal)
    }

    /// Whether nothing is left of a term that could be renewed.
    fn released(&self, order: usize, renewal: usize, at: Instant) -> bool {
        let last = self.term(order, renewal).zip(self.days);
        last.is_some_and(|(last, days)| lifecycle::ends(last.term.end, &days.package).1 <= at)
    }

    /// Leaves out what is to be renewed after the period, when nothing is left to renew. Whether there was any.
    fn drop_late(&mut self) -> bool {
        let late = |order: usize, i: usize| {
            let at = self.plan.orders[order].renewals[i].row.at;
            self.question.period.end <= at && self.released(order, i, at)
        };
        let of = |order: usize| (0..self.plan.orders[order].renewals.len()).find(|&i| late(order, i)).map(|i| (order, i));
        let Some((order, i)) = (0..self.plan.orders.len()).find_map(of) else { return false };
        self.plan.orders[order].renewals.truncate(i);
        true
    }

    /// The last term of an order that is paid by now.
    fn last_term(&self, order: usize, now: Instant) -> Option<&'a Grant> {
        let paid = self.plan.orders[order].renewals.iter().take_while(|renewal| renewal.row.at <= now).count();
        self.term(order, paid).filter(|term| term.created <= now)
    }

    /// An order or a renewal that the request asks for. `false` where it turns out that it cannot be paid.
    fn order(&mut self, asked: Asked) -> Result<bool> {
        let row = &self.request.grants[asked.order];
        let typed = asked.renewal.map_or(row.price, |i| row.renewals[i].price);
        let price = price_of(self.question, self.request, asked.order, asked.at, typed)?.unwrap_or(Amount::ZERO);
        let order = &self.plan.orders[asked.order];
        if asked.renewal.is_some() && !order.bought {
            return Ok(true);
        }
        // The terms that are paid before it.
        let before = |renewal: &&Renewed| (renewal.row.at, renewal.asked) < (asked.at, asked.renewal);
        let terms = asked.renewal.map_or(0, |_| 1 + order.renewals.iter().filter(before).count());
        let planned = asked.renewal.map_or(order.bought, |i| order.renewals.iter().any(|renewal| renewal.asked == Some(i)));
        let released = terms.checked_sub(1).is_some_and(|last| self.released(asked.order, last, asked.at));
        let missing = self.purse.missing_for(price, asked.at)?;
        let outcome = match missing {
            _ if released => OrderOutcome::Stopped,
            Some(_) => OrderOutcome::Unpaid,
            None => OrderOutcome::Paid,
        };
        if planned != (outcome == OrderOutcome::Paid) {
            if !planned {
                return fail(Code::AuditFailed, "request.account");
            }
            match asked.renewal {
                None => self.plan.orders[asked.order].bought = false,
                Some(i) => self.plan.orders[asked.order].renewals.retain(|renewal| renewal.asked != Some(i)),
            }
            return Ok(false);
        }
        let expiry_day = asked.renewal.and_then(|i| row.renewals[i].expiry_day).is_some();
        let paid = if planned { self.term(asked.order, terms) } else { None };
        self.write(asked, price, outcome, paid, expiry_day, false);
        match paid {
            Some(term) => self.pay(asked.at, asked.order, asked.renewal.is_some(), term, price)?,
            None => self.diary.unpaid(asked.at, &self.plan.orders[asked.order].id, asked.renewal.is_some(), missing.filter(|_| !released)),
        }
        Ok(true)
    }

    fn write(&mut self, asked: Asked, price: Amount, outcome: OrderOutcome, term: Option<&Grant>, expiry_day: bool, automatic: bool) {
        let line = OrderLine {
            grant: self.plan.orders[asked.order].id.clone(),
            at: self.question.catalog.utc_offset.show(asked.at),
            outcome,
            automatic,
            amount: Some(price),
            extra_days: term.and_then(Grant::purchase).filter(|_| expiry_day).map(|purchase| purchase.extra_days),
            term: term.map(|term| span(self.question, term.term)),
        };
        if asked.renewal.is_none() && !automatic { &mut self.diary.purchases } else { &mut self.diary.renewals }.push(line);
    }

    fn pay(&mut self, now: Instant, order: usize, renewal: bool, term: &Grant, price: Amount) -> Result<()> {
        let kind = if renewal { MovementKind::Renewal } else { MovementKind::Package };
        self.purse.buy(now, price, kind, &self.plan.orders[order].id)?;
        self.split.bought(term, price)?;
        for budget in &mut self.budgets {
            budget.bought(self.question, now, term, price)?;
        }
        for auto in self.autos.iter_mut().filter(|auto| auto.order == order) {
            (auto.unpaid, auto.stopped) = (None, false);
        }
        Ok(())
    }

    /// An order that renews itself is tried, or is not tried any more. `false` where it turns out that it is paid.
    fn renew_itself(&mut self, i: usize, now: Instant) -> Result<bool> {
        let order = self.autos[i].order;
        let before = Instant(now.0 - 1);
        // A renewal at this very instant that is asked for comes first; one that renews itself is what this is about.
        let automatic = |renewal: &Renewed| renewal.asked.is_none() && renewal.row.at == now;
        let done = self.plan.orders[order].renewals.iter().filter(|renewal| renewal.row.at <= now && !automatic(renewal)).count();
        let Some(term) = self.term(order, done).filter(|term| term.created <= now) else { return Ok(true) };
        let asked = Asked { at: now, order, renewal: None };
        if self.autos[i].next_try(self.question, term, before) == Some(now) {
            let Some(price) = price_of(self.question, self.request, order, now, None)? else {
                self.autos[i].stopped = true;
                self.stop(asked, None);
                return Ok(true);
            };
            let Some(missing) = self.purse.missing_for(price, now)? else {
                let renewals = &mut self.plan.orders[order].renewals;
                if !renewals.iter().any(automatic) {
                    let place = renewals.iter().take_while(|renewal| renewal.row.at <= now).count();
                    renewals.insert(place, Renewed { row: RenewalRow { at: now, ..RenewalRow::default() }, asked: None });
                    return Ok(false);
                }
                let Some(term) = self.term(order, done + 1) else { return fail(Code::AuditFailed, "request.account") };
                self.write(asked, price, OrderOutcome::Paid, Some(term), false, true);
                self.pay(now, order, true, term, price)?;
                self.autos[i].times += 1;
                return Ok(true);
            };
            self.write(asked, price, OrderOutcome::Unpaid, None, false, true);
            self.autos[i].unpaid = Some(CarriedTry { at: Moment(now), amount: price, missing });
        }
        let auto = &mut self.autos[i];
        let (on, unpaid) = (auto.on_at(now) && !auto.stopped, if term.term.end == now { auto.unpaid.take() } else { None });
        if let Some(unpaid) = unpaid {
            self.diary.unpaid(unpaid.at.0, &self.plan.orders[order].id, true, Some(unpaid.missing));
            if on {
                self.stop(asked, Some(unpaid.amount));
            }
        } else if auto.from() == Some(now) && term.term.end <= now && !auto.used_up() {
            self.stop(asked, None);
        }
        Ok(true)
    }

    fn stop(&mut self, asked: Asked, amount: Option<Amount>) {
        self.write(asked, Amount::ZERO, OrderOutcome::Stopped, None, false, true);
        if let Some(line) = self.diary.renewals.last_mut() {
            line.amount = amount;
        }
    }

    /// The period is over.
    fn history(mut self) -> Result<History> {
        let (question, period) = (self.question, self.question.period);
        for auto in &self.autos {
            if let Some(unpaid) = auto.unpaid {
                self.diary.unpaid(unpaid.at.0, &self.plan.orders[auto.order].id, true, Some(unpaid.missing));
            }
        }
        for order in 0..self.plan.orders.len() {
            let last = self.term(order, self.plan.orders[order].renewals.len());
            if let Some(end) = last.map(|last| last.term.end).filter(|&end| period.start < end && end <= period.end) {
                let price = price_of(self.question, self.request, order, Instant(end.0 - 1), None).ok().flatten();
                self.diary.package_ends(end, &self.plan.orders[order].id, price);
            }
        }
        let carried = self.carry();
        let estimate = self.book.close(&self.deduction)?;
        let mut states = self.of_account.lines(question, period);
        if question.pay_per_use {
            states.extend(self.of_pay_per_use.lines(question, period));
        }
        for package in lifecycle::of_packages(question, self.days.map(|days| &days.package), &self.stops) {
            states.extend(package.lines(question, period));
        }
        let mut alerts = self.watch.alerts;
        sort_by_key(&mut alerts, |(at, alert)| (*at, alert.code, alert.of.clone()));
        let (state, outstanding) = (estimate.closing.clone(), self.purse.outstanding()?);
        let closing = Closing { state, balance: self.purse.balance, vouchers: self.purse.vouchers, outstanding, carried };
        let ended = question.grants.iter().any(|grant| grant.purchase().is_some() && grant.term.end <= period.end);
        let partial = self.budgets.iter().any(|budget| budget.partial);
        let (notes, todo) = (self.diary.notes(self.account, self.days, ended, partial), self.diary.todo());
        Ok(History {
            estimate,
            movements: self.purse.movements,
            purchases: self.diary.purchases,
            renewals: self.diary.renewals,
            states,
            arrears: self.diary.arrears,
            alerts: alerts.into_iter().map(|(_, alert)| alert).collect(),
            split: self.split.lines(),
            todo,
            notes,
            closing,
        })
    }

    /// What the next history takes over.
    fn carry(&self) -> Carried {
        let end = self.question.period.end;
        let mut carried = Carried { closed: self.closed, ..Carried::default() };
        self.purse.carry(&mut carried);
        self.watch.carry(&mut carried);
        carried.budgets = self.budgets.iter().map(Counter::carry).collect();
        let released = self.stops.iter().filter(|stop| stop.refusal == Refusal::Released && !stop.all);
        carried.released = released.map(|stop| CarriedRelease { at: Moment(stop.period.start), ended: stop.ended.map(Moment) }).collect();
        let orders = self.plan.orders.iter().enumerate().filter(|(i, _)| self.request.grants[*i].created < end);
        carried.orders = orders
            .map(|(i, order)| {
                let auto = self.autos.iter().find(|auto| auto.order == i);
                let made = order.renewals.iter().filter(|renewal| renewal.row.at < end).map(|renewal| CarriedRenewal {
                    at: Moment(renewal.row.at),
                    price: renewal.row.price,
                    expiry_day: renewal.row.expiry_day,
                    automatic: renewal.asked.is_none(),
                });
                CarriedOrder {
                    grant: order.id.clone(),
                    refused: !order.bought,
                    renewals: made.collect(),
                    unpaid: auto.and_then(|auto| auto.unpaid),
                    stopped: auto.is_some_and(|auto| auto.stopped),
                }
            })
            .collect();
        carried
    }
}
