//! What is told about an account beside its money: orders, arrears and their causes, what to do, what was assumed.

use crate::access::Refusal;
use crate::account::{Account, On};
use crate::answer::Note;
use crate::bill::CauseShare;
use crate::catalog::{Severity, Tier};
use crate::charges::{calls_until, second_of};
use crate::error::Result;
use crate::explain::Cause;
use crate::history::*;
use crate::ledger::{Entry, Ledger, Outcome};
use crate::money::Amount;
use crate::notes::notes_of;
use crate::purse::Purse;
use crate::question::Question;
use crate::rulebook::Arrears;
use crate::sort::{sort_by, sort_by_key};
use crate::time::{Instant, Period};
use std::cmp::{Ordering, Reverse};

/// An API in a region for whose calls a package has paid.
struct Covered {
    api: usize,
    region: usize,
    /// The first such call: its second, its stream, its place among the stream's calls of the cycle.
    since: (Instant, usize, u64),
    /// An uncovered call came after it.
    over: bool,
}

/// What was noted down so far.
pub(crate) struct Diary<'a> {
    question: &'a Question,
    /// Purchases, in order.
    pub purchases: Vec<OrderLine>,
    /// Renewals, in order.
    pub renewals: Vec<OrderLine>,
    /// Times in arrears.
    pub arrears: Vec<ArrearsLine>,
    todo: Vec<(Instant, Todo)>,
    covered: Vec<Covered>,
    owed: bool,
    unpaid: bool,
}

impl<'a> Diary<'a> {
    /// Nothing yet.
    pub fn new(question: &'a Question) -> Self {
        Diary {
            question,
            purchases: Vec::new(),
            renewals: Vec::new(),
            arrears: Vec::new(),
            todo: Vec::new(),
            covered: Vec::new(),
            owed: false,
            unpaid: false,
        }
    }

    fn show(&self, at: Instant) -> String {
        self.question.catalog.utc_offset.show(at)
    }

    fn note_todo(&mut self, by: Instant, what: Advice, why: TodoWhy, amount: Option<Amount>, order: Option<&str>) {
        let todo = Todo { what, by: self.show(by), amount, grant: order.map(str::to_string), api: None, region: None, why };
        self.todo.push((by, todo));
    }

    /// Arrears that an earlier history left.
    pub fn arrears_before(&mut self, since: Instant, causes: &[CauseShare]) {
        self.owed = true;
        self.arrears.push(ArrearsLine { start: self.show(since), end: None, causes: arrears_causes(causes) });
    }

    /// Arrears begin.
    pub fn arrears(&mut self, now: Instant, purse: &Purse<'_>) -> Result<()> {
        self.arrears_before(now, &purse.causes);
        let missing = Amount::ZERO.minus(purse.available()?)?;
        self.note_todo(now, Advice::TopUp, TodoWhy::Arrears, Some(missing), None);
        Ok(())
    }

    /// Arrears end.
    pub fn arrears_end(&mut self, now: Instant) {
        let now = self.show(now);
        if let Some(last) = self.arrears.last_mut() {
            last.end = Some(now);
        }
    }

    /// Grace is over: pay-per-use is frozen, or the service stops.
    pub fn stops(&mut self, now: Instant, phase: StateName, purse: &Purse<'_>) -> Result<()> {
        let why = if phase == StateName::Stopped { TodoWhy::Stopped } else { TodoWhy::Frozen };
        self.note_todo(now, Advice::TopUp, why, Some(purse.wanting()?), None);
        Ok(())
    }

    /// An order was not paid for want of so much.
    pub fn unpaid(&mut self, at: Instant, order: &str, renewal: bool, missing: Option<Amount>) {
        let why = if renewal { TodoWhy::RenewalUnpaid } else { TodoWhy::PurchaseUnpaid };
        if missing.is_some() {
            self.unpaid = true;
            self.note_todo(at, Advice::TopUp, why, missing, Some(order));
        }
    }

