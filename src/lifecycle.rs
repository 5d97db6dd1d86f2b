//! What becomes of pay-per-use in arrears and of packages that ended: grace, retention, release (L3–L6, L10); or a stop (L11).
//!
//! Owns the days, and the changes that there are from one state to the next.

use crate::access::{Refusal, Stop};
use crate::account::Account;
use crate::catalog::{Catalog, GraceDays, Tier};
use crate::error::{Code, Result, fail};
use crate::history::{StateLine, StateName, StateOf};
use crate::purchase::known;
use crate::question::Question;
use crate::time::{DAY, HOUR, Instant, Length, Period};

/// The days that hold for this customer: typed in, of the tier, of the only tier; `None` where nobody gives any.
pub(crate) fn days(catalog: &Catalog, account: &Account) -> Result<Option<Tier>> {
    let tiers = catalog.lifecycle.as_ref().map_or(&[][..], |lifecycle| &lifecycle.tiers.0);
    let place = "request.account.tier";
    let named = |tier: &String| known(tiers.iter().position(|(name, _)| name == tier), Code::UnknownTier, place);
    match (&account.lifecycle, account.tier.as_ref().map(named).transpose()?, tiers) {
        (Some(typed), ..) => Ok(Some(typed.clone())),
        (None, Some(tier), _) => Ok(Some(tiers[tier].1.clone())),
        (None, None, []) => Ok(None),
        (None, None, [(_, days)]) => Ok(Some(days.clone())),
        (None, None, _) => fail(Code::MissingField, place),
    }
}

/// The end of grace, and of retention.
pub(crate) fn ends(since: Instant, days: &GraceDays) -> (Instant, Instant) {
    // Days of 24 hours.
    let after = |at: Instant, days: Length| Instant(at.0 + i64::from(days.0) * DAY);
    let frozen = after(since, days.grace);
    (frozen, after(frozen, days.retention))
}

/// The state at an instant of what ended, or got into arrears, at another.
pub(crate) fn state(since: Instant, days: Option<&GraceDays>, at: Instant, without_days: StateName) -> StateName {
    let Some(days) = days else { return without_days };
    let (frozen, released) = ends(since, days);
    match at {
        _ if at < frozen => StateName::Grace,
        _ if at < released => StateName::Frozen,
        _ => StateName::Released,
    }
}

/// What becomes of pay-per-use in arrears: each state from its instant on, the first one at once. It stops where the catalog says when;
/// else it goes through the days, and without any is frozen.
pub(crate) fn course(catalog: &Catalog, days: Option<&Tier>, since: Instant) -> Vec<(Instant, StateName)> {
    if let Some(overdue) = &*catalog.overdue {
        return vec![(since, StateName::Grace), (Instant(since.0 + overdue.stop_after_hours.0 as i64 * HOUR), StateName::Stopped)];
    }
    let Some(days) = days else { return vec![(since, StateName::Frozen)] };
    let (frozen, released) = ends(since, &days.pay_per_use);
    vec![(since, StateName::Grace), (frozen, StateName::Frozen), (released, StateName::Released)]
}

/// The states of one thing: each from an instant to the next.
#[derive(Clone, Debug)]
pub(crate) struct States {
    of: StateOf,
    grant: Option<String>,
    changes: Vec<(Instant, Option<StateName>)>,
}

impl States {
    /// Nothing is known yet.
    pub fn new(of: StateOf, grant: Option<String>) -> Self {
        States { of, grant, changes: Vec::new() }
    }

    /// The state from an instant on; `None`: there is no such thing any more, or not yet.
    pub fn change(&mut self, at: Instant, to: Option<StateName>) {
        while self.changes.last().is_some_and(|&(from, _)| from >= at) {
            self.changes.pop();
        }
        if self.changes.last().is_none_or(|&(_, before)| before != to) {
            self.changes.push((at, to));
        }
    }

    /// What works in these times is stopped instead (L11).
    fn stop(&mut self, times: &[Period]) {
        let before = std::mem::take(&mut self.changes);
        let ends: Vec<Instant> = before.iter().skip(1).map(|&(at, _)| at).chain([Period::ALWAYS.end]).collect();
        for (&(start, state), end) in before.iter().zip(ends) {
            self.change(start, state);
            let stopped = times.iter().map(|it| Period { start: it.start.max(start), end: it.end.min(end) });
            for it in stopped.filter(|it| it.start < it.end && state == Some(StateName::Active)) {
                self.change(it.start, Some(StateName::Stopped));
                if it.end < end {
                    self.change(it.end, state);
                }
            }
        }
    }

    /// What lies in a period.
    pub fn lines(&self, question: &Question, period: Period) -> Vec<StateLine> {
        let zone = question.catalog.utc_offset;
        let ends = self.changes.iter().skip(1).map(|&(at, _)| at).chain([Period::ALWAYS.end]);
        let mut lines = Vec::new();
        for (&(start, state), end) in self.changes.iter().zip(ends) {
            let (start, end) = (start.max(period.start), end.min(period.end));
            if let Some(state) = state.filter(|_| start < end) {
                lines.push(StateLine { of: self.of, grant: self.grant.clone(), state, start: zone.show(start), end: zone.show(end) });
            }
        }
        lines
    }
}

/// The states of every package: of a copy and all its renewals. While the whole service is stopped, they pause (L11).
pub(crate) fn of_packages(question: &Question, days: Option<&GraceDays>, stops: &[Stop]) -> Vec<States> {
    let mut packages: Vec<States> = Vec::new();
    let terms: Vec<_> = question.grants.iter().filter_map(|grant| Some((grant, grant.purchase()?))).collect();
    for (i, &(grant, purchase)) in terms.iter().enumerate() {
        if purchase.renewal == 0 {
            packages.push(States::new(StateOf::Package, Some(grant.id.clone())));
        }
        let Some(package) = packages.last_mut() else { continue };
        if grant.ever_serves() {
            package.change(grant.term.start.max(grant.created), Some(StateName::Active));
        }
        let (until, ended) = (grant.term.end.max(grant.created), grant.term.end);
        // What follows: the next term at once, or the days after the end.
        let next = terms.get(i + 1).filter(|(_, next)| next.renewal > 0).map(|(next, _)| next.term.start.max(next.created));
        if next.is_some_and(|next| next <= until) {
            continue;
        }
        let mut from = until;
        for at in days.map_or([ended; 3], |days| [ended, ends(ended, days).0, ends(ended, days).1]) {
            from = from.max(at);
            if next.is_none_or(|next| from < next) {
                package.change(from, Some(state(ended, days, from, StateName::Expired)));
            }
        }
    }
    let paused: Vec<Period> = stops.iter().filter(|stop| stop.all && stop.refusal == Refusal::Stopped).map(|stop| stop.period).collect();
    packages.iter_mut().for_each(|package| package.stop(&paused));
    packages
}