    /// A package ends, and is not renewed.
    pub fn package_ends(&mut self, end: Instant, order: &str, price: Option<Amount>) {
        self.note_todo(end, Advice::Renew, TodoWhy::PackageEnds, price, Some(order));
    }

    /// Looks for the first call that no grant covers after a package has paid for its API and region.
    pub fn calls(&mut self, cycle: Period, ledger: &Ledger) {
        let question = self.question;
        let made = Period { start: cycle.start.max(question.period.start), end: cycle.end.min(question.period.end) };
        // The calls of each entry, counted from the first successful one of its stream in the cycle.
        let mut before = vec![0; question.streams.len()];
        let counted = ledger.entries.iter().filter(|entry| !matches!(entry.outcome, Outcome::Failed));
        let entries: Vec<(usize, u64, &Entry)> = counted
            .map(|entry| {
                before[entry.stream] += entry.calls;
                (entry.stream, before[entry.stream] - entry.calls, entry)
            })
            .collect();
        let second = |s: usize, call: u64| question.window(second_of(&question.streams[s], made, call)).start;
        for &(s, first, entry) in &entries {
            let Outcome::Drawn(draw) = &entry.outcome else { continue };
            let (api, region) = (question.streams[s].api, question.streams[s].region);
            let known = self.covered.iter_mut().find(|it| (it.api, it.region) == (api, region));
            if question.grants[draw.grant].purchase().is_none() || known.as_ref().is_some_and(|it| it.since.0 < made.start) {
                continue;
            }
            let since = (second(s, first), s, first);
            match known {
                Some(known) => known.since = known.since.min(since),
                None => self.covered.push(Covered { api, region, since, over: false }),
            }
        }
        for i in 0..self.covered.len() {
            let covered = &self.covered[i];
            let here =
                |&&(s, ..): &&(usize, u64, &Entry)| (question.streams[s].api, question.streams[s].region) == (covered.api, covered.region);
            if covered.over {
                continue;
            }
            let (since, by, call) = covered.since;
            let later = |&(s, first, entry): &(usize, u64, &Entry)| {
                // Of one second, calls are taken stream by stream.
                let from = match s.cmp(&by) {
                    _ if since < made.start => 0,
                    Ordering::Less => calls_until(&question.streams[s], made, question.window(since).end),
                    Ordering::Equal => call + 1,
                    Ordering::Greater => calls_until(&question.streams[s], made, since),
                };
                let at = (from.max(first) < first + entry.calls).then(|| second(s, from.max(first)))?;
                uncovered(question, entry, at).then_some(at)
            };
            let unpaid = |(.., entry): &&(usize, u64, &Entry)| matches!(entry.outcome, Outcome::Charged(_) | Outcome::Refused(_));
            if let Some(at) = entries.iter().filter(unpaid).filter(here).filter_map(later).min() {
                let (api, region) = (question.catalog.apis[covered.api].id.clone(), question.catalog.regions[covered.region].id.clone());
                self.covered[i].over = true;
                self.note_todo(at.max(made.start), Advice::Buy, TodoWhy::PackagesRunOut, None, None);
                if let Some((_, todo)) = self.todo.last_mut() {
                    (todo.api, todo.region) = (Some(api), Some(region));
                }
            }
        }
    }

    /// What to do, in order.
    pub fn todo(&self) -> Vec<Todo> {
        let mut todo = self.todo.clone();
        sort_by(&mut todo, |(at, a), (other, b)| {
            let key = |it: &Todo| (it.what, it.why, it.grant.clone(), it.api.clone(), it.region.clone());
            (at, key(a)).cmp(&(other, key(b)))
        });
        todo.into_iter().map(|(_, todo)| todo).collect()
    }

    /// What was decided or assumed about the account: the catalog's notes on the rules that it touches, then the engine's own.
    pub fn notes(&self, account: &Account, days: Option<&Tier>, ended: bool, partial: bool) -> Vec<Note> {
        let catalog = &self.question.catalog;
        let on = |on: On| account.budgets.iter().any(|budget| budget.alerts.iter().any(|alert| alert.on == on));
        let long = account.budgets.iter().any(|budget| budget.is_long());
        let released = self.question.stops.iter().any(|stop| stop.refusal == Refusal::Released);
        let warned = &account.alerts;
        let alerts = warned.balance_below.is_some() || warned.left_at_most.is_some() || warned.expires_within_days.is_some();
        let stops = catalog.overdue.is_some();
        let touched = [
            ("T6", !account.auto_renew.is_empty()),
            ("L1", true),
            ("L2", self.owed),
            ("L3", self.owed),
            ("L4", self.owed),
            ("L5", ended),
            ("L6", days.is_some()),
            ("L7", alerts),
            ("L8", !account.budgets.is_empty()),
            ("L9", true),
            ("L10", days.is_none() && !stops),
            ("L11", self.owed && stops),
            ("K6", self.owed),
        ];
        let touches = |rule: &str| touched.iter().any(|&(it, holds)| holds && it == rule);
        let mut notes = notes_of(self.question, |note| note.on.is_none() && touches(&note.rule));
        let typed = account.lifecycle.as_ref().map(|days| &days.pay_per_use);
        let unused = stops && typed.is_some_and(|days| days.grace.0 > 0 || days.retention.0 > 0);
        let rows = [
            ("purchase_needs_balance", "P7", self.unpaid),
            ("other_payment", "L1", account.other_payment),
            ("owed_at_top_up", "L3", self.owed),
            ("released_reopens", "L3", released),
            ("arrears_serve_packages", "L4", self.owed && !stops && *catalog.arrears == Arrears::Serve),
            ("days_of_24_hours", "L6", days.is_some()),
            ("vouchers_first", "L7", account.vouchers > Amount::ZERO),
            ("forecast_method", "L8", on(On::Forecast)),
            ("budget_periods", "L8", long),
            ("budget_from_start", "L8", partial),
            ("no_periods", "L10", days.is_none() && !stops),
            ("typed_days_unused", "L11", unused),
        ];
        let note = |(code, rule): (&str, &str)| Note {
            code: code.to_string(),
            rule: rule.to_string(),
            severity: Severity::Assumption,
            place: None,
        };
        notes.extend(rows.into_iter().filter(|row| row.2).map(|(code, rule, _)| note((code, rule))));
        notes
    }
}

/// Whether calls from a second on cost money or failed because no grant covers them; what fails in arrears whatever covers it (K6) is none.
fn uncovered(question: &Question, entry: &Entry, at: Instant) -> bool {
    match &entry.outcome {
        Outcome::Charged(_) | Outcome::Refused(Refusal::NoQuota | Refusal::PayPerUseOff) => true,
        Outcome::Refused(Refusal::Frozen | Refusal::Stopped | Refusal::Released) => {
            question.stop(&question.streams[entry.stream], at).is_some_and(|(_, all)| !all)
        }
        Outcome::Refused(_) | Outcome::Drawn(_) | Outcome::Failed => false,
    }
}

/// What calls were charged for, the largest amount first, each with the documents' reason (L2).
fn arrears_causes(shares: &[CauseShare]) -> Vec<ArrearsCause> {
    let cause = |share: &CauseShare| ArrearsCause {
        reason: match share.cause {
            Cause::OtherRegion => ArrearsReason::PackageOtherRegion,
            Cause::FreeTrialOtherRegion => ArrearsReason::FreeTrialOtherRegion,
            Cause::OtherApi => ArrearsReason::PackageOtherApi,
            Cause::UsedUp | Cause::Expired => ArrearsReason::PackageEnded,
            Cause::NoPackage => ArrearsReason::NoPackage,
            _ => ArrearsReason::Other,
        },
        code: share.cause.code().to_string(),
        calls: share.calls,
        amount: share.amount.unwrap_or(Amount::ZERO),
        rule: share.cause.rule().to_string(),
    };
    let mut causes: Vec<ArrearsCause> = shares.iter().map(cause).collect();
    sort_by_key(&mut causes, |cause| Reverse(cause.amount));
    causes
}
